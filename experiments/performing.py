"""One run, wherever it is computed: in this process, in a pool, on another machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from experiments.shards import Finished, Run

if TYPE_CHECKING:
    from experiments.config import Experiment
    from model import Results
    from model.tasks import Catalogue
    from model.technology import Drivers

MonthDone = Callable[[int, int], None]


@dataclass(frozen=True)
class Setting:
    """What all runs of an experiment share; sent to each worker once."""

    start: str
    months: int
    measures: Sequence[str] | None
    catalogue: Catalogue
    drivers: Drivers | None
    threads: int
    model_version: str
    folder: str
    """The results folder, as the commands that repeat a failed run name it."""
    limit: float | None = None
    """Seconds that a run may take."""


@dataclass(frozen=True)
class Job:
    """One run to be computed."""

    run: Run
    parameters: dict[str, Any]
    varied: dict[str, Any]


class TooLong(Exception):
    """A run that has taken longer than its limit."""


class WorkersLost(RuntimeError):
    """Nobody is left to compute runs: a pool that breaks, a cluster that has gone (exit code 1)."""


class OtherVersion(RuntimeError):
    """A worker has another version of the model: edited since the sweep began, or another installation."""


def refuse_other_version(setting: Setting) -> None:
    """Refuse to compute results that would be stored as those of another version; called in a worker."""
    from model.version import model_version

    if model_version() != setting.model_version:
        raise OtherVersion(f"expected {setting.model_version}, got {model_version()}")


def setting_of(
    experiment: Experiment, model_version: str, folder: str, *, threads: int = 1, limit: float | None = None
) -> tuple[Setting, list[str]]:
    """Return what the runs of an experiment share, and notes on its drivers."""
    drivers, notes = experiment.driver_series()
    setting = Setting(
        experiment.start,
        experiment.months,
        experiment.measures,
        experiment.catalogue(),
        drivers,
        threads,
        model_version,
        folder,
        limit,
    )
    return setting, notes


def results_of(setting: Setting, job: Job, month_done: MonthDone | None = None) -> Results:
    """Return the results of one run."""
    from model import simulate

    return simulate(
        job.parameters,
        job.run.seed,
        start=setting.start,
        months=setting.months,
        measures=setting.measures,
        catalogue=setting.catalogue,
        drivers=setting.drivers,
        threads=setting.threads,
        progress=month_done,
    )


def perform(setting: Setting, job: Job, month_done: MonthDone | None = None) -> Finished:
    """Return one run with its results; a failure is a result too."""
    began = time.perf_counter()

    def watch(done: int, total: int) -> None:
        if setting.limit is not None and time.perf_counter() - began > setting.limit:
            raise TooLong(f"the run took longer than {setting.limit:g} s (month {done} of {total})")
        if month_done is not None:
            month_done(done, total)

    try:
        results = results_of(setting, job, watch)
    except TooLong as error:
        return failed(setting, job, error, seconds=time.perf_counter() - began, status="timeout")
    except Exception as error:  # noqa: BLE001 - whatever one run raises must not take the others down
        return failed(setting, job, error, seconds=time.perf_counter() - began)
    run = replace(job.run, status="ok", seconds=time.perf_counter() - began)
    return Finished(run, results, job.varied)


def failed(
    setting: Setting, job: Job, error: BaseException, *, seconds: float, status: str = "failed"
) -> Finished:
    """Return a run that has failed, with the line of `failures.jsonl` that it makes."""
    import shlex
    import traceback

    run = replace(job.run, status=status, seconds=seconds)
    trace = "".join(traceback.format_exception(error))
    failure = {
        **asdict(run),
        "error": f"{type(error).__name__}: {error}",
        "traceback": trace,
        "command": f"python -m experiments replay {shlex.quote(setting.folder)} {run.run_id}",
        "parameters": job.parameters,
    }
    return Finished(run, None, job.varied, failure)


def warm_up() -> None:
    """Load, or compile once on this machine, everything that a run needs."""
    from model import simulate
    from model.compiling import compile_model

    compile_model()
    simulate({"population.consumers": 50, "economy.sectors": "bank"}, 0, months=1)
