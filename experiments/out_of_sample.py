"""The forecast of a calibration beside every baseline: errors by country, in years that were never fitted."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.comparison import LAST_VALIDATION_YEAR
from experiments.errors import BadInput, Problem
from experiments.observations import observed_series
from experiments.outcomes import figure, signed
from experiments.paired import Interval, interval_of
from experiments.report_sections import Section, Table

FILE = "calibration.json"
MODEL = "the economy"
NULL = "null: no learning, no usefulness, no peers"
WORDS = {
    "last_value": "last value",
    "drift": "drift",
    "trend_5y": "trend of five years",
    "bass": "Bass curve",
    "logistic": "logistic curve",
    "gompertz": "Gompertz curve",
    "logit_ratio_trend": "logit trend of the ratio to internet users",
    "hierarchical_logit_ratio": "the same, partially pooled",
    "pooled_drift": "pooled drift of the logit ratio",
}
Forecast = Mapping[str, Mapping[str, float]]
"""Year (as text) → value, low, high."""


@dataclass(frozen=True)
class Method:
    """What one method says of every country: its root mean squared error in points, by country."""

    name: str
    errors: dict[str, float]

    @property
    def median(self) -> float:
        """Median over countries."""
        return float(np.median(list(self.errors.values()))) if self.errors else math.nan

    @property
    def mean(self) -> float:
        """Mean over countries."""
        return float(np.mean(list(self.errors.values()))) if self.errors else math.nan


@dataclass(frozen=True)
class OutOfSample:
    """A calibration's forecast in the years after the last one that was fitted.

    Parameters
    ----------
    methods : the economy first.
    noise : by how many points the mean of the economy's seeds scatters; NaN where it is not known.
    covered, width : share of observed values inside the economy's bands, their mean width; NaN without.
    """

    indicator: str
    until: int
    years: tuple[int, int]
    methods: Sequence[Method]
    covered: float
    width: float
    values: int
    noise: float
    skipped: Mapping[str, str]

    @property
    def model(self) -> Method:
        """The economy."""
        return self.methods[0]

    def against(self, method: Method) -> tuple[int, Interval]:
        """Return in how many countries the economy is closer, and its mean lead in points with interval."""
        common = [geo for geo in self.model.errors if geo in method.errors]
        leads = [method.errors[geo] - self.model.errors[geo] for geo in common]
        return sum(lead > 0.0 for lead in leads), interval_of(leads)


def read_calibration(path: Path) -> dict[str, Any]:
    """Return a calibration's results; raise `BadInput` for a file that is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(Problem(f"the calibration cannot be read ({error})", where=str(path))) from None
    if not isinstance(found, dict) or not {"indicator", "until", "countries", "baselines"} <= found.keys():
        raise BadInput(
            Problem("this is no calibration", "what `calibrate --out DIR` writes", where=str(path))
        )
    return found


def out_of_sample(calibration: Mapping[str, Any]) -> OutOfSample:
    """Return errors of the economy, of nulls and of every baseline after the last fitted year."""
    indicator, until = str(calibration["indicator"]), int(calibration["until"])
    observed = _observed(indicator, calibration["countries"], until + 1)
    forecasts = {MODEL: _of_countries(calibration["countries"])}
    forecasts[NULL] = _of_countries(calibration.get("null") or {})
    forecasts |= {
        WORDS.get(name, name): _of_countries(found) for name, found in calibration["baselines"].items()
    }
    methods = [Method(name, _errors(found, observed)) for name, found in forecasts.items()]
    inside, widths = _bands(forecasts[MODEL], observed)
    years = [year for values in observed.values() for year in values]
    return OutOfSample(
        indicator, until, (min(years, default=until), max(years, default=until)),
        [methods[0], *(method for method in methods[1:] if method.errors)],
        float(np.mean(inside)) if inside else math.nan, float(np.mean(widths)) if widths else math.nan,
        len(years), _noise(calibration), dict(calibration.get("skipped") or {}),
    )  # fmt: skip


def _noise(calibration: Mapping[str, Any]) -> float:
    found = (calibration.get("simulation_noise") or {}).get("mean_of_seeds")
    return math.nan if found is None else float(found)


def _of_countries(countries: Mapping[str, Any]) -> dict[str, Forecast]:
    return {
        geo: found["forecast"]
        for geo, found in countries.items()
        if isinstance(found, Mapping) and "forecast" in found
    }


def _observed(indicator: str, geos: Iterable[str], first: int) -> dict[str, dict[int, float]]:
    found = {}
    for geo in geos:
        series = observed_series(indicator, geo)
        if series is not None:
            pairs = zip(series.years.tolist(), series.values.tolist(), strict=True)
            found[geo] = {int(y): v for y, v in pairs if first <= y <= LAST_VALIDATION_YEAR}
    return {geo: values for geo, values in found.items() if values}


def _errors(forecasts: Mapping[str, Forecast], observed: Mapping[str, dict[int, float]]) -> dict[str, float]:
    found = {}
    for geo, values in observed.items():
        said = forecasts.get(geo, {})
        gaps = [said[str(year)]["value"] - value for year, value in values.items() if str(year) in said]
        if gaps:
            found[geo] = math.sqrt(float(np.mean(np.square(gaps))))
    return found


def _bands(
    forecasts: Mapping[str, Forecast], observed: Mapping[str, dict[int, float]]
) -> tuple[list[bool], list[float]]:
    inside, widths = [], []
    for geo, values in observed.items():
        for year, value in values.items():
            band = forecasts.get(geo, {}).get(str(year), {})
            if band.get("low") is not None and band.get("high") is not None:
                inside.append(band["low"] <= value <= band["high"])
                widths.append(band["high"] - band["low"])
    return inside, widths


def section(found: OutOfSample) -> Section:
    """Return what the forecast is worth, beside every baseline."""
    first, last = found.years
    countries = len(found.model.errors)
    if not countries:
        return Section("Out of sample", [f"Nothing was observed after {found.until} in these countries."])
    said = [
        (
            f"{found.indicator.replace('_', ' ').capitalize()}, fitted to {found.until}, forecast "
            f"{first}–{last} in {countries} countries ({found.values} observed values), given observed "
            f"internet use. {_verdict(found)}"
        ),
        _bands_sentence(found),
        _noise_sentence(found),
        (
            "These years of these countries were seen while the form of the model was chosen, though never "
            "fitted: only other countries are a clean test."
        ),
    ]
    if found.skipped:
        said.append("Left out: " + "; ".join(f"{geo} ({why})" for geo, why in found.skipped.items()) + ".")
    return Section("Out of sample", [text for text in said if text], [_table(found), _by_country(found)])


def _verdict(found: OutOfSample) -> str:
    """Say which baselines the economy beats, by the interval of its mean lead over countries."""
    better: list[str] = []
    worse: list[str] = []
    open_: list[str] = []
    for method in found.methods[1:]:
        _, lead = found.against(method)
        (better if lead.low > 0.0 else worse if lead.high < 0.0 else open_).append(method.name)
    parts = [f"closer than {', '.join(better)}"] if better else []
    parts += [f"farther than {', '.join(worse)}"] if worse else []
    parts += [f"not to be told apart from {', '.join(open_)}"] if open_ else []
    return f"The economy is {'; '.join(parts)} (mean over countries, 95 % interval)." if parts else ""


def _noise_sentence(found: OutOfSample) -> str:
    """Say whether the economy's own scatter is smaller than its leads."""
    if math.isnan(found.noise):
        return ""
    return (
        f"Simulation noise is {figure(found.noise)} points (the mean of the economy's seeds): smaller "
        "leads than that in one country say nothing."
    )


def _bands_sentence(found: OutOfSample) -> str:
    if math.isnan(found.covered):
        return ""
    return (
        f"Its 80 % bands hold {100.0 * found.covered:.0f} % of the observed values; they are "
        f"{found.width:.1f} points wide on average."
    )


def _table(found: OutOfSample) -> Table:
    rows = []
    for method in found.methods:
        wins, lead = found.against(method)
        own = method is found.model
        between = "" if own or math.isnan(lead.low) else f"{signed(lead.low)} to {signed(lead.high)}"
        rows.append([
            method.name, figure(method.median), figure(method.mean),
            "" if own else f"{wins} of {lead.runs}", "" if own else signed(lead.mean), between,
        ])  # fmt: skip
    header = ("Method", "median", "mean", "the economy is closer in", "its mean lead", "95 % interval")
    caption = (
        "Root mean squared error per country; lead: the method's error less the economy's, interval over "
        "countries (Student's t)."
    )
    return Table(header, rows, caption, ("", "points", "points", "countries", "points", "points"))


def _by_country(found: OutOfSample) -> Table:
    geos = list(found.model.errors)
    rows = [[m.name, *(figure(m.errors[g]) if g in m.errors else "–" for g in geos)] for m in found.methods]
    return Table(("Method", *geos), rows, "Root mean squared error by country, points.", folded=True)
