"""Check a design against itself: what contradicts what, what is empty, what is too large."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from experiments import schema
from experiments.design import LARGEST_NUMBER_OF_RUNS, count_points
from experiments.errors import Problem
from experiments.yaml_lines import Entry

ROLES = ("parameters", "uncertainties", "levers")
COLUMNS = ("run_id", "design_point", "replication", "seed", "status", "seconds", "month", "measure", "value")
"""Names that columns of results have, so that no lever may take them."""


def contradictions(spec: schema.ExperimentFile, tree: Entry) -> Iterator[Problem]:
    """Yield keys of an experiment that exclude each other or lack each other."""
    keys = tree.value
    if "precision" in keys and "replications" in keys and spec.precision:
        where = keys["precision"].where
        yield Problem("precision and replications contradict each other", "one of them", where=where)
    for key in ("max_replications", "max_minutes"):
        if key in keys and not spec.precision:
            yield Problem(f"{key} limits nothing", "`precision:` beside it", where=keys[key].where)
    for name in spec.precision or {} if spec.measures else ():
        if name not in (spec.measures or ()):
            what = f"measure '{name}' has a target but is not stored"
            yield Problem(what, "it below `measures:` too", where=tree.at(("precision", name)).where)
    yield from _design_contradictions(spec, tree)
    yield from _double_roles(tree)


def _design_contradictions(spec: schema.ExperimentFile, tree: Entry) -> Iterator[Problem]:
    keys, design = tree.value, spec.design
    listed = isinstance(design, schema.PointList)
    for role in ("uncertainties", "levers"):
        if role in keys and not getattr(spec, role):
            yield Problem(
                f"{role} is empty", "at least one parameter, or no such key", where=keys[role].where
            )
    if spec.uncertainties and design is None:
        yield Problem("uncertainties need a design", "a `design:` line", where=keys["uncertainties"].where)
    if spec.uncertainties and listed:
        what = "a list has points of its own, the uncertainties would not be sampled"
        yield Problem(what, "one of them", where=keys["design"].where)
    if design and not spec.uncertainties and not listed:
        what = f"the design {design.kind} has nothing to sample"
        yield Problem(what, "`uncertainties:`", where=keys["design"].where)
    if isinstance(design, schema.Morris) and design.levels % 2:
        where = tree.at(("design", "levels")).where
        yield Problem("design.levels is not valid", "an even number (Morris)", str(design.levels), where)


def named_parameters(tree: Entry) -> Iterator[tuple[str, str, Entry]]:
    """Yield (role, name, entry) of every parameter that is fixed or varies by itself."""
    for role in ROLES:
        entry = tree.value.get(role)
        if entry is None or entry.value is None:
            continue
        pairs = entry.value.items() if isinstance(entry.value, dict) else [(i.value, i) for i in entry.value]
        yield from ((role, name, inner) for name, inner in pairs if not _is_choice(inner))


def choice_levers(tree: Entry) -> Iterator[tuple[str, str, Entry]]:
    """Yield (role, name, entry) of what varies as labelled choices."""
    for role in ROLES[1:]:
        entry = tree.value.get(role)
        pairs = entry.value.items() if entry is not None and isinstance(entry.value, dict) else ()
        yield from ((role, name, inner) for name, inner in pairs if _is_choice(inner))


def chosen_parameters(tree: Entry) -> Iterator[tuple[str, str, Entry]]:
    """Yield (lever, name, entry) of every parameter that some label of a lever sets."""
    for _, lever, entry in choice_levers(tree):
        labels = entry.value["choices"].value
        for label in labels.values() if isinstance(labels, dict) else ():
            inner = label.value if isinstance(label.value, dict) else {}
            yield from ((lever, name, value) for name, value in inner.items())


def _is_choice(entry: Entry) -> bool:
    return isinstance(entry.value, dict) and "choices" in entry.value


def _double_roles(tree: Entry) -> Iterator[Problem]:
    """Yield parameters of which two places decide; a label, though, may change what is fixed otherwise."""
    seen: dict[str, str] = {}
    for role, name, entry in named_parameters(tree):
        if name in seen:
            twice = f"'{name}' is named twice in {role}"
            what = twice if seen[name] == role else f"'{name}' stands in {seen[name]} and in {role}"
            yield Problem(what, "one of them", where=entry.where)
        seen[name] = role
    varying = {name: role for name, role in seen.items() if role != "parameters"}
    for lever, name, entry in (*chosen_parameters(tree), *_point_parameters(tree)):
        other = varying.setdefault(name, lever)
        if other != lever:
            what = f"'{name}' varies in {other} and in {lever}"
            yield Problem(what, "one of them", where=entry.where)


def _point_parameters(tree: Entry) -> Iterator[tuple[str, str, Entry]]:
    points = tree.at(("design", "points")).value
    for point in points if isinstance(points, list) else ():
        inner = point.value if isinstance(point.value, dict) else {}
        yield from (("design.points", name, entry) for name, entry in inner.items())


def lever_problems(tree: Entry, parameters: Any) -> Iterator[Problem]:
    """Yield labelled levers in the wrong place or under a name that means something else."""
    for role, name, entry in choice_levers(tree):
        if role != "levers":
            what = f"the choices of '{name}' are no uncertainty"
            yield Problem(what, "them below `levers:`", where=entry.where)
        if name.lower() in COLUMNS or name in parameters:  # SQL does not look at the case
            what = f"a lever of labelled choices cannot be called '{name}'"
            yield Problem(what, "a name that is neither a parameter nor a column", where=entry.where)
        if not name.isprintable() or not 1 <= len(name) <= 100:
            yield Problem("a lever's name is not valid", "one line of text", where=entry.where)


def size_problems(spec: schema.ExperimentFile, tree: Entry) -> Iterator[Problem]:
    """Yield a design that nobody could run."""
    points = count_points(spec)
    runs = points * (1 if spec.precision else spec.replications)
    if runs > LARGEST_NUMBER_OF_RUNS:
        key = next((key for key in ("design", "levers", "replications") if key in tree.value), "design")
        got = f"{points:,} design points × {runs // points:,} replications = {runs:,} runs"
        expected = f"at most {LARGEST_NUMBER_OF_RUNS:,} runs"
        yield Problem("the experiment is too large", expected, got, tree.at((key,)).where)
