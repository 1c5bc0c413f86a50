"""The reference of components: a page for each area, of every component in it, made from docstrings.

Reads the sources and runs none of them. Leaves out how a docstring looks, which mkdocstrings decides.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

PLACE = PurePosixPath("reference/components")
_BASE = "ComponentResource"
# What stands directly in components/ spans the areas.
_WHOLE = "environment"
# mkdocstrings puts there what it reads.
_DIRECTIVE = "::: "


def component_pages(root: Path) -> dict[PurePosixPath, str]:
    """The Markdown of the pages, by their place in the site.

    Args:
        root: of the repository.
    """
    areas: dict[str, list[Path]] = {}
    for path in sorted((root / "components").rglob("*.py")):
        inside = path.relative_to(root / "components").parts
        areas.setdefault(inside[0] if len(inside) > 1 else _WHOLE, []).append(path)
    pages = {area: _page(root, area, paths) for area, paths in sorted(areas.items()) if any(map(_components, paths))}
    if not pages:
        return {}
    return {PLACE / "index.md": _index(pages), **{PLACE / f"{area}.md": text for area, text in pages.items()}}


def _index(pages: Mapping[str, str]) -> str:
    rows = (f"| [{area}]({area}.md) | {', '.join(_links(area, text))} |" for area, text in pages.items())
    return "\n".join(
        (
            "# Components",
            "",
            "Every component of the program: what it is given, what it gives, and its source. Areas are the packages "
            "of `components/`.",
            "",
            "| Area | Components |",
            "| --- | --- |",
            *rows,
            "",
        )
    )


def _links(area: str, page: str) -> Iterator[str]:
    """Links to the components of a page, whose anchors are their full names."""
    for line in page.splitlines():
        if line.startswith(_DIRECTIVE):
            identifier = line.removeprefix(_DIRECTIVE)
            yield f"[{identifier.rpartition('.')[2]}]({area}.md#{identifier})"


def _page(root: Path, area: str, paths: list[Path]) -> str:
    blocks = [
        f"{_DIRECTIVE}{'.'.join(path.relative_to(root).with_suffix('').parts)}.{name}"
        for path in paths
        for name in _components(path)
    ]
    return "\n\n".join((f"# {area.replace('_', ' ').capitalize()}", *_about(root / "components" / area), *blocks, ""))


def _about(package: Path) -> Iterator[str]:
    """What a package says of itself."""
    file = package / "__init__.py"
    if file.is_file() and (said := ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))):
        yield said


def _components(path: Path) -> list[str]:
    """Names of the components that a module makes public."""
    return [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and any(ast.unparse(base).rpartition(".")[2] == _BASE for base in node.bases)
    ]
