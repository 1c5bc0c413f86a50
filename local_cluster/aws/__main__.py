"""temp"""

import argparse
import signal
import threading
from pathlib import Path

from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.webhooks import serve_webhooks
from local_cluster.directory import ClusterDirectory

p = argparse.ArgumentParser()
for o in ("--directory", "--stack", "--deployment", "--webhook-port"):
    p.add_argument(o)
o = p.parse_args()
d = ClusterDirectory(Path(o.directory), o.stack)
s = serve_webhooks(d, DeploymentFile(d.deployment), int(o.webhook_port))
e = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: e.set())
e.wait()
