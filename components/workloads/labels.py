"""The labels of every Kubernetes object, and the subset that selects pods.

Source: Kubernetes documentation, "Recommended Labels". Selectors leave the version out because they are immutable
and a new version would replace the workload.
"""

PART_OF = "moka"


def selector_labels(name: str, component: str) -> dict[str, str]:
    """Labels that stay the same for the life of a workload: what it is and what it does."""
    return {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/part-of": PART_OF,
    }


def labels(name: str, component: str, version: str) -> dict[str, str]:
    """The selector's labels and the version that runs."""
    return {**selector_labels(name, component), "app.kubernetes.io/version": version}
