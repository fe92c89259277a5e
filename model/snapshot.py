"""A month as measures see it: the ledger, the books and the firms, with a few sums taken once."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from agents import ledger as lines
from agents.columns import MODES, FirmColumns
from agents.ledger import Sums
from model.closing import Books

Breakdown = tuple[str, str, tuple[str, ...], np.ndarray]


class EconomyNames(NamedTuple):
    """What the rows of an economy are called."""

    sectors: tuple[str, ...]
    tasks: tuple[str, ...]
    channels: tuple[str, ...]
    counters: tuple[str, ...]


def divided(part: np.ndarray, whole: np.ndarray | float) -> np.ndarray:
    """Return part / whole, NaN where there is no whole."""
    whole = np.broadcast_to(np.asarray(whole, dtype=float), np.shape(part))
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0.0)


class Standing:
    """What the measures of every month need and no month changes; made once for an economy."""

    def __init__(self, economy: Any) -> None:
        work, accounts, names = economy.work, economy.accounts, economy.names
        self.names: EconomyNames = names
        self.work, self.accounts = work, accounts
        self.sectors = len(names.sectors)
        self.competitive_sectors = int((~work.captive).sum())
        own = work.sector[None, :] == work.firm_sector[:, None]
        self.own_services = own & ~work.contribution[None, :]  # (F, K)
        self.n_services = max(int(self.own_services.sum()), 1)
        self.own_counters = work.counter_sector[None, :] == work.firm_sector[:, None]  # (F, G)
        self.sector_of_task = (np.arange(self.sectors)[:, None] == work.sector[None, :]).astype(float)
        self.contribution_of_pair = work.contribution[accounts.pair_task]
        self.minutes_of_pair = work.employee_minutes[accounts.pair_task]
        other = np.array([sector.other_labour_share for sector in economy.catalogue.sectors])
        self.other_labour_share = np.minimum(0.99, other)[work.firm_sector]
        places = accounts.pair_task[:, None] * lines.PAIR_LINES + np.arange(lines.PAIR_LINES)
        self.place_of_line = places.ravel()  # of a pair's lines among the lines by task
        self.replacement_cost = economy.parameters.policy.replacement_cost
        self.utilisation = economy.parameters.firm.utilisation
        #: Keys of measures by group, by the names that were asked for; None for all.
        self.keys_of_groups: dict[frozenset[str] | None, tuple[tuple[str, str, str], ...]] = {}


class Snapshot:
    """One closed month of an economy, for measures only."""

    def __init__(self, economy: Any, ledger: Sums, books: Books, standing: Standing) -> None:
        self.ledger, self.books, self.standing = ledger, books, standing
        self.of_groups: dict[str, np.ndarray] = {}  # measures of people by group, once worked out
        self._totals: dict[str, float] = {}
        self.names, self.sectors = standing.names, standing.sectors
        self.work, self.accounts = standing.work, standing.accounts
        self.replacement_cost, self.utilisation = standing.replacement_cost, standing.utilisation
        self.firms: FirmColumns = economy.firm_columns
        self.offers = economy.offers
        self.price_level = economy.technology.price_level
        self.cells, self.pairs = ledger.cells, ledger.pairs
        self.minutes, self.contributions = ledger.minutes, ledger.contributions
        self.firm_sector = self.work.firm_sector
        self._economy, self._month = economy, economy.month - 1

    def total(self, name: str) -> float:
        """Return the sum of a line of the books over firms, added up once a month."""
        if name not in self._totals:
            self._totals[name] = float(getattr(self.books, name).sum())
        return self._totals[name]

    @cached_property
    def modes(self) -> np.ndarray:
        """Service mode of every firm (rows) and task (columns)."""
        return self._economy.modes()

    @cached_property
    def rollbacks(self) -> np.ndarray:
        """Moves back towards staff this month, by firm."""
        return self._economy.rollbacks_in(self._month)

    @cached_property
    def private(self) -> np.ndarray:
        """Sums over private people, (CELL_LINES,)."""
        return self.cells[: lines.BUSINESS_CELL].sum(axis=0)

    @cached_property
    def private_tasks(self) -> np.ndarray:
        """Sums over private people by task, (K, PAIR_LINES)."""
        shape = len(self.work.sector), lines.PAIR_LINES
        lines_of_pairs, places = self.ledger.private_pairs.ravel(), self.standing.place_of_line
        return np.bincount(places, lines_of_pairs, minlength=shape[0] * shape[1]).reshape(shape)

    @cached_property
    def private_users(self) -> np.ndarray:
        """Private people by task, (K, TASK_LINES)."""
        return self.ledger.tasks[: lines.BUSINESS_CELL].sum(axis=0)

    @cached_property
    def heads(self) -> float:
        """Consumers, private and business."""
        return float(self.cells[:, lines.PEOPLE].sum())

    @cached_property
    def own_minutes(self) -> float:
        """Own minutes of all customers this month."""
        return float(self.cells[:, lines.CELL_OWN_MINUTES].sum())

    @cached_property
    def labour_by_firm(self) -> tuple[np.ndarray, np.ndarray]:
        """Staff minutes by firm now, and had all been staffed; other labour included."""
        before = np.bincount(self.accounts.pair_firm, self._baseline_minutes, minlength=len(self.firm_sector))
        share = self.standing.other_labour_share
        other = before * share / (1.0 - share)
        return self.books.performed_minutes + other, before + other

    @cached_property
    def _baseline_minutes(self) -> np.ndarray:
        return self.standing.minutes_of_pair * self.pairs[:, lines.BASELINE]

    @property
    def realised_saving(self) -> np.ndarray:
        """Saving by firm-task pair, EUR per month, smoothed."""
        return self.firms.saving[self.accounts.pair_firm, self.accounts.pair_task]

    @cached_property
    def baseline_staff_minutes(self) -> float:
        """Paid minutes that the same occasions would take had all been staffed."""
        return float(self._baseline_minutes.sum() / self.utilisation)

    @cached_property
    def mode_shares(self) -> np.ndarray:
        """Share of firms' own service tasks in each mode."""
        modes = self.modes[self.standing.own_services]
        return np.bincount(modes, minlength=len(MODES)) / self.standing.n_services

    def benefit_and_cost(self, contribution: bool) -> tuple[float, float]:
        """Return benefit and technology cost of contributions, or of services, EUR per month."""
        kind = self.standing.contribution_of_pair == contribution
        cost = self.books.pair_technology[kind].sum()
        return float(self.books.pair_saving[kind].sum() + cost), float(cost)

    @property
    def closed(self) -> np.ndarray:
        """Share of closed counters by firm and kind of premises, (F, G)."""
        return self.offers.closed

    @cached_property
    def customers_at_counter(self) -> np.ndarray:
        """Customers by firm and kind of premises, 0 where the firm is of another sector, (F, G)."""
        return self.standing.own_counters * self.books.customers[:, None]

    @property
    def rollbacks_per_firm(self) -> float:
        """Moves back towards staff this month, per firm."""
        return float(self.rollbacks.mean())

    def breakdowns(self) -> Iterator[Breakdown]:
        """Yield measures that exist only by group, as (measure, dimension, groups, values)."""
        sectors, books = self.names.sectors, self.books
        customers = self._by_sector(books.customers)
        for name in ("pressure", "margin"):
            yield (
                name,
                "sector",
                sectors,
                divided(self._by_sector(getattr(self.firms, name) * books.customers), customers),
            )
        now, before = self.labour_by_firm
        labour = divided(self._by_sector(now), self._by_sector(before))
        yield "labour_per_unit", "sector", sectors, labour
        yield (
            "price_index",
            "sector",
            sectors,
            divided(self._by_sector(books.revenue), self._by_sector(books.baseline_revenue)),
        )
        yield (
            "saving_share",
            "sector",
            sectors,
            divided(self._by_sector(books.saving), self._by_sector(books.baseline_cost)),
        )
        closed = np.array([self._closed_of_sector(row) for row in range(self.sectors)])
        yield "closed_share", "sector", sectors, closed
        lost = self._by_sector(self.ledger.firms[:, lines.LOST])
        heads = self._by_sector(
            self.ledger.firms[:, [lines.PRIVATE_CUSTOMERS, lines.BUSINESS_CUSTOMERS]].sum(axis=1)
        )
        yield "churn_rate", "sector", sectors, 12.0 * divided(lost, heads)
        yield "rollbacks", "sector", sectors, 12.0 * self._by_sector(self.rollbacks) / self.work.n_firms
        shares = divided(books.customers, customers[self.firm_sector])
        yield "hhi", "sector", sectors, self._by_sector(shares**2)
        users = divided(self.private_users[:, lines.USERS], self.private[lines.PEOPLE])
        yield "user_share", "task", self.names.tasks, users
        yield self._modes_as_breakdown()
        yield from self._channels_as_breakdowns()

    def _by_sector(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.firm_sector, values, minlength=self.sectors)

    def _closed_of_sector(self, sector: int) -> float:
        counters = np.flatnonzero(self.work.counter_sector == sector)
        weight = self.customers_at_counter[:, counters]
        return float((self.closed[:, counters] * weight).sum() / max(weight.sum(), 1e-12))

    def _modes_as_breakdown(self) -> Breakdown:
        return "mode_share", "mode", MODES, self.mode_shares

    def _channels_as_breakdowns(self) -> Iterator[Breakdown]:
        work = self.work
        baseline = np.bincount(
            self.accounts.pair_task, self.pairs[:, lines.BASELINE], minlength=len(work.sector)
        )
        kept = self.used_by_channel / (1.0 + work.rebound[work.channel_task])
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(
                work.contribution[work.channel_task], np.nan, kept / baseline[work.channel_task]
            )
        yield "self_service_share", "channel", self.names.channels, shares
        yield "offered_share", "channel", self.names.channels, self.coverage_by_channel

    @cached_property
    def used_by_channel(self) -> np.ndarray:
        """Self-served occasions this month by channel, (C,)."""
        return np.bincount(self.accounts.channel, self.ledger.channels, minlength=len(self.work.channel_task))

    @cached_property
    def coverage_by_channel(self) -> np.ndarray:
        """Share of customers whom a channel has reached, (C,)."""
        channels, weight = self.accounts.channel, self.books.customers[self.accounts.channel_firm]
        coverage = self.offers.coverage[self.accounts.channel_firm, channels]
        return np.bincount(channels, coverage * weight) / np.maximum(np.bincount(channels, weight), 1e-12)

    def channel_coverage(self, name: str) -> float:
        """Return the share of customers whom a channel has reached, by its name ``task.channel``."""
        return float(self.coverage_by_channel[self.names.channels.index(name)])

    def channel_mix(self, name: str) -> float:
        """Return a channel's share of its task's self-served occasions."""
        row = self.names.channels.index(name)
        siblings = self.work.channel_task == self.work.channel_task[row]
        return float(self.used_by_channel[row] / max(self.used_by_channel[siblings].sum(), 1e-12))
