"""python -m benchmarks [--quick] [--full] [--json FILE]: measure speed, memory, start-up; print a table."""

import argparse
import sys
from pathlib import Path

from benchmarks.figures import ROOT, Figure, machine, write_json


def main() -> int:
    """Measure, print, and write if asked to; the exit code says nothing about limits."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="smaller runs, no repetition: half a minute instead of two"
    )
    parser.add_argument(
        "--full", action="store_true", help="an archive of 10,000 runs: 4 GB for some minutes"
    )
    parser.add_argument("--only", metavar="PART", help="speed, memory, start_up, sweeps or archives alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT))  # the plain Mesa version lives among the tests
    about, measured = machine(), measure(quick=given.quick, full=given.full, only=given.only)
    show(measured, about)
    if given.json:
        write_json(given.json, measured, about)
    return 0


def measure(*, quick: bool, full: bool = False, only: str | None = None) -> list[Figure]:
    """Return all figures, saying what is being measured."""
    from benchmarks import archives, memory, speed, start_up, sweeps

    measured: list[Figure] = []
    for part in (speed, memory, start_up, sweeps, archives):
        if only is not None and part.__name__ != f"benchmarks.{only}":
            continue
        print(f"{part.__doc__}".partition("\n")[0], file=sys.stderr)
        measured += (
            archives.figures(quick=quick, full=full) if part is archives else part.figures(quick=quick)
        )
    return measured


def show(measured: list[Figure], about: dict[str, object]) -> None:
    """Print the figures as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(caption=", ".join(f"{name} {value}" for name, value in about.items()))
    for heading, side in (("what", "left"), ("measured", "right"), ("unit", "left"), ("limit", "right")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for figure in measured:
        limit = "" if figure.limit is None else f"{'≥' if figure.at_least else '≤'} {figure.limit:.3g}"
        missed = figure.kept is False
        table.add_row(
            figure.name,
            f"{figure.value:,.3g}" if figure.value < 1000 else f"{figure.value:,.0f}",
            figure.unit,
            f"[red]{limit}, missed[/red]" if missed else limit,
        )
    console = Console()
    Console(width=max(110, console.width)).print(table)


if __name__ == "__main__":
    sys.exit(main())
