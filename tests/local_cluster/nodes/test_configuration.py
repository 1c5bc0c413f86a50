"""What a real node's programs are told: each node its own ports, addresses, certificates' names and control group."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_cluster.certificates import make_authority
from local_cluster.directory import ClusterDirectory
from local_cluster.network import Ports
from local_cluster.nodes.real import kubelet
from local_cluster.nodes.real.containerd import BUNDLE, TRUSTED, configuration, container_defaults, write_trust
from local_cluster.nodes.real.network import Cni, PodNetwork, commands
from local_cluster.nodes.real.runtime import Runtime, missing_packages
from local_cluster.nodes.real.services import cluster_dns, corefile, kube_proxy
from local_cluster.nodes.real.site import RealNode, Site

NETWORK = PodNetwork()
NAMES = ("kubelet", "kube-proxy", "coredns")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    directory = ClusterDirectory(tmp_path / "cluster", "dev")
    directory.make()
    make_authority(directory)
    for name in ("runc", "ctr", "containerd"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.touch(mode=0o755)
    runtime = Runtime((tmp_path / "bin",), tmp_path / "cni")
    return Site(directory, NETWORK, Ports(1, 2, 3, 4, 5, 6), {name: tmp_path / name for name in NAMES}, runtime)


def settings(site: Site, node: RealNode) -> dict[str, Any]:
    site.place(node).mkdir(exist_ok=True)
    process = kubelet.kubelet(site, node)
    file = next(word for word in process.command if word.startswith("--config=")).removeprefix("--config=")
    return json.loads(Path(file).read_text())


def test_two_nodes_share_no_address_and_no_control_group(site: Site) -> None:
    first, second = (settings(site, RealNode(f"real-{number}", number)) for number in (1, 2))
    for key in ("address", "healthzPort", "cgroupRoot", "tlsCertFile"):
        assert first[key] != second[key]
    assert (first["address"], second["address"]) == ("10.88.0.11", "10.88.0.12")
    assert (NETWORK.pods_of(1), NETWORK.pods_of(2)) == ("10.88.1.0/24", "10.88.2.0/24")


def test_a_kubelet_says_its_labels_and_taints_and_answers_those_alone_whom_the_api_server_lets(site: Site) -> None:
    taint = {"key": "moka/workload", "value": "spark", "effect": "NoSchedule"}
    node = RealNode("real-1", 1, {"topology.kubernetes.io/zone": "eu-west-1a"}, [taint], max_pods=29)
    told = settings(site, node)
    assert (told["registerWithTaints"], told["maxPods"]) == ([taint], 29)
    assert told["authentication"]["anonymous"] == {"enabled": False}
    assert told["authorization"] == {"mode": "Webhook"}
    assert "--node-labels=topology.kubernetes.io/zone=eu-west-1a" in kubelet.kubelet(site, node).command


def test_a_kubelet_writes_nowhere_but_to_its_node(site: Site) -> None:
    told = settings(site, RealNode("real-1", 1))
    assert told["volumePluginDir"].startswith("/var/lib/kubelet/")
    assert told["imageGCHighThresholdPercent"] == 100


def test_containers_trust_the_cluster_and_keep_their_images_variables(site: Site) -> None:
    place = site.directory.nodes / "real-1"
    place.mkdir()
    write_trust(site.directory, place)
    limits = [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}]
    spec = {"process": {"env": ["PATH=/bin"], "rlimits": limits}, "mounts": [{"destination": "/proc"}]}
    made = container_defaults(spec, place)
    assert made["process"] == {"env": [f"SSL_CERT_FILE={BUNDLE}", f"AWS_CA_BUNDLE={BUNDLE}"]}
    assert [each["destination"] for each in made["mounts"]] == ["/proc", *TRUSTED]
    authority = (site.directory.pki / "ca.crt").read_text()
    assert (place / "authorities.pem").read_text().endswith(authority)
    assert all(Path(each["source"]).is_file() for each in made["mounts"][1:])


def test_containerd_keeps_to_the_places_of_its_node(site: Site) -> None:
    text = configuration(site.directory.nodes / "real-1", site.runtime)
    paths = [line.split('"')[1] for line in text.splitlines() if ' = "/' in line]
    own = (
        "/var/lib/",
        "/run/",
        str(site.directory.nodes),
        str(site.runtime.plugins),
        str(site.runtime.program("runc")),
    )
    assert paths
    assert all(path.startswith(own) for path in paths)


def test_every_pod_has_a_link_of_its_own_and_the_bridge_the_addresses() -> None:
    document = json.dumps(Cni(NETWORK, 3).document())
    assert '"type": "ptp"' in document
    assert "10.88.3.0/24" in document
    added = [command for command in commands(NETWORK) if command[:3] == ["ip", "address", "add"]]
    assert [command[3] for command in added] == ["10.88.0.1/24", "169.254.170.23/32"]


def test_dns_answers_for_the_cluster_and_for_aws_and_for_nothing_else() -> None:
    text = corefile(NETWORK, Path("/k"))
    zones = [line.removesuffix(" {") for line in text.splitlines() if line.endswith(" {") and not line.startswith(" ")]
    assert zones == ["cluster.local in-addr.arpa ip6.arpa", "amazonaws.com api.aws amazonaws.com.cn", "."]
    assert 'answer "{{ .Name }} 60 IN A 10.88.0.1"' in text
    assert text.count(f"bind {NETWORK.address}") == len(zones)


def test_the_shared_services_leave_the_machines_table_of_connections_alone(site: Site) -> None:
    kube_proxy(site, RealNode("real-1", 1))
    told = json.loads((site.directory.nodes / "kube-proxy.json").read_text())
    assert told["conntrack"] == {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"}
    assert cluster_dns(site).command[0] == str(site.programs["coredns"])


def test_a_package_is_missing_when_one_of_its_programs_is(tmp_path: Path) -> None:
    for name in ("runc", "conntrack", "ip", "containerd", "ctr"):
        (tmp_path / name).touch(mode=0o755)
    runtime = Runtime((tmp_path,), tmp_path / "cni")
    assert missing_packages(runtime) == ["containerd", "iptables", "containernetworking-plugins"]
    assert "LD_LIBRARY_PATH" not in runtime.environment
