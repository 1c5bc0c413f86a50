"""The catalog's resources under mocks: tables, workgroup, key and saved queries."""

import json
from pathlib import Path

import pytest

from components.catalog.catalog import LogCatalog
from components.catalog.policies import results_key_policy
from components.catalog.queries import FILES, saved_queries
from components.catalog.settings import LogCatalogSettings
from components.catalog.tables import TABLES
from tests.components.catalog.samples import ACCOUNT, DAYS_BACK
from tests.recorder import Recorder, record

WORKGROUP = "aws:athena/workgroup:Workgroup"
TABLE = "aws:glue/catalogTable:CatalogTable"
QUERY = "aws:athena/namedQuery:NamedQuery"


def build(settings: LogCatalogSettings | None = None, *, teams: tuple[str, ...] = (), protect: bool = True) -> Recorder:
    return record(
        lambda: LogCatalog(
            "log-catalog",
            settings or LogCatalogSettings(days_back=DAYS_BACK),
            ACCOUNT,
            teams=teams,
            protect=protect,
        )
    )


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build()


def test_every_table_is_in_the_one_database_as_its_definition_says(recorded: Recorder) -> None:
    assert recorded.only("aws:glue/catalogDatabase:CatalogDatabase").inputs["name"] == "moka_dev_logs"
    made = {each.inputs["name"]: each for each in recorded.of(TABLE)}
    assert set(made) == {table.name for table in TABLES}
    for table in TABLES:
        inputs = made[table.name].inputs
        assert inputs["databaseName"] == "moka_dev_logs"
        assert inputs["tableType"] == "EXTERNAL_TABLE"
        assert inputs["parameters"] == {"EXTERNAL": "TRUE", **table.properties(ACCOUNT, DAYS_BACK)}
        partitions = {each["name"]: each["type"] for each in inputs["partitionKeys"]}
        assert partitions == {each.column.name: each.column.type for each in table.partitions}
        storage = inputs["storageDescriptor"]
        assert {each["name"]: each["type"] for each in storage["columns"]} == {
            column.name: column.type for column in table.columns
        }
        assert storage["location"] == table.location(ACCOUNT)
        assert storage["inputFormat"] == "org.apache.hadoop.mapred.TextInputFormat"
        assert storage["serDeInfo"] == {
            "serializationLibrary": table.format.library,
            "parameters": table.format.parameters,
        }


def test_nothing_crawls_the_buckets(recorded: Recorder) -> None:
    assert not [each.type for each in recorded.registrations if "crawler" in each.type.lower()]


def test_a_query_stops_at_the_limit_and_no_client_can_set_the_limit_aside(recorded: Recorder) -> None:
    configuration = recorded.only(WORKGROUP).inputs["configuration"]
    assert configuration["enforceWorkgroupConfiguration"] is True
    assert configuration["bytesScannedCutoffPerQuery"] == 100 * 1024**3
    smaller = build(LogCatalogSettings(scan_limit_gib=3)).only(WORKGROUP).inputs["configuration"]
    assert smaller["bytesScannedCutoffPerQuery"] == 3 * 1024**3


def test_results_stay_with_athena_under_a_key_of_their_own(recorded: Recorder) -> None:
    configuration = recorded.only(WORKGROUP).inputs["configuration"]
    managed = configuration["managedQueryResultsConfiguration"]
    key = recorded.only("aws:kms/key:Key")
    assert managed["enabled"] is True
    assert managed["encryptionConfiguration"]["kmsKey"].endswith("/log-catalog-results")
    assert "resultConfiguration" not in configuration
    assert key.inputs["enableKeyRotation"] is True
    assert json.loads(key.inputs["policy"]) == results_key_policy(ACCOUNT)
    assert not recorded.of("aws:s3/bucket:Bucket")


def test_what_users_saved_goes_only_with_an_unprotected_environment(recorded: Recorder) -> None:
    assert recorded.only(WORKGROUP).inputs["forceDestroy"] is False
    assert build(protect=False).only(WORKGROUP).inputs["forceDestroy"] is True


def test_every_file_is_a_saved_query_of_the_workgroup_word_for_word(recorded: Recorder) -> None:
    made = {each.inputs["name"]: each.inputs for each in recorded.of(QUERY)}
    files = {path.stem: path.read_text() for path in FILES.glob("*.sql")}
    assert {name: inputs["query"] for name, inputs in made.items()} == files
    for name, inputs in made.items():
        assert (inputs["database"], inputs["workgroup"]) == ("moka_dev_logs", "moka-dev-logs")
        assert files[name].startswith(f"-- {inputs['description']}\n")
        # CreateNamedQuery, Athena API reference.
        assert len(name) <= 128
        assert len(inputs["description"]) <= 1024
        assert len(inputs["query"]) <= 262144


def test_a_file_without_a_description_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "mine.sql").write_text("SELECT 1\n")
    with pytest.raises(ValueError, match=r"mine\.sql starts with 'SELECT 1'.*start it with '-- '"):
        saved_queries(tmp_path)


def test_every_resource_has_a_component_above_it(recorded: Recorder) -> None:
    assert {each.parent for each in recorded.registrations if each.type.startswith("aws:")} == {"log-catalog"}


def test_each_team_has_a_workgroup_like_the_one_that_all_share_and_saved_queries_stay_one_set() -> None:
    recorded = build(teams=("sales", "ads"))
    made = {each.inputs["name"]: each.inputs for each in recorded.of(WORKGROUP)}
    assert made.keys() == {"moka-dev-logs", "moka-dev-ads-logs", "moka-dev-sales-logs"}
    assert made["moka-dev-ads-logs"]["configuration"] == made["moka-dev-logs"]["configuration"]
    assert made["moka-dev-ads-logs"]["description"].startswith("Queries of team ads on logs")
    assert {each.inputs["workgroup"] for each in recorded.of(QUERY)} == {"moka-dev-logs"}
    assert len(recorded.of(QUERY)) == len(saved_queries())
    key = recorded.only("aws:kms/key:Key")
    assert json.loads(key.inputs["policy"]) == results_key_policy(ACCOUNT, ("ads", "sales"))
