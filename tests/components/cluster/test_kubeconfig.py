"""The kubeconfig names a command that gets a token, and never holds one."""

import json

from hypothesis import given
from hypothesis import strategies as st

from components.cluster.kubeconfig import endpoint_and_authority, kubeconfig

WORD = st.text("abcdefghij0123456789.-", min_size=1, max_size=20)


@given(WORD, WORD, WORD, WORD)
def test_it_is_complete_and_holds_no_credential(name: str, region: str, endpoint: str, authority: str) -> None:
    config = kubeconfig(name, region, endpoint, authority)

    assert endpoint_and_authority(config) == (endpoint, authority)
    [context] = config["contexts"]
    assert config["current-context"] == context["name"] == name
    assert context["context"] == {"cluster": config["clusters"][0]["name"], "user": config["users"][0]["name"]}
    assert list(config["users"][0]["user"]) == ["exec"]
    assert '"token"' not in json.dumps(config)


def test_the_command_asks_aws_for_a_token_of_this_cluster_without_a_terminal() -> None:
    user = kubeconfig("moka-dev", "eu-west-1", "https://example.com", "Q0E=")["users"][0]["user"]["exec"]

    command = " ".join([user["command"], *user["args"]])
    assert command == "aws --region eu-west-1 eks get-token --cluster-name moka-dev --output json"
    assert user["interactiveMode"] == "Never"
