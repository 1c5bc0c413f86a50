"""The site can be built, every page is in it, and what is wrong with a page ends the build by its name."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from offline.progress import say
from tools.site.build import ROOT, build
from tools.site.pages import SiteError

# Those of articles.
_ELEMENTS = {
    *(
        "a",
        "article",
        "blockquote",
        "b",
        "br",
        "button",
        "code",
        "del",
        "details",
        "div",
        "em",
        "hr",
        "i",
        "img",
        "kbd",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "li", "nav", "ol", "p", "path", "pre", "span", "strong", "sub", "summary"),
    *("sup", "svg", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
# What a browser loads by itself; a link is followed by a reader.
_LOADED = {"img": "src", "link": "href", "script": "src", "source": "src", "iframe": "src"}


class Loads(HTMLParser):
    """Addresses that a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what the element loads."""
        given = dict(attrs)
        if (address := given.get(_LOADED.get(tag, ""))) and given.get("rel") not in ("prev", "next", "canonical"):
            self.found.add(address)


def test_every_page_of_docs_is_in_the_site(site: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        inside = page.relative_to(ROOT / "docs")
        place = inside.parent if page.stem in ("index", "README") else inside.with_suffix("")
        assert (site / place / "index.html").is_file(), inside


def test_a_page_loads_nothing_from_elsewhere_and_all_that_it_loads_is_there(site: Path) -> None:
    for page in site.rglob("*.html"):
        loads = Loads()
        loads.feed(page.read_text())
        for address in loads.found:
            assert not re.match(r"[a-z]+:|//", address), (page, address)
            path = address.partition("?")[0].partition("#")[0]
            # The page for what is not found is shown at any depth, and so names places from the root.
            target = site / path.lstrip("/") if page.name == "404.html" else page.parent / path
            assert target.exists(), (page, address)


def test_only_pages_with_a_diagram_load_what_draws_it(site: Path) -> None:
    assert "assets/mermaid.js" in (site / "index.html").read_text()
    assert "assets/mermaid.js" not in (site / "settings" / "index.html").read_text()


def test_a_component_is_shown_with_its_arguments_outputs_and_source(site: Path) -> None:
    page = (site / "reference" / "components" / "network" / "index.html").read_text()
    text = " ".join(re.sub(r"<[^>]+>", " ", page[page.index('id="components.network.network.Network"') :]).split())
    for said in (
        "One VPC with public, control-plane and node subnets in every zone.",
        "settings NetworkSettings address ranges, zones, NAT, retention of flow logs. required",
        "Outputs Name Type Description vpc_id Output [ str ] id of the VPC.",
        'Source: Amazon EKS user guide, "Amazon EKS networking requirements for VPC and subnets".',
        "Source code in components/network/network.py",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("page", "groups", "said"),
    [
        ("[part](guide.md#absent)", ["index.md", "guide.md"], "does not contain an anchor '#absent'"),
        ("[part](#absent)", ["index.md", "guide.md"], "there is no such anchor on this page"),
        ("", ["index.md"], "guide.md"),
        ("", ["index.md", "guide.md", "absent.md"], "absent.md"),
    ],
)
def test_what_is_wrong_with_a_page_or_a_group_ends_the_build_with_its_name(
    tmp_path: Path, page: str, groups: list[str], said: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Start\n\n{page}\n")
    (tmp_path / "docs" / "guide.md").write_text("# Guide\n\n## Present\n")
    navigation = tmp_path / "navigation.yaml"
    navigation.write_text(yaml.safe_dump(groups))
    with pytest.raises(SiteError) as refused:
        build(tmp_path / "out", say, root=tmp_path, navigation=navigation)
    assert said in str(refused.value)


def test_no_page_has_an_element_that_html_does_not_know(site: Path) -> None:
    """Such as `<team>` in a text, which a browser swallows."""
    for page in site.rglob("index.html"):
        text = page.read_text()
        article = text[text.index("<article") : text.index("</article>")]
        assert set(re.findall(r"<([a-z][a-z0-9_-]*)[ />]", article)) <= _ELEMENTS, page


def test_a_page_has_one_title_and_skips_no_level_below_it(site: Path) -> None:
    for page in site.rglob("index.html"):
        levels = [int(each) for each in re.findall(r"<h([1-6])[ >]", page.read_text())]
        assert levels.count(1) == 1, page
        assert all(below <= above + 1 for above, below in pairwise(levels)), page
