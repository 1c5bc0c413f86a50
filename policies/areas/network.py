"""Controls of the network."""

from policies.control import Control

NETWORK = (
    Control(
        5,
        "Private nodes",
        ("5.4.3",),
        "Nodes stand in subnets that give no public address and have no route to the internet gateway.",
        (
            "tests/components/network/test_network.py::test_no_subnet_gives_public_addresses_to_instances",
            "tests/components/network/test_network.py::test_only_public_subnets_route_to_the_internet_gateway",
        ),
    ),
    Control(
        17,
        "The CNI enforces network policies",
        ("4.3.1", "5.4.4"),
        "The VPC CNI's settings say so, in its mode `standard`.",
        (
            "tests/components/cluster/test_cluster.py::test_the_cni_takes_prefixes_and_enforces_network_policies",
            "tests/stacks/test_reachability.py::test_in_every_stack",
        ),
    ),
    Control(
        18,
        "Namespaces are closed by default",
        ("4.3.2",),
        "Each namespace that the program makes admits its own pods and what further policies name; egress leaves out "
        "link-local addresses. `kube-system` and `kube-state-metrics` have no policy.",
        (
            "tests/stacks/test_reachability.py::test_in_every_stack",
            "tests/components/workloads/test_network_policy.py::"
            "test_a_namespace_is_bound_both_ways_and_says_why_its_egress_is_wide",
        ),
    ),
    Control(
        19,
        "A team's pods are reached by the team",
        (),
        "Drivers and executors meet within their namespace; collectors reach drivers, and no other team anything.",
        (
            "tests/stacks/test_reachability.py::test_in_every_stack",
            "tests/stacks/test_reachability.py::test_a_claim_breaks_with",
            "tests/components/teams/test_team.py::test_nobody_but_collectors_reaches_a_driver_from_other_namespaces",
        ),
    ),
    Control(
        20,
        "Egress to what pods need",
        (),
        "DNS, API server, pod identity agent, endpoints and S3 are open, instance metadata are closed; to other "
        "addresses the nodes' security group leaves HTTPS open.",
        (
            "tests/stacks/test_reachability.py::test_in_every_stack",
            "tests/stacks/test_reachability.py::test_a_claim_breaks_with",
        ),
    ),
    Control(
        41,
        "Zones, and a way out in each",
        (),
        "Staging and production have three zones with a NAT gateway in each; test and dev have two, with one gateway.",
        (
            "tests/stacks/test_program.py::test_staging_and_production_have_three_zones_each_with_a_way_out_of_its_own",
            "tests/components/network/test_network.py::test_private_subnets_leave_through_the_nat_of_their_own_zone",
        ),
    ),
    Control(
        42,
        "Addresses for every pod",
        (),
        "Nodes take blocks of 100.64.0.0/10, and settings with more pods than addresses are refused.",
        (
            "tests/components/test_settings.py::test_too_many_nodes_for_the_addresses_are_refused_with_the_numbers",
            "tests/components/network/test_capacity.py::test_nodes_that_fit_leave_the_reserved_addresses_free",
        ),
    ),
    Control(
        43,
        "VPC endpoints",
        (),
        "S3 by a gateway; ECR, STS, CloudWatch Logs, EKS, EKS Pod Identity, EC2 and KMS by interfaces. Others, such as "
        "SQS and Amazon Managed Service for Prometheus, are called through NAT.",
        (
            "tests/components/network/test_network.py::test_s3_has_a_gateway_on_every_private_route_table",
            "tests/components/network/test_network.py::"
            "test_interface_endpoints_answer_by_the_services_own_names_in_every_zone",
        ),
    ),
    Control(
        44,
        "Endpoints for this account alone",
        (),
        "Their policies admit this account's principals on its own resources, and images and packages that AWS owns.",
        (
            "tests/components/network/test_calls_through_endpoints.py::test_no_principal_of_another_account_passes",
            "tests/components/network/test_calls_through_endpoints.py::test_no_resource_of_another_account_is_reached",
            "tests/stacks/test_isolation.py::test_every_layer_refuses_every_request_and_the_second_opinion_is_the_same",
        ),
    ),
    Control(
        45,
        "Security groups, and TLS on load balancers",
        ("5.4.5",),
        "Each rule says what it is for, and none lets everybody in. Nodes reach each other on every port. The one load "
        "balancer, of the live Spark UI, is internal and speaks TLS.",
        (
            "tests/components/cluster/test_security_groups.py::"
            "test_nothing_from_outside_reaches_nodes_or_the_control_plane_unless_settings_list_it",
            "tests/components/cluster/test_security_groups.py::test_every_rule_says_what_it_is_for",
            "tests/components/cluster/test_security_groups.py::test_nodes_reach_the_rest_of_the_world_on_https_only",
            "tests/components/spark_ui/test_entrance.py::test_it_speaks_tls_with_the_certificate_of_the_page",
        ),
    ),
    Control(
        46,
        "Flow logs of all traffic",
        (),
        "Into an encrypted log group of their own, kept for `network.flow_log_retention_days`.",
        (
            "tests/components/network/test_network.py::"
            "test_all_traffic_is_recorded_in_an_encrypted_log_group_that_is_kept_as_set",
        ),
    ),
)
