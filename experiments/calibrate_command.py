"""The command `calibrate`: fit countries up to a year, forecast the years after it, say how sure that is."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from experiments import option_values
from experiments.calibration_inputs import inputs_of
from experiments.calibration_work import DOCUMENT, CalibrationWork
from experiments.cli import DONE, SOMETHING_FAILED
from experiments.config import load_experiment
from experiments.country_runs import Place, first_year_of
from experiments.errors import BadInput, Problem
from experiments.performing import WorkersLost
from experiments.progress import duration
from experiments.storing import NotStored

FILE = "banking-europe"
RESULTS = Path("results")


def calibrate_command(options: Namespace) -> int:
    """Carry out the command `calibrate`."""
    place = _place(options)
    folder = option_values.folder(options.out)
    experiment = load_experiment(options.file or FILE, options.set)
    experiment.only_point()
    inputs = inputs_of(options, first_year_of(experiment.start))
    work = CalibrationWork(experiment, inputs, place)
    if options.dry_run:
        return _forecast(work, as_json=options.json)
    for note in [*inputs.notes, *(f"{geo} is skipped: {why}" for geo, why in inputs.skipped.items())]:
        print(f"note: {note}", file=sys.stderr)
    try:
        told = work.carry_out(folder or RESULTS / f"calibrate-{inputs.study.indicator.name}-{work.hash[:8]}")
        pages = _pages(options, work.folder)
    except (NotStored, WorkersLost) as error:
        print(f"error: {error}; the same command goes on from the runs that are kept", file=sys.stderr)
        return SOMETHING_FAILED
    if options.json:
        print(json.dumps(told, allow_nan=False, ensure_ascii=False))
    else:
        print("\n".join([*_summary(told, work.folder), *(f"Page     {path}" for path in pages)]))
    return SOMETHING_FAILED if work.failed else DONE


def _pages(options: Namespace, folder: Path) -> list[Path]:
    """Compare a finished calibration with later years, where that is asked for."""
    into = option_values.folder(options.pages)
    if into is None:
        return []
    from experiments.forecast_pages import write_pages

    try:
        return write_pages(folder, into, observed=Path(options.observed) if options.observed else None)
    except OSError as error:
        raise NotStored(f"{into} cannot be written ({error.strerror or error})") from None


def _place(options: Namespace) -> Place:
    if options.workers is not None and options.scheduler is not None:
        raise BadInput(Problem("--workers and --scheduler contradict each other", "one of them"))
    if options.scheduler is not None and "://" not in options.scheduler:
        expected = "an address such as tcp://host:8786"
        raise BadInput(Problem("--scheduler is not valid", expected, f"'{options.scheduler}'"))
    workers = option_values.cores()
    if options.workers is not None:
        workers = option_values.whole("--workers", options.workers, most=option_values.MOST_WORKERS)
    return Place(workers, options.scheduler)


def _forecast(work: CalibrationWork, *, as_json: bool) -> int:
    """Say how long all runs will take; write nothing."""
    runs, seconds = work.timed()
    total = runs * seconds / work.place.workers
    if as_json:
        print(json.dumps({"runs": runs, "seconds_per_run": round(seconds, 3), "seconds": round(total, 1)}))
    else:
        print(f"about {runs:,} runs of {seconds:.1f} s, {duration(total)} with {work.place.workers} workers")
    return DONE


def _summary(told: dict[str, Any], folder: Path) -> list[str]:
    """Return what a reader sees in place of the document."""
    lines = [f"{told['indicator']}, fitted up to {told['until']}, in percentage points", ""]
    years = [year for year in (told["until"] + 1, told["until"] + 4) if year <= 2100]
    lines.append(f"{'':4}{'level':>8}{'trend':>8}{'fit':>7}" + "".join(f"{year:>24}" for year in years))
    for geo, one in told["countries"].items():
        local = one["parameters"]
        cells = [_cell(one["forecast"].get(str(year))) for year in years]
        head = f"{geo:4}{local['country.level']:8.2f}{local['country.trend']:8.3f}{one['fit_rmse']:7.2f}"
        lines.append(head + "".join(f"{cell:>24}" for cell in cells))
    lines += ["", *(f"{name} {value:.2f}" for name, value in told["shared"].items()), told["contagion"]]
    lines += [f"skipped {geo}: {why}" for geo, why in told["skipped"].items()]
    return [*lines, "", f"Results  {folder / DOCUMENT}"]


def _cell(point: dict[str, float] | None) -> str:
    if point is None:
        return ""
    return f"{point['value']:.1f} ({point['low']:.1f} to {point['high']:.1f})"
