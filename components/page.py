"""Pages of documentation that hold a part made from the program, between two marks."""


def with_part(page: str, begin: str, part: str, end: str) -> str:
    """A page whose made part is made anew.

    Args:
        page: the page.
        begin: the mark before the part.
        part: the part as it is now.
        end: the mark after the part.

    Raises:
        ValueError: when a mark is missing.
    """
    before, first, rest = page.partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last:
        raise ValueError(f"the page lacks the line {end if first else begin}")
    return f"{before}{begin}\n{part}\n{end}{after}"
