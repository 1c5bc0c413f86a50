"""Credentials of whoever brought the stack up, for looking into its buckets from this machine.

They may do what no policy denies, as an administrator of the account may. The file is what a `credential_process` of
the AWS SDKs prints.

Source: AWS SDKs and tools reference guide, "Process credential provider".
"""

import json
from pathlib import Path

from local_cluster.aws.credentials import Credentials, Principal
from local_cluster.aws.deployment import Deployment
from local_cluster.private_file import write_private

FILE = "deployer.json"


class Deployer:
    """Keeps the deployer's credentials fresh.

    Args:
        directory: of the file.
        credentials: what was given out.
    """

    def __init__(self, directory: Path, credentials: Credentials) -> None:
        self._path = directory / FILE
        self._credentials = credentials
        self._written = ""

    def follow(self, deployment: Deployment) -> None:
        """Write new credentials before the old ones expire, once there is an account."""
        if not deployment.account_id:
            return
        role = f"arn:{deployment.partition}:iam::{deployment.account_id}:role/moka-deployer"
        issued = self._credentials.issue(Principal(role, "local-cluster", is_deployer=True))
        if issued.access_key_id == self._written:
            return
        content = {
            "Version": 1,
            "AccessKeyId": issued.access_key_id,
            "SecretAccessKey": issued.secret_access_key,
            "SessionToken": issued.session_token,
            "Expiration": issued.expires.isoformat(),
        }
        write_private(self._path, json.dumps(content))
        self._written = issued.access_key_id
