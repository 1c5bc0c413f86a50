"""`python -m moka_logs`."""

import sys

from moka_logs.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
