"""Where compiled code, and what else can be made again, is kept on this machine."""

import os
from pathlib import Path


def cache_root(environment: dict[str, str] | os._Environ[str]) -> Path:
    """Return the folder of everything that is kept.

    Examples
    --------
    >>> cache_root({"PROSUMING_CACHE_DIR": "/tmp/kept"}).as_posix()
    '/tmp/kept'
    """
    own, shared = environment.get("PROSUMING_CACHE_DIR"), environment.get("XDG_CACHE_HOME")
    return Path(own) if own else (Path(shared) if shared else Path("~/.cache").expanduser()) / "prosuming"
