"""Healthy stacks for tests of the doctor; plans and clients are made once, since they take longest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from doctor.plan import Plan
from tests.doctor.clients import Clients
from tests.doctor.patient import Patient, accepting_examples


@pytest.fixture(scope="session")
def clients() -> Clients:
    return Clients()


@pytest.fixture(scope="session")
def plans() -> dict[str, Plan]:
    return {}


@pytest.fixture
def patients(tmp_path: Path, clients: Clients, plans: dict[str, Plan]) -> Callable[[str], Patient]:
    """Gives a stack's."""
    accepting_examples(tmp_path)
    return lambda stack: Patient(stack, tmp_path, clients, plans)


@pytest.fixture
def dev(patients: Callable[[str], Patient]) -> Patient:
    return patients("dev")


@pytest.fixture
def production(patients: Callable[[str], Patient]) -> Patient:
    return patients("production")
