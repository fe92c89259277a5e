"""What a calibration leaves: one document in percentage points, the contract of `calibration.json`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments import baselines
from experiments.bands import Band, band_of, rolling_errors
from experiments.calibrating import Calibration, Known, Plan, arcsine, shares_of
from experiments.calibration_inputs import Inputs, at_times
from experiments.identifiability import PEERS, contagion_verdict, noise, null_model, profiles
from experiments.posterior import Posterior, posterior
from experiments.shrinkage import Group

DIGITS = 6


def document(found: Calibration, inputs: Inputs, plan: Plan, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a calibration."""
    study = found.study
    band = _band(found, inputs)
    ratio = _ratio_group(inputs)
    null_path, null_parameters = null_model(found)
    unknown = posterior(found)
    ranges = profiles(found) if plan.shared else {}
    told = {
        "indicator": study.indicator.name,
        "until": study.until,
        "shared": found.shared,
        "countries": {geo: _country(found, row, band, unknown) for row, geo in enumerate(study.geos)},
        "baselines": _baselines(inputs, ratio),
        "skipped": {geo: without_place(inputs.skipped[geo]) for geo in sorted(inputs.skipped)},
        "group": _group(found.fits.group),
        "bands": band.as_json(),
        "ratio_group": {
            "level": _pair(ratio.group, 0),
            "trend": _pair(ratio.group, 1),
            "noise": ratio.group.noise,
            "drift": ratio.drift,
        },
        "null": {
            geo: _curve(found, row, null_path[row]) | {"parameters": _local(null_parameters[row])}
            for row, geo in enumerate(study.geos)
        },
        "identifiability": ranges,
        "contagion": contagion_verdict(ranges.get(PEERS)),
        "simulation_noise": noise(found),
        "shared_uncertainty": unknown.of_shared,
        "noise_correlation": unknown.correlation,
        "observed": {geo: _points(t.years, t.shares) for geo, t in inputs.targets.items()},
        "settings": {**settings, "rounds": found.rounds, "shared_given": plan.known is not None},
    }
    rounded: dict[str, Any] = _rounded(told)
    return rounded


def _country(found: Calibration, row: int, band: Band, unknown: Posterior) -> dict[str, Any]:
    study = found.study
    ahead = study.years > study.until
    value = arcsine(found.path[row])
    low, high = band.around(value, study.years - study.until)
    one = _curve(found, row, found.path[row])
    for place in np.flatnonzero(ahead):
        year = one["forecast"][str(study.years[place])]
        year["low"], year["high"] = (100.0 * float(shares_of(end[place])) for end in (low, high))
    seeds = 100.0 * found.every_seed[row]
    return {
        "parameters": _local(found.fits.parameters[row]),
        **one,
        "uncertainty": _local(unknown.whole[row]),
        "uncertainty_parts": {name: _local(part[row]) for name, part in unknown.parts.items()},
        "seed_range": {
            str(study.years[place]): [float(seeds[:, place].min()), float(seeds[:, place].max())]
            for place in np.flatnonzero(ahead)
        },
    }


def _curve(found: Calibration, row: int, path: np.ndarray) -> dict[str, Any]:
    """Return fit and forecast of one country along a path of shares."""
    study = found.study
    seen = study.seen().weights[row] > 0.0
    misfit = path[seen] - shares_of(study.observed[row, seen])
    first = int(study.years[seen][0])
    within = (study.years >= first) & (study.years <= study.until)
    return {
        "fit_rmse": 100.0 * float(np.sqrt(np.mean(misfit**2))),
        "forecast": _values(study.years, path, study.years > study.until),
        "fitted": _points(study.years[within], path[within]),
    }


def _values(years: np.ndarray, path: np.ndarray, which: np.ndarray) -> dict[str, dict[str, float]]:
    return {str(y): {"value": 100.0 * float(v)} for y, v in zip(years[which], path[which], strict=True)}


def _points(years: np.ndarray, shares: np.ndarray) -> dict[str, float]:
    return {str(year): 100.0 * float(share) for year, share in zip(years, shares, strict=True)}


def _local(values: np.ndarray) -> dict[str, float]:
    return {"country.level": float(values[0]), "country.trend": float(values[1])}


def _pair(group: Group, which: int) -> dict[str, float]:
    return {"mean": float(group.mean[which]), "spread": float(group.spread[which])}


def _group(group: Group) -> dict[str, Any]:
    return {"country.level": _pair(group, 0), "country.trend": _pair(group, 1), "noise": group.noise}


def _band(found: Calibration, inputs: Inputs) -> Band:
    """Return the band of an earlier calibration of the indicator, or that of this one's rolling origins."""
    given = inputs.handed_on.get("bands")
    if isinstance(given, dict):
        try:
            return Band(
                float(given["at_once"]), float(given["per_year"]), int(given["errors"]), int(given["longest"])
            )
        except (KeyError, TypeError, ValueError):
            pass
    known: Known | None = inputs.known
    return band_of(*rolling_errors(found, known))


def _ratio_group(inputs: Inputs) -> baselines.RatioGroup:
    given = inputs.handed_on.get("ratio_group")
    if isinstance(given, dict):
        try:
            parts = [given["level"], given["trend"]]
            mean, spread = (np.array([float(part[key]) for part in parts]) for key in ("mean", "spread"))
            return baselines.RatioGroup(Group(mean, spread, float(given["noise"])), float(given["drift"]))
        except (KeyError, TypeError, ValueError):
            pass
    return baselines.ratio_group(series_of(inputs), inputs.study.until)


def series_of(inputs: Inputs) -> list[baselines.Series]:
    """Return the countries as baselines see them."""
    study, found = inputs.study, []
    first = int(min(study.years[0], *(int(t.years[0]) for t in inputs.targets.values())))
    years = np.arange(first, study.last_year + 1)
    for geo, target in inputs.targets.items():
        access = at_times(inputs.drivers[geo], years + 0.25).clip(1e-4)
        having = dict(zip(years.tolist(), access.tolist(), strict=True))
        found.append(baselines.Series(geo, target.years, target.shares, having))
    return found


def _baselines(inputs: Inputs, ratio: baselines.RatioGroup) -> dict[str, dict[str, Any]]:
    study, series = inputs.study, series_of(inputs)
    ahead = np.arange(study.until + 1, study.last_year + 1)
    seen = np.unique(np.concatenate([one.years for one in series]))
    years = np.concatenate([seen, ahead])
    drawn = baselines.forecasts(series, years, study.until, ratio)
    told: dict[str, dict[str, Any]] = {}
    for name, by_country in drawn.items():
        told[name] = {}
        for one in series:
            path = by_country[one.geo]
            own = np.searchsorted(seen, one.years)
            misfit = path[own] - one.shares
            told[name][one.geo] = {
                "fit_rmse": 100.0 * float(np.sqrt(np.mean(misfit**2))),
                "forecast": _values(years, path, years > study.until),
            }
    return told


def without_place(reason: str) -> str:
    """Return a reason without its file's name, which does not change what was found.

    >>> without_place("my folder/mine.csv:12: expected 4 years"), without_place("mine.csv: no row")
    ('line 12: expected 4 years', 'no row')
    """
    return re.sub(r"^.*?\.\w+: ", "", re.sub(r"^.*?\.\w+:(\d+): ", r"line \1: ", reason))


def _rounded(value: Any) -> Any:
    """Return a document with numbers that JSON can hold: rounded, null for what is no number."""
    if isinstance(value, Mapping):
        return {str(key): _rounded(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(part) for part in value]
    if isinstance(value, float):
        return round(value, DIGITS) if np.isfinite(value) else None
    return value
