"""An alert that somebody must be told of."""

import subprocess
import sys

from local_cluster.launch import way_inside
from tests.local_cluster.drills.running_stack import RunningStack

# In the cluster's network: the API server's proxy takes no such body from kubectl.
_PLANT = """\
import json, urllib.request
labels = {"alertname": "Planted", "severity": "critical", "team": "platform", "namespace": "monitoring"}
url = "http://alertmanager.monitoring.svc.cluster.local:9093/api/v2/alerts"
body = json.dumps([{"labels": labels}]).encode()
urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"}), timeout=10)
"""


def plant_an_alert(stack: RunningStack) -> None:
    """Tell Alertmanager of it, as Prometheus would."""
    command = [*way_inside(stack.cluster.directory), sys.executable, "-c", _PLANT]
    subprocess.run(command, check=True, capture_output=True)
