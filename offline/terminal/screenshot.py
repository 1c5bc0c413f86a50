"""What `up` shows, as a picture of a terminal: the same colours and lines, and nothing that differs from run to run.

Leaves out most outputs, which a page has no room for. The picture brings its background along, so that it reads alike
on light and on dark pages, and takes the reader's own fonts, so that it asks no other server for one.

Source: rich.console.Console.export_svg, whose own template takes a font from another server.
"""

import io
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from offline.summary import Summary
from offline.terminal import result
from offline.terminal.console import THEME

_COLUMNS = 92
# Those that people need first.
_OUTPUTS_SHOWN = 5
_FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
_TEMPLATE = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>What make offline STACK=dev prints</title>
<style>
.{unique_id}-matrix {{ font-family: FONTS; font-size: {char_height}px; line-height: {line_height}px }}
.{unique_id}-title {{ font-family: FONTS; font-size: 18px; font-weight: bold }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
""".replace("FONTS", _FONTS)
# Every shade has a contrast of 4.5 to 1 or more with the background, half of it where text is dim.
_SHADES = TerminalTheme(
    (24, 27, 31),
    (222, 226, 230),
    [
        (24, 27, 31),
        (255, 123, 114),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (86, 212, 221),
        (222, 226, 230),
    ],
)


def drawn(summary: Summary, told: Mapping[str, str], commands: Iterable[tuple[str, str]]) -> str:
    """The picture, as SVG.

    Args:
        summary: of an `up`.
        told: what each output is for.
        commands: what people may want to do then, each with what it does.
    """
    console = Console(
        file=io.StringIO(),
        record=True,
        theme=THEME,
        width=_COLUMNS,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        highlight=False,
        markup=False,
        # Nobody's own wish for a terminal without them is in the picture.
        no_color=False,
    )
    shown = {name: summary.outputs[name] for name in told if name in summary.outputs}
    left = len(summary.outputs) - _OUTPUTS_SHOWN
    first = dict(list(shown.items())[:_OUTPUTS_SHOWN])
    few = Summary(summary.stack, summary.changes, outputs=first)
    console.print(Text(f"$ make offline STACK={summary.stack}", style="heading"))
    for part in (*result.changes(summary), result.holdings(summary), *result.outputs(few, told)):
        console.print(part)
    console.print(Text(f"... and {left} more outputs", style="aside"))
    for part in result.next_steps(commands):
        console.print(part)
    title = f"make offline STACK={summary.stack}"
    text = console.export_svg(title=title, theme=_SHADES, code_format=_TEMPLATE, unique_id="terminal")
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"
