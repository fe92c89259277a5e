"""`fit`: Bass, logistic and Gompertz curves through a measure's path, run by run, intervals over runs."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.common_luck import varied_names
from experiments.diffusion import CURVES, SHARES, Fit, fit, launch
from experiments.errors import BadInput, Problem
from experiments.intervals import finite, is_share
from experiments.measure_names import chosen_measures, stored_measures
from experiments.summary import print_columns, shown_number

if TYPE_CHECKING:
    import pandas as pd

USUAL_MEASURE = "internet_banking_share"
LEAST_MONTHS = 24
SEED = 1
"""Of the bootstrap: the same results give the same intervals."""
RESAMPLES = 2000
CAVEAT = (
    "A curve that fits is no proof of contagion: falling costs, access that spreads and people who differ "
    "draw the same S. Switch the peer effect off and compare before speaking of imitation."
)
HIGHEST_CEILING = 3.0
"""Times the greatest value: as far as a ceiling is sought beyond the data, for what is no share."""


@dataclass(frozen=True)
class Estimate:
    """A mean over runs with its bootstrap interval; none from one run."""

    value: float
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """Return the estimate as `--json` prints it."""
        return {"value": finite(self.value), "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Fitted:
    """The fits of one curve to the runs of one setting, and calendar years of what is a moment."""

    curve: str
    fits: tuple[Fit, ...]
    launches: tuple[float, ...]

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """Ceiling, the curve's own parameters and R² by name."""
        named = {"ceiling": [one.ceiling for one in self.fits]}
        for place, (name, unit) in enumerate(CURVES[self.curve].parameters):
            values = [one.others[place] for one in self.fits]
            named[name] = self._years(values) if unit == "year" else values
        named["r_squared"] = [one.r_squared for one in self.fits]
        return {name: estimate_of(values) for name, values in named.items()}

    @cached_property
    def years(self) -> dict[str, Estimate]:
        """The years in which 10, 50 and 90 % of the ceiling are passed."""
        columns = zip(*(one.times for one in self.fits), strict=True)
        return {
            f"{100 * share:.0f}": estimate_of(self._years(list(values)))
            for share, values in zip(SHARES, columns, strict=True)
        }

    def _years(self, values: Sequence[float]) -> list[float]:
        return [first + value for first, value in zip(self.launches, values, strict=True)]

    def as_json(self) -> dict[str, Any]:
        """Return the fits as `--json` prints them."""
        years = {share: found.as_json() for share, found in self.years.items()}
        parameters = {name: found.as_json() for name, found in self.estimates.items()}
        return {"runs": len(self.fits), "parameters": parameters, "year_of_percent_of_ceiling": years}


def estimate_of(values: Sequence[float]) -> Estimate:
    """Return the mean of some runs and its percentile bootstrap interval.

    >>> estimate_of([2.0])
    Estimate(value=2.0, low=None, high=None)
    """
    mean = float(np.mean(values))
    if len(values) < 2:
        return Estimate(mean, None, None)
    if np.ptp(values) == 0.0:
        return Estimate(mean, mean, mean)
    from scipy.stats import bootstrap

    found = bootstrap((np.asarray(values),), np.mean, n_resamples=RESAMPLES, method="percentile", rng=SEED)
    return Estimate(mean, finite(found.confidence_interval.low), finite(found.confidence_interval.high))


def fit_command(options: Namespace) -> int:
    """Print the curves that fit a measure's path."""
    from experiments.reading import open_archive

    archive = open_archive(Path(options.folder))
    names = chosen_measures(options.measure or USUAL_MEASURE, stored_measures(archive), options.folder)
    if len(names) > 1:
        raise BadInput(Problem("one measure is fitted at a time", "--measure NAME", options.measure))
    fitted = fit_folder(archive, names[0])
    if options.json:
        print(json.dumps(_as_json(names[0], fitted), allow_nan=False))
        return 0
    for label, (curves, notes) in fitted.items():
        _print(names[0], label, curves, notes)
    print(f"\n{CAVEAT}")
    return 0


Fits = dict[str, tuple[list[Fitted], list[str]]]
"""Label of a setting → its curves, the best first, and notes."""


def fit_folder(archive: Any, measure: str) -> Fits:
    """Return the curves of every combination of levers; the runs of sampled points are taken together."""
    if archive.experiment.months < LEAST_MONTHS:
        what = f"{archive.experiment.months} months are too few for a curve of diffusion"
        raise BadInput(Problem(what, f"at least {LEAST_MONTHS}"))
    paths = _paths(archive, measure)
    levers = [name for name in varied_names(archive) if name in (archive.experiment.levers or ())]
    runs = archive.runs.set_index("run_id").loc[paths.index]
    groups = {"": paths}
    if levers:
        chosen = runs.groupby(levers, sort=False)
        groups = {_setting(levers, key): paths.loc[rows.index] for key, rows in chosen}
    sampled = len(archive.points) > len(groups)
    found = {label: _fitted(group, archive.experiment.start, measure) for label, group in groups.items()}
    if not any(curves for curves, _ in found.values()):
        what = f"{measure} rises in no run of {archive.folder}, so no curve can be fitted"
        raise BadInput(Problem(what, "a measure that spreads"))
    said = ["intervals hold the spread over sampled parameters too"] if sampled else []
    return {label: (curves, [*notes, *said]) for label, (curves, notes) in found.items()}


def _setting(levers: list[str], key: Any) -> str:
    values = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{name} {value}" for name, value in zip(levers, values, strict=True))


def _paths(archive: Any, measure: str) -> pd.DataFrame:
    """Return a measure's months: one row per run."""
    return archive.series([measure]).pivot_table(
        index="run_id", columns="month", values="value", dropna=False
    )


def _fitted(paths: pd.DataFrame, start: str, measure: str) -> tuple[list[Fitted], list[str]]:
    year, month = (int(part) for part in start.split("-"))
    first = year + (month - 1) / 12.0
    rising = [values for values in paths.to_numpy(dtype=float) if _rises(values)]
    months = [launch(values) for values in rising]
    found = []
    for name, curve in CURVES.items():
        fits = [fit(curve, v[m:], most=_most(measure, v)) for v, m in zip(rising, months, strict=True)]
        good = [(one, first + m / 12.0) for one, m in zip(fits, months, strict=True) if one is not None]
        if good:
            found.append(Fitted(name, *(tuple(column) for column in zip(*good, strict=True))))
    found.sort(key=lambda one: -one.estimates["r_squared"].value)
    return found, [*_left_out(len(paths) - len(rising), len(paths)), *_beyond(found, first, paths)]


def _most(measure: str, values: np.ndarray) -> float:
    return 1.0 if is_share(measure) else HIGHEST_CEILING * float(values.max())


def _left_out(lost: int, runs: int) -> list[str]:
    return [f"{lost} of {runs} runs do not rise or have gaps and are left out"] if lost else []


def _beyond(found: list[Fitted], first: float, paths: pd.DataFrame) -> list[str]:
    """Say which curves place 90 % of their ceiling after the last month: that is no measurement."""
    last = first + paths.shape[1] / 12.0
    late = [one.curve for one in found if one.years["90"].value > last]
    after = f"90 % of the ceiling lies after the last month ({last:.0f}), an extrapolation"
    return [f"{', '.join(late)}: {after}"] if late else []


def _rises(values: np.ndarray) -> bool:
    defined = bool(np.isfinite(values).all())
    return defined and float(values.max()) > 0.0 and float(values[-12:].mean()) > float(values[:12].mean())


def _as_json(measure: str, fitted: Fits) -> dict[str, Any]:
    from model.measures import MEASURES

    groups = [
        {
            "label": label,
            "best": curves[0].curve if curves else None,
            "curves": {one.curve: one.as_json() for one in curves},
            "notes": notes,
        }
        for label, (curves, notes) in fitted.items()
    ]
    declared = MEASURES[measure]
    return {
        "measure": measure,
        "label": declared.label,
        "unit": declared.unit,
        "groups": groups,
        "caveat": CAVEAT,
    }


def _print(measure: str, label: str, curves: list[Fitted], notes: list[str]) -> None:
    from model.measures import MEASURES

    runs = len(curves[0].fits) if curves else 0
    basis = "1 run, no interval" if runs == 1 else f"mean of {runs} runs, 95 % bootstrap interval over runs"
    print(f"\n{MEASURES[measure].label}{f' at {label}' if label else ''}: {basis}")
    for note in notes:
        print(f"note: {note}")
    for one in curves:
        estimates = one.estimates
        print(f"\n{one.curve} (R² {estimates['r_squared'].value:.4f})")
        units = {"ceiling": MEASURES[measure].unit, **dict(CURVES[one.curve].parameters)}
        rows = [_row(name, estimates[name], unit) for name, unit in units.items()]
        rows += [_row(f"{share} % of the ceiling", at, "year") for share, at in one.years.items()]
        print_columns(rows)


def _row(name: str, estimate: Estimate, unit: str) -> tuple[str, ...]:
    shown = (lambda value: f"{value:.1f}") if unit == "year" else shown_number
    between = "" if estimate.low is None else f"{shown(estimate.low)} to {shown(estimate.high)}"
    return name, shown(estimate.value), "" if unit in ("1", "year") else unit, between
