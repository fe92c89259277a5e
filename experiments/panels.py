"""The panels of an experiment's pictures; a panel whose measures were not stored is None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from experiments.charts import (
    MOST_BANDS,
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
    TEXT,
    VERMILLION,
    YELLOW,
    Drawn,
    Label,
)
from experiments.yearly import JANUARY_TO_JUNE, History, Yearly

if TYPE_CHECKING:
    from model.tasks import Catalogue

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
WILLINGNESS = (
    ("voluntary", "voluntary_share", SKY),
    ("tipped by price", "incentivised_share", ORANGE),
    ("forced", "forced_share", VERMILLION),
)
USES = (
    ("banking", "Internet banking", "internet_banking_share", BLUE),
    ("buying", "Online purchases", "online_purchase_share", VERMILLION),
    ("public offices", "E-government", "e_government_share", GREEN),
)
"""Word, name of the comparison, measure and colour of what is done online."""
MOST_LINES = 8
"""More tasks than these are drawn as one small panel each, and by sector on the overview."""


@dataclass(frozen=True)
class Sheet:
    """What pictures are drawn from: runs, comparisons, the driver of access, tasks, and the words around."""

    history: History
    compared: tuple[Comparison, ...]
    internet: tuple[np.ndarray, np.ndarray] | None
    country: str | None
    title: str
    passport: str
    catalogue: Catalogue

    @property
    def basis(self) -> str:
        """Say how many runs a picture stands on, and what its band is."""
        runs = self.history.runs
        return "1 run" if runs == 1 else f"mean of {runs} runs, band: 95 % interval"

    @property
    def basis_without_band(self) -> str:
        """Say how many runs a picture without bands stands on."""
        return self.basis.split(",")[0]

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
        return alt.layer(*self.layers, width=self.frame.width, height=self.frame.height, title=title)


Draw = Callable[[Sheet, int, int], Panel | None]
Named = Sequence[tuple[str, str, str]]
"""Word, measure and colour."""


def adoption(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw what people do online: simulated, observed, and the internet use that drives it."""
    uses = [(use, found) for use in USES if (found := _spring(sheet.history, use[2])) is not None]
    if not uses:
        return None
    frame = Frame(width, height, span(uses[0][1].years), "Share of adults", ".0%", (0.0, 1.0))
    given = [] if sheet.internet is None else [thin_layer(sheet.internet, frame, "internet users, given")]
    words = ["simulated"] if len(uses) == 1 else [word for (word, *_), _ in uses]
    lines = [Line(word, found, use[3]) for word, (use, found) in zip(words, uses, strict=True)]
    drawn = line_layers(lines, frame, also=_internet_label(sheet, frame))
    points = [layer for use, _ in uses for layer in _observed_shares(sheet, use, frame)]
    observed = f"; points: observed ({sheet.country}), open after {LAST_CALIBRATION_YEAR}" if points else ""
    reading = sheet.basis + observed + ("; grey line: internet users, as given to the model" if given else "")
    brief = (
        "used in the last 3 months" if len(uses) == 1 else "used in the last 3 months (public offices: 12)"
    )
    heading = uses[0][0][1] if len(uses) == 1 else "What people do online"
    return Panel(
        [*given, *points, *drawn], frame, heading, reading, brief + ("; points: observed" if points else "")
    )


def _spring(history: History, measure: str) -> Yearly | None:
    """Return a measure as a survey finds it, in spring; all months where no spring was run."""
    return history.yearly(measure, JANUARY_TO_JUNE) or history.yearly(measure)


def _internet_label(sheet: Sheet, frame: Frame) -> list[Label]:
    """Return the word on the line of internet users."""
    if sheet.internet is None:
        return []
    years, shares = sheet.internet
    shown = shares[years <= frame.years[1]]
    return [Label("internet users", float(shown[-1]), GREY)] if shown.size else []


def _observed_shares(sheet: Sheet, use: tuple[str, str, str, str], frame: Frame) -> list[alt.Chart]:
    """Return observed use as points, open where it may only validate."""
    _, name, _, colour = use
    compared = sheet.comparison(name)
    if compared is None:
        return []
    colour = TEXT if name == USES[0][1] else colour
    years, values = compared.observed.years, compared.observed_values / 100.0
    early = years <= LAST_CALIBRATION_YEAR
    said = f"{name}, observed"
    filled = point_layer((years[early], values[early]), frame, colour=colour, name=said)
    late = years[~early], values[~early]
    return [filled, point_layer(late, frame, colour=colour, filled=False, name=said)]


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
    said = f"{comparison.name}, observed"
    line = thin_layer(observed, frame, said, colour=colour, dash=(2, 2))
    return [line, point_layer(observed, frame, colour=colour, filled=False, name=said)]


def modes(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw the service modes of firms over time."""
    frame = Frame(width, height, span(sheet.history.years), "Share of firms' tasks", ".0%", (0.0, 1.0))
    return _stack(sheet, MODES, frame, "How firms offer their tasks", "service mode, mean of firms and tasks")


def willingness(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw how willingly customers serve themselves over time."""
    frame = Frame(
        width, height, span(sheet.history.years), "Share of self-served occasions", ".0%", (0.0, 1.0)
    )
    brief = "forced: counter closed, or much longer to be served"
    return _stack(sheet, WILLINGNESS, frame, "How willingly customers serve themselves", brief)


def _stack(sheet: Sheet, named: Named, frame: Frame, heading: str, brief: str) -> Panel | None:
    """Draw shares that add up to one; None unless all of them were stored."""
    lines = _lines(sheet.history, named)
    if len(lines) < len(named):
        return None
    layers = stacked_areas(lines, frame) if sheet.history.years.size > 1 else stacked_bars(lines, frame)
    return Panel(layers, frame, heading, f"{sheet.basis_without_band}; {brief}", brief)


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
    basis, brief = sheet.basis_without_band, "saving by externalisation and its uses"
    return Panel(stacked_bars(lines, frame), frame, "Who keeps the money", f"{basis}; {brief}", brief)


def tasks(sheet: Sheet, width: int, height: int) -> Panel | None:
    """Draw the share of occasions that customers serve themselves, by task, by sector if there are many."""
    lines, heading = task_lines(sheet), "Self-service by task"
    if len(lines) > MOST_LINES:
        lines, heading = sector_lines(sheet), "Self-service by sector"
    if not lines or len(lines) > MOST_LINES:
        return None
    domain = 0.0, heights_of([line.yearly for line in lines], most=1.0)[1]
    frame = Frame(width, height, span(sheet.history.years), "Share of occasions", ".0%", domain)
    brief = "occasions that customers serve themselves"
    basis = sheet.basis if len(lines) <= MOST_BANDS else sheet.basis_without_band
    return Panel(line_layers(lines, frame), frame, heading, f"{basis}; {brief}", brief)


def task_lines(sheet: Sheet) -> list[Line]:
    """Return the self-service share of every task, in the order of the catalogue."""
    return _grouped_lines(sheet, "task", {task.name: task.label for task in sheet.catalogue.tasks})


def sector_lines(sheet: Sheet) -> list[Line]:
    """Return the self-service share of every sector, in the order of the catalogue."""
    return _grouped_lines(sheet, "sector", {sector.name: sector.label for sector in sheet.catalogue.sectors})


def _grouped_lines(sheet: Sheet, dimension: str, labels: Mapping[str, str]) -> list[Line]:
    stored = sheet.history.groups("self_service_share", dimension)
    names = [*(name for name in labels if name in stored), *(name for name in stored if name not in labels)]
    keys = [(labels.get(name, name), ("self_service_share", dimension, name)) for name in names]
    found = [(label, yearly) for label, key in keys if (yearly := sheet.history.yearly(key)) is not None]
    return [Line(label, yearly, LINES[place % len(LINES)]) for place, (label, yearly) in enumerate(found)]


def _lines(history: History, named: Named) -> list[Line]:
    """Return the stored ones of several measures."""
    found = ((name, history.yearly(measure), colour) for name, measure, colour in named)
    return [Line(name, yearly, colour) for name, yearly, colour in found if yearly is not None]
