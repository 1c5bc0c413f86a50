"""Whom the guard rails exempt: who takes a role of `cluster.access.admin`, and Kubernetes' own masters.

An EKS access policy is a right and no group: the API server sees the session's ARN and the groups of the access entry,
so administrators carry one (`components/cluster/access.py`). The role of `cluster.access.ci` has the same rights and
not the group: it deploys, and enters nothing. `system:masters` is what Kubernetes' authorisers let through unasked; an
access entry can't give it to anybody.

Source: Kubernetes documentation, "Validating Admission Policy", match conditions; "Using RBAC Authorization".
"""

from collections.abc import Mapping

from components.cluster.access import ADMINISTRATORS

EXEMPT = ("system:masters", ADMINISTRATORS)

NOT_AN_ADMINISTRATOR: Mapping[str, str] = {
    "not-an-administrator": f"!request.userInfo.?groups.orValue([]).exists(each, each in {list(EXEMPT)})"
}
