"""What only the objects of a stack together show: names that lead nowhere, pods that fit no node, data that gets lost.

Each rule is a function over the stack; its module names its source. The API server takes all of these objects: the
mistake shows later, as a pod that never starts or a rule that permits nothing.
"""

from offline.checks.kubernetes.access import access_rules_name_something, granted_roles_exist
from offline.checks.kubernetes.capacity import pods_have_room
from offline.checks.kubernetes.disruption import drains_are_let_through, pods_have_one_budget
from offline.checks.kubernetes.existence import named_objects_exist
from offline.checks.kubernetes.files import named_files_exist
from offline.checks.kubernetes.identity import objects_are_distinct
from offline.checks.kubernetes.images import images_are_pinned
from offline.checks.kubernetes.peers import peers_are_some_pods, peers_exist
from offline.checks.kubernetes.placement import groups_are_used, pods_fit_some_node
from offline.checks.kubernetes.registries import images_are_kept, images_can_be_pulled
from offline.checks.kubernetes.selectors import selected_pods_exist
from offline.checks.kubernetes.spark_templates import templates_can_be_read
from offline.checks.kubernetes.stack_judge import StackJudge, StackRule
from offline.checks.kubernetes.volumes import claims_may_grow, volumes_keep_their_data
from offline.checks.kubernetes.webhooks import called_ports_are_open

RULES: tuple[StackRule, ...] = (
    objects_are_distinct,
    named_objects_exist,
    named_files_exist,
    selected_pods_exist,
    peers_exist,
    drains_are_let_through,
    pods_have_one_budget,
    granted_roles_exist,
    access_rules_name_something,
    images_are_pinned,
    templates_can_be_read,
    images_can_be_pulled,
    images_are_kept,
    peers_are_some_pods,
    called_ports_are_open,
    pods_fit_some_node,
    pods_have_room,
    volumes_keep_their_data,
    claims_may_grow,
    groups_are_used,
)


class ReferencesJudge(StackJudge):
    """Says which objects of a stack don't fit together."""

    name = "kubernetes-references"
    rules = RULES
