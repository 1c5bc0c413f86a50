"""The programs that platform images hold: where they come from, and where they are kept."""

from local_cluster.images.programs.alertmanager import ALERTMANAGER
from local_cluster.images.programs.collector import COLLECTOR
from local_cluster.images.programs.prometheus import DEPLOYED_PROMETHEUS
from local_cluster.images.programs.spark_operator import SPARK_OPERATOR
from local_cluster.images.programs.target_allocator import TARGET_ALLOCATOR
from local_cluster.images.programs.yunikorn import YUNIKORN

IMAGE_PROGRAMS = (ALERTMANAGER, COLLECTOR, DEPLOYED_PROMETHEUS, SPARK_OPERATOR, TARGET_ALLOCATOR, YUNIKORN)
