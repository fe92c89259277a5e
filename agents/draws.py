"""Addressed random draws: luck belongs to a decision, a month and a person, not to an order.

A draw is a hash of its address (seed, decision, month, first index, second index). Adding a
consumer, a thread or a policy therefore changes nobody else's luck, and two policies with the same
seed share theirs.

References
----------
Steele, G. L., Lea, D., & Flood, C. H. (2014). Fast splittable pseudorandom number generators
(SplitMix64, the finaliser used here). OOPSLA 2014.
"""

import hashlib
import math

import numpy as np

from agents.rules.compiled import array_rule, rule

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ROW = np.uint64(0xD6E8FEB86659FD93)
_COLUMN = np.uint64(0xA0761D6478BD642F)
_WORDS = 4503599627370496.0  # 2⁵²: with a half added, all 53 bits of a double's mantissa are used


@rule
def mix(word: np.uint64) -> np.uint64:
    """Return the SplitMix64 finaliser of a 64-bit word."""
    word = (word ^ (word >> np.uint64(30))) * _FIRST
    word = (word ^ (word >> np.uint64(27))) * _SECOND
    return word ^ (word >> np.uint64(31))


@rule
def word(key: np.uint64, row: int, column: int) -> np.uint64:
    """Return the draw at an address as one of 2⁵² whole numbers; arguments as in :func:`uniform`."""
    mixed = mix(key + np.uint64(row) * _ROW + np.uint64(column) * _COLUMN + _GOLDEN)
    return mixed >> np.uint64(12)


@rule
def words_below(share: float) -> np.uint64:
    """Return how many of the whole numbers of :func:`word` belong to draws below a share.

    Examples
    --------
    >>> int(words_below(0.0)), int(words_below(0.25)) == 2**50, int(words_below(1.0)) == 2**52
    (0, True, True)
    """
    return np.uint64(min(_WORDS, max(0.0, math.ceil(share * _WORDS - 0.5))))


@rule
def uniform(key: np.uint64, row: int, column: int) -> float:
    """Return the uniform draw in (0, 1) at an address.

    Parameters
    ----------
    key : of the decision and month, from :func:`decision_key`.
    row, column : whole numbers ≥ 0, by custom consumer (or firm) and task.

    Returns
    -------
    A float64 strictly between 0 and 1.
    """
    return (np.float64(word(key, row, column)) + 0.5) / _WORDS


@rule
def scatter(identity: int) -> int:
    """Return a whole number ≥ 0 that staggers a consumer's clocks, whatever their periods.

    Examples
    --------
    >>> len({scatter(identity) % 7 for identity in range(0, 700, 7)})
    7
    """
    return np.int64(mix(np.uint64(identity) + _GOLDEN) >> np.uint64(33))  # type: ignore[return-value]


def decision_key(seed: int, decision: str, month: int = 0) -> np.uint64:
    """Return the key that addresses all draws of one decision in one month.

    Parameters
    ----------
    seed : whole number of the replication, any size.
    decision : name of the decision, such as ``"choose_channel"``.
    month : months since the economy's first stored month; negative in the burn-in.

    Returns
    -------
    A 64-bit key for :func:`uniform`.

    Examples
    --------
    >>> first = decision_key(1, "choose_channel", 0)
    >>> bool(first == decision_key(1, "choose_channel", 0)), bool(first == decision_key(1, "leave", 0))
    (True, False)
    """
    address = f"{seed}|{decision}|{month}".encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(address, digest_size=8).digest(), "little"))


@array_rule
def uniforms(key: np.uint64, rows: int, column: int) -> np.ndarray:
    """Return one draw in (0, 1) for each row 0 … rows − 1, as a float64 array."""
    draws = np.empty(rows)
    for row in range(rows):
        draws[row] = uniform(key, row, column)
    return draws
