"""Makes every tool that the offline cloud needs, before it is needed: `python -m offline.tools`."""

import sys

from offline.charts import find_charts
from offline.checks.kubernetes.program import find_program
from offline.checks.yunikorn.program import find_queue_reader
from offline.errors import MissingToolError
from offline.progress import say
from offline.pulumi_cli import find_pulumi


def main() -> None:
    """Make sure that the tools are at hand, and say where."""
    try:
        print(find_pulumi(say) / "bin" / "pulumi")
        print(find_program(say))
        print(find_charts(say))
        print(find_queue_reader(say))
    except MissingToolError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
