"""A figure that was measured: its name, value, unit, and the limit it should keep."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent


class Figure(NamedTuple):
    """One measured number; ``limit`` is the largest (or, for a ratio, smallest) value aimed at."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def kept(self) -> bool | None:
        """Whether the limit is kept; None without a limit."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def seconds(action: Callable[[], Any]) -> float:
    """Return how long an action takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def median_seconds(action: Callable[[], Any], repeats: int) -> float:
    """Return the median time of an action that is repeated."""
    return statistics.median(seconds(action) for _ in range(repeats))


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load_before": round(load, 2),
    }


def write_json(path: Path, figures: Iterable[Figure], about: dict[str, Any]) -> None:
    """Write figures and machine as one JSON object."""
    rows = [figure._asdict() | {"kept": figure.kept} for figure in figures]
    path.write_text(json.dumps({"machine": about, "figures": rows}, indent=2) + "\n", encoding="utf-8")
