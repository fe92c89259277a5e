"""Repeat one stored run and say whether it comes out the same, bit for bit."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments import option_values
from experiments.cli import DONE, SOMETHING_FAILED
from experiments.errors import BadInput, Problem, nearest_name
from experiments.performing import Job, perform, setting_of
from experiments.plan import Plan
from experiments.reading import Archive, open_archive
from experiments.shards import COLUMNS, Finished, Run

if TYPE_CHECKING:
    import pandas as pd

KEYS = {
    "series": ("month", "measure"),
    "groups": ("month", "measure", "dimension", "group"),
}


@dataclass(frozen=True)
class Replay:
    """A run beside its repetition; ``difference`` is the first one, or why there is nothing to compare."""

    run: Run
    same: bool
    values: int
    difference: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what `replay --json` prints."""
        return {
            "run_id": self.run.run_id,
            "design_point": self.run.design_point,
            "replication": self.run.replication,
            "seed": self.run.seed,
            "stored_status": self.run.status,
            "identical": self.same,
            "values": self.values,
            "difference": self.difference,
        }


def replay_command(options: Namespace) -> int:
    """Carry out the command `replay`."""
    found = replay(open_archive(options.folder), options.run_id)
    if options.json:
        print(json.dumps(found.as_json(), allow_nan=False))
    else:
        where = f"design point {found.run.design_point}, replication {found.run.replication}"
        print(f"run {found.run.run_id} ({where}, seed {found.run.seed})")
        same = f"identical: all {found.values:,} values agree bit for bit"
        print(same if found.same else f"different: {found.difference}")
    return DONE if found.same else SOMETHING_FAILED


def replay(archive: Archive, run_id: str) -> Replay:
    """Repeat a run of an archive.

    Parameters
    ----------
    run_id : the run's id, or its first letters.

    Raises
    ------
    BadInput : for an unknown run, or when results belong to another version of the model.
    """
    job = stored_job(archive, run_id)
    setting, _ = setting_of(archive.experiment, "", str(archive.folder), threads=option_values.cores())
    finished = perform(setting, job)
    if job.run.status != "ok":
        return _failed_before(job.run, finished)
    if finished.failure is not None:
        return Replay(job.run, same=False, values=0, difference=f"it fails now ({finished.failure['error']})")
    return _compared(archive, job.run, finished)


def stored_job(archive: Archive, run_id: str) -> Job:
    """Return what is needed to repeat a stored run under this version of the model."""
    from model.version import model_version

    version = str(archive.provenance["model_version"])
    if version != model_version():
        what = f"{archive.folder} was computed by another version of the model"
        raise BadInput(Problem(what, version, model_version()))
    run = _stored_run(archive, run_id)
    plan = Plan(archive.experiment, version)
    plan.refuse_strangers({run.run_id: run}, str(archive.folder))
    return plan.job(run)


def _stored_run(archive: Archive, run_id: str) -> Run:
    runs = archive.runs
    found = runs[runs["run_id"].str.startswith(run_id)] if run_id else runs[:0]
    if len(found) != 1:
        what = f"run '{run_id}' is not stored in {archive.folder}"
        what = what if len(found) == 0 else f"'{run_id}' are the first letters of {len(found):,} runs"
        expected = "a run_id of the table of runs, or enough of its first letters"
        raise BadInput(Problem(what, expected, nearest=nearest_name(run_id, runs["run_id"])))
    row = found.iloc[0]
    return Run(
        str(row["run_id"]),
        int(row["design_point"]),
        int(row["replication"]),
        int(row["seed"]),
        str(row["status"]),
        float(row["seconds"]),
    )


def _failed_before(run: Run, finished: Finished) -> Replay:
    """Return what became of a run that is stored as failed: it fails again, or it does not."""
    if finished.failure is None:
        said = "it is stored as failed and went well now; `sweep --retry-failed` stores its results"
    else:
        said = f"it is stored as {run.status} and failed again: {finished.failure['error']}"
    return Replay(run, same=False, values=0, difference=said)


def _compared(archive: Archive, run: Run, finished: Finished) -> Replay:
    stored = {table: _stored_values(archive, table, run.run_id) for table in COLUMNS}
    again = {table: _values_now(finished, table) for table in COLUMNS}
    for table, keys in KEYS.items():
        difference = first_difference(stored[table], again[table], list(keys))
        if difference:
            return Replay(run, same=False, values=0, difference=difference)
    return Replay(run, same=True, values=sum(len(frame) for frame in stored.values()))


def _stored_values(archive: Archive, table: str, run_id: str) -> pd.DataFrame:
    names = ", ".join(f'"{name}"' for name in COLUMNS[table] if name != "run_id")
    return archive.query(f"select {names} from {table} where run_id = '{run_id}' order by all")


def _values_now(finished: Finished, table: str) -> pd.DataFrame:
    assert finished.results is not None
    frame = finished.results.series if table == "series" else finished.results.groups
    keys = list(KEYS[table])
    texts = frame.astype(dict.fromkeys(keys[1:], "str"))
    return texts.sort_values(keys).reset_index(drop=True)


def first_difference(stored: pd.DataFrame, again: pd.DataFrame, keys: list[str]) -> str | None:
    """Return the first place where two long tables part, or None; values are compared by their bits."""
    import numpy as np

    one, two = (frame.sort_values(keys).reset_index(drop=True) for frame in (stored, again))
    if len(one) != len(two) or any((one[key].to_numpy() != two[key].to_numpy()).any() for key in keys):
        return f"{len(one):,} stored values, {len(two):,} now, or other months, measures and groups"
    before, now = (frame["value"].to_numpy(np.float64) for frame in (one, two))
    part = (before.view(np.int64) != now.view(np.int64)) & ~(np.isnan(before) & np.isnan(now))
    if not part.any():
        return None
    place = int(np.argmax(part))
    where = ", ".join(f"{key} {one[key].iloc[place]}" for key in keys)
    many = f"{int(part.sum()):,} of {len(one):,} values"
    return f"{many}, first at {where}: {float(before[place])!r} stored, {float(now[place])!r} now"
