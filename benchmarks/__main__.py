"""python -m benchmarks [--quick] [--full] [--only PART] [--json FILE] [--write PAGE]: speed, memory."""

import argparse
import inspect
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import page
from benchmarks.figures import ROOT, Figure, machine, ratios_first, write_json

PARTS = ("speed", "c_code", "bandwidth", "scale", "memory", "start_up", "sweeps", "archives")
ASKED_FOR = ("dashboard",)  # drives a browser: only where it is named


def main() -> int:
    """Measure, print, and write where asked to; the exit code says nothing about limits."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller runs: about a minute instead of five")
    parser.add_argument(
        "--full",
        action="store_true",
        help="a million consumers over 480 months, ten million over 24, 10,000 stored runs: 15 minutes, 6 GB",
    )
    parser.add_argument(
        "--only",
        metavar="PART",
        action="append",
        choices=[*PARTS, *ASKED_FOR],
        help=f"one of {', '.join(PARTS)}, or {', '.join(ASKED_FOR)}; may be repeated",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="put the table into a marked section of a page"
    )
    given = parser.parse_args()
    if given.write:
        page.check(given.write)
    sys.path.insert(0, str(ROOT))  # the plain Mesa version lives among the tests
    about = machine()
    measured = ratios_first(measure(given.only or PARTS, quick=given.quick, full=given.full))
    about |= {"load_after": machine()["load"]}
    show(measured, about)
    if given.json:
        write_json(given.json, measured, about)
    if given.write:
        page.write(given.write, measured, about)
    return 0


def measure(parts: Iterable[str], *, quick: bool, full: bool = False) -> list[Figure]:
    """Return the figures of some parts, saying what is being measured."""
    measured: list[Figure] = []
    for name in parts:
        part = import_module(f"benchmarks.{name}")
        print(f"{part.__doc__}".partition("\n")[0], file=sys.stderr, flush=True)
        measured += part.figures(**_understood(part.figures, quick=quick, full=full))
    return measured


def _understood(figures: Callable[..., Any], **given: bool) -> dict[str, bool]:
    """Return those options that a part has."""
    return {name: value for name, value in given.items() if name in inspect.signature(figures).parameters}


def show(measured: list[Figure], about: dict[str, Any]) -> None:
    """Print the figures as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(caption=", ".join(f"{name} {value}" for name, value in about.items()))
    for heading, side in (("what", "left"), ("measured", "right"), ("unit", "left"), ("limit", "right")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for figure in measured:
        said = figure.verdict
        table.add_row(
            figure.name,
            figure.said,
            figure.unit,
            f"[red]{said}[/red]" if figure.kept is False else said,
        )
    console = Console()
    Console(width=max(130, console.width)).print(table)


if __name__ == "__main__":
    sys.exit(main())
