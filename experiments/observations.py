"""Tables of observed series: read, validated row by row, and one series chosen from them.

A table is a CSV file with the columns ``indicator,geo,year,value,unit,source``. The project's own lie in
``experiments/observed/``; a user's driver files have the same shape.
"""

import csv
import difflib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TextIO

import numpy as np

from experiments.errors import BadInput, Problem

COLUMNS = ("indicator", "geo", "year", "value", "unit", "source")
OBSERVED_FOLDER = Path(__file__).parent / "observed"


class DriverError(BadInput):
    """A table that cannot be used: what was expected, what was got, in which file and line."""

    def __init__(self, message: str, file: Path | str, line: int | None = None) -> None:
        self.message, self.file, self.line = message, str(file), line
        place = self.file if line is None else f"{self.file}:{line}"
        super().__init__(Problem(message, where=place))


@dataclass(frozen=True)
class Observation:
    """One published figure: a row of a table, with its line in the file."""

    indicator: str
    geo: str
    year: int
    value: float
    unit: str
    source: str
    line: int


@dataclass(frozen=True)
class ObservedSeries:
    """One indicator of one country, in order of years; values in the unit of the table."""

    indicator: str
    geo: str
    file: Path
    rows: tuple[Observation, ...]

    @property
    def years(self) -> np.ndarray:
        """Years with a published value, ascending."""
        return np.array([row.year for row in self.rows], dtype=np.int64)

    @property
    def values(self) -> np.ndarray:
        """Published values, in the table's unit."""
        return np.array([row.value for row in self.rows], dtype=np.float64)

    @property
    def unit(self) -> str:
        """The unit of the series, as written in its first row."""
        return self.rows[0].unit

    @property
    def sources(self) -> tuple[str, ...]:
        """Published sources, each once, in the order of the file."""
        return tuple(dict.fromkeys(row.source for row in self.rows if row.source))

    def error(self, message: str, row: Observation) -> DriverError:
        """Return the error that one row of the series makes."""
        return DriverError(message, self.file, row.line)


def read_observations(file: Path | str) -> tuple[Observation, ...]:
    """Return every row of a table; raise DriverError on the first row that cannot be used."""
    path = Path(file)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = tuple(_rows(stream, path))
    except OSError as error:
        raise DriverError(f"cannot be read: {error.strerror or error}", path) from error
    except UnicodeDecodeError as error:
        raise DriverError(
            "expected a CSV file in UTF-8, got bytes that are no text"
            f" (byte {error.start}; a spreadsheet saves it as 'CSV UTF-8')",
            path,
        ) from error
    if not rows:
        raise DriverError("expected rows below the header, got none", path)
    _refuse_duplicates(rows, path)
    return rows


def _rows(stream: TextIO, path: Path) -> Iterator[Observation]:
    """Yield the observations below the header."""
    reader = csv.reader(stream, strict=True)
    try:
        header = next(reader, None)
        positions = _column_positions(header, path)
        for fields in reader:
            if any(field.strip() for field in fields):
                yield _observation(fields, positions, path, reader.line_num)
    except csv.Error as error:
        raise DriverError(f"expected comma-separated text, got {error}", path, reader.line_num) from error


def _column_positions(header: list[str] | None, path: Path) -> dict[str, int]:
    """Return the position of each column, in whatever order the header names them."""
    names = [name.strip().lower() for name in header or []]
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        got = ",".join(names) or "an empty line"
        hint = "; fields are separated by commas" if len(names) == 1 and re.search(r"[;\t|]", got) else ""
        raise DriverError(
            f"missing column{'s' * (len(missing) > 1)}: {', '.join(missing)};"
            f" expected {','.join(COLUMNS)}; got {got}{hint}",
            path,
            1,
        )
    return {name: index for index, name in enumerate(names)} | {"": len(names)}


def _observation(fields: list[str], positions: dict[str, int], path: Path, line: int) -> Observation:
    """Return one row as an observation."""
    if len(fields) != positions[""]:
        raise DriverError(
            f"expected {positions['']} fields, got {len(fields)}"
            " (decimals have a point; a field with a comma stands in double quotes)",
            path,
            line,
        )
    text = {column: fields[positions[column]].strip() for column in COLUMNS}
    for column in ("indicator", "geo"):
        if not text[column]:
            raise DriverError(f"{column} is empty", path, line)
    if not re.fullmatch(r"[12]\d{3}", text["year"]):
        raise DriverError(f"year: expected four digits, got {text['year']!r}", path, line)
    value = _number(text["value"], path, line)
    return Observation(
        text["indicator"], text["geo"], int(text["year"]), value, text["unit"], text["source"], line
    )


def _number(text: str, path: Path, line: int) -> float:
    """Return the value of a field; a year without a value has no row."""
    if not text:
        raise DriverError("value is empty; leave the row out when nothing was published", path, line)
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) or not math.isfinite(float(text)):
        raise DriverError(f"value: expected a finite number such as 63.9, got {text!r}", path, line)
    return float(text)


def _refuse_duplicates(rows: Iterable[Observation], path: Path) -> None:
    """Raise when one indicator has two values for a country and year."""
    seen: dict[tuple[str, str, int], int] = {}
    for row in rows:
        first = seen.setdefault((row.indicator, row.geo, row.year), row.line)
        if first != row.line:
            raise DriverError(
                f"{row.indicator} of {row.geo} in {row.year} appears twice;"
                f" expected one value per country and year, first in line {first}",
                path,
                row.line,
            )


def select_series(
    rows: Iterable[Observation], file: Path | str, geo: str | None, indicator: str | None = None
) -> ObservedSeries:
    """Return one indicator of one country; raise DriverError, naming the nearest, when there is none.

    Indicator and country may be left out when the table has only one.
    """
    path, rows = Path(file), tuple(rows)
    chosen = _chosen_indicator(rows, path, indicator)
    of_indicator = [row for row in rows if row.indicator == chosen]
    geos = sorted({row.geo for row in of_indicator})
    if geo is None and len(geos) > 1:
        raise DriverError(
            f"the file has several countries ({', '.join(geos)}); choose one with the key 'geo'", path
        )
    geo = geo or geos[0]
    if geo not in geos:
        raise DriverError(f"no rows for geo {geo!r} in {chosen}; {nearest_names(geo, geos)}", path)
    series = sorted((row for row in of_indicator if row.geo == geo), key=lambda row: row.year)
    return ObservedSeries(chosen, geo, path, tuple(series))


def _chosen_indicator(rows: tuple[Observation, ...], path: Path, indicator: str | None) -> str:
    """Return the indicator to read: the one asked for, or the only one in the file."""
    indicators = sorted({row.indicator for row in rows})
    if indicator is None and len(indicators) > 1:
        raise DriverError(
            f"the file has several indicators ({', '.join(indicators)}); choose one with the key 'indicator'",
            path,
        )
    if indicator is not None and indicator not in indicators:
        raise DriverError(f"no indicator {indicator!r}; {nearest_names(indicator, indicators)}", path)
    return indicator or indicators[0]


EUROSTAT_CODES = {"GR": "EL", "GB": "UK", "UK": "GB", "EL": "GR"}
"""Codes that Eurostat and the international standard write differently."""


def nearest_names(name: str, names: list[str]) -> str:
    """Return a hint: the names of a table nearest to one that it does not have.

    >>> nearest_names("AU", ["AT", "DE", "FR"])
    'nearest: AT; the file has AT, DE, FR'
    """
    folded = {candidate.upper(): candidate for candidate in names}
    near = difflib.get_close_matches(name.upper(), list(folded), n=3, cutoff=0.5)
    other_code = EUROSTAT_CODES.get(name.upper(), "")
    near = [other_code] * (other_code in folded) + [match for match in near if match != other_code]
    listed = ", ".join(names[:30]) + (f" and {len(names) - 30} more" if len(names) > 30 else "")
    return (
        f"nearest: {', '.join(folded[match] for match in near)}; " if near else ""
    ) + f"the file has {listed}"


@cache
def observed_series(indicator: str, geo: str) -> ObservedSeries | None:
    """Return a series of the project's own tables, or None when the country has none."""
    file = OBSERVED_FOLDER / f"{indicator}.csv"
    rows = [row for row in read_observations(file) if row.geo == geo]
    return select_series(rows, file, geo, indicator) if rows else None


@cache
def break_years(indicator: str, geo: str) -> tuple[int, ...]:
    """Return the years in which the definition of an observed series changed (``breaks.csv``)."""
    with (OBSERVED_FOLDER / "breaks.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            int(row["year"])
            for row in csv.DictReader(stream)
            if (row["indicator"], row["geo"]) == (indicator, geo)
        )


def spliced_index(series: ObservedSeries, base_year: int, breaks: Iterable[int] = ()) -> np.ndarray:
    """Return a series as an index (base year = 100) with the jumps of its definition taken out.

    A year in which the definition changed takes the mean growth of the years beside it, so that the shape on
    either side stays as published. `assumption`: growth across a change of definition is unknown.

    >>> rows = tuple(
    ...     Observation("n", "XX", 2000 + i, v, "", "", i) for i, v in enumerate((100.0, 90.0, 180.0, 162.0))
    ... )
    >>> spliced_index(ObservedSeries("n", "XX", Path("n.csv"), rows), 2000, breaks=(2002,)).round(1).tolist()
    [100.0, 90.0, 81.0, 72.9]
    """
    years, values = series.years, series.values
    growth = np.diff(np.log(values)) / np.diff(years)
    broken = np.isin(years[1:], list(breaks))
    for step in np.flatnonzero(broken):
        beside = [
            growth[other] for other in (step - 1, step + 1) if 0 <= other < growth.size and not broken[other]
        ]
        growth[step] = float(np.mean(beside)) if beside else 0.0
    level = np.exp(np.concatenate([[0.0], np.cumsum(growth * np.diff(years))]))
    return 100.0 * level / level[int(np.flatnonzero(years == base_year)[0])]
