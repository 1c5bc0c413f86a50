"""Whether containers can run here, asked in one place by every test of real nodes."""

import os
import sys

import pytest

CONTAINERS_RUN = sys.platform == "linux" and os.geteuid() == 0

needs_containers = pytest.mark.skipif(not CONTAINERS_RUN, reason="real nodes need Linux and root")
