"""Design points: the sample over the uncertainties, crossed with the levers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from experiments import schema
from experiments.errors import BadInput, Problem
from experiments.sampling import dimensions, notes, of_kind, sample_size, unit_sample

if TYPE_CHECKING:
    import numpy as np

    from experiments.config import Experiment
    from model.parameters import Declaration

LARGEST_NUMBER_OF_RUNS = 10_000_000
MOST_POINTS_COMPARED = 10_000


@dataclass(frozen=True)
class DesignPoint:
    """One point: every parameter that is not at its default, and the values of those that vary."""

    index: int
    parameters: dict[str, Any]
    varied: dict[str, Any]


@dataclass(frozen=True)
class Option:
    """One setting of a lever: what stands in the table of runs, and the parameters that it sets."""

    shown: Any
    parameters: dict[str, Any]


@dataclass(frozen=True)
class _Table:
    """A sample as columns: one value per point and name."""

    columns: dict[str, np.ndarray]
    rows: int

    def row(self, place: int) -> dict[str, Any]:
        return {name: column.item(place) for name, column in self.columns.items()}


@dataclass(frozen=True)
class _Grid:
    """Every combination of some levels; the last name moves fastest."""

    levels: dict[str, np.ndarray]
    rows: int

    def row(self, place: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, levels in reversed(self.levels.items()):
            place, number = divmod(place, len(levels))
            found[name] = levels.item(number)
        return {name: found[name] for name in self.levels}


class Points(Sequence[DesignPoint]):
    """All design points, made when they are asked for.

    Lever by lever, each combination takes the same sample; within a combination the order is the sample's.

    Parameters
    ----------
    typical : only the middle of every uncertainty, in place of the whole sample.
    """

    def __init__(self, experiment: Experiment, *, typical: bool = False) -> None:
        declared = declared_parameters(experiment)
        self._fixed = experiment.parameters
        self._sample = _middle(experiment, declared) if typical else _sample(experiment, declared)
        self._levers = lever_options(experiment.levers, declared)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what varies, as the table of runs has them."""
        return tuple(self[0].varied)

    def __len__(self) -> int:
        """Return the number of points."""
        return self._sample.rows * math.prod(len(options) for options in self._levers.values())

    @overload
    def __getitem__(self, index: int) -> DesignPoint: ...
    @overload
    def __getitem__(self, index: slice) -> list[DesignPoint]: ...
    def __getitem__(self, index: int | slice) -> DesignPoint | list[DesignPoint]:
        """Return a point by its index, or several."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(f"there are {len(self):,} design points, got index {index}")
        combination, place = divmod(index, self._sample.rows)
        chosen: dict[str, Option] = {}
        for name, options in reversed(self._levers.items()):
            combination, number = divmod(combination, len(options))
            chosen[name] = options[number]
        return self._point(index, self._sample.row(place), chosen)

    def _point(self, index: int, sampled: dict[str, Any], chosen: dict[str, Option]) -> DesignPoint:
        varied = {**sampled, **{name: chosen[name].shown for name in self._levers}}
        parameters = {**self._fixed, **sampled}
        for option in chosen.values():
            parameters |= option.parameters
        return DesignPoint(index, dict(sorted(parameters.items())), varied)


def declared_parameters(spec: schema.ExperimentFile) -> dict[str, Declaration]:
    """Return every parameter that an experiment may set, by name."""
    from model.parameters import declarations
    from model.tasks import load_catalogue

    return {declared.name: declared for declared in declarations(load_catalogue(spec.tasks))}


def points_of(experiment: Experiment) -> list[DesignPoint]:
    """Return the design points of an experiment, in the order of their index.

    Examples
    --------
    >>> from experiments import load_experiment
    >>> points_of(load_experiment("banking", ["months=12"]))[0].parameters["economy.sectors"]
    'bank'
    """
    return list(Points(experiment))


def _sample(experiment: Experiment, declared: Mapping[str, Declaration]) -> _Table | _Grid:
    """Return the sampled values of every point of one combination of levers."""
    design = experiment.design
    if isinstance(design, schema.PointList):
        return _listed(design, experiment, declared)
    varied = dimensions(experiment.uncertainties, declared)
    rows = sample_size(design, varied)
    if not varied or design is None:
        return _Table({}, rows)
    if isinstance(design, schema.Grid):
        return _Grid({dimension.name: dimension.grid(design.levels) for dimension in varied}, rows)
    shares = unit_sample(design, len(varied), experiment.seed)
    return _Table({d.name: d.at(shares[:, place]) for place, d in enumerate(varied)}, rows)


def _middle(experiment: Experiment, declared: Mapping[str, Declaration]) -> _Table:
    """Return one point in the middle of every uncertainty: to time a run, no sample is needed."""
    import numpy as np

    if isinstance(experiment.design, schema.PointList):
        return _listed(experiment.design, experiment, declared)
    varied = dimensions(experiment.uncertainties, declared)
    return _Table({dimension.name: dimension.at(np.array([0.5])) for dimension in varied}, 1)


def _listed(design: schema.PointList, experiment: Experiment, declared: Mapping[str, Declaration]) -> _Table:
    """Return listed points, each with every name that any of them has."""
    import numpy as np

    names = list(dict.fromkeys(name for point in design.points for name in point))
    usual = {name: experiment.parameters.get(name, declared[name].default) for name in names}
    columns = {}
    for name in names:
        kind, values = declared[name].kind, [point.get(name, usual[name]) for point in design.points]
        columns[name] = np.array([of_kind(kind, value) for value in values], dtype=object)
    return _Table(columns, len(design.points))


def lever_options(levers: Any, declared: Mapping[str, Declaration]) -> dict[str, list[Option]]:
    """Return the settings of every lever."""
    found: dict[str, list[Option]] = {}
    for name in levers or ():
        given = levers[name] if isinstance(levers, Mapping) else None
        if isinstance(given, schema.Choices):
            found[name] = [Option(label, _set(values, declared)) for label, values in given.choices.items()]
        else:
            (dimension,) = dimensions({name: given}, declared)
            found[name] = [Option(value, {name: value}) for value in dimension.ends]
    return found


def _set(values: Mapping[str, Any], declared: Mapping[str, Declaration]) -> dict[str, Any]:
    return {name: of_kind(declared[name].kind, value) for name, value in values.items()}


def count_points(spec: schema.ExperimentFile) -> int:
    """Return the number of design points, without making them."""
    if not spec.uncertainties and not spec.levers:
        return sample_size(spec.design, [])
    declared = declared_parameters(spec)
    levers = math.prod(len(options) for options in lever_options(spec.levers, declared).values())
    return sample_size(spec.design, dimensions(spec.uncertainties, declared)) * levers


def only_point(experiment: Experiment) -> DesignPoint:
    """Return the single design point; `BadInput` if there are more, or if it is drawn from ranges."""
    points, name = count_points(experiment), experiment.name
    if points > 1:
        what = f"'{name}' has {points:,} design points, `run` takes one"
        raise BadInput(Problem(what, f"`sweep {name}`, or --set for each parameter that varies"))
    if experiment.uncertainties:
        what = f"'{name}' draws its parameters from ranges, `run` takes fixed ones"
        raise BadInput(Problem(what, f"`sweep {name}`, or --set for each parameter that varies"))
    return Points(experiment)[0]


def design_notes(experiment: Experiment) -> list[str]:
    """Return what one should know about a design that is valid: a sample out of balance, equal points."""
    found = notes(experiment.design)
    written = isinstance(experiment.design, schema.PointList) or not experiment.uncertainties
    if not written or experiment.design_points > MOST_POINTS_COMPARED:
        return found
    points = Points(experiment)
    again = len(points) - len({repr(point.parameters) for point in points})
    said = f"{again:,} of {len(points):,} design points equal an earlier one; each is run all the same"
    return [*found, said] if again else found
