"""The few kinds of chart that pictures are made of; data in years, a unit on every axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from experiments.theme import (
    GREY,
    INKS,
    LABEL_PIXELS,
    LABEL_SIZE,
    TEXT,
    Label,
    Layer,
    PlainRows,
    spread_labels,
    year_axis,
)
from experiments.yearly import Yearly

Rows = list[dict[str, Any]]
Observed = tuple[np.ndarray, np.ndarray]
"""Years and values."""
MOST_BANDS = 5
"""More lines than these are drawn without their bands, which would hide each other."""
OWN_COLOUR = alt.Color("colour:N", scale=None)
"""The colour that a row itself names."""


@dataclass(frozen=True)
class Line:
    """A simulated measure: its name at the line's end, its years, its colour."""

    name: str
    yearly: Yearly
    colour: str


@dataclass(frozen=True)
class Frame:
    """The space of one panel: pixels, years, and the height axis with title, format and domain.

    A bare frame is one of many on a sheet: what its axes show is said once, above all of them.
    """

    width: int
    height: int
    years: tuple[float, float]
    title: str
    number_format: str | None
    domain: tuple[float, float]
    bare: bool = False

    @property
    def x(self) -> alt.X:
        """The axis of years."""
        return year_axis(*self.years, bare=self.bare)

    def y(self, field: str = "value") -> alt.Y:
        """The height axis for a field."""
        axis = alt.Axis(tickCount=2 if self.bare else max(3, self.height // 55), titleY=-10, minExtent=36)
        if self.number_format is not None:
            axis["format"] = self.number_format
        title = None if self.bare else self.title
        return alt.Y(
            f"{field}:Q", title=title, scale=alt.Scale(domain=list(self.domain), nice=False), axis=axis
        )


def span(years: np.ndarray) -> tuple[float, float]:
    """Return the years that an axis shows: at least one to each side of a single year."""
    first, last = float(years[0]), float(years[-1])
    return (first, last) if last > first else (first - 1.0, last + 1.0)


def heights(values: Sequence[np.ndarray], *, most: float | None = None) -> tuple[float, float]:
    """Return a domain that holds 0 and all values, with a little air.

    >>> heights([np.array([0.2, 0.5])])
    (0.0, 0.53)
    """
    every = np.concatenate([np.ravel(value) for value in values])
    every = every[np.isfinite(every)]
    low, high = (min(0.0, float(every.min())), max(0.0, float(every.max()))) if every.size else (0.0, 1.0)
    air = 0.06 * ((high - low) or 1.0)
    top = round(high + air, 9)
    return (round(low - air, 9) if low < 0.0 else 0.0, top if most is None else min(most, top))


def heights_of(yearly: Sequence[Yearly], *, most: float | None = None) -> tuple[float, float]:
    """Return a domain that holds 0, all means and their intervals."""
    ends = [end for found in yearly for end in (found.mean, *found.interval)]
    return heights(ends, most=most)


def line_layers(lines: Sequence[Line], frame: Frame, *, also: Sequence[Label] = ()) -> list[alt.Chart]:
    """Return bands (with several replications), lines and the words at their ends, those of others too."""
    layers = (
        [_bands(lines, frame)]
        if len(lines) <= MOST_BANDS and any(np.isfinite(line.yearly.interval[0]).any() for line in lines)
        else []
    )
    points = frame.years[1] - frame.years[0] <= 2.0
    drawn = Layer(_values(_line_rows(lines))).mark_line(strokeWidth=2.4, point=points, clip=True)
    layers.append(drawn.encode(x=frame.x, y=frame.y(), color=OWN_COLOUR))
    labels = [Label(line.name, _last(line.yearly), line.colour) for line in lines]
    return [*layers, label_layer([*labels, *also], frame)]


def _bands(lines: Sequence[Line], frame: Frame) -> alt.Chart:
    """Return the 95 % intervals of lines."""
    band = Layer(_values(_line_rows(lines))).mark_area(opacity=0.18, clip=True)
    return band.encode(x=frame.x, y=frame.y("low"), y2=alt.Y2("high:Q"), color=OWN_COLOUR)


def _line_rows(lines: Sequence[Line]) -> Rows:
    """Return the rows of lines: one per line and year with a value."""
    rows = []
    for line in lines:
        mean, (low, high) = line.yearly.mean, line.yearly.interval
        ends = [np.where(np.isfinite(end), end, mean) for end in (low, high)]
        found = zip(line.yearly.years, mean, *ends, strict=True)
        rows += [
            {
                "name": line.name,
                "year": int(year),
                "value": _round(mean),
                "low": _round(low),
                "high": _round(high),
                "colour": line.colour,
            }
            for year, mean, low, high in found
            if np.isfinite(mean)
        ]
    return rows


def label_layer(labels: Sequence[Label], frame: Frame) -> alt.Chart:
    """Return words at the right end of a panel, moved apart where they would overlap."""
    labels = [label for label in labels if np.isfinite(label.height)]
    low, high = frame.domain
    distance = LABEL_PIXELS * (high - low) / frame.height
    placed = spread_labels([label.height for label in labels], distance, (low + distance / 3.0, high))
    rows = [
        {"year": frame.years[1], "value": _round(place), "name": label.text, "colour": _ink(label.colour)}
        for label, place in zip(labels, placed, strict=True)
    ]
    text = Layer(_values(rows)).mark_text(
        align="left", baseline="middle", dx=7, fontSize=LABEL_SIZE, fontWeight=500
    )
    return text.encode(x=frame.x, y=frame.y(), text=alt.Text("name:N"), color=OWN_COLOUR)


def point_layer(
    yearly: Observed, frame: Frame, *, colour: str = TEXT, filled: bool = True, name: str = "observed"
) -> alt.Chart:
    """Return observed values as points; open points are kept for validation."""
    fill = colour if filled else "white"
    point = Layer(_observed_values(yearly, frame, name))
    drawn = point.mark_point(shape="circle", size=40, fill=fill, stroke=colour, strokeWidth=1.6, opacity=1)
    return drawn.encode(x=frame.x, y=frame.y())


def cross_layer(yearly: Observed, frame: Frame) -> alt.Chart:
    """Return values as published, before changes of definition were spliced, as small grey crosses."""
    cross = Layer(_observed_values(yearly, frame, "as published"))
    drawn = cross.mark_point(shape="cross", size=34, angle=45, color=GREY, filled=True, opacity=0.8)
    return drawn.encode(x=frame.x, y=frame.y())


def thin_layer(
    yearly: Observed, frame: Frame, name: str, *, colour: str = GREY, dash: Sequence[int] = (1, 0)
) -> alt.Chart:
    """Return a thin line: something that was observed, or given to the model."""
    line = Layer(_observed_values(yearly, frame, name))
    drawn = line.mark_line(strokeWidth=1.3, color=colour, strokeDash=list(dash))
    return drawn.encode(x=frame.x, y=frame.y())


def _observed_values(yearly: Observed, frame: Frame, name: str) -> alt.InlineData:
    """Return the rows of observed values in the years of a frame."""
    first, last = frame.years
    found = zip(*yearly, strict=True)
    rows = [{"name": name, "year": int(y), "value": _round(v)} for y, v in found if first <= y <= last]
    return _values(rows)


def stacked_areas(lines: Sequence[Line], frame: Frame) -> list[alt.Chart]:
    """Return shares that add up to one as stacked areas, the first at the bottom, with words at the ends."""
    area = Layer(_values(_stack_rows(lines))).mark_area(clip=True, stroke="white", strokeWidth=0.8)
    drawn = area.encode(x=frame.x, y=frame.y().stack("zero"), color=OWN_COLOUR, order=alt.Order("order:Q"))
    return [drawn, label_layer(_stack_labels(lines), frame)]


def stacked_bars(lines: Sequence[Line], frame: Frame) -> list[alt.Chart]:
    """Return amounts of either sign as bars, one per year, stacked away from 0, with words at the last."""
    years = frame.years[1] - frame.years[0] + 1.0
    bar = Layer(_values(_stack_rows(lines))).mark_bar(size=max(2.0, 0.75 * frame.width / years))
    drawn = bar.encode(x=frame.x, y=frame.y().stack("zero"), color=OWN_COLOUR, order=alt.Order("order:Q"))
    return [drawn, zero_rule(frame), label_layer(_stack_labels(lines), frame)]


def _stack_labels(lines: Sequence[Line]) -> list[Label]:
    """Return the words of a stack, each in the middle of its last layer; what is negative lies below 0."""
    ends = np.nan_to_num([_last(line.yearly) for line in lines])
    tops = np.where(ends >= 0.0, np.cumsum(np.maximum(ends, 0.0)), np.cumsum(np.minimum(ends, 0.0)))
    found = zip(lines, tops - ends / 2.0, strict=True)
    return [Label(line.name, float(middle), line.colour) for line, middle in found]


def zero_rule(frame: Frame) -> alt.Chart:
    """Return a line at 0."""
    return Layer(_values([{"value": 0.0}])).mark_rule(color=GREY, strokeWidth=1).encode(y=frame.y())


def _stack_rows(lines: Sequence[Line]) -> Rows:
    """Return the rows of a stack, with the order of its layers."""
    return [
        {"name": line.name, "year": int(year), "value": _round(mean), "colour": line.colour, "order": place}
        for place, line in enumerate(lines)
        for year, mean in zip(line.yearly.years, line.yearly.mean, strict=True)
        if np.isfinite(mean)
    ]


def _ink(colour: str) -> str:
    """Return the shade of a colour in which a word can be read."""
    return INKS.get(colour, colour)


def _last(yearly: Yearly) -> float:
    """Return the last defined value."""
    defined = yearly.mean[np.isfinite(yearly.mean)]
    return float(defined[-1]) if defined.size else float("nan")


def _values(rows: Rows) -> alt.InlineData:
    return PlainRows(values=rows)


def _round(value: float) -> float:
    """Return six significant digits: a picture needs no more, and its file stays small."""
    return float(f"{value:.6g}")
