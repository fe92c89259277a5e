"""How a calibration did in years that it had not seen: the economy beside every baseline, country by country.

Here, and only here, observed years after `--until` are read; a calibration is finished before.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration_tables import as_written, own_table, read_table, targets_of
from experiments.comparison import LAST_VALIDATION_YEAR
from experiments.errors import BadInput, Problem
from experiments.paired import Interval, interval_of

FILE = "calibration.json"
MODEL, NULL, MIX = "model", "null", "mix"
POOLED = "hierarchical_logit_ratio"
LEAST_YEARS = 4
"""A test ends in 2019, before the pandemic; where too few years are left, it is as long as this."""
LABELS = {
    MODEL: "the economy",
    NULL: "null: no learning, no usefulness, no peers",
    MIX: "equal mix of the economy and the hierarchical logit ratio",
    "last_value": "last value",
    "drift": "drift",
    "trend_5y": "five-year trend",
    "bass": "Bass",
    "logistic": "logistic",
    "gompertz": "Gompertz",
    "logit_ratio_trend": "logit trend of the ratio to internet users",
    "hierarchical_logit_ratio": "hierarchical logit ratio",
    "pooled_drift": "last three years plus pooled drift of the logit ratio",
}


@dataclass(frozen=True)
class Scores:
    """Errors in percentage points over the years ahead.

    Parameters
    ----------
    told : the calibration.
    observed : by country and year, after the calibration's last year.
    errors : root mean squared error by method and country; the economy first.
    covered, points, width : observations inside the 80 % band, all of them, and the band's mean width.
    """

    told: Mapping[str, Any]
    observed: Mapping[str, Mapping[int, float]]
    errors: Mapping[str, Mapping[str, float]]
    covered: int
    points: int
    width: float

    @property
    def years(self) -> tuple[int, int]:
        """First and last year with an observation."""
        every = [year for values in self.observed.values() for year in values]
        return min(every, default=int(self.told["until"])), max(every, default=int(self.told["until"]))

    @property
    def noise(self) -> float:
        """By how many points the mean of the economy's seeds scatters; NaN where it is not known."""
        found = (self.told.get("simulation_noise") or {}).get("mean_of_seeds")
        return math.nan if found is None else float(found)

    def typical(self, method: str) -> tuple[float, float]:
        """Return median and mean over countries; NaN where nothing was observed."""
        values = list(self.errors[method].values())
        return (float(np.median(values)), float(np.mean(values))) if values else (math.nan, math.nan)

    def ratio(self, method: str) -> float:
        """Return the economy's mean error relative to a method's."""
        other = self.typical(method)[1]
        return self.typical(MODEL)[1] / other if other else math.nan

    def lead(self, method: str) -> Interval:
        """Return by how many points a country's error is smaller with the economy: mean and interval."""
        return interval_of(self._leads(method))

    def wins(self, method: str) -> int:
        """Return in how many countries the economy is nearer than a method."""
        return sum(lead > 0.0 for lead in self._leads(method))

    def _leads(self, method: str) -> list[float]:
        own, other = self.errors[MODEL], self.errors[method]
        return [other[geo] - error for geo, error in own.items() if geo in other]

    @property
    def ranked(self) -> list[str]:
        """Methods from the smallest to the largest mean error."""
        return sorted(self.errors, key=lambda name: self.typical(name)[1])

    @property
    def best_baseline(self) -> str | None:
        """The baseline with the smallest mean error; None without observations."""
        there = [name for name in self.ranked if name not in (MODEL, NULL, MIX) and self.errors[name]]
        return there[0] if there else None

    def as_json(self) -> dict[str, Any]:
        """Return the scores, None for what is not defined."""
        return {
            "indicator": self.told["indicator"],
            "until": self.told["until"],
            "years": list(self.years),
            "methods": {name: self._method_json(name) for name in self.errors},
            "bands": {
                "covered": round(self.covered / self.points, 4) if self.points else None,
                "points": self.points,
                "width": rounded(self.width),
            },
        }

    def _method_json(self, name: str) -> dict[str, Any]:
        median, mean = self.typical(name)
        lead = self.lead(name)
        return {
            "median": rounded(median),
            "mean": rounded(mean),
            "model_relative": rounded(self.ratio(name)),
            "model_wins": self.wins(name),
            "model_leads": {
                "value": rounded(lead.mean),
                "low": rounded(lead.low),
                "high": rounded(lead.high),
            },
            "countries": {geo: round(error, 4) for geo, error in self.errors[name].items()},
        }


def rounded(value: float) -> float | None:
    """Return a number as JSON can hold it.

    >>> rounded(0.123456), rounded(float("nan"))
    (0.1235, None)
    """
    return round(value, 4) if math.isfinite(value) else None


def read_calibration(path: Path) -> dict[str, Any]:
    """Return a calibration's results; raise `BadInput` for a file that is none.

    Parameters
    ----------
    path : a `calibration.json` or its folder.
    """
    path = path / FILE if path.is_dir() else path
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(Problem(f"the calibration cannot be read ({error})", where=str(path))) from None
    if not isinstance(found, dict) or not {"indicator", "until", "countries", "baselines"} <= found.keys():
        raise BadInput(
            Problem("this is no calibration", "what `calibrate --out DIR` writes", where=str(path))
        )
    return found


def scores_of(told: Mapping[str, Any], observed: Path | None = None) -> Scores:
    """Return how a calibration's forecasts compare with what was observed later.

    Parameters
    ----------
    observed : a table; the project's own by default.
    """
    until = int(told["until"])
    last = LAST_VALIDATION_YEAR if until <= LAST_VALIDATION_YEAR - LEAST_YEARS else until + LEAST_YEARS
    later = _later(told, observed or own_table(told["indicator"]), range(until + 1, last + 1))
    pooled = _mixed(told["countries"], told["baselines"].get(POOLED, {}))
    methods = {MODEL: told["countries"], NULL: told.get("null") or {}, MIX: pooled, **told["baselines"]}
    errors = {name: _errors(by_country, later) for name, by_country in methods.items()}
    bands = [
        (band["low"] <= value <= band["high"], band["high"] - band["low"])
        for geo, values in later.items()
        for year, value in values.items()
        if "low" in (band := told["countries"][geo]["forecast"].get(str(year), {}))
    ]
    width = float(np.mean([wide for _, wide in bands])) if bands else math.nan
    kept = {name: found for name, found in errors.items() if found or name == MODEL}
    return Scores(told, later, kept, sum(inside for inside, _ in bands), len(bands), width)


def _later(told: Mapping[str, Any], file: Path, ahead: range) -> dict[str, dict[int, float]]:
    table = read_table(file, ahead[-1])
    there = table.geos(told["indicator"])
    names = {geo: name for geo in told["countries"] if (name := as_written(geo, there))}
    found = targets_of(table, told["indicator"], list(names.values()), ahead[-1]).countries
    later = {}
    for geo, name in names.items():
        if name not in found:
            continue
        points = zip(found[name].years.tolist(), found[name].shares.tolist(), strict=True)
        own = {year: 100.0 * share for year, share in points if year in ahead}
        if own:
            later[geo] = own
    return later


def _mixed(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return forecasts half way between two methods.

    References
    ----------
    Bates, J. M., & Granger, C. W. J. (1969). The combination of forecasts. OR 20(4).
    """
    found = {}
    for geo in first.keys() & second.keys():
        one, other = first[geo]["forecast"], second[geo]["forecast"]
        years = [year for year in one if year in other]
        found[geo] = {"forecast": {y: {"value": (one[y]["value"] + other[y]["value"]) / 2.0} for y in years}}
    return found


def _errors(countries: Mapping[str, Any], observed: Mapping[str, Mapping[int, float]]) -> dict[str, float]:
    found = {}
    for geo, values in observed.items():
        said = countries.get(geo, {}).get("forecast", {})
        gaps = [said[str(year)]["value"] - value for year, value in values.items() if str(year) in said]
        if gaps:
            found[geo] = float(np.sqrt(np.mean(np.square(gaps))))
    return found
