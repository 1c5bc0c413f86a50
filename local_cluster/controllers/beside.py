"""Controllers that run beside a cluster for as long as somebody needs them: a drill, or a measurement.

The supervisor of a cluster starts none of them: they need what a stack makes, such as the file of queues.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from local_cluster.children import Children
from local_cluster.directory import ClusterDirectory
from local_cluster.process import Process


@contextmanager
def beside(directory: ClusterDirectory, *processes: Process) -> Iterator[Children]:
    """Run controllers while the context lasts; each is ready before the next one starts.

    Args:
        directory: of the cluster, where their logs go.
        processes: the controllers.

    Raises:
        StartError: when one does not become ready.
    """
    children = Children(directory)
    try:
        for process in processes:
            children.start(process)
        yield children
    finally:
        children.stop()
