"""Controllers run while somebody needs them, with the rights of a service account."""

import json
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from local_cluster.children import StartError
from local_cluster.controllers.beside import beside
from local_cluster.controllers.service_account import service_account_kubeconfig
from local_cluster.directory import ClusterDirectory
from local_cluster.process import Process
from local_cluster.settings import ports_of
from offline.processes import is_alive

LASTING = Process("lasting", [sys.executable, "-c", "import time; time.sleep(60)"])


def test_controllers_end_with_the_context(directory: ClusterDirectory) -> None:
    with beside(directory, LASTING) as children:
        numbers = children.numbers
        assert list(map(is_alive, numbers.values())) == [True]
    assert not any(map(is_alive, numbers.values()))


def test_one_that_does_not_start_ends_the_others_and_is_named(directory: ClusterDirectory) -> None:
    failing = Process("failing", [sys.executable, "-c", "import sys; sys.exit('no queues')"], lambda: False)
    with (
        pytest.raises(StartError, match=r"failing ended with exit code 1(.|\n)*no queues"),
        beside(directory, LASTING, failing),
    ):
        pytest.fail("it is ready, although it ended")


def test_a_kubeconfig_has_the_name_and_the_groups_of_the_service_account(directory: ClusterDirectory) -> None:
    file = service_account_kubeconfig(directory, ports_of(directory), "yunikorn", "yunikorn-scheduler")
    (user,) = json.loads(file.read_text())["users"]
    subject = x509.load_pem_x509_certificate(Path(user["user"]["client-certificate"]).read_bytes()).subject
    names = {
        oid: [each.value for each in subject.get_attributes_for_oid(oid)] for oid in {each.oid for each in subject}
    }
    assert names == {
        NameOID.COMMON_NAME: ["system:serviceaccount:yunikorn:yunikorn-scheduler"],
        NameOID.ORGANIZATION_NAME: ["system:serviceaccounts", "system:serviceaccounts:yunikorn"],
    }
