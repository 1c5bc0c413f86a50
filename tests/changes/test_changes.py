"""Of each real change the report says exactly what it does, and the exit code how bad that is."""

import pytest

from tests.changes.change import Change, Deployed, changes


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    return Deployed(tmp_path_factory.mktemp("changes"))


@pytest.mark.parametrize("change", changes(), ids=lambda change: change.name)
def test_the_report_says_exactly_what_a_change_does(change: Change, deployed: Deployed) -> None:
    assert deployed.report_of(change) == change.expected.read_text(encoding="utf-8"), (
        f"read what became different; if it is right, python -m tests.changes {change.name} writes it"
    )


def test_there_are_changes_of_every_exit_code() -> None:
    codes = {each.expected.read_text(encoding="utf-8").splitlines()[0] for each in changes()}
    assert codes == {"exit code 0", "exit code 1", "exit code 2", "exit code 3"}
    assert len(changes()) >= 16
