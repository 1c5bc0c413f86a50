"""Starts the command line: `python -m local_cluster`."""

from local_cluster.cli import main

if __name__ == "__main__":
    main()
