"""Whether a CloudWatch Logs filter pattern matches a log line: the part of the syntax that this project uses.

Quoted terms that must all occur, and one JSON comparison. Anything else is an error, never a silent "no".

Source: Amazon CloudWatch Logs user guide, "Filter pattern syntax for metric filters".
"""

import json
import re
from typing import Any

JSON_PATTERN = re.compile(r'\{ (?P<selector>\$(?:\.\w+|\[\d+\])+) = (?P<value>"[^"*]*"|-?\d+(?:\.\d+)?) \}')
TERMS_PATTERN = re.compile(r'"[^"\\]+"(?: "[^"\\]+")*')


def matches(pattern: str, line: str) -> bool:
    """Whether CloudWatch Logs would count the line.

    Raises:
        ValueError: when the pattern is outside the part that this evaluator knows.
    """
    if comparison := JSON_PATTERN.fullmatch(pattern):
        return _holds(comparison["selector"], json.loads(comparison["value"]), line)
    if TERMS_PATTERN.fullmatch(pattern):
        return all(term in line for term in re.findall(r'"([^"]+)"', pattern))
    raise ValueError(f"{pattern!r} is neither quoted terms nor one comparison of a JSON property")


def _holds(selector: str, expected: Any, line: str) -> bool:
    try:
        value = json.loads(line)
    except ValueError:
        return False
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", selector):
        try:
            value = value[name] if name else value[int(index)]
        except (KeyError, IndexError, TypeError):
            return False
    # A number never equals a string, and a JSON true is not 1.
    return type(value) is type(expected) and value == expected
