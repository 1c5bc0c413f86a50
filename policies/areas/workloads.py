"""Controls of pods, images and scheduling."""

from policies.control import Control

WORKLOADS = (
    Control(
        15,
        "Pod Security Standards",
        ("4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5"),
        "Namespaces enforce `restricted`, those of teams and Celeborn `baseline`, that of the log agent `privileged`; "
        "a policy refuses host access everywhere else.",
        (
            "tests/stacks/test_guard_rails.py::"
            "test_every_namespace_enforces_a_level_and_has_a_default_account_without_a_token",
            "tests/components/guard_rails/test_guard_rails.py::test_pods_reach_into_nodes_where_agents_live_alone",
            "tests/checks/test_planted_mistakes.py::test_a_planted_mistake_is_refused_at_its_place",
        ),
    ),
    Control(
        16,
        "Pods without root, capabilities or a writable root file system",
        ("4.2.5",),
        "Platform pods are made with one security context; the log agent and Celeborn's preparation of disks are root "
        "without root's powers. A team's pods bring their own within `baseline`.",
        (
            "tests/components/monitoring/test_monitoring.py::test_every_workload_has_the_common_shape",
            "tests/components/monitoring/test_monitoring.py::"
            "test_the_namespace_enforces_the_restricted_level_and_every_pod_satisfies_it",
            "tests/components/logs/test_fluent_bit.py::test_the_agent_is_root_without_roots_powers",
        ),
    ),
    Control(
        21,
        "Secrets as files, or elsewhere",
        ("4.4.1", "4.4.2"),
        "No container of the four stacks has a secret among its variables. Headers of `forward_to` and "
        "`traces_and_logs_to` and keys of the live Spark UI's login, where a stack has them, are variables from "
        "secrets that people make, and lie on the disk of their node.",
        (
            "tests/stacks/test_benchmark.py::test_no_container_has_a_secret_among_its_variables",
            "tests/components/monitoring/test_alert_paths.py::"
            "test_secrets_of_receivers_lie_where_the_routing_reads_them_and_none_keeps_the_pod_from_starting",
            "tests/local_cluster/drills/test_secrets.py::"
            "test_nodes_keep_secrets_that_are_files_in_memory_and_those_that_are_variables_on_disk",
        ),
    ),
    Control(
        22,
        "Namespaces for everything, and none of it in default",
        ("4.5.1", "4.5.2"),
        "Each part of the platform and each team has a namespace; every object names its own.",
        ("tests/stacks/test_benchmark.py::test_every_object_names_a_namespace_that_the_stack_makes_or_one_of_add_ons",),
    ),
    Control(
        23,
        "Scanned images under tags that never move",
        ("5.1.1",),
        "Repositories are immutable, encrypted and scanned on push; nightly scans read the project's own images.",
        (
            "tests/components/images/test_image_registry.py::"
            "test_repositories_are_encrypted_scanned_and_immutable_and_kept_where_they_are_protected",
            "tests/components/images/test_image_registry.py::test_whatever_is_pushed_is_scanned",
        ),
    ),
    Control(
        24,
        "The cluster pulls and does not push",
        ("5.1.2", "5.1.3"),
        "Nodes have Amazon's policy for pulls; a team's owners and the publisher push, and everybody else is denied.",
        (
            "tests/components/cluster/test_node_group.py::test_nodes_may_join_and_pull_images_and_no_more",
            "tests/components/images/test_policies.py::test_nobody_else_pushes_whatever_rights_they_have",
            "tests/stacks/identity/test_programs.py::test_aws_publishes_every_managed_policy_that_is_attached",
        ),
    ),
    Control(
        25,
        "Images of the account's registry alone",
        ("5.1.4",),
        "Every image of the platform comes from it; in team namespaces the API server refuses others, and tags without "
        "a digest where `images.digests_required` says so.",
        (
            "tests/stacks/test_images.py::test_every_image_of_a_stack_is_right_and_charts_images_are_among_them",
            "tests/stacks/test_images.py::test_team_namespaces_refuse_foreign_images_and_where_settings_say_so_tags",
        ),
    ),
    Control(
        36,
        "Disruption budgets that let drains through",
        (),
        "Every budget lets one pod go of those that it covers, but for drivers: no drain evicts one.",
        (
            "tests/checks/test_planted_mistakes.py::test_a_planted_mistake_is_refused_at_its_place",
            "tests/components/monitoring/test_availability.py::"
            "test_high_availability_is_two_replicas_in_two_zones_with_a_budget",
            "tests/components/teams/test_team.py::test_no_drain_evicts_a_driver_and_executors_may_go",
        ),
    ),
    Control(
        37,
        "Platform pods in several zones",
        (),
        "Replicas of metrics and alerts, of the operator and of shuffle masters spread over zones.",
        (
            "tests/components/monitoring/test_zone_loss.py::test_whichever_zone_goes_a_replica_remains",
            "tests/components/operator/test_operator.py::test_several_replicas_spread_and_one_may_go_at_a_time",
            "tests/components/shuffle/test_celeborn.py::test_each_master_stands_in_a_zone_of_its_own_on_system_nodes",
        ),
    ),
    Control(
        38,
        "Priorities",
        (),
        "The cluster's own pods before the platform's, these before Spark, whose drivers and executors have no class: "
        "queues order them.",
        (
            "tests/components/workloads/test_priority.py::"
            "test_platform_pods_outrank_spark_give_way_to_the_cluster_and_the_movable_to_those_with_a_volume",
            "tests/stacks/test_real_engine.py::test_platform_pods_come_after_the_priority_class_that_they_name",
        ),
    ),
    Control(
        39,
        "Requests, limits and quotas",
        (),
        "Team pods without requests or a limit of memory are refused; queues bound CPU and memory, a quota objects.",
        (
            "tests/components/teams/test_admission_policy.py::"
            "test_every_container_is_asked_for_a_limit_of_memory_and_all_requests",
            "tests/components/teams/test_team.py::test_the_quota_counts_objects_and_opens_no_port_of_nodes",
            "tests/components/monitoring/test_monitoring.py::test_every_workload_has_the_common_shape",
        ),
    ),
    Control(
        40,
        "Scale-down spares drivers",
        (),
        "Drivers carry `karpenter.sh/do-not-disrupt`, and their pools wait for them as long as they run.",
        (
            "tests/components/spark/test_defaults.py::test_nodes_stay_for_drivers_and_not_for_executors",
            "tests/components/capacity/test_node_pool.py::test_a_drain_waits_for_drivers_as_long_as_they_run",
            "tests/components/capacity/test_settings.py::test_no_drain_ends_a_driver",
        ),
    ),
)
