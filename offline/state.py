"""The state of one stack in the engine's file backend, read and mended without the CLI.

Source: pulumi/pulumi, pkg/backend/diy: `<home>/.pulumi/stacks/<project>/<stack>.json` holds the latest checkpoint, and
`<home>/.pulumi/locks/organization/<project>/<stack>/` the engine's locks.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def latest_deployment(file: Path) -> dict[str, Any]:
    """The deployment in a file of the backend, as `pulumi stack export` has it; empty where there is none yet."""
    return json.loads(file.read_text()).get("checkpoint", {}).get("latest") or {} if file.is_file() else {}


@dataclass(frozen=True)
class State:
    """Where one stack's state is.

    Args:
        home: of the file backend.
        project: the project's name.
        stack: the stack's name.
    """

    home: Path
    project: str
    stack: str

    @property
    def locks(self) -> Path:
        """The directory of the engine's locks on the stack."""
        return self.home / ".pulumi" / "locks" / "organization" / self.project / self.stack

    @property
    def exists(self) -> bool:
        """Whether the engine knows the stack."""
        return self.file.is_file()

    def deployment(self) -> dict[str, Any]:
        """The stack's deployment, as `pulumi stack export` has it, secrets encrypted; empty for a new stack."""
        return latest_deployment(self.file)

    def replace(self, deployment: dict[str, Any]) -> None:
        """Put another deployment in its place, in one step."""
        content = self._content()
        content["checkpoint"]["latest"] = deployment
        scratch = self.file.with_suffix(".new")
        scratch.write_text(json.dumps(content, indent=4))
        scratch.rename(self.file)

    def delete(self) -> None:
        """Forget the stack: its checkpoint, the copies of earlier ones, and what attributes the engine keeps."""
        for file in self.file.parent.glob(f"{self.stack}.*"):
            file.unlink()

    def settle(self) -> None:
        """Forget operations that a killed run never ended; offline, they leave nothing half-made behind."""
        deployment = self.deployment()
        if deployment.get("pending_operations"):
            self.replace({**deployment, "pending_operations": []})

    @property
    def file(self) -> Path:
        """The file of its latest checkpoint."""
        return self.home / ".pulumi" / "stacks" / self.project / f"{self.stack}.json"

    def _content(self) -> dict[str, Any]:
        return json.loads(self.file.read_text())
