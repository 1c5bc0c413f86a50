"""A small project for tests of the offline cloud: real enough for the engine, and independent of `components/`."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ACCOUNT = "123456789012"
REGION = "eu-west-1"

PREAMBLE = f"""
import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

settings = pulumi.Config()
provider = aws.Provider(
    "aws", region="{REGION}", allowed_account_ids=["{ACCOUNT}"], default_tags={{"tags": {{"owner": "spark"}}}}
)
on_aws = pulumi.ResourceOptions(provider=provider)
cluster = kubernetes.Provider("cluster", kubeconfig="{{}}")
on_cluster = pulumi.ResourceOptions(provider=cluster)
"""


@dataclass(frozen=True)
class Sample:
    """A project in a directory of its own."""

    root: Path

    def program(self, body: str) -> None:
        """Write `__main__.py`: the imports and providers of `PREAMBLE`, then the body."""
        (self.root / "__main__.py").write_text(PREAMBLE + textwrap.dedent(body))

    def stack(self, name: str, **config: Any) -> None:
        """Write a stack's file."""
        self.stack_file(name, {"config": {f"sample:{key}": value for key, value in config.items()}})

    def stack_file(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a stack's file as it is."""
        (self.root / "stacks" / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump(dict(content)))


def sample_in(root: Path, body: str = "") -> Sample:
    """A project with one stack, dev, and a program."""
    (root / "stacks").mkdir(parents=True)
    (root / "Pulumi.yaml").write_text("name: sample\nruntime: python\nstackConfigDir: stacks\n")
    sample = Sample(root)
    sample.program(body)
    sample.stack("dev")
    return sample


def resources(deployment: Mapping[str, Any]) -> dict[str, Any]:
    """Resources of an exported deployment by logical name."""
    return {each["urn"].rsplit("::", 1)[-1]: each for each in deployment["resources"]}
