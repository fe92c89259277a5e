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

import numba

_KEPT_FOR_SECONDS = 30 * 24 * 3600.0


def code_hash(folder: Path) -> str:
    """Return the first 16 hex digits of a hash over all Python files below a folder."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder(environment: dict[str, str] | os._Environ[str]) -> Path:
    """Return the folder for compiled code of this very version of the rules."""
    root = environment.get("PROSUMING_CACHE_DIR") or os.path.join(
        environment.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "prosuming"
    )
    return Path(root) / code_hash(Path(__file__).parent.parent)


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
    numba.config.CACHE_DIR = str(folder)


def is_compiled() -> bool:
    """Return whether the passes over columns have been compiled before on this machine."""
    folder = Path(numba.config.CACHE_DIR) if numba.config.CACHE_DIR else None
    return folder is not None and any(folder.rglob("*.nbc"))


prepare_cache()
# ``_nrt=False``: rules and passes never allocate, and counting references to some eighty columns at each
# call costs forty times as much as the arithmetic. A step of a pass is called from compiled code only:
# it needs no wrapper for Python (most of the time that compiling takes) and is merged into its caller.
_COMPILED = {"cache": True, "nogil": True, "error_model": "numpy"}
rule = numba.njit(**_COMPILED, _nrt=False)
step_rule = numba.njit(
    **_COMPILED, _nrt=False, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
column_pass = numba.njit(**_COMPILED, _nrt=False, no_cfunc_wrapper=True)
array_rule = numba.njit(**_COMPILED)
