"""`python -m moka_logs.event_log APPLICATION_ID --stack dev --out FILE`."""

import sys
from importlib import import_module

from moka_logs.exit_codes import answered


@answered
def main() -> int:
    """Run the command; a requirement that is not installed is an answer of its own too."""
    return import_module("moka_logs.event_log_cli").main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
