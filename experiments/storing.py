"""Write files so that they appear whole or not at all, even when the machine stops."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

TEMPORARY = ".tmp-"
"""Names that begin so are leftovers of an interrupted write."""


FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "a file may not become so large",
}
"""Reasons why there is no room, in our words."""


def reason_of(error: OSError) -> str:
    """Return why a file could not be written."""
    if error.errno is None:
        return str(error)
    return FULL.get(error.errno) or os.strerror(error.errno)


class NotStored(RuntimeError):
    """Results that could not be written (exit code 1): a full disk, a folder that vanished."""


@contextmanager
def whole_files(*targets: Path) -> Iterator[list[Path]]:
    """Yield temporary paths to write; when the block ends well, all of them take their targets' names."""
    temporary = [target.with_name(f"{TEMPORARY}{os.getpid()}-{target.name}") for target in targets]
    try:
        yield temporary
        for path in temporary:
            _to_disk(path)
        for path, target in zip(temporary, targets, strict=True):
            path.replace(target)
    finally:
        for path in temporary:
            path.unlink(missing_ok=True)


def write_whole(target: Path, text: str) -> None:
    """Write a text file that appears whole or not at all."""
    with whole_files(target) as (temporary,):
        temporary.write_text(text, encoding="utf-8", newline="\n")


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file, byte for byte, so that the copy appears whole or not at all."""
    with whole_files(target) as (temporary,):
        temporary.write_bytes(source.read_bytes())


@contextmanager
def temporary_folder(inside: Path) -> Iterator[Path]:
    """Yield a folder that is removed in the end; what a killed process leaves, its successor removes."""
    path = inside / f"{TEMPORARY}{os.getpid()}"
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _to_disk(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        pressed.append(number)

    previous = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
    if pressed:
        raise KeyboardInterrupt
