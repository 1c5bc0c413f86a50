"""The commands of the pages for those who submit applications, and what stands for what they leave to their readers.

A statement of a page runs here unless it needs what no cluster on this machine has: then `ELSEWHERE` says what that is.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from functools import reduce

from components.settings import STACKS

ROOT = STACKS.parent
PAGES = (
    *(f"docs/{name}.md" for name in ("teams", "queues", "capacity", "spark", "shuffle", "live-ui")),
    "examples/README.md",
)

# Beginning of a statement -> what it needs.
ELSEWHERE: Mapping[str, str] = {
    r"--conf ": "a command around it: tests/examples and tests/local_cluster/spark compare such arguments with others",
    r"gpg |sha256sum ": "a jar that its reader has downloaded",
    r"python -m moka_images bake ": "a container registry",
    r'"\$SPARK_HOME/|examples/spark-submit': "a Spark on this machine: `--way spark-submit` of `make spark` has one",
    r"place=|aws s3 ": "the AWS CLI",
    r"(kubectl --namespace celeborn .*|kubectl drain .*|watch .*|.*localhost:909[68].*)": "Celeborn's servers",
    r"kubectl --namespace karpenter logs ": "Karpenter's image",
    r"kubectl --namespace spark-ui ": "a provider of logins",
}
_LOGIN = re.compile(r"aws eks update-kubeconfig .*--role-arn arn:aws:iam::\d+:role/\S+")
_FORWARDED = re.compile(r"kubectl .*port-forward \S+ (\d+)")
# Of a script's first lines: it ends at the first failure, and what it left in the background ends with it.
_BEGIN = "set -euo pipefail\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n"


def statements(page: str) -> list[str]:
    """What a page tells its readers to type, without comments; each is whole, however many lines it takes."""
    found = list[str]()
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", (ROOT / page).read_text(), re.DOTALL | re.MULTILINE):
        lines = re.sub(r"\s+# .*$|^# .*\n", "", block, flags=re.MULTILINE)
        found += whole(lines.strip().splitlines())
    return found


def reason_for_elsewhere(statement: str) -> str:
    """What a statement needs that is not here; empty if it runs."""
    return next((why for start, why in ELSEWHERE.items() if re.match(start, statement)), "")


def run(
    page: str, context: str, replaced: Mapping[str, str], variables: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run a page's statements in one shell, which ends at the first that fails.

    Args:
        page: its path.
        context: of the kubeconfig, until the page says another.
        replaced: what the page leaves to its reader to what stands here.
        variables: of the shell.
    """
    script = f"{_BEGIN}kubectl config use-context {context} > /dev/null\n"
    for each in statements(page):
        if reason_for_elsewhere(each):
            continue
        script += _here(reduce(lambda text, pair: text.replace(*pair), replaced.items(), each)) + "\n"
    return subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )


def whole(lines: list[str]) -> list[str]:
    """Lines joined until each is a whole statement to a shell."""
    found, begun = list[str](), ""
    for line in lines:
        begun += line.strip() if not begun else f"\n{line}"
        if not line.endswith(("\\", "|")) and not _is_open(begun):
            found.append(begun)
            begun = ""
    return [*found, begun] if begun else found


def _is_open(text: str) -> bool:
    """Whether a quotation or a loop goes on."""
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return True
    return words.count("for") > words.count("done")


def _here(statement: str) -> str:
    """A statement as it is typed here."""
    if _LOGIN.fullmatch(statement):
        role = statement.partition("role/")[2].partition(" ")[0]
        return f"kubectl config use-context {role} > /dev/null"
    if forwarded := _FORWARDED.search(statement):
        # Whoever types has the next command ready when the port is.
        port = forwarded[1].partition(":")[0]
        waiting = f"for _ in $(seq 50); do (: > /dev/tcp/127.0.0.1/{port}) 2> /dev/null && break; sleep 0.2; done"
        return f"{statement.removesuffix('&').rstrip()} > /dev/null &\n{waiting}\n: > /dev/tcp/127.0.0.1/{port}"
    return statement
