"""The settings that an environment was last deployed with, as its own stack remembers them.

Every `pulumi up` leaves its settings among the stack's outputs, marked secret although they hold none, so that they
don't bury the outputs that people read. The next run compares. Nothing is known of an environment that is not there
yet, or was destroyed.

Source: pulumi/pulumi, pkg/resource/deploy/builtins.go: the engine itself answers for a stack's last outputs.
"""

from collections.abc import Mapping
from typing import Any, cast

import pulumi
from pydantic_core import from_json

OUTPUT = "settings"
READ_OUTPUTS = "pulumi:pulumi:readStackOutputs"


def deployed_settings() -> Mapping[str, Any] | None:
    """The tree as JSON holds it; None when the stack remembers none."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    answer = cast(dict[str, Any], pulumi.runtime.invoke(READ_OUTPUTS, {"name": stack}).value)
    # A map that holds a secret is a secret itself on its way through the SDK.
    outputs = cast(dict[str, Any], pulumi.runtime.rpc.unwrap_rpc_secret(answer["outputs"]))
    document = cast(str | None, pulumi.runtime.rpc.unwrap_rpc_secret(outputs.get(OUTPUT)))
    return None if document is None else from_json(document)
