"""The site in a real browser: pages, diagrams, pictures and search, on a desktop and a telephone, without a network."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from local_cluster.network import LOOPBACK
from local_cluster.ports import free_port
from offline.progress import say
from tests.site.browser import chromium

pytestmark = pytest.mark.verify

DESKTOP, TELEPHONE = (1300, 900), (390, 844)


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    handler = functools.partial(Quiet, directory=str(site))
    with ThreadingHTTPServer((LOOPBACK, free_port()), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program, variables = chromium(say)
    with sync_playwright() as playwright:
        # Root may have no sandbox, and the pages are this repository's.
        launched = playwright.chromium.launch(executable_path=program, env={**variables}, args=["--no-sandbox"])
        yield launched
        launched.close()


class Reader:
    """A page of the browser that remembers what went wrong, and whom it asked."""

    def __init__(self, browser: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)  # pyright: ignore[reportArgumentType]
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.wrong.append(f"{request.url} failed"))

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}", wait_until="load")
        return self.page


@pytest.fixture(params=[(DESKTOP, "light"), (TELEPHONE, "dark")], ids=["desktop", "telephone"])
def reader(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader who ends without an error, and who asked nobody but the site."""
    made = Reader(browser, address, *request.param)
    yield made
    assert made.wrong == []
    assert made.asked
    assert [url for url in made.asked if not url.startswith((f"{address}/", "data:", "blob:"))] == []
    made.context.close()


def test_the_start_page_draws_its_diagram(reader: Reader) -> None:
    page = reader.open("/")
    assert page.title() == "Apache Spark on Amazon EKS - Moka on AWS"
    drawn = page.locator("div.mermaid").first
    drawn.wait_for()
    # The theme draws into a shadow that scripts of the page can't look into.
    page.wait_for_function("document.querySelector('div.mermaid').getBoundingClientRect().height > 100")


def test_pictures_are_drawn_in_the_width_of_the_page(reader: Reader) -> None:
    page = reader.open("/architecture/")
    for name in ("network", "cluster", "data-flow"):
        picture = page.locator(f'img[src$="{name}.svg"]')
        assert picture.evaluate("each => each.complete && each.naturalWidth > 500"), name
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] <= page.viewport_size["width"], name  # pyright: ignore[reportOptionalSubscript]


def test_the_settings_have_a_table_for_each_area_that_makes_no_page_too_wide(reader: Reader) -> None:
    page = reader.open("/settings/")
    assert page.locator("table").count() >= 15
    assert page.locator("td code", has_text="network.zones").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_search_finds_a_page_that_can_be_opened(reader: Reader) -> None:
    page = reader.open("/")
    # A telephone has a button instead of the field.
    button = page.locator("label.md-header__button[for=__search]")
    (button if button.is_visible() else page.locator("input.md-search__input")).click()
    page.locator("input.md-search__input:focus").press_sequentially("karpenter")
    result = page.locator(".md-search-result__link").first
    result.wait_for()
    result.click()
    page.wait_for_url(f"{reader.address}/*/**")
    assert "karpenter" in page.locator("article").inner_text().lower()


def test_a_reference_leads_to_the_source_that_it_names(reader: Reader) -> None:
    page = reader.open("/security/")
    page.locator('a[href*="source/tests/stacks/test_program.py"]').first.click()
    page.wait_for_url("**/source/tests/stacks/test_program.py/")
    assert "def test_" in page.locator("article code").first.inner_text()
