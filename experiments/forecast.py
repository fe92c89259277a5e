"""What a sweep would cost: time one run, weigh its results, multiply; nothing is written."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import option_values
from experiments.cli import DONE
from experiments.config import Experiment
from experiments.design import Points, count_points
from experiments.execute import default_folder
from experiments.performing import Job, perform, setting_of, warm_up
from experiments.progress import duration
from experiments.shards import Finished, Run, long_tables, write_long

if TYPE_CHECKING:
    from experiments.sweeping import How

SECONDS_TO_START = 4.0
"""Until the workers have loaded the model."""


def forecast_command(experiment: Experiment, folder: Path | None, how: How, *, as_json: bool) -> int:
    """Say how many runs, minutes and megabytes a sweep would take."""
    found = forecast(experiment, folder or default_folder(experiment), how)
    if as_json:
        print(json.dumps(found, allow_nan=False))
        return DONE
    points = f"{found['design_points']:,} design points × {found['replications']:,} replications"
    print(f"{found['runs']:,} runs ({points}), {found['stored']:,} of them stored in {found['out']}")
    each = f"{found['seconds_per_run']:.2g} s and {found['kilobytes_per_run']:,.0f} kB each"
    print(
        f"{each}: {duration(60.0 * found['minutes'])} with {found['workers']} workers, "
        f"{found['megabytes']:,.1f} MB"
    )
    if experiment.precision:
        print("at least: a precision target takes as many replications as it needs")
    print("Nothing has been written.")
    return DONE


def forecast(experiment: Experiment, folder: Path, how: How) -> dict[str, Any]:
    """Return the forecast as `sweep --dry-run --json` prints it."""
    from experiments.precision import FIRST_LOOK
    from model.version import model_version

    replications = FIRST_LOOK if experiment.precision else experiment.replications
    points = count_points(experiment)
    stored = _stored(folder, experiment, model_version())
    left = max(0, points * replications - stored)
    finished = _one_run(experiment, how)
    kilobytes = _bytes_of(finished) / 1000.0
    workers = _workers(how, left)
    return {
        "experiment": experiment.name,
        "hash": experiment.hash,
        "out": str(folder),
        "design_points": points,
        "replications": replications,
        "runs": points * replications,
        "stored": stored,
        "workers": workers,
        "seconds_per_run": round(finished.run.seconds, 4),
        "kilobytes_per_run": round(kilobytes, 1),
        "minutes": round((SECONDS_TO_START * (left > 0) + left * finished.run.seconds / workers) / 60.0, 3),
        "megabytes": round(left * kilobytes / 1000.0, 3),
        "dry_run": True,
    }


def _workers(how: How, left: int) -> int:
    if how.scheduler is None:
        return max(1, min(how.workers or option_values.cores(), left))
    print("note: the forecast is for this machine, not for the cluster", file=sys.stderr)
    return max(1, how.workers or option_values.cores())


def _stored(folder: Path, experiment: Experiment, version: str) -> int:
    """Return how many runs an earlier session has stored; refuse a folder that a sweep would refuse."""
    from experiments.ownership import read_identity
    from experiments.provenance import provenance_of
    from experiments.shard_files import examine

    read_identity(folder, provenance_of(experiment.name, experiment.hash, version))
    return sum(shard.runs for shard in examine(folder, thoroughly=False)[0])


def _one_run(experiment: Experiment, how: How) -> Finished:
    """Return one run in the middle of the design, timed once everything is loaded."""
    setting, _ = setting_of(experiment, "", "", threads=how.threads)
    point = Points(experiment, typical=True)[0]
    warm_up()
    began = time.monotonic()
    finished = perform(setting, Job(Run("0" * 16, 0, 0, experiment.seed, "ok", 0.0), point.parameters, {}))
    if finished.failure is not None:
        print(
            f"note: the run that was timed failed after {duration(time.monotonic() - began)}: "
            f"{finished.failure['error']}",
            file=sys.stderr,
        )
    return finished


def _bytes_of(finished: Finished) -> int:
    return sum(_size(table, groups) for table, groups in long_tables([finished]).items())


def _size(table: str, groups: Iterator[Any]) -> int:
    stream = io.BytesIO()
    write_long(stream, table, groups)
    return stream.tell() if not stream.closed else 0
