"""The end of a run in figures: each measure's last twelve months, with an interval over replications."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.intervals import interval_of, is_share

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.execute import Outcome
    from model import Results

LAST_MONTHS = 12
TELLING = (
    "adopter_share",
    "self_service_share",
    "internet_banking_share",
    "unpaid_hours_gross",
    "unpaid_hours_net",
    "unpaid_hours_felt",
    "voluntary_share",
    "incentivised_share",
    "forced_share",
    "prosumer_share",
    "saving_share",
    "closed_share",
    "excluded_share",
)
"""Measures that answer the question at a glance; the others are in the results folder."""


@dataclass(frozen=True)
class Estimate:
    """A measure at the end of a run: mean over replications with its 95 % interval."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    label: str

    def as_json(self) -> dict[str, Any]:
        """Return the estimate as `--json` prints it."""
        figures = {"value": self.value, "low": self.low, "high": self.high}
        return {**figures, "unit": self.unit, "label": self.label}


def estimates(results: list[Results]) -> list[Estimate]:
    """Return every measure's mean over the last twelve months, averaged over replications."""
    from model.measures import MEASURES

    stored = {name for run in results for name in run.measures}
    found = []
    for name, measure in MEASURES.items():
        if name in stored:
            ends = [_end(run, name) for run in results if name in run.measures]
            defined = [end for end in ends if end is not None]
            value, low, high = interval_of(defined, share=is_share(name))
            found.append(Estimate(name, value, low, high, measure.unit, measure.label))
    return found


def _end(run: Results, name: str) -> float | None:
    """Return the mean of the last twelve months in which a measure is defined."""
    import numpy as np

    values = run.values[-LAST_MONTHS:, run.measures.index(name)]
    defined = values[np.isfinite(values)]
    return float(defined.mean()) if defined.size else None


def interval(values: list[float]) -> tuple[float | None, float | None, float | None]:
    """Return mean and 95 % interval (Student's t) of what is no share; no interval from one value."""
    return interval_of(values)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return what `run --json` prints."""
    return {
        "experiment": outcome.experiment.name,
        "hash": outcome.experiment.hash,
        "out": str(outcome.folder),
        "runs": len(outcome.results),
        "measures": {estimate.name: estimate.as_json() for estimate in estimates(outcome.results)},
    }


def print_summary(outcome: Outcome) -> None:
    """Print the most telling measures, and where everything is."""
    runs = len(outcome.results)
    print(outcome.experiment.label)
    print(f"mean of the last {min(LAST_MONTHS, outcome.experiment.months)} months, {_basis(runs)}")
    print()
    found = estimates(outcome.results)
    telling = [e for name in TELLING for e in found if e.name == name] or found[:12]
    print_columns([_row(estimate) for estimate in telling])


def print_places(outcome: Outcome, written: list[Path]) -> None:
    """Print where results, report and pictures lie."""
    pictures = [path for path in written if path.suffix == ".svg"]
    places = [("Results", outcome.folder)]
    places += [("Report", path) for path in written if path not in pictures]
    places += [("Picture" if n == 0 else "", path) for n, path in enumerate(pictures)]
    print()
    for what, path in places:
        print(f"{what:<8} {path}")


def _basis(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs} runs, 95 % interval" if runs else "no run went well"


def _row(estimate: Estimate) -> tuple[str, ...]:
    unit = "" if estimate.unit == "1" else estimate.unit
    return estimate.label, shown_number(estimate.value), unit, _range(estimate)


def _range(estimate: Estimate) -> str:
    if estimate.low is None:
        return ""
    return f"{shown_number(estimate.low)} to {shown_number(estimate.high)}"


def shown_number(value: float | None) -> str:
    """Return a figure with three significant digits.

    >>> [shown_number(x) for x in (0.12345, 12.345, 1234567.0, 0.0, None)]
    ['0.123', '12.3', '1,230,000', '0', '–']
    """
    if value is None:
        return "–"
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.{max(0, min(digits, 6))}f}"


def print_columns(rows: list[tuple[str, ...]], *, indent: str = "  ") -> None:
    """Print rows in aligned columns; the second column is set flush right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[1] = row[1].rjust(widths[1])
        print((indent + "  ".join(cells)).rstrip())
