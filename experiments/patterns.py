"""The command `patterns`: what the default economy must show, and whether it does."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem

if TYPE_CHECKING:
    from experiments.patterns_measured import Measured, Scored
    from model.patterns import Pattern

STORED = Path(__file__).parent / "scorecard.json"
"""The last scorecard of the package's own patterns, for reports, which have no three minutes."""
MOST_WORKERS = 64
HEADS = (
    "",
    "statement and conditions",
    "role",
    "target",
    "tolerance",
    "value",
    "95 % interval",
    "verdict",
    "recorded",
)


def patterns_command(options: argparse.Namespace) -> int:
    """Measure the patterns and print the scorecard; exit 0 whatever the verdicts."""
    patterns = read(options.file)
    workers = _workers(options.workers)
    target = _target(options.out)
    results = measure(patterns, workers=workers)
    card = as_json(results)
    if target is not None:
        write(card, target)
    if options.json:
        print(json.dumps(card, ensure_ascii=False, allow_nan=False, indent=1))
    else:
        print_scorecard(results)
    return 0


def read(file: str | None) -> tuple[Pattern, ...]:
    """Return the patterns of a file, the package's own by default; raise `BadInput`."""
    from model.patterns import read_patterns

    try:
        return read_patterns(Path(file) if file is not None else None)
    except ValueError as error:
        raise BadInput(Problem(str(error))) from None


def measure(patterns: Sequence[Pattern], *, workers: int | None = None) -> list[Scored]:
    """Run what these patterns need, on fixed seeds, and return their values and verdicts."""
    from experiments.patterns_measured import refuse_unknown_series, scored, world_of
    from experiments.patterns_runs import run_worlds

    conditions = [condition for pattern in patterns for condition in pattern.conditions]
    refuse_unknown_series(conditions)
    return scored(patterns, run_worlds({world_of(one.measurement) for one in conditions}, workers=workers))


def _workers(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MOST_WORKERS:
        raise BadInput(
            Problem("--workers is not valid", f"a whole number from 1 to {MOST_WORKERS}", f"'{text}'")
        )
    return int(text)


def _target(text: str | None) -> Path | None:
    """Return the file to write, or None; raise `BadInput` where it cannot be."""
    if text is None:
        return None
    path = Path(text)
    if not text.strip() or path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadInput(Problem(f"--out {text} cannot be written", "a file in an existing folder"))
    if path.exists() and stored(path) is None:
        raise BadInput(Problem(f"--out {text} holds something else", "a new file or a scorecard"))
    return path


def as_json(results: Sequence[Scored]) -> list[dict[str, Any]]:
    """Return what `patterns --json` prints; value and tolerance are those of the decisive condition."""
    return [_pattern_row(result) for result in results]


def _pattern_row(result: Scored) -> dict[str, Any]:
    pattern, decisive = result.pattern, _condition_row(result.decisive)
    figures = {key: decisive[key] for key in ("target", "value", "low", "high")}
    return {
        "name": pattern.name,
        "title": pattern.title,
        "statement": pattern.statement,
        "role": pattern.role,
        **figures,
        "passed": result.passed,
        "recorded": pattern.passed,
        "record": pattern.record,
        "source": pattern.source,
        "decisive": decisive["name"],
        "conditions": [_condition_row(measured) for measured in result.conditions],
    }


def _condition_row(measured: Measured) -> dict[str, Any]:
    condition = measured.condition
    bounds = [bound if math.isfinite(bound) else None for bound in (condition.low, condition.high)]
    return {
        "name": condition.name,
        "measurement": condition.measurement,
        "of": list(condition.of),
        "unit": condition.unit,
        "target": None if condition.reported else condition.target,
        "tolerance": bounds,
        "value": measured.value,
        "low": measured.low,
        "high": measured.high,
        "met": measured.met,
        "runs": measured.runs,
        "why": condition.tolerance,
        "source": condition.source,
    }


def write(card: list[dict[str, Any]], target: Path) -> None:
    """Write a scorecard with the version of the model that it belongs to; it appears whole or not at all."""
    from experiments.storing import whole_files
    from model.version import model_version

    page = {"model_version": model_version(), "patterns": card}
    with whole_files(target) as (temporary,):
        text = json.dumps(page, ensure_ascii=False, allow_nan=False, indent=1)
        temporary.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def stored(path: Path = STORED) -> dict[str, Any] | None:
    """Return a stored scorecard, `{"model_version", "patterns"}`, or None where there is none."""
    try:
        page = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return page if isinstance(page, dict) and {"model_version", "patterns"} <= page.keys() else None


def print_scorecard(results: Sequence[Scored]) -> None:
    """Print a line for each pattern and one for each of its conditions."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in HEADS:
        table.add_column(head, justify="right" if head in ("target", "value") else "left", no_wrap=False)
    for result in results:
        pattern = result.pattern
        verdict, recorded = (_verdict(passed) for passed in (result.passed, pattern.passed))
        role = pattern.role.replace("_", " ")
        table.add_row(
            pattern.name, pattern.title, role, "", "", "", "", verdict, f"{recorded} ({pattern.record})"
        )
        for measured in result.conditions:
            table.add_row("", f"  {measured.condition.name}", "", *_figures(measured), _met(measured), "")
    width = None if sys.stdout.isatty() else 170
    Console(width=width, highlight=False, markup=False, soft_wrap=False).print(table)
    print(summary(results))


def _verdict(passed: bool) -> str:
    return "passed" if passed else "open"


def _met(measured: Measured) -> str:
    if measured.met:
        return "  reported" if measured.condition.reported else "  met"
    return "  no value" if math.isinf(measured.miss) else f"  missed by {measured.miss:.3g}"


def _figures(measured: Measured) -> tuple[str, str, str, str]:
    """Return target, tolerance, value and interval as text."""
    condition = measured.condition
    unit = "" if condition.unit in ("1", "year") else f" {condition.unit}"
    bounds = [bound if math.isfinite(bound) else None for bound in (condition.low, condition.high)]
    target = "" if condition.reported else number(condition.target)
    value = "" if measured.value is None else f"{number(measured.value)}{unit}"
    return target, range_between(*bounds), value, range_between(measured.low, measured.high)


def number(value: float | None) -> str:
    """Return a number with three digits, a year with four.

    >>> number(0.12345), number(2019.0), number(None)
    ('0.123', '2019', '')
    """
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"


def range_between(low: float | None, high: float | None) -> str:
    """Return a range of which an end may be missing.

    >>> range_between(0.1, 0.2), range_between(0.1, None), range_between(None, 2), range_between(None, None)
    ('0.1 to 0.2', '≥ 0.1', '≤ 2', '')
    """
    if low is None or high is None:
        return f"≥ {number(low)}" if low is not None else f"≤ {number(high)}" if high is not None else ""
    return f"{number(low)} to {number(high)}"


def summary(results: Sequence[Scored]) -> str:
    """Say in a sentence how many patterns pass, and which verdicts are not those on record."""
    passed = sum(result.passed for result in results)
    otherwise = [result.pattern.name for result in results if result.passed != result.pattern.passed]
    agreed = "as recorded" if not otherwise else f"not as recorded: {', '.join(otherwise)}"
    return f"{passed} of {len(results)} patterns pass; {agreed}."
