"""Design points: how many an experiment has, and the parameters of the only one that `run` takes."""

from __future__ import annotations

import math
from typing import Any

from experiments import schema
from experiments.errors import BadInput, Problem


def count_points(spec: schema.ExperimentFile) -> int:
    """Return the number of design points: the sample over uncertainties, crossed with the levers."""
    return _sample_size(spec.design, n_names(spec.uncertainties)) * _lever_points(spec.levers)


def n_names(varied: Any) -> int:
    """Return how many parameters vary."""
    return len(varied) if varied else 0


def _sample_size(design: Any, n_uncertain: int) -> int:
    if isinstance(design, schema.PointList):
        return len(design.points)
    if n_uncertain == 0 or design is None:
        return 1
    if isinstance(design, schema.Grid):
        return design.levels**n_uncertain
    if isinstance(design, schema.Morris):
        return design.trajectories * (n_uncertain + 1)
    if isinstance(design, schema.Saltelli):
        return design.points * (2 * n_uncertain + 2)
    return design.points


def _lever_points(levers: Any) -> int:
    if not levers:
        return 1
    values = levers.values() if isinstance(levers, dict) else [None] * len(levers)
    return math.prod(len(value.values) if isinstance(value, schema.Values) else 2 for value in values)


def only_point(spec: schema.ExperimentFile, name: str) -> dict[str, Any]:
    """Return what the single design point adds to the fixed parameters; `BadInput` if there are more."""
    points = count_points(spec)
    if points > 1:
        what = f"'{name}' has {points:,} design points, `run` takes one"
        raise BadInput(Problem(what, f"`sweep {name}`, or --set for each parameter that varies"))
    listed = spec.design.points[0] if isinstance(spec.design, schema.PointList) else {}
    if spec.uncertainties:
        what = f"'{name}' draws its parameters from ranges, `run` takes fixed ones"
        raise BadInput(Problem(what, f"`sweep {name}`, or --set for each parameter that varies"))
    levers = spec.levers if isinstance(spec.levers, dict) else {}
    chosen = {
        lever: choice.values[0] for lever, choice in levers.items() if isinstance(choice, schema.Values)
    }
    return {**listed, **chosen}
