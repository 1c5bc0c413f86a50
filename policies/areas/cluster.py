"""Controls of the control plane and of the nodes."""

from policies.control import Control

CLUSTER = (
    Control(
        1,
        "Control plane logs, all five kinds",
        ("2.1.1",),
        "Every cluster writes api, audit, authenticator, controllerManager and scheduler.",
        ("tests/components/cluster/test_cluster.py::test_all_five_kinds_of_control_plane_logs_are_on",),
    ),
    Control(
        2,
        "Log group that is the program's own",
        ("2.1.2",),
        "The group is made before the cluster, encrypted, and kept for `cluster.log_retention_days`; alarms read it.",
        (
            "tests/components/cluster/test_cluster.py::test_the_log_group_is_there_before_the_cluster_would_make_its_own",
            "tests/components/logs/test_control_plane_alarms.py::"
            "test_each_filter_reads_the_log_group_and_feeds_the_alarm_that_tells_the_topic",
        ),
    ),
    Control(
        3,
        "Secrets of Kubernetes encrypted with a key of the account",
        ("5.3.1",),
        "A key of AWS KMS with yearly rotation encrypts them; its policy lets the cluster's log group use it besides.",
        (
            "tests/components/cluster/test_cluster.py::"
            "test_secrets_and_logs_are_encrypted_with_a_rotated_key_that_serves_this_log_group",
        ),
    ),
    Control(
        4,
        "Private API endpoint",
        ("5.4.1", "5.4.2"),
        "Private alone in staging and production, to listed ranges and groups; test and dev add a public one for "
        "listed ranges, which `protect` forbids.",
        (
            "tests/components/cluster/test_cluster.py::test_the_api_is_private_unless_ranges_are_listed",
            "tests/stacks/test_reachability.py::test_in_every_stack",
            "tests/checks/test_planted_mistakes.py::test_a_planted_mistake_is_refused_at_its_place",
        ),
    ),
    Control(
        6,
        "Access by access entries alone",
        ("4.1.7", "5.5.1"),
        "Authentication mode API; there is no `aws-auth`.",
        (
            "tests/components/cluster/test_cluster.py::"
            "test_access_is_by_entries_only_whose_policies_hold_in_the_whole_cluster",
            "tests/stacks/test_benchmark.py::test_no_config_map_lets_anybody_in",
        ),
    ),
    Control(
        7,
        "No administrator by the way",
        (),
        "Whoever creates the cluster gets no entry; roles of `cluster.access.admin` and `.ci` are administrators.",
        (
            "tests/components/cluster/test_transforms.py::test_whoever_creates_the_cluster_is_not_its_admin",
            "tests/stacks/test_real_engine.py::test_transforms_reach_the_control_plane_that_pulumi_eks_makes",
            "tests/components/cluster/test_access.py::test_each_kind_gets_the_policies_that_its_work_needs",
        ),
    ),
    Control(
        29,
        "Instance metadata for the node alone",
        (),
        "Launch templates and node classes require tokens, whose answers travel one hop.",
        (
            "tests/components/cluster/test_node_group.py::"
            "test_instances_answer_metadata_to_the_node_only_and_with_a_session",
            "tests/components/capacity/test_node_class.py::"
            "test_a_pools_node_has_the_metadata_disks_tags_and_network_of_a_groups_node",
            "tests/stacks/test_reachability.py::test_in_every_stack",
        ),
    ),
    Control(
        30,
        "Encrypted disks",
        (),
        "Root volumes and volumes of claims are encrypted gp3 by their templates and class; the account's own default "
        "for EBS is left as it is.",
        (
            "tests/components/cluster/test_node_group.py::test_the_root_volume_is_encrypted_gp3_of_the_set_size",
            "tests/components/capacity/test_node_class.py::"
            "test_a_pools_node_has_the_metadata_disks_tags_and_network_of_a_groups_node",
            "tests/components/cluster/test_addons.py::test_volumes_are_encrypted_gp3_in_the_pods_zone_by_default",
        ),
    ),
    Control(
        31,
        "Pinned versions of Kubernetes and images of nodes",
        (),
        "Both stand in the settings; a new cluster gets no version whose support has ended.",
        (
            "tests/components/cluster/test_node_group.py::test_the_image_is_pinned_and_its_version_is_the_clusters",
            "tests/components/capacity/test_node_class.py::"
            "test_the_image_is_of_the_pools_release_whatever_version_the_control_plane_has",
            "tests/stacks/test_program.py::test_the_kubernetes_version_is_judged_by_todays_date",
        ),
    ),
    Control(
        32,
        "Images, instances and programs of one architecture",
        (),
        "Settings name the architecture once; types of another are refused, and images come for both.",
        (
            "tests/checks/test_planted_mistakes.py::test_a_planted_mistake_is_refused_at_its_place",
            "tests/components/cluster/test_node_group.py::test_intel_and_graviton_differ_only_in_image_and_types",
            "tests/moka_images/test_check.py::test_an_index_of_one_architecture_is_named",
        ),
    ),
    Control(
        33,
        "Nodes are repaired, and updated in parts",
        (),
        "A third of executor nodes at a time, one node where drivers or the platform run; broken nodes are replaced.",
        (
            "tests/components/cluster/test_node_group.py::test_broken_nodes_are_replaced",
            "tests/components/cluster/test_node_group.py::test_updates_spare_two_thirds_of_executor_nodes",
            "tests/components/cluster/test_node_group.py::"
            "test_updates_take_one_node_at_a_time_where_drivers_or_platform_pods_run",
        ),
    ),
    Control(
        34,
        "Interruptions of Spot",
        (),
        "Karpenter hears of what takes instances away by a queue of its own; drivers run on capacity that stays.",
        (
            "tests/components/capacity/test_interruptions.py::"
            "test_what_takes_an_instance_away_is_heard_of_and_nothing_else",
            "tests/components/capacity/test_settings.py::test_a_driver_pool_is_never_spot",
            "tests/components/test_settings.py::"
            "test_production_runs_drivers_on_demand_and_executors_on_six_spot_types_of_each_architecture",
        ),
    ),
    Control(
        35,
        "Graceful shutdown of nodes",
        (),
        "Kubelets end pods within the two minutes of a Spot notice, and executors hand over their blocks meanwhile.",
        (
            "tests/components/cluster/test_node_config.py::"
            "test_a_node_shuts_down_within_the_two_minutes_of_a_spot_notice",
            "tests/components/spark/test_defaults.py::"
            "test_executors_get_as_long_to_hand_over_their_blocks_as_nodes_give_them",
        ),
    ),
)
