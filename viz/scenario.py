"""A scenario: an experiment of the catalogue, what a visitor changed in it, and its luck."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from experiments.config import Experiment, load_experiment
from experiments.errors import BadInput, Problem

if TYPE_CHECKING:
    from model import Economy
    from model.parameters import Declaration

MOST_CONSUMERS = 200_000
"""Largest population of one economy of the dashboard; sweeps take more."""
DEFAULT_EXPERIMENT = "baseline"
CONSUMERS = "population.consumers"
NOT_OF_ONE_POINT = (
    "levers", "uncertainties", "design", "precision", "max_replications", "max_minutes", "measures",
)  # fmt: skip


@lru_cache(maxsize=64)
def preset(name: str) -> Experiment:
    """Return an experiment of the catalogue; raise `BadInput` where there is none of that name."""
    if not name.replace("-", "").replace("_", "").isalnum():
        raise BadInput(Problem(f"experiment '{name[:40]}'", "a name of the catalogue"))
    return load_experiment(name)


@dataclass(frozen=True)
class Scenario:
    """What one economy is made of; equal scenarios with equal seeds give equal months."""

    experiment: str = DEFAULT_EXPERIMENT
    changes: tuple[tuple[str, Any], ...] = ()
    seed: int = 1

    @classmethod
    def of(
        cls, experiment: str, changes: Mapping[str, Any] | None = None, seed: int | None = None
    ) -> Scenario:
        """Return a checked scenario; a change to the experiment's own value is none.

        Raises
        ------
        BadInput : for an unknown experiment.
        ParameterError : for a parameter that does not exist or is out of bounds.
        """
        chosen = preset(experiment)
        usual = usual_values(experiment)
        changed = {name: value for name, value in (changes or {}).items() if usual.get(name) != value}
        checked(experiment, changed)
        number = chosen.seed if seed is None else seed
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 2**31:
            raise BadInput(Problem("seed", "a whole number from 0 to 2147483647", str(seed)[:40]))
        return cls(experiment, tuple(sorted(changed.items())), number)

    def with_seed(self, seed: int) -> Scenario:
        """Return the same scenario with other luck."""
        return replace(self, seed=seed)

    def value(self, name: str) -> Any:
        """Return the value of a parameter."""
        return dict(self.changes).get(name, usual_values(self.experiment).get(name))

    def parameters(self) -> dict[str, Any]:
        """Return the parameters that differ from the declared defaults."""
        return {**preset(self.experiment).parameters, **dict(self.changes)}

    @property
    def months(self) -> int:
        """Horizon in months."""
        return preset(self.experiment).months

    @property
    def consumers(self) -> int:
        """Size of the population."""
        return int(self.value(CONSUMERS))

    def economy(self, **keywords: Any) -> Economy:
        """Return a new economy of this scenario, after its burn-in."""
        from model import Economy

        experiment = preset(self.experiment)
        drivers, _ = experiment.driver_series()
        return Economy(
            self.parameters(),
            start=experiment.start,
            months=experiment.months,
            rng=self.seed,
            catalogue=experiment.catalogue(),
            drivers=drivers,
            **keywords,
        )

    def command(self) -> str:
        """Return the command that repeats this run."""
        settings = " ".join(
            f"--set {shlex.quote(f'{name}={_written(value)}')}" for name, value in self.changes
        )
        run = f"python -m experiments run {self.experiment} --seed {self.seed} --replications 1"
        return f"{run} {settings}".strip()

    def as_yaml(self, replications: int) -> str:
        """Return an experiment file that `run` accepts and that gives the same numbers."""
        experiment = preset(self.experiment)
        one_point = dict.fromkeys(NOT_OF_ONE_POINT)
        changed = {"parameters": self.parameters(), "seed": self.seed, "replications": replications}
        return experiment.model_copy(update={**one_point, **changed}).resolved()


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(maxsize=64)
def usual_values(experiment: str) -> dict[str, Any]:
    """Return all parameters of an experiment as it stands in the catalogue."""
    from model.parameters import Parameters, declarations

    chosen = preset(experiment)
    declared = {item.name: item.default for item in declarations(chosen.catalogue())}
    return {**declared, **Parameters.of(chosen.parameters, chosen.catalogue()).flat()}


@lru_cache(maxsize=64)
def declared_in(experiment: str) -> dict[str, Declaration]:
    """Return all declared parameters of an experiment by name, the columns of its catalogue included."""
    from model.parameters import declarations

    return {item.name: item for item in declarations(preset(experiment).catalogue())}


def checked(experiment: str, changes: Mapping[str, Any]) -> None:
    """Raise `ParameterError` unless the changes are allowed in this experiment, here."""
    from model.parameters import ParameterError, Parameters

    if changes.get(CONSUMERS, 1) and not _small(changes.get(CONSUMERS, 1)):
        expected = f"a whole number up to {MOST_CONSUMERS} in the dashboard"
        raise ParameterError(CONSUMERS, expected=expected, got=changes[CONSUMERS])
    known = declared_in(experiment)
    if not all(_plain_number(known.get(name), value) for name, value in changes.items()):
        Parameters.of({**preset(experiment).parameters, **changes}, preset(experiment).catalogue())


def _plain_number(declared: Declaration | None, value: Any) -> bool:
    """Return whether a value is certainly allowed: a number within its bounds, as sliders send them."""
    if declared is None or declared.kind not in ("number", "integer"):
        return False
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low = -math.inf if declared.low is None else declared.low
    high = math.inf if declared.high is None else declared.high
    return low <= value <= high and (declared.kind == "number" or float(value).is_integer())


def _small(people: Any) -> bool:
    return isinstance(people, int | float) and people <= MOST_CONSUMERS


__all__ = ["MOST_CONSUMERS", "BadInput", "Scenario", "declared_in", "preset", "usual_values"]
