"""Measures that are named on the command line, and those that a results folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.errors import BadInput, Problem, nearest_name


def stored_measures(archive: Any) -> list[str]:
    """Return the measures of which a results folder holds series, in the model's order."""
    from model.measures import MEASURES

    stored = set(archive.query("select distinct measure from series")["measure"])
    return [name for name in MEASURES if name in stored]


def chosen_measures(given: str, stored: Sequence[str], where: str) -> list[str]:
    """Return the measures that a comma-separated text names; refuse unknown ones and those not stored."""
    from model.measures import MEASURES

    names = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    if not names:
        raise BadInput(Problem("no measure is named", "measures, comma-separated, from `list measures`"))
    for name in names:
        if name not in MEASURES:
            nearest = nearest_name(name, MEASURES)
            raise BadInput(
                Problem(f"unknown measure '{name}'", "a name from `list measures`", nearest=nearest)
            )
        if name not in stored:
            some = ", ".join(stored[:6]) + (", …" if len(stored) > 6 else "")
            nearest = nearest_name(name, stored)
            what = f"measure '{name}' is not stored in {where}"
            raise BadInput(Problem(what, f"one of {some}" if some else "finished runs", nearest=nearest))
    return names
