"""A whole experiment: every design point, every replication, on all cores or on a cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from experiments import option_values
from experiments.archive import ResultsFolder
from experiments.config import Experiment, load_experiment
from experiments.design import design_notes
from experiments.errors import BadInput, Problem
from experiments.execute import FAILURES_SHOWN, default_folder, said_failure
from experiments.option_values import MOST_WORKERS
from experiments.performing import Job, Setting, WorkersLost, setting_of
from experiments.plan import Plan
from experiments.progress import SweepProgress
from experiments.recording import Recorder
from experiments.storing import temporary_folder

if TYPE_CHECKING:
    from experiments.precision import Look
    from experiments.reading import Archive
    from experiments.shards import Finished


class Stopped(RuntimeError):
    """A sweep that ended before its time, in good order (exit code 1)."""


class Engine(Protocol):
    """Whatever computes runs: a local pool or a cluster."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *error: Any) -> None: ...
    def performed(self, jobs: Iterator[Job]) -> Iterator[Finished]:
        """Yield runs as they end."""


@dataclass(frozen=True)
class How:
    """How a sweep is carried out; results do not depend on it.

    ``max_failures`` is a number of runs or a share such as "5%"; ``timeout`` are seconds per run.
    """

    workers: int | None = None
    threads: int = 1
    scheduler: str | None = None
    resume: bool = False
    retry_failed: bool = False
    fail_fast: bool = False
    max_failures: float | str | None = None
    timeout: float | None = None
    quiet: bool = False

    def failures_allowed(self, runs: int) -> float:
        """Return how many of some runs may fail before the sweep stops."""
        if self.fail_fast:
            return 0
        if isinstance(self.max_failures, str):
            return runs * float(self.max_failures.removesuffix("%")) / 100.0
        return float("inf") if self.max_failures is None else self.max_failures


@dataclass
class Swept:
    """What a sweep has brought."""

    experiment: Experiment
    folder: Path
    design_points: int = 0
    runs: int = 0
    failed: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    precision: Look | None = None
    stopped: str | None = None

    def count(self, store: ResultsFolder, seconds: float) -> None:
        """Take over what is stored."""
        self.runs, self.seconds = len(store.runs()), seconds
        self.failed = len(store.stored) - self.runs

    @property
    def complete(self) -> bool:
        """Whether nothing failed and a precision target, if there is one, is met."""
        return self.failed == 0 and (self.precision is None or self.precision.met)

    def as_json(self) -> dict[str, Any]:
        """Return what `sweep --json` prints."""
        found: dict[str, Any] = {
            "experiment": self.experiment.name,
            "hash": self.experiment.hash,
            "out": str(self.folder),
            "design_points": self.design_points,
            "runs": self.runs,
            "failed": self.failed,
            "seconds": round(self.seconds, 3),
        }
        if self.stopped is not None:
            found["stopped"] = self.stopped
        if self.precision is not None:
            found["precision"] = self.precision.as_json(self.experiment.precision or {})
        return found


def sweep(  # noqa: PLR0913 - the door: everything by keyword
    experiment: Experiment | str | Path,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    threads: int = 1,
    scheduler: str | None = None,
    timeout: float | None = None,
    max_failures: float | str | None = None,
    fail_fast: bool = False,
    retry_failed: bool = False,
    resume: bool = False,
    quiet: bool = False,
) -> Archive:
    """Run every design point of an experiment that its results folder does not hold, and open the folder.

    Parameters
    ----------
    experiment : as :func:`load_experiment` returns it, or its name or file.
    out : the results folder; default `results/NAME-HASH8`.
    workers : processes on this machine; one per core by default.
    threads : within each run.
    scheduler : address of a Dask scheduler, in place of workers on this machine.
    timeout : seconds that one run may take.
    max_failures : number of failed runs (or a share such as "5%") above which the sweep stops.
    fail_fast : stop at the first failed run.
    retry_failed : run again what failed in an earlier session.
    resume : refuse to begin anew.
    quiet : say nothing about progress.

    Returns
    -------
    The archive, with failed runs in ``failures``.

    Raises
    ------
    BadInput : before anything is written.
    Stopped, NotStored, WorkersLost : when the sweep could not go on; what is finished stays.
    """
    from experiments.reading import open_archive

    chosen = experiment if isinstance(experiment, Experiment) else load_experiment(experiment)
    how = How(
        None if workers is None else option_values.whole("workers", str(workers), most=MOST_WORKERS),
        threads,
        scheduler,
        resume,
        retry_failed,
        fail_fast,
        None if max_failures is None else option_values.most_failures(str(max_failures)),
        None if timeout is None else option_values.seconds("timeout", str(timeout)),
        quiet,
    )
    return open_archive(carry_out(chosen, None if out is None else Path(out), how).folder)


def carry_out(experiment: Experiment, out: Path | None, how: How, outcome: Swept | None = None) -> Swept:
    """Run what is missing of an experiment; return how it went.

    Parameters
    ----------
    outcome : is filled, whether the sweep comes to its end or not.
    """
    from model.version import model_version

    folder = out or default_folder(experiment)
    _refuse_nothing_to_resume(folder, how)
    store = ResultsFolder(folder, experiment, model_version(), retry_failed=how.retry_failed)
    plan = Plan(experiment, store.model_version)
    setting, notes = setting_of(
        experiment, store.model_version, str(folder.absolute()), threads=how.threads, limit=how.timeout
    )
    outcome = outcome or Swept(experiment, folder)
    outcome.design_points, outcome.notes = len(plan.points), [*notes, *design_notes(experiment)]
    began = time.monotonic()
    try:
        _in_its_place(store, plan, setting, how, outcome)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"interrupted: {_kept(store)}") from None
    except (Stopped, WorkersLost) as stopped:
        raise type(stopped)(f"{stopped}; {_kept(store)}") from None
    finally:
        outcome.count(store, time.monotonic() - began)
    return outcome


def _in_its_place(store: ResultsFolder, plan: Plan, setting: Setting, how: How, outcome: Swept) -> None:
    if how.scheduler is None:
        _in_pool(store, plan, setting, how, outcome)
    else:
        _on_cluster(store, plan, setting, how, outcome)


def _refuse_nothing_to_resume(folder: Path, how: How) -> None:
    if how.resume and not (folder / "provenance.json").exists():
        what = f"--resume: there is nothing to resume in {folder}"
        raise BadInput(Problem(what, "a results folder, or the same command without --resume"))


def _kept(store: ResultsFolder) -> str:
    """Say what a sweep that ended before its time leaves."""
    good = len(store.runs())
    failed = len(store.stored) - good
    kept = f"{good:,} finished run{'s are' if good != 1 else ' is'} kept in {store.folder}"
    if not failed:
        return f"{kept}; the same command completes them"
    said = f"{failed:,} failed one{'s stand' if failed != 1 else ' stands'} in failures.jsonl"
    return f"{kept}, {said}; the same command goes on, with --retry-failed it repeats what failed"


def _in_pool(store: ResultsFolder, plan: Plan, setting: Setting, how: How, outcome: Swept) -> None:
    from experiments.pool import LocalPool

    with store:
        session = _Sweep(store, plan, how, outcome)
        missing = session.missing_at_first()
        if not missing and not plan.experiment.precision:
            return
        workers = min(how.workers or option_values.cores(), max(1, missing))
        with temporary_folder(store.folder) as spool, LocalPool(setting, workers, spool) as engine:
            session.carry_out(engine)


def _on_cluster(store: ResultsFolder, plan: Plan, setting: Setting, how: How, outcome: Swept) -> None:
    from experiments.cluster import Cluster

    with Cluster(setting, how.scheduler or "") as engine, store:
        _Sweep(store, plan, how, outcome).carry_out(engine)


class _Sweep:
    """One session of a sweep."""

    def __init__(self, store: ResultsFolder, plan: Plan, how: How, outcome: Swept) -> None:
        self._store, self._plan, self._how, self._outcome = store, plan, how, outcome
        outcome.notes += store.notes
        self._ended = set(store.stored)
        self._failures = 0
        plan.refuse_strangers(store.stored, str(store.folder))

    def missing_at_first(self) -> int:
        """Return how many runs the first batch has."""
        return self._count_missing(0, self._first_batch())

    def _count_missing(self, first: int, end: int) -> int:
        """Return how many runs of some replications have not ended; what is stored belongs to the plan."""
        ended = sum(first <= run.replication < end for run in list(self._store.stored.values()))
        return (end - first) * len(self._plan.points) - ended

    def _first_batch(self) -> int:
        from experiments.precision import FIRST_LOOK

        experiment = self._plan.experiment
        return FIRST_LOOK if experiment.precision else experiment.replications

    def carry_out(self, engine: Engine) -> None:
        """Run what is missing: all replications, or as many as the precision asks for."""
        self._engine = engine
        with Recorder(self._store) as recorder, SweepProgress(quiet=self._how.quiet) as progress:
            self._recorder, self._progress = recorder, progress
            if self._plan.experiment.precision:
                from experiments.sequential import until_precise

                self._outcome.precision = until_precise(self._plan.experiment, self)
            else:
                self.replications(0, self._first_batch())

    def replications(self, first: int, end: int, deadline: float | None = None) -> None:
        """Run what is missing of some replications at every design point, until the deadline."""
        missing = self._plan.missing(self._ended, first, end)
        allowed = self._how.failures_allowed(end * len(self._plan.points))
        self._progress.more(self._count_missing(first, end))
        jobs = (self._plan.job(run) for run in missing if deadline is None or time.monotonic() < deadline)
        for finished in self._engine.performed(jobs):
            self._recorder.add(finished)
            self._ended.add(finished.run.run_id)
            self._progress.one_more(failed=finished.failure is not None)
            if finished.failure is not None:
                self._judge(finished, allowed)

    def _judge(self, finished: Finished, allowed: float) -> None:
        """Say that a run has failed; stop when too many have."""
        self._failures += 1
        if self._failures <= FAILURES_SHOWN:
            self._progress.say(said_failure(finished.failure or {}))
        if self._failures > allowed:
            option = "--fail-fast" if self._how.fail_fast else f"--max-failures {self._how.max_failures}"
            many = "1 run has failed" if self._failures == 1 else f"{self._failures:,} runs have failed"
            raise Stopped(f"stopped: {many} ({option})")

    def is_complete(self, replications: int) -> bool:
        """Return whether all runs of the first replications have ended."""
        return next(self._plan.missing(self._ended, 0, replications), None) is None

    def final(self) -> Any:
        """Return the mean of each stored run's last 12 months, for the measures with a target."""
        from experiments.reading import open_archive

        self._recorder.drain()
        return open_archive(self._store.folder).final(list(self._plan.experiment.precision or {}))

    def say(self, text: str) -> None:
        """Print a line."""
        self._progress.say(text)
