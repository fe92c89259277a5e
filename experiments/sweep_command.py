"""The command `sweep`: what its options ask for, what it says, and its exit code."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from experiments import option_values
from experiments.cli import DONE, SOMETHING_FAILED
from experiments.config import load_experiment
from experiments.errors import BadInput, Problem
from experiments.execute import default_folder
from experiments.performing import WorkersLost
from experiments.progress import duration
from experiments.storing import NotStored
from experiments.sweeping import How, Stopped, Swept, carry_out


def sweep_command(options: Namespace) -> int:
    """Carry out the command `sweep`."""
    how = _how(options)
    experiment = load_experiment(options.experiment, option_values.overrides(options))
    folder = option_values.folder(options.out)
    if options.dry_run:
        from experiments.forecast import forecast_command

        return forecast_command(experiment, folder, how, as_json=options.json)
    outcome = Swept(experiment, folder or default_folder(experiment))
    try:
        carry_out(experiment, folder, how, outcome)
    except (NotStored, Stopped, WorkersLost) as error:
        _stopped(outcome, error, as_json=options.json)
        print(f"error: {error}", file=sys.stderr)
        return SOMETHING_FAILED
    except KeyboardInterrupt as interruption:
        _stopped(outcome, interruption, as_json=options.json)
        raise
    for note in outcome.notes:
        print(f"note: {note}", file=sys.stderr)
    if outcome.failed:
        said = f"{outcome.failed:,} of {outcome.failed + outcome.runs:,} runs failed"
        where = outcome.folder / "failures.jsonl"
        print(f"{said}; see {where}; --retry-failed runs them again", file=sys.stderr)
    if options.json:
        print(json.dumps(outcome.as_json(), allow_nan=False))
    else:
        _show(outcome)
    return DONE if outcome.complete else SOMETHING_FAILED


def _stopped(outcome: Swept, reason: BaseException, *, as_json: bool) -> None:
    """Print what there is of a sweep that ended before its time."""
    outcome.stopped = str(reason) or "interrupted"
    if as_json:
        print(json.dumps(outcome.as_json(), allow_nan=False), flush=True)


def _how(options: Namespace) -> How:
    workers, failures = options.workers, option_values.most_failures(options.max_failures)
    if workers is not None and options.scheduler is not None:
        raise BadInput(Problem("--workers and --scheduler contradict each other", "one of them"))
    if options.fail_fast and failures is not None:
        raise BadInput(Problem("--fail-fast and --max-failures contradict each other", "one of them"))
    if options.scheduler is not None and "://" not in options.scheduler:
        expected = "an address such as tcp://host:8786"
        raise BadInput(Problem("--scheduler is not valid", expected, f"'{options.scheduler}'"))
    return How(
        None
        if workers is None
        else option_values.whole("--workers", workers, most=option_values.MOST_WORKERS),
        option_values.threads(options.threads, usual=1),
        options.scheduler,
        options.resume,
        options.retry_failed,
        options.fail_fast,
        failures,
        option_values.seconds("--timeout", options.timeout),
    )


def _show(outcome: Swept) -> None:
    print(outcome.experiment.label)
    failed = f", {outcome.failed:,} failed" if outcome.failed else ""
    points = f"{outcome.design_points:,} design point{'s' * (outcome.design_points != 1)}"
    print(f"{points}, {outcome.runs:,} runs{failed}, in {duration(outcome.seconds)}")
    if outcome.precision is not None:
        print("\n".join(_precision_lines(outcome)))
    print(f"\nResults  {outcome.folder}")
    print(f"Next     python -m experiments report {outcome.folder}")


def _precision_lines(outcome: Swept) -> list[str]:
    from experiments.summary import shown_number

    seen, targets = outcome.precision, outcome.experiment.precision or {}
    assert seen is not None
    lines = [
        f"{'precise enough' if seen.met else 'not precise enough'} after {seen.replications} replications:"
    ]
    for name, target in targets.items():
        lines.append(
            f"  {name}: ± {shown_number(seen.half_widths.get(name))}, target ± {shown_number(target)}"
        )
    return lines if seen.met or seen.needed is None else [*lines, f"  about {seen.needed:,} would be needed"]
