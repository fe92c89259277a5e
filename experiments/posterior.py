"""How far estimates may lie from the truth: the errors of a calibration, followed through its estimates.

The search weighs years as if their errors had nothing to do with each other; what it finds stays. But
errors have: what the model does not know lasts for years; a country lives one history and its firms' luck
stays with it; the mean of a few seeds is off in all years alike; shared parameters that are a little wrong
move all countries; the peer effect is held and not known. Intervals say what such errors do to the estimates
(decision record 0036).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from experiments.calibrating import Calibration, arcsine
from experiments.identifiability import PEERS
from experiments.indicators import SHARED
from experiments.shrinkage import Answers, Seen, answers
from experiments.twin import Twin

PARTS = ("years", "one_history", "seeds", "shared", "peer_effect")
ALWAYS, AT_FIRST, FADING, FORGOTTEN = 0.011, 0.030, 3.6, 37.0
"""Luck of a history in arcsines: always; besides in 2006; years in which that fades and over which all lasts.

Measured on 120 histories of synthetic countries, 3,000 consumers each (decision record 0036)."""
ROLL_OUT = 2006.0
WORTH = 12.0
"""How many replications that is worth: a calibration's own few live on the same luck in all countries."""
EVEN = float(np.sqrt(1.0 / 12.0))
"""Standard deviation of what may lie anywhere in a range, in widths of the range."""
MOST_CORRELATED = 0.95


@dataclass(frozen=True)
class Posterior:
    """Standard deviations (countries, 2) of level and trend, by where they come from.

    Parameters
    ----------
    years : surveys, what the model does not know, and the group's belief.
    history : a country is one history of the economy, as lucky as a history is.
    seeds : the mean of the economy's seeds is not yet the economy.
    shared : the shared parameters that were fitted are not known; NaN where they were given.
    peers : the peer effect is held at one value of its range.
    of_shared : standard deviations of the shared parameters that were fitted.
    correlation : of the noise, from one year to the next.
    """

    years: np.ndarray
    history: np.ndarray
    seeds: np.ndarray
    shared: np.ndarray
    peers: np.ndarray
    of_shared: Mapping[str, float]
    correlation: float

    @property
    def parts(self) -> dict[str, np.ndarray]:
        """What intervals are made of, by its name in a calibration's document."""
        own = self.years, self.history, self.seeds, self.shared, self.peers
        return dict(zip(PARTS, own, strict=True))

    @property
    def whole(self) -> np.ndarray:
        """All parts together; one that is not known counts as none."""
        return together(self.parts)


def together(parts: Mapping[str, np.ndarray], *, without: str = "") -> np.ndarray:
    """Return the standard deviations of all parts together, or of all but one.

    >>> together({"years": np.array([3.0]), "seeds": np.array([np.nan]), "history": np.array([4.0])}).tolist()
    [5.0]
    """
    squares = [np.nan_to_num(part) ** 2 for name, part in parts.items() if name != without]
    return np.asarray(np.sqrt(np.sum(squares, axis=0)))


def posterior(found: Calibration) -> Posterior:
    """Return what a calibration does not know of its parameters."""
    fits, seen, seeds = found.fits, found.study.seen(), found.every_seed.shape[1]
    curves = found.surrogate.curves(found.shared)
    answer = answers(curves, seen, fits.group, fits.parameters)
    correlation = noise_correlation(seen, seen.residuals(curves(fits.parameters)))
    noise = noise_covariance(seen, fits.group.noise, correlation)
    luck = luck_covariance(arcsine(found.every_seed), found.study.years)
    history = _spreads(answer.to_years, luck)
    tilts, of_shared = _shared(found, answer, noise + luck, luck / seeds)
    moved = -np.einsum("ciy,kcy->cik", answer.to_years, tilts)
    return Posterior(
        years=np.hypot(
            _spreads(answer.to_years, noise), _spreads(answer.to_group, np.diag(fits.group.spread**2))
        ),
        history=history,
        seeds=history / np.sqrt(seeds),
        shared=_spreads(moved, of_shared) if len(tilts) else np.full(history.shape, np.nan),
        peers=EVEN * np.abs(np.einsum("ciy,cy->ci", answer.to_years, _contagion(found))),
        of_shared=dict(zip(_fitted(found), np.sqrt(np.diag(of_shared)).tolist(), strict=True)),
        correlation=correlation,
    )


def _spreads(answer: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Return the standard deviations (countries, 2) that errors of a covariance give to estimates."""
    return np.asarray(np.sqrt((answer @ covariance * answer).sum(axis=2)))


def noise_correlation(seen: Seen, residuals: np.ndarray) -> float:
    """Return the correlation of neighbouring years' residuals over all countries; a negative one counts as 0.

    >>> seen = Seen(np.zeros((1, 4)), np.ones((1, 4)))
    >>> round(noise_correlation(seen, np.array([[1.0, 1.0, -1.0, -1.0]])), 2)
    0.33
    """
    known, scaled = seen.weights > 0.0, residuals * np.sqrt(seen.weights)
    pairs = known[:, 1:] & known[:, :-1]
    if not pairs.any() or not scaled.any():
        return 0.0
    together = (scaled[:, 1:] * scaled[:, :-1])[pairs].mean()
    return float(np.clip(together / (scaled[known] ** 2).mean(), 0.0, MOST_CORRELATED))


def noise_covariance(seen: Seen, noise: float, correlation: float) -> np.ndarray:
    """Return the covariance (countries, years, years) of noise that is larger in years that weigh less."""
    known = seen.weights > 0.0
    spread = np.where(known, noise / np.sqrt(np.where(known, seen.weights, 1.0)), 0.0)
    years = np.arange(seen.weights.shape[1])
    lasting = np.float64(correlation) ** np.abs(years[:, None] - years)
    return np.asarray(spread[:, :, None] * spread[:, None, :] * lasting)


def luck_covariance(histories: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Return the covariance (years, years) of one history around the mean: what was measured, and these.

    Parameters
    ----------
    histories : (countries, seeds, years) of arcsines.
    """
    since = years - ROLL_OUT
    apart, both = np.abs(since[:, None] - since), since[:, None] + since
    measured = (ALWAYS**2 + AT_FIRST**2 * np.exp(-both / FADING)) * np.exp(-apart / FORGOTTEN)
    luck = histories - histories.mean(axis=1, keepdims=True)
    squares = np.einsum("csy,csz->yz", luck, luck) / len(histories)
    return np.asarray((WORTH * measured + squares) / (WORTH + histories.shape[1] - 1))


def _contagion(found: Calibration) -> np.ndarray:
    """Return how far curves (countries, years) lie apart between the ends of the peer effect's range.

    The twin says it: it is there where nothing shared was looked at, and has no luck.
    """
    study = found.study
    peers = next(one for one in SHARED if one.name == PEERS)
    low, high = (
        arcsine(
            Twin(
                study.access, replace(study.indicator.twin, peer_effect=end), study.last_year
            ).shares(found.fits.parameters)
        )
        for end in (peers.low, peers.high)
    )  # fmt: skip
    return np.asarray(high - low)


def _fitted(found: Calibration) -> list[str]:
    """Return the shared parameters that were fitted."""
    return [one.name for one in SHARED if one.fitted and one.name in found.surrogate.bends]


def _shared(
    found: Calibration, answer: Answers, own: np.ndarray, common: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what shared parameters do to curves (parameters, countries, years), and their covariance.

    Countries' own parameters are fitted with them: only what those leave of a change tells anything.

    Parameters
    ----------
    own : covariance (countries, years, years) of errors that every country has for itself.
    common : covariance (years, years) of what is off in all, which were run on the same seeds.
    """
    names = _fitted(found)
    bends, origin = found.surrogate.bends, found.surrogate.origin
    tilts = np.array(
        [bends[name][0] + 2.0 * bends[name][1] * (found.shared[name] - origin[name]) for name in names]
    ).reshape(-1, *found.study.observed.shape)
    left = tilts - np.einsum("icy,ciz,kcz->kcy", answer.slopes, answer.to_years, tilts)
    pull = left * found.study.seen().weights / found.fits.group.noise**2
    beliefs = np.diag([one.spread**-2.0 for one in SHARED if one.name in names])
    inverse = np.linalg.inv(np.einsum("kcy,lcy->kl", pull, tilts) + beliefs)
    errors = np.einsum("kcy,cyz,lcz->kl", pull, own, pull)
    pulls = pull.sum(axis=1)
    return tilts, inverse @ (errors + pulls @ common @ pulls.T + beliefs) @ inverse
