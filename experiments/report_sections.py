"""What a report consists of: sections of text, tables and pictures, and who contributes them.

A contributor is a function `section(archive) -> Section | None`; it returns None where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.theme import Drawn

CONTRIBUTORS: tuple[str, ...] = (
    "experiments.choices:section",
    "experiments.crossed:section",
    "experiments.cells:section",
    "experiments.branches:section",
    "experiments.knock_outs:section",
    "experiments.mechanisms:section",
    "experiments.winners:section",
    "experiments.patterns_section:section",
)
"""`module:function` of every section between the key numbers and the ledger of runs, in the page's order."""


@dataclass(frozen=True)
class Table:
    """Figures as they are read; every cell is text.

    Parameters
    ----------
    header : one word per column; the first column holds the names of the rows.
    rows : as many cells as the header has.
    caption : says what the figures are means of, how many runs, and which interval.
    units : one per column, shown below the header; empty where no column has one.
    folded : a long table that the reader opens.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    units: Sequence[str] = ()
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart with its caption; it is exported as `figures/STEM.svg`, `.png` and `.csv`.

    Parameters
    ----------
    stem : the file name without its ending.
    chart : its inline data are what the CSV file holds.
    caption : one sentence, also read by screen readers.
    """

    stem: str
    chart: Drawn
    caption: str


@dataclass(frozen=True)
class Section:
    """One part of a report."""

    title: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = field(default=())


Contributor = Callable[[Any], Section | None]
"""Takes an opened results folder."""


def contributed(archive: Any, names: Sequence[str] = CONTRIBUTORS) -> tuple[list[Section], list[str]]:
    """Return the sections that contributors make of a results folder, and notes on those that failed.

    A section that cannot be made costs itself only: the rest of the report is written.
    """
    sections, notes = [], []
    for name in names:
        try:
            section = _contributor(name)(archive)
        except Exception as error:  # noqa: BLE001 - whatever one section raises must not cost the report
            notes.append(f"section {name} is missing ({type(error).__name__}: {error})")
            continue
        if section is not None:
            sections.append(section)
    return sections, notes


def _contributor(name: str) -> Contributor:
    from importlib import import_module

    module, _, function = name.partition(":")
    found: Contributor = getattr(import_module(module), function)
    return found
