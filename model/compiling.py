"""Compiling the model, once on a machine: consumers' months in a process of its own, all else in this one."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agents.rules.compiled import folder_of_compiled_code, is_compiled
from model.economy import Economy


def compile_model() -> None:
    """Compile what every run needs, if it has not been compiled before; several processes wait for one.

    Half of the work are consumers' months. A second process does them, and whoever needs them next finds
    them on disk; should it fail, they are compiled where they are needed.
    """
    folder = folder_of_compiled_code()
    if folder is None or is_compiled():
        return
    with one_at_a_time(folder):
        if is_compiled():
            return
        other = _start([sys.executable, "-m", "model.compiling"])
        try:
            _compile_all_else()
            if other is not None:
                other.wait()
        finally:
            if other is not None:
                other.kill()
                other.wait()


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process compile, and the others load what it has compiled instead of compiling it again."""
    try:
        import fcntl

        lock = (folder / "compiling").open("w")
    except (ImportError, OSError):
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(command: list[str]) -> "subprocess.Popen[bytes] | None":
    """Start a silent process; None where there is one processor only, or where none can be started."""
    if (os.cpu_count() or 1) == 1:
        return None
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None


class _Newborn(Economy):
    """A small economy without a past; what is compiled does not depend on its size."""

    def __init__(self) -> None:
        super().__init__(consumers=50, months=1, economy__sectors="bank")

    def _burn_in(self, on_month: Callable[[int], None] | None) -> None:
        """Leave it out."""


def _compile_all_else() -> None:
    economy = _Newborn()
    economy.consumers.choose_and_act = _nothing  # type: ignore[method-assign, assignment]
    economy.live_a_month()


def _nothing(*_: Any) -> None:
    pass


def _compile_consumers_month() -> None:
    economy = _Newborn()
    economy.begin_month()
    economy.consumers.choose_and_act(economy.offers, economy.moment, economy.rivals_open())


if __name__ == "__main__":
    _compile_consumers_month()
