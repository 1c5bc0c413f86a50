"""Secrets of an application: what real Spark writes of them into event logs, pages and lines, by its defaults here."""

import json
from pathlib import Path

import pytest

from components.spark.defaults import FILES
from tests.components.spark.test_defaults import parse
from tests.real_spark import spark_home, submitted
from tests.secrets.planted import planted, traces_in_files, traces_in_texts

OF_INTEREST = ("spark.eventLog.", "spark.redaction.")
# Keys by which applications really get credentials, and some that only a passphrase or a key of an API has.
NAMES = (
    "spark.hadoop.fs.s3a.access.key",
    "spark.hadoop.fs.s3a.secret.key",
    "spark.hadoop.fs.s3a.session.token",
    "spark.hadoop.javax.jdo.option.ConnectionPassword",
    "spark.ssl.keyStorePassword",
    "spark.kubernetes.driverEnv.DATABASE_PASSWD",
    "spark.executorEnv.STORE_API_KEY",
    "spark.app.passphrase",
    "spark.app.private-key",
)
PROGRAM = """
import json, urllib.request
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
context = spark.sparkContext
spark.sql("SELECT 1 AS one").collect()
context.setLogLevel("INFO")
page = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/environment"
print(json.dumps(json.load(urllib.request.urlopen(page))))
print(urllib.request.urlopen(f"{context.uiWebUrl}/environment/").read().decode())
spark.stop()
"""


@pytest.mark.verify
def test_settings_whose_names_say_that_they_are_secret_stand_in_no_event_log_page_or_line(tmp_path: Path) -> None:
    logs = tmp_path / "events"
    logs.mkdir()
    (tmp_path / "program.py").write_text(PROGRAM)
    defaults = parse((FILES / "spark-defaults.conf").read_text())
    settings = {
        **{key: value for key, value in defaults.items() if key.startswith(OF_INTEREST)},
        "spark.eventLog.dir": logs.as_uri(),
        "spark.ui.port": "0",
        # The same value under a name that says nothing, to see that the search finds what is there.
        "spark.app.dsn": planted("Open"),
        **{name: planted("Hidden") for name in NAMES},
    }
    variables = {"DRIVER_TOKEN": planted("Variable")}
    # Properties come in a file as the operator and people give them: a command line can be read by every process.
    (tmp_path / "spark.conf").write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
    home = spark_home(tmp_path / "spark")
    done = submitted(home, {}, tmp_path / "program.py", variables=variables, properties=tmp_path / "spark.conf")
    assert done.returncode == 0, done.stderr[-3000:]
    shown = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    assert dict.fromkeys(NAMES, "*********(redacted)").items() <= dict(shown["sparkProperties"]).items()
    found = traces_in_files([logs]) + traces_in_texts({"lines": done.stderr, "pages": done.stdout})
    assert {each.place[: each.place.index("x")] for each in found} == {"Open"}
    assert {each.where.removeprefix(str(logs))[:1] for each in found} == {"/", "p"}, "the log and the pages"
