"""Countries fitted together: the twin searches, the economy says what it does there, until both agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from experiments.country_runs import Ask, CountryRuns
from experiments.indicators import SHARED, Indicator, Shared
from experiments.shrinkage import (
    Curves,
    Fits,
    Group,
    Prior,
    Seen,
    fit_countries,
    fit_group,
    losses_of,
    recency,
)
from experiments.twin import FIRST_YEAR, Twin

PRIOR = Prior(np.array([0.0, 0.0]), np.array([1.9, 0.05]), 0.02)
"""Before a group is seen (decision record 0030): level in logits, trend per year, noise of arcsine roots."""
MOST_ROUNDS = 5
FIRST_SEEDS, PROBING_SEEDS = 2, 1
"""The first look at the economy takes two seeds; what shared parameters do is seen on the first one's."""
LOOKS = 7
"""Values of each shared parameter that one search may look at."""
SETTLED = np.array([0.03, 0.004])
"""Parameters that move less are settled: logits, logits per year."""
LOWEST, HIGHEST = np.array([-6.0, -0.5]), np.array([6.0, 0.5])
"""Declared bounds of `country.level` and `country.trend`."""


def arcsine(shares: np.ndarray) -> np.ndarray:
    """Return arcsine square roots, in which sampling noise is about the same for all shares."""
    return np.arcsin(np.sqrt(np.clip(shares, 0.0, 1.0)))


def shares_of(arcsines: np.ndarray) -> np.ndarray:
    """Return shares of 1.

    >>> shares_of(arcsine(np.array([0.25]))).round(9).tolist()
    [0.25]
    """
    return np.sin(np.clip(arcsines, 0.0, np.pi / 2.0)) ** 2


@dataclass(frozen=True)
class Study:
    """What is calibrated.

    Parameters
    ----------
    geos : countries.
    observed : (countries, years) arcsines from `FIRST_YEAR` to `last_year`; NaN where nothing is known.
    access : (countries, quarters), see `twin.quarter_times`.
    """

    indicator: Indicator
    until: int
    last_year: int
    geos: tuple[str, ...]
    observed: np.ndarray
    access: np.ndarray

    @property
    def years(self) -> np.ndarray:
        """Calendar years of the columns."""
        return np.arange(FIRST_YEAR, self.last_year + 1)

    def seen(self, until: int | None = None) -> Seen:
        """Return what curves are compared with up to a year, the calibration's last by default."""
        until = self.until if until is None else until
        known = np.isfinite(self.observed) & (self.years <= until)
        return Seen(self.observed, np.where(known, recency(self.years, until), 0.0))

    def only(self, keep: np.ndarray) -> Study:
        """Return the study of some of its countries."""
        geos = tuple(geo for geo, kept in zip(self.geos, keep, strict=True) if kept)
        return replace(self, geos=geos, observed=self.observed[keep], access=self.access[keep])


@dataclass(frozen=True)
class Known:
    """What an earlier calibration hands on.

    Parameters
    ----------
    shared : behavioural parameters, held.
    group : that countries are shrunk to, held; None when another indicator was calibrated, whose levels and
        trends are no guide: then its spreads and trend are the belief before this group is seen.
    """

    shared: Mapping[str, float]
    group: Group | None
    prior: Prior = PRIOR


@dataclass
class Surrogate:
    """The twin, plus what the economy adds to it at the parameters where it was run.

    Parameters
    ----------
    added : (countries, years) arcsines.
    bends : by shared parameter, a parabola (2, countries, years) in its distance from where it was looked at.
    at : shared parameters at which `added` was found.
    """

    twin: Twin
    added: np.ndarray
    bends: dict[str, np.ndarray] = field(default_factory=dict)
    origin: dict[str, float] = field(default_factory=dict)
    at: dict[str, float] = field(default_factory=dict)

    def curves(self, shared: Mapping[str, float]) -> Callable[[np.ndarray], np.ndarray]:
        """Return countries' curves as a function of their parameters, at some shared parameters."""
        added = self.added
        for name, bend in self.bends.items():
            here, there = shared[name] - self.origin[name], self.at[name] - self.origin[name]
            added = added + bend[0] * (here - there) + bend[1] * (here**2 - there**2)
        return lambda parameters: arcsine(self.twin.shares(parameters)) + added


@dataclass
class Calibration:
    """What was found; paths are shares of 1 from `FIRST_YEAR` on."""

    study: Study
    shared: dict[str, float]
    fits: Fits
    surrogate: Surrogate
    path: np.ndarray
    every_seed: np.ndarray
    rounds: int


@dataclass(frozen=True)
class Plan:
    """How the economy is asked: seeds, what the experiment fixes, what an earlier fit hands on."""

    seeds: tuple[int, ...]
    first_simulated: int
    fixed: Mapping[str, float]
    known: Known | None = None

    @property
    def shared(self) -> tuple[Shared, ...]:
        """Shared parameters that are looked at: none when they are given."""
        return () if self.known else tuple(one for one in SHARED if one.name not in self.fixed)

    def runs(self, countries: int) -> int:
        """Return how many runs are likely to be needed."""
        first = min(FIRST_SEEDS, len(self.seeds)) + PROBING_SEEDS * 2 * len(self.shared)
        return countries * (first + 2 * len(self.seeds))


def calibrate(study: Study, plan: Plan, runs: CountryRuns) -> Calibration:
    """Return parameters at which twin and economy agree about what fits the observed years best."""
    twin = Twin(study.access, study.indicator.twin, study.last_year)
    shared = {one.name: one.mean for one in SHARED if one.name not in plan.fixed}
    shared |= dict(plan.known.shared) if plan.known else {}
    surrogate = Surrogate(twin, np.zeros_like(study.observed), at=shared)
    fits = _search(study, surrogate, shared, plan, None)
    for turn in range(MOST_ROUNDS):
        seeds = plan.seeds[:FIRST_SEEDS] if turn == 0 else plan.seeds
        at = fits.parameters.clip(LOWEST, HIGHEST)
        path, every = _economy(study, plan, runs, (at, shared, seeds))
        added = arcsine(path) - arcsine(twin.shares(at))
        surrogate = replace(surrogate, added=added, at=dict(shared))
        if turn == 0 and plan.shared:
            there = at, shared, every[:, :PROBING_SEEDS].mean(axis=1)
            surrogate.bends, surrogate.origin = _bends(study, plan, runs, there), dict(shared)
        found = replace(fits, parameters=at)
        fits, shared_before = _search(study, surrogate, shared, plan, found), shared
        if surrogate.bends:
            fits, shared = _search_shared(study, surrogate, shared, plan, fits)
        moved = np.abs(fits.parameters.clip(LOWEST, HIGHEST) - at)
        if turn > 0 and np.all(moved < SETTLED) and _near(shared, shared_before):
            break
    best = Fits(at, fits.uncertainty, fits.group)
    return Calibration(study, dict(shared_before), best, surrogate, path, every, turn + 1)


def _near(first: Mapping[str, float], second: Mapping[str, float]) -> bool:
    there = [one for one in SHARED if one.name in first]
    return all(abs(first[one.name] - second[one.name]) < 0.05 * one.spread for one in there)


def _search(
    study: Study, surrogate: Surrogate, shared: Mapping[str, float], plan: Plan, last: Fits | None
) -> Fits:
    """Return the fit of all countries at given shared parameters, in the surrogate."""
    curves = surrogate.curves(shared)
    start = np.tile(PRIOR.mean, (len(study.geos), 1)) if last is None else last.parameters
    return fitted(curves, study.seen(), plan.known, start)


def fitted(curves: Curves, seen: Seen, known: Known | None, start: np.ndarray) -> Fits:
    """Return countries' fits, shrunk to a group that is known or found together with them."""
    if known is not None and known.group is not None:
        return fit_countries(curves, seen, known.group, start)
    return fit_group(curves, seen, PRIOR if known is None else known.prior, start)


def _search_shared(
    study: Study, surrogate: Surrogate, shared: dict[str, float], plan: Plan, fits: Fits
) -> tuple[Fits, dict[str, float]]:
    """Return the fit and the shared parameters, searched together."""
    names = [one.name for one in plan.shared if one.fitted]
    _, found, fits = profiled(study, surrogate, shared, names, fits)
    fits = _search(study, surrogate, found, plan, fits)
    return fits, found


def profiled(
    study: Study, surrogate: Surrogate, shared: Mapping[str, float], free: Sequence[str], fits: Fits
) -> tuple[float, dict[str, float], Fits]:
    """Return the least loss over some shared parameters, where it is, and countries' fits there.

    The group may move as a whole, but its spreads are held: they may not grow to pay for a bad parameter.
    """
    from scipy.optimize import minimize

    chosen = [one for one in SHARED if one.name in free]

    def at(values: np.ndarray) -> dict[str, float]:
        return {**shared, **{one.name: float(v) for one, v in zip(chosen, values, strict=True)}}

    def loss(values: np.ndarray) -> float:
        own = _moved(study, surrogate.curves(at(values)), fits)
        misfit = losses_of(surrogate.curves(at(values)), study.seen(), own.group, own.parameters)
        beliefs = [((v - one.mean) / one.spread) ** 2 for one, v in zip(chosen, values, strict=True)]
        return float(misfit.sum() + sum(beliefs))

    start = np.array([shared[one.name] for one in chosen])
    if chosen:
        scale = np.array([one.spread for one in chosen])
        middle = np.array([one.mean for one in chosen])
        found = minimize(
            lambda steps: loss(middle + scale * steps),
            (start - middle) / scale,
            method="COBYLA",
            bounds=[(-2.0, 2.0)] * len(chosen),
            options={"rhobeg": 0.4, "tol": 0.05, "maxiter": LOOKS * len(chosen)},
        )
        start = middle + scale * found.x
    return loss(start), at(start), _moved(study, surrogate.curves(at(start)), fits)


def _moved(study: Study, curves: Curves, fits: Fits) -> Fits:
    """Return countries' fits with a group that moved as a whole."""
    own = fits
    for _ in range(2):
        group = replace(fits.group, mean=own.parameters.mean(axis=0))
        own = fit_countries(curves, study.seen(), group, own.parameters, steps=4)
    return own


def _economy(
    study: Study,
    plan: Plan,
    runs: CountryRuns,
    where: tuple[np.ndarray, Mapping[str, float], Sequence[int]],
) -> tuple[np.ndarray, np.ndarray]:
    """Return the economy's shares at countries' parameters: means (countries, years), and every seed's."""
    parameters, shared, seeds = where
    asks = (
        Ask(geo, tuple(sorted({**shared, "country.level": own[0], "country.trend": own[1]}.items())), seed)
        for geo, own in zip(study.geos, parameters.round(6).tolist(), strict=True)
        for seed in seeds
    )
    found = np.array(runs.shares(asks))
    every = found.reshape(-1, len(seeds), found.shape[-1])
    before = plan.first_simulated - FIRST_YEAR
    years = study.years.size
    aligned = np.zeros((*every.shape[:2], years))
    take = min(years - before, every.shape[2])
    aligned[:, :, before : before + take] = every[:, :, :take]
    return aligned.mean(axis=1), aligned


def _bends(
    study: Study, plan: Plan, runs: CountryRuns, where: tuple[np.ndarray, dict[str, float], np.ndarray]
) -> dict[str, np.ndarray]:
    """Return for each shared parameter the parabola through the economy at a low, the usual, a high value."""
    parameters, shared, path = where
    found = {}
    for one in plan.shared:
        distances, changes = [], []
        for value in (one.low, one.high):
            moved = {**shared, one.name: value}
            there, _ = _economy(study, plan, runs, (parameters, moved, plan.seeds[:PROBING_SEEDS]))
            distances.append(value - shared[one.name])
            changes.append(arcsine(there) - arcsine(path))
        powers = np.array([[d, d**2] for d in distances])
        found[one.name] = np.einsum("ij,jcy->icy", np.linalg.inv(powers), np.array(changes))
    return found
