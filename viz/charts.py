"""Cards: a chart with its title, its unit, what to read in it, and the table behind it.

Options are plain ECharts; colours are names that the page turns into those of the visitor's theme.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.theme import GREY, ink

Option = dict[str, Any]
MOST_BANDS = 4
"""More lines than these are drawn without their bands, which would hide each other."""
MONTHS_PER_POINT = 3
"""Lines are drawn through means of so many months."""


@dataclass(frozen=True)
class Card:
    """A chart, the words around it and the table behind it."""

    id: str
    title: str
    reading: str
    option: Option
    columns: tuple[str, ...]
    rows: list[list[Any]]
    numbers: str = "number"  # percent, number or plain: how axis, tooltip and table write values
    digits: int = 1
    height: int = 300
    wide: bool = False
    passport: str = ""
    unit: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the card as the page takes it."""
        return dict(vars(self))


@dataclass(frozen=True)
class Line:
    """A measure over time: by replication and month; `before` is the same in the baseline."""

    name: str
    values: np.ndarray
    colour: str
    before: np.ndarray | None = None


@dataclass(frozen=True)
class Frame:
    """What all charts of a page share: first year, horizon, the year looked at, and what is said below."""

    start: float
    months: int
    at: int  # month that is looked at, counted from 0
    passport: str = ""
    baseline: str = ""  # name of the pale lines

    @property
    def end(self) -> float:
        """The year in which the horizon ends."""
        return self.start + self.months / 12.0

    @property
    def step(self) -> int:
        """Months that one point of a line stands for."""
        return MONTHS_PER_POINT if self.months > 36 else 1

    def year(self, month: Any) -> Any:
        """Return a month as a year."""
        return self.start + month / 12.0


@dataclass(frozen=True)
class Title:
    """Title, what to read, unit of the heights, and name of the first column of the table."""

    title: str
    reading: str
    unit: str
    first: str = ""


@dataclass(frozen=True)
class Scale:
    """How heights are written, and where they begin and end."""

    numbers: str = "number"
    digits: int = 1
    low: float | None = 0.0
    high: float | None = None
    floor: bool = False  # whether nothing can lie below zero


SHARE = Scale("percent", 0, 0.0, 1.0)


def points(values: np.ndarray, step: int) -> np.ndarray:
    """Return means over spans of months (columns), for each replication (rows).

    >>> points(np.array([[1.0, 2.0, 3.0, 9.0]]), 3).tolist()
    [[2.0]]
    """
    whole = values.shape[1] // step * step
    return np.asarray(values[:, :whole].reshape(len(values), -1, step).mean(axis=2))


def half_width(values: np.ndarray) -> np.ndarray | None:
    """Return half of the 95 % interval of the mean over replications (rows), None for one replication."""
    if len(values) < 2:
        return None
    from scipy.stats import t

    quantile = float(t.ppf(0.975, len(values) - 1))
    return np.asarray(quantile * values.std(axis=0, ddof=1) / np.sqrt(len(values)))


def listed(values: np.ndarray) -> list[float | None]:
    """Return numbers as ECharts takes them, without NaN."""
    return [None if math.isnan(value) else value for value in values.round(5).tolist()]


def line_series(line: Line, frame: Frame, *, banded: bool = True) -> list[Option]:
    """Return the series of a line: the baseline behind it, its band, itself with its name at the end."""
    made = _baseline_series(line, frame)
    if line.values.shape[1] == 0:
        return made
    values = points(line.values, frame.step)
    mean, half = values.mean(axis=0), half_width(values)
    if half is not None and banded:
        made += _band(line, mean, half)
    made.append(
        {
            "type": "line",
            "name": line.name,
            "data": listed(mean),
            "showSymbol": False,
            "lineStyle": {"width": 2.5, "color": line.colour},
            "itemStyle": {"color": line.colour},
            "endLabel": {"show": True, "formatter": "{a}", "color": ink(line.colour), "distance": 6},
            "labelLayout": {"moveOverlap": "shiftY"},
            "emphasis": {"focus": "none"},
            "z": 3,
        }
    )
    return made


def _baseline_series(line: Line, frame: Frame) -> list[Option]:
    if line.before is None or not line.before.size:
        return []
    return [
        {
            "type": "line",
            "name": f"{line.name} ({frame.baseline})",
            "data": listed(points(line.before, frame.step).mean(axis=0)),
            "showSymbol": False,
            "silent": True,
            "lineStyle": {"width": 2, "type": [2, 4], "color": line.colour, "opacity": 0.55},
            "itemStyle": {"color": line.colour},
            "z": 1,
        }
    ]


def _band(line: Line, mean: np.ndarray, half: np.ndarray) -> list[Option]:
    hidden = {
        "type": "line", "showSymbol": False, "silent": True, "lineStyle": {"opacity": 0},
        "stack": f"_{line.name}", "tooltip": {"show": False}, "z": 2, "stackStrategy": "all",
    }  # fmt: skip
    area = {"color": line.colour, "opacity": 0.18}
    return [
        {**hidden, "name": f"_{line.name}_low", "data": listed(mean - half)},
        {**hidden, "name": f"_{line.name}_high", "data": listed(2.0 * half), "areaStyle": area},
    ]


def year_axis(frame: Frame) -> Option:
    """Return the axis of years, which shows the whole horizon from the beginning; the page names decades."""
    spans = math.ceil(frame.months / frame.step)
    years = [round(frame.year((span + 0.5) * frame.step), 3) for span in range(spans)]
    return {"type": "category", "data": years, "years": True, "boundaryGap": False}


def height_axis(scale: Scale) -> Option:
    """Return the axis of heights; its unit stands above the chart."""
    axis: Option = {"type": "value", "name": "", "scale": scale.low is None, "splitNumber": 4}
    if scale.low is not None and scale.high is not None:
        axis |= {"min": scale.low, "max": scale.high, "interval": (scale.high - scale.low) / 4.0}
    return {**axis, "min": 0} if scale.floor else axis


def marked(frame: Frame) -> Option:
    """Return a thin line at the month that is looked at."""
    mark = {"silent": True, "symbol": "none", "label": {"show": False}, "animation": False}
    data = [{"xAxis": max(0, frame.at) // frame.step}]
    return {**mark, "lineStyle": {"color": GREY, "type": "solid", "width": 1}, "data": data}


def over_time(name: str, title: Title, lines: Sequence[Line], frame: Frame, scale: Scale) -> Card:
    """Return a card with lines over time."""
    banded = len(lines) <= MOST_BANDS
    series = [made for line in lines for made in line_series(line, frame, banded=banded)]
    if series:
        series[-1] = {**series[-1], "markLine": marked(frame)}
    option = {
        "xAxis": year_axis(frame),
        "yAxis": height_axis(scale),
        "series": series,
        "tooltip": {"trigger": "axis"},
        "ends": max((len(line.name) for line in lines), default=0),
    }
    return _card(name, title, option, (lines, frame, scale))


def stacked(name: str, title: Title, lines: Sequence[Line], frame: Frame, scale: Scale) -> Card:
    """Return a card with areas on top of each other: parts of a whole, negative parts below zero."""
    series = []
    for line in lines:
        mean = points(line.values, frame.step).mean(axis=0)
        series.append(
            {
                "type": "line",
                "name": line.name,
                "stack": "all",
                "data": listed(np.nan_to_num(mean)),
                "showSymbol": False,
                "lineStyle": {"width": 0.5, "color": line.colour},
                "itemStyle": {"color": line.colour},
                "areaStyle": {"opacity": 0.9, "color": line.colour},
                "emphasis": {"focus": "none"},
            }
        )
    if series:
        series[-1] = {**series[-1], "markLine": marked(frame)}
    axis = height_axis(scale)
    option = {
        "xAxis": year_axis(frame), "yAxis": axis, "series": series, "tooltip": {"trigger": "axis"},
        "legend": {},
    }  # fmt: skip
    return _card(name, title, option, (lines, frame, scale))


def yearly_rows(lines: Sequence[Line], frame: Frame) -> list[list[Any]]:
    """Return the table behind lines: years, means over replications and their baselines."""
    reached = max((line.values.shape[1] for line in lines), default=0)
    years = [round(frame.year(first)) for first in range(0, reached, 12)]
    columns: list[list[Any]] = [years]
    for line in lines:
        columns.append(_yearly(line.values, len(years)))
        if line.before is not None:
            columns.append(_yearly(line.before, len(years)))
    return [list(row) for row in zip(*columns, strict=True)]


def _yearly(values: np.ndarray, years: int) -> list[float | None]:
    """Return the mean of each year over months (columns) and replications (rows) that have a value.

    >>> _yearly(np.array([[1.0] * 12 + [3.0, np.nan]]), 3)
    [1.0, 3.0, None]
    """
    padded = np.full((len(values), 12 * years), np.nan)
    width = min(values.shape[1], 12 * years)
    padded[:, :width] = values[:, :width]
    months = padded.reshape(len(values), years, 12)
    known = np.isfinite(months)
    count = known.sum(axis=(0, 2))
    sums = np.where(known, months, 0.0).sum(axis=(0, 2))
    means = np.divide(sums, count, out=np.full(years, np.nan), where=count > 0)
    return [None if math.isnan(mean) else mean for mean in means.round(6).tolist()]


def _card(name: str, title: Title, option: Option, drawn: tuple[Sequence[Line], Frame, Scale]) -> Card:
    lines, frame, scale = drawn
    columns = [title.first]
    for line in lines:
        columns.append(line.name)
        if line.before is not None:
            columns.append(f"{line.name} ({frame.baseline})")
    return Card(
        name, title.title, title.reading, option, tuple(columns), yearly_rows(lines, frame),
        numbers=scale.numbers, digits=scale.digits, passport=frame.passport, unit=title.unit,
    )  # fmt: skip
