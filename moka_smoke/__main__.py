"""`python -m moka_smoke STACK`."""

import signal
import sys
from importlib import import_module

from moka_logs.exit_codes import answered_as


@answered_as("moka_smoke", "whether the environment works")
def main() -> int:
    """Run the command; whoever ends it, as CI does what it cancels, lets it clean up first."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return import_module("moka_smoke.cli").main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
