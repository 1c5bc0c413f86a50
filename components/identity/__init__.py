"""Which AWS permissions a workload has, and how it gets them."""
