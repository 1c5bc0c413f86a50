"""Who sees which pages of running applications, by real nginx and oauth2-proxy between a login and drivers."""

from collections.abc import Iterator

import pytest

from local_cluster.programs.coredns import COREDNS
from local_cluster.programs.project import find
from offline.progress import say
from tests.live_ui.programs import NGINX, OAUTH2_PROXY
from tests.live_ui.scene import Scene, scene

pytestmark = pytest.mark.verify

APPLICATIONS = {"report-ui-svc.spark-sales", "job-1-driver-svc.spark-sales", "secret-ui-svc.spark-search"}


@pytest.fixture(scope="module")
def running() -> Iterator[Scene]:
    with scene(find([COREDNS, NGINX, OAUTH2_PROXY], say), APPLICATIONS) as made:
        yield made


@pytest.fixture(autouse=True)
def _forget(running: Scene) -> None:
    running.driver.requests.clear()


def test_a_member_of_the_teams_group_sees_an_application_after_the_login(running: Scene) -> None:
    answer = running.person("data-sales", "everybody").open("/spark-sales/report/")
    assert (answer.status, answer.path) == (200, "/spark-sales/report/jobs/"), "where Spark's own redirect leads"
    assert answer.text == "links begin with /spark-sales/report"


def test_an_application_of_spark_submit_has_its_services_name(running: Scene) -> None:
    answer = running.person("data-sales").open("/spark-sales/job-1-driver-svc/jobs/")
    assert (answer.status, answer.text) == (200, "links begin with /spark-sales/job-1-driver-svc")


def test_somebody_of_another_group_sees_nothing(running: Scene) -> None:
    answer = running.person("data-search").open("/spark-sales/report/jobs/")
    assert answer.status == 403
    assert running.driver.requests == []


def test_a_session_is_of_one_team_alone(running: Scene) -> None:
    """Also for whoever is in both groups: the second team asks for a login of its own."""
    person = running.person("data-sales", "data-search")
    first = person.open("/spark-sales/report/jobs/")
    second = person.open("/spark-search/secret/jobs/")
    assert (first.status, second.status) == (200, 200)
    assert "__Secure-spark-ui-sales" in first.cookies
    assert "__Secure-spark-ui-search" in second.cookies
    assert person.open("/spark-sales/report/jobs/").cookies == (), "no second login"


def test_a_driver_gets_no_cookie_and_no_token_and_sets_none(running: Scene) -> None:
    answer = running.person("data-sales").open("/spark-sales/report/jobs/", Authorization="Bearer of-the-person")
    assert answer.status == 200
    assert "of" not in answer.cookies
    for _, _, headers in running.driver.requests:
        told = {name.lower(): value for name, value in headers.items()}
        assert "cookie" not in told
        assert "authorization" not in told
        assert not [
            name for name in told if name.startswith("x-forwarded-") and name.endswith(("user", "email", "token"))
        ]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/spark-sales/report/jobs/job/kill/?id=1", "GET", 403),
        ("/spark-sales/report/jobs/", "POST", 403),
        ("/spark-sales/absent/jobs/", "GET", 502),
        # Another team's application, by the name that its Service has from here.
        ("/spark-sales/secret-ui-svc.spark-search/jobs/", "GET", 404),
        ("/spark-sales/secret/jobs/", "GET", 502),
    ],
)
def test_what_is_no_page_of_a_running_application_of_the_team_is_refused(
    running: Scene, path: str, method: str, status: int
) -> None:
    person = running.person("data-sales")
    assert person.open("/spark-sales/report/jobs/").status == 200
    running.driver.requests.clear()
    assert person.open(path, method).status == status
    assert running.driver.requests == []


@pytest.mark.parametrize("path", ["/", "/spark-other/report/", "/oauth2/start", "/spark-salesx/report/"])
def test_the_front_knows_teams_with_a_page_alone(running: Scene, path: str) -> None:
    assert running.person("data-sales").open(path).status == 404
    assert running.driver.requests == []


def test_an_application_without_a_slash_behind_it_is_found_too(running: Scene) -> None:
    assert running.person("data-sales").open("/spark-sales/report").path == "/spark-sales/report/jobs/"
