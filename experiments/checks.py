"""Check an experiment against the model: names, bounds, measures, files, and what contradicts what."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import schema
from experiments.design_checks import (
    chosen_parameters,
    contradictions,
    lever_problems,
    named_parameters,
    size_problems,
)
from experiments.errors import BadInput, Problem, nearest_name, shown
from experiments.overrides import TOP_LEVEL
from experiments.sampling import limits, normal_share
from experiments.yaml_lines import Entry, resolve_scalar, shown_path

if TYPE_CHECKING:
    from model.parameters import Declaration
    from model.tasks import Catalogue

SMALLEST_SHARE = 1e-6
"""Of a normal distribution between its bounds; of less, no quantiles can be computed."""
LARGEST_INPUT = 50_000_000
"""Bytes of a driver or task file."""


def problems_with_model(spec: schema.ExperimentFile, tree: Entry, *, complete: bool = True) -> list[Problem]:
    """Return everything about an experiment that the model could not run.

    Parameters
    ----------
    complete : False when keys to which the schema objects have been left out.
    """
    files = list(_file_problems(tree))
    catalogue, wrong_catalogue = (None, []) if files else _catalogue(spec)
    checker = _ParameterChecker(catalogue)
    problems = [*files, *wrong_catalogue, *_measure_problems(tree)]
    problems += contradictions(spec, tree) if complete else []
    if not wrong_catalogue and not files:
        problems += checker.problems(spec, tree)
        problems += lever_problems(tree, checker.declared)
        problems += [] if problems else size_problems(spec, tree)
        problems += [] if problems else _joint_problems(spec, tree, catalogue)
    problems += [] if files or not spec.drivers else _driver_problems(spec, tree)
    return problems


def _file_problems(tree: Entry) -> Iterator[Problem]:
    """Yield named files that are absent, no regular files, unreadable or huge."""
    drivers = tree.value.get("drivers")
    specs = list(drivers.value.values()) if drivers and isinstance(drivers.value, dict) else []
    named = [spec.value["file"] for spec in specs if isinstance(spec.value, dict) and "file" in spec.value]
    for entry in [*named, *([tree.value["tasks"]] if "tasks" in tree.value else [])]:
        if isinstance(entry.value, str):
            path = Path(entry.value)
            fault = fault_of_file(path)
            yield from [Problem(f"{shown_path(path)}: {fault}", where=entry.where)] if fault else []


def fault_of_file(path: Path) -> str:
    """Say why a file cannot be read; nothing when it can."""
    try:
        if not path.exists():
            return "no such file" + _hint(path)
        if not path.is_file():
            return "this is no regular file"
        with path.open("rb") as stream:
            stream.read(1)
        return "the file is too large" if path.stat().st_size > LARGEST_INPUT else ""
    except (OSError, ValueError) as error:
        return f"the file cannot be read ({getattr(error, 'strerror', None) or error})"


def _hint(path: Path) -> str:
    beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    nearest = nearest_name(path.name, beside)
    return f"; did you mean '{nearest}'?" if nearest else ""


def _catalogue(spec: schema.ExperimentFile) -> tuple[Catalogue | None, list[Problem]]:
    from model.tasks import load_catalogue

    try:
        return load_catalogue(spec.tasks), []
    except (ValueError, OSError) as error:
        return None, [Problem(str(error))]


def _driver_problems(spec: schema.ExperimentFile, tree: Entry) -> list[Problem]:
    from experiments.drivers import drivers_of

    if spec.drivers is None:
        return []
    try:
        drivers_of(spec.drivers, spec.start, spec.months)
    except BadInput as error:
        return list(error.problems)
    except (ValueError, OSError) as error:
        return [Problem(str(error), where=tree.value["drivers"].where)]
    return []


def _measure_problems(tree: Entry) -> Iterator[Problem]:
    from model.measures import MEASURES

    named: list[tuple[str, str, Entry]] = []
    for key in ("measures", "precision"):
        entry = tree.value.get(key)
        inner = entry.value if entry else None
        named += [(key, item.value, item) for item in inner] if isinstance(inner, list) else []
        named += [(key, name, item) for name, item in inner.items()] if isinstance(inner, dict) else []
    seen: set[tuple[str, str]] = set()
    for key, name, entry in named:
        if (key, name) in seen:
            yield Problem(f"measure '{name}' is named twice", "it once", where=entry.where)
        seen.add((key, name))
        if name not in MEASURES:
            nearest = nearest_name(str(name), MEASURES)
            expected = "a name from `list measures`"
            yield Problem(f"unknown measure '{name}'", expected, "", entry.where, nearest)


class _ParameterChecker:
    """Check names, values and ranges of parameters, each by itself so that all faults are found."""

    def __init__(self, catalogue: Catalogue | None) -> None:
        self.catalogue = catalogue
        self.declared: dict[str, Declaration] = {}

    def problems(self, spec: schema.ExperimentFile, tree: Entry) -> list[Problem]:
        from model.parameters import declarations

        self.declared = {declared.name: declared for declared in declarations(self.catalogue)}
        found: list[Problem] = []
        for role, name, entry in named_parameters(tree):
            chosen = {
                "parameters": spec.parameters,
                "uncertainties": spec.uncertainties,
                "levers": spec.levers,
            }[role]
            value = chosen[name] if isinstance(chosen, dict) else None
            found += self._problems_of_one(role, name, value, entry)
        for _, name, entry in chosen_parameters(tree):
            found += self._problems_of_one("parameters", name, entry.value, entry)
        return found + self._problems_of_points(spec, tree)

    def _problems_of_one(self, role: str, name: str, value: Any, entry: Entry) -> list[Problem]:
        if name not in self.declared:
            return [self._unknown(name, entry)]
        if role == "parameters":
            return self._value_problems(name, value, entry.where)
        if role == "levers" and isinstance(value, schema.Closed) and not isinstance(value, schema.Values):
            expected = "[low, high], {values: […]} or {choices: {…}}"
            return [Problem(f"the lever {name} is no uncertainty", expected, "a distribution", entry.where)]
        if isinstance(value, schema.Values):
            return [p for choice in value.values for p in self._value_problems(name, choice, entry.where)]
        return self._range_problems(name, value, entry.where)

    def _unknown(self, name: str, entry: Entry) -> Problem:
        top_level = TOP_LEVEL if entry.file.startswith("--set") else ()
        nearest = nearest_name(name, [*self.declared, *top_level])
        expected = "" if nearest else ", ".join((*top_level, "a name from `list parameters`"))
        return Problem(f"unknown parameter '{name}'", expected, "", entry.where, nearest)

    def _value_problems(self, name: str, value: Any, where: str) -> list[Problem]:
        from model.parameters import ParameterError, Parameters

        if isinstance(value, float) and not math.isfinite(value):
            return [Problem(f"{name} is not valid", "a finite number", shown(value), where)]
        try:
            Parameters.of({name: value}, self.catalogue)
        except ParameterError as error:
            got = shown(error.got) + (", text in quotation marks" if _is_quoted_number(value) else "")
            return [Problem(f"{name} is not valid", error.expected, got, where, error.nearest)]
        except (ValueError, OverflowError) as error:
            return [Problem(f"{name} is not valid", got=str(error), where=where)]
        return []

    def _range_problems(self, name: str, value: Any, where: str) -> list[Problem]:
        declared = self.declared[name]
        if declared.kind == "boolean" and value is None:
            return []
        if declared.kind not in ("number", "integer"):
            return [Problem(f"{name} has no range ({declared.kind})", "{values: […]}", where=where)]
        low, high = limits(value, declared)
        if low is None or high is None:
            return [Problem(f"{name} has no declared bounds", "[low, high]", where=where)]
        if low >= high or not low <= getattr(value, "mode", low) <= high:
            ends = [low, *([value.mode] if isinstance(value, schema.Triangular) else []), high]
            got = ", ".join(f"{end:g}" for end in ends)
            return [Problem(f"{name} has an empty range", "low < high, mode between", got, where)]
        if isinstance(value, schema.Normal) and normal_share(value, low, high) < SMALLEST_SHARE:
            got = f"mean {value.mean:g}, sd {value.sd:g}, from {low:g} to {high:g}"
            return [Problem(f"{name} has a distribution outside its range", "a mean near it", got, where)]
        return [problem for end in (low, high) for problem in self._value_problems(name, end, where)]

    def _problems_of_points(self, spec: schema.ExperimentFile, tree: Entry) -> list[Problem]:
        if not isinstance(spec.design, schema.PointList):
            return []
        entries = tree.at(("design", "points")).value
        return [
            problem
            for entry in entries
            for name, inner in entry.value.items()
            for problem in self._problems_of_one("parameters", name, inner.value, inner)
        ]


def _is_quoted_number(value: Any) -> bool:
    return isinstance(value, str) and isinstance(resolve_scalar(value), int | float)


def _joint_problems(spec: schema.ExperimentFile, tree: Entry, catalogue: Catalogue | None) -> list[Problem]:
    """Return what is wrong with parameters that are valid one by one."""
    from model.parameters import Parameters

    check: Callable[[], Any] = lambda: Parameters.of(spec.parameters, catalogue).selected(catalogue)  # noqa: E731
    try:
        check()
    except ValueError as error:
        return [Problem(str(error), where=tree.at(("parameters",)).where)]
    return []
