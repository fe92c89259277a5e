"""Out of domain: does the fall of bank branches follow the adoption of internet banking?

The economy's banks close counters for reasons of their own; nothing here is fitted to a country's branches.
One parameter of the default economy was, once for all countries: `firm.closing_intercept`, on branch density
until 2015. Years from 2016 on were used nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.comparison import COUNTRIES, INDEX_BASE_YEAR, LAST_CALIBRATION_YEAR, LAST_VALIDATION_YEAR
from experiments.observations import OBSERVED_FOLDER, break_years, observed_series, spliced_index

BEST = ("DK", "ES", "EE")
"""Countries whose series of branches is the cleanest."""
INDICATOR, ADOPTION = "bank_branches", "internet_banking"
VARIANT, DRIVERS_ONLY, FITTED = "country", "drivers only", "fitted to internet banking"
REPLICATIONS, CONSUMERS, MONTHS = 4, 4000, 360
OF_THE_RUN = ("economy.sectors", "population.consumers")
"""Parameters of a calibration that say how it was run, not what was assumed."""
LARGEST_LAG = 4
FEWEST_CHANGES = 5
JUMP = 0.25
"""Change of the logarithm within a year that no network of branches makes: taken for a new definition."""
ECONOMY = "the economy"
Series = dict[int, float]
"""Value by year."""


@dataclass(frozen=True)
class Country:
    """One country: branches as an index (2015 = 100) and adoption in per cent, observed and simulated."""

    geo: str
    observed: Series
    simulated: Series
    low: Series
    high: Series
    adoption: Series
    simulated_adoption: Series

    @property
    def tested_years(self) -> list[int]:
        """Observed years after the last one of which anything was known, until the definition changes."""
        broken = [year for year in breaks_of(self.geo) if year > LAST_CALIBRATION_YEAR]
        end = min([*broken, LAST_VALIDATION_YEAR + 1])
        return [year for year in self.observed if LAST_CALIBRATION_YEAR < year < end]

    def error(self, forecast: Series) -> float:
        """Return the root mean squared error of a forecast of the index in the tested years."""
        gaps = [forecast[year] - self.observed[year] for year in self.tested_years if year in forecast]
        return math.sqrt(float(np.mean(np.square(gaps)))) if gaps else math.nan


def experiment_keys(geo: str, calibration: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the experiment that runs one country's banks, driven by its internet use and wages."""
    return {
        "extends": "banking",
        "title": f"Bank branches in {COUNTRIES.get(geo, geo)}",
        "start": "1990-01",
        "months": MONTHS,
        "replications": REPLICATIONS,
        "parameters": {"population.consumers": CONSUMERS},
        "drivers": {
            "access": {"file": str(OBSERVED_FOLDER / "internet_use.csv"), "geo": geo},
            "wage": {"file": str(OBSERVED_FOLDER / "labour_cost.csv"), "geo": geo},
        },
        "levers": {VARIANT: {"choices": {DRIVERS_ONLY: {}, **_fitted(geo, calibration)}}},
    }


def _fitted(geo: str, calibration: Mapping[str, Any] | None) -> dict[str, dict[str, float]]:
    """Return the parameters that a calibration on internet banking gave this country."""
    from model.parameters import declarations

    own = (calibration or {}).get("countries", {}).get(geo)
    if own is None:
        return {}
    known = {declared.name for declared in declarations()}
    told = calibration or {}
    fixed = {n: v for n, v in told.get("settings", {}).get("parameters", {}).items() if n not in OF_THE_RUN}
    given = {**fixed, **told.get("shared", {}), **own.get("parameters", {})}
    found = {name: float(value) for name, value in given.items() if name in known}
    return {FITTED: found} if found else {}


def write_experiment(root: Path, geo: str, calibration: Mapping[str, Any] | None = None) -> Path:
    """Write a country's experiment into a folder and return its path."""
    from experiments.storing import write_whole
    from experiments.yaml_writing import to_yaml

    root.mkdir(parents=True, exist_ok=True)
    path = root / f"branches-{geo}.yaml"
    write_whole(path, to_yaml(experiment_keys(geo, calibration)))
    return path


def country_of(archive: Any, geo: str, variant: str = DRIVERS_ONLY) -> Country:
    """Return one country's series from its results folder; the index is 100 in the last fitted year."""
    runs = archive.runs[archive.runs["status"] == "ok"]
    chosen = runs if VARIANT not in runs else runs[runs[VARIANT] == variant]
    closed = archive.groups("closed_share", dimension="sector")
    banks = _yearly(closed[closed["group"] == "bank"], chosen, archive.experiment.start, tuple(range(1, 13)))
    share = _yearly(
        archive.series("internet_banking_share"), chosen, archive.experiment.start, tuple(range(1, 7))
    )
    index = 100.0 * (1.0 - banks).div(1.0 - banks[LAST_CALIBRATION_YEAR], axis=0)
    mean, low, high = _with_ends(index)
    return Country(
        geo, observed_index(geo), mean, low, high, _observed(ADOPTION, geo),
        {int(year): 100.0 * float(value) for year, value in share.mean().items()},
    )  # fmt: skip


def _yearly(table: Any, runs: Any, start: str, months: tuple[int, ...]) -> Any:
    """Return means of some months of every year: a row per run, a column per year."""
    first = int(start[:4]) * 12 + int(start[5:]) - 1
    rows = table[table["run_id"].isin(runs["run_id"])]
    rows = rows.assign(year=(first + rows["month"]) // 12, of_year=(first + rows["month"]) % 12 + 1)
    rows = rows[rows["of_year"].isin(months)]
    return rows.pivot_table(index="run_id", columns="year", values="value", aggfunc="mean")


def _with_ends(index: Any) -> tuple[Series, Series, Series]:
    from experiments.intervals import bounds

    values = index.to_numpy(dtype=float)
    years = [int(year) for year in index.columns]
    low, high = bounds(values)
    ends = (values.mean(axis=0), low, high)
    mean, lower, upper = (dict(zip(years, map(float, end), strict=True)) for end in ends)
    return mean, lower, upper


def observed_index(geo: str) -> Series:
    """Return observed branches as an index, 2015 = 100, with the jumps of its definition taken out."""
    series = observed_series(INDICATOR, geo)
    if series is None or LAST_CALIBRATION_YEAR not in series.years:
        return {}
    index = spliced_index(series, LAST_CALIBRATION_YEAR, breaks_of(geo))
    found = dict(zip(series.years.tolist(), index.tolist(), strict=True))
    return {int(year): float(value) for year, value in found.items() if year >= INDEX_BASE_YEAR}


def breaks_of(geo: str) -> tuple[int, ...]:
    """Return the years in which a country's definition changed: those on record, and jumps.

    >>> breaks_of("HU")
    (2019,)
    """
    series = observed_series(INDICATOR, geo)
    if series is None:
        return ()
    jumps = np.flatnonzero(np.abs(np.diff(np.log(series.values))) > JUMP) + 1
    return tuple(sorted({*break_years(INDICATOR, geo), *(int(year) for year in series.years[jumps])}))


def _observed(indicator: str, geo: str) -> Series:
    series = observed_series(indicator, geo)
    if series is None:
        return {}
    return {int(y): float(v) for y, v in zip(series.years, series.values, strict=True)}


def baselines(country: Country) -> dict[str, Series]:
    """Return naive forecasts of the index after 2015, from observed branches until then.

    `adoption`: branches by a straight line in logs on observed internet banking, known afterwards too.
    """
    last = LAST_CALIBRATION_YEAR
    known = {year: value for year, value in country.observed.items() if year <= last}
    ahead = range(last + 1, LAST_VALIDATION_YEAR + 1)
    found = {"last value": dict.fromkeys(ahead, 100.0)}
    for name, first in (("drift", min(known, default=last)), ("trend of five years", last - 5)):
        if first in known and first < last:
            growth = math.log(known[last] / known[first]) / (last - first)
            found[name] = {year: 100.0 * math.exp(growth * (year - last)) for year in ahead}
    both = [year for year in known if year in country.adoption]
    if len(both) > 2 and last in country.adoption:
        shares = [country.adoption[year] for year in both]
        slope = float(np.polyfit(shares, np.log([known[year] for year in both]), 1)[0])
        found["adoption, log-linear"] = {
            year: 100.0 * math.exp(slope * (country.adoption[year] - country.adoption[last]))
            for year in ahead if year in country.adoption
        }  # fmt: skip
    return found


def forecasts(country: Country) -> dict[str, Series]:
    """Return the economy's forecast and every naive one."""
    return {ECONOMY: country.simulated, **baselines(country)}


def correlation(first: Series, second: Series, lag: int = 0) -> tuple[float, int]:
    """Return the correlation of the first with the second some years before, and of how many years.

    >>> falling = {2010: 4.0, 2011: 3.0, 2012: 1.0}
    >>> rising = {2009: 1.0, 2010: 2.0, 2011: 4.0}
    >>> [round(number, 9) for number in correlation(falling, rising, lag=1)]
    [-1.0, 3]
    """
    years = [year for year in first if year - lag in second]
    if len(years) < 3:
        return math.nan, len(years)
    left, right = (
        np.array([s[y] for y in ys]) for s, ys in ((first, years), (second, [y - lag for y in years]))
    )
    if np.ptp(left) == 0.0 or np.ptp(right) == 0.0:
        return math.nan, len(years)
    return float(np.corrcoef(left, right)[0, 1]), len(years)


def changes(series: Series) -> Series:
    """Return changes from one year to the next; a gap of years has none."""
    return {year: value - series[year - 1] for year, value in series.items() if year - 1 in series}


def best_lag(branches: Series, adoption: Series) -> tuple[int, float, int]:
    """Return by how many years changes of branches follow changes of adoption most closely.

    Returns
    -------
    lag, correlation (negative where branches fall when adoption has risen) and number of years.
    """
    falls, rises = changes(branches), changes(adoption)
    found = [(lag, *correlation(falls, rises, lag)) for lag in range(LARGEST_LAG + 1)]
    known = [one for one in found if one[2] >= FEWEST_CHANGES and math.isfinite(one[1])]
    return min(known, key=lambda one: one[1]) if known else (0, math.nan, 0)


def errors_of(countries: Sequence[Country]) -> dict[str, dict[str, float]]:
    """Return by method and country the error of the forecasts after 2015."""
    found: dict[str, dict[str, float]] = {}
    for country in countries:
        for name, forecast in forecasts(country).items():
            error = country.error(forecast)
            if math.isfinite(error):
                found.setdefault(name, {})[country.geo] = error
    return found
