"""The `aws` of a local cluster: what kubectl and the EKS provider ask the AWS CLI for, and nothing else.

Source: AWS CLI command reference, "eks get-token"; Kubernetes documentation, "client-go credential plugins".
"""

import argparse
import json
import re
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from local_cluster.aws.tokens import Tokens
from local_cluster.directory import ClusterDirectory

VERSION = "aws-cli/2.31.0 Python/3.11 Moka-local-cluster"
# aws-cli, awscli/compat and "Return codes": the command line is wrong.
_USAGE_ERROR = 252
_ROLE = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"aws: {message}", file=sys.stderr)
        raise SystemExit(_USAGE_ERROR)


def write_aws_command(directory: ClusterDirectory) -> Path:
    """Write the `aws` of a cluster into its directory of programs.

    It works from anywhere: neither the caller's directory nor its PYTHONPATH is asked.
    """
    root = Path(__file__).resolve().parents[2]
    words = [sys.executable, "-P", "-m", "local_cluster.aws.command", str(directory.root.resolve()), directory.stack]
    lines = ["#!/bin/sh", "unset PYTHONHOME", f'PYTHONPATH={shlex.quote(str(root))} exec {shlex.join(words)} "$@"']
    directory.programs.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory.programs / "aws"
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o700)
    return path


def main(arguments: Sequence[str]) -> None:
    """Carry out one command.

    Args:
        arguments: the cluster's directory and stack, then the words after `aws`.
    """
    root, stack, *words = arguments
    if words == ["--version"]:
        print(VERSION)
        return
    parser = _Parser(prog="aws", allow_abbrev=False)
    parser.add_argument("--cluster-name")
    parser.add_argument("--role-arn", "--role", dest="role", default="")
    parser.add_argument("--region")
    parser.add_argument("--profile")
    parser.add_argument("--output", choices=["json"], default="json")
    # Global options may stand before the command's words, and do in kubeconfigs.
    given, asked = parser.parse_known_args(words)
    if asked != ["eks", "get-token"]:
        parser.error(
            f"the local cluster of {stack} knows no `aws {' '.join(words)}`; it knows `aws eks get-token "
            "--cluster-name NAME [--role-arn ARN]` and `aws --version`. For the emulated account: "
            f"python -m offline aws {stack} ..."
        )
    if not given.cluster_name:
        parser.error("eks get-token needs --cluster-name NAME")
    if given.role and not _ROLE.fullmatch(given.role):
        parser.error(f"--role-arn {given.role} is no ARN of an IAM role; write arn:aws:iam::ACCOUNT:role/NAME")
    directory = ClusterDirectory(Path(root), stack)
    token, claim = Tokens(directory).mint(given.cluster_name, given.role)
    expires = datetime.fromtimestamp(claim.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    credential = {
        "kind": "ExecCredential",
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "spec": {},
        "status": {"expirationTimestamp": expires, "token": token},
    }
    print(json.dumps(credential))


if __name__ == "__main__":
    main(sys.argv[1:])
