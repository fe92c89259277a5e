"""What the options of the command line may hold."""

from __future__ import annotations

import math
import os
from argparse import Namespace
from pathlib import Path

from experiments.errors import BadInput, Problem

MOST_THREADS = 4096
MOST_WORKERS = 4096


def overrides(options: Namespace) -> list[str]:
    """Return the changes that `--set`, `--seed` and `--replications` ask for."""
    given = {"--seed": options.seed, "--replications": options.replications}
    return [*options.set, *(f"{name}={value}" for name, value in given.items() if value is not None)]


def whole(option: str, text: str, *, most: int) -> int:
    """Return a whole number from 1 on.

    >>> whole("--threads", "4", most=8)
    4
    """
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise BadInput(Problem(f"{option} is not valid", f"a whole number from 1 to {most}", f"'{text}'"))
    return int(text)


def threads(text: str | None, *, usual: int) -> int:
    """Return the number of threads in a run, at most one per core."""
    return usual if text is None else min(whole("--threads", text, most=MOST_THREADS), cores())


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def folder(text: str | None) -> Path | None:
    """Return the results folder that `--out` names."""
    if text is not None and not text.strip():
        raise BadInput(Problem("--out is empty", "a folder"))
    if text is not None and not text.isprintable():
        raise BadInput(Problem("--out holds characters that cannot be printed", "a folder", ascii(text)))
    return None if text is None else Path(text)


def seconds(option: str, text: str | None) -> float | None:
    """Return a positive number of seconds."""
    try:
        value = math.nan if text is None else float(text)
    except ValueError:
        value = -1.0
    if text is not None and not (math.isfinite(value) and value > 0.0):
        raise BadInput(Problem(f"{option} is not valid", "a positive number of seconds", f"'{text}'"))
    return None if text is None else value


def most_failures(text: str | None) -> float | str | None:
    """Return the number of failed runs to put up with, or a share such as `5%` as it stands."""
    if text is None:
        return None
    number = text.removesuffix("%")
    percent = number != text
    try:
        value = float(number) if percent else int(number)
    except ValueError:
        value = -1
    if not (0 <= value <= (100 if percent else math.inf)) or not number.isascii():
        expected = "a whole number such as 3 or a share such as 5%"
        raise BadInput(Problem("--max-failures is not valid", expected, f"'{text}'"))
    return text if percent else value
