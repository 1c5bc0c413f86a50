"""The reference has every component that the program makes, on the page of its area."""

import re
from pathlib import Path, PurePosixPath

from tools.site.build import ROOT
from tools.site.components import component_pages

_CLASS = re.compile(r"^class ([A-Z]\w*)\(pulumi\.ComponentResource\):", re.MULTILINE)


def test_every_component_of_the_program_is_on_one_page() -> None:
    shown = re.findall(r"^::: (\S+)$", "\n".join(component_pages(ROOT).values()), re.MULTILINE)
    made = {
        f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}.{name}"
        for path in (ROOT / "components").rglob("*.py")
        for name in _CLASS.findall(path.read_text())
    }
    assert len(made) > 60
    assert sorted(shown) == sorted(made)


def test_a_page_says_what_its_package_is_and_the_index_leads_to_it(tmp_path: Path) -> None:
    package = tmp_path / "components" / "log_store"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""Where logs lie."""\n')
    (package / "store.py").write_text(
        "class Store(pulumi.ComponentResource): ...\nclass _Part(ComponentResource): ...\n"
    )
    (package / "settings.py").write_text("class StoreSettings(Model): ...\n")
    pages = component_pages(tmp_path)
    place = PurePosixPath("reference/components")
    assert pages[place / "log_store.md"].split("\n\n")[:3] == [
        "# Log store",
        "Where logs lie.",
        "::: components.log_store.store.Store",
    ]
    assert "_Part" not in pages[place / "log_store.md"]
    assert "[Store](log_store.md#components.log_store.store.Store)" in pages[place / "index.md"]
    assert set(pages) == {place / "log_store.md", place / "index.md"}


def test_a_program_without_components_has_no_page(tmp_path: Path) -> None:
    assert component_pages(tmp_path) == {}
