"""Run one design point of an experiment: every replication that its results folder does not hold yet."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.archive import ResultsFolder
from experiments.config import Experiment
from experiments.errors import BadInput, Problem, shown_line
from experiments.performing import Setting, perform, setting_of
from experiments.plan import Plan
from experiments.progress import Progress

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
    experiment.only_point()
    store = ResultsFolder(folder or default_folder(experiment), experiment, model_version())
    setting, notes = setting_of(
        experiment, store.model_version, str(store.folder.absolute()), threads=threads
    )
    plan = Plan(experiment, store.model_version)
    began = time.monotonic()
    try:
        with store:
            _complete(store, plan, setting)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_kept(store)) from None
    seconds = time.monotonic() - began
    return Outcome(
        store.folder, experiment, store.results(), store.failures(), [*store.notes, *notes], seconds
    )


def _kept(store: ResultsFolder) -> str:
    kept = f"{len(store.runs())} of {store.experiment.replications} runs are kept in {store.folder}"
    return f"interrupted: {kept}; the same command completes them"


def _refuse_precision(experiment: Experiment) -> None:
    if experiment.precision:
        what = "a precision target needs several rounds of runs, `run` makes a fixed number"
        raise BadInput(Problem(what, f"`sweep {experiment.name}`, or --replications N"))


def _complete(store: ResultsFolder, plan: Plan, setting: Setting) -> None:
    from model.compiling import compile_model

    plan.refuse_strangers(store.stored, str(store.folder))
    missing = list(plan.missing(store.stored, 0, store.experiment.replications))
    said = 0
    with Progress(len(missing)) as progress:
        if missing:
            compile_model()
        for run in missing:
            progress.next_run()
            finished = perform(setting, plan.job(run), progress.part)
            store.add(finished)
            if finished.failure is not None:
                said += 1
                progress.say(said_failure(finished.failure) if said <= FAILURES_SHOWN else "")


def said_failure(failure: dict[str, Any]) -> str:
    """Return how a failed run is told."""
    where = f"design point {failure['design_point']}, replication {failure['replication']}"
    said = f"run {failure['run_id']} ({where}, seed {failure['seed']}) failed"
    return f"{said}: {shown_line(failure['error'])}\n  to repeat it: {failure['command']}"
