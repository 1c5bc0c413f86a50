"""All that checks look at, each part found once when the first check asks for it."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from components.account import Account
from components.charts.settings import MIRROR_KEY, with_mirror
from components.credentials import rules_of_configuration
from components.example_values import ACCEPTED
from components.footprint import other_footprints
from components.regions import SERVED
from components.settings import Settings, parse
from components.settings_error import SettingsError
from components.stack_file import SETTINGS, mapping
from doctor.aws import Aws, CallError, ClientOf
from doctor.machine import Machine
from doctor.plan import Plan, plan_of
from doctor.state import State, StateError, read_state

# Where services that have no Region of their own answer, and whatever asks before a Region is known.
HOME_REGION = "us-east-1"


class Surroundings:
    """A stack of a project, the machine it is looked at from, and the account that credentials open.

    Args:
        root: the project's directory.
        stack: name of the stack, which has a file.
        machine: this machine.
        client_of: gives botocore's client of a service in a Region.
        today: the date to judge versions by.
        directory: where stack files lie; the project's unless given.
    """

    def __init__(
        self,
        root: Path,
        stack: str,
        *,
        machine: Machine,
        client_of: ClientOf,
        today: date,
        directory: Path | None = None,
    ) -> None:
        self.root = root
        self.stack = stack
        self.machine = machine
        self.today = today
        self._directory = directory or root / "stacks"
        self._client_of = client_of

    @cached_property
    def file(self) -> Mapping[str, Any]:
        """The stack's file as it is written."""
        path = self._directory / f"Pulumi.{self.stack}.yaml"
        return mapping(yaml.safe_load(path.read_text(encoding="utf-8")))

    @cached_property
    def configuration(self) -> Mapping[str, Any]:
        """What the file configures."""
        return mapping(self.file.get("config"))

    @property
    def document(self) -> str:
        """The settings as JSON, as Pulumi gives them to the program."""
        return with_mirror(json.dumps(self.configuration.get(SETTINGS)), self.configuration.get(MIRROR_KEY))

    @cached_property
    def settings(self) -> Settings:
        """The stack's settings, each area judged by itself.

        Raises:
            pydantic.ValidationError: when they are wrong.
        """
        return Settings.model_validate_json(self.document)

    def judge(self) -> Settings:
        """The settings as the program takes them, beside those of other stacks and the calendar.

        Raises:
            SettingsError: when it would refuse them.
        """
        if secrets := list(rules_of_configuration(self.configuration, SETTINGS)):
            raise SettingsError.of_violations(self.stack, secrets)
        others = other_footprints(self._directory, self.stack)
        accepts_examples = self.configuration.get("moka:example-values") == ACCEPTED
        return parse(self.document, self.stack, others, self.today, accepts_examples=accepts_examples)

    @property
    def account(self) -> Account:
        """The environment's account."""
        return self.settings.account

    @cached_property
    def plan(self) -> Plan:
        """What the program makes of the settings; raises SettingsError when it refuses them."""
        return plan_of(self.root, self.stack, self.configuration)

    @cached_property
    def state(self) -> State | None:
        """What the stack has made; None when nobody can say."""
        try:
            return read_state(self.machine, self.stack)
        except StateError:
            return None

    @cached_property
    def aws(self) -> Aws:
        """The account that the credentials open, in the stack's Region."""
        try:
            region = mapping(self.configuration.get(SETTINGS)).get("region")
        except (yaml.YAMLError, UnicodeDecodeError):
            # The check of the settings says so.
            region = None
        return Aws(self._client_of, str(region) if region in SERVED else HOME_REGION)

    @cached_property
    def caller(self) -> Mapping[str, Any]:
        """Account, ARN and id of whoever asks; raises what `Aws.ask` does."""
        # The endpoint of a Region that the account has not switched on knows none of its credentials.
        return self.aws.ask("sts:GetCallerIdentity", region=HOME_REGION)

    @cached_property
    def cluster(self) -> Mapping[str, Any] | None:
        """The stack's cluster; None when it is not there. Raises what `Aws.ask` does."""
        try:
            return self.aws.ask("eks:DescribeCluster", name=self.account.cluster_name)["cluster"]
        except CallError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise

    def owns(self, tags: object) -> bool:
        """Whether what carries these tags is the environment's own; the AWS provider and Amazon EKS put them on.

        Args:
            tags: as Amazon EC2 lists them.
        """
        found = {each["Key"]: each["Value"] for each in tags} if isinstance(tags, list) else {}
        cluster = self.account.cluster_name
        return (
            (found.get("Project"), found.get("Environment")) == ("moka", self.stack)
            or f"kubernetes.io/cluster/{cluster}" in found
            or str(found.get("Name", "")).startswith(f"{cluster}-")
        )
