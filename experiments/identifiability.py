"""What the curves identify: profiles of shared parameters, contagion among them, and the null model."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.calibrating import PRIOR, Calibration, arcsine, profiled, shares_of
from experiments.indicators import SHARED, Shared, without_mechanisms
from experiments.shrinkage import fit_group
from experiments.twin import Twin

POINTS = 5
CRITICAL = 3.84
"""A profile that rises less than this (95 % of chi-square with one degree of freedom) tells nothing."""
PEERS = "consumer.peer_effect"


def profiles(found: Calibration) -> dict[str, dict[str, Any]]:
    """Return for each shared parameter how the loss rises away from its best value, the others fitted again.

    Nothing is believed beforehand about the profiled parameter itself: what is left is what curves say.
    """
    looked_at = [one for one in SHARED if one.name in found.surrogate.bends]
    return {one.name: _profile(found, one) for one in looked_at}


def _profile(found: Calibration, one: Shared) -> dict[str, Any]:
    values = np.linspace(one.low, one.high, POINTS)
    others = [other.name for other in SHARED if other.fitted and other.name != one.name]
    others = [name for name in others if name in found.surrogate.bends]
    losses = []
    for value in values:
        shared = {**found.shared, one.name: float(value)}
        loss, _, _ = profiled(found.study, found.surrogate, shared, others, found.fits)
        losses.append(loss)
    rise = np.array(losses) - min(losses)
    return {
        "fitted": one.fitted,
        "prior": [one.mean, one.spread] if one.fitted else None,
        "profile": [[round(float(v), 4), round(float(r), 4)] for v, r in zip(values, rise, strict=True)],
        "identified": bool(rise[0] > CRITICAL and rise[-1] > CRITICAL),
        "verdict": verdict(one.name, values, rise),
    }


def verdict(name: str, values: np.ndarray, rise: np.ndarray) -> str:
    """Say in words what a profile shows.

    >>> verdict("consumer.inertia", np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0, 0.5]))
    'consumer.inertia is not identified: from 0 to 2 the loss rises by 1.0 at most (3.8 would tell)'
    """
    low, high = f"{values[0]:g}", f"{values[-1]:g}"
    inside = values[rise <= CRITICAL]
    if rise.max() <= CRITICAL:
        return (
            f"{name} is not identified: from {low} to {high} the loss rises by {rise.max():.1f} at most "
            f"({CRITICAL:.1f} would tell)"
        )
    span = f"{inside.min():.2g} to {inside.max():.2g}"
    if rise[0] > CRITICAL and rise[-1] > CRITICAL:
        return f"{name} is identified: {span} of {low} to {high} is within {CRITICAL:.1f} of the best loss"
    return (
        f"{name} is bounded on one side: {span} of {low} to {high} is within {CRITICAL:.1f} of the best loss"
    )


def contagion_verdict(peers: dict[str, Any] | None) -> str:
    """Say whether national curves identify contagion."""
    if peers is None:
        return "Contagion was given and not profiled."
    rise = dict(map(tuple, peers["profile"]))
    without, strong = rise[min(rise)], rise[max(rise)]
    said = f"without peers the loss rises by {without:.1f}, at {max(rise):g} by {strong:.1f}"
    said += f" ({CRITICAL:.1f} would tell)"
    if peers["identified"]:
        return f"The curves speak for contagion between its ends: {said}; heterogeneity is held fixed."
    return (
        f"The curves do not identify contagion: {said}. Differences between people, access and a trend would "
        "do; the peer effect stands at its literature value and nothing is claimed about its size."
    )


def null_model(found: Calibration) -> tuple[np.ndarray, np.ndarray]:
    """Return paths (countries, years) and parameters of the null: no learning, no usefulness, no peers.

    It is fitted exactly as the model is, in the twin, with a group of its own.
    """
    study = found.study
    twin = Twin(study.access, without_mechanisms(study.indicator), study.last_year)

    def curves(parameters: np.ndarray) -> np.ndarray:
        return arcsine(twin.shares(parameters))

    start = np.tile(PRIOR.mean, (len(study.geos), 1))
    fits = fit_group(curves, study.seen(), PRIOR, start)
    return shares_of(curves(fits.parameters)), fits.parameters


def noise(found: Calibration) -> dict[str, float]:
    """Return by how many points single seeds and their mean scatter, over countries and forecast years."""
    ahead = found.study.years > found.study.until
    seeds = found.every_seed.shape[1]
    if seeds < 2:
        return {"seeds": float(seeds)}
    scatter = 100.0 * found.every_seed[:, :, ahead].std(axis=1, ddof=1)
    of_one = float(np.sqrt((scatter**2).mean()))
    return {"seeds": float(seeds), "one_seed": of_one, "mean_of_seeds": of_one / np.sqrt(seeds)}
