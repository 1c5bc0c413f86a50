"""What is in reach beside pods: nodes, the API server, services of AWS, and all that is outside of the VPC.

Sources: Amazon EKS user guide, "Understand how EKS Pod Identity works" (the agent's address and port; that of IPv6 is
for clusters of that family) and "Cluster API server endpoint"; Amazon EC2 user guide, "Access instance metadata";
Kubernetes documentation, "Service ClusterIP allocation": the API server has the first address, and EKS gives DNS the
tenth. Interface endpoints answer HTTPS; a gateway endpoint is a route to public addresses of its service.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network
from typing import Any

from offline.checks.kubernetes.addon_pods import ADDON
from offline.checks.kubernetes.objects import at, items
from offline.providers.resource import Resource
from offline.providers.values import Properties
from offline.reachability.addresses import without
from offline.reachability.endpoint import Endpoint
from offline.reachability.errors import ReachabilityError
from offline.reachability.metadata import NODE_CLASS, TEMPLATE
from offline.reachability.ports import tcp
from offline.reachability.security_groups import GROUP

NODES, OUTSIDE, API_SERVER, PUBLIC_API = "nodes", "outside the VPC", "API server", "API server, public endpoint"
POD_IDENTITY, METADATA, ENDPOINTS = "pod identity agent", "instance metadata", "VPC endpoints"
METADATA_ADDRESS, POD_IDENTITY_ADDRESS = IPv4Network("169.254.169.254/32"), IPv4Network("169.254.170.23/32")
_HTTPS, _DNS_PLACE = 443, 10
# Loopback and link-local addresses never leave a node.
_LOCAL = (IPv4Network("127.0.0.0/8"), IPv4Network("169.254.0.0/16"))
_SUBNET, _VPC = "aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"
_BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
_CLUSTER, _NODE_GROUP = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


@dataclass(frozen=True)
class Places:
    """The network of one stack.

    Args:
        resources: all of the stack, with their ids.
    """

    resources: Sequence[Resource]

    @cached_property
    def pod_networks(self) -> tuple[IPv4Network, ...]:
        """Where nodes and pods have their addresses.

        Raises:
            ReachabilityError: when a node's subnet is not of the stack, or is not named by its id.
        """
        wanted = {
            *(subnet for each in self._inputs(_NODE_GROUP) for subnet in each.get("subnetIds") or []),
            *(
                term.get("id")
                for each in self._inputs(NODE_CLASS)
                for term in items(at(each, "spec.subnetSelectorTerms"))
            ),
        }
        return self._networks(wanted)

    @cached_property
    def node_groups(self) -> frozenset[str]:
        """Ids of the security groups of all nodes.

        Raises:
            ReachabilityError: when some nodes have other groups: a pod may lie on any of them.
        """
        found = {
            *(frozenset(each.get("vpcSecurityGroupIds") or []) for each in self._inputs(TEMPLATE)),
            *(
                frozenset(term.get("id") for term in items(at(each, "spec.securityGroupSelectorTerms")))
                for each in self._inputs(NODE_CLASS)
            ),
        }
        if len(found) != 1 or not next(iter(found)):
            shown = sorted(map(sorted, found))
            raise ReachabilityError(f"nodes have different security groups, {shown}: a pod's groups are not known then")
        return next(iter(found))

    @cached_property
    def services(self) -> IPv4Network:
        """The range of service addresses."""
        return IPv4Network(str(at(self._cluster, "kubernetesNetworkConfig.serviceIpv4Cidr")))

    @property
    def dns_address(self) -> IPv4Network:
        """The service address of DNS."""
        return IPv4Network(self.services[_DNS_PLACE])

    def endpoints(self) -> Iterator[Endpoint]:
        """All of them."""
        yield Endpoint(NODES, self.pod_networks, groups=self.node_groups, is_in_cluster=True, opens=True)
        yield from self._api_server()
        addons = {each.get("addonName") for each in self._inputs(ADDON)}
        if "eks-pod-identity-agent" in addons:
            yield Endpoint(POD_IDENTITY, (POD_IDENTITY_ADDRESS,), listens=tcp(80), is_link_local=True)
        yield Endpoint(METADATA, (METADATA_ADDRESS,), listens=tcp(80), is_link_local=True)
        yield from self._vpc_endpoints()
        yield from self._other_groups()
        yield Endpoint(OUTSIDE, self._outside, opens=True)

    def _api_server(self) -> Iterator[Endpoint]:
        access: Any = self._cluster["vpcConfig"]
        networks = self._networks(access["subnetIds"])
        first = IPv4Network(self.services[1])
        groups = frozenset(access.get("securityGroupIds") or [])
        yield Endpoint(API_SERVER, networks, None, groups, tcp(_HTTPS), (first,), opens=True)
        if access.get("endpointPublicAccess") is not False:
            listed = tuple(map(IPv4Network, access.get("publicAccessCidrs") or ["0.0.0.0/0"]))
            yield Endpoint(PUBLIC_API, self._outside, listens=tcp(_HTTPS), admits=listed)

    def _vpc_endpoints(self) -> Iterator[Endpoint]:
        found = list(self._inputs(_ENDPOINT))
        interfaces = [each for each in found if each.get("vpcEndpointType") == "Interface"]
        by_groups: dict[frozenset[str], set[str]] = {}
        for each in interfaces:
            groups = frozenset(each.get("securityGroupIds") or [])
            by_groups.setdefault(groups, set()).update(each.get("subnetIds") or [])
        for groups, subnets in by_groups.items():
            yield Endpoint(ENDPOINTS, self._networks(subnets), groups=groups, listens=tcp(_HTTPS))
        for each in found:
            if each.get("vpcEndpointType") == "Gateway":
                service = str(each["serviceName"]).rpartition(".")[2].upper()
                yield Endpoint(f"{service}, gateway endpoint", self._outside)

    def _other_groups(self) -> Iterator[Endpoint]:
        """Interfaces of groups that nothing above has, such as a load balancer's, somewhere in the VPC."""
        taken = {
            *self.node_groups,
            *(at(self._cluster, "vpcConfig.securityGroupIds") or []),
            *(group for each in self._inputs(_ENDPOINT) for group in each.get("securityGroupIds") or []),
        }
        for each in self.resources:
            if each.type == GROUP and each.identifier not in taken:
                groups = frozenset({each.identifier})
                yield Endpoint(f"security group {each.name}", tuple(self._vpc), groups=groups, opens=True)

    @cached_property
    def _cluster(self) -> Properties:
        return next(self._inputs(_CLUSTER))

    @cached_property
    def _vpc(self) -> list[IPv4Network]:
        return [IPv4Network(str(each["cidrBlock"])) for kind in (_VPC, _BLOCK) for each in self._inputs(kind)]

    @cached_property
    def _outside(self) -> tuple[IPv4Network, ...]:
        return tuple(without([IPv4Network("0.0.0.0/0")], [*self._vpc, self.services, *_LOCAL]))

    def _networks(self, subnet_ids: Iterable[Any]) -> tuple[IPv4Network, ...]:
        wanted = set(subnet_ids)
        found = {each.identifier: each.plain_inputs["cidrBlock"] for each in self.resources if each.type == _SUBNET}
        if missing := wanted - found.keys():
            raise ReachabilityError(f"no resource of the stack is subnet {', '.join(sorted(map(str, missing)))}")
        return tuple(sorted(IPv4Network(found[each]) for each in wanted))

    def _inputs(self, kind: str) -> Iterator[Properties]:
        return (each.plain_inputs for each in self.resources if each.type == kind)
