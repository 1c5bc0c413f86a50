"""Tags: those of the stack on everything that takes any, and none that AWS refuses.

Source: AWS general reference, "Tag naming limits and requirements".
"""

from collections.abc import Iterator

from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding
from offline.providers.aws.schemas import has_tags
from offline.providers.aws.types import TYPES

MOST_TAGS = 50
LONGEST_KEY = 128
LONGEST_VALUE = 256
_LIMITS = "AWS general reference, Tag naming limits and requirements"
_DEFAULTS = "pulumi-aws provider configuration, defaultTags"


def tags_are_legal(subject: Subject) -> Iterator[Finding]:
    """Few and short enough, and no key of AWS's own."""
    tags = subject.get("tagsAll") or subject.get("tags") or {}
    if len(tags) > MOST_TAGS:
        yield subject.finding("tags", f"holds {len(tags)} tags, more than {MOST_TAGS}", _LIMITS, "Drop some", len(tags))
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            yield subject.finding("tags", f"has a key {key}, but aws: is AWS's own prefix", _LIMITS, "Rename it", key)
        if not 1 <= len(key) <= LONGEST_KEY or len(str(value)) > LONGEST_VALUE:
            rule = f"has a key over {LONGEST_KEY} or a value over {LONGEST_VALUE} characters: {key[:40]}"
            yield subject.finding("tags", rule, _LIMITS, "Shorten it", value)


def the_stacks_tags_are_on_everything(stack: Stack) -> Iterator[Finding]:
    """What any provider of the stack puts on its resources stands on every taggable one."""
    wanted = {key for subject in stack.subjects for key in subject.account.default_tags}
    for subject in stack.subjects:
        row = TYPES.get(subject.type)
        if row is None or not (row.taggable if row.taggable is not None else has_tags(row.cloudformation)):
            continue
        if subject.gives("tagsAll") and subject.get("tagsAll") is None:
            continue
        missing = sorted(wanted - set(subject.get("tagsAll") or {}))
        if missing:
            rule = f"lacks the stack's tags {', '.join(missing)}"
            fix = "Give it the provider that has default tags"
            yield subject.finding("tagsAll", rule, _DEFAULTS, fix, subject.get("tagsAll") or {})


RULES_TOGETHER = (the_stacks_tags_are_on_everything,)
RULES_OF_ALL = (tags_are_legal,)
