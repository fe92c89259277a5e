"""How wrong forecasts have been: rolling origins, and the bands that follow from them.

Standing in an earlier year, the same form is fitted to what was known then and asked for the years up to
the calibration's last. Those errors hold everything that a forecast lacks: noise of surveys, parameters,
luck, and what the model does not know (its discrepancy). Their variance grows linearly with the horizon.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

if TYPE_CHECKING:
    from experiments.calibrating import Calibration, Known, Study

COVERAGE = 0.8
ORIGINS = 4
"""The last origins that leave at least one year to be forecast."""
FEWEST = 3
"""Observations that a country needs at an origin."""
USUAL = (0.02**2, 0.018**2)
"""Variance at once and per year of horizon, of arcsines, before errors are seen; `assumption`."""
WORTH = 6.0
"""How many errors that belief is worth."""


@dataclass(frozen=True)
class Band:
    """Variance of forecast errors in arcsine square roots: at horizon 0, and more per year.

    Parameters
    ----------
    errors : number of rolling-origin errors behind it.
    longest : longest horizon among them, in years; beyond it the line is continued.
    """

    at_once: float
    per_year: float
    errors: int
    longest: int

    def spread(self, horizon: np.ndarray) -> np.ndarray:
        """Return the standard deviation at horizons in years."""
        ahead = np.maximum(np.asarray(horizon, dtype=np.float64), 0.0)
        return np.sqrt(self.at_once + self.per_year * ahead)

    def around(self, value: np.ndarray, horizon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the 80 % band around values of arcsines."""
        half = float(ndtri(0.5 + COVERAGE / 2.0)) * self.spread(horizon)
        return value - half, value + half

    def as_json(self) -> dict[str, float]:
        """Return what a calibration hands on."""
        return asdict(self)


def rolling_errors(found: Calibration, known: Known | None) -> tuple[np.ndarray, np.ndarray]:
    """Return errors of arcsines and their horizons, over all origins and countries.

    Parameters
    ----------
    known : what an earlier calibration handed on; without it a group is estimated at each origin.
    """
    study = found.study
    errors, horizons = [], []
    for origin in range(study.until - ORIGINS, study.until):
        enough = (np.isfinite(study.observed) & (study.years <= origin)).sum(axis=1) >= FEWEST
        if enough.any():
            error, horizon = _from(found, study, enough, origin, known)
            errors.append(error)
            horizons.append(horizon)
    return np.concatenate(errors or [np.zeros(0)]), np.concatenate(horizons or [np.zeros(0)])


def _from(
    found: Calibration, study: Study, keep: np.ndarray, origin: int, known: Known | None
) -> tuple[np.ndarray, np.ndarray]:
    from experiments.calibrating import fitted

    some, surrogate = study.only(keep), found.surrogate
    own = replace(
        surrogate,
        twin=surrogate.twin.only(keep),
        added=surrogate.added[keep],
        bends={name: bend[:, keep] for name, bend in surrogate.bends.items()},
    )
    curves = own.curves(found.shared)
    start = found.fits.parameters[keep]
    fits = fitted(curves, some.seen(origin), known, start)
    ahead = np.isfinite(some.observed) & (some.years > origin) & (some.years <= study.until)
    error = some.observed - curves(fits.parameters)
    horizon = np.broadcast_to(some.years - origin, error.shape)
    return error[ahead], horizon[ahead].astype(np.float64)


def band_of(errors: np.ndarray, horizons: np.ndarray) -> Band:
    """Return the band that errors speak for, drawn towards the usual one when they are few.

    Squared errors are regressed on the horizon through weights that make later, more variable ones count
    less; neither part may be negative.
    """
    from scipy.optimize import nnls

    usual = np.array(USUAL)
    horizon = np.concatenate([horizons, [0.0, 4.0]])
    squares = np.concatenate([errors**2, [usual[0], usual @ [1.0, 4.0]]])
    counts = np.concatenate([np.ones(errors.size), [WORTH / 2.0, WORTH / 2.0]])
    parts = usual
    for _ in range(8):
        expected = parts @ np.array([np.ones(horizon.size), horizon])
        root = np.sqrt(counts) / np.maximum(expected, 1e-8)
        parts, _ = nnls(np.column_stack([root, root * horizon]), root * squares)
    longest = int(horizons.max()) if horizons.size else 0
    return Band(float(parts[0]), float(parts[1]), int(errors.size), longest)
