"""What must hold of who reaches whom in every stack; each claim yields what breaks it."""

from collections.abc import Callable, Iterator

from offline.reachability.endpoint import Endpoint
from offline.reachability.matrix import EGRESS_POLICIES, METADATA_OPTIONS, Matrix
from offline.reachability.places import API_SERVER, ENDPOINTS, METADATA, NODES, OUTSIDE, POD_IDENTITY, PUBLIC_API
from offline.reachability.pods import DNS
from offline.reachability.ports import EVERY_PORT, Ports, ports, tcp

Claim = Callable[[Matrix, "Expected"], Iterator[str]]

# Add-ons of EKS bring these, and no policy of the program's stands in them.
NAMESPACES_OF_ADDONS = {"kube-state-metrics", "kube-system"}
DNS_PORTS = ports([("TCP", 53, 53), ("UDP", 53, 53)])
# What every pod must get to: drivers make executors at the API server, and all ask names, credentials and services.
NEEDED = {
    DNS: DNS_PORTS,
    API_SERVER: tcp(443),
    POD_IDENTITY: tcp(80),
    ENDPOINTS: tcp(443),
    "S3, gateway endpoint": tcp(443),
}
SHUFFLE = {"celeborn/celeborn-master": tcp(9097), "celeborn/celeborn-worker": tcp(9091, 9092, 9093)}
# The API server calls admission webhooks.
WEBHOOKS = {
    "spark-operator/spark-operator-webhook": tcp(9443),
    "yunikorn/yunikorn-admission-controller": tcp(9089),
}


class Expected:
    """What differs between stacks.

    Args:
        teams: their namespaces.
        has_shuffle: whether there is a shuffle service.
        private_ranges: names of the rules that let ranges outside of the VPC in to the private API server.
        is_public: whether the API server has a public endpoint.
    """

    def __init__(self, teams: set[str], has_shuffle: bool, private_ranges: set[str], is_public: bool) -> None:
        self.teams = teams
        self.has_shuffle = has_shuffle
        self.private_ranges = private_ranges
        self.is_public = is_public


def space(endpoint: Endpoint) -> str:
    return endpoint.pods.namespace if endpoint.pods else ""


def pods_of(matrix: Matrix) -> list[Endpoint]:
    return [each for each in matrix.endpoints if each.is_pods]


def a_teams_pods_are_reached_from_its_own_namespace_and_by_collectors(
    matrix: Matrix, expected: Expected
) -> Iterator[str]:
    """No other team, add-on, node or platform pod; whatever labels people give to their pods."""
    for each in matrix.verdicts():
        own = space(each.target)
        if own in expected.teams and space(each.source) not in {own, "monitoring"} and each.possible:
            yield f"{each.source.name} reaches {each.target.name} at {each.possible}"


def drivers_and_executors_of_a_namespace_reach_each_other(matrix: Matrix, expected: Expected) -> Iterator[str]:
    """At every port, since Spark picks some: the bound is the team's namespace, not the application."""
    roles = [f"{team}/Spark {role}" for team in expected.teams for role in ("drivers", "executors")]
    if len(roles) != 2 * len(expected.teams) or not set(roles) <= {each.name for each in matrix.endpoints}:
        yield f"the matrix lacks some of {roles}"
        return
    for source in roles:
        for target in roles:
            if source.partition("/")[0] == target.partition("/")[0]:
                found = matrix.between(source, target)
                if found.certain != EVERY_PORT:
                    yield f"{source} surely reaches {target} at {found.certain or 'no port'} only"


def every_pod_reaches_the_services_that_it_needs(matrix: Matrix, expected: Expected) -> Iterator[str]:
    for source in pods_of(matrix):
        wanted = NEEDED | (SHUFFLE if expected.has_shuffle and space(source) in expected.teams else {})
        for target, needed in wanted.items():
            certain = matrix.between(source.name, target).certain
            if certain & needed != needed:
                yield f"{source.name} surely reaches {target} at {certain or 'no port'}, and needs {needed}"


def webhooks_are_reached_by_the_api_server_and_by_nobody_else_outside(
    matrix: Matrix, expected: Expected
) -> Iterator[str]:
    del expected
    for target, needed in WEBHOOKS.items():
        found = matrix.between(API_SERVER, target)
        if (found.possible, found.certain) != (needed, needed):
            yield f"the API server reaches {target} at {found.possible or 'no port'}, and needs {needed}"
        for source in matrix.endpoints:
            if source.opens and space(source) != target.partition("/")[0] and source.name != API_SERVER:
                at = matrix.between(source.name, target).possible
                if at & needed:
                    yield f"{source.name} reaches {target} at {at}"


def only_teams_reach_the_shuffle_service(matrix: Matrix, expected: Expected) -> Iterator[str]:
    if expected.has_shuffle != any(each.name in SHUFFLE for each in matrix.endpoints):
        yield "there is a shuffle service in the matrix or in the settings alone"
    for each in matrix.verdicts():
        if each.target.name in SHUFFLE and space(each.source) not in {"celeborn", "monitoring"}:
            wanted = SHUFFLE[each.target.name] if space(each.source) in expected.teams else Ports()
            if each.possible != wanted:
                yield f"{each.source.name} reaches {each.target.name} at {each.possible or 'no port'}, not {wanted}"


def no_pod_reaches_instance_metadata(matrix: Matrix, expected: Expected) -> Iterator[str]:
    """By the nodes' options, and in all namespaces of the program by a policy as well: either alone would do."""
    del expected
    for source in pods_of(matrix):
        found = matrix.between(source.name, METADATA)
        wanted = {METADATA_OPTIONS} | (set() if space(source) in NAMESPACES_OF_ADDONS else {EGRESS_POLICIES})
        if found.possible or not wanted <= set(found.closed_by):
            yield f"{source.name}: kept from instance metadata by {set(found.closed_by) or 'nothing'}, not by {wanted}"


def pods_and_nodes_reach_the_outside_by_https_alone_and_each_rule_says_why(
    matrix: Matrix, expected: Expected
) -> Iterator[str]:
    for source in [*pods_of(matrix), matrix.endpoint(NODES)]:
        found = matrix.between(source.name, OUTSIDE)
        if (found.possible, found.certain) != (tcp(443), tcp(443)):
            yield f"{source.name} reaches the outside at {found.possible or 'no port'}"
    spaces = {space(each) for each in pods_of(matrix)} - NAMESPACES_OF_ADDONS
    wanted = {f"{each}/no-instance-metadata" for each in spaces} | {"cluster-nodes-to-https"} | expected.private_ranges
    rules = matrix.wide_rules()
    if rules.keys() != wanted:
        yield f"rules that name addresses outside differ from those expected: {sorted(rules.keys() ^ wanted)}"
    yield from (f"{rule} gives no reason" for rule, reason in rules.items() if not reason)


def from_outside_only_listed_ranges_reach_the_api_server(matrix: Matrix, expected: Expected) -> Iterator[str]:
    wanted = {PUBLIC_API} if expected.is_public else set[str]()
    wanted |= {API_SERVER} if expected.private_ranges else set()
    reached = {each.target.name for each in matrix.verdicts() if each.source.name == OUTSIDE and each.possible}
    if reached != wanted:
        yield f"from outside the VPC {sorted(reached)} are reached, and {sorted(wanted)} are meant"
    for each in sorted(reached):
        if matrix.between(OUTSIDE, each).certain:
            yield f"every address outside of the VPC reaches {each}"


CLAIMS: tuple[Claim, ...] = (
    a_teams_pods_are_reached_from_its_own_namespace_and_by_collectors,
    drivers_and_executors_of_a_namespace_reach_each_other,
    every_pod_reaches_the_services_that_it_needs,
    webhooks_are_reached_by_the_api_server_and_by_nobody_else_outside,
    only_teams_reach_the_shuffle_service,
    no_pod_reaches_instance_metadata,
    pods_and_nodes_reach_the_outside_by_https_alone_and_each_rule_says_why,
    from_outside_only_listed_ranges_reach_the_api_server,
)
