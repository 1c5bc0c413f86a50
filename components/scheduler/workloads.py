"""Names and ports of the scheduler and its admission controller, which manifests, webhooks and collectors share.

The scheduler's names are its project's own: the log agent finds its log by them, collectors and alerts its metrics.
"""

from components.images.table import YUNIKORN_ADMISSION, YUNIKORN_SCHEDULER
from components.workloads.workload import Workload

NAMESPACE = "yunikorn"

SCHEDULER = "yunikorn-scheduler"
# The log agent reads the applications' summaries from this container's log alone.
SCHEDULER_CONTAINER = "yunikorn-scheduler-k8s"
# Metrics and the REST API; not to be chosen. Source: apache/yunikorn-core 1.8, pkg/webservice/webservice.go.
SCHEDULER_PORT = 9080

ADMISSION = "yunikorn-admission-controller"
# Not to be chosen either. Source: apache/yunikorn-k8shim 1.8, pkg/cmd/admissioncontroller/main.go.
ADMISSION_PORT = 9089
WEBHOOK_PORT = 443

# User of both images. Source: apache/yunikorn-k8shim 1.8, docker/scheduler and docker/admission.
USER = 4444

# The value of a pod's schedulerName that makes it YuniKorn's.
SCHEDULER_NAME = "yunikorn"

SCHEDULER_WORKLOAD = Workload(SCHEDULER, "scheduler", NAMESPACE, YUNIKORN_SCHEDULER)
ADMISSION_WORKLOAD = Workload(ADMISSION, "admission-controller", NAMESPACE, YUNIKORN_ADMISSION)
