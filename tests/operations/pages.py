"""The shell of the documentation: every simple command that a page tells its readers to type, with its words.

Read from fenced blocks marked sh, and from code spans that begin with a program of `SPANS`, by the grammar of Bash:
pipes, lists, loops, substitutions and redirections are taken apart. Leaves out what blocks of other languages hold.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from components.settings import STACKS

ROOT = STACKS.parent
# A code span that begins so is a command and no name.
SPANS = re.compile(r"(?:make|pulumi|kubectl|aws|(?:\.venv/bin/)?python -m)\s+\S.*")
_BLOCK = re.compile(r"^( *)```(?:sh|bash|console)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
# What a page leaves to its reader, such as <account>; Bash would read it as a redirection.
_PLACEHOLDER = re.compile(r"<[A-Za-z][^<>\n]*>")
PLACEHOLDER = "PLACEHOLDER"
_ASSIGNMENT = "variable_assignment"
_WORDS = frozenset(
    {"word", "string", "raw_string", "number", "concatenation", "simple_expansion", "expansion", "ansi_c_string"}
)


@dataclass(frozen=True)
class Command:
    """A simple command of a page.

    Args:
        page: its path in the repository.
        words: program and arguments, without quotation marks; what only a shell knows is `PLACEHOLDER`.
        is_whole: whether it is typed as it stands; a code span may only name it.
    """

    page: str
    words: tuple[str, ...]
    is_whole: bool

    @property
    def program(self) -> str:
        """Its first word."""
        return self.words[0]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"


def pages() -> list[str]:
    """Every page that tells people what to type."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")]
    return sorted(str(each.relative_to(ROOT)) for each in found)


def blocks(page: str) -> list[str]:
    """Text of the page's blocks of shell."""
    text = (ROOT / page).read_text()
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in _BLOCK.findall(text)]


def spans(page: str) -> list[str]:
    """The page's code spans that are commands."""
    text = _FENCE.sub("", (ROOT / page).read_text())
    return [each for each in (re.sub(r"\s+", " ", span) for span in _SPAN.findall(text)) if SPANS.fullmatch(each)]


@cache
def commands(page: str) -> tuple[Command, ...]:
    """Every simple command of the page."""
    texts = [*((each, True) for each in blocks(page)), *((each, False) for each in spans(page))]
    return tuple(Command(page, words, is_whole) for text, is_whole in texts for words in simple_commands(text))


def simple_commands(text: str) -> list[tuple[str, ...]]:
    """Words of every simple command in a text of Bash, those in substitutions included.

    Raises:
        SyntaxError: when it is none; of Python's errors the one that says so.
    """
    cleaned = _PLACEHOLDER.sub(PLACEHOLDER, text)
    root = Parser(Language(tree_sitter_bash.language())).parse(cleaned.encode()).root_node
    if root.has_error:
        raise SyntaxError(f"not Bash: {text}")
    return list(_commands(root))


def _commands(node: Node) -> Iterator[tuple[str, ...]]:
    if node.type == "command":
        words = tuple(_word(each) for each in node.named_children if each.type in {*_WORDS, "command_name"})
        if words:
            yield words
    for each in node.named_children:
        yield from _commands(each)


def _word(node: Node) -> str:
    """A word as the program gets it; an expansion in it is whatever it may be."""
    if node.type in {"simple_expansion", "expansion", "command_substitution", "process_substitution"}:
        return PLACEHOLDER
    if node.type == "raw_string":
        return _text(node)[1:-1]
    if node.type == "string":
        return "".join(_word(each) if each.is_named else _text(each) for each in node.children[1:-1])
    if node.type in {"concatenation", "command_name"}:
        return "".join(_word(each) for each in node.children)
    return re.sub(r"\\(.)", r"\1", _text(node))


def _text(node: Node) -> str:
    return (node.text or b"").decode()
