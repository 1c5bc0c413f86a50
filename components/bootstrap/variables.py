"""What a pipeline sets to act in an environment's account: `python -m components.bootstrap.variables STACK`.

Everything follows from account and Region in the stack's file, so a pipeline needs no variable of its own. Leaves out
the roles' rights, which `pipeline_roles.py` has.
"""

import sys
from collections.abc import Mapping

from components.account import Account
from components.bootstrap.load import ENVIRONMENTS
from components.bootstrap.names import DEPLOY_ROLE, PREVIEW_ROLE, backend_url, role_arn
from components.stack_file import SETTINGS, configurations, mapping


def variables(account: Account) -> Mapping[str, str]:
    """Name to value, in lower case, as outputs of a step are called."""
    return {
        "region": account.region,
        "backend_url": backend_url(account),
        "deploy_role": role_arn(DEPLOY_ROLE, account),
        "preview_role": role_arn(PREVIEW_ROLE, account),
    }


def account_of(stack: str) -> Account:
    """Account and Region of an environment, as its stack file has them.

    Raises:
        ValueError: when there is no such file, or it names no account or no Region.
    """
    files = configurations(ENVIRONMENTS)
    settings = mapping(files.get(stack, {}).get(SETTINGS))
    if not all(isinstance(settings.get(each), str) for each in ("account_id", "region")):
        known = ", ".join(files)
        raise ValueError(
            f"stacks/Pulumi.{stack}.yaml has to name account_id, in quotes, and region; there are files for {known}"
        )
    return Account(stack, settings["account_id"], settings["region"])


if __name__ == "__main__":
    for name, value in variables(account_of(sys.argv[1])).items():
        print(f"{name}={value}")
