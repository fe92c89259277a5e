"""Two parameters per country, shrunk towards their group: empirical Bayes with recent years weighing more.

The curve may be anything that turns parameters into one value per country and year: the mean-field twin
with what the economy adds, or a straight line in logits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

Curves = Callable[[np.ndarray], np.ndarray]
"""Parameters (countries, 2) in, values (countries, years) out."""

FORGETTING = 0.2
"""A year's weight falls by this rate per year of age (CALIBRATION_NOTES)."""
ROUNDS, SEARCHES = 15, 12
"""At most so many looks at the group, and steps of a search within each."""
SMALL_GAIN, MOST_DAMPING = 1e-3, 10.0
"""A search ends where a step gains less, in units of the loss, or where only tiny steps are left."""
STEP = np.array([0.1, 0.01])
"""Differences by which curves are differentiated: in levels and in trends."""
LONGEST_STEP = np.array([1.5, 0.15])
SETTLED = 1e-4


@dataclass(frozen=True)
class Prior:
    """What is believed before a group is seen, and how many countries that belief is worth.

    Parameters
    ----------
    mean, spread : (2,) of level and trend between countries.
    noise : spread of observations around the curve, in the curve's unit.
    countries : weight of the spreads, in countries; the means are believed as little as `mean_countries`.
    observations : weight of the noise, in observations.
    """

    mean: np.ndarray
    spread: np.ndarray
    noise: float
    countries: float = 4.0
    mean_countries: float = 0.25
    observations: float = 6.0


@dataclass(frozen=True)
class Group:
    """How a group of countries is distributed: mean and spread of level and trend, noise around curves."""

    mean: np.ndarray
    spread: np.ndarray
    noise: float


@dataclass(frozen=True)
class Seen:
    """What curves are compared with, by country and year; weights are 0 where nothing is known."""

    observed: np.ndarray
    weights: np.ndarray

    def residuals(self, values: np.ndarray) -> np.ndarray:
        """Return what is observed minus what curves say, 0 where nothing is known."""
        return np.where(self.weights > 0.0, np.nan_to_num(self.observed) - values, 0.0)


@dataclass(frozen=True)
class Fits:
    """Countries' parameters (countries, 2), their uncertainty (countries, 2), and the group."""

    parameters: np.ndarray
    uncertainty: np.ndarray
    group: Group


def recency(years: np.ndarray, until: int) -> np.ndarray:
    """Return the weights of years.

    >>> recency(np.array([2010, 2015]), 2015).round(3).tolist()
    [0.368, 1.0]
    """
    return np.exp(-FORGETTING * (until - np.asarray(years, dtype=np.float64)))


def fit_group(curves: Curves, seen: Seen, prior: Prior, start: np.ndarray) -> Fits:
    """Return countries' parameters and the group they come from, fitted together.

    Parameters
    ----------
    start : (countries, 2), where the search begins.
    """
    group = Group(prior.mean, prior.spread, prior.noise)
    fits = fit_countries(curves, seen, group, start)
    for _ in range(ROUNDS):
        group = _regrouped(curves, seen, prior, fits)
        before = fits.parameters
        fits = fit_countries(curves, seen, group, before)
        if np.all(np.abs(fits.parameters - before) < SETTLED * np.array([20.0, 2.0])):
            break
    return replace(fits, group=_regrouped(curves, seen, prior, fits))


def fit_countries(
    curves: Curves, seen: Seen, group: Group, start: np.ndarray, *, steps: int = SEARCHES
) -> Fits:
    """Return the most likely parameters of every country, given the group.

    Parameters
    ----------
    steps : of the search at most; few do where it begins near its end.

    References
    ----------
    Levenberg, K. (1944); Marquardt, D. W. (1963). Damped least squares, here for all countries at once.
    """
    parameters, damping = start.astype(np.float64), np.full(len(start), 1e-3)
    values = curves(parameters)
    loss = _losses(values, seen, group, parameters)
    for _ in range(steps):
        bent, pull = _normal_equations(curves, values, seen, group, parameters)
        diagonal = np.einsum("cii->ci", bent)
        damped = bent + damping[:, None, None] * (diagonal[:, :, None] * np.eye(2))
        step = np.linalg.solve(damped, pull[:, :, None])[:, :, 0].clip(-LONGEST_STEP, LONGEST_STEP)
        tried = parameters + step
        there = curves(tried)
        new = _losses(there, seen, group, tried)
        better = new <= loss
        done = np.where(better, loss - new < SMALL_GAIN, damping > MOST_DAMPING)
        damping = np.where(better, damping / 10.0, damping * 10.0).clip(1e-6, 1e6)
        parameters, values = (
            np.where(better[:, None], tried, parameters),
            np.where(better[:, None], there, values),
        )
        loss = np.where(better, new, loss)
        if done.all():
            break
    bent, _ = _normal_equations(curves, values, seen, group, parameters)
    variance = np.einsum("cii->ci", np.linalg.inv(bent))
    return Fits(parameters, np.sqrt(variance), group)


def losses_of(curves: Curves, seen: Seen, group: Group, parameters: np.ndarray) -> np.ndarray:
    """Return each country's loss: weighted squares over the noise, and the distance from the group."""
    return _losses(curves(parameters), seen, group, parameters)


@dataclass(frozen=True)
class Answers:
    """How the most likely parameters answer to small changes of what they are made from.

    Parameters
    ----------
    slopes : of curves in parameters (2, countries, years).
    to_years : of parameters to what is observed in a year (countries, 2, years).
    to_group : of parameters to the group's mean (countries, 2, 2).
    """

    slopes: np.ndarray
    to_years: np.ndarray
    to_group: np.ndarray


def answers(curves: Curves, seen: Seen, group: Group, parameters: np.ndarray) -> Answers:
    """Return how countries' fits would change with observations and group."""
    slopes = _slopes(curves, parameters)
    bent, _ = _normal_equations(curves, curves(parameters), seen, group, parameters)
    inverse = np.linalg.inv(bent)
    to_years = np.einsum("cij,jcy,cy->ciy", inverse, slopes, seen.weights / group.noise**2)
    return Answers(slopes, to_years, inverse / group.spread**2)


def _losses(values: np.ndarray, seen: Seen, group: Group, parameters: np.ndarray) -> np.ndarray:
    misfit = (seen.weights * seen.residuals(values) ** 2).sum(axis=1) / group.noise**2
    return misfit + (((parameters - group.mean) / group.spread) ** 2).sum(axis=1)


def _slopes(curves: Curves, parameters: np.ndarray) -> np.ndarray:
    """Return the derivatives (2, countries, years) by large central differences."""
    found = []
    for which in range(2):
        shift = np.zeros(2)
        shift[which] = STEP[which]
        found.append((curves(parameters + shift) - curves(parameters - shift)) / (2.0 * STEP[which]))
    return np.array(found)


def _normal_equations(
    curves: Curves, values: np.ndarray, seen: Seen, group: Group, parameters: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    slopes, residuals = _slopes(curves, parameters), seen.residuals(values)
    scaled = seen.weights / group.noise**2
    bent = np.einsum("icy,jcy,cy->cij", slopes, slopes, scaled) + np.diag(group.spread**-2.0)
    pull = np.einsum("icy,cy,cy->ci", slopes, residuals, scaled)
    return bent, pull - (parameters - group.mean) / group.spread**2


def _regrouped(curves: Curves, seen: Seen, prior: Prior, fits: Fits) -> Group:
    """Return the group that countries' parameters and their uncertainty speak for."""
    countries = len(fits.parameters)
    believed = prior.mean_countries
    mean = (fits.parameters.sum(axis=0) + believed * prior.mean) / (countries + believed)
    scatter = ((fits.parameters - mean) ** 2 + fits.uncertainty**2).sum(axis=0)
    spread = np.sqrt((scatter + prior.countries * prior.spread**2) / (countries + prior.countries))
    misfit = (seen.weights * seen.residuals(curves(fits.parameters)) ** 2).sum()
    free = max(0.0, seen.weights.sum() - countries)  # shrunk parameters cost about one observation a country
    noise = np.sqrt((misfit + prior.observations * prior.noise**2) / (free + prior.observations))
    return Group(mean, spread, float(noise))
