"""What takes long to read and never changes with a version of the code: kept on disk beside compiled code."""

import hashlib
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agents.rules.cache_place import cache_root


def kept(source: Path, made: Callable[[Path], Any]) -> Any:
    """Return what is made of a file: read from disk when the same text was read by the same code before.

    Parameters
    ----------
    source : the file.
    made : reads it; its result can be pickled.
    """
    place = cache_root(os.environ) / f"{_digest(source)}.pickle"
    try:
        return pickle.loads(place.read_bytes())
    except Exception:  # noqa: BLE001 - whatever a missing or damaged file raises, the source is read again
        found = made(source)
    _keep(place, found)
    return found


def _digest(source: Path) -> str:
    """Return a digest of a file's place and text, and of the code that reads it."""
    digest = hashlib.sha256(str(source.absolute()).encode())
    for path in (source, *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _keep(place: Path, found: Any) -> None:
    """Write a file whole or not at all; where none can be written, nothing is kept."""
    temporary = place.with_suffix(f".{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(pickle.dumps(found))
        temporary.replace(place)
    except OSError:
        return
