"""Shapley values of a full factorial: what each mechanism contributes, over all orders of switching them on.

The value of a mechanism is its marginal contribution, averaged over all orders in which mechanisms may join;
the values add up to the difference between all acting and none (Shapley 1953; Shorrocks 2013).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial

Coalition = frozenset[str]


def shapley_values(players: Sequence[str], worth: Mapping[Coalition, float]) -> dict[str, float]:
    """Return every player's Shapley value.

    Parameters
    ----------
    players : the mechanisms.
    worth : the outcome with exactly these mechanisms acting, for every subset of the players.

    Raises
    ------
    ValueError
        Where the worth of a subset is missing.

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games 2, 307–317.

    Examples
    --------
    Two gloves make a pair; one player has a left one, two have a right one each:

    >>> pair = lambda own: float("left" in own and bool(own & {"right", "other right"}))
    >>> names = ["left", "right", "other right"]
    >>> values = shapley_values(names, {own: pair(own) for own in coalitions(names)})
    >>> {name: round(value, 4) for name, value in values.items()}
    {'left': 0.6667, 'right': 0.1667, 'other right': 0.1667}
    """
    missing = [own for own in coalitions(players) if own not in worth]
    if missing:
        named = ", ".join(sorted(missing[0])) or "none of them"
        raise ValueError(f"{len(missing)} of {2 ** len(players)} combinations are missing, such as {named}")
    return {player: _value_of(player, players, worth) for player in players}


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """Return every subset of the players, the empty one first."""
    return [frozenset(own) for size in range(len(players) + 1) for own in combinations(players, size)]


def _value_of(player: str, players: Sequence[str], worth: Mapping[Coalition, float]) -> float:
    others = [other for other in players if other != player]
    n = len(players)
    return sum(
        factorial(len(own))
        * factorial(n - len(own) - 1)
        / factorial(n)
        * (worth[own | {player}] - worth[own])
        for own in coalitions(others)
    )


def alone(player: str, worth: Mapping[Coalition, float]) -> float:
    """Return what a player contributes where nobody else does."""
    return worth[frozenset({player})] - worth[frozenset()]


def last(player: str, players: Sequence[str], worth: Mapping[Coalition, float]) -> float:
    """Return what is missing when a player alone is knocked out."""
    return worth[frozenset(players)] - worth[frozenset(players) - {player}]
