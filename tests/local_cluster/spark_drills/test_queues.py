"""Two teams on one environment's nodes: shares, guarantees, gangs, and executors that come and go.

Staging as its stack file says, on simulated nodes, with YuniKorn itself. Its team analytics is guaranteed twice what
team ingest is, and both may ask for more than all nodes have.
"""

import json
from collections.abc import Iterator

import pytest

from components.scheduler.workloads import SCHEDULER
from components.workloads.scheduling import WORKLOAD_KEY
from local_cluster.controllers.beside import beside
from local_cluster.controllers.yunikorn import find_yunikorn, yunikorn
from local_cluster.settings import ports_of
from offline.progress import silent
from tests.local_cluster.conftest import RunningStacks
from tests.local_cluster.drills.running_stack import RunningStack, wait_until
from tests.local_cluster.spark_drills.application import DRIVER_CPUS, Application, condition, has_node, new_id
from tests.local_cluster.spark_drills.queues import applications, queue
from tests.local_cluster.spark_drills.spark_pods import Pod
from tests.telemetry.process import wait_until as patiently

pytestmark = pytest.mark.spark

ANALYTICS, INGEST = "root.spark-analytics", "root.spark-ingest"
MERGE = "application/merge-patch+json"
# More executors than all nodes carry together, and no team beyond its maximum: every pod that waits waits for a node.
TOO_MANY = {"analytics": 80, "ingest": 45}
# Preemption begins after half a minute, and takes its time.
_PREEMPTION_SECONDS = 150.0
# Longer than it takes to make all places, one after the other: those that come afterwards are not given back.
_GANG_SECONDS = 30


@pytest.fixture(scope="module")
def up(running: RunningStacks) -> Iterator[RunningStack]:
    """Staging, with YuniKorn beside it."""
    stack = running["staging"]
    stack.converges()
    directory = stack.cluster.directory
    with beside(directory, yunikorn(find_yunikorn(silent), directory, ports_of(directory))):
        yield stack
    log = directory.log_of(SCHEDULER).read_text(errors="replace")
    # It has the rights of the stack's own service account.
    assert "forbidden" not in log, [line for line in log.splitlines() if "forbidden" in line][:3]


class Teams:
    """Applications of both teams.

    Args:
        stack: that they run on.
    """

    def __init__(self, stack: RunningStack) -> None:
        self.stack = stack
        self._applications: list[Application] = []

    def application(
        self,
        team: str,
        annotations: dict[str, str] | None = None,
        executor_annotations: dict[str, str] | None = None,
    ) -> Application:
        """One more application of a team, with annotations of its driver and of its executors."""
        made = Application(
            self.stack.cluster.api,
            team,
            new_id(team),
            annotations=annotations,
            executor_annotations=executor_annotations,
        )
        self._applications.append(made)
        return made

    def end(self) -> None:
        """End all of them, and wait until no queue has anything."""
        for each in self._applications:
            each.end()

        def left() -> list[str]:
            return [name for each in self._applications for name in each.left()]

        wait_until(lambda: not left(), left)
        wait_until(lambda: used() == (0, 0), lambda: [str(used())])


@pytest.fixture
def teams(up: RunningStack) -> Iterator[Teams]:
    """Both teams, of which nothing runs before and after."""
    made = Teams(up)
    try:
        yield made
    finally:
        made.end()


def used() -> tuple[float, float]:
    """Processors that the queues of analytics and ingest have."""
    return queue(ANALYTICS).used_cpus, queue(INGEST).used_cpus


def started(application: Application, executors: int) -> None:
    """Submit an application, and ask for executors once its driver has a node."""
    application.submit()
    wait_until(lambda: has_node(application.driver()), lambda: [str(application.driver().get("status"))])
    application.grow(executors)


def cordon(stack: RunningStack, is_closed: bool) -> None:
    """Close the nodes of executors to new pods, or open them."""
    for node in stack.listed("Node", label_selector=f"{WORKLOAD_KEY}=spark-executor"):
        stack.cluster.api.resource("Node").patch(
            name=node["metadata"]["name"], body={"spec": {"unschedulable": is_closed or None}}, content_type=MERGE
        )


def wait_for_wanted(path: str, cpus: float) -> None:
    """Wait until a queue asks for no more and no less than so many processors."""
    wait_until(lambda: queue(path).wanted_cpus == cpus, lambda: [str(queue(path))])


def wait_until_full(*asking: Application) -> None:
    """Wait until nodes take no more of any application's executors, and say so."""

    def still() -> list[str]:
        waiting = [pod for each in asking for pod in each.waiting()]
        return [pod["metadata"]["name"] for pod in waiting if condition(pod, "PodScheduled").get("status") != "False"]

    wait_until(lambda: not still(), still)


def test_two_teams_that_want_everything_get_what_their_guarantees_are_to_each_other(teams: Teams) -> None:
    analytics, ingest = teams.application("analytics"), teams.application("ingest")
    cordon(teams.stack, is_closed=True)
    try:
        for each in (analytics, ingest):
            started(each, TOO_MANY[each.team])
        wait_for_wanted(ANALYTICS, TOO_MANY["analytics"] * analytics.cpus)
        wait_for_wanted(INGEST, TOO_MANY["ingest"] * ingest.cpus)
    finally:
        cordon(teams.stack, is_closed=False)
    wait_until_full(analytics, ingest)
    first, second = queue(ANALYTICS), queue(INGEST)
    parts = first.used_cpus / first.guaranteed_cpus, second.used_cpus / second.guaranteed_cpus
    # The last executor goes to one of them.
    assert parts == pytest.approx((parts[0], parts[0]), abs=2 * ingest.cpus / second.guaranteed_cpus), (first, second)
    assert first.used_cpus + second.used_cpus > 100, "the nodes are not full, so nobody had to share"
    assert (first.used_cpus, second.used_cpus) < (first.most_cpus, second.most_cpus)


def test_a_team_that_comes_late_gets_its_guarantee_back_and_no_driver_ends_for_it(teams: Teams) -> None:
    analytics, ingest = teams.application("analytics"), teams.application("ingest")
    started(analytics, TOO_MANY["analytics"])
    wait_until_full(analytics)
    everything = queue(ANALYTICS).used_cpus
    assert everything > queue(ANALYTICS).guaranteed_cpus
    driver = analytics.driver()["metadata"]["uid"]

    started(ingest, TOO_MANY["ingest"])
    guaranteed = queue(INGEST).guaranteed_cpus
    # An executor more would be above it.
    enough = guaranteed - ingest.cpus
    patiently(
        "ingest has its guarantee",
        _PREEMPTION_SECONDS,
        lambda: queue(INGEST).used_cpus > enough,
        lambda: str((queue(ANALYTICS), queue(INGEST))),
    )
    # Analytics asks for its executors again, as Spark does, and gets nothing back of what is guaranteed to the other.
    analytics.grow(TOO_MANY["analytics"] - len(analytics.executors()))
    wait_until_full(analytics, ingest)
    first, second = queue(ANALYTICS), queue(INGEST)
    assert second.used_cpus > enough
    # What preemption freed beyond the guarantee goes to whoever has less of theirs, and that is the shares' business.
    assert second.used_cpus / second.guaranteed_cpus < first.used_cpus / first.guaranteed_cpus
    assert first.guaranteed_cpus <= first.used_cpus < everything
    assert analytics.driver()["metadata"]["uid"] == driver


def gang(style: str, members: int, cpus: int) -> dict[str, str]:
    """Annotations of a driver whose executors are to start together, or not at all."""

    def group(name: str, count: int, resources: dict[str, str]) -> dict[str, object]:
        workload = f"spark-{name}"
        toleration = {"key": WORKLOAD_KEY, "operator": "Equal", "value": workload, "effect": "NoSchedule"}
        return {
            "name": workload,
            "minMember": count,
            "minResource": resources,
            "nodeSelector": {WORKLOAD_KEY: workload},
            "tolerations": [toleration],
        }

    places = [
        group("driver", 1, {"cpu": str(DRIVER_CPUS), "memory": "1408Mi"}),
        group("executor", members, {"cpu": str(cpus), "memory": "4096Mi"}),
    ]
    return {
        "yunikorn.apache.org/task-group-name": "spark-driver",
        "yunikorn.apache.org/task-groups": json.dumps(places),
        "yunikorn.apache.org/schedulingPolicyParameters": (
            f"placeholderTimeoutInSeconds={_GANG_SECONDS} gangSchedulingStyle={style}"
        ),
    }


PLACE = "internal.yunikorn.apache.org/placeholder"
IN_GANG = {"yunikorn.apache.org/task-group-name": "spark-executor"}


def places(stack: RunningStack) -> list[Pod]:
    """Pods that hold places for gangs."""
    pods = stack.listed("Pod", namespace="spark-analytics")
    return [each for each in pods if PLACE in (each["metadata"].get("annotations") or {})]


def placed(pods: list[Pod]) -> list[str]:
    """Names of those that have a node."""
    return [each["metadata"]["name"] for each in pods if has_node(each)]


def test_a_gang_that_fits_starts_together_in_its_places(teams: Teams) -> None:
    application = teams.application("analytics", annotations=gang("Hard", 6, 2), executor_annotations=IN_GANG)
    started(application, 6)
    wait_until(lambda: len(application.running()) == 6, application.left)
    wait_until(lambda: not places(teams.stack), lambda: placed(places(teams.stack)))
    groups = applications(ANALYTICS)[application.name]["placeholderData"]
    assert {each["taskGroupName"]: each["replaced"] for each in groups} == {"spark-driver": 1, "spark-executor": 6}
    assert queue(ANALYTICS).used_cpus == DRIVER_CPUS + 6 * application.cpus


@pytest.mark.parametrize("style", ["Soft", "Hard"])
def test_a_gang_that_does_not_fit_gives_its_nodes_back_when_its_time_is_over(teams: Teams, style: str) -> None:
    # Within what the team may have, and more than the nodes carry.
    members = 40
    application = teams.application("analytics", annotations=gang(style, members, 4), executor_annotations=IN_GANG)
    application.submit()
    wait_until(lambda: len(places(teams.stack)) == members + 1, lambda: placed(places(teams.stack)))
    wait_until(lambda: len(placed(places(teams.stack))) > 20, lambda: placed(places(teams.stack)))
    assert len(placed(places(teams.stack))) < members, "the gang fits"
    # The driver waits with its executors: no half of an application holds nodes.
    assert not has_node(application.driver())

    wait_until(lambda: not places(teams.stack), lambda: placed(places(teams.stack)))
    if style == "Hard":
        wait_until(lambda: application.driver()["status"]["phase"] == "Failed", application.left)
        wait_until(lambda: used() == (0, 0), lambda: [str(used())])
    else:
        wait_until(lambda: has_node(application.driver()), application.left)
        wait_until(lambda: used() == (DRIVER_CPUS, 0), lambda: [str(used())])
    # Its nodes are the other team's at once.
    other = teams.application("ingest")
    started(other, 40)
    wait_until(lambda: len(other.running()) == 40, other.left)


def test_a_gang_beyond_its_teams_maximum_is_rejected_and_holds_nothing(teams: Teams) -> None:
    too_many = int(queue(ANALYTICS).most_cpus)
    application = teams.application("analytics", annotations=gang("Hard", too_many, 2), executor_annotations=IN_GANG)
    application.submit()

    def rejected() -> list[str]:
        events = teams.stack.listed("Event", "events.k8s.io/v1", namespace=application.namespace)
        return [each.get("note") or "" for each in events if each["regarding"]["name"].startswith(application.name)]

    wait_until(lambda: any("reject" in note.lower() for note in rejected()), rejected)
    assert not places(teams.stack)
    assert used() == (0, 0)


def test_what_a_queue_uses_follows_executors_that_come_and_go(teams: Teams) -> None:
    application = teams.application("analytics")
    count = 2
    started(application, count)
    for change in (10, -8, 20, -24):
        if change > 0:
            application.grow(change)
        else:
            application.shrink(-change)
        count += change
        wait_until(lambda wanted=count: len(application.running()) == wanted, application.left)
        cpus = DRIVER_CPUS + count * application.cpus
        wait_until(lambda wanted=cpus: used() == (wanted, 0), lambda: [str(used())])
    assert applications(ANALYTICS)[application.name]["applicationState"] == "Running", (
        "an application without executors goes on"
    )


def test_a_team_stops_at_its_maximum_and_the_pod_says_so(teams: Teams) -> None:
    application = teams.application("ingest")
    most = queue(INGEST).most_cpus
    started(application, int(most / application.cpus) + 2)
    wait_until(lambda: queue(INGEST).used_cpus > most - application.cpus, lambda: [str(queue(INGEST))])
    assert queue(INGEST).used_cpus <= most

    def said() -> list[str]:
        events = teams.stack.listed("Event", "events.k8s.io/v1", namespace=application.namespace)
        return [each.get("note") or "" for each in events]

    wait_until(lambda: any("does not fit in queue" in note for note in said()), said)
    # Karpenter starts a node for pods with this reason, and here no node would help.
    reasons = {condition(pod, "PodScheduled").get("reason") for pod in application.waiting()}
    assert "Unschedulable" not in reasons, reasons
