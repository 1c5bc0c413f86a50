"""Where event logs lie in their bucket: each team's in a directory of its own, older ones at the root.

Keys are `teams/<namespace>/eventlog_v2_<application id>/...`. A directory is there for as long as its mark is: Spark
refuses one that does not exist, and on Amazon S3 a prefix exists only while an object is under it. Leaves out who may
read and write there (`policies.py`), and fragments, which the log agent writes beside the directories.
"""

from collections.abc import Iterable

from components.teams.names import namespace_of

# What the names of rolling event logs' directories begin with; every other key of the bucket is somebody else's.
EVENT_LOGS = "eventlog_v2_*"
DIRECTORIES = "teams"
# Hidden files are no event logs to the History Server. Source: apache/spark, EventLogFileReaders.scala.
MARK = ".directory"
# What the lifecycle knows a mark by, so that it outlives every log: no event is that short, and what Spark and S3A make
# beside event logs is empty.
MARK_CONTENT = "\n"
MARK_BYTES = len(MARK_CONTENT.encode())
# No team can be called so.
ROOT_NAME = "(root)"


def directory_of(namespace: str) -> str:
    """The key that a namespace's event logs lie below, without a slash at either end."""
    return f"{DIRECTORIES}/{namespace}"


def mark_of(namespace: str) -> str:
    """Key of the object for which a namespace's directory exists."""
    return f"{directory_of(namespace)}/{MARK}"


def read_by_history_server(bucket: str, teams: Iterable[str]) -> dict[str, str]:
    """What the History Server calls each directory that it reads, to the directory's URL.

    The root comes with it for logs that were written before teams had directories.

    Args:
        bucket: name of the event-log bucket.
        teams: names of the environment's teams.
    """
    return {
        **{team: f"s3a://{bucket}/{directory_of(namespace_of(team))}/" for team in sorted(teams)},
        ROOT_NAME: f"s3a://{bucket}/",
    }
