"""Stops the whole run with one message when another project's `agents` or `model` would be tested."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)  # same examples on every machine
settings.load_profile("repeatable")

ROOT = Path(__file__).parent
PACKAGES = ("agents", "model", "experiments", "viz")
LONGEST = (
    "tests/statistical/test_patterns.py",
    "tests/experiments/test_command_line.py",
    "tests/experiments/test_sweep_killed.py",
    "tests/randomness/test_same_seed_same_values.py",
    "tests/oracle/test_population_decides_as_single_agents_do.py",
    "tests/experiments/test_report_folder.py",
    "tests/statistical/test_the_model_does_better_than_its_prototype.py",
    "tests/statistical/test_co_creation_and_motives.py",
    "tests/experiments/test_sweep.py",
)
"""Files that take more than half a minute."""


def origin(package: str) -> str:
    """Return the folder from which a package would be imported, without importing it."""
    found = importlib.util.find_spec(package)
    return next(iter(found.submodule_search_locations or [str(found.origin)])) if found else "nowhere"


def pytest_configure() -> None:
    """Refuse to test packages of the same name that belong to something else."""
    for package in PACKAGES:
        if Path(origin(package)) != ROOT / package:
            raise pytest.UsageError(
                f"Name clash: `{package}` would be imported from {origin(package)}, expected "
                f"{ROOT / package}. Take the other one off PYTHONPATH, or run `make setup` again."
            )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that two processes end together; a file's tests stay together."""
    places = {file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.relative_to(ROOT).as_posix(), len(LONGEST)))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT
