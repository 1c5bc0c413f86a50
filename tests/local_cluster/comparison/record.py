"""The recorded comparison: the table of docs/kubernetes-rules.md, read and written."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "kubernetes-rules.md"
_HEAD = "| Rule | Planted mistake | Quick verdict | Real verdict | Why they differ |"


@dataclass(frozen=True)
class Row:
    """One comparison.

    Args:
        rule: of the quick path.
        mistake: what was planted.
        quick: what the quick path says.
        real: what the real Kubernetes does.
        reason: why the rule is there although the real verdict is another; empty where it is the same.
    """

    rule: str
    mistake: str
    quick: str
    real: str
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What is compared."""
        return self.rule, self.mistake


def read() -> list[Row]:
    """The rows of the page."""
    _, _, table = PAGE.read_text().partition(_HEAD)
    lines = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [Row(*(cell.strip() for cell in line.strip("|").split(" | "))) for line in lines]


def write(rows: Iterable[Row]) -> None:
    """Put rows into the page, with the reasons that it had."""
    reasons = {(each.rule, each.real): each.reason for each in read()} | {each.key: each.reason for each in read()}
    text, _, _ = PAGE.read_text().partition(_HEAD)
    lines = [_HEAD, "| --- | --- | --- | --- | --- |"]
    for each in rows:
        reason = each.reason or reasons.get(each.key) or reasons.get((each.rule, each.real), "")
        lines.append(f"| {' | '.join((*astuple(each)[:4], reason))} |")
    PAGE.write_text(text + "\n".join(lines) + "\n")
