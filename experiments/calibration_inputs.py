"""From the command line to a study: tables, countries, drivers, and what an earlier calibration hands on."""

from __future__ import annotations

import json
import math
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibrating import PRIOR, Known, Study, arcsine
from experiments.calibration_tables import (
    Table,
    Target,
    Targets,
    as_written,
    chosen_indicator,
    own_table,
    read_table,
    targets_of,
)
from experiments.drivers import access_through, dense_enough, month_times
from experiments.errors import BadInput, Problem, nearest_name, shown
from experiments.indicators import INDICATORS, SHARED
from experiments.observations import OBSERVED_FOLDER, DriverError, ObservedSeries
from experiments.shrinkage import Group, Prior
from experiments.twin import FIRST_YEAR, quarter_times

if TYPE_CHECKING:
    from model.technology import Series

USUAL_UNTIL = 2015
FORECAST_TO = 2023
FEWEST_FORECASTS = 4
EARLIEST_UNTIL, LATEST_UNTIL = 2000, 2050
ACCESS = "internet_use"


@dataclass
class Inputs:
    """Everything that a calibration works on."""

    study: Study
    targets: Mapping[str, Target]
    drivers: Mapping[str, Series]
    skipped: dict[str, str]
    notes: list[str]
    known: Known | None = None
    handed_on: Mapping[str, Any] = field(default_factory=dict)
    """The earlier calibration as it was read; empty when another indicator was calibrated there."""


def until_of(text: str | None) -> int:
    """Return the last year whose figures may be seen."""
    if text is None:
        return USUAL_UNTIL
    if not text.isascii() or not text.isdigit() or not EARLIEST_UNTIL <= int(text[:6]) <= LATEST_UNTIL:
        expected = f"a year from {EARLIEST_UNTIL} to {LATEST_UNTIL}"
        raise BadInput(Problem("--until is not valid", expected, f"'{text}'"))
    return int(text)


def countries_of(text: str | None) -> list[str] | None:
    """Return the countries that are asked for."""
    if text is None:
        return None
    found = [geo.strip() for geo in text.split(",") if geo.strip()]
    if not found:
        raise BadInput(Problem("--countries is empty", "country codes such as AT,DE"))
    return found


def inputs_of(options: Namespace, first: int = FIRST_YEAR) -> Inputs:
    """Return what a calibration works on; raise `BadInput` when nothing can be fitted.

    Parameters
    ----------
    first : first simulated year; what was observed earlier is left out.
    """
    until = until_of(options.until)
    wanted = countries_of(options.countries)
    usual = own_table(options.indicator or "internet_banking")
    table = read_table(
        options.observed or (usual if usual.exists() else own_table("internet_banking")), until
    )
    indicator = chosen_indicator(table, options.indicator, INDICATORS)
    known, earlier = _earlier(options.shared, indicator)
    table.rows = [row for row in table.rows if row.year >= first]
    targets = targets_of(table, indicator, wanted, until)
    access = read_table(options.access or OBSERVED_FOLDER / f"{ACCESS}.csv")
    last_year = max(FORECAST_TO, until + FEWEST_FORECASTS)
    drivers, notes = _drivers(access, targets, last_year)
    if not targets.countries:
        problems = [Problem(reason) for reason in targets.skipped.values()]
        raise BadInput(*(problems or [Problem("no country can be fitted", where=str(table.file))]))
    study = _study(indicator, until, last_year, (targets.countries, drivers))
    all_notes = [*targets.notes, *access.notes, *notes]
    return Inputs(study, targets.countries, drivers, targets.skipped, all_notes, known, earlier)


def _study(
    indicator: str, until: int, last_year: int, found: tuple[Mapping[str, Target], Mapping[str, Series]]
) -> Study:
    countries, drivers = found
    times = quarter_times(last_year)
    observed = np.full((len(countries), last_year + 1 - FIRST_YEAR), np.nan)
    for row, target in enumerate(countries.values()):
        within = target.years >= FIRST_YEAR
        observed[row, target.years[within] - FIRST_YEAR] = arcsine(target.shares[within])
    access = np.array([at_times(drivers[geo], times) for geo in countries])
    return Study(INDICATORS[indicator], until, last_year, tuple(countries), observed, access)


def at_times(series: Series, times: np.ndarray) -> np.ndarray:
    """Return a monthly series at some moments."""
    months = series.first_year + np.arange(len(series.monthly)) / 12.0
    return np.interp(times, months, series.monthly)


def _drivers(table: Table, targets: Targets, last_year: int) -> tuple[dict[str, Series], list[str]]:
    """Return each country's access; countries without one are skipped."""
    indicator = _access_indicator(table)
    times = month_times("1990-01", 12 * (last_year + 1 - 1990))
    found: dict[str, Series] = {}
    notes: list[str] = []
    there = table.geos(indicator)
    for geo in list(targets.countries):
        name = as_written(geo, there)
        if name is None:
            nearest = nearest_name(geo, there)
            hint = f"; did you mean '{nearest}'?" if nearest else ""
            reason = f"{table.file}: no row of {indicator} for country '{geo}', the driver is missing{hint}"
        else:
            try:
                found[geo], said = access_through(_driver(table, indicator, name), times)
                notes += [f"{geo}: {note}" for note in said[1:]]
                continue
            except DriverError as error:
                reason = str(error)
        del targets.countries[geo]
        targets.skipped[geo] = reason
    return found, notes


def _access_indicator(table: Table) -> str:
    there = table.indicators
    if ACCESS in there or len(there) == 1:
        return ACCESS if ACCESS in there else there[0]
    nearest = nearest_name(ACCESS, there)
    got = ", ".join(there) or "no usable rows"
    raise BadInput(Problem("no driver", f"rows of {ACCESS}", got, str(table.file), nearest))


def _driver(table: Table, indicator: str, geo: str) -> ObservedSeries:
    rows = [row for row in table.rows if (row.indicator, row.geo) == (indicator, geo)]
    return dense_enough(ObservedSeries(indicator, geo, table.file, tuple(sorted(rows, key=lambda r: r.year))))


def _earlier(file: str | None, indicator: str) -> tuple[Known | None, Mapping[str, Any]]:
    """Return what `--shared` hands on."""
    if file is None:
        return None, {}
    path = Path(file)
    path = path / "calibration.json" if path.is_dir() else path
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadInput(Problem("--shared cannot be read", "a calibration.json", str(reason), file)) from None
    shared, group = _shared(found, file), _group(found, file)
    if found.get("indicator") == indicator:
        return Known(shared, group), found
    spread = np.maximum(group.spread, PRIOR.spread * [1.0, 0.5])
    prior = Prior(np.array([0.0, group.mean[1]]), spread, group.noise, mean_countries=0.5)
    return Known(shared, None, prior), {}


def _shared(found: Any, file: str) -> dict[str, float]:
    given = found.get("shared") if isinstance(found, dict) else None
    if not isinstance(given, dict):
        raise BadInput(Problem("--shared has no key 'shared'", "a calibration.json", where=file))
    known = {one.name: one for one in SHARED}
    for name, value in given.items():
        if name not in known:
            nearest = nearest_name(str(name), known)
            raise BadInput(
                Problem(f"shared: unknown parameter '{name}'", ", ".join(known), where=file, nearest=nearest)
            )
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise BadInput(Problem(f"shared.{name}", "a number", shown(value), file))
    _refuse_out_of_bounds(given, file)
    return {one.name: float(given.get(one.name, one.mean)) for one in SHARED}


def _refuse_out_of_bounds(given: Mapping[str, float], file: str) -> None:
    from model.parameters import ParameterError, Parameters

    try:
        Parameters.of(dict(given))
    except ParameterError as error:
        raise BadInput(Problem(str(error), where=file)) from None


def _group(found: Mapping[str, Any], file: str) -> Group:
    try:
        group = found["group"]
        parts = [group["country.level"], group["country.trend"]]
        mean, spread = ([float(part[key]) for part in parts] for key in ("mean", "spread"))
        noise = float(group["noise"])
    except (KeyError, TypeError, ValueError):
        expected = "country.level and country.trend with mean and spread, and noise"
        raise BadInput(Problem("--shared has no usable key 'group'", expected, where=file)) from None
    if not all(map(math.isfinite, (*mean, *spread, noise))) or min(*spread, noise) <= 0.0:
        raise BadInput(Problem("group", "finite means and spreads above 0", where=file))
    return Group(np.array(mean), np.array(spread), noise)
