"""A model that answers at once, and engines that need no other process: for tests of what surrounds runs."""

import math
import os
import signal
import time
from pathlib import Path

import numpy as np

from experiments.performing import perform
from model.results import Results

MEASURES = ("adopter_share", "forced_share", "unpaid_hours_gross")
GROUPS = (
    ("closed_share", "sector", "bank"),
    ("closed_share", "task", "cash"),
    ("offered_share", "age", "65+"),
)


def quick_simulate(parameters, seed, *, start="1990-01", months=14, measures=None, progress=None, **_):
    """Return results that depend on parameters and seed alone; undefined in month 0."""
    if progress is not None:
        progress(1, months)
    level = sum(value for value in parameters.values() if isinstance(value, float))
    time_axis = np.arange(months)
    columns = [np.sin(seed * (k + 1) + level + time_axis / 7.0) for k in range(len(MEASURES) + len(GROUPS))]
    values = np.array(columns).T
    values[0, :] = math.nan
    kept = [k for k, name in enumerate(MEASURES) if measures is None or name in measures]
    names = tuple(MEASURES[k] for k in kept)
    groups = [] if measures is not None else list(range(len(MEASURES), values.shape[1]))
    keys = () if measures is not None else GROUPS
    return Results(names, values[:, kept], keys, values[:, groups], start, seed)


class InProcess:
    """Stands in for the pool: computes one run after the other, here."""

    def __init__(self, setting, workers, spool, work=perform):
        self.setting, self.work = setting, work

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def performed(self, jobs):
        for job in jobs:
            yield self.work(self.setting, job)


def work_of_a_mortal(setting, job, month_done=None):
    """Compute a run; the worker dies of each seed 2 the first time, of each seed 3 always."""
    mark = Path(setting.folder) / f"died-{job.run.run_id}"
    if job.run.seed == 3 or (job.run.seed == 2 and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _quick(setting, job)


def work_without_end(setting, job, month_done=None):
    """Compute a run; seed 2 never ends and does not look at the clock."""
    while job.run.seed == 2:
        time.sleep(0.1)
    return _quick(setting, job)


def _quick(setting, job):
    import model

    model.simulate = quick_simulate
    return perform(setting, job)
