"""The last table on a page of the documentation, between two marks."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure

BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


def check(page: Path) -> None:
    """Refuse a page without marks before an hour is spent."""
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise SystemExit(f"{page}: expected one line {BEGIN!r} and below it one line {END!r}")


def write(page: Path, figures: Iterable[Figure], about: dict[str, Any]) -> None:
    """Put a table of the figures between the marks of a page; everything else stays."""
    text = page.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    body = "\n".join(section(figures, about))
    page.write_text(f"{before}{BEGIN}\n{body}\n{after}", encoding="utf-8")


def section(figures: Iterable[Figure], about: dict[str, Any]) -> list[str]:
    """Return the lines of a table in Markdown, and what it was measured on."""
    lines = ["", "| what | measured | unit | limit |", "|---|--:|---|--:|"]
    for figure in figures:
        said = f"**{figure.verdict}**" if figure.kept is False else figure.verdict
        lines.append(f"| {figure.name} | {figure.said} | {figure.unit} | {said} |")
    machine = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in about.items())
    return [*lines, "", f"Measured on: {machine}.", ""]
