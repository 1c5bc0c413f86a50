"""What one workload is called, where it lives and which image it runs: the part that all its objects repeat."""

from dataclasses import dataclass, replace
from typing import Self

import pulumi
import pulumi_kubernetes as kubernetes

from components.images.image import Image
from components.workloads.labels import labels, selector_labels


def object_name(metadata: pulumi.Output[kubernetes.meta.v1.outputs.ObjectMeta]) -> pulumi.Output[str]:
    """Physical name of a Kubernetes object, known once the object exists or, in a preview, will exist."""
    return metadata.apply(lambda each: str(each.name))


@dataclass(frozen=True)
class Workload:
    """One workload's identity.

    Args:
        name: physical name of its objects, such as fluent-bit.
        component: what it does, such as log-agent.
        namespace: Kubernetes namespace; as an output of it, objects wait for it and go before it.
        image: main image, whose tag is the workload's version.
    """

    name: str
    component: str
    namespace: pulumi.Input[str]
    image: Image

    @property
    def labels(self) -> dict[str, str]:
        """Labels of every object, the version among them."""
        return labels(self.name, self.component, self.image.tag)

    @property
    def selector(self) -> dict[str, str]:
        """Labels that select its pods."""
        return selector_labels(self.name, self.component)

    def placed_in(self, namespace: pulumi.Input[str]) -> Self:
        """The same workload in a namespace that is known as an output."""
        return replace(self, namespace=namespace)

    def metadata(self, name: str | None = None) -> kubernetes.meta.v1.ObjectMetaArgs:
        """Metadata of a namespaced object.

        Args:
            name: physical name where it is not the workload's own.
        """
        return kubernetes.meta.v1.ObjectMetaArgs(name=name or self.name, namespace=self.namespace, labels=self.labels)

    def cluster_metadata(self) -> kubernetes.meta.v1.ObjectMetaArgs:
        """Metadata of an object outside namespaces, whose name says whose it is."""
        return kubernetes.meta.v1.ObjectMetaArgs(name=f"moka-{self.name}", labels=self.labels)

    def pod_metadata(self) -> kubernetes.meta.v1.ObjectMetaArgs:
        """Metadata of its pod template."""
        return kubernetes.meta.v1.ObjectMetaArgs(labels=self.labels)

    def label_selector(self) -> kubernetes.meta.v1.LabelSelectorArgs:
        """Selector of its pods."""
        return kubernetes.meta.v1.LabelSelectorArgs(match_labels=self.selector)
