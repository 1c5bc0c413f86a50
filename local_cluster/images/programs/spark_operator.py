"""The Spark Operator, built from its module: its project releases it as an image alone."""

from components.charts.versions import SPARK_OPERATOR as CHART
from local_cluster.programs.build import Build
from local_cluster.programs.project import Project
from offline.go_build import MODULES, GoProgram

MODULE = MODULES / "spark_operator"
VERSION = CHART.version

# What its image calls it.
PROGRAM = "spark-operator"
_PACKAGE = "github.com/kubeflow/spark-operator/v2/cmd/operator"

SPARK_OPERATOR = Project(
    "spark-operator",
    (PROGRAM,),
    [Build(VERSION, [GoProgram(PROGRAM, MODULE, _PACKAGE, duration="about 2 minutes on 2 cores")]).way()],
)
