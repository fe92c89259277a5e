"""The mean-field twin: the same behaviour for types of people, without luck, in a millisecond.

Everybody of a type is alike; neighbours are the national mean; firms offer the channel along one smooth
path. The twin searches, the economy decides: a calibration takes its forecast from the agents, and what the
twin gets wrong about them is measured and added (`experiments/calibrating.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.special import expit, ndtr, ndtri

FIRST_YEAR = 1994
BASE_YEAR = 2010.0
STEPS_PER_YEAR = 4
TYPES = 15
SURVEY_MOMENT = 0.25
"""A survey year is compared with the mean of January to June: a quarter of the year has gone by then."""


@dataclass(frozen=True)
class TwinBehaviour:
    """What the types have in common; names and values are those of the economy.

    Parameters
    ----------
    usefulness_weight : logits per unit of usefulness.
    inertia : logits for doing as before.
    learning : logits that full experience is worth.
    peer_effect : logits per share of others who do it.
    heterogeneity : logits, spread of what persists in people (CALIBRATION_NOTES: about 2, from gradients).
    access_readiness : correlation of access with readiness.
    renewal : share of people per year whose tastes are drawn again.
    advantage_growth : growth per year of the time advantage of doing it oneself.
    middle, rolling_out : year in which half of the firms offer the channel, and years for an e-th of them.
    offset : by how much level and trend of the economy lie above the twin's at the same parameters.
    """

    usefulness_weight: float = 5.0
    inertia: float = 1.0
    learning: float = 2.7
    peer_effect: float = 1.0
    heterogeneity: float = 2.0
    access_readiness: float = 0.7
    renewal: float = 0.2
    advantage_growth: float = 0.003
    middle: float = 2002.0
    rolling_out: float = 1.2
    offset: tuple[float, float] = (0.0, 0.0)


def _types() -> tuple[np.ndarray, np.ndarray]:
    """Return readiness of the types and their shares (Gauss-Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(TYPES)
    return nodes, weights / weights.sum()


READINESS, SHARES = _types()


def quarter_times(last_year: int) -> np.ndarray:
    """Return the moments of the twin in decimal years: every quarter up to the end of a year.

    >>> quarter_times(1994).tolist()
    [1994.0, 1994.25, 1994.5, 1994.75]
    """
    return FIRST_YEAR + np.arange((last_year + 1 - FIRST_YEAR) * STEPS_PER_YEAR) / STEPS_PER_YEAR


def with_access(shares: np.ndarray, correlation: float) -> np.ndarray:
    """Return the share of each type that has access when a share of all people has it.

    Parameters
    ----------
    shares : any shape, shares of 1.
    correlation : of access with readiness.

    Returns
    -------
    One more axis, the types; weighted by their shares it gives back the shares.

    >>> bool(abs(with_access(np.array([0.4]), 0.7)[0] @ SHARES - 0.4) < 1e-6)
    True
    """
    spread = np.sqrt(1.0 - correlation**2)
    threshold = ndtri(np.clip(shares, 1e-9, 1.0 - 1e-9))
    return np.asarray(ndtr((threshold[..., None] + correlation * READINESS) / spread))


class Twin:
    """Countries that differ in access, level and trend only.

    Parameters
    ----------
    access : (countries, quarters) shares of people with access, at `quarter_times(last_year)`.
    """

    def __init__(
        self, access: Sequence[np.ndarray] | np.ndarray, behaviour: TwinBehaviour, last_year: int
    ) -> None:
        times = quarter_times(last_year)
        self.years = np.arange(FIRST_YEAR, last_year + 1)
        offered = expit((times - behaviour.middle) / behaviour.rolling_out)
        having = with_access(np.array(access), behaviour.access_readiness)
        self._possible = np.ascontiguousarray(having * offered[None, :, None])
        useful = 0.5 * behaviour.usefulness_weight * behaviour.advantage_growth * (times - BASE_YEAR)
        level, trend = behaviour.offset
        self._common = useful + level + trend * (times - BASE_YEAR)
        self._behaviour = behaviour

    def only(self, keep: np.ndarray) -> Twin:
        """Return the twin of some of its countries."""
        some = copy(self)
        some._possible = np.ascontiguousarray(self._possible[keep])
        return some

    def shares(self, parameters: np.ndarray) -> np.ndarray:
        """Return the share of people who do it themselves, by survey year.

        Who gets access or is convinced takes it up at once; tastes are renewed now and then, and only
        then do users stop. Experience and inertia hold users where they are.

        Parameters
        ----------
        parameters : (countries, 2) level and trend, logits and logits per year from 2010.

        Returns
        -------
        (countries, years), from `FIRST_YEAR` on.
        """
        behaviour = self._behaviour
        path = _lived(
            np.ascontiguousarray(parameters, dtype=np.float64),
            self._possible,
            self._common,
            np.array([behaviour.heterogeneity * READINESS, SHARES]),
            np.array([behaviour.peer_effect, behaviour.inertia, behaviour.learning, behaviour.renewal]),
        )
        return path[:, int(STEPS_PER_YEAR * SURVEY_MOMENT) :: STEPS_PER_YEAR]


@njit(cache=True, nogil=True, error_model="numpy")
def _lived(
    parameters: np.ndarray,
    possible: np.ndarray,
    common: np.ndarray,
    people: np.ndarray,
    weighed: np.ndarray,
) -> np.ndarray:
    """Return the paths of all countries, quarter by quarter and type by type."""
    peers, inertia, learning, renewal = weighed[0], weighed[1], weighed[2], weighed[3] / STEPS_PER_YEAR
    path = np.empty(possible.shape[:2])
    using = np.zeros(people.shape[1])
    for country in range(parameters.shape[0]):
        using[:] = 0.0
        everybody = 0.0
        for step in range(common.shape[0]):
            years = FIRST_YEAR + step / STEPS_PER_YEAR - BASE_YEAR
            logits = parameters[country, 0] + parameters[country, 1] * years + common[step]
            logits += peers * (everybody - 0.5)
            everybody = 0.0
            for kind in range(people.shape[1]):
                felt, able, now = logits + people[0, kind], possible[country, step, kind], using[kind]
                taken_up = 1.0 / (1.0 + np.exp(inertia - felt))
                given_up = 1.0 / (1.0 + np.exp(felt + inertia + learning))
                new = now + renewal * (max(0.0, able - now) * taken_up - now * given_up)
                using[kind] = min(max(new, able * taken_up), max(able, now))
                everybody += people[1, kind] * using[kind]
            path[country, step] = everybody
    return path
