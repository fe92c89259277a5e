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
_RATIOS = ("×", "exponent", "share", "sizes", "arrays")


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

    @property
    def missed_by(self) -> float | None:
        """How many times as good it would have to be; None where a limit is kept or there is none."""
        if self.limit is None or self.kept:
            return None
        worse, better = (self.limit, self.value) if self.at_least else (self.value, self.limit)
        return worse / better if better > 0.0 else float("inf")

    @property
    def said(self) -> str:
        """The value in three digits."""
        return f"{self.value:,.3g}" if abs(self.value) < 1000 else f"{self.value:,.0f}"

    @property
    def verdict(self) -> str:
        """The limit, and by how much it was missed."""
        if self.limit is None:
            return ""
        limit = f"{'≥' if self.at_least else '≤'} {self.limit:.3g}"
        missed = self.missed_by
        if missed is None:
            return f"{limit}, kept"
        return f"{limit}, missed" if missed == float("inf") else f"{limit}, missed by {missed:.3g} ×"


def ratios_first(figures: Iterable[Figure]) -> list[Figure]:
    """Return ratios before what depends on the machine."""
    return sorted(figures, key=lambda figure: figure.unit not in _RATIOS)


def seconds(action: Callable[[], Any]) -> float:
    """Return how long an action takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def median_seconds(action: Callable[[], Any], repeats: int) -> float:
    """Return the median time of an action that is repeated."""
    return statistics.median(seconds(action) for _ in range(repeats))


def machine() -> dict[str, Any]:
    """Return what the figures depend on, the load of the last minute among it."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "processors": os.cpu_count(),
        "load": round(load, 2),
    }


def _processor() -> str:
    """Return the processor's name where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def write_json(path: Path, figures: Iterable[Figure], about: dict[str, Any]) -> None:
    """Write figures and machine as one JSON object."""
    rows = [
        figure._asdict() | {"kept": figure.kept, "missed_by": _finite(figure.missed_by)} for figure in figures
    ]
    path.write_text(json.dumps({"machine": about, "figures": rows}, indent=2) + "\n", encoding="utf-8")


def _finite(number: float | None) -> float | None:
    return None if number == float("inf") else number
