"""Looks at a person's machine and AWS account before the first `pulumi up` of a stack, and says what to mend there."""
