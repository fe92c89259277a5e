"""What there is: experiments, parameters, measures and tasks, as data and as a table to read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

Rows = list[dict[str, Any]]


def experiments() -> Rows:
    """Return the published experiments."""
    from experiments.errors import BadInput
    from experiments.inheritance import CATALOGUE, catalogue_names, read_experiment

    rows = []
    for name in catalogue_names():
        path = CATALOGUE / f"{name}.yaml"
        try:
            keys = read_experiment(path).plain()
        except BadInput as error:
            keys = {"title": f"cannot be read: {error.problems[0]}"}
        row = {"name": name, "label": keys.get("title", name), "unit": None}
        rows.append({**row, "question": keys.get("question"), "file": str(path)})
    return rows


def parameters() -> Rows:
    """Return every declared parameter, the numbers of the task catalogue included."""
    from model.parameters import declarations

    return [{**asdict(declared), "choices": list(declared.choices)} for declared in declarations()]


def measures() -> Rows:
    """Return every measure."""
    from model.measures import MEASURES

    return [{"name": name, "label": m.label, "unit": m.unit} for name, m in MEASURES.items()]


def tasks() -> Rows:
    """Return the tasks of the catalogue, each with its channels."""
    from model.tasks import load_catalogue

    rows = []
    for task in load_catalogue().tasks:
        row = {"name": task.name, "label": task.label, "unit": "occasions", "sector": task.sector}
        channels = [
            {"name": f"{task.name}.{c.name}", "label": c.label, "unit": "occasions"}
            | {"introduced": c.introduced, "access": c.access}
            for c in task.channels
        ]
        rows.append({**row, "kind": task.kind, "counter": task.counter, "channels": channels})
    return rows


ENTRIES: dict[str, Callable[[], Rows]] = {
    "experiments": experiments,
    "parameters": parameters,
    "measures": measures,
    "tasks": tasks,
}


def print_entries(what: str, rows: Rows) -> None:
    """Print one of the lists as a table."""
    cells = {"experiments": _experiment, "parameters": _parameter, "measures": _measure, "tasks": _task}[what]
    heads = {
        "experiments": ("name", "title"),
        "parameters": ("name", "default", "bounds", "unit", "label"),
        "measures": ("name", "unit", "label"),
        "tasks": ("name", "sector", "label", "channels"),
    }[what]
    _print_table(heads, [cells(row) for row in rows])


def _experiment(row: dict[str, Any]) -> tuple[str, ...]:
    return row["name"], row["label"]


def _parameter(row: dict[str, Any]) -> tuple[str, ...]:
    if row["choices"]:
        bounds = "|".join(row["choices"])
    elif row["low"] is None:
        bounds = ""
    else:
        bounds = f"{row['low']:.10g} to {row['high']:.10g}"
    default = str(row["default"]).lower() if row["kind"] == "boolean" else _number(row["default"])
    return row["name"], default, bounds, row["unit"], row["label"]


def _number(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _measure(row: dict[str, Any]) -> tuple[str, ...]:
    return row["name"], row["unit"], row["label"]


def _task(row: dict[str, Any]) -> tuple[str, ...]:
    channels = (f"{c['name'].rpartition('.')[2]} ({c['introduced']:.0f})" for c in row["channels"])
    return row["name"], row["sector"], row["label"], ", ".join(channels)


def _print_table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print aligned columns; on a terminal the last one is cut where the line ends."""
    widths = [max(len(line[column]) for line in [heads, *rows]) for column in range(len(heads))]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in [heads, *rows]:
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        print(text if room is None or len(text) <= room else text[: room - 1] + "…")
