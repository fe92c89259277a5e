"""Observed series for calibration: what can be used is used, what cannot is named with file and line.

A row that cannot be read costs that row, a country that cannot be fitted costs that country; the rest goes
on. Rows of later years than the calibration may see are dropped before anything in them is looked at.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import numpy as np

from experiments.drivers import is_per_cent
from experiments.errors import BadInput, Problem, nearest_name
from experiments.observations import (
    EUROSTAT_CODES,
    OBSERVED_FOLDER,
    DriverError,
    Observation,
    _column_positions,
    _observation,
    break_years,
)

FEWEST = 4
NOT_PUBLISHED = {":", "..", "-", "na", "n/a", "nan", ""}
"""What statistical offices write where there is no figure."""
FLAGGED = re.compile(r"^(?P<value>[^\s]+)\s*(?P<flags>[a-z]{1,3})$")
"""A figure with Eurostat's flags behind it: `b` marks a break in the series."""


@dataclass(frozen=True)
class Target:
    """What one country's curve is fitted to: shares by year, and years in which a survey changed."""

    geo: str
    years: np.ndarray
    shares: np.ndarray
    breaks: tuple[int, ...] = ()


@dataclass
class Table:
    """What a table holds for a calibration."""

    file: Path
    rows: list[Observation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    breaks: set[tuple[str, int]] = field(default_factory=set)
    broken: dict[tuple[str, str], str] = field(default_factory=dict)
    """The first row of an indicator and country that cannot be read, and why."""

    def note(self, said: str, line: int | None = None) -> None:
        """Say what was left out, and where."""
        place = self.file if line is None else f"{self.file}:{line}"
        self.notes.append(f"{place}: {said}")

    @property
    def indicators(self) -> list[str]:
        """Indicators in the table."""
        return sorted({row.indicator for row in self.rows})

    def geos(self, indicator: str) -> list[str]:
        """Countries that have rows of an indicator."""
        return sorted({row.geo for row in self.rows if row.indicator == indicator})


def read_table(file: Path | str, until: int | None = None) -> Table:
    """Return the usable rows of a table up to a year, and notes on the others.

    Raises
    ------
    BadInput : when the file cannot be read at all or lacks columns.
    """
    table = Table(Path(file))
    try:
        with table.file.open(encoding="utf-8-sig", newline="") as stream:
            _fill(table, stream, until)
    except OSError as error:
        raise DriverError(f"cannot be read: {error.strerror or error}", table.file) from error
    except UnicodeDecodeError as error:
        expected = (
            "expected a CSV file in UTF-8, got bytes that are no text (a spreadsheet saves 'CSV UTF-8')"
        )
        raise DriverError(f"{expected}; byte {error.start}", table.file) from error
    table.rows = _without_repetitions(table)
    return table


def _fill(table: Table, stream: TextIO, until: int | None) -> None:
    reader = csv.reader(stream)
    try:
        positions = _column_positions(next(reader, None), table.file)
        for fields in reader:
            if any(cell.strip() for cell in fields) and not _is_later(fields, positions, until):
                _take(table, fields, positions, reader.line_num)
    except csv.Error as error:
        raise DriverError(
            f"expected comma-separated text, got {error}", table.file, reader.line_num
        ) from error


def _is_later(fields: list[str], positions: dict[str, int], until: int | None) -> bool:
    """Return whether a row is of a year that must not be seen."""
    if until is None or len(fields) <= positions["year"]:
        return False
    year = fields[positions["year"]].strip()
    return bool(re.fullmatch(r"\d{4}(\.0*)?", year)) and int(year[:4]) > until


def _take(table: Table, fields: list[str], positions: dict[str, int], line: int) -> None:
    """Add one row to the table, or a note when it cannot be used."""
    fields = [cell.strip() for cell in fields]
    place = positions["value"]
    flags = ""
    if len(fields) == positions[""]:
        if fields[place].lower() in NOT_PUBLISHED:
            table.note("no value; the row is left out", line)
            return
        if found := FLAGGED.match(fields[place]):
            fields[place], flags = found["value"], found["flags"]
    try:
        row = _observation(fields, positions, table.file, line)
    except DriverError as error:
        table.note(f"{error.message}; the row is left out", line)
        if len(fields) == positions[""]:
            key = fields[positions["indicator"]], fields[positions["geo"]]
            table.broken.setdefault(key, str(error))
        return
    if "b" in flags:
        table.breaks.add((row.geo, row.year))
    table.rows.append(row)


def _without_repetitions(table: Table) -> list[Observation]:
    """Return one row per country and year; a year with two different values has none."""
    first: dict[tuple[str, str, int], Observation] = {}
    disputed: set[tuple[str, str, int]] = set()
    for row in table.rows:
        key = (row.indicator, row.geo, row.year)
        known = first.setdefault(key, row)
        if known is row:
            continue
        said = f"{row.indicator} of {row.geo} in {row.year} appears twice, first in line {known.line}"
        if known.value != row.value or known.unit != row.unit:
            disputed.add(key)
            table.note(f"{said}, with another value; the year is left out", row.line)
        else:
            table.note(f"{said}; it counts once", row.line)
    return [row for key, row in first.items() if key not in disputed]


@dataclass
class Targets:
    """Countries that can be fitted, and why others cannot."""

    countries: dict[str, Target] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def targets_of(table: Table, indicator: str, wanted: Iterable[str] | None, until: int) -> Targets:
    """Return what countries are fitted to.

    Parameters
    ----------
    wanted : country codes, or None for all that the table has.
    """
    found = Targets(notes=table.notes)
    there = table.geos(indicator)
    if wanted is None:
        lost = {
            geo: why for (name, geo), why in table.broken.items() if name == indicator and geo not in there
        }
        found.skipped.update(lost)
    for geo in dict.fromkeys(wanted or there):
        name = as_written(geo, there)
        if name is None:
            nearest = nearest_name(geo, there)
            hint = f"; did you mean '{nearest}'?" if nearest else ""
            found.skipped[geo] = (
                f"{table.file}: no row of {indicator} up to {until} for country '{geo}'; "
                f"the file has {', '.join(there) or 'none'}{hint}"
            )
            continue
        rows = sorted((r for r in table.rows if (r.indicator, r.geo) == (indicator, name)), key=_year_of)
        try:
            found.countries[name] = _target(table, indicator, name, rows, until)
        except DriverError as error:
            found.skipped[name] = str(error)
    return found


def as_written(geo: str, names: Iterable[str]) -> str | None:
    """Return a country code as a table writes it: EL for GR, whatever the case; None without one.

    >>> as_written("gr", ["AT", "EL"]), as_written("XX", ["AT"])
    ('EL', None)
    """
    by_code = {name.upper(): name for name in names}
    code = geo.strip().upper()
    return by_code.get(code) or by_code.get(EUROSTAT_CODES.get(code, ""))


def _year_of(row: Observation) -> int:
    return row.year


def _target(table: Table, indicator: str, geo: str, rows: list[Observation], until: int) -> Target:
    """Return one country's target; raise DriverError when it cannot be fitted."""
    if len(rows) < FEWEST:
        line = rows[-1].line
        expected = f"expected at least {FEWEST} years of {indicator} up to {until} for {geo}, got {len(rows)}"
        raise DriverError(expected, table.file, line)
    shares = np.array([share for row, share in _shares(table, rows)])
    if shares.max() <= 0.0:
        raise DriverError(f"{indicator} of {geo} is 0 in every year", table.file, rows[0].line)
    years = np.array([row.year for row in rows], dtype=np.int64)
    known = {*break_years(indicator, geo), *(year for name, year in table.breaks if name == geo)}
    breaks = tuple(sorted(year for year in known if years[0] < year <= years[-1]))
    for year in breaks:
        table_line = next((row.line for row in rows if row.year >= year), None)
        table.note(f"{indicator} of {geo}: the survey changed in {year}; nothing is spliced", table_line)
    return Target(geo, years, shares, breaks)


def _shares(table: Table, rows: list[Observation]) -> Iterator[tuple[Observation, float]]:
    """Yield rows with their shares of 1; each row's unit says whether it comes in per cent."""
    hundred = [row for row in rows if in_hundred(row.unit)]
    if hundred and max(row.value for row in hundred) <= 1.0:
        last = hundred[-1]
        expected = f"value: expected per cent because the unit is {last.unit!r}, got no value above 1"
        raise DriverError(
            f"{expected} for {last.geo}; write 'share' in the unit column if these are shares",
            table.file,
            last.line,
        )
    for row in rows:
        top = 100.0 if in_hundred(row.unit) else 1.0
        if not 0.0 <= row.value <= top:
            expected = f"value: expected 0 to {top:g} because the unit is {row.unit or 'empty'!r}"
            hint = "" if top > 1.0 else "; write % in the unit column if these are per cent"
            raise DriverError(f"{expected}, got {row.value:g} for {row.geo}{hint}", table.file, row.line)
        yield row, row.value / top


def in_hundred(unit: str) -> bool:
    """Return whether a unit is per cent, Eurostat's codes included.

    >>> in_hundred("PC_IND"), in_hundred("% individuals 16-74"), in_hundred("share")
    (True, True, False)
    """
    return is_per_cent(unit) or bool(re.match(r"(?i)pc(_|$)|percentage", unit.strip()))


def chosen_indicator(table: Table, asked: str | None, known: Iterable[str]) -> str:
    """Return the indicator of a calibration: the one asked for, or the only one of the table."""
    names = list(known)
    if asked is not None and asked not in names:
        expected = f"one of {', '.join(names)}"
        nearest = nearest_name(asked, names)
        raise BadInput(Problem("--indicator is not valid", expected, f"'{asked}'", nearest=nearest))
    there = [name for name in table.indicators if name in names]
    if asked is not None:
        if asked in there:
            return asked
        what = f"no rows of indicator '{asked}' up to --until"
        raise BadInput(Problem(what, got=", ".join(table.indicators) or "no rows", where=str(table.file)))
    if len(there) == 1:
        return there[0]
    if there:
        what = f"the file has several indicators ({', '.join(there)}); choose one with --indicator"
        raise BadInput(Problem(what, where=str(table.file)))
    got = ", ".join(table.indicators) or "no usable rows"
    nearest = next((near for name in table.indicators if (near := nearest_name(name, names))), None)
    line = f":{table.rows[0].line}" if table.rows else ""
    expected = f"rows of one of {', '.join(names)}"
    raise BadInput(Problem("no indicator", expected, got, f"{table.file}{line}", nearest))


def own_table(indicator: str) -> Path:
    """Return the project's own table of an indicator."""
    return OBSERVED_FOLDER / f"{indicator}.csv"
