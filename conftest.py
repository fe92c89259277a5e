"""Stops the whole run with one message when another project's `agents` or `model` would be tested."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)  # same examples on every machine
settings.load_profile("repeatable")

ROOT = Path(__file__).parent
PACKAGES = ("agents", "model", "experiments", "viz")


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


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT
