"""Versions that follow the control plane's are refused when they don't."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.cluster.addon_versions import AddonVersions
from components.cluster.settings import AccessSettings, ClusterSettings, rules_of_versions

ACCESS = AccessSettings(ci=("arn:aws:iam::222222222222:role/ci",))


def broken_fields(**settings: Any) -> list[str]:
    return [each.field for each in rules_of_versions(ClusterSettings(access=ACCESS, **settings))]


def test_the_defaults_fit_each_other() -> None:
    assert broken_fields() == []


def test_another_kubernetes_version_needs_its_own_nodes_and_kube_proxy() -> None:
    assert broken_fields(kubernetes_version="1.34") == ["cluster.addons.kube_proxy", "cluster.node_release"]


def test_a_version_that_only_starts_alike_is_another_one() -> None:
    assert broken_fields(addons=AddonVersions(kube_proxy="v1.3.5-eksbuild.1")) == ["cluster.addons.kube_proxy"]


@pytest.mark.parametrize("version", ["latest", "v1.22.4", "1.22.4-eksbuild.3"])
def test_an_add_on_version_is_exact(version: str) -> None:
    with pytest.raises(ValidationError):
        AddonVersions(vpc_cni=version)
