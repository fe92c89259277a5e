"""Small economies: a few people, banks only, some months."""

import threading
import time

import numpy as np

from model import simulate
from viz.scenario import Scenario
from viz.visit import Run

SMALL = {"population.consumers": 200, "economy.sectors": "bank"}
MONTHS = 48


def small(**changes):
    """Return the scenario of a small economy with changes, dots written as double underscores."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return Scenario.of("baseline", SMALL | named)


def lived(scenario, months=MONTHS):
    """Return a run as a worker would have sent it, some months long."""
    found = simulate(scenario.parameters(), scenario.seed, start="1990-01", months=months)
    run = Run(scenario, threading.Event())
    run.heard("built", (found.group_keys,))
    curve = np.tile(np.linspace(0.0, 1.0, 21) ** 2, (months, 1))
    run.heard("months", ((0, found.values, found.group_values.astype(np.float32), curve),))
    return run


def waits(condition, seconds=60.0):
    """Return whether a condition comes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False
