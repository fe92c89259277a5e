"""A results folder: opened, completed and never mixed up with another."""

from __future__ import annotations

import json
import math
import os
import shutil
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from experiments.errors import BadInput, Problem, shown
from experiments.provenance import FORMAT, SOFTWARE, command_line, now, provenance_of
from experiments.shards import TABLES, Finished, Run, read_results, read_runs, write_shard
from experiments.storing import TEMPORARY, NotStored, copy_whole, uninterrupted, whole_files, write_whole

if TYPE_CHECKING:
    from experiments.config import Experiment
    from model import Results

OUR_FILES = ("failures.jsonl", "experiment.yaml", "provenance.json", "report.html", "report.md")
KNOWN = (*TABLES, *OUR_FILES, "inputs", "figures")
UNSEEN = (".DS_Store", "Thumbs.db", "desktop.ini")
SECONDS_BETWEEN_SHARDS = 10.0
ROWS_PER_SHARD = 2_000_000


class Archive:
    """The results folder of one experiment under one version of the model."""

    def __init__(self, folder: Path, experiment: Experiment, model_version: str) -> None:
        self.folder = folder
        self.experiment = experiment
        self.provenance = _read_identity(folder, experiment, model_version)
        self.stored: dict[str, Run] = {}
        self._waiting: list[Finished] = []
        self._failures: dict[str, dict[str, Any]] = {}
        self._flushed = -math.inf  # the first run is stored at once
        self._lock: int | None = None
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        """Create what is missing of the folder, or raise `BadInput` and leave no trace."""
        try:
            self._open()
        except OSError as error:
            raise BadInput(_unwritable(self.folder, error)) from None
        self.provenance["sessions"].append({"started": now(), "command": command_line()})
        return self

    def _open(self) -> None:
        was_there = self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.folder)
        try:
            self.provenance = _read_identity(self.folder, self.experiment, self.provenance["model_version"])
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
            self._write_provenance()
        except OSError as fault:
            if error is None:
                raise self._not_stored(fault) from None
        finally:
            self._unlock()

    def add(self, finished: Finished, failure: dict[str, Any] | None = None) -> None:
        """Keep a run that has ended; it is on disk after at most a few seconds."""
        self._waiting.append(finished)
        if failure is not None:
            self._failures[finished.run.run_id] = failure
        rows = sum(item.results.values.size for item in self._waiting if item.results is not None)
        if rows >= ROWS_PER_SHARD or time.monotonic() - self._flushed >= SECONDS_BETWEEN_SHARDS:
            self.flush()

    def flush(self) -> None:
        """Write the runs that wait; all of them appear, or none."""
        self._flushed = time.monotonic()
        if not self._waiting:
            return
        with uninterrupted():
            waiting, self._waiting = self._waiting, []
            try:
                if any(item.run.status == "failed" for item in waiting):
                    self._write_failures()
                write_shard(self.folder, self._next_shard(), waiting)
            except OSError as error:
                raise self._not_stored(error) from None
            self.stored.update({item.run.run_id: item.run for item in waiting})

    def _not_stored(self, error: OSError) -> NotStored:
        kept = f"{len(self.stored)} finished runs are kept; the same command completes them"
        return NotStored(f"results cannot be stored in {self.folder} ({error.strerror or error}); {kept}")

    def runs(self) -> list[Run]:
        """Return the stored runs that went well, in the order of points and replications."""
        good = [run for run in self.stored.values() if run.status == "ok"]
        return sorted(good, key=lambda run: (run.replication, run.design_point))

    def results(self) -> list[Results]:
        """Return the stored results, as the model returned them."""
        return read_results(self.folder, self.runs(), self.experiment.start, self.experiment.months)

    def _next_shard(self) -> str:
        shards = (self.folder / "runs").glob("part-*.parquet")
        numbers = [int(path.stem.removeprefix("part-")) for path in shards]
        return f"part-{max(numbers, default=-1) + 1:05d}.parquet"

    def _tidy(self) -> None:
        """Remove what an interrupted write has left, and failed runs, which are tried again."""
        for path in [*self.folder.glob(f"{TEMPORARY}*"), *self.folder.glob(f"*/{TEMPORARY}*")]:
            path.unlink()
        for file, rows in _rows_of(self.folder):
            good = [row for row in rows if row["status"] == "ok"]
            if len(good) < len(rows):
                _rewrite_runs(file, good)
            self.stored.update({row["run_id"]: _run(row) for row in good})
        named = {path.name for path in (self.folder / "runs").glob("*.parquet")}
        for table in ("series", "groups"):
            for path in (self.folder / table).glob("*.parquet"):
                if path.name not in named:
                    path.unlink()
        (self.folder / "failures.jsonl").unlink(missing_ok=True)

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


def _run(row: dict[str, Any]) -> Run:
    return Run(**{name: row[name] for name in Run.__dataclass_fields__})


def _rows_of(folder: Path) -> list[tuple[Path, list[dict[str, Any]]]]:
    try:
        return read_runs(folder)
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
        raise BadInput(Problem(f"{folder}/runs holds a file that cannot be read ({error})")) from None


def _rewrite_runs(file: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not rows:
        file.unlink()
        return
    with whole_files(file) as (temporary,):
        pq.write_table(pa.Table.from_pylist(rows, schema=pq.read_schema(file)), temporary, compression="zstd")


def _read_identity(folder: Path, experiment: Experiment, model_version: str) -> dict[str, Any]:
    """Return the folder's provenance, or a new one; raise `BadInput` for a folder that is not ours."""
    fresh = provenance_of(experiment.name, experiment.hash, model_version)
    try:
        if folder.exists() and not folder.is_dir():
            raise BadInput(Problem(f"--out {folder} is a file", "a folder"))
        names = [path.name for path in folder.iterdir()] if folder.exists() else []
    except OSError as error:
        raise BadInput(Problem(f"--out {folder} cannot be read ({error.strerror})")) from None
    strange = sorted(name for name in names if not (name in (*KNOWN, *UNSEEN) or name.startswith(TEMPORARY)))
    if strange or ("provenance.json" not in names and set(names) - set(UNSEEN)):
        files = ", ".join((strange or sorted(names))[:3])
        raise BadInput(Problem(f"--out {folder} holds other files ({files})", "an absent or empty folder"))
    if "provenance.json" not in names:
        return fresh
    found = _identity(folder / "provenance.json")
    _refuse_others(folder, found, fresh)
    return found


def _identity(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        what = "the results folder cannot be read"
        raise BadInput(Problem(what, got=shown(error), where=str(path))) from None
    if not isinstance(found, dict) or found.get("software") != SOFTWARE:
        raise BadInput(Problem("this is no results folder of this software", where=str(path)))
    return found


def _refuse_others(folder: Path, found: dict[str, Any], fresh: dict[str, Any]) -> None:
    if found.get("format", 0) > FORMAT:
        raise BadInput(Problem(f"--out {folder} comes from a newer version ({found.get('version')})"))
    if found.get("hash") != fresh["hash"]:
        theirs = f"{found.get('experiment')} ({str(found.get('hash'))[:8]})"
        ours = f"{fresh['experiment']} ({fresh['hash'][:8]})"
        raise BadInput(Problem(f"--out {folder} holds the results of another experiment", ours, theirs))
    if found.get("model_version") != fresh["model_version"]:
        what = f"--out {folder} was computed by another version of the model"
        expected = f"{fresh['model_version']}, or another folder"
        raise BadInput(Problem(what, expected, str(found.get("model_version"))))


def _unwritable(folder: Path, error: OSError) -> Problem:
    if isinstance(error, BlockingIOError):
        return Problem(f"--out {folder} is being written by another run", "one run at a time")
    what = f"--out {folder} cannot be written ({error.strerror or error})"
    return Problem(what, "a folder that can be written")


def _locked(folder: Path) -> int | None:
    """Lock a folder against a second writer, as long as this process lives."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:  # a file system without locks
        pass
    return handle


def failure_of(run: Run, error: Exception, command: str) -> dict[str, Any]:
    """Return the line of `failures.jsonl` that one failed run makes."""
    import traceback

    trace = "".join(traceback.format_exception(error))
    said = f"{type(error).__name__}: {error}"
    return {**asdict(run), "error": said, "traceback": trace, "command": command}
