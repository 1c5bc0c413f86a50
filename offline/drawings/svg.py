"""Lays a picture out by Graphviz, as WebAssembly from npm, and gives it colours for light and dark pages.

The colours follow what the page around the picture asks for, on GitHub and on the documentation's site alike.
"""

import re
import subprocess
from html import escape

from offline.drawings.picture import Picture, dot
from offline.errors import OfflineError
from offline.go_build import MODULES
from offline.npm_program import npm_program
from offline.progress import Say

# Of each kind: what fills it and what its line is, on a light page and on a dark one.
_COLOURS = {
    "aws": ("#fff3e6", "#c4620a", "#3b2713", "#f0a050"),
    "kubernetes": ("#eaf1fd", "#2a5fc4", "#172544", "#7fa8f5"),
    "nodes": ("#edf7ee", "#2f7d3b", "#17301b", "#76c484"),
    "outside": ("#f3f3f5", "#62626e", "#2a2a31", "#a9a9b8"),
    "store": ("#f6eefb", "#7d3aa8", "#2d1a3a", "#c896ea"),
    "workload": ("#ffffff", "#2a5fc4", "#1d2026", "#7fa8f5"),
}
_TEXT = ("#1b1b1f", "#e8e8ee")
_ARROW = ("#5a5a66", "#b0b0bd")
_SHOWN_CHARACTERS = 1000


def svg(picture: Picture, report: Say) -> str:
    """The picture as SVG; the same text for the same picture.

    Args:
        picture: what to draw.
        report: told when Graphviz has to be installed.

    Raises:
        OfflineError: when Graphviz refuses the picture.
    """
    command = npm_program(MODULES / "graphviz", report)
    done = subprocess.run(command, input=dot(picture), capture_output=True, text=True, check=False)
    if done.returncode:
        raise OfflineError(f"Graphviz could not draw {picture.title}:\n{done.stderr[-_SHOWN_CHARACTERS:]}")
    return _dressed(done.stdout[done.stdout.index("<svg") :], picture)


def _dressed(drawn: str, picture: Picture) -> str:
    head, _, body = drawn.partition(">")
    # Each box and arrow would show its technical name under the pointer.
    body = re.sub(r"<title>.*?</title>\n?", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL)
    body = re.sub(r' font-family="[^"]*"', "", body)
    view = re.search(r'viewBox="[^"]*"', head)
    width = re.search(r'width="(\d+)pt"', head)
    if view is None or width is None:
        raise OfflineError(f"Graphviz drew {picture.title} without a size")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {view[0]} width="{width[1]}" role="img" '
        f'aria-labelledby="title description">\n<title id="title">{escape(picture.title)}</title>\n'
        f'<desc id="description">{escape(picture.description)}</desc>\n<style>\n{_style()}\n</style>{body}'
    )


def _style() -> str:
    return "\n".join(
        (
            "text { font: 11px Arial, Liberation Sans, Helvetica, sans-serif; }",
            ".node text:first-of-type { font-size: 12px; font-weight: bold; }",
            ".cluster text { font-size: 13px; font-weight: bold; }",
            *_scheme(0),
            "@media (prefers-color-scheme: dark) {",
            *_scheme(1),
            "}",
        )
    )


def _scheme(dark: int) -> list[str]:
    return [
        f"text {{ fill: {_TEXT[dark]}; }}",
        f".edge path {{ stroke: {_ARROW[dark]}; }}",
        f".edge polygon {{ fill: {_ARROW[dark]}; stroke: {_ARROW[dark]}; }}",
        *(
            f".node.{kind} path, .cluster.{kind} path {{ fill: {colours[2 * dark]}; stroke: {colours[2 * dark + 1]}; }}"
            for kind, colours in _COLOURS.items()
        ),
    ]
