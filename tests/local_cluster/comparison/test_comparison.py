"""What the real Kubernetes does with each planted mistake is what the record says."""

import pytest

from offline.providers.resource import Resource
from tests.local_cluster.comparison.compare import compared
from tests.local_cluster.comparison.real_kubernetes import RealKubernetes
from tests.local_cluster.comparison.record import read

pytestmark = pytest.mark.cluster


def test_the_record_is_what_the_real_kubernetes_does(
    production: tuple[Resource, ...], kubernetes: RealKubernetes
) -> None:
    now = {each.key: each.real for each in compared(production, kubernetes)}
    assert now == {each.key: each.real for each in read()}
