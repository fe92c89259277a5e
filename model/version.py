"""The model version: a hash over the code and data that decide results."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_KINDS = {".py", ".yaml"}
_JUDGEMENTS = {"model/patterns.py", "model/patterns.yaml"}  # they judge results and decide none


@cache
def model_version() -> str:
    """Return 16 hex digits that change when ``agents/``, ``model/`` or the package version change."""
    digest = hashlib.sha256(package_version().encode())
    for folder in ("agents", "model"):
        for path in sorted((_ROOT / folder).rglob("*")):
            name = path.relative_to(_ROOT).as_posix()
            if path.suffix in _KINDS and name not in _JUDGEMENTS:
                digest.update(name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def package_version() -> str:
    """Return the version of the installed distribution, or of an uninstalled checkout."""
    try:
        return version("prosuming")
    except PackageNotFoundError:
        return "0+checkout"
