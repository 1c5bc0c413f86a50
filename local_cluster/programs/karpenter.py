"""Karpenter with the cloud that its project tests it with: instances are nodes that KWOK plays.

Scheduling, limits, weights, consolidation, budgets, drift and draining are those of every Karpenter. The module's
version is that of the controller that a stack deploys: v1.14.1 of aws/karpenter-provider-aws is made of the same commit
of kubernetes-sigs/karpenter. Its project releases no program.

Two things that the test cloud makes up are told to it here. It takes what waiting pods ask for as a node's capacity,
which would make a pool's limits count pods and not instances; and it keeps the same for the kubelet on every node.

Beside the program lie the definition of its class of nodes, and the prices that a deployed controller is built with.

Source: kubernetes-sigs/karpenter v1.14.1, kwok/cloudprovider; aws/karpenter-provider-aws v1.14.1,
pkg/providers/pricing.
"""

from collections.abc import Mapping
from pathlib import Path

from components.charts.versions import KARPENTER as CHART
from local_cluster.programs.build import Build, SourceChange
from local_cluster.programs.project import Project
from offline.charts import MODULE as CHARTS_MODULE
from offline.go_build import MODULES, GoProgram, module_source
from offline.progress import Say

MODULE = MODULES / "karpenter"
VERSION = CHART.version
PROGRAM = "karpenter-kwok"
CLASS_DEFINITION = "kwoknodeclasses.yaml"
PRICES = "prices.go"

_IMPORT_PATH = "sigs.k8s.io/karpenter"
_OF_AWS = "github.com/aws/karpenter-provider-aws"
_INSTANCE_TYPES = "kwok/cloudprovider/helpers.go"
_CHANGES = (
    SourceChange(
        "kwok/cloudprovider/cloudprovider.go",
        "Capacity:    nodeClaim.Spec.Resources.Requests,",
        "Capacity:    lo.Assign(nodeClaim.Spec.Resources.Requests, instanceType.Capacity),",
    ),
    SourceChange(
        _INSTANCE_TYPES,
        '\tResources        corev1.ResourceList `json:"resources"`\n',
        '\tResources        corev1.ResourceList `json:"resources"`\n'
        '\tOverhead         corev1.ResourceList `json:"overhead"`\n',
    ),
    SourceChange(
        _INSTANCE_TYPES,
        """\
			KubeReserved: corev1.ResourceList{
				corev1.ResourceCPU:    resource.MustParse("100m"),
				corev1.ResourceMemory: resource.MustParse("10Mi"),
			},
""",
        """\
			KubeReserved: options.Overhead,
""",
    ),
)


def _files(cache: Path, report: Say) -> Mapping[str, Path]:
    own = module_source(MODULE, _IMPORT_PATH, cache, report)
    of_aws = module_source(CHARTS_MODULE, _OF_AWS, cache, report)
    return {
        CLASS_DEFINITION: own / "kwok" / "apis" / "crds" / "karpenter.kwok.sh_kwoknodeclasses.yaml",
        PRICES: of_aws / "pkg" / "providers" / "pricing" / "zz_generated.pricing_aws.go",
    }


KARPENTER = Project(
    "karpenter-kwok",
    (PROGRAM,),
    [
        Build(
            VERSION,
            [
                GoProgram(
                    PROGRAM,
                    MODULE,
                    f"{_IMPORT_PATH}/kwok",
                    f"-X {_IMPORT_PATH}/pkg/operator.Version={VERSION}",
                    "about 3 minutes on 2 cores",
                )
            ],
            files=_files,
            changed=_IMPORT_PATH,
            changes=_CHANGES,
        ).way()
    ],
)
