"""Writes the canary's line: its number is that of the minute for which the CronJob made this Job.

JOB_NAME comes from the pod's label batch.kubernetes.io/job-name.
"""

import os

print(f"moka-log-canary {os.environ['JOB_NAME']}", flush=True)
