"""How pictures look: colours that colour-blind readers can tell apart, one font, one passport line."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt
import numpy as np

BLACK, GREY, PALE = "#000000", "#767676", "#C9CDD2"
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
INKS = {
    PALE: "#5F6670",
    GREY: "#5F6670",
    ORANGE: "#8F6200",
    SKY: "#1B73A3",
    GREEN: "#00734F",
    YELLOW: "#756B00",
    VERMILLION: "#B04A00",
    PURPLE: "#9C4776",
}
"""Darker shades of the same colours, in which a word can be read on white (contrast of 4.5 or more)."""
LINES = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK, GREY)
"""Okabe & Ito (2008), Color universal design; the order in which lines take their colours."""

Drawn = alt.LayerChart | alt.FacetChart | alt.ConcatChart | alt.HConcatChart | alt.VConcatChart
"""A chart that can stand on a sheet."""

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
TEXT, QUIET = "#1F2328", "#57606A"
WIDTH, HEIGHT = 560, 300
PNG_SCALE = 2.0
"""Pixels of a PNG per pixel of the drawing."""
LABEL_SIZE = 12
LABEL_PIXELS = 15.0
"""Least distance of two labels, in pixels."""


class PlainRows(alt.InlineData):
    """Rows of a chart: plain numbers and words that nobody changes once they are drawn.

    Altair copies a chart and all that hangs on it whenever it joins another; rows need no copy.
    """

    def __deepcopy__(self, memo: Any = None) -> PlainRows:
        """Return the same rows."""
        return self


class Layer(alt.Chart):
    """One mark of a picture, whose rows and encodings nobody changes once it joins other layers.

    Copies share them. With the thousands of options of its axes copied some ten times over, as Altair does
    without this, a report took twice as long.
    """

    def __deepcopy__(self, memo: Any = None) -> Layer:
        """Return a layer of the same parts."""
        return self.copy(deep=False)


CONFIG: dict[str, Any] = {
    "background": "white",
    "font": FONT,
    "padding": {"left": 12, "top": 12, "right": 24, "bottom": 12},  # words may run wider in another font
    "view": {"stroke": None},
    "axis": {
        "labelColor": TEXT,
        "labelFontSize": 12,
        "titleColor": QUIET,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": PALE,
        "tickColor": PALE,
        "gridColor": "#ECEEF0",
    },
    "axisX": {"grid": False, "format": "d", "labelFlush": False},
    "axisY": {
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
    },
    "title": {
        "anchor": "start",
        "color": TEXT,
        "fontSize": 15,
        "fontWeight": 600,
        "subtitleColor": QUIET,
        "subtitleFontSize": 12,
        "subtitlePadding": 4,
        "offset": 12,
    },
}


@dataclass(frozen=True)
class Label:
    """A word at the end of a line: what, where (data units), in which colour."""

    text: str
    height: float
    colour: str


def spread_labels(
    heights: Sequence[float], distance: float, within: tuple[float, float] = (-np.inf, np.inf)
) -> list[float]:
    """Return label positions at least a distance apart, moved little, within bounds if they fit.

    >>> spread_labels([1.0, 1.2, 5.0], distance=1.0)
    [0.6, 1.6, 5.0]
    >>> spread_labels([1.0, 1.2, 5.0], distance=1.0, within=(0.9, 6.0))
    [0.9, 1.9, 5.0]
    """
    from scipy.optimize import isotonic_regression

    if not heights:
        return []
    order = np.argsort(heights, kind="stable")
    steps = distance * np.arange(len(heights))
    highest = max(within[0], within[1] - steps[-1])
    moved = isotonic_regression(np.asarray(heights, dtype=float)[order] - steps).x
    placed = np.empty(len(heights))
    placed[order] = np.clip(moved, within[0], highest) + steps
    return [round(float(place), 9) for place in placed]


def year_axis(first: float, last: float, *, bare: bool = False) -> alt.X:
    """Return the axis of years; a bare one has no title and names only its ends and its middle."""
    scale = alt.Scale(domain=[first, last], nice=False)
    if bare:
        named = sorted({round(first), round((first + last) / 2.0), round(last)})
        return alt.X("year:Q", title=None, scale=scale, axis=alt.Axis(values=named))
    return alt.X("year:Q", title="Year", scale=scale, axis=alt.Axis(values=named_years(first, last)))


def named_years(first: float, last: float) -> list[int]:
    """Return the years that an axis names: whole ones within its ends, five to nine of them if it is long.

    >>> named_years(1989.3, 2019.7)
    [1990, 1995, 2000, 2005, 2010, 2015]
    >>> named_years(1989.0, 1991.0)
    [1989, 1990, 1991]
    """
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step <= 8.5)
    return list(range(-(-math.ceil(first) // step) * step, math.floor(last) + 1, step))


def passport_title(text: str) -> alt.TitleParams:
    """Return the small line below a picture that says what it was made from."""
    return alt.TitleParams(
        text, orient="bottom", anchor="start", fontSize=10, fontWeight="normal", color=QUIET, offset=8
    )


def spec_of(chart: Drawn) -> dict[str, Any]:
    """Return the specification of a chart, its data included."""
    found: dict[str, Any] = chart.to_dict(validate=False)
    return found


def to_svg(spec: dict[str, Any], description: str) -> str:
    """Return a picture as SVG that describes itself to screen readers."""
    import vl_convert

    drawn = _renumbered(vl_convert.vegalite_to_svg(spec, config=CONFIG))
    text = escape(description, quote=True)
    named = re.sub(r"<svg ", f'<svg role="img" aria-label="{text}" ', drawn, count=1)
    return re.sub(r"(<svg [^>]*>)", rf"\1<title>{text}</title>", named, count=1) + "\n"


def to_png(spec: dict[str, Any]) -> bytes:
    """Return a picture as PNG, twice as dense as a screen."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec, scale=PNG_SCALE, config=CONFIG))


def _renumbered(svg: str) -> str:
    """Return a picture whose internal names count from 0, however many were drawn before it in this process.

    >>> _renumbered('<clipPath id="clip7"/><g clip-path="url(#clip7)"/>')
    '<clipPath id="clip0"/><g clip-path="url(#clip0)"/>'
    """
    numbers: dict[str, int] = {}

    def renumber(found: re.Match[str]) -> str:
        return f"{found[1]}{numbers.setdefault(found[2], len(numbers))}"

    return re.sub(r'((?:\bid="|url\(#)[a-z]+_?)(\d+)', renumber, svg)


def with_own_names(svg: str, prefix: str) -> str:
    """Return a picture whose internal names cannot collide with another's on the same page.

    >>> with_own_names('<clipPath id="clip0"/><g clip-path="url(#clip0)"/>', "hours")
    '<clipPath id="hours-clip0"/><g clip-path="url(#hours-clip0)"/>'
    """
    return re.sub(r'(\bid="|url\(#)', rf"\g<1>{prefix}-", svg)
