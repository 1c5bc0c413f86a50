"""The namespace that an application ran in, where nobody said it.

Keys begin with the namespace, so it takes a listing of the namespaces and one look into each: 31 requests with thirty
teams. Ids that Spark makes for cluster mode are unique; those of client mode are the time of the start in milliseconds.
Leaves out whose namespace it is: components/teams/names.py.
"""

from moka_logs.bucket import LogBucket
from moka_logs.object_keys import application_prefix


class AmbiguousApplicationError(Exception):
    """An id that applications of several namespaces have."""


class Whereabouts:
    """Looks for the namespace of an application until there is one, and remembers it.

    Args:
        bucket: where objects are.
        application_id: Spark's id of the application.
        namespace: the namespace, if it is known.
    """

    def __init__(self, bucket: LogBucket, application_id: str, namespace: str | None = None) -> None:
        self._bucket, self._application_id = bucket, application_id
        self.namespace = namespace

    def find(self) -> str | None:
        """The namespace; None while no object of the application is there.

        Raises:
            AmbiguousApplicationError: when several have objects of such an application.
            botocore.exceptions.ClientError: when Amazon S3 refuses.
        """
        if self.namespace is None:
            found = [
                each
                for each in self._bucket.namespaces()
                if self._bucket.holds(application_prefix(each, self._application_id))
            ]
            if len(found) > 1:
                raise AmbiguousApplicationError(
                    f"{self._application_id} is the id of applications in {' and '.join(found)}: "
                    "name one of them with --namespace"
                )
            self.namespace = found[0] if found else None
        return self.namespace
