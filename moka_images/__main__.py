"""`python -m moka_images`."""

import sys
from importlib import import_module

from moka_logs.exit_codes import answered_as


@answered_as("moka_images", "what the registry holds")
def main() -> int:
    """Run the command."""
    return import_module("moka_images.cli").main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
