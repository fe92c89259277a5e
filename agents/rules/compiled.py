"""How a rule is compiled: once, cached on disk, callable from Python and from the passes over columns.

Numba's own cache looks only at the file of the function that it compiled, not at the rules which
that function calls. The cache folder therefore carries a hash of all rules and passes: an edited
rule can never meet a stale pass.
"""

import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

import numba

from agents.rules.cache_place import cache_root

_KEPT_FOR_SECONDS = 30 * 24 * 3600.0


def code_hash(folder: Path) -> str:
    """Return the first 16 hex digits of a hash over a folder's place and all Python files below it."""
    digest = hashlib.sha256(f"{numba.__version__} {folder}".encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder(environment: dict[str, str] | os._Environ[str]) -> Path:
    """Return the folder for compiled code of this very version of the rules."""
    return cache_root(environment) / code_hash(Path(__file__).parent.parent)


def forget_old_versions(folder: Path) -> None:
    """Delete compiled code of other versions that nobody has used for a month."""
    for other in folder.parent.glob("*"):
        unused = time.time() - other.stat().st_mtime > _KEPT_FOR_SECONDS
        if other.is_dir() and other != folder and len(other.name) == 16 and unused:
            shutil.rmtree(other, ignore_errors=True)


def prepare_cache() -> None:
    """Point numba at the cache folder; where none can be written, numba chooses its own."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    folder = cache_folder(os.environ)
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            forget_old_versions(folder)
        os.utime(folder)
    except OSError:
        return
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]


def folder_of_compiled_code() -> Path | None:
    """Return the folder in which compiled code is kept; None where numba chooses its own."""
    folder: str = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    return Path(folder) if folder else None


def is_compiled() -> bool:
    """Return whether consumers' months, the largest pass, have been compiled before on this machine."""
    folder = folder_of_compiled_code()
    return folder is not None and any(folder.rglob("*live_a_month*.nbc"))


prepare_cache()
# ``_nrt=False``: rules and passes never allocate, and counting references to some eighty columns at each
# call costs forty times as much as the arithmetic. A step of a pass is called from compiled code only:
# it needs no wrapper for Python (most of the time that compiling takes), is merged into its caller, and is
# kept on disk within that one only: looking for two hundred files took a tenth of a run's start.
_COMPILED: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
_FOR_PASSES = _COMPILED | {"_nrt": False}
_UNWRAPPED: dict[str, Any] = {"no_cfunc_wrapper": True}
_MERGED: dict[str, Any] = {"forceinline": True, "no_cpython_wrapper": True}
_WITHIN = _FOR_PASSES | {"cache": False}
rule = numba.njit(**_FOR_PASSES)
step_rule = numba.njit(**_WITHIN, **_UNWRAPPED, **_MERGED)
column_pass = numba.njit(**_FOR_PASSES, **_UNWRAPPED)
_PLAIN: dict[str, Any] = {"no_cpython_wrapper": True}
tile_loop = numba.njit(**_WITHIN, **_UNWRAPPED, **_PLAIN)
array_rule = numba.njit(**_COMPILED)
