"""Makes the programs of controllers: `python -m local_cluster.controllers`."""

import sys

from local_cluster.controllers.karpenter import find_karpenter
from local_cluster.controllers.yunikorn import find_yunikorn
from offline.errors import MissingToolError
from offline.progress import say


def main() -> None:
    """Make sure that the programs are at hand."""
    try:
        find_yunikorn(say)
        find_karpenter(say)
    except MissingToolError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
