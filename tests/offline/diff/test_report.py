"""How a comparison is told: in a terminal, as a comment, to programs."""

import json
from collections.abc import Sequence
from dataclasses import replace

from components.change import in_place
from components.rules.changes import FieldChange
from offline.diff.connections import ConnectionChange
from offline.diff.danger import Danger, dangers_of, doors_of, exposures_of, unacknowledged
from offline.diff.fields import FieldDifference
from offline.diff.figure import Figure
from offline.diff.permissions import PermissionChange
from offline.diff.report import as_json, markdown, terminal_lines
from offline.diff.resource_change import ResourceChange
from offline.diff.stack_comparison import StackComparison
from offline.reachability.places import OUTSIDE
from offline.summary import Change

BUCKET = "urn:pulumi:dev::moka::aws:s3/bucket:Bucket::spark-logs"
FILES = "urn:pulumi:dev::moka::kubernetes:core/v1:ConfigMap::files"
PLACE = "aws:s3/bucket:Bucket spark-logs"
DANGER = Danger("dev", "delete", PLACE, "it holds data")
DEV = StackComparison(
    "dev",
    "changed",
    (
        ResourceChange(Change("delete", BUCKET), was_protected=True),
        ResourceChange(
            Change("update", FILES, ("data",)),
            (FieldDifference("data.a", "1\n2\n3\n", "1\n4\n3\n"), FieldDifference("data.b", "x" * 300, "y")),
        ),
    ),
    (FieldChange("spark.executors.maximum", 20, 30, in_place("from now on")),),
    {BUCKET: ("the program",), FILES: ("spark.executors.maximum", "the program")},
    (PermissionChange("aws:iam/role:Role driver", gained=True, text="s3:GetObject on arn:aws:s3:::data/*"),),
    (ConnectionChange("drivers", "nodes", "closed", "TCP 22", gained=True, rules=("ssh",)),),
    (Figure("metric series at most", "", 1000, 1500), Figure("cost", "USD a month", 12000, 11000, "estimate")),
    (DANGER,),
)
REFUSED = StackComparison("production", "refused", refusal="first line\nsecond line")
COMPARED = [DEV, REFUSED, StackComparison("test", "unaffected")]


def printed(compared: Sequence[StackComparison], open_dangers: Sequence[Danger]) -> str:
    return "\n".join(line.plain for line in terminal_lines(compared, open_dangers))


def test_a_terminal_shows_dangers_settings_permissions_connections_and_resources_in_this_order() -> None:
    lines = printed(COMPARED, [DANGER]).splitlines()
    assert lines == [
        "dev: 1 delete, 1 update",
        f"  ! delete {PLACE}: it holds data. If it is meant, write: Accept: dev delete {PLACE}",
        "    spark.executors.maximum: 20 -> 30 (in place: from now on)",
        "    metric series at most: 1,000 -> 1,500, +500",
        "    cost: 12,000 -> 11,000 USD a month, -1,000 (estimate)",
        "  aws:iam/role:Role driver gains s3:GetObject on arn:aws:s3:::data/*",
        "  opens drivers to nodes: closed -> TCP 22, by ssh",
        f"  delete {PLACE}, by the program",
        "  update kubernetes:core/v1:ConfigMap files, by spark.executors.maximum and the program",
        "      data.a:",
        "      @@ -1,3 +1,3 @@",
        "       1",
        "      -2",
        "      +4",
        "       3",
        f"      data.b: {'x' * 100}... -> y",
        "production: can't be deployed",
        "    first line",
        "    second line",
        "test: no file that decides it differs",
    ]


def test_colours_mark_what_is_bad_and_change_no_word() -> None:
    styles = {line.plain: line.style for line in terminal_lines(COMPARED, [])}
    assert styles[f"  delete {PLACE}, by the program"] == "delete"
    assert styles[f"  ! delete {PLACE}: it holds data (accepted)"] == "danger"
    assert styles["    first line"] == "fail"


def test_values_are_told_in_words_and_not_in_json() -> None:
    statement = {"Sid": "Own", "Action": ["s3:Get*", "s3:List*"], "Condition": {"Bool": {"secure": True}}}
    field = FieldDifference("policy.Statement[Own]", statement, ["a", ""])
    changed = StackComparison("dev", "changed", (ResourceChange(Change("update", FILES, ("data",)), (field,)),))
    said = "Sid Own, Action (s3:Get*, s3:List*), Condition (Bool (secure true)) -> a, ''"
    assert f"policy.Statement[Own]: {said}" in printed([changed], [])


def test_a_comment_begins_with_all_stacks_and_folds_fields() -> None:
    comment = markdown(COMPARED, [DANGER])
    assert comment.splitlines()[:5] == [
        "| stack | what changes |",
        "|---|---|",
        "| dev | 1 delete, 1 update |",
        "| production | can't be deployed |",
        "| test | no file that decides it differs |",
    ]
    assert f"- **delete {PLACE}: it holds data. If it is meant, write: Accept: dev delete {PLACE}**" in comment
    assert "<summary>update <code>kubernetes:core/v1:ConfigMap files</code>, by spark.executors" in comment
    assert "### test" not in comment


def test_a_stack_whose_changes_all_have_one_cause_does_not_repeat_it() -> None:
    alike = replace(DEV, causes=dict.fromkeys((BUCKET, FILES), ("spark.executors.maximum",)))
    assert ", by spark.executors.maximum" not in printed([alike], [])
    (stack,) = json.loads(as_json([alike], []))["stacks"]
    assert [each["causes"] for each in stack["resources"]] == [["spark.executors.maximum"]] * 2


def test_pairs_that_one_rule_moves_are_told_together_and_each_to_programs() -> None:
    many = tuple(ConnectionChange(f"pod {each}", "nodes", "closed", "TCP 22", True, ("ssh",)) for each in range(300))
    stack = StackComparison("dev", "changed", connections=many)
    for text in (printed([stack], []), markdown([replace(stack, resources=DEV.resources)], [])):
        assert "opens pod 0, pod 1, pod 2, pod 3 and 296 more to nodes (300 pairs): closed -> TCP 22, by ssh" in text
        assert text.count("opens ") == 1
    assert len(json.loads(as_json([stack], []))["stacks"][0]["connections"]) == 300


def test_of_many_rules_that_move_connections_the_first_are_told() -> None:
    many = tuple(ConnectionChange("drivers", "nodes", "closed", "TCP 1", True, (f"{each}",)) for each in range(300))
    text = printed([StackComparison("dev", "changed", connections=many)], [])
    assert text.count("opens drivers") == 20
    assert "and 280 more connections, which --json lists" in text


def test_of_a_new_stack_the_number_of_its_resources_is_told() -> None:
    new = StackComparison(
        "dev", "new", (ResourceChange(Change("create", BUCKET)), ResourceChange(Change("create", FILES)))
    )
    assert printed([new], []) == "dev: is not there yet: 2 create"


def test_no_value_ends_the_block_that_it_stands_in() -> None:
    field = FieldDifference("data.a", "````", "@somebody")
    changed = StackComparison("dev", "changed", (ResourceChange(Change("update", FILES, ("data",)), (field,)),))
    assert "`````diff\ndata.a: ```` -> @somebody\n`````" in markdown([changed], [])


def test_programs_are_told_everything() -> None:
    dev, production, test = json.loads(as_json(COMPARED, []))["stacks"]
    assert dev["dangers"] == [
        {
            "stack": "dev",
            "operation": "delete",
            "place": PLACE,
            "reason": "it holds data",
            "line": f"Accept: dev delete {PLACE}",
            "accepted": True,
        }
    ]
    assert dev["settings"] == [
        {"path": "spark.executors.maximum", "old": 20, "new": 30, "change": "in place: from now on"}
    ]
    assert dev["resources"][1]["fields"][1]["old"] == "x" * 300
    assert production["refusal"] == "first line\nsecond line"
    assert test["outcome"] == "unaffected"


def test_what_one_environment_protects_is_dangerous_in_all_of_them() -> None:
    role = "urn:pulumi:dev::moka::aws:iam/role:Role::deploy"
    unprotected = [ResourceChange(Change("delete", role)), ResourceChange(Change("replace", FILES))]
    place = "aws:iam/role:Role deploy"
    assert [str(each) for each in dangers_of("dev", unprotected, frozenset({place}))] == [f"dev delete {place}"]
    assert list(dangers_of("dev", unprotected, frozenset())) == []
    claim = ResourceChange(Change("delete", FILES, loses="its volume is deleted"))
    assert [each.reason for each in dangers_of("dev", [claim], frozenset())] == ["its volume is deleted"]


def test_what_holds_data_is_dangerous_to_lose_where_nothing_is_protected_and_not_to_change() -> None:
    changes = [ResourceChange(Change(each, BUCKET)) for each in ("delete", "replace", "update", "create")]
    assert [f"{each}, {each.reason}" for each in dangers_of("dev", changes, frozenset())] == [
        f"dev delete {PLACE}, its objects go with it",
        f"dev replace {PLACE}, its objects go with it",
    ]


def test_protection_that_parts_of_a_component_lose_together_is_one_danger() -> None:
    lost = [
        ResourceChange(Change("update", urn), was_protected=True, parent="moka:index:LogBucket spark-logs")
        for urn in (BUCKET, FILES)
    ]
    (danger,) = dangers_of("dev", lost, frozenset())
    assert str(danger) == "dev unprotect moka:index:LogBucket spark-logs"
    assert danger.reason.endswith("2 resources of it")
    (alone,) = dangers_of("dev", lost[:1], frozenset())
    assert str(alone) == f"dev unprotect {PLACE}"


def test_whole_services_and_ways_in_are_dangerous_and_less_of_either_is_not() -> None:
    wide = PermissionChange("aws:iam/role:Role driver", gained=True, text="s3:* on *", is_wide=True)
    door = ConnectionChange(OUTSIDE, "nodes", "closed", "TCP 22", gained=True, rules=("ssh",))
    shut = ConnectionChange(OUTSIDE, "nodes", "TCP 22", "closed", gained=False, rules=("ssh",))
    assert [str(each) for each in exposures_of("dev", [wide, *DEV.permissions], [door, shut, *DEV.connections])] == [
        "dev allow aws:iam/role:Role driver s3:* on *",
        f"dev open {OUTSIDE} to nodes",
    ]


def test_a_network_that_the_api_server_did_not_let_in_before_is_dangerous() -> None:
    def opened(**moved: tuple[str, str]) -> list[str]:
        fields = tuple(FieldDifference(f"vpcConfig.publicAccessCidrs[{key}]", *each) for key, each in moved.items())
        change = ResourceChange(Change("update", "urn:pulumi:dev::moka::aws:eks/cluster:Cluster::c"), fields)
        return [str(each) for each in doors_of("dev", [change])]

    assert opened(a=("absent", "192.0.2.0/24"), b=("198.51.100.0/24", "absent")) == [
        "dev open aws:eks/cluster:Cluster c to 192.0.2.0/24"
    ]
    assert opened(a=("absent", "192.0.2.128/25"), b=("192.0.2.0/24", "absent")) == []
    assert opened(b=("192.0.2.0/24", "absent")) == []
    private = FieldDifference("vpcConfig.publicAccessCidrs", "absent", ["192.0.2.0/24", "198.51.100.0/24"])
    change = ResourceChange(Change("update", "urn:pulumi:dev::moka::aws:eks/cluster:Cluster::c"), (private,))
    assert len(list(doors_of("dev", [change]))) == 2


def test_a_line_accepts_one_danger_of_one_stack() -> None:
    others = [Danger("staging", "delete", PLACE, ""), Danger("dev", "replace", PLACE, "")]
    text = f"We know.\r\n* Accept:  dev delete  {PLACE}\r\nAccept: everything"
    assert unacknowledged([DANGER, *others], text) == others
    assert unacknowledged([DANGER], f"nobody wrote Accept: {DANGER}") == [DANGER]
