"""A results folder that is being written: opened, completed and never mixed up with another."""

from __future__ import annotations

import json
import math
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from experiments import merging, shard_files
from experiments.errors import BadInput
from experiments.ownership import locked, read_identity, unwritable
from experiments.provenance import command_line, now, provenance_of
from experiments.shard_files import Shard, write_shard
from experiments.shards import TABLES, Finished, Run, read_results
from experiments.storing import FULL, TEMPORARY, NotStored, copy_whole, reason_of, uninterrupted, write_whole

if TYPE_CHECKING:
    from experiments.config import Experiment
    from model import Results

SECONDS_BETWEEN_SHARDS = 10.0
VALUES_PER_SHARD = 4_000_000
FAILED = ("failed", "timeout")
"""Statuses of runs that have no results."""


class ResultsFolder:
    """The results folder of one experiment under one version of the model, locked for this process.

    Parameters
    ----------
    retry_failed : forget failed runs of earlier sessions, so that they are run again.
    """

    def __init__(
        self, folder: Path, experiment: Experiment, model_version: str, *, retry_failed: bool = True
    ) -> None:
        self.folder = folder
        self.experiment = experiment
        self._fresh = provenance_of(experiment.name, experiment.hash, model_version)
        self.provenance = read_identity(folder, self._fresh)
        self.stored: dict[str, Run] = {}
        self.notes: list[str] = []
        self._retry_failed = retry_failed
        self._shards: list[Shard] = []
        self._waiting: list[Finished] = []
        self._values_waiting = 0
        self._failures: dict[str, dict[str, Any]] = {}
        self._flushed = -math.inf  # the first run is stored at once
        self._lock: int | None = None
        self._began = time.monotonic()

    @property
    def model_version(self) -> str:
        """The version of the model that all results here belong to."""
        return str(self.provenance["model_version"])

    @property
    def begun(self) -> bool:
        """Whether an earlier session has left anything here."""
        return bool(self.provenance["sessions"])

    def __enter__(self) -> Self:
        """Create what is missing of the folder, or raise `BadInput` and leave no trace."""
        try:
            self._open()
        except OSError as error:
            raise BadInput(unwritable(self.folder, error)) from None
        self.provenance["sessions"].append({"started": now(), "command": command_line()})
        return self

    def _open(self) -> None:
        was_there = self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = locked(self.folder)
        try:
            self.provenance = read_identity(self.folder, self._fresh)
            self._tidy()
            self._write_identity()
        except BaseException:
            if not was_there:
                shutil.rmtree(self.folder, ignore_errors=True)
            self._unlock()
            raise

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Store what is finished and say how long it took."""
        try:
            self.flush()
            if error is None:
                self._merge(merging.left_over(self._shards))
            self._write_provenance()
        except OSError as fault:
            if error is None:
                raise self.not_stored(fault) from None
        except NotStored:
            if error is None:
                raise
        finally:
            self._unlock()

    def add(self, finished: Finished) -> None:
        """Keep a run that has ended; it is on disk after at most a few seconds."""
        self._waiting.append(finished)
        self._values_waiting += finished.rows
        if finished.failure is not None:
            self._failures[finished.run.run_id] = finished.failure
        full = self._values_waiting >= VALUES_PER_SHARD
        if full or time.monotonic() - self._flushed >= SECONDS_BETWEEN_SHARDS:
            self.flush()
            self._merge([merging.due(self._shards)])

    def flush(self) -> None:
        """Write the runs that wait; all of them appear, or none."""
        self._flushed = time.monotonic()
        if not self._waiting:
            return
        with uninterrupted():
            waiting, self._waiting, self._values_waiting = self._waiting, [], 0
            try:
                if any(item.failure is not None for item in waiting):
                    self._write_failures()
                self._shards.append(write_shard(self.folder, self._next_shard(), waiting))
            except OSError as error:
                raise self.not_stored(error) from None
            self.stored.update({item.run.run_id: item.run for item in waiting})

    def _merge(self, groups: Iterable[list[Shard]]) -> None:
        """Merge shards; a disk on which there is no room for that keeps them as they are."""
        for group in groups:
            if not group:
                continue
            try:
                with uninterrupted():
                    merged = merging.merge(self.folder, self._next_shard(), group)
            except OSError as error:
                if error.errno not in FULL:
                    raise self.not_stored(error) from None
                return
            self._shards = [*(shard for shard in self._shards if shard not in group), merged]

    def not_stored(self, error: OSError) -> NotStored:
        """Return what to say when results cannot be written."""
        kept = f"{len(self.stored)} finished runs are kept; the same command completes them"
        return NotStored(f"results cannot be stored in {self.folder} ({reason_of(error)}); {kept}")

    def runs(self) -> list[Run]:
        """Return the stored runs that went well, in the order of points and replications."""
        good = [run for run in self.stored.values() if run.status == "ok"]
        return sorted(good, key=lambda run: (run.replication, run.design_point))

    def failures(self) -> list[dict[str, Any]]:
        """Return what is known of the stored runs that failed."""
        return [self._failures[run_id] for run_id in self.stored if run_id in self._failures]

    def results(self) -> list[Results]:
        """Return the stored results, as the model returned them."""
        files = shard_files.committed_files(self.folder)
        return read_results(files, self.runs(), self.experiment.start, self.experiment.months)

    def _next_shard(self) -> str:
        stems = (path.name.partition(".")[0] for path in (self.folder / "runs").glob("part-*.parquet"))
        numbers = [int(stem.removeprefix("part-")) for stem in stems if stem[5:].isdigit()]
        return f"part-{max(numbers, default=-1) + 1:05d}.parquet"

    def _tidy(self) -> None:
        """Remove what an interrupted write has left, damaged shards, and failed runs that are tried again."""
        for path in [*self.folder.glob(f"{TEMPORARY}*"), *self.folder.glob(f"*/{TEMPORARY}*")]:
            _remove(path)
        self._shards, damaged = shard_files.examine(self.folder, thoroughly=True)
        for damage in damaged:
            number = "its runs" if damage.runs is None else f"its {damage.runs:,} runs"
            self.notes.append(f"{self.folder} held a damaged file ({damage.reason}): {number} run again")
        if self._retry_failed:
            self._forget_failed()
        self._remove_strays()
        for shard in self._shards:
            rows = shard_files.read_page(self.folder, shard).to_pylist()
            self.stored.update((row["run_id"], _run(row)) for row in rows)
        self._failures = self._known_failures()
        if not self._failures:
            (self.folder / "failures.jsonl").unlink(missing_ok=True)

    def _forget_failed(self) -> None:
        for shard in self._shards:
            rows = shard_files.read_page(self.folder, shard).to_pylist()
            failed = {row["run_id"] for row in rows if row["status"] in FAILED}
            if failed:
                shard_files.without_runs(self.folder, shard, failed)
        self._shards, _ = shard_files.examine(self.folder, thoroughly=False)

    def _remove_strays(self) -> None:
        """Remove files of shards that do not count, title pages first."""
        pages = {shard.page for shard in self._shards}
        for table in reversed(TABLES):
            names = pages if table == "runs" else {shard.name for shard in self._shards}
            for path in (self.folder / table).glob("*.parquet"):
                if path.name not in names:
                    path.unlink()

    def _known_failures(self) -> dict[str, dict[str, Any]]:
        """Return what earlier sessions wrote about the failed runs that are stored."""
        try:
            lines = (self.folder / "failures.jsonl").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        failures = [json.loads(line) for line in lines]
        stored = {run.run_id for run in self.stored.values() if run.status in FAILED}
        return {failure["run_id"]: failure for failure in failures if failure["run_id"] in stored}

    def _write_identity(self) -> None:
        if not (self.folder / "provenance.json").exists():
            self._write_provenance()
        copies = {}
        for role, source in self.experiment.named_files().items():
            target = self.folder / "inputs" / f"{role}{source.suffix}"
            target.parent.mkdir(exist_ok=True)
            if source.resolve() != target.resolve():
                copy_whole(source, target)
            copies[str(source)] = f"inputs/{target.name}"
        write_whole(self.folder / "experiment.yaml", self.experiment.resolved(copies))

    def _write_provenance(self) -> None:
        if self.provenance["sessions"]:
            self.provenance["sessions"][-1]["seconds"] = round(time.monotonic() - self._began, 3)
        self.provenance["seconds"] = sum(session.get("seconds", 0) for session in self.provenance["sessions"])
        self.provenance["seeds"] = sorted({run.seed for run in self.stored.values()})
        text = json.dumps(self.provenance, indent=2)
        write_whole(self.folder / "provenance.json", text + "\n")

    def _write_failures(self) -> None:
        lines = (json.dumps(failure) for failure in self._failures.values())
        write_whole(self.folder / "failures.jsonl", "".join(f"{line}\n" for line in lines))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _run(row: dict[str, Any]) -> Run:
    return Run(**{name: row[name] for name in Run.__dataclass_fields__})
