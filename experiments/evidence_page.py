"""The pages of the validation report: Markdown beside tables and pictures, and one HTML page of all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.findings_text import wrapped
from experiments.liveness_page import markdown
from experiments.report_sections import Picture, Section, Table
from experiments.storing import write_whole

TEMPLATE = "evidence.html.jinja"
TITLE = "Against the record"
MOST_ROWS = 60
"""Rows that a page shows of a table; the CSV file holds all."""


@dataclass(frozen=True)
class Report:
    """What the validation report holds.

    Parameters
    ----------
    opening : paragraphs before the first section.
    tables : further tables, by stem, that are written as CSV files only.
    """

    opening: Sequence[str]
    sections: Sequence[Section]
    tables: dict[str, Table]
    passport: str


def write(report: Report, folder: Path) -> list[Path]:
    """Write pages, pictures and tables into a folder and return their paths, the page first."""
    from experiments.theme import spec_of, to_svg

    for inside in ("figures", "tables"):
        (folder / inside).mkdir(parents=True, exist_ok=True)
    svgs = {p.stem: to_svg(spec_of(p.chart), p.caption) for p in _pictures(report)}
    named = {**_named_tables(report), **report.tables}
    texts = {
        folder / "evidence.md": as_markdown(report),
        folder / "evidence.html": as_html(report, svgs),
        **{folder / "figures" / f"{stem}.svg": svg for stem, svg in svgs.items()},
        **{folder / "tables" / f"{stem}.csv": as_csv(table) for stem, table in named.items()},
    }
    for path, text in texts.items():
        write_whole(path, text)
    return list(texts)


def _pictures(report: Report) -> list[Picture]:
    return [picture for section in report.sections for picture in section.pictures]


def _stem(section: Section, place: int) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", section.title.lower()).strip("-")
    return words if place == 0 else f"{words}-{place + 1}"


def _named_tables(report: Report) -> dict[str, Table]:
    return {
        _stem(section, place): table
        for section in report.sections
        for place, table in enumerate(section.tables)
    }


def as_markdown(report: Report) -> str:
    """Return the page as Markdown, pictures as links."""
    parts = [f"# {TITLE}", *map(wrapped, report.opening)]
    for section in report.sections:
        parts += [f"## {section.title}", *map(wrapped, section.paragraphs)]
        parts += [f"![{p.caption}](figures/{p.stem}.svg)" for p in section.pictures]
        parts += [_table(table, _stem(section, place)) for place, table in enumerate(section.tables)]
    return "\n\n".join([*parts, report.passport]) + "\n"


def _table(table: Table, stem: str) -> str:
    shown = Table(table.header, [_escaped(row) for row in table.rows[:MOST_ROWS]], table.caption, table.units)
    left = len(table.rows) - len(shown.rows)
    more = f" {left} more rows there." if left > 0 else ""
    caption = wrapped(f"{table.caption} As a table: [{stem}.csv](tables/{stem}.csv).{more}")
    body = "\n".join(markdown(shown))
    if table.folded:
        return f"<details><summary>{table.caption}</summary>\n\n{caption}\n\n{body}\n\n</details>"
    return f"{caption}\n\n{body}"


def _escaped(row: Sequence[str]) -> list[str]:
    return [cell.replace("|", r"\|").replace("*", r"\*") for cell in row]


def as_csv(table: Table) -> str:
    """Return a table as CSV; units stand in the header."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    units = table.units or [""] * len(table.header)
    writer.writerow(
        [f"{name} ({unit})" if unit else name for name, unit in zip(table.header, units, strict=True)]
    )
    writer.writerows(table.rows)
    return stream.getvalue()


def as_html(report: Report, svgs: dict[str, str]) -> str:
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
    context: dict[str, Any] = {
        "title": TITLE,
        "opening": [_plain(text) for text in report.opening],
        "sections": [(section, [_plain(text) for text in section.paragraphs]) for section in report.sections],
        "pictures": {stem: Markup(with_own_names(svg, stem)) for stem, svg in svgs.items()},
        "passport": _plain(report.passport),
    }
    return environment.get_template(TEMPLATE).render(context)


def _plain(text: str) -> str:
    """Return a paragraph without the marks of Markdown."""
    return re.sub(r"[`*]{1,2}", "", text)
