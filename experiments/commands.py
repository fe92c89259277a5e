"""What each command of the command line does; returns its exit code."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments import option_values
from experiments.cli import DONE, LISTS, SOMETHING_FAILED
from experiments.config import Experiment, load_experiment
from experiments.design import design_notes
from experiments.errors import BadInput, Problem, nearest_name
from experiments.meanwhile import Draughtsman, NotDrawn, load_mesa

if TYPE_CHECKING:
    from experiments.execute import Outcome


def run_command(options: Namespace) -> int:
    """Run one design point of an experiment and show its result."""
    threads = option_values.threads(options.threads, usual=option_values.cores())
    with Draughtsman() as draughtsman:
        experiment = load_experiment(options.experiment, option_values.overrides(options))
        folder = option_values.folder(options.out)
        load_mesa()
        from experiments.execute import run_experiment
        from experiments.storing import NotStored

        try:
            outcome = run_experiment(experiment, folder, threads=threads)
        except NotStored as error:
            print(f"error: {error}", file=sys.stderr)
            return SOMETHING_FAILED
        return _told(outcome, draughtsman, as_json=options.json)


def _told(outcome: Outcome, draughtsman: Draughtsman, *, as_json: bool) -> int:
    """Tell what a run has brought, with its report; return the exit code."""
    for note in outcome.notes:
        print(f"note: {note}", file=sys.stderr)
    if outcome.failures:
        failed = f"{len(outcome.failures)} of {outcome.experiment.replications} runs failed"
        print(f"{failed}; see {outcome.folder / 'failures.jsonl'}", file=sys.stderr)
    written, lines = _report(outcome, draughtsman)
    _show(outcome, written, lines, as_json=as_json)
    return SOMETHING_FAILED if outcome.failures else DONE


def _report(outcome: Outcome, draughtsman: Draughtsman) -> tuple[list[Path], list[str]]:
    """Write report and pictures; return their paths and the lines to print. A run succeeds without them."""
    if not outcome.results:
        return [], []
    draughtsman.begin(outcome.folder, outcome.notes)
    from experiments.report import result_lines

    lines = result_lines(outcome.experiment, outcome.results)
    try:
        return draughtsman.written(), lines
    except NotDrawn as error:
        print(f"warning: no report was written ({error})", file=sys.stderr)
        return [], []


def _show(outcome: Outcome, written: list[Path], lines: list[str], *, as_json: bool) -> None:
    from experiments import summary

    if as_json:
        print(json.dumps(summary.as_json(outcome), allow_nan=False))
        return
    summary.print_summary(outcome)
    if lines:
        print("\n" + "\n".join(lines))
    summary.print_places(outcome, written)


def list_command(options: Namespace) -> int:
    """List experiments, parameters, measures or tasks."""
    if options.what not in LISTS:
        what = f"unknown list '{options.what}'" if options.what else "`list` needs to know what"
        nearest = nearest_name(options.what or "", LISTS)
        raise BadInput(Problem(what, f"one of {', '.join(LISTS)}", nearest=nearest))
    from experiments import listing

    entries = listing.ENTRIES[options.what]()
    if options.json:
        print(json.dumps(entries, allow_nan=False))
    else:
        listing.print_entries(options.what, entries)
    return DONE


def intercepts_command(options: Namespace) -> int:
    """Solve intercepts, say how well each anchor is met, and write them where asked."""
    if options.into is not None:
        from experiments.null_models import resolve_command

        return resolve_command(options)
    from experiments import intercepts
    from experiments.progress import Progress

    settings = intercepts.settings_of(options.seeds, options.rounds, options.consumers)
    before, out = intercepts.anchored_catalogue(options.tasks), intercepts.target_file(options.out)
    from model.intercepts import solve

    with Progress(1, "simulation") as progress:
        progress.next_run()
        try:
            _, fits = solve(before, **vars(settings), progress=progress.part)
        except ValueError as error:
            raise BadInput(Problem(str(error))) from None
    rows = intercepts.anchored_fits(before, fits)
    if out is not None:
        solved = {fit.name: fit.intercept for fit in fits}
        intercepts.write_solved(out, Path(before.source_path), solved, settings.seeds)
    if options.json:
        print(json.dumps(intercepts.as_json(rows, settings, before.source_path, out), allow_nan=False))
    else:
        lines = [*intercepts.table(rows), "", intercepts.verdict(rows)]
        print("\n".join([*lines, f"Written to {out}."] if out else lines))
    return DONE


def validate_command(options: Namespace) -> int:
    """Check an experiment file."""
    experiment = load_experiment(options.file)
    for note in [*experiment.driver_series()[1], *design_notes(experiment)]:
        print(f"note: {note}", file=sys.stderr)
    print(_described(experiment))
    return DONE


def _described(experiment: Experiment) -> str:
    points = experiment.design_points
    size = f"{points:,} design point{'s' * (points > 1)}"
    each = "until precise" if experiment.precision else f"{experiment.replications:,} replication"
    each += "s" * (not experiment.precision and experiment.replications > 1)
    span = f"{experiment.months} months from {experiment.start}"
    return f"{experiment.name} is valid: {size}, {each}, {span}, hash {experiment.hash[:8]}"
