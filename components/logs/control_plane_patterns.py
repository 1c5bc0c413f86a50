"""Which lines of the control plane's logs matter: patterns of CloudWatch metric filters.

Each pattern sees every line of the group: text of the authenticator, JSON of the audit log, and the other three logs.

Source: Amazon CloudWatch Logs user guide, "Filter pattern syntax for metric filters".
"""

# What aws-iam-authenticator writes when an IAM identity is refused: unknown, not mapped, or with a bad signature.
# Three terms, all of which a line must hold, because a phrase with quotation marks in it can't be quoted safely.
# Source: kubernetes-sigs/aws-iam-authenticator, pkg/server/server.go, authenticateEndpoint.
REFUSED_BY_AUTHENTICATOR = '"level=warning" "access denied" "path=/authenticate"'

# Any credential that the API server could not accept: expired or forged tokens of service accounts too. Anonymous
# requests are answered with 403, so whoever merely scans the endpoint is not counted.
# Source: Kubernetes documentation, "Auditing"; kubernetes/apiserver, WithFailedAuthenticationAudit.
UNAUTHORIZED = "{ $.responseStatus.code = 401 }"


def used_by(role_arn: str) -> str:
    """Pattern of the audit events of whoever assumed a role.

    The authenticator writes the role as STS names it, which is without the path.

    Args:
        role_arn: ARN of the role as IAM has it.

    Source: kubernetes-sigs/aws-iam-authenticator, pkg/arn, Canonicalize; `user.extra.canonicalArn` of audit events.
    """
    owner = role_arn.partition(":role/")[0]
    name = role_arn.rpartition("/")[2]
    return f'{{ $.user.extra.canonicalArn[0] = "{owner}:role/{name}" }}'
