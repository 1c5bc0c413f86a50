"""Lists that GitHub understands are lists of the site too."""

import pytest

from tools.site.fences import prose
from tools.site.lists import NarrowError, widened


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("- item\n\n  more\n  lines", "- item\n\n    more\n    lines"),
        ("- item\n  - inner\n- next", "- item\n    - inner\n- next"),
        (
            "1. item\n\n   ```sh\n   ls\n     -l\n\n   ```\n\n2. next",
            "1. item\n\n    ```sh\n    ls\n      -l\n\n    ```\n\n2. next",
        ),
        ("- item\n\n  more\n\nText\n\n   stays", "- item\n\n    more\n\nText\n\n   stays"),
    ],
)
def test_what_goes_on_in_an_item_stands_behind_four_spaces(text: str, wide: str) -> None:
    assert widened(text) == wide


@pytest.mark.parametrize(
    "text",
    [
        "- item\n  goes on",
        "- item\n\n    more",
        "- item\n    - inner\n\n        deep",
        "Text\n\n  no list",
        "```\n- a\n\n  b\n```",
        "- item\nText of it\n\nText\n\n  no list",
    ],
)
def test_what_the_site_reads_already_stays(text: str) -> None:
    assert widened(text) == text


@pytest.mark.parametrize("text", ["- item\n  - inner\n     - deep", "- item\n    - inner\n\n      more"])
def test_a_deeper_list_that_would_end_early_is_refused(text: str) -> None:
    with pytest.raises(NarrowError, match=r"line [34], .* goes on in a list: indent it by a multiple of four"):
        widened(text)


def test_a_block_of_code_ends_at_a_fence_of_its_own_length() -> None:
    assert prose("a\n````\nb\n```\nc\n````\nd") == [0, 1, 6]
