"""Controls of environments against each other, of detection, and of the state."""

from policies.control import Control

_PROGRAM = "tests/stacks/test_program.py"
_ISOLATION = "tests/stacks/test_isolation.py"
ENVIRONMENTS = (
    Control(
        47,
        "A trail of calls, with those on log objects",
        (),
        "`detection.trail` makes one that records writes and deletions in the log buckets; off by default, for an "
        "organisation's own. Alarms on what weakens an environment are always there, and need some trail.",
        (
            "tests/components/detection/test_trail.py::test_management_events_are_those_of_every_region",
            "tests/components/detection/test_trail.py::"
            "test_the_trail_is_encrypted_and_digested_and_starts_once_its_bucket_takes_it",
            "tests/components/detection/test_trail.py::"
            "test_objects_of_the_log_buckets_are_watched_without_the_pipelines_own_calls",
            "tests/components/detection/test_event_alarms.py::"
            "test_each_rule_sees_reading_calls_and_feeds_an_alarm_that_tells_the_topic",
        ),
    ),
    Control(
        48,
        "Amazon GuardDuty on the audit log and the nodes",
        (),
        "`detection.detector` and `detection.runtime_agent` switch it on; off by default, for an organisation's own. "
        "Its findings raise an alarm either way.",
        (
            "tests/components/detection/test_guardduty.py::"
            "test_the_audit_log_is_read_and_every_other_source_that_would_come_by_itself_is_off",
            "tests/components/detection/test_event_alarms.py::test_a_threat_of_high_severity_rings",
        ),
    ),
    Control(
        55,
        "An AWS account for each environment",
        (),
        "No two stacks may name the same account; the one AWS provider takes no other, and default providers are off.",
        (
            f"{_PROGRAM}::test_a_copied_account_is_refused_because_the_other_stacks_files_are_read",
            f"{_PROGRAM}::test_the_aws_provider_is_bound_to_the_stacks_account_and_tags_everything",
            f"{_PROGRAM}::test_every_aws_and_kubernetes_resource_has_an_explicit_provider",
            f"{_PROGRAM}::test_default_providers_are_switched_off_for_every_stack",
        ),
    ),
    Control(
        56,
        "No environment writes, deletes, opens or reads another's",
        (),
        "Accounts, identities, policies of resources and endpoints refuse it each by itself; the organisation's two "
        "policies are rendered for its owner to attach.",
        (
            f"{_ISOLATION}::test_every_layer_refuses_every_request_and_the_second_opinion_is_the_same",
            f"{_ISOLATION}::test_a_hole_in_one_layer_is_found_though_the_others_still_refuse",
            f"{_ISOLATION}::test_the_programs_roles_stay_out_where_two_environments_share_an_account",
        ),
    ),
    Control(
        57,
        "No state of another environment is read",
        (),
        "The program reads its own stack's outputs alone, and names nothing of another environment.",
        (
            f"{_PROGRAM}::test_the_program_reads_no_other_stack",
            f"{_PROGRAM}::test_nothing_of_another_environment_is_named",
        ),
    ),
    Control(
        58,
        "Names, tags and address ranges of one environment",
        (),
        "Every resource carries the tag `Environment`; ranges may not overlap another stack's.",
        (
            f"{_PROGRAM}::test_the_aws_provider_is_bound_to_the_stacks_account_and_tags_everything",
            "tests/checks/test_planted_mistakes.py::test_a_planted_mistake_is_refused_at_its_place",
        ),
    ),
    Control(
        59,
        "No secret in the state, the outputs or the settings",
        (),
        "Outputs that could log somebody in are secret; settings name secrets of AWS Secrets Manager or of Kubernetes, "
        "and refuse credentials, which no message shows. State and its key are chosen for each account at "
        "`pulumi stack init`, which no test here sees.",
        (
            "tests/components/test_credentials.py::"
            "test_a_credential_in_any_text_of_the_settings_is_refused_and_not_shown",
            "tests/secrets/test_offline_run.py::test_a_stacks_life_leaves_no_credential_of_whoever_runs_it",
            "tests/local_cluster/drills/test_secrets.py::test_no_file_that_the_run_left_holds_a_secret",
            "tests/stacks/test_real_engine.py::test_no_secret_stands_in_plain_text_in_the_deployment",
            "tests/components/cluster/test_cluster.py::test_the_kubeconfig_output_is_secret",
            "tests/components/alerts/test_receivers.py::"
            "test_an_address_in_settings_or_a_value_that_does_not_exist_is_refused",
        ),
    ),
    Control(
        61,
        "Drift shows",
        (),
        "No resource ignores changes, and a second preview shows none, so `pulumi refresh --preview-only "
        "--expect-no-changes` shows what somebody changed. Who runs it, and when, is the pipeline's.",
        (
            f"{_PROGRAM}::test_no_resource_ignores_what_somebody_changed_by_hand",
            "tests/stacks/test_real_engine.py::test_a_second_preview_in_a_new_process_finds_no_change",
        ),
    ),
)
