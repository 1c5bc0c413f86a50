"""What the command answers before it asks anybody."""

import pytest

from moka_images import cli
from moka_logs.exit_codes import USAGE
from tests.stack_files import settings_tree


def test_a_promotion_that_skips_an_environment_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["promote", "spark", "test", "production"]) == USAGE
    assert "goes to dev, not to production" in capsys.readouterr().err


def test_a_mirror_is_not_filled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    tree = {**settings_tree("dev"), "images": {"mirror": "registry.internal/moka"}}
    monkeypatch.setattr(cli, "stack_settings", lambda _: tree)
    assert cli.main(["fill", "dev"]) == USAGE
    assert "dev pulls from registry.internal/moka, which is yours to fill" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["copy", "dev"], ["fill", "prod"], ["promote", "grafana", "test", "dev"]])
def test_a_wrong_command_is_wrong_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == USAGE
