"""Who may open connections to whom: to the control plane, and between it and the nodes.

Leaves out what pods may do to each other, which network policies say, and load balancers, which bring rules of their
own for the group of nodes. DNS, time and instance metadata need no rule: security groups don't filter them.

Source: Amazon EKS user guide, "View Amazon EKS security group requirements for clusters".
"""

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.cluster.private_access import PrivateAccess

HTTPS_PORT = 443
EVERYWHERE = "0.0.0.0/0"
DASHES = str.maketrans("./", "--")

# Ports on which the API server calls nodes and pods. pulumi-eks opens 1025 to 65535, which hands the whole of Spark's
# ports to whoever may proxy through the API server; a new webhook adds its port here instead.
CONTROL_PLANE_TO_NODES = {
    443: "admission webhooks and extension API servers on HTTPS",
    8443: "admission webhooks of operators",
    # apache/yunikorn-k8shim, pkg/cmd/admissioncontroller/main.go, HTTPPort.
    9089: "admission controller of YuniKorn",
    # Its default port; the Spark Operator's chart sets the same: kubeflow/spark-operator, webhook.port.
    9443: "admission webhooks of controller-runtime",
    10250: "kubelet: logs, exec, port-forward",
    10251: "metrics-server of the EKS add-on",
}


class SecurityGroups(pulumi.ComponentResource):
    """One group for the control plane's interfaces and one for all nodes.

    Args:
        name: logical name, such as cluster.
        account: the environment's account.
        private_access: who reaches the API endpoint beside the nodes.
        vpc_id: the VPC.

    Outputs:
        control_plane: the group of the control plane, as a resource because `eks.Cluster` takes it so.
        nodes_id: id of the group of nodes.
    """

    control_plane: aws.ec2.SecurityGroup
    nodes_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        account: Account,
        private_access: PrivateAccess,
        *,
        vpc_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:SecurityGroups", name, None, opts)
        self._name = name
        self.control_plane = self._make_group(
            "control-plane",
            "Control plane of the EKS cluster",
            vpc_id,
            {"Name": f"{account.cluster_name}-control-plane"},
        )
        nodes = self._make_group(
            "nodes",
            "Nodes and pods of the EKS cluster",
            vpc_id,
            {
                "Name": f"{account.cluster_name}-nodes",
                # The load balancer controller adds its rules to the one group of a node that carries this tag.
                f"kubernetes.io/cluster/{account.cluster_name}": "owned",
                "karpenter.sh/discovery": account.cluster_name,
            },
        )
        self.nodes_id = nodes.id
        self._connect(self.control_plane.id, nodes.id)
        self._admit(private_access, self.control_plane.id)
        self._open_nodes(nodes.id)
        self.register_outputs({"control_plane": self.control_plane, "nodes_id": self.nodes_id})

    def _make_group(
        self, role: str, description: str, vpc_id: pulumi.Input[str], tags: dict[str, str]
    ) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self._name}-{role}",
            description=description,
            vpc_id=vpc_id,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _admit(self, access: PrivateAccess, control_plane_id: pulumi.Output[str]) -> None:
        """Listed sources to the API server; both endpoints have one name, and only a rule lets the private one answer.

        Source: Amazon EKS user guide, "Cluster API server endpoint", accessing a private only API server.
        """
        for cidr in access.cidrs:
            role = f"api-from-{str(cidr).translate(DASHES)}"
            self._allow(role, control_plane_id, None, HTTPS_PORT, "API server from a listed range", cidr=str(cidr))
        for group_id in access.security_group_ids:
            self._allow(
                f"api-from-{group_id}", control_plane_id, group_id, HTTPS_PORT, "API server from a listed group"
            )

    def _connect(self, control_plane_id: pulumi.Output[str], nodes_id: pulumi.Output[str]) -> None:
        """Nodes to the API server, and the API server to the ports that it calls."""
        self._allow("api-from-nodes", control_plane_id, nodes_id, HTTPS_PORT, "API server from nodes and pods")
        for port, purpose in CONTROL_PLANE_TO_NODES.items():
            role = f"control-plane-{port}"
            self._allow(f"nodes-from-{role}", nodes_id, control_plane_id, port, f"From the control plane: {purpose}")
            aws.vpc.SecurityGroupEgressRule(
                f"{self._name}-{role}-to-nodes",
                security_group_id=control_plane_id,
                referenced_security_group_id=nodes_id,
                description=f"To nodes: {purpose}",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                opts=pulumi.ResourceOptions(parent=self),
            )

    def _allow(
        self,
        role: str,
        group_id: pulumi.Input[str],
        source_id: pulumi.Input[str] | None,
        port: int,
        description: str,
        *,
        cidr: str | None = None,
    ) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-{role}",
            security_group_id=group_id,
            referenced_security_group_id=source_id,
            cidr_ipv4=cidr,
            description=description,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _open_nodes(self, nodes_id: pulumi.Output[str]) -> None:
        """Nodes among themselves, and HTTPS out.

        Spark drivers, executors and their shuffle listen on ports that the kernel picks, so no list of ports would
        hold; network policies narrow it per pod. HTTPS goes anywhere because image registries, S3 and AWS services
        without an endpoint have no fixed addresses; anything else that a job must reach is a rule of its own.
        """
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-nodes-from-nodes",
            security_group_id=nodes_id,
            referenced_security_group_id=nodes_id,
            description="Pods and nodes from each other",
            ip_protocol="-1",
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-nodes-to-nodes",
            security_group_id=nodes_id,
            referenced_security_group_id=nodes_id,
            description="Pods and nodes to each other",
            ip_protocol="-1",
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-nodes-to-https",
            security_group_id=nodes_id,
            cidr_ipv4=EVERYWHERE,
            description="API server, AWS services, image registries",
            ip_protocol="tcp",
            from_port=HTTPS_PORT,
            to_port=HTTPS_PORT,
            opts=pulumi.ResourceOptions(parent=self),
        )
