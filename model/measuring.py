"""Measuring a month: every measure of ``measures.py``, and those of people also by group of people."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from agents import ledger as lines
from model.measures import MEASURES, Values, shares_of, users_of
from model.people_groups import MEMBERS, PEOPLE_GROUPS
from model.snapshot import Breakdown, Snapshot

_PRIVATE = PEOPLE_GROUPS.index(("segment", "private"))
_SHARES = {measure.name: measure.of_people for measure in MEASURES.values() if measure.of_people is not None}
_USERS = {measure.name: measure.of_users for measure in MEASURES.values() if measure.of_users is not None}
_OF_PEOPLE = {*_SHARES, *_USERS}
_WHOLE = {measure.name: measure.of for measure in MEASURES.values() if measure.of is not None}


def _of_groups(month: Snapshot, name: str) -> Values | None:
    """Return a measure of people by group, in the order of ``PEOPLE_GROUPS``; worked out once a month."""
    if name not in _OF_PEOPLE:
        return None
    if not month.of_groups:
        sums = MEMBERS @ month.cells
        month.of_groups.update(zip(_SHARES, shares_of(sums, tuple(_SHARES.values())).T, strict=True))
        for other, users in _USERS.items():
            month.of_groups[other] = users_of(month, *users, sums[:, lines.PEOPLE])
    return month.of_groups[name]


def measured(month: Snapshot, names: Iterable[str] = tuple(MEASURES)) -> dict[str, float]:
    """Return measures of a month for the whole economy, all by default; NaN where one is undefined."""
    return {
        name: float(_of_groups(month, name)[_PRIVATE]) if name in _OF_PEOPLE else _WHOLE[name](month)  # type: ignore[index]
        for name in names
    }


class Grouped(NamedTuple):
    """Measures by group: keys (measure, dimension, group) and their values."""

    keys: tuple[tuple[str, str, str], ...]
    values: np.ndarray


def grouped(month: Snapshot, only: Iterable[str] | None = None) -> Grouped:
    """Return measures by task, channel, sector, mode, age, education, income and segment.

    Parameters
    ----------
    month : the closed month.
    only : names of measures; by default all, and the shares that exist by group alone.
    """
    wanted = None if only is None else frozenset(only)
    values: list[np.ndarray] = []
    everyone = month.private[lines.PEOPLE]
    tasks_and_sectors = np.concatenate(
        [month.private_tasks, month.standing.sector_of_task @ month.private_tasks]
    )
    for name, measure in MEASURES.items():
        if wanted is not None and name not in wanted:
            continue
        groups = _of_groups(month, name)
        if groups is not None:
            values.append(groups)
        if measure.of_tasks is not None:
            values.append(measure.of_tasks(tasks_and_sectors, everyone))
    parts = [part for part in month.breakdowns() if wanted is None or part[0] in wanted]
    values += [np.asarray(numbers, dtype=float) for *_, numbers in parts]
    keys = month.standing.keys_of_groups
    if wanted not in keys:
        keys[wanted] = tuple(_keys(month, wanted, parts))
    return Grouped(keys[wanted], np.concatenate(values) if values else np.empty(0))


def _keys(
    month: Snapshot, wanted: frozenset[str] | None, parts: Iterable[Breakdown]
) -> Iterator[tuple[str, str, str]]:
    """Yield the keys of measures by group, in the order of their values."""
    for name, measure in MEASURES.items():
        if wanted is not None and name not in wanted:
            continue
        if name in _OF_PEOPLE:
            yield from ((name, *group) for group in PEOPLE_GROUPS)
        if measure.of_tasks is not None:
            yield from ((name, "task", task) for task in month.names.tasks)
            yield from ((name, "sector", sector) for sector in month.names.sectors)
    for name, dimension, members, _ in parts:
        yield from ((name, dimension, member) for member in members)
