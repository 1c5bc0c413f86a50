"""Controls of rights in Kubernetes, and of identities in AWS."""

from policies.control import Control

IDENTITY = (
    Control(
        8,
        "No binding to cluster-admin",
        ("4.1.1",),
        "Bindings name roles of the program and its charts; administrators have an access policy of Amazon EKS.",
        (
            "tests/stacks/test_benchmark.py::test_no_binding_gives_away_a_role_that_kubernetes_comes_with",
            "tests/local_cluster/drills/test_access.py::test_a_role_may_do_what_its_access_policies_say",
        ),
    ),
    Control(
        9,
        "Secrets of Kubernetes are read by no team and no program",
        ("4.1.2",),
        "No role reads a namespace's secrets; the webhooks of YuniKorn and the Spark Operator read their own, by name. "
        "Administrators and operators read all of them, by access policies of Amazon EKS.",
        (
            "tests/stacks/test_benchmark.py::test_no_role_reads_the_secrets_of_a_namespace",
            "tests/local_cluster/drills/test_access.py::test_a_service_account_may_do_its_work_and_no_more",
        ),
    ),
    Control(
        10,
        "No wildcards in roles",
        ("4.1.3",),
        "Roles of the program and its charts have none, but in groups of schedulers that no stack has.",
        ("tests/stacks/test_benchmark.py::test_no_role_has_a_wildcard",),
    ),
    Control(
        11,
        "Who may make pods",
        ("4.1.4",),
        "A team's people and drivers, the scheduler and the Spark Operator, in namespaces of teams alone.",
        (
            "tests/stacks/test_benchmark.py::test_pods_are_made_in_namespaces_of_teams_by_their_people_drivers_scheduler_and_operator",
            "tests/local_cluster/drills/test_access.py::test_a_service_account_may_do_its_work_and_no_more",
        ),
    ),
    Control(
        12,
        "Default accounts unused, tokens only where they are needed",
        ("4.1.5", "4.1.6"),
        "Every pod names an account; default accounts hand out no token, and others only where the account has rights.",
        (
            "tests/stacks/test_guard_rails.py::"
            "test_pods_have_accounts_of_their_own_and_a_token_exactly_where_the_account_has_rights",
            "tests/stacks/test_guard_rails.py::"
            "test_every_namespace_enforces_a_level_and_has_a_default_account_without_a_token",
        ),
    ),
    Control(
        13,
        "Nobody binds, escalates or impersonates",
        ("4.1.8",),
        "No role of the program or its charts has these verbs, or writes roles and bindings.",
        (
            "tests/stacks/test_benchmark.py::test_no_role_gives_rights_or_takes_those_of_others",
            "tests/local_cluster/drills/test_guard_rails.py::test_a_team_gives_nobody_rights",
        ),
    ),
    Control(
        14,
        "No volumes, kubelet proxies, webhooks or tokens for tenants",
        ("4.1.9", "4.1.10", "4.1.11", "4.1.12"),
        "No role of the program or its charts makes a volume or a token or reaches kubelets by the API; webhooks "
        "update themselves, by name. Proxies to nodes are refused to all but administrators.",
        (
            "tests/stacks/test_benchmark.py::"
            "test_no_role_makes_volumes_or_tokens_or_calls_kubelets_or_changes_webhooks_but_its_own",
            "tests/components/guard_rails/test_guard_rails.py::"
            "test_every_connection_of_the_api_to_pods_services_and_nodes_is_watched",
        ),
    ),
    Control(
        26,
        "AWS credentials by EKS Pod Identity",
        ("5.2.1",),
        "One association a service account that calls AWS; its role trusts pods of this account's cluster alone.",
        (
            "tests/components/identity/test_pod_identity.py::"
            "test_only_pods_of_this_accounts_cluster_may_assume_the_role",
            "tests/components/identity/test_pod_identity.py::"
            "test_the_association_names_one_service_account_and_waits_for_its_permissions",
            "tests/stacks/identity/test_programs.py::test_each_role_is_one_programs",
        ),
    ),
    Control(
        27,
        "Least privilege for each team",
        (),
        "A team's roles use the data of its entry and its own directory of event logs, and nothing of another team.",
        (
            "tests/stacks/test_isolation.py::test_no_team_reads_or_writes_what_another_team_has",
            "tests/components/teams/test_rights_in_aws.py::test_applications_touch_nothing_else",
            "tests/stacks/identity/test_programs.py::test_each_role_is_granted_nothing_that_its_program_does_not_do",
        ),
    ),
    Control(
        28,
        "Role of nodes",
        (),
        "Nodes join, pull images and look up their name; the VPC CNI and the volume driver have roles of their own.",
        (
            "tests/components/cluster/test_node_group.py::test_nodes_may_join_and_pull_images_and_no_more",
            "tests/components/cluster/test_cluster.py::test_add_ons_have_their_permissions_before_nodes_join",
        ),
    ),
    Control(
        60,
        "Pipelines log in by OpenID Connect",
        (),
        "Roles of pipelines and the image publisher's take jobs that name themselves in full: one repository, one "
        "environment, and for previews pull requests and listed branches. The deploy role does what a deployment "
        "asks for, within a boundary that it and the roles that it makes can't leave (bootstrap.md).",
        (
            "tests/components/bootstrap/test_trust.py::test_jobs_of_github_become_what_their_subject_says",
            "tests/stacks/bootstrap/test_permissions.py::test_each_role_is_granted_nothing_that_no_run_asks_for",
            "tests/stacks/bootstrap/test_escalation.py::test_a_way_out_is_refused",
            "tests/stacks/bootstrap/test_escalation.py::"
            "test_every_role_of_every_environment_has_the_boundary_and_a_name_of_the_environment",
            "tests/components/images/test_policies.py::"
            "test_only_jobs_of_one_environment_of_one_repository_become_the_publisher",
            "tests/workflows/test_workflows.py::test_only_jobs_that_push_take_or_sign_may_ask_for_a_token",
        ),
    ),
)
