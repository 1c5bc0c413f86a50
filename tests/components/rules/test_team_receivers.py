"""Teams name receivers that exist, each once."""

from components.rules.team_receivers import rules_of_team_receivers


def fields(receivers: list[str], **teams: tuple[str, ...]) -> list[str]:
    return [each.field for each in rules_of_team_receivers(receivers, teams)]


def test_receivers_that_exist_are_accepted_for_several_teams_too() -> None:
    assert fields(["chat", "pager"], ads=("chat", "pager"), sales=("pager",), quiet=()) == []
    assert fields([], quiet=()) == []


def test_a_receiver_that_does_not_exist_is_named_with_those_that_do() -> None:
    assert fields(["chat"], ads=("chat", "pager"), sales=("chats",)) == [
        "teams.ads.receivers.1",
        "teams.sales.receivers.0",
    ]
    (broken,) = rules_of_team_receivers(["pager", "chat"], {"ads": ("mail",)})
    assert (broken.value, broken.rule) == ("mail", "must be one of alerts.receivers: chat, pager")
    (broken,) = rules_of_team_receivers([], {"ads": ("topic",)})
    assert broken.rule.endswith("there is none")


def test_a_receiver_that_is_named_twice_is_refused_once_for_each_repetition() -> None:
    assert fields(["chat"], ads=("chat", "chat", "chat")) == ["teams.ads.receivers.1", "teams.ads.receivers.2"]
