"""How busy a sweep keeps its workers, what a run costs besides the model, and Mesa's batch_run beside it."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import mesa

from benchmarks.figures import Figure, seconds
from experiments.archive import ResultsFolder
from experiments.config import load_experiment
from experiments.performing import Job, Setting, perform, setting_of, warm_up
from experiments.plan import Plan
from experiments.pool import LocalPool
from experiments.recording import Recorder
from experiments.shards import Finished
from experiments.storing import temporary_folder
from model import Economy
from model.version import model_version

WORKERS = 2
CONSUMERS, MONTHS = 2000, 120


class Watch:
    """When each run began and ended, by worker, without the first run of each, which loads the model."""

    def __init__(self) -> None:
        self._runs: dict[int, list[tuple[float, float]]] = {}

    def one_more(self, times: dict[str, Any]) -> None:
        self._runs.setdefault(times["worker"], []).append((times["began"], times["ended"]))

    @property
    def _spans(self) -> list[list[tuple[float, float]]]:
        return [sorted(runs)[1:] for runs in self._runs.values() if len(runs) > 2]

    @property
    def busy(self) -> float:
        """Share of the workers' time that is spent in runs."""
        inside = sum(ended - began for runs in self._spans for began, ended in runs)
        return inside / sum(runs[-1][1] - runs[0][0] for runs in self._spans)

    @property
    def overhead(self) -> float:
        """Seconds between a run and the next one of the same worker, in the median."""
        gaps = [after[0] - before[1] for runs in self._spans for before, after in pairwise(runs)]
        return statistics.median(gaps)


def timed(setting: Setting, job: Job, month_done: Any = None) -> Finished:
    """Compute a run in a worker and say when: the clock is the same in all processes."""
    began = time.monotonic()
    finished = perform(setting, job, month_done)
    finished.varied = {"began": began, "ended": time.monotonic(), "worker": os.getpid()}
    return finished


def swept(runs: int, given: dict[str, Any]) -> Watch:
    """Run a sweep into a folder that is thrown away."""
    changes = [f"{name}={value}" for name, value in given.items()]
    experiment = load_experiment("baseline", [*changes, f"months={MONTHS}", f"replications={runs}"])
    watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        store = ResultsFolder(Path(folder) / "out", experiment, model_version())
        plan = Plan(experiment, model_version())
        setting, _ = setting_of(experiment, model_version(), folder)
        jobs = (plan.job(run) for run in plan.missing((), 0, runs))
        with (
            store,
            temporary_folder(store.folder) as spool,
            Recorder(store) as recorder,
            LocalPool(setting, WORKERS, spool, timed) as pool,
        ):
            for finished in pool.performed(jobs):
                watch.one_more(finished.varied)
                recorder.add(finished)
    return watch


def batch_run(runs: int, given: dict[str, Any]) -> None:
    """Run the same economies with Mesa's batch runner, which keeps all months in memory."""
    named = {name.replace(".", "__"): value for name, value in given.items()}
    mesa.batch_run(
        Economy,
        {**named, "months": MONTHS},
        rng=list(range(1, runs + 1)),
        number_processes=WORKERS,
        data_collection_period=1,
        display_progress=False,
        max_steps=MONTHS,
    )


def figures(*, quick: bool) -> Iterator[Figure]:
    """Yield the share of time in the model, the overhead of a run, and the ratio to Mesa's runner."""
    warm_up()
    given = {"population.consumers": CONSUMERS, "economy.sectors": "all"}
    runs = 24 if quick else 60
    watch = swept(runs, given)
    what = f"sweep of {runs} runs × {CONSUMERS:,} consumers × {MONTHS} months, {WORKERS} workers"
    yield Figure(f"{what}: workers' time in the model", watch.busy, "share", 0.95, at_least=True)
    yield Figure(f"{what}: overhead per run", 1000.0 * watch.overhead, "ms", 10.0)
    tiny = swept(40 if quick else 100, {"population.consumers": 60, "economy.sectors": "bank"})
    yield Figure("the same with runs of a tiny economy: overhead per run", 1000.0 * tiny.overhead, "ms", 10.0)
    compared = 8 if quick else 16
    ours = seconds(lambda: swept(compared, given))
    theirs = seconds(lambda: batch_run(compared, given))
    name = f"Mesa's batch_run / our sweep, {compared} runs of the same economy, stored results on our side"
    yield Figure(name, theirs / ours, "×")
