"""Every command of every page is one that its program would take, or it is known why nobody can ask here."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from local_cluster.programs.sets import SIMULATED, find_programs
from offline.progress import silent
from offline.pulumi_cli import find_pulumi
from tests.operations import aws_cli, help_text, python_modules
from tests.operations.marked import RUN, marked_blocks
from tests.operations.pages import PLACEHOLDER, ROOT, Command, commands, pages, simple_commands

# What every machine with a shell has.
SHELL = frozenset(
    {
        "awk",
        "cat",
        "cd",
        "cmp",
        "cut",
        "date",
        "echo",
        "eval",
        "export",
        "false",
        "git",
        "for",
        "grep",
        "gzip",
        "head",
        "kill",
        "ls",
        "mkdir",
        "mv",
        "openssl",
        "printf",
        "pwd",
        "python3",
        "rm",
        "sed",
        "seq",
        "sha256sum",
        "sleep",
        "sort",
        "sudo",
        "tail",
        "test",
        "tr",
        "true",
        "uniq",
        "watch",
        "wc",
        "xargs",
    }
)
# Program -> why nobody asks it here.
ELSEWHERE: Mapping[str, str] = {
    "--conf": "arguments of a command, which tests/examples compares with others",
    "amtool": "Alertmanager's own program, which the runbooks' readers find in its pod",
    "cosign": "no package of Python: `make verify-images` signs and verifies with it",
    "crane": "no package of Python: `make verify-images` asks a registry with it",
    "curl": "what it asks is a server's, and each server's own tests ask it",
    "docker": "needs a daemon: `make verify-images` builds by the same files",
    "examples/spark-submit.sh": "tests/examples runs it",
    "gh": "GitHub's own program, which asks GitHub",
    "gpg": "needs a jar and a signature that its reader has downloaded",
    "jq": "its filters are for answers of servers",
    "kind": "a cluster by it needs Docker",
    "post": "a function that its page defines the line before",
    "PLACEHOLDER": "a command that another one prints",
}
# Of a Spark on the reader's machine; tests/examples and tests/local_cluster/spark run them.
SPARK_SCRIPTS = frozenset({f"{PLACEHOLDER}/bin/spark-submit", f"{PLACEHOLDER}/sbin/start-history-server.sh"})
# What pages leave to their readers, and what one of them might type.
READER = {
    "APPLICATION_ID": f"spark-{'0' * 32}",
    "ENVIRONMENT": "dev",
    "NAMESPACE": "spark-analytics",
    "STACK": "dev",
    PLACEHOLDER: "dev",
}
# What a mistake says of a command that a sentence names without all that it needs.
_INCOMPLETE = re.compile(r"^lacks|the following arguments are required|one of the arguments .* is required")


def _make(words: tuple[str, ...]) -> Iterator[str]:
    text = (ROOT / "Makefile").read_text()
    for each in words[1:]:
        name, is_variable, _ = each.partition("=")
        if is_variable and f"$({name})" not in text:
            yield f"the Makefile reads no {name}"
        if not is_variable and not re.search(rf"^{re.escape(name)}:", text, re.MULTILINE):
            yield f"the Makefile has no target {name}"


def _python(words: tuple[str, ...]) -> Iterator[str]:
    if words[1] == "-m":
        yield from python_modules.mistakes(words[2:])


def _pulumi(words: tuple[str, ...]) -> Iterator[str]:
    yield from help_text.mistakes(_pulumi_program(), words[1:])


@cache
def _pulumi_program() -> Path:
    return find_pulumi(silent) / "bin" / "pulumi"


def _kubectl(words: tuple[str, ...]) -> Iterator[str]:
    yield from help_text.mistakes(find_programs(SIMULATED, silent)["kubectl"], words[1:], common="options")


def _aws(words: tuple[str, ...]) -> Iterator[str]:
    yield from aws_cli.mistakes(words[1:])


JUDGES: Mapping[str, Callable[[tuple[str, ...]], Iterator[str]]] = {
    "make": _make,
    "python": _python,
    ".venv/bin/python": _python,
    "pulumi": _pulumi,
    "kubectl": _kubectl,
    "aws": _aws,
}


def mistakes(command: Command) -> list[str]:
    """Why a command is wrong; nothing where it is right, or where nobody can ask."""
    if command.program in JUDGES:
        words = tuple(READER.get(each, each) for each in command.words)
        found = [each for each in JUDGES[command.program](words) if command.is_whole or not _INCOMPLETE.search(each)]
        return [f"{command} -- {each}" for each in found]
    known = command.program in SHELL or command.program in ELSEWHERE or command.program in SPARK_SCRIPTS
    return [] if known else [f"{command} -- nothing says how {command.program} is judged"]


@pytest.mark.parametrize("page", pages())
def test_each_command_of_a_page_is_one_that_its_program_takes(page: str) -> None:
    assert [each for command in commands(page) if command.program != "kubectl" for each in mistakes(command)] == []


@pytest.mark.cluster
def test_each_command_for_kubectl_is_one_that_it_takes() -> None:
    found = [each for page in pages() for each in commands(page) if each.program == "kubectl"]
    assert len(found) > len(pages())
    assert [each for command in found for each in mistakes(command)] == []


@pytest.mark.parametrize("program", sorted([*ELSEWHERE, *SPARK_SCRIPTS]))
def test_what_nobody_asks_here_stands_on_a_page(program: str) -> None:
    assert any(each.program == program for page in pages() for each in commands(page))


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("make doktor STACK=dev", "has no target doktor"),
        ("make doctor STAK=dev", "reads no STAK"),
        ("python -m ofline preview dev", "no module ofline"),
        ("python -m offline previev dev", "invalid choice"),
        ("python -m offline preview prod-1 --expect-changes", "unrecognized arguments: --expect-changes"),
        ("python -m offline preview", "required: stack"),
        (".venv/bin/python -m moka_smoke dev --teem analytics", "unrecognized arguments"),
        ("pulumi upp --stack dev", "no command upp"),
        ("pulumi preview --expect-no-change --stack dev", "preview takes no --expect-no-change"),
        ("aws eks describe-clutser --name moka-dev", "no operation describe-clutser"),
        ("aws eks describe-cluster", "lacks --name"),
        ("aws eks describe-cluster --cluster-name moka-dev", "takes no --cluster-name"),
        ("aws eks describe-cluster --name moka-dev --query clutser.status", "asks for clutser"),
        ("aws eks describe-cluster --name moka-dev --query cluster..status", "is no query"),
        ("aws eks describe-cluster --name moka-dev --query 'cluster[?a==`b`]'", "deprecated"),
        ("aws eks wait cluster-up --name moka-dev", "waits for no cluster-up"),
        ("aws eks update-kubeconfig --cluster moka-dev", "takes no --cluster"),
        ("aws ekz list-clusters", "no operation"),
        ("true && echo $(aws eks describe-cluster)", "lacks --name"),
        ("aws eks list-clusters | jp clusters", "nothing says how jp"),
    ],
)
def test_a_command_that_its_program_would_refuse_is_found_wherever_it_stands(text: str, mistake: str) -> None:
    found = [each for words in simple_commands(text) for each in mistakes(Command("a page", words, is_whole=True))]
    assert any(mistake in each for each in found), found


def test_a_name_of_a_command_in_a_sentence_may_leave_out_what_it_needs() -> None:
    words = ("aws", "eks", "describe-cluster")
    assert mistakes(Command("a page", words, is_whole=False)) == []
    assert mistakes(Command("a page", (*words, "--nam", "x"), is_whole=False)) != []


def test_what_is_no_shell_is_refused() -> None:
    with pytest.raises(SyntaxError):
        simple_commands('kubectl create -f -\n{"kind": "Pod"}')


def test_every_block_that_says_it_is_run_is_run_by_the_test_that_is_named_for_it() -> None:
    assert marked_blocks().keys() == RUN.keys()
    for name, file in RUN.items():
        assert f'carry_out("{name}"' in (ROOT / file).read_text(), f"{file} runs no block {name}"
