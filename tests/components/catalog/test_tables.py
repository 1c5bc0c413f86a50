"""The tables: that they cover the keys which agents write, and that Glue and the printed DDL say the same."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlglot
import yaml
from sqlglot import exp

from components.catalog.__main__ import main
from components.catalog.ddl import create_statements
from components.catalog.table import Table
from components.catalog.tables import TABLES
from components.logs.fluent_bit import FILES
from moka_logs.object_keys import ROLES
from tests.components.catalog.sample_logs import usage_parser
from tests.components.catalog.samples import ACCOUNT, DAYS_BACK, table, template_pattern

BUCKET_VARIABLES = {"spark-logs": "${SPARK_BUCKET}", "system-logs": "${SYSTEM_BUCKET}"}
# What a key's parts stand for, by output, with values as they occur.
TAGS = {
    "spark": {
        "1": "spark-analytics",
        "2": "spark-3b1f",
        "3": "executor",
        "4": "etl-exec-7",
        "5": "spark-kubernetes-executor",
    },
    "system": {"1": "kube-system", "2": "coredns-1", "4": "coredns"},
}
EXPECTED: dict[str, dict[str, str]] = {
    "spark_logs": {"namespace": "spark-analytics", "application_id": "spark-3b1f", "role": "executor"},
    "system_logs": {"day": "2026/11/23"},
    "node_logs": {"day": "2026/11/23"},
    "kubernetes_events": {"dt": "2026-11-23"},
    "yunikorn_usage": {"dt": "2026-11-23"},
}


def outputs() -> Iterator[dict[str, Any]]:
    """Every S3 output of the agents' files."""
    for path in sorted(FILES.glob("*.yaml")):
        for each in yaml.safe_load(path.read_text())["pipeline"]["outputs"]:
            if each["name"] == "s3":
                yield each


def written(found: Table) -> tuple[str, str]:
    """Bucket and example key of the output that writes a table's objects."""
    (output,) = (each for each in outputs() if each["s3_key_format"].split("/")[1] == found.stream)
    key = output["s3_key_format"].removeprefix("/")
    tags = TAGS.get(found.stream, {})
    key = re.sub(r"\$TAG\[(\d)\]", lambda match: tags[match[1]], key)
    times = {"%Y": "2026", "%m": "11", "%d": "23", "%H": "10", "%M": "59", "%S": "07"}
    for sign, value in times.items():
        key = key.replace(sign, value)
    key = key.replace("${CLUSTER_NAME}", ACCOUNT.cluster_name).replace("${NODE_NAME}", "node-1")
    return output["bucket"], key.replace("$UUID", "1a2b3c4d")


@pytest.mark.parametrize("found", TABLES, ids=lambda found: found.name)
def test_a_table_covers_the_keys_that_its_agent_writes(found: Table) -> None:
    bucket, key = written(found)
    assert bucket == BUCKET_VARIABLES[found.bucket]
    assert key.startswith(found.prefix(ACCOUNT)), key
    match = template_pattern(found).fullmatch(key.removeprefix(found.prefix(ACCOUNT)))
    assert match, f"{key} is outside of {found.template}"
    assert match.groupdict() == EXPECTED[found.name]
    assert not re.search(r"[$%{}]", key), "every variable of the key is known here"


@pytest.mark.parametrize("found", TABLES, ids=lambda found: found.name)
def test_a_tables_partitions_are_computed_from_its_template(found: Table) -> None:
    properties = found.properties(ACCOUNT, DAYS_BACK)
    names = [partition.column.name for partition in found.partitions]
    template = properties.pop("storage.location.template")
    assert properties.pop("projection.enabled") == "true"
    assert re.findall(r"\$\{(\w+)\}", template) == names
    assert template.startswith(found.location(ACCOUNT))
    assert template.endswith("/"), "else Athena also reads what merely starts so"
    assert {name.split(".")[1] for name in properties} == set(names)
    assert {partition.column.type for partition in found.partitions} == {"string"}
    assert not {column.name for column in found.columns} & set(names)


def test_only_days_that_the_lifecycle_keeps_are_looked_at() -> None:
    for name, column in (("system_logs", "day"), ("kubernetes_events", "dt")):
        properties = table(name).properties(ACCOUNT, 400)
        assert properties[f"projection.{column}.range"] == "NOW-400DAYS,NOW"
        assert properties[f"projection.{column}.interval.unit"] == "DAYS"
    assert table("system_logs").properties(ACCOUNT, 1)["projection.day.format"] == "yyyy/MM/dd"
    assert table("yunikorn_usage").properties(ACCOUNT, 1)["projection.dt.format"] == "yyyy-MM-dd"


def test_spark_logs_cannot_be_read_without_a_namespace_and_an_application() -> None:
    properties = table("spark_logs").properties(ACCOUNT, DAYS_BACK)
    assert properties["projection.namespace.type"] == properties["projection.application_id.type"] == "injected"
    assert properties["projection.role.values"].split(",") == list(ROLES)


def test_the_usage_table_has_a_column_for_every_group_of_the_agents_parser() -> None:
    names = {column.name for column in table("yunikorn_usage").columns}
    assert names == set(usage_parser().groupindex)


def test_the_journal_table_has_a_column_for_every_key_that_the_agent_lets_through() -> None:
    config = yaml.safe_load((FILES / "fluent-bit.yaml").read_text())
    (journal,) = (each for each in config["pipeline"]["inputs"] if each["name"] == "systemd")
    (keys,) = (each["allowlist_key"] for each in journal["processors"]["logs"] if "allowlist_key" in each)
    assert {column.name for column in table("node_logs").columns} == {*keys, "date"}


def parsed(statement: str) -> exp.Create:
    tree = sqlglot.parse_one(statement, read="athena")
    assert isinstance(tree, exp.Create)
    return tree


def columns_of(tree: exp.Create) -> dict[str, str]:
    return {
        definition.name: definition.args["kind"].sql("hive").lower().replace(" ", "")
        for definition in tree.find_all(exp.ColumnDef)
        if isinstance(definition.parent, exp.Schema)
    }


def properties_of(tree: exp.Create) -> dict[str, str]:
    return {
        each.name: each.args["value"].name for each in tree.args["properties"].expressions if type(each) is exp.Property
    }


@pytest.mark.parametrize("number", range(len(TABLES)), ids=lambda number: TABLES[number].name)
def test_the_printed_statement_is_athenas_sql_and_holds_the_whole_table(number: int) -> None:
    found = TABLES[number]
    database, *statements = create_statements(ACCOUNT, DAYS_BACK)
    assert parsed(database).kind == "DATABASE"
    tree = parsed(statements[number])
    name = tree.this.this
    assert (name.db, name.name) == ("moka_dev_logs", found.name)
    expected = [*found.columns, *(partition.column for partition in found.partitions)]
    assert columns_of(tree) == {column.name: _sql_type(column.type) for column in expected}
    properties = properties_of(tree)
    for key, value in found.properties(ACCOUNT, DAYS_BACK).items():
        assert properties[key] == value
    location = tree.find(exp.LocationProperty)
    assert location
    assert location.this.name == found.location(ACCOUNT)
    serde = tree.find(exp.RowFormatSerdeProperty)
    assert serde
    assert serde.this.name == found.format.library
    assert sum(isinstance(each, exp.PartitionedByProperty) for each in tree.args["properties"].expressions) == 1


def _sql_type(type_: str) -> str:
    return exp.DataType.build(type_, dialect="hive").sql("hive").lower().replace(" ", "")


def test_the_statements_of_a_stack_are_printed_with_its_names_and_how_far_they_look_back() -> None:
    text = main("test")
    assert text.count(";\n") == len(TABLES) + 1
    assert "`moka_test_logs`.`spark_logs`" in text
    assert "s3://moka-test-system-logs-111111111111-us-east-1/system/moka-test/${day}/" in text
    assert "NOW-400DAYS,NOW" in text
