"""Where a request goes, by the patterns in nginx's configuration."""

import re

import pytest

from components.spark_ui.routes import front_configuration, router_configuration

ROUTER = router_configuration("sales")


def goes_to(path: str) -> str:
    """What the router does with a path: the status that it answers, or the application that it asks."""
    for pattern, rest in re.findall(r'location ~ "([^"]+)" \{(.*)$', ROUTER, re.MULTILINE):
        if match := re.search(pattern.replace("(?<", "(?P<"), path):
            answered = re.search(r"return (\d+)", rest)
            return answered[1] if answered else f"{match['application']} {match['page']}"
    return "404"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/spark-sales/report/", "report /"),
        ("/spark-sales/report/jobs/", "report /jobs/"),
        ("/spark-sales/report-2/stages/stage/?id=1", "report-2 /stages/stage/?id=1"),
        ("/spark-sales/job-1-driver-svc/", "job-1-driver-svc /"),
        ("/spark-sales/report", "302"),
        ("/spark-sales/report/jobs/job/kill/", "403"),
        ("/spark-sales/report/stages/stage/kill", "403"),
        ("/spark-search/report/jobs/", "404"),
        ("/spark-sales/report.spark-search/jobs/", "404"),
        ("/spark-sales/Report/jobs/", "404"),
        ("/spark-sales/-report/jobs/", "404"),
        ("/other", "404"),
    ],
)
def test_a_path_leads_to_an_application_of_the_team_or_nowhere(path: str, answer: str) -> None:
    assert goes_to(path) == answer


def test_a_driver_gets_no_cookie_and_no_token_and_sets_none() -> None:
    for line in ('proxy_set_header Cookie "";', 'proxy_set_header Authorization "";', "proxy_hide_header Set-Cookie;"):
        assert line in ROUTER


def test_pages_are_read_and_not_acted_on() -> None:
    assert "limit_except GET { deny all; }" in ROUTER


def test_links_and_redirects_keep_the_path() -> None:
    assert "proxy_set_header X-Forwarded-Context /spark-sales/$application;" in ROUTER
    assert "proxy_redirect ~^https?://[^/]+(/.*)$ /spark-sales/$application$1;" in ROUTER
    assert "absolute_redirect off;" in ROUTER, "it would name a port and a scheme that no browser can use"


def test_the_front_knows_teams_paths_and_answers_404_to_all_others() -> None:
    text = front_configuration(["search", "sales"])
    assert re.findall(r"location (\S+)", text) == ["=", "/spark-sales/", "/spark-search/", "/"]
    assert "location / { return 404; }" in text


@pytest.mark.parametrize("text", [ROUTER, front_configuration(["sales"])])
def test_nginx_writes_to_its_scratch_directory_alone(text: str) -> None:
    assert text.count("{") == text.count("}")
    assert all(path.startswith("/tmp/") for path in re.findall(r"(?:_temp_path|^pid) (\S+);", text, re.MULTILINE))
    assert len(re.findall(r"_temp_path", text)) == 5
