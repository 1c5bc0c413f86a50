"""The proxies: a login for each team's group, and drivers that admit their own team's proxy alone."""

from ipaddress import IPv4Network

import pytest

from components.spark_ui.live_ui import NODE_PORT
from components.spark_ui.routes import FRONT_PORT, LOGIN_PORT, ROUTER_PORT
from tests.components.spark_ui.ui_environment import build, live_ui
from tests.components.workloads.pods import (
    CONFIG_MAP,
    NETWORK_POLICY,
    WORKLOADS,
    assert_common_shape,
    containers,
    pod,
    variables,
    violations_of_restricted,
)
from tests.recorder import Recorder, Registration

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "kubernetes:core/v1:Service"
TEAMS = ("sales", "search")


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build()


def proxy(recorded: Recorder, team: str) -> Registration:
    return recorded.named(DEPLOYMENT, f"live-ui-{team}")


def arguments(recorded: Recorder, team: str) -> dict[str, str]:
    (login, _) = pod(proxy(recorded, team))["containers"]
    return dict(each.removeprefix("--").split("=", 1) for each in login["args"])


def test_every_pod_satisfies_the_restricted_level(recorded: Recorder) -> None:
    labels = recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    made = [each for kind in WORKLOADS for each in recorded.of(kind)]
    assert {each.name for each in made} == {"live-ui-front", "live-ui-sales", "live-ui-search"}
    assert [violation for each in made for violation in violations_of_restricted(each)] == []


def test_proxies_have_the_shape_of_every_workload() -> None:
    recorded = build()
    # Policies of drivers lie with the drivers.
    recorded.registrations = [
        each for each in recorded.registrations if each.inputs.get("metadata", {}).get("name") != "live-ui"
    ]
    assert_common_shape(recorded)


@pytest.mark.parametrize("team", TEAMS)
def test_only_the_teams_group_gets_past_the_login(recorded: Recorder, team: str) -> None:
    given = arguments(recorded, team)
    assert given["allowed-group"] == f"data-{team}"
    assert given["oidc-groups-claim"] == "groups"
    assert given["oidc-issuer-url"] == "https://login.moka.internal/realms/company"


@pytest.mark.parametrize("team", TEAMS)
def test_a_session_is_of_one_teams_path_and_comes_back_there(recorded: Recorder, team: str) -> None:
    given = arguments(recorded, team)
    assert given["cookie-path"] == f"/spark-{team}/"
    assert given["cookie-secure"] == "true"
    assert given["redirect-url"] == f"https://spark-ui.moka.internal{given['proxy-prefix']}/callback"
    assert given["proxy-prefix"] == f"/spark-{team}/oauth2"
    assert arguments(recorded, "sales")["cookie-name"] != arguments(recorded, "search")["cookie-name"]


def test_secrets_come_from_the_secret_that_people_make(recorded: Recorder) -> None:
    (login, _) = pod(proxy(recorded, "sales"))["containers"]
    assert variables(login) == {
        "OAUTH2_PROXY_CLIENT_SECRET": "secret spark-ui-login/client-secret",
        "OAUTH2_PROXY_COOKIE_SECRET": "secret spark-ui-login/cookie-secret",
    }
    assert {each["valueFrom"]["secretKeyRef"]["optional"] for each in login["env"]} == {True}, "else no log says it"


def test_the_first_up_does_not_wait_for_that_secret(recorded: Recorder) -> None:
    for each in recorded.of(DEPLOYMENT):
        assert each.inputs["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}


@pytest.mark.parametrize("team", TEAMS)
def test_behind_the_login_is_the_teams_own_router_and_nobody_reaches_it_past_the_login(
    recorded: Recorder, team: str
) -> None:
    assert arguments(recorded, team)["upstream"] == f"http://127.0.0.1:{ROUTER_PORT}/"
    (_, router) = pod(proxy(recorded, team))["containers"]
    assert "ports" not in router
    (volume,) = (each for each in pod(proxy(recorded, team))["volumes"] if each["name"] == "configuration")
    files = recorded.named(CONFIG_MAP, f"live-ui-{team}-files")
    assert volume["configMap"]["name"].startswith(files.name)
    assert f"listen 127.0.0.1:{ROUTER_PORT};" in files.inputs["data"]["nginx.conf"]
    assert f".spark-{team}.svc." in files.inputs["data"]["nginx.conf"]


@pytest.mark.parametrize("team", TEAMS)
def test_drivers_admit_their_own_teams_proxy_and_no_other(recorded: Recorder, team: str) -> None:
    policy = recorded.named(NETWORK_POLICY, f"live-ui-{team}").inputs
    assert policy["metadata"]["namespace"] == f"spark-{team}"
    assert policy["spec"]["podSelector"] == {"matchLabels": {"spark-role": "driver"}}
    (page,) = policy["spec"]["ingress"]
    assert [each["port"] for each in page["ports"]] == [4040]
    (from_proxy,) = page["from"]
    assert from_proxy["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "spark-ui"}
    labels = proxy(recorded, team).inputs["spec"]["template"]["metadata"]["labels"]
    assert from_proxy["podSelector"]["matchLabels"].items() <= labels.items()
    other = proxy(recorded, next(each for each in TEAMS if each != team)).inputs["spec"]["template"]["metadata"][
        "labels"
    ]
    assert not from_proxy["podSelector"]["matchLabels"].items() <= other.items(), "another team's proxy gets in"


def test_the_front_is_on_one_port_of_nodes_and_admits_the_load_balancer_alone(recorded: Recorder) -> None:
    spec = recorded.named(SERVICE, "live-ui-front").inputs["spec"]
    assert (spec["type"], spec["externalTrafficPolicy"]) == ("NodePort", "Local")
    assert [each["nodePort"] for each in spec["ports"]] == [NODE_PORT]
    (rule,) = recorded.named(NETWORK_POLICY, "live-ui-front").inputs["spec"]["ingress"]
    assert rule["from"] == [{"ipBlock": {"cidr": "10.16.0.0/20"}}]
    assert [each["port"] for each in rule["ports"]] == [FRONT_PORT]


def test_the_front_starts_when_teams_services_can_be_found(recorded: Recorder) -> None:
    waits = recorded.named(DEPLOYMENT, "live-ui-front").depends_on
    assert {f"{SERVICE}::live-ui-{team}" for team in TEAMS} <= set(waits)
    for team in TEAMS:
        found = recorded.named(SERVICE, f"live-ui-{team}").inputs
        assert found["spec"]["ports"][0]["port"] == LOGIN_PORT
        front = recorded.named(CONFIG_MAP, "live-ui-front-files").inputs["data"]["nginx.conf"]
        assert f"http://{found['metadata']['name']}.spark-ui.svc.cluster.local:{LOGIN_PORT};" in front


def test_another_claim_and_secret_are_settings() -> None:
    recorded = build(live_ui(groups_claim="cognito:groups", secret="other"))
    assert arguments(recorded, "sales")["oidc-groups-claim"] == "cognito:groups"
    assert set(variables(containers(proxy(recorded, "sales"))[0]).values()) == {
        "secret other/client-secret",
        "secret other/cookie-secret",
    }


@pytest.mark.parametrize("issuer", ["http://login.moka.internal", "https://login.moka.internal:8443/realms/company"])
def test_the_login_is_one_that_pods_reach(issuer: str) -> None:
    with pytest.raises(ValueError, match="issuer_url"):
        live_ui(issuer_url=issuer)


@pytest.mark.parametrize("cidr", ["8.8.8.0/24", "0.0.0.0/0"])
def test_the_login_is_for_private_addresses(cidr: str) -> None:
    with pytest.raises(ValueError, match="broken rules"):
        live_ui(allowed_cidrs=(IPv4Network(cidr),))
