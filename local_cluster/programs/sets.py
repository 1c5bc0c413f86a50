"""Which programs a cluster needs."""

from local_cluster.programs.coredns import COREDNS
from local_cluster.programs.etcd import ETCD
from local_cluster.programs.kubernetes import CONTROL_PLANE, REAL_NODES
from local_cluster.programs.kwok import KWOK
from local_cluster.programs.provider import PROVIDER

SIMULATED = (CONTROL_PLANE, ETCD, KWOK, PROVIDER)
REAL = (REAL_NODES, COREDNS)
