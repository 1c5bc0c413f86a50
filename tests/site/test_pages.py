"""The pages of the site have links that lead to pages of the site, and files of the repository are among these."""

from pathlib import Path, PurePosixPath

import pytest

from tools.site.pages import SiteError, pages_of, place_of


def pages(root: Path, **texts: str) -> dict[str, str]:
    """The site's pages of a repository whose docs/ has some files, by their place."""
    for name, text in texts.items():
        write(root, f"docs/{name}.md", text)
    return {str(place): text for place, text in pages_of(root).items()}


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def test_a_link_to_a_file_of_the_repository_leads_to_a_page_with_its_text(tmp_path: Path) -> None:
    write(tmp_path, "stacks/a.yaml", "name: a\n")
    found = pages(tmp_path, guide="See [the stack](../stacks/a.yaml).")
    assert found["guide.md"] == "See [the stack](source/stacks/a.yaml.md)."
    assert "# stacks/a.yaml\n\n```yaml\nname: a\n\n```" in found["source/stacks/a.yaml.md"]
    assert "search: {exclude: true}" in found["source/stacks/a.yaml.md"]


def test_a_page_outside_of_docs_keeps_its_own_links_and_the_parts_of_pages_that_they_name(tmp_path: Path) -> None:
    write(tmp_path, "SECURITY.md", "# Security\n[verify](docs/guide.md#verify) [by](tools/key.txt)")
    write(tmp_path, "tools/key.txt", "key")
    found = pages(tmp_path, guide="# Guide\n## Verify")
    assert "[verify](../guide.md#verify) [by](tools/key.txt.md)" in found["source/SECURITY-page.md"]
    assert "key" in found["source/tools/key.txt.md"]


def test_the_readme_is_a_page_whoever_links_to_it(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "# Read")
    assert set(pages(tmp_path, index="# Start")) == {"index.md", "source/README-page.md"}


def test_a_link_to_a_directory_leads_to_a_list_of_its_files(tmp_path: Path) -> None:
    write(tmp_path, "examples/a.yaml", "")
    found = pages(tmp_path, guide="[all](../examples)")
    assert "- `a.yaml`" in found["source/examples.md"]


def test_a_link_that_says_the_name_of_a_page_says_its_title_in_the_site(tmp_path: Path) -> None:
    found = pages(tmp_path, guide="[other.md](other.md) [docs](other.md)", other="# What else\n")
    assert found["guide.md"] == "[What else](other.md) [docs](other.md)"


@pytest.mark.parametrize(
    "text",
    [
        "[out](https://example.com/a.md) [part](#part) [mail](mailto:a@example.com)",
        "`[text](../nowhere.md)`",
        "```md\n[text](../nowhere.md)\n```",
        "````md\n```\n[text](../nowhere.md)\n````",
    ],
)
def test_what_is_no_link_to_a_file_stays_as_it_is(tmp_path: Path, text: str) -> None:
    assert pages(tmp_path, guide=text) == {"guide.md": text}


@pytest.mark.parametrize("target", ["../nowhere.md", "nowhere.md", "../stacks/nowhere.yaml#part"])
def test_a_link_to_a_file_that_is_not_there_is_refused_with_its_page(tmp_path: Path, target: str) -> None:
    with pytest.raises(SiteError, match=r"docs/guide\.md: links to .*nowhere.*mend the link"):
        pages(tmp_path, guide=f"[text]({target})")


def test_a_list_of_a_page_is_written_as_the_site_reads_it(tmp_path: Path) -> None:
    assert pages(tmp_path, guide="- item\n\n  [b](b.md)", b="# B")["guide.md"] == "- item\n\n    [b](b.md)"


def test_a_list_that_would_end_early_is_refused_with_its_page_and_line(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"docs/guide\.md: line 3, '- deep', goes on in a list: indent it by"):
        pages(tmp_path, guide="- item\n  - inner\n     - deep")


def test_two_files_have_two_places() -> None:
    names = ("docs/README.md", "README.md", "source/README.md", "examples", "examples/README.md", "a.py", "a.py.md")
    assert len({place_of(PurePosixPath(name)) for name in names}) == len(names)
