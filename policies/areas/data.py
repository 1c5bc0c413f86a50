"""Controls of buckets and of stores of metrics."""

from policies.control import Control

_BUCKETS = "tests/components/buckets/test_log_buckets.py"
DATA = (
    Control(
        49,
        "Buckets by TLS alone, closed to the public, owned by the account",
        (),
        "Every log bucket has the four blocks, ownership enforced and a policy that denies plain HTTP.",
        (
            f"{_BUCKETS}::test_every_bucket_has_every_companion_and_they_are_its_siblings",
            f"{_BUCKETS}::test_no_bucket_is_reachable_by_the_public",
            f"{_BUCKETS}::test_no_object_belongs_to_another_account_and_access_lists_count_for_nothing",
            f"{_BUCKETS}::test_a_policy_denies_plain_http_other_accounts_other_keys_and_lifting_the_lock",
        ),
    ),
    Control(
        50,
        "Buckets for this account alone",
        (),
        "Policies deny principals of other accounts and all writers that are not named; an administrator can always "
        "mend them. Calls of the own account from outside of the VPC pass.",
        (
            f"{_BUCKETS}::test_a_policy_denies_plain_http_other_accounts_other_keys_and_lifting_the_lock",
            "tests/components/logs/test_access.py::test_other_accounts_plain_http_and_other_keys_are_refused",
            "tests/stacks/test_isolation.py::test_administrators_can_mend_every_policy_of_their_own_environment",
        ),
    ),
    Control(
        51,
        "Encryption by a key of the account, and by no other",
        (),
        "Log buckets use one key with a bucket key, and deny others; access logs are encrypted by Amazon S3, which "
        "delivers them under no other.",
        (
            f"{_BUCKETS}::test_log_buckets_use_the_customer_key_and_the_access_log_bucket_amazon_s3s_own",
            "tests/components/logs/test_access.py::test_other_accounts_plain_http_and_other_keys_are_refused",
        ),
    ),
    Control(
        52,
        "Versions and lifecycle",
        (),
        "Logs move, expire, and go with their replaced versions; uploads that never ended go after a week.",
        (
            f"{_BUCKETS}::test_the_lifecycle_moves_expires_and_cleans_up",
            f"{_BUCKETS}::test_production_defaults_version_lock_keep_and_protect_everything_of_a_bucket",
        ),
    ),
    Control(
        53,
        "Object Lock on logs",
        (),
        "Each version is locked, in production for 90 days and in staging for one; lifting the lock is denied, and "
        "every writer sends the checksums that a lock asks for.",
        (
            f"{_BUCKETS}::test_production_defaults_version_lock_keep_and_protect_everything_of_a_bucket",
            f"{_BUCKETS}::test_who_deploys_deletes_logs_and_lifts_the_lock_only_where_buckets_are_emptied",
            "tests/components/buckets/test_writers.py::test_every_writer_of_a_log_bucket_sends_checksums",
        ),
    ),
    Control(
        54,
        "Nothing that holds data is deleted by the way",
        (),
        "Staging and production protect it, and no setting empties production's buckets.",
        (
            "tests/stacks/test_program.py::test_what_holds_data_is_protected_in_staging_and_production_and_logs_"
            "wherever_they_may_not_be_emptied",
            "tests/stacks/test_destroy.py::test_production_is_never_emptied_by_a_setting",
        ),
    ),
    Control(
        62,
        "Encrypted stores of metrics, behind a login",
        (),
        "The managed workspace has a key of the account; in the cluster volumes are encrypted, nothing is reached from "
        "outside, and Grafana asks for its password or Identity Center.",
        (
            "tests/components/monitoring/test_stores.py::"
            "test_managed_storage_makes_an_encrypted_workspace_that_only_collectors_may_write_to",
            "tests/components/monitoring/test_grafana.py::test_nobody_gets_in_without_the_generated_password",
            "tests/components/monitoring/test_managed_grafana.py::"
            "test_people_log_in_with_identity_center_and_nothing_has_a_password",
            "tests/components/monitoring/test_monitoring.py::"
            "test_other_namespaces_reach_nothing_but_the_otlp_ports_of_node_collectors",
        ),
    ),
)
