"""The saved queries as text: real tables, real columns, and a bound on what they read."""

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify import qualify

from components.catalog.queries import SavedQuery, saved_queries
from components.catalog.tables import TABLES

QUERIES = saved_queries()
SCHEMA: dict[str, object] = {
    table.name: {
        **{column.name: column.type for column in table.columns},
        **{partition.column.name: partition.column.type for partition in table.partitions},
        "$path": "string",
    }
    for table in TABLES
}
# Partitions whose values Athena does not know by itself, and days, of which it knows too many.
NAMED = {
    table.name: [each.column.name for each in table.partitions if each.projection["type"] in ("injected", "date")]
    for table in TABLES
}
each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


def scans(tree: exp.Expr) -> list[tuple[exp.Table, exp.Select]]:
    """Tables of the catalog that a query reads, each with the SELECT that reads it."""
    found: list[tuple[exp.Table, exp.Select]] = []
    for table in tree.find_all(exp.Table):
        select = table.find_ancestor(exp.Select)
        if table.name in SCHEMA and select is not None:
            found.append((table, select))
    return found


def bounds(select: exp.Select, column: str) -> bool:
    """Whether a SELECT always restricts a column to one value, or to what is later than one."""
    where = select.args.get("where")
    conditions = (
        list(where.this.flatten()) if where and isinstance(where.this, exp.And) else [where.this] if where else []
    )
    return any(
        isinstance(condition, exp.EQ | exp.GTE)
        and isinstance(condition.this, exp.Column)
        and condition.this.name == column
        and not list(condition.expression.find_all(exp.Column))
        for condition in conditions
    )


@each_query
def test_a_query_uses_only_tables_and_columns_that_exist(query: SavedQuery) -> None:
    tree = sqlglot.parse_one(query.text, read="athena")
    qualify(tree, schema=SCHEMA, dialect="athena", validate_qualify_columns=True)
    assert scans(tree)
    assert {table.name for table in tree.find_all(exp.Table)} <= {
        *SCHEMA,
        *(each.alias for each in tree.find_all(exp.CTE)),
    }


@each_query
def test_a_query_cannot_read_a_whole_table(query: SavedQuery) -> None:
    for table, select in scans(sqlglot.parse_one(query.text, read="athena")):
        for column in NAMED[table.name]:
            assert bounds(select, column), f"{query.name} reads every {column} of {table.name}"


@each_query
def test_a_query_changes_nothing_and_says_what_it_asks_for(query: SavedQuery) -> None:
    (tree,) = sqlglot.parse(query.text, read="athena")
    assert isinstance(tree, exp.Select)
    values = list(tree.find_all(exp.Placeholder))
    assert len(values) <= 2
    assert ("asks for" in query.description) == bool(values)


@each_query
def test_a_query_on_applications_asks_for_the_namespace_first_and_then_for_the_id(query: SavedQuery) -> None:
    for table, select in scans(sqlglot.parse_one(query.text, read="athena")):
        if table.name == "spark_logs":
            asked = [each.this.name for each in select.args["where"].find_all(exp.EQ) if each.find(exp.Placeholder)]
            text = query.text
            assert sorted(asked) == ["application_id", "namespace"]
            assert text.index("namespace = ?") < text.index("application_id = ?"), "values are given in this order"
            assert query.description.endswith("asks for its namespace and its id.")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT line FROM spark_logs",
        "SELECT line FROM spark_logs WHERE application_id = ? AND namespace = ? OR role = 'driver'",
        "SELECT line FROM spark_logs WHERE application_id LIKE ? AND namespace LIKE ?",
        "SELECT line FROM system_logs WHERE day <= '2026/11/23'",
        "SELECT line FROM spark_logs WHERE application_id = line AND namespace = line",
    ],
)
def test_an_unbounded_query_would_be_noticed(text: str) -> None:
    ((table, select),) = scans(sqlglot.parse_one(text, read="athena"))
    assert not any(bounds(select, column) for column in NAMED[table.name])


@pytest.mark.parametrize(
    "text", ["SELECT lines FROM spark_logs", "SELECT line FROM sparks", "SELECT a.line FROM spark_logs"]
)
def test_a_wrong_name_would_be_noticed(text: str) -> None:
    tree = sqlglot.parse_one(text, read="athena")
    with pytest.raises(OptimizeError):
        qualify(tree, schema=SCHEMA, dialect="athena", validate_qualify_columns=True)


def test_the_questions_that_people_ask_have_a_query() -> None:
    assert {"application-lines", "failed-driver-last-lines", "usage-per-queue-and-day"} <= {
        each.name for each in QUERIES
    }
