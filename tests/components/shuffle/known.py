"""Which settings Celeborn knows."""

import re
from functools import cache
from pathlib import Path

# What stands for a name of Celeborn's or of the user's in a key.
NAMES = {
    # Apache Celeborn documentation, "Network module".
    "<module>": "(rpc_app|rpc_service|rpc|push|fetch|data|replicate)",
    "<role>": "(master|worker|client)",
    "<id>": r"\d+",
}


def celeborn_knows(key: str) -> bool:
    """Whether a key is one of Celeborn's."""
    return _pattern().fullmatch(key) is not None


@cache
def _pattern() -> re.Pattern[str]:
    keys = (Path(__file__).parent / "known_keys.txt").read_text().splitlines()[1:]
    patterns = (re.escape(key) for key in keys)
    return re.compile("|".join(_with_names(each) for each in patterns))


def _with_names(pattern: str) -> str:
    for name, values in NAMES.items():
        pattern = pattern.replace(name, values)
    return pattern
