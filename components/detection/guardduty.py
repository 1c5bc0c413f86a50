"""Amazon GuardDuty's detector of an account and Region, with what concerns a cluster and nothing else.

Leaves out the agent where the program installs it, which is an add-on of the cluster.
"""

import pulumi
import pulumi_aws as aws

from components.detection.settings import RuntimeAgent

# What a new detector does by itself unless it is told otherwise, each billed by what it looks at. Protection of Amazon
# S3 reads every event of every object in the account, which Spark makes by the million; the others watch what an
# environment does not have, or copy its disks. Those for AI workloads are left as they come, since not every Region may
# know them. Source: Amazon GuardDuty API, CreateDetector; user guide, "Pricing".
OFF = ("S3_DATA_EVENTS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS")
AUDIT_LOGS = "EKS_AUDIT_LOGS"
RUNTIME = "RUNTIME_MONITORING"
# Who manages the agent, by kind of machine.
AGENT_OF_CLUSTERS = "EKS_ADDON_MANAGEMENT"
AGENTS_OF_OTHERS = ("EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT")


class GuardDuty(pulumi.ComponentResource):
    """The detector: foundational sources, the cluster's audit log, and the agent's events where there is one.

    Amazon GuardDuty reads the audit log by a stream of its own, whether or not the cluster logs to Amazon CloudWatch.

    Args:
        name: logical name, such as guardduty.
        runtime_agent: who runs the agent on the nodes.

    Source: Amazon GuardDuty user guide, "EKS Protection" and "Runtime Monitoring"; API, DetectorFeatureConfiguration.
    """

    def __init__(
        self,
        name: str,
        *,
        runtime_agent: RuntimeAgent,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:GuardDuty", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        detector = aws.guardduty.Detector(
            name,
            enable=True,
            # How soon a repeated finding is told again; a new one is told within five minutes.
            finding_publishing_frequency="FIFTEEN_MINUTES",
            opts=child,
        )
        for feature, is_on in ((AUDIT_LOGS, True), *((feature, False) for feature in OFF)):
            aws.guardduty.DetectorFeature(
                f"{name}-{feature}", detector_id=detector.id, name=feature, status=_status(is_on), opts=child
            )
        agents = {AGENT_OF_CLUSTERS: runtime_agent == "guardduty"} | dict.fromkeys(AGENTS_OF_OTHERS, False)
        aws.guardduty.DetectorFeature(
            f"{name}-{RUNTIME}",
            detector_id=detector.id,
            name=RUNTIME,
            status=_status(runtime_agent != "none"),
            additional_configurations=[
                aws.guardduty.DetectorFeatureAdditionalConfigurationArgs(name=agent, status=_status(is_on))
                for agent, is_on in agents.items()
            ],
            opts=child,
        )
        self.register_outputs({})


def _status(is_on: bool) -> str:
    return "ENABLED" if is_on else "DISABLED"
