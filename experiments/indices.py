"""Sensitivity indices of a sample and its outcomes: Morris, Sobol, PAWN and delta, by SALib.

Arrays in, numbers out; which runs they come from is the matter of `sensitivity`.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np

SEED = 1
"""Of the bootstraps: the same results give the same indices."""
LEAST_POINTS = 20
"""Below this no index is computed: intervals would span everything."""
LEAST_BLOCKS = 16
"""Base points of Saltelli's sample; with fewer, Sobol indices leave [0, 1] with their intervals."""
DUMMY = "(nothing)"
"""A parameter that the model does not have: what its index says of nothing is noise."""
N_DUMMIES = 10
"""Of which the greatest index counts, where an index costs little."""
SLICES = (3, 4, 5, 7, 8, 10)
"""Of a parameter, for PAWN; with 6 or 9, SALib's quantiles exceed 1 by rounding and it refuses them."""
DELTA_RESAMPLES = 20


@dataclass(frozen=True)
class Index:
    """One index of one parameter, with its 95 % interval where the method has one."""

    parameter: str
    kind: str
    value: float
    low: float | None = None
    high: float | None = None


def sobol_indices(names: Sequence[str], outcomes: np.ndarray) -> list[Index]:
    """Return first-order, total and second-order Sobol indices.

    Parameters
    ----------
    names : of k parameters.
    outcomes : of Saltelli's sample, n × (2k + 2) of them in SALib's order.

    References
    ----------
    Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. Computer Physics
    Communications 181(2), 259-270.
    """
    from SALib.analyze import sobol

    with quietly():
        found = sobol.analyze(_problem(names), outcomes, calc_second_order=True, seed=SEED)
    indices = [
        _index(name, kind, found[kind][at], found[f"{kind}_conf"][at])
        for kind in ("S1", "ST")
        for at, name in enumerate(names)
    ]
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))]
    both = (
        _index(f"{names[i]} × {names[j]}", "S2", found["S2"][i, j], found["S2_conf"][i, j]) for i, j in pairs
    )
    return [*indices, *both]


def morris_indices(
    names: Sequence[str], unit_sample: np.ndarray, outcomes: np.ndarray, *, levels: int
) -> list[Index]:
    """Return Morris' mean absolute effect (mu*), mean effect (mu) and their spread (sigma).

    Parameters
    ----------
    unit_sample : the trajectories in the unit cube, so that an effect is that of a parameter's whole range.
    outcomes : one per row of the sample.
    levels : of the sample.

    References
    ----------
    Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. Technometrics
    33(2); Campolongo, F. et al. (2007). Environmental Modelling & Software 22(10).
    """
    from SALib.analyze import morris

    with quietly():
        found = morris.analyze(_problem(names), unit_sample, outcomes, num_levels=levels, seed=SEED)
    star = [
        _index(n, "mu_star", found["mu_star"][at], found["mu_star_conf"][at]) for at, n in enumerate(names)
    ]
    others = [
        Index(n, kind, float(found[kind][at])) for kind in ("mu", "sigma") for at, n in enumerate(names)
    ]
    return [*star, *others]


def pawn_indices(names: Sequence[str], sample: np.ndarray, outcomes: np.ndarray) -> list[Index]:
    """Return the median and greatest PAWN index (Kolmogorov-Smirnov distance) over slices of each parameter.

    Parameters
    ----------
    sample : any design, one row per outcome; a parameter that does nothing is added for comparison.

    References
    ----------
    Pianosi, F. & Wagener, T. (2018). Distribution-based sensitivity analysis from a generic input-output
    sample. Environmental Modelling & Software 108.
    """
    from SALib.analyze import pawn

    columns = _with_dummies(sample, N_DUMMIES)
    slices = max(number for number in SLICES if number <= max(SLICES[0], len(outcomes) // 20))
    with quietly():
        found = pawn.analyze(_problem(range(columns.shape[1])), columns, outcomes, S=slices, seed=SEED)
    indices = []
    for kind, key in {"pawn": "median", "pawn_maximum": "maximum"}.items():
        indices += [Index(name, kind, float(found[key][at])) for at, name in enumerate(names)]
        indices.append(Index(DUMMY, kind, float(found[key][len(names) :].max())))
    return indices


def delta_indices(names: Sequence[str], sample: np.ndarray, outcomes: np.ndarray) -> list[Index]:
    """Return Borgonovo's delta of any design; a parameter that does nothing is added for comparison.

    References
    ----------
    Borgonovo, E. (2007). A new uncertainty importance measure. Reliability Engineering & System Safety 92(6);
    Plischke, E. et al. (2013). Global sensitivity measures from given data. European Journal of Operational
    Research 226(3).
    """
    named = [*names, DUMMY]
    found = _given_data(named, _with_dummies(sample, 1), outcomes, "delta")
    return [
        _index(n, "delta", found["delta_raw"][at], found["delta_raw_conf"][at]) for at, n in enumerate(named)
    ]


def first_order_indices(names: Sequence[str], sample: np.ndarray, outcomes: np.ndarray) -> list[Index]:
    """Return first-order Sobol indices of any design, by classes of each parameter (Plischke et al. 2013)."""
    found = _given_data(names, sample, outcomes, "sobol")
    return [_index(n, "S1", found["S1"][at], found["S1_conf"][at]) for at, n in enumerate(names)]


def _given_data(names: Sequence[str], sample: np.ndarray, outcomes: np.ndarray, method: str) -> Any:
    from SALib.analyze import delta

    problem = _problem([f"x{place}" for place in range(len(names))])
    with quietly():
        return delta.analyze(
            problem, sample, outcomes, num_resamples=DELTA_RESAMPLES, method=method, seed=SEED
        )


def _with_dummies(sample: np.ndarray, count: int) -> np.ndarray:
    from scipy.stats import qmc

    return np.column_stack([sample, qmc.LatinHypercube(count, rng=SEED).random(len(sample))])


def _problem(names: Sequence[Any]) -> dict[str, Any]:
    bounds = [[0.0, 1.0]] * len(names)
    return {"num_vars": len(names), "names": [str(name) for name in names], "bounds": bounds}


def _index(parameter: str, kind: str, value: float, half: float) -> Index:
    low, high = (
        (float(value) - float(half), float(value) + float(half)) if np.isfinite(half) else (None, None)
    )
    return Index(parameter, kind, float(value), low, high)


@contextmanager
def quietly() -> Iterator[None]:
    """Keep SALib's notices off standard output, and its changes to the warnings of the whole process."""
    formatter = warnings.formatwarning
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
    warnings.formatwarning = formatter


@dataclass(frozen=True)
class Noise:
    """The seed's own share of the variance of single runs, with its bootstrap interval over design points."""

    share: float
    low: float
    high: float
    replications: int


def noise_share(means: np.ndarray, variances: np.ndarray, replications: int) -> Noise | None:
    """Return how much of the variance of single runs the seed alone explains; None with one replication.

    Parameters
    ----------
    means : over replications, one per design point.
    variances : between replications (ddof 1), one per design point.
    """
    if replications < 2 or len(means) < 2:
        return None
    from scipy.stats import bootstrap

    share = float(_noise(means, variances, replications))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        interval = bootstrap(
            (means, variances),
            lambda m, v, axis=-1: _noise(m, v, replications, axis),
            paired=True,
            n_resamples=999,
            method="percentile",
            rng=SEED,
        ).confidence_interval
    return Noise(share, float(interval.low), float(interval.high), replications)


def _noise(means: np.ndarray, variances: np.ndarray, replications: int, axis: int = -1) -> np.ndarray:
    within = variances.mean(axis=axis)
    between = np.maximum(means.var(axis=axis, ddof=1) - within / replications, 0.0)
    total = within + between
    return np.where(total > 0.0, within / np.where(total > 0.0, total, 1.0), 0.0)
