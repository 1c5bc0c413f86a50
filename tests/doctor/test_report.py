"""What is printed: lines, colours, JSON."""

from doctor.check import Check
from doctor.finding import Finding, fail, ok, warn
from doctor.report import document, has_passed, lines, summary
from doctor.run import Outcome

CHECK = Check("quota-vpcs", "VPCs per Region", lambda _: ())


def outcome(*findings: Finding) -> Outcome:
    return Outcome(CHECK, findings)


def printed(*findings: Finding) -> list[str]:
    return [line.plain for line in lines(outcome(*findings))]


def test_what_is_well_is_one_line() -> None:
    assert printed(ok("one"), ok("two")) == ["ok    quota-vpcs: one; two"]


def test_a_failure_has_its_fix_below_it_and_hides_what_is_well() -> None:
    assert printed(fail("5 held", "aws service-quotas ..."), ok("two")) == [
        "fail  quota-vpcs: 5 held",
        "        fix: aws service-quotas ...",
    ]


def test_several_have_a_line_each() -> None:
    assert printed(warn("one\nmore of it", "mend it"), fail("two", "mend that"), ok("three")) == [
        "fail  quota-vpcs: 2 findings",
        "      - one",
        "        more of it",
        "          fix: mend it",
        "      - two",
        "          fix: mend that",
    ]


def test_lines_of_a_long_message_stand_below_its_first() -> None:
    assert printed(fail("one\n  two", "mend it")) == [
        "fail  quota-vpcs: one",
        "        two",
        "        fix: mend it",
    ]


def test_the_colour_of_a_status_marks_its_word_alone() -> None:
    (line,) = lines(outcome(ok("one")))
    assert [(line.plain[each.start : each.end], each.style) for each in line.spans] == [("ok  ", "ok")]


def test_only_failures_keep_it_from_passing() -> None:
    skipped = Finding("skip", "not looked at, because plan failed")
    outcomes = [outcome(ok("one")), outcome(warn("two", "x")), outcome(skipped)]
    assert has_passed(outcomes)
    assert summary(outcomes) == "1 ok, 1 skip, 1 warn, 0 fail, of 3 checks"
    assert not has_passed([*outcomes, outcome(ok("one"), fail("two", "x"))])


def test_the_document_holds_every_finding() -> None:
    found = document("dev", [outcome(fail("one", "mend it"), ok("two"))], {"quota-vpcs": "quotas"})
    assert found == {
        "stack": "dev",
        "passed": False,
        "checks": [
            {
                "name": "quota-vpcs",
                "area": "quotas",
                "status": "fail",
                "findings": [
                    {"status": "fail", "detail": "one", "fix": "mend it"},
                    {"status": "ok", "detail": "two", "fix": None},
                ],
            }
        ],
    }
