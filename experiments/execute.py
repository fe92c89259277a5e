"""Run an experiment: every replication that its results folder does not hold yet."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.archive import Archive, failure_of
from experiments.config import Experiment, digest
from experiments.errors import BadInput, Problem, shown_line
from experiments.progress import Progress
from experiments.shards import Finished, Run

if TYPE_CHECKING:
    from model import Results

RESULTS = Path("results")
FAILURES_SHOWN = 3
"""More of them are only counted; all stand in `failures.jsonl`."""


@dataclass
class Outcome:
    """What a `run` has brought: where it lies, how many runs went well, which failed."""

    folder: Path
    experiment: Experiment
    results: list[Results]
    failures: list[dict[str, Any]]
    notes: list[str]
    seconds: float = 0.0
    pictures: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class _Task:
    """Everything that one replication needs, apart from its seed."""

    parameters: dict[str, Any]
    keywords: dict[str, Any]


def default_folder(experiment: Experiment) -> Path:
    """Return `results/NAME-HASH8`."""
    return RESULTS / f"{experiment.name}-{experiment.hash[:8]}"


def run_experiment(experiment: Experiment, folder: Path | None = None, *, threads: int = 1) -> Outcome:
    """Run what is missing of the single design point of an experiment and return all its results.

    Parameters
    ----------
    experiment : with one design point and a fixed number of replications.
    folder : of the results; default `results/NAME-HASH8`.
    threads : used within a run; results do not depend on it.

    Raises
    ------
    BadInput : before anything is written.
    """
    from model.version import model_version

    _refuse_precision(experiment)
    parameters = experiment.only_point()
    drivers, notes = experiment.driver_series()
    keywords = {"start": experiment.start, "months": experiment.months, "measures": experiment.measures}
    keywords |= {"catalogue": experiment.catalogue(), "drivers": drivers, "threads": threads}
    archive = Archive(folder or default_folder(experiment), experiment, model_version())
    began = time.monotonic()
    try:
        with archive:
            failures = _complete(archive, _Task(parameters, keywords))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_kept(archive)) from None
    results = archive.results()
    return Outcome(archive.folder, experiment, results, failures, notes, time.monotonic() - began)


def _kept(archive: Archive) -> str:
    kept = f"{len(archive.runs())} of {archive.experiment.replications} runs are kept in {archive.folder}"
    return f"interrupted: {kept}; the same command completes them"


def _refuse_precision(experiment: Experiment) -> None:
    if experiment.precision:
        what = "a precision target needs several rounds of runs, `run` makes a fixed number"
        raise BadInput(Problem(what, f"`sweep {experiment.name}`, or --replications N"))


def _complete(archive: Archive, task: _Task) -> list[dict[str, Any]]:
    missing = planned_runs(archive.experiment, task.parameters, archive)
    failures = []
    with Progress(len(missing)) as progress:
        for run in missing:
            progress.next_run()
            finished, failure = _one(run, task, progress.part, archive)
            archive.add(finished, failure)
            if failure is not None:
                failures.append(failure)
                progress.say(_said(failure) if len(failures) <= FAILURES_SHOWN else "")
    return failures


def planned_runs(experiment: Experiment, parameters: dict[str, Any], archive: Archive) -> list[Run]:
    """Return the runs of a design point that are not stored yet."""
    version = archive.provenance["model_version"]
    point = experiment.point_identity(parameters)
    runs = []
    for replication in range(experiment.replications):
        seed = experiment.seed + replication
        run_id = digest({"point": point, "replication": replication, "seed": seed, "model": version})[:16]
        if run_id not in archive.stored:
            runs.append(Run(run_id, 0, replication, seed, "ok", 0.0))
    return runs


def _one(
    run: Run, task: _Task, month: Callable[[int, int], None], archive: Archive
) -> tuple[Finished, dict[str, Any] | None]:
    """Run one replication; a failure is a result too."""
    from model import simulate

    began = time.perf_counter()
    try:
        results = simulate(task.parameters, run.seed, progress=month, **task.keywords)
    except Exception as error:  # noqa: BLE001 - whatever one run raises must not take the others down
        failed = _ended(run, "failed", began)
        return Finished(failed), failure_of(failed, error, _command(archive, run))
    return Finished(_ended(run, "ok", began), results), None


def _ended(run: Run, status: str, began: float) -> Run:
    seconds = time.perf_counter() - began
    return Run(run.run_id, run.design_point, run.replication, run.seed, status, seconds)


def _command(archive: Archive, run: Run) -> str:
    file = shlex.quote(str(archive.folder.absolute() / "experiment.yaml"))
    return f"python -m experiments run {file} --seed {run.seed} --replications 1"


def _said(failure: dict[str, Any]) -> str:
    said = f"run {failure['run_id']} (replication {failure['replication']}, seed {failure['seed']}) failed"
    return f"{said}: {shown_line(failure['error'])}\n  to repeat it: {failure['command']}"
