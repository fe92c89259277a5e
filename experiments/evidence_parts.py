"""The parts of the validation report: which runs each needs, and what is read from them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from experiments import evidence_plan
from experiments.errors import BadInput, Problem
from experiments.evidence_sections import NULL_MODELS
from experiments.out_of_sample import FILE, read_calibration

if TYPE_CHECKING:
    from experiments.branch_density import Country
    from experiments.config import Experiment
    from experiments.evidence import Order
    from experiments.findings_evidence import Evidence
    from experiments.recovery import Recovered
    from experiments.robustness import Robustness, Sampled

BRANCHES = "branches-"
RECOVERY = "recovery"


@dataclass
class Gathered:
    """What the report is written from; a part that was not asked for is None or empty.

    Parameters
    ----------
    archives : results folders by experiment.
    countries, unfitted : branches under the variant, and with drivers alone where that is another.
    tested, drawn : the conclusions under every move, and in economies drawn at once.
    card : the scorecard of patterns.
    failed : runs that failed, over all experiments.
    """

    version: str
    parts: tuple[str, ...]
    archives: dict[str, Any] = field(default_factory=dict)
    card: dict[str, Any] | None = None
    calibration: dict[str, Any] | None = None
    recovered: list[Recovered] = field(default_factory=list)
    nulls: dict[str, Evidence] = field(default_factory=dict)
    countries: list[Country] = field(default_factory=list)
    variant: str = ""
    unfitted: list[Country] = field(default_factory=list)
    tested: list[Robustness] = field(default_factory=list)
    drawn: list[Sampled] = field(default_factory=list)
    failed: int = 0


def plans(order: Order) -> list[Experiment]:
    """Return every experiment that an order needs, checked before the first is run.

    Where a folder of the report holds results of other experiments, `BadInput` is raised and nothing written.
    """
    from experiments.config import load_experiment

    load_experiment("baseline", order.overrides)
    with TemporaryDirectory() as elsewhere:
        _refuse_others(order, _experiments(order, Path(elsewhere)))
    return _experiments(order, order.results / "experiments")


def _experiments(order: Order, inside: Path) -> list[Experiment]:
    """Return the experiments; those that no file of the project describes are written into a folder."""
    from experiments.config import load_experiment

    found = []
    if "nulls" in order.parts:
        changed = [*order.overrides, *_replications(order)]
        found += [load_experiment(name, changed) for name in NULL_MODELS]
    if "sensitivity" in order.parts:
        sizes = {"replications": order.replications, "points": order.points, "number": order.moves}
        found += evidence_plan.loaded(inside, order.overrides, **sizes)
    if "branches" in order.parts:
        from experiments.branch_density import write_experiment

        calibration = stored_calibration(order)
        changed = [*(o for o in order.overrides if o.startswith("population.")), *_replications(order)]
        paths = [write_experiment(inside, geo, calibration) for geo in order.countries]
        found += [load_experiment(path, changed) for path in paths]
    return found


def _refuse_others(order: Order, experiments: Sequence[Experiment]) -> None:
    """Raise `BadInput` for all folders of the report that hold other results than what is asked for."""
    from experiments.ownership import read_identity
    from experiments.provenance import provenance_of
    from experiments.recovery import refuse_others
    from model.version import model_version

    version = model_version()
    problems: list[Problem] = []
    for experiment in experiments:
        try:
            fresh = provenance_of(experiment.name, experiment.hash, version)
            read_identity(folder_of(order, experiment), fresh)
        except BadInput as error:
            problems += error.problems
    if "recovery" in order.parts:
        try:
            refuse_others(order.results / RECOVERY, _of_known_answers(order))
        except BadInput as error:
            problems += error.problems
    if problems:
        where = f"--results {order.results}"
        raise BadInput(*(replace(p, what=p.what.removeprefix("--out "), where=where) for p in problems))


def _replications(order: Order) -> list[str]:
    return [] if order.replications is None else [f"replications={order.replications}"]


def folder_of(order: Order, experiment: Experiment) -> Path:
    """Return the results folder of one experiment."""
    return order.results / "runs" / experiment.name


def stored_calibration(order: Order) -> dict[str, Any] | None:
    """Return the calibration that is named, or the one that lies in a folder of the report; None without."""
    places = [order.out / FILE, order.results / "calibration" / FILE]
    path = order.calibration or next((place for place in places if place.is_file()), None)
    return None if path is None else read_calibration(path)


def gathered(order: Order, experiments: Sequence[Experiment]) -> Gathered:
    """Run what is missing, part by part, and return what the report is written from."""
    from model.version import model_version

    found = Gathered(model_version(), order.parts)
    if {"forecast", "branches"} & set(order.parts):
        found.calibration = stored_calibration(order)
    if "forecast" in order.parts and found.calibration is None:
        found.calibration = _calibrated(order)
        experiments = plans(order)  # branches are also run with what was calibrated
    if "recovery" in order.parts:
        found.recovered = _known_answers(order)
    _sweep_all(order, experiments, found)
    if "patterns" in order.parts:
        found.card = _scorecard(order, found.version)
    if "nulls" in order.parts:
        from experiments.findings_evidence import Evidence

        found.nulls = {name: Evidence(found.archives[name]) for name in NULL_MODELS}
    if "sensitivity" in order.parts:
        from experiments.robustness import robustness, sampled

        found.tested = robustness(found.archives[evidence_plan.ONE_AT_A_TIME])
        found.drawn = sampled(found.archives[evidence_plan.ALL_TOGETHER])
    if "branches" in order.parts:
        _read_branches(order, found)
    return found


def _sweep_all(order: Order, experiments: Sequence[Experiment], found: Gathered) -> None:
    """Run what is missing of every experiment, and say how far the whole is."""
    from experiments.sweeping import sweep

    sizes = [e.design_points * e.replications for e in experiments]
    for place, experiment in enumerate(experiments):
        before, total = sum(sizes[:place]), sum(sizes)
        step = f"{place + 1} of {len(experiments)}: {experiment.name}, {sizes[place]:,} runs"
        print(f"{step} ({before:,} of {total:,} done; what is stored is not run again)", file=sys.stderr)
        archive = sweep(experiment, out=folder_of(order, experiment), workers=order.workers)
        found.archives[experiment.name] = archive
        found.failed += len(archive.failures)


def _scorecard(order: Order, version: str) -> dict[str, Any]:
    """Return the scorecard of this version of the model: kept by an earlier session, or measured now."""
    from experiments import patterns
    from experiments.evidence import SCORECARD

    kept = order.results / SCORECARD
    for path in (kept, patterns.STORED):
        page = patterns.stored(path)
        if page is not None and page["model_version"] == version:
            return page
    print("patterns P1 to P13", file=sys.stderr)
    card = patterns.as_json(patterns.measure(patterns.read(None), workers=order.workers))
    kept.parent.mkdir(parents=True, exist_ok=True)
    patterns.write(card, kept)
    return {"model_version": version, "patterns": card}


def _calibrated(order: Order) -> dict[str, Any] | None:
    """Run the calibration where there is such a command; None where it is missing or fails."""
    from experiments.cli import COMMANDS, dispatch

    if "calibrate" not in COMMANDS:
        print("note: this version has no `calibrate`, so that the forecast is left out", file=sys.stderr)
        return None
    folder = order.results / "calibration"
    with contextlib.redirect_stdout(sys.stderr):
        workers = [] if order.workers is None else ["--workers", str(order.workers)]
        code = dispatch(["calibrate", "banking-europe", "--out", str(folder), *workers])
    if code != 0 or not (folder / FILE).is_file():
        print(f"note: `calibrate` ended with exit code {code}; the forecast is left out", file=sys.stderr)
        return None
    return read_calibration(folder / FILE)


def _known_answers(order: Order) -> list[Recovered]:
    from experiments import option_values
    from experiments.recovery import recovered

    folder, workers = order.results / RECOVERY, order.workers or option_values.cores()
    return recovered(folder, _of_known_answers(order), workers)


def _of_known_answers(order: Order) -> list[str]:
    """Return the overrides that matter to known answers."""
    return [*(o for o in order.overrides if o.startswith(("population.", "seed="))), *_replications(order)]


def _read_branches(order: Order, found: Gathered) -> None:
    from experiments.branch_density import DRIVERS_ONLY, FITTED, VARIANT, country_of

    archives = {geo: found.archives[f"{BRANCHES}{geo}"] for geo in order.countries}
    fitted = all(FITTED in set(a.runs.get(VARIANT, ())) for a in archives.values())
    found.variant = FITTED if fitted else DRIVERS_ONLY
    found.countries = [country_of(archive, geo, found.variant) for geo, archive in archives.items()]
    if fitted:
        found.unfitted = [country_of(archive, geo) for geo, archive in archives.items()]
