"""The panels of an experiment's pictures; a panel whose measures were not stored is None."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np

from experiments.charts import (
    Frame,
    Line,
    heights,
    heights_of,
    line_layers,
    point_layer,
    span,
    stacked_areas,
    stacked_bars,
    thin_layer,
    zero_rule,
)
from experiments.comparison import LAST_CALIBRATION_YEAR, Comparison
from experiments.theme import (
    BLUE,
    GREEN,
    GREY,
    LINES,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
    Drawn,
    Label,
)
from experiments.yearly import JANUARY_TO_JUNE, History

MODES = (
    ("staffed", "mode_staffed_share", PALE),
    ("optional", "mode_optional_share", SKY),
    ("incentivised", "mode_incentivised_share", ORANGE),
    ("forced", "mode_forced_share", VERMILLION),
)
HOURS = (
    ("gross", "unpaid_hours_gross", BLUE),
    ("felt", "unpaid_hours_felt", PURPLE),
    ("net", "unpaid_hours_net", GREEN),
)
SAVING = (
    ("technology, per use", "saving_technology", PALE),
    ("technology, fixed", "saving_fixed", GREY),
    ("leakage", "saving_leakage", YELLOW),
    ("compensation", "saving_compensation", ORANGE),
    ("lower prices", "saving_prices", GREEN),
    ("profit", "saving_profit", BLUE),
)
MOST_LINES = 8
"""More tasks than these are drawn as one small panel each."""


@dataclass(frozen=True)
class Sheet:
    """What pictures are drawn from: runs, comparisons, the driver of access, and the words around."""

    history: History
    compared: tuple[Comparison, ...]
    internet: tuple[np.ndarray, np.ndarray] | None
    country: str | None
    title: str
    passport: str

    @property
    def basis(self) -> str:
        """Say how many runs a picture stands on, and what its band is."""
        runs = self.history.runs
        return "1 run" if runs == 1 else f"mean of {runs} runs, band: 95 % interval"

    def comparison(self, name: str) -> Comparison | None:
        """Return the comparison of a name, if there is one."""
        return next((compared for compared in self.compared if compared.name == name), None)


@dataclass(frozen=True)
class Panel:
    """A drawn panel: its layers, a heading and what to read in it."""

    layers: Sequence[alt.Chart]
    frame: Frame
    heading: str
    reading: str | list[str]
    brief: str | list[str] = ""

    def chart(self) -> Drawn:
        """Return the panel as a picture of its own: with all that is to be read in it."""
        return self._titled(alt.TitleParams(self.heading, subtitle=self.reading))

    def small(self) -> Drawn:
        """Return the panel as one of several on a sheet."""
        return self._titled(
            alt.TitleParams(self.heading, subtitle=self.brief, fontSize=14, subtitleFontSize=11)
        )

    def _titled(self, title: alt.TitleParams) -> Drawn:
        return alt.layer(*self.layers).properties(
            width=self.frame.width, height=self.frame.height, title=title
        )


Draw = Callable[[Sheet, int, int], Panel | None]


def adoption(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw internet banking: simulated, observed, and the internet use that drives it."""
    simulated = sheet.history.yearly("internet_banking_share", JANUARY_TO_JUNE)
    simulated = simulated or sheet.history.yearly("internet_banking_share")
    if simulated is None:
        return None
    frame = Frame(width, height, span(simulated.years), "Share of adults", ".0%", (0.0, 1.0))
    given = [] if sheet.internet is None else [thin_layer(sheet.internet, frame)]
    lines = line_layers([Line("simulated", simulated, BLUE)], frame, also=_internet_label(sheet, frame))
    points, observed = _observed_shares(sheet, frame)
    reading = sheet.basis + observed + ("; grey line: internet users, as given to the model" if given else "")
    brief = "used in the last 3 months" + ("; points: observed" if points else "")
    return Panel([*given, *points, *lines], frame, "Internet banking", reading, brief)


def _internet_label(sheet: Sheet, frame: Frame) -> list[Label]:
    """Return the word on the line of internet users."""
    if sheet.internet is None:
        return []
    years, shares = sheet.internet
    shown = shares[years <= frame.years[1]]
    return [Label("internet users", float(shown[-1]), GREY)] if shown.size else []


def _observed_shares(sheet: Sheet, frame: Frame) -> tuple[list[alt.Chart], str]:
    """Return observed use as points, open where it may only validate, and the words for them."""
    compared = sheet.comparison("Internet banking")
    if compared is None:
        return [], ""
    years, values = compared.observed.years, compared.observed_values / 100.0
    early = years <= LAST_CALIBRATION_YEAR
    filled = point_layer((years[early], values[early]), frame)
    hollow = point_layer((years[~early], values[~early]), frame, filled=False)
    return [filled, hollow], f"; points: observed ({sheet.country}), open after {LAST_CALIBRATION_YEAR}"


def premises(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw branches and cash machines as indices, simulated and observed, in one panel."""
    compared = premises_compared(sheet)
    if not compared:
        return None
    frame = index_frame(compared, width, height)
    observed = [
        layer for comparison, colour in compared for layer in observed_index(comparison, frame, colour)
    ]
    lines = [Line(comparison.name.lower(), comparison.simulated, colour) for comparison, colour in compared]
    reading = f"{sheet.basis}; lines: simulated shares of counters and customers; points: observed numbers"
    brief = "lines: simulated; points: observed"
    return Panel([*observed, *line_layers(lines, frame)], frame, "Branches and cash machines", reading, brief)


def premises_compared(sheet: Sheet) -> list[tuple[Comparison, str]]:
    """Return the comparisons of premises with their colours."""
    named = (sheet.comparison("Cash machines"), BLUE), (sheet.comparison("Bank branches"), VERMILLION)
    return [(comparison, colour) for comparison, colour in named if comparison is not None]


def index_frame(compared: Sequence[tuple[Comparison, str]], width: int, height: int) -> Frame:
    """Return a frame that holds indices, simulated and observed, in the years that were run."""
    first, last = span(compared[0][0].simulated.years)
    values = []
    for comparison, _ in compared:
        shown = (comparison.observed.years >= first) & (comparison.observed.years <= last)
        values += [np.array(heights_of([comparison.simulated])), comparison.observed_values[shown]]
    unit = compared[0][0].unit
    return Frame(width, height, (first, last), unit[0].upper() + unit[1:], None, heights(values))


def observed_index(comparison: Comparison, frame: Frame, colour: str) -> list[alt.Chart]:
    """Return an observed index as points on a thin dashed line."""
    observed = comparison.observed.years, comparison.observed_values
    line = thin_layer(observed, frame, colour=colour, dash=(2, 2))
    return [line, point_layer(observed, frame, colour=colour, filled=False)]


def modes(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw the service modes of firms over time."""
    lines = _lines(sheet.history, MODES)
    if len(lines) < len(MODES):
        return None
    frame = Frame(width, height, span(sheet.history.years), "Share of firms' tasks", ".0%", (0.0, 1.0))
    brief = "service mode, mean of firms and tasks"
    layers = stacked_areas(lines, frame) if sheet.history.years.size > 1 else stacked_bars(lines, frame)
    return Panel(layers, frame, "How firms offer their tasks", sheet.basis, brief)


def hours(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw the unpaid hours of adults: gross, felt, and net of the hours that being served would take."""
    lines = _lines(sheet.history, HOURS)
    if not lines:
        return None
    domain = heights_of([line.yearly for line in lines])
    frame = Frame(width, height, span(sheet.history.years), "Hours per adult and year", None, domain)
    brief = "net: less the time that being served takes"
    layers = [zero_rule(frame), *line_layers(lines, frame)]
    return Panel(layers, frame, "Unpaid work of customers", f"{sheet.basis}; {brief}", brief)


def saving(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw who keeps the money that is saved."""
    lines = _lines(sheet.history, SAVING)
    if not lines:
        return None
    amounts = np.nan_to_num(np.array([line.yearly.mean for line in lines]))
    gains, losses = np.maximum(amounts, 0.0).sum(axis=0), np.minimum(amounts, 0.0).sum(axis=0)
    first, last = span(sheet.history.years)
    domain = heights([gains, losses])
    frame = Frame(width, height, (first - 0.7, last + 0.7), "EUR per customer and year", None, domain)
    basis, brief = sheet.basis.split(",")[0], "saving by externalisation and its uses"
    return Panel(stacked_bars(lines, frame), frame, "Who keeps the money", f"{basis}; {brief}", brief)


def tasks(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw the share of occasions that customers serve themselves, task by task."""
    lines = task_lines(sheet.history)
    if not lines or len(lines) > MOST_LINES:
        return None
    domain = 0.0, heights_of([line.yearly for line in lines], most=1.0)[1]
    frame = Frame(width, height, span(sheet.history.years), "Share of occasions", ".0%", domain)
    brief = "occasions that customers serve themselves"
    layers = line_layers(lines, frame)
    return Panel(layers, frame, "Self-service by task", f"{sheet.basis}; {brief}", brief)


def task_lines(history: History) -> list[Line]:
    """Return the self-service share of every task."""
    named = [
        (task, ("self_service_share", "task", task)) for task in history.groups("self_service_share", "task")
    ]
    found = [(name, yearly) for name, key in named if (yearly := history.yearly(key)) is not None]
    return [Line(name, yearly, LINES[place % len(LINES)]) for place, (name, yearly) in enumerate(found)]


def _lines(history: History, named: Sequence[tuple[str, str, str]]) -> list[Line]:
    """Return the stored ones of several measures."""
    found = ((name, history.yearly(measure), colour) for name, measure, colour in named)
    return [Line(name, yearly, colour) for name, yearly, colour in found if yearly is not None]
