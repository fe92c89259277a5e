"""What a parameter may vary over, and samples of it: grid, Latin hypercube, Sobol, Saltelli, Morris.

A sample is drawn in the unit cube and carried over to values by each dimension's quantiles, so that one
design serves numbers, whole numbers, switches and lists of values alike.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments import schema

if TYPE_CHECKING:
    import numpy as np

    from model.parameters import Declaration


def of_kind(kind: str, value: Any) -> Any:
    """Return a value as the declared kind of number, so that 4 and 4.0 are one experiment."""
    if kind == "number":
        return float(value)
    return int(value) if kind == "integer" else value


@dataclass(frozen=True)
class Dimension:
    """One parameter that varies: its declared kind and bounds, and the range or distribution given."""

    name: str
    kind: str
    low: float
    high: float
    given: Any = None

    @property
    def values(self) -> tuple[Any, ...] | None:
        """The values of a dimension that has only some; None for a range of numbers."""
        if isinstance(self.given, schema.Values):
            return tuple(of_kind(self.kind, value) for value in self.given.values)
        return (False, True) if self.kind == "boolean" else None

    @property
    def ends(self) -> tuple[Any, ...]:
        """The values of a lever: those that are listed, else the two ends of its range."""
        return self.values or (of_kind(self.kind, self.low), of_kind(self.kind, self.high))

    def n_levels(self, levels: int) -> int:
        """Return how many values a grid has along this dimension."""
        if self.values is not None:
            return len(self.values)
        return min(levels, int(self.high - self.low) + 1) if self.kind == "integer" else levels

    def grid(self, levels: int) -> np.ndarray:
        """Return the values of a grid: evenly spaced quantiles from end to end, or every listed value."""
        import numpy as np

        count = self.n_levels(levels)
        if self.values is not None:
            return np.array(self.values, dtype=object)
        numbers = self._numbers(np.linspace(0.0, 1.0, count) if count > 1 else np.array([0.5]))
        return self._declared(numbers)

    def at(self, shares: np.ndarray) -> np.ndarray:
        """Return the quantiles at shares in [0, 1]; of whole numbers, each is as likely as another."""
        import numpy as np

        if self.values is not None:
            places = np.minimum((shares * len(self.values)).astype(np.int64), len(self.values) - 1)
            return np.array(self.values, dtype=object)[places]
        if self.kind == "integer" and (self.given is None or isinstance(self.given, list | schema.Uniform)):
            return self._declared(np.floor(self.low + shares * (self.high - self.low + 1.0)))
        return self._declared(self._numbers(shares))

    def _declared(self, numbers: np.ndarray) -> np.ndarray:
        """Return numbers within the ends, as the declared kind."""
        import numpy as np

        within = np.clip(numbers, self.low, self.high)
        if self.kind != "integer":
            return within
        return np.clip(np.rint(within), math.ceil(self.low), math.floor(self.high)).astype(np.int64)

    def _numbers(self, shares: np.ndarray) -> np.ndarray:
        import numpy as np

        if isinstance(self.given, schema.LogUniform):
            return np.exp(math.log(self.low) + shares * (math.log(self.high) - math.log(self.low)))
        if isinstance(self.given, schema.Triangular):
            return _triangular(self.low, self.given.mode, self.high, shares)
        if isinstance(self.given, schema.Normal):
            return _normal(self.given, self.low, self.high, shares)
        return self.low + shares * (self.high - self.low)


def _triangular(low: float, mode: float, high: float, shares: np.ndarray) -> np.ndarray:
    import numpy as np

    left = low + np.sqrt(shares * (high - low) * (mode - low))
    right = high - np.sqrt((1.0 - shares) * (high - low) * (high - mode))
    return np.where(shares * (high - low) < mode - low, left, right)


def _normal(given: schema.Normal, low: float, high: float, shares: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr, ndtri

    first, last = (ndtr((end - given.mean) / given.sd) for end in (low, high))
    return given.mean + given.sd * ndtri(first + shares * (last - first))


def normal_share(given: schema.Normal, low: float, high: float) -> float:
    """Return the share of a normal distribution that lies between its bounds."""
    from scipy.special import ndtr

    return float(ndtr((high - given.mean) / given.sd) - ndtr((low - given.mean) / given.sd))


def limits(given: Any, declared: Declaration) -> tuple[float | None, float | None]:
    """Return the ends of a range; where it names none, the declared bounds."""
    if isinstance(given, list):
        return given[0], given[1]
    low, high = getattr(given, "low", None), getattr(given, "high", None)
    return (declared.low if low is None else low), (declared.high if high is None else high)


def dimensions(varied: Any, declared: Mapping[str, Declaration]) -> list[Dimension]:
    """Return the dimensions of uncertainties or plain levers, in the order of the file."""
    names = varied or ()
    found = []
    for name in names:
        given = names[name] if isinstance(names, Mapping) else None
        low, high = limits(given, declared[name])
        ends = (math.nan if low is None else low, math.nan if high is None else high)
        found.append(Dimension(name, declared[name].kind, *ends, given))
    return found


def sample_size(design: Any, varied: Sequence[Dimension]) -> int:
    """Return how many points a design makes of some dimensions."""
    if isinstance(design, schema.PointList):
        return len(design.points)
    if not varied or design is None:
        return 1
    if isinstance(design, schema.Grid):
        return math.prod(dimension.n_levels(design.levels) for dimension in varied)
    if isinstance(design, schema.Morris):
        return design.trajectories * (len(varied) + 1)
    if isinstance(design, schema.Saltelli):
        return design.points * (2 * len(varied) + 2)
    return int(design.points)


def unit_sample(design: Any, n_dimensions: int, seed: int) -> np.ndarray:
    """Return a design's points in the unit cube, in the order that SALib's analyses expect.

    Parameters
    ----------
    seed : of the experiment; the sample has its own decision, so it shares no luck with any run.

    Examples
    --------
    >>> unit_sample(schema.Saltelli(kind="saltelli", points=4), 3, seed=1).shape
    (32, 3)
    """
    from scipy.stats import qmc

    from agents.draws import decision_key

    key = int(decision_key(seed, "design"))
    if isinstance(design, schema.LatinHypercube):
        return qmc.LatinHypercube(n_dimensions, rng=key).random(design.points)
    with warnings.catch_warnings():  # a number of points that is no power of 2: `notes` says so in our words
        warnings.simplefilter("ignore")
        if isinstance(design, schema.Sobol):
            return qmc.Sobol(n_dimensions, rng=key).random(design.points)
        return _salib_sample(design, n_dimensions, key)


def _salib_sample(design: Any, n_dimensions: int, key: int) -> np.ndarray:
    from SALib.sample import morris, sobol

    bounds = [[0.0, 1.0]] * n_dimensions
    names = [f"x{place}" for place in range(n_dimensions)]
    problem = {"num_vars": n_dimensions, "names": names, "bounds": bounds}
    if isinstance(design, schema.Morris):
        return morris.sample(problem, design.trajectories, num_levels=design.levels, seed=key)
    return sobol.sample(problem, design.points, calc_second_order=True, seed=key)


def notes(design: Any) -> list[str]:
    """Return what one should know about a design that is valid."""
    if isinstance(design, schema.Sobol | schema.Saltelli) and design.points & (design.points - 1):
        power = 2 ** round(math.log2(design.points))
        said = f"{design.points:,} points are no power of 2, so the {design.kind} sample is not balanced"
        return [f"{said}; {power:,} would be"]
    if isinstance(design, schema.Morris) and design.trajectories == 1:
        return ["one Morris trajectory tells nothing about how effects vary; 10 are usual"]
    if isinstance(design, schema.Grid) and design.levels == 1:
        return ["a grid of one level leaves every range in its middle"]
    return []
