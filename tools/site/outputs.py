"""Reads the section `Outputs:` of a component's docstring as one of attributes, which the renderer knows.

griffe loads this file where mkdocs runs.
"""

from typing import Any

import griffe  # pyright: ignore[reportMissingImports]


class Outputs(griffe.Extension):
    """Gives `Outputs:` the name that the Google style has for it."""

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Change the docstring of a class that was read."""
        if cls.docstring is not None:
            cls.docstring.value = cls.docstring.value.replace("\nOutputs:\n", "\nAttributes: Outputs\n")
