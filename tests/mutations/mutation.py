"""One change of the program's source by which a control is gone."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutation:
    """One change.

    Args:
        control: number of the control that it takes away.
        file: of the project, where it stands.
        old: what stands there now, once.
        new: what stands there instead.
    """

    control: int
    file: str
    old: str
    new: str

    def fault(self, project: Path) -> str:
        """Why it can't be made, or nothing."""
        file = project / self.file
        if not file.is_file():
            return f"control {self.control}: {self.file} does not exist"
        if (times := file.read_text().count(self.old)) != 1:
            return f"control {self.control}: {self.file} holds {self.old!r} {times} times, and once is wanted"
        return ""

    def make(self, project: Path) -> None:
        """Make it in a copy of the project."""
        file = project / self.file
        file.write_text(file.read_text().replace(self.old, self.new))
