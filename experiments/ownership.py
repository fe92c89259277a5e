"""Whose results folder is it: of this experiment, under this version of the model, in nobody else's use?"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from experiments.errors import BadInput, Problem, shown
from experiments.provenance import FORMAT, SOFTWARE
from experiments.shards import TABLES
from experiments.storing import TEMPORARY

OUR_FILES = ("failures.jsonl", "experiment.yaml", "provenance.json", "report.html", "report.md")
KNOWN = (*TABLES, *OUR_FILES, "inputs", "figures")
UNSEEN = (".DS_Store", "Thumbs.db", "desktop.ini")


def read_identity(folder: Path, fresh: dict[str, Any]) -> dict[str, Any]:
    """Return the folder's provenance, or a fresh one; raise `BadInput` for a folder that is not ours."""
    try:
        if folder.exists() and not folder.is_dir():
            raise BadInput(Problem(f"--out {folder} is a file", "a folder"))
        names = [path.name for path in folder.iterdir()] if folder.exists() else []
    except OSError as error:
        raise BadInput(Problem(f"--out {folder} cannot be read ({error.strerror})")) from None
    names = [name for name in names if not name.startswith(TEMPORARY)]
    strange = sorted(name for name in names if name not in (*KNOWN, *UNSEEN))
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
    refuse_newer(found, f"--out {folder}")
    if found.get("hash") != fresh["hash"]:
        theirs = f"{found.get('experiment')} ({str(found.get('hash'))[:8]})"
        ours = f"{fresh['experiment']} ({fresh['hash'][:8]})"
        raise BadInput(Problem(f"--out {folder} holds the results of another experiment", ours, theirs))
    if found.get("model_version") != fresh["model_version"]:
        what = f"--out {folder} was computed by another version of the model"
        expected = f"{fresh['model_version']}, or another folder"
        raise BadInput(Problem(what, expected, str(found.get("model_version"))))


def unwritable(folder: Path, error: OSError) -> Problem:
    """Say why a folder cannot be written."""
    if isinstance(error, BlockingIOError):
        return Problem(f"--out {folder} is being written by another run", "one run at a time")
    what = f"--out {folder} cannot be written ({error.strerror or error})"
    return Problem(what, "a folder that can be written")


def locked(folder: Path) -> int | None:
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


def refuse_newer(found: dict[str, Any], folder: str) -> None:
    """Refuse a results folder whose format this version does not know."""
    number = found.get("format", 0)
    if not isinstance(number, int):
        raise BadInput(Problem(f"{folder} has a provenance.json without a format", "a number", shown(number)))
    if number > FORMAT:
        what = f"{folder} comes from a newer version ({found.get('version')})"
        expected = f"format {FORMAT} or below; install that version, or name another folder"
        raise BadInput(Problem(what, expected, f"format {number}"))
