"""The report of an experiment: pictures, and one HTML page that holds everything and opens offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category

import numpy as np

from experiments.comparison import COUNTRIES, PERIODS, Comparison, comparison_lines, comparisons, country_of
from experiments.observations import read_observations, select_series
from experiments.storing import write_whole
from experiments.summary import TELLING, Estimate, estimates, shown_number
from experiments.yearly import History

if TYPE_CHECKING:
    from experiments.config import Experiment
    from experiments.panels import Sheet
    from experiments.report_sections import Section
    from model import Results

TEMPLATE = "report.html.jinja"


def write_report(
    folder: Path, experiment: Experiment, runs: Sequence[Results], notes: Sequence[str]
) -> list[Path]:
    """Write `figures/*.svg` and `report.html` about runs of one design point and return their paths.

    Parameters
    ----------
    folder : it exists.
    experiment : what was run.
    runs : successful runs, at least one.
    notes : what was repaired or extrapolated in the drivers.
    """
    from experiments.pictures import pictures_of
    from experiments.theme import spec_of, to_svg

    sheet = sheet_of(experiment, runs)
    pictures, left_out = pictures_of(sheet)
    svgs = {picture.stem: to_svg(spec_of(picture.chart), picture.caption) for picture in pictures}
    paths = [folder / "figures" / f"{name}.svg" for name in svgs]
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    for path, svg in zip(paths, svgs.values(), strict=True):
        write_whole(path, svg)
    page = Page(experiment, sheet.passport, sheet, tuple(runs), tuple(notes), svgs, tuple(left_out))
    write_whole(folder / "report.html", render(page))
    return [folder / "report.html", *paths]


def result_lines(experiment: Experiment, runs: Sequence[Results]) -> list[str]:
    """Return what the command line prints: simulated beside observed; nothing without a country."""
    return comparison_lines(comparisons(experiment, History(runs)))


def sheet_of(experiment: Experiment, runs: Sequence[Results], version: str | None = None) -> Sheet:
    """Return what pictures are drawn from.

    Parameters
    ----------
    version : of the model that computed the runs; the present one by default.
    """
    from experiments.panels import Sheet

    history = History(runs)
    compared = tuple(comparisons(experiment, history))
    internet = _internet_users(experiment)
    geo = country_of(experiment)
    country = None if geo is None else COUNTRIES.get(geo, geo)
    words = (
        country and printable(country),
        printable(experiment.label),
        printable(passport(experiment, history, version)),
    )
    return Sheet(history, compared, internet, *words, experiment.catalogue())


def printable(text: str) -> str:
    r"""Return a text without the control characters that no picture can hold.

    >>> printable("a\x07b")
    'a�b'
    """
    return "".join("\ufffd" if category(letter) in ("Cc", "Cs", "Cn") else letter for letter in text)


def _internet_users(experiment: Experiment) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the series that drives access, as shares by year, as published."""
    from experiments.drivers import access_shares

    source = experiment.drivers.access if experiment.drivers is not None else None
    if source is None:
        return None
    observed = select_series(read_observations(source.file), source.file, source.geo, source.indicator)
    return observed.years, access_shares(observed)


def passport(experiment: Experiment, history: History, version: str | None = None) -> str:
    """Return the line that says what a picture or page was made from."""
    from model.version import model_version

    parts = [f"{experiment.name} {experiment.hash[:8]}", f"model version {version or model_version()}"]
    return " · ".join([*parts, f"{_counted(history.runs, 'run')}, {seeds_text(history.seeds)}"])


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'s' * (number != 1)}"


def seeds_text(seeds: Sequence[int]) -> str:
    """Return seeds in few words.

    >>> seeds_text([1]), seeds_text([1, 2, 3]), seeds_text([1, 5])
    ('seed 1', 'seeds 1 to 3', 'seeds 1, 5')
    """
    ordered = sorted(seeds)
    if len(ordered) == 1:
        return f"seed {ordered[0]}"
    if ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"seeds {ordered[0]} to {ordered[-1]}"
    return "seeds " + ", ".join(map(str, ordered))


@dataclass(frozen=True)
class Page:
    """Everything that the report's page shows.

    Parameters
    ----------
    sheet, runs : of the single design point; None and empty where there are several.
    svgs : of all pictures, those of sections included, by stem.
    before, after : sections before and after the configuration.
    """

    experiment: Experiment
    passport: str
    sheet: Sheet | None
    runs: tuple[Results, ...]
    notes: tuple[str, ...]
    svgs: dict[str, str]
    left_out: tuple[str, ...] = ()
    before: tuple[Section, ...] = ()
    after: tuple[Section, ...] = ()


def render(page: Page) -> str:
    """Return the page as one HTML text without any reference to the outside."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from experiments.theme import with_own_names

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    every = estimates(list(page.runs))
    compared = () if page.sheet is None else page.sheet.compared
    context: dict[str, Any] = {
        "experiment": page.experiment,
        "passport": page.passport,
        "caption": caption_of(page.experiment, len(page.runs)),
        "pictures": {name: Markup(with_own_names(svg, name)) for name, svg in page.svgs.items()},
        "telling": [shown_estimate(e) for name in TELLING for e in every if e.name == name],
        "every": [shown_estimate(e) for e in every],
        "country": page.sheet and page.sheet.country,
        "compared": [_Column(comparison) for comparison in compared],
        "table": comparison_rows(compared),
        "notes": page.notes,
        "left_out": page.left_out,
        "before": page.before,
        "after": page.after,
        "configuration": configuration(page.experiment),
    }
    return environment.get_template(TEMPLATE).render(context)


def caption_of(experiment: Experiment, runs: int) -> str:
    """Say what the figures at the end of the run are means of."""
    if runs == 1:
        interval = "one run has no interval"
    else:
        interval = "95 % interval over runs (Student's t, for shares on the logit scale)"
    return f"Mean of the last {min(12, experiment.months)} months, {_counted(runs, 'run')}; {interval}."


def configuration(experiment: Experiment) -> str:
    """Return the complete experiment file; the files that it names go by their names alone."""
    names = {str(path): path.name for path in experiment.named_files().values()}
    return experiment.resolved(names)


def shown_estimate(estimate: Estimate) -> dict[str, str]:
    """Return a measure as a row of text: label, value, interval, unit; shares in per cent."""
    share = estimate.unit == "1" and estimate.name.endswith("_share")
    value, low, high = (
        _figure(number, share=share) for number in (estimate.value, estimate.low, estimate.high)
    )
    between = "" if estimate.low is None else f"{low} to {high}"
    unit = "%" if share else "" if estimate.unit == "1" else estimate.unit
    return {"name": estimate.name, "label": estimate.label, "value": value, "interval": between, "unit": unit}


def _figure(number: float | None, *, share: bool) -> str:
    figure = f"{100.0 * number:.1f}" if share and number is not None else shown_number(number)
    return figure.replace("-", "−")


class _Column:
    """One comparison as the page's table and list of errors show it."""

    def __init__(self, comparison: Comparison) -> None:
        self.name, self.unit = comparison.name, comparison.unit
        self.simulated_as = comparison.simulated_as
        self.sources = "; ".join(comparison.observed.sources)
        points = "percentage points" if comparison.base_year is None else "index points"
        self.errors = [
            f"{label}: {comparison.root_mean_square_error(first, last):.1f} {points}"
            f" ({_counted(comparison.errors(first, last).size, 'year')}, {role})"
            for label, first, last, role in PERIODS
            if comparison.errors(first, last).size
        ]


def comparison_rows(compared: Sequence[Comparison]) -> list[dict[str, Any]]:
    """Return one row per observed year: observed, simulated and difference of every comparison."""
    years = sorted({int(year) for comparison in compared for year in comparison.years})
    rows = []
    for year in years:
        cells = [cell for comparison in compared for cell in _cells(comparison, year)]
        role = next((role for _, first, last, role in PERIODS if first <= year <= last), "")
        rows.append({"year": year, "cells": cells, "validates": role.startswith("kept")})
    return rows


def _cells(comparison: Comparison, year: int) -> tuple[str, str, str]:
    """Return observed, simulated and difference of one year; empty where nothing was observed."""
    if year not in comparison.years:
        return "", "", ""
    observed, simulated = comparison.observed_at(year), comparison.simulated.at(year)
    if year == comparison.base_year:
        return f"{observed:.1f}", f"{simulated:.1f}", "base"
    return f"{observed:.1f}", f"{simulated:.1f}", f"{simulated - observed:+.1f}".replace("-", "−")
