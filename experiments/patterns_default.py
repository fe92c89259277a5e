"""The default economy as patterns read it: measures by month, and four things that no measure keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agents import ledger as lines

if TYPE_CHECKING:
    from model.economy import Economy

FIRST_YEAR, LAST_YEAR = 1990, 2030
MONTHS = (LAST_YEAR - FIRST_YEAR + 1) * 12
ADOPTING = 0.5
"""Share of a firm's occasions that customers serve themselves, from which it counts as an adopter."""
WATCHED_FROM, WATCHED_TO = 2000, 2020
"""Years in which leaving is watched, person by person."""
SEVERAL_TASKS = 3
"""Services of a sector from which a self-served share is more than yes or no."""


@dataclass(frozen=True)
class DefaultRun:
    """One run of the default economy; shares and hours as the measures have them."""

    seed: int
    measures: dict[str, np.ndarray]  # by name, one value per month
    groups: dict[tuple[str, str, str], np.ndarray]
    labour: dict[int, float]  # labour per unit of adopting firms, by year
    heavy_hours: dict[int, float]  # h per year at the 99th percentile of people, by year
    leaving_slopes: tuple[float, float]  # of leaving over the self-served share, at none and at all

    def months_of(self, year: int, months: int = 12) -> slice:
        """Return the first months of a year."""
        first = (year - FIRST_YEAR) * 12
        return slice(first, first + months)


def default_run(seed: int, consumers: int) -> DefaultRun:
    """Run the default economy once and read everything that patterns need."""
    from model.economy import Economy

    economy = Economy(consumers=consumers, start=f"{FIRST_YEAR}-01", months=MONTHS, rng=seed)
    watch = _Watch(economy)
    values: list[list[float]] = []
    groups: list[np.ndarray] = []
    labour: dict[int, float] = {}
    hours: dict[int, float] = {}
    for month in range(MONTHS):
        year = FIRST_YEAR + month // 12
        watched = WATCHED_FROM <= year < WATCHED_TO
        if watched:
            watch.before()
        economy.step()
        if watched:
            watch.after()
        values.append(list(economy.measures.values()))
        grouped = economy.grouped_measures()
        groups.append(grouped.values)
        if month % 12 == 11:
            labour[year], hours[year] = labour_of_adopters(economy), heavy_hours(economy)
    table, by_group = np.array(values).T, np.array(groups).T
    return DefaultRun(
        seed=seed,
        measures=dict(zip(economy.measures, table, strict=True)),
        groups=dict(zip(grouped.keys, by_group, strict=True)),
        labour=labour,
        heavy_hours=hours,
        leaving_slopes=watch.slopes(),
    )


def empty_run() -> DefaultRun:
    """Return a run of no length that has every series, to ask for their names before anything long runs."""
    from model.economy import Economy

    economy = Economy(consumers=50, start=f"{LAST_YEAR}-01", months=1)
    economy.step()
    measures = dict.fromkeys(economy.measures, np.zeros(0))
    return DefaultRun(
        0, measures, dict.fromkeys(economy.grouped_measures().keys, np.zeros(0)), {}, {}, (0.0, 0.0)
    )


def labour_of_adopters(economy: Economy) -> float:
    """Return labour / labour had all been staffed, of firms that are mostly self-served; NaN without any."""
    snapshot = economy.snapshot()
    firms = len(snapshot.firm_sector)
    pairs, firm = snapshot.pairs, snapshot.accounts.pair_firm
    kept = np.bincount(firm, pairs[:, lines.SELF_SERVED] - pairs[:, lines.INDUCED], minlength=firms)
    baseline = np.bincount(firm, pairs[:, lines.BASELINE], minlength=firms)
    adopting = kept > ADOPTING * baseline
    now, before = snapshot.labour_by_firm
    return float(now[adopting].sum() / before[adopting].sum()) if adopting.any() else float("nan")


def heavy_hours(economy: Economy) -> float:
    """Return the unpaid hours per year that one private person in a hundred exceeds."""
    columns = economy.consumers.columns
    return float(np.quantile(columns.own_minutes[columns.business == 0], 0.99) * 12.0 / 60.0)


class _Watch:
    """Who leaves her firm, over the share of its services that she serves herself."""

    def __init__(self, economy: Economy) -> None:
        self._columns = economy.consumers.columns
        work = economy.work
        services = [np.flatnonzero((work.sector == s) & ~work.contribution) for s in range(len(work.captive))]
        self._tasks = {
            sector: tasks
            for sector, tasks in enumerate(services)
            if len(tasks) >= SEVERAL_TASKS and not work.captive[sector]
        }
        self._share: dict[int, np.ndarray] = {}
        self._firm = np.zeros(0)
        self._moments: dict[int, Any] = {sector: np.zeros((3, 3)) for sector in self._tasks}
        self._leavers: dict[int, Any] = {sector: np.zeros(3) for sector in self._tasks}

    def before(self) -> None:
        """Remember firms, and the self-served share of every person and sector."""
        columns = self._columns
        self._firm = columns.firm.copy()
        for sector, tasks in self._tasks.items():
            own = (columns.use[:, tasks] > 0) & (columns.use[:, tasks] < 200)
            eligible = (columns.eligible[:, None] >> tasks.astype(np.uint32)) & 1 == 1
            counts = np.maximum(eligible.sum(axis=1), 1)
            self._share[sector] = (own & eligible).sum(axis=1) / counts

    def after(self) -> None:
        """Add the month's leavers to the moments of a quadratic regression by sector."""
        for sector, share in self._share.items():
            left = self._columns.firm[:, sector] != self._firm[:, sector]
            terms = np.stack([np.ones_like(share), share, share**2])
            self._moments[sector] += terms @ terms.T
            self._leavers[sector] += terms @ left

    def slopes(self) -> tuple[float, float]:
        """Return the slope of leaving (per year) at no self-service and at full self-service.

        A quadratic over the self-served share, with an intercept per sector; a U falls, then rises.
        """
        sectors = list(self._tasks)
        size = len(sectors) + 2
        matrix, target = np.zeros((size, size)), np.zeros(size)
        for place, sector in enumerate(sectors):
            moments, leavers = self._moments[sector], self._leavers[sector]
            rows = [place, size - 2, size - 1]
            matrix[np.ix_(rows, rows)] += moments
            target[rows] += leavers
        *_, linear, square = np.linalg.solve(matrix, target)
        return 12.0 * float(linear), 12.0 * float(linear + 2.0 * square)
