"""What is built of Prometheus and the collector can ask whom the environment's configuration asks for targets."""

import re

from components.settings import STACKS
from local_cluster.images.programs.prometheus import DISCOVERIES

MONITORING = STACKS.parent / "components" / "monitoring"


def test_every_kind_of_discovery_that_is_configured_is_built_and_no_other() -> None:
    texts = [each.read_text() for each in MONITORING.rglob("*") if each.suffix in (".py", ".yaml")]
    configured = {kind for text in texts for kind in re.findall(r"\b[a-z]+_sd(?=_configs\b)", text)}
    # Those of files and addresses are in whatever its build tags are.
    configured -= {"file_sd", "http_sd"}
    assert set(DISCOVERIES) == {"remove_all_sd", *(f"enable_{kind}" for kind in configured)}
