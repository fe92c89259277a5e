"""How a calibration did in years that it had not seen: the model beside every baseline, country by country.

Here, and only here, observed years after `--until` are read; a calibration is finished before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.baselines import NAMES
from experiments.calibration_tables import as_written, own_table, read_table, targets_of

MODEL, NULL = "model", "null"
USUAL_YEARS = 4
"""Years after the last that was seen: 2016 to 2019."""
LABELS = {
    MODEL: "**the economy**",
    NULL: "null: no learning, no usefulness, no peers",
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
    observed : by country and year, after the calibration's last year.
    errors : root mean squared error by method and country.
    covered, points, width : observations inside the 80 % band, all of them, and the band's mean width.
    """

    told: Mapping[str, Any]
    years: tuple[int, ...]
    observed: Mapping[str, Mapping[int, float]]
    errors: Mapping[str, Mapping[str, float]]
    covered: int
    points: int
    width: float

    def typical(self, method: str) -> tuple[float, float]:
        """Return median and mean over countries."""
        values = list(self.errors[method].values())
        return float(np.median(values)), float(np.mean(values))

    def ratio(self, method: str) -> float:
        """Return the model's mean error relative to a method's."""
        return self.typical(MODEL)[1] / self.typical(method)[1]

    def wins(self, method: str) -> int:
        """Return in how many countries the model is nearer than a method."""
        return sum(self.errors[MODEL][geo] < self.errors[method][geo] for geo in self.errors[MODEL])

    @property
    def best_baseline(self) -> str:
        """The baseline with the smallest mean error."""
        return min(NAMES, key=lambda name: self.typical(name)[1])

    def as_json(self) -> dict[str, Any]:
        """Return the scores as the validation report reads them."""
        return {
            "indicator": self.told["indicator"],
            "until": self.told["until"],
            "years": list(self.years),
            "methods": {
                name: {
                    "median": round(self.typical(name)[0], 4),
                    "mean": round(self.typical(name)[1], 4),
                    "model_relative": round(self.ratio(name), 4),
                    "model_wins": self.wins(name),
                    "countries": {geo: round(error, 4) for geo, error in self.errors[name].items()},
                }
                for name in self.errors
            },
            "bands": {
                "covered": round(self.covered / self.points, 4) if self.points else None,
                "points": self.points,
                "width": round(self.width, 4),
            },
        }


def scores_of(calibration: Path, observed: Path | None = None, years: int = USUAL_YEARS) -> Scores:
    """Return how a calibration's forecasts compare with what was observed later.

    Parameters
    ----------
    calibration : a `calibration.json` or its folder.
    observed : a table; the project's own by default.
    """
    path = calibration / "calibration.json" if calibration.is_dir() else calibration
    told = json.loads(path.read_text(encoding="utf-8"))
    until = int(told["until"])
    ahead = tuple(range(until + 1, until + 1 + years))
    later = _later(told, observed or own_table(told["indicator"]), ahead)
    methods = {MODEL: told["countries"], **told["baselines"], NULL: told.get("null", {})}
    errors = {
        name: {geo: _error(by_country[geo]["forecast"], later[geo]) for geo in later}
        for name, by_country in methods.items()
        if all(geo in by_country for geo in later)
    }
    bands = [
        (point["low"] <= later[geo][year] <= point["high"], point["high"] - point["low"])
        for geo in later
        for year in later[geo]
        if (point := told["countries"][geo]["forecast"][str(year)])
    ]
    covered = sum(inside for inside, _ in bands)
    width = float(np.mean([wide for _, wide in bands])) if bands else float("nan")
    return Scores(told, ahead, later, errors, covered, len(bands), width)


def _later(told: Mapping[str, Any], file: Path, ahead: tuple[int, ...]) -> dict[str, dict[int, float]]:
    table = read_table(file, ahead[-1])
    there = table.geos(told["indicator"])
    wanted = [name for geo in told["countries"] if (name := as_written(geo, there))]
    found = targets_of(table, told["indicator"], wanted, ahead[-1]).countries
    later = {}
    for geo in told["countries"]:
        name = as_written(geo, there)
        target = found.get(name or "")
        if target is None:
            continue
        points = zip(target.years.tolist(), target.shares.tolist(), strict=True)
        own = {year: 100.0 * share for year, share in points if year in ahead}
        if own:
            later[geo] = own
    return later


def _error(forecast: Mapping[str, Mapping[str, float]], later: Mapping[int, float]) -> float:
    misses = [forecast[str(year)]["value"] - value for year, value in later.items()]
    return float(np.sqrt(np.mean(np.square(misses))))


def table_lines(scores: Scores) -> list[str]:
    """Return the out-of-sample table in Markdown, the best first."""
    lines = [
        "| method | median | mean | the economy's mean error relative to it | nearer in |",
        "|---|---:|---:|---:|---:|",
    ]
    countries = len(scores.errors[MODEL])
    for name in sorted(scores.errors, key=lambda name: scores.typical(name)[1]):
        median, mean = scores.typical(name)
        beside = "" if name == MODEL else f"{scores.ratio(name):.2f}"
        wins = "" if name == MODEL else f"{scores.wins(name)} of {countries}"
        lines.append(f"| {LABELS.get(name, name)} | {median:.2f} | {mean:.2f} | {beside} | {wins} |")
    return lines


def failure_lines(scores: Scores) -> list[str]:
    """Say in words which countries the economy misses, and which baseline would have done better there."""
    median = scores.typical(MODEL)[0]
    lines = []
    for geo, error in sorted(scores.errors[MODEL].items(), key=lambda item: -item[1]):
        best = min(NAMES, key=lambda name: scores.errors[name][geo])
        if error <= max(1.5 * median, 2.5):
            continue
        forecast = scores.told["countries"][geo]["forecast"]
        misses = [forecast[str(year)]["value"] - value for year, value in scores.observed[geo].items()]
        side = "too high" if np.mean(misses) > 0.0 else "too low"
        outside = sum(
            not forecast[str(year)]["low"] <= value <= forecast[str(year)]["high"]
            for year, value in scores.observed[geo].items()
        )
        lines.append(
            f"* **{geo}** is missed by {error:.1f} points, {abs(np.mean(misses)):.1f} {side} on average; "
            f"{outside} of {len(misses)} years lie outside the band. Nearest there: {LABELS[best]} "
            f"({scores.errors[best][geo]:.1f})."
        )
    return lines or ["* No country is missed by more than 2.5 points or one and a half times the median."]
