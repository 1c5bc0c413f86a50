"""`python -m doctor STACK`."""

import sys
from importlib import import_module

from moka_logs.exit_codes import answered_as


@answered_as("doctor", "whether the stack can come up")
def main() -> int:
    """Run the command."""
    return import_module("doctor.cli").main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
