"""Where results come from: versions, commit, machine, seeds, time."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SOFTWARE = "prosuming"
FORMAT = 1
"""Of the results folder; a higher one comes from a newer version of this software."""


def provenance_of(experiment_name: str, experiment_hash: str, model_version: str) -> dict[str, Any]:
    """Return what identifies results and the circumstances in which they were computed."""
    return {
        "software": SOFTWARE,
        "format": FORMAT,
        "version": software_version(),
        "experiment": experiment_name,
        "hash": experiment_hash,
        "model_version": model_version,
        "git": git_state(Path(__file__).parent.parent),
        "python": platform.python_version(),
        "dependencies": dependency_versions(),
        "machine": machine(),
        "created": now(),
        "sessions": [],
        "seeds": [],
        "seconds": 0.0,
    }


def now() -> str:
    """Return the present moment, to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def machine() -> dict[str, Any]:
    """Return what kind of machine this is, without its name."""
    kind = {"system": platform.system(), "release": platform.release(), "architecture": platform.machine()}
    return {**kind, "cores": os.cpu_count()}


def software_version() -> str | None:
    """Return the installed version, or None where the packages are used without installation."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(SOFTWARE)
    except PackageNotFoundError:
        return None


def dependency_versions() -> dict[str, str]:
    """Return the versions of the packages that the software asks for."""
    import re
    from importlib.metadata import PackageNotFoundError, requires, version

    found: dict[str, str] = {}
    try:
        for requirement in requires(SOFTWARE) or []:
            matched = re.match(r"[A-Za-z0-9._-]+", requirement)
            name = matched.group() if matched else requirement
            found[name] = version(name)
    except PackageNotFoundError:
        return found
    return found


def git_state(folder: Path) -> dict[str, Any] | None:
    """Return commit and dirty flag of the checkout that holds this software, or None outside of one."""
    if not (folder / ".git").exists():
        return None
    commit = _git(folder, "rev-parse", "HEAD")
    packages = ("agents", "model", "experiments")
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", *packages)
    return None if commit is None else {"commit": commit, "dirty": None if changed is None else bool(changed)}


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def command_line() -> str:
    """Return the command that was given, as one may type it again."""
    import shlex

    return "python -m experiments " + shlex.join(sys.argv[1:])
