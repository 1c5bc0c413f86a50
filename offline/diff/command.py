"""`python -m offline diff`: compares two revisions, prints what differs, and says by its exit code how bad it is.

0 where nothing changes, 2 where something does, 3 where a danger is accepted by nobody, 1 where a revision is not there
or a stack can't be deployed any more.
"""

import argparse
import importlib
from functools import partial

from offline.diff.api_server import with_answers
from offline.diff.danger import unacknowledged
from offline.diff.report import as_json, markdown, terminal_lines
from offline.diff.revision import checked_out, work_tree
from offline.diff.sources import untouched_stacks
from offline.diff.stack_comparison import StackComparison
from offline.engine import OfflineEngine
from offline.errors import DangersError, DifferencesError, RevisionError
from offline.progress import say
from offline.terminal.console import show

_PLACE, _REVISIONS, _STATES = "diff", "revisions", "states"


def run(options: argparse.Namespace, engine: OfflineEngine) -> None:
    """Carry the verb out.

    Args:
        options: as parsed.
        engine: of the project whose revisions are compared.

    Raises:
        DifferencesError: when something changes.
        DangersError: when nobody accepted a danger.
        RevisionError: when a revision is not there, or a stack can't be deployed any more.
    """
    project, place = engine.project.root, engine.home / _PLACE
    (place / _REVISIONS).mkdir(parents=True, exist_ok=True)
    accepted = options.accepted.read_text() if options.accepted else ""
    base = checked_out(project, options.base, place / _REVISIONS)
    head = checked_out(project, options.head, place / _REVISIONS) if options.head else work_tree(project)
    if stacks := untouched_stacks(base.directory, head.directory):
        compared = [
            StackComparison(each, "unaffected") for each in stacks if each in options.stacks or not options.stacks
        ]
    else:
        # What compares takes seconds to import: the program's settings, and with them the SDKs.
        compare = importlib.import_module("offline.diff.comparison").compare
        compared = compare(base, head, place / _STATES, options.stacks, say, processes=options.processes)
        if options.on_cluster:
            carried_out = importlib.import_module("local_cluster.change").carried_out
            compared = with_answers(compared, base, head, partial(carried_out, report=say))
    open_dangers = unacknowledged((danger for each in compared for danger in each.dangers), accepted)
    if options.markdown:
        options.markdown.write_text(markdown(compared, open_dangers))
    if options.json:
        print(as_json(compared, open_dangers))
    else:
        show(*terminal_lines(compared, open_dangers))
    if refused := [each.stack for each in compared if each.outcome == "refused"]:
        raise RevisionError(f"{head.name} can't be deployed to {', '.join(refused)}.")
    if open_dangers:
        lines = "\n".join(f"  {each.line}" for each in open_dangers)
        raise DangersError(f"Nobody has accepted what this would do. If all of it is meant, write:\n{lines}")
    if changed := [each.stack for each in compared if each.outcome not in ("unaffected", "unchanged")]:
        raise DifferencesError(f"{', '.join(changed)} would change.")
