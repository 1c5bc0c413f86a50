"""Nothing in the program goes by the name of a Spark container, which a pod template may choose."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NAME = re.compile(r"spark-kubernetes-|spark%-kubernetes")
# Where labels can't be read, the name that Spark gives is all there is; and what goes without saying is not printed.
ALLOWED = {"components/logs/files/lines.lua", "moka_logs/object_keys.py"}
SUFFIXES = {".py", ".yaml", ".json", ".sql", ".lua", ".conf", ".properties", ".md"}


def test_spark_containers_are_known_by_their_pods_labels_everywhere() -> None:
    named = {
        str(path.relative_to(ROOT))
        for directory in ("components", "moka_logs", "stacks", "docs/runbooks")
        for path in (ROOT / directory).rglob("*")
        if path.suffix in SUFFIXES and NAME.search(path.read_text())
    }
    assert named == ALLOWED
