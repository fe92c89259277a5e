"""The economy: a Mesa model in which firms hand work to consumers, month by month."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import mesa
import numpy as np
from mesa.agentset import AgentSet

from agents.columns import Moment, behaviour_of, firm_rules_of
from agents.consumer import Consumer
from agents.demography import mean_value_of_time, traits_of
from agents.draws import decision_key
from agents.firm import Firm
from agents.own_rule import OwnRule
from agents.population import Names, Population
from agents.worth import Scene
from model import founding, market
from model.accounting import Accounts, imbalances
from model.arguments import checked_horizon, checked_seed, checked_threads, parameters_of, year_of
from model.measures import MEASURES
from model.measuring import Grouped, grouped, measured
from model.network import build_network
from model.parameters import Parameters
from model.policy import Policy, cash_counters
from model.snapshot import EconomyNames, Snapshot, Standing
from model.tasks import Catalogue
from model.technology import Drivers, Technology
from model.work import counter_names, scaled, work_of

BURN_IN = 60  # months that are run before month 0 and not stored


class Collector(mesa.DataCollector):
    """Mesa's data collector, which takes a month's measures as they are instead of asking for each."""

    def collect(self, model: "Economy") -> None:
        """Note the measures of the month; whatever else was asked for, as Mesa does."""
        if self.model_reporters.keys() != model.measures.keys() or self.agent_reporters:
            super().collect(model)
            return
        self._collection_steps.append(model.time)
        for name, value in model.measures.items():
            self.model_vars[name].append(value)


class Economy(mesa.Model):
    """Firms that decide what to externalise, and consumers who decide whether to accept it.

    Parameters
    ----------
    parameters : mapping of dotted names, a :class:`Parameters` object, or None for the defaults.
    consumers : private and business clients together; wins over ``population.consumers``.
    start : month 0, as "1990-01".
    months : horizon; ``running`` turns False there.
    rng : seed of the replication, a whole number; None draws one, kept in ``economy.seed``.
    catalogue : tasks and sectors; the package's own by default.
    drivers : observed access and wages; smooth built-in curves by default.
    threads : that share the work; results do not depend on them.
    on_burn_in : called with the number of finished months of the burn-in.
    policies : own rules, each called with the economy once a month, before firms review.
    consumer_rule : an own rule for consumers, called with a consumer and the name of a task whenever she
        looks at it; returns a way of doing it, or None for the model's rule (slow: agents/own_rule.py).
    dotted_parameters : single parameters, dots written as double underscores.

    Examples
    --------
    >>> economy = Economy(consumers=200, months=12, economy__sectors="bank", rng=1)
    >>> while economy.running:
    ...     economy.step()
    >>> len(economy.consumers), len(economy.datacollector.get_model_vars_dataframe())
    (200, 12)
    """

    def __init__(
        self,
        parameters: Parameters | Mapping[str, Any] | None = None,
        *,
        consumers: int | None = None,
        start: str = "1990-01",
        months: int = 480,
        rng: Any = 1,
        catalogue: Catalogue | None = None,
        drivers: Drivers | None = None,
        threads: int = 1,
        on_burn_in: Callable[[int], None] | None = None,
        policies: Sequence[Callable[["Economy"], None]] = (),
        consumer_rule: OwnRule | None = None,
        **dotted_parameters: Any,
    ) -> None:
        super().__init__(rng=checked_seed(rng))
        # a whole number is the seed; from what else Mesa takes, None included, one is drawn
        self.seed = int(rng) if isinstance(rng, int | np.integer) else int(self.rng.integers(2**31))
        self.parameters = parameters_of(parameters, consumers, dotted_parameters, catalogue)
        self.start, self.months = start, checked_horizon(months)
        self._start_year = year_of(start)
        self.month = -BURN_IN
        self.catalogue = self.parameters.selected(catalogue)
        self.work = scaled(work_of(self.catalogue), self.parameters)
        self.names = _names(self.catalogue)
        self.technology = Technology(self.parameters, drivers)
        cash = cash_counters(self.names.tasks, self.work.counter)
        self.policy = Policy(self.parameters.policy, cash, policies)
        self.mark_up = np.array([sector.mark_up for sector in self.catalogue.sectors])[self.work.firm_sector]
        self.technology.advance(self.year)
        self._lasting = self._for_all_months()
        self._found_firms()
        self._settle_consumers(checked_threads(threads))
        self._population.rule = consumer_rule
        self.staff_at_start = founding.open_books(self)
        self._standing = Standing(self)
        self.datacollector = Collector(
            model_reporters={name: partial(_measure_of, name=name) for name in MEASURES}
        )
        self.measures: dict[str, float] = {}
        self._snapshot: Snapshot | None = None
        self._burn_in(on_burn_in)

    @property
    def year(self) -> float:
        """The current month as a year with fraction."""
        return self._start_year + self.month / 12.0

    @property
    def firms(self) -> AgentSet:
        """All firms, an ordinary AgentSet."""
        return self._firms

    @property
    def consumers(self) -> Population:
        """All consumers: columns inside, AgentSet verbs outside."""
        return self._population

    def firms_founded(self) -> int:
        """Return how many firms there are so far."""
        return len(self._firm_rows)

    def firm_at(self, row: int) -> Firm:
        """Return the firm of a row."""
        return self._firm_rows[row]

    def step(self) -> None:
        """Advance one month and collect its measures; the month itself is ``live_a_month``."""
        self.live_a_month()
        self.measures = measured(self.snapshot())
        self.datacollector.collect(self)
        self.running = self.month < self.months

    def live_a_month(self) -> None:
        """Live through a month; the order below is section 3 of the ODD."""
        self.technology.advance(self.year)
        self.policy.apply(self)
        self.firms_due_for_review().do("revise_service_modes")
        market.roll_out(self)
        self.begin_month()
        self.consumers.choose_and_act(self.offers, self.moment, self.rivals_open())
        self.ledger = self.consumers.stay_or_switch(self.offers, self.moment, self._mean_prices())
        self.books = self.accounts.close(self, self.ledger)
        market.adapt_capacity(self, self.books)
        market.update_firms(self, self.books, self.ledger)
        self.month += 1
        self._snapshot = None

    def _burn_in(self, on_month: Callable[[int], None] | None) -> None:
        for done in range(BURN_IN):
            self.live_a_month()
            if on_month:
                on_month(done + 1)

    def firms_due_for_review(self) -> AgentSet:
        """Return the firms whose month of review it is; reviews see last month's rivals."""
        coverage, outlook = self.offers.coverage, market.outlook(self)
        self.scene = Scene(self.firm_columns, coverage, self.work, self.firm_rules, outlook)
        return self._reviewers[self.month % 12]

    def snapshot(self) -> Snapshot:
        """Return the last closed month as measures see it."""
        if self._snapshot is None:
            self._snapshot = Snapshot(self, self.ledger, self.books, self._standing)
        return self._snapshot

    def grouped_measures(self) -> Grouped:
        """Return the last closed month's measures by task, channel, sector, mode and group of people."""
        return grouped(self.snapshot())

    def imbalances(self) -> dict[str, float]:
        """Return by how much each account fails to close, relative to its baseline."""
        return imbalances(self.books, self.ledger, self.accounts, self.work)

    def modes(self) -> np.ndarray:
        """Return the service mode of every firm (rows) and task (columns)."""
        return market.modes(self)

    def rivals_open(self) -> np.ndarray:
        """Return for each firm and kind of premises the open share of its rivals' counters."""
        shares = np.empty(self.offers.closed.shape)
        market.note_open_share_of_rivals(shares, self.offers.closed, self.work)
        return shares

    def rollbacks_in(self, month: int) -> np.ndarray:
        """Return the moves back towards staff in a month, by firm."""
        return np.array([firm.rollbacks_in(month) for firm in self._firm_rows], dtype=float)

    def tasks_of_firm(self, row: int) -> range:
        """Return the tasks of a firm's sector."""
        return self._firm_rows[row].tasks

    def begin_month(self) -> None:
        """Set what is the same for everyone this month."""
        seed, month, technology = self.seed, self.month, self.technology
        country = self.parameters.country
        self.moment = Moment(
            month=month,
            epoch_shift=_EPOCH_SHIFT,
            **self._lasting,
            leave_key=decision_key(seed, "leave", month),
            choice_key=decision_key(seed, "choose_firm", month),
            renewal_key=decision_key(seed, "renewal", month),
            internet=technology.internet,
            mobile=technology.mobile,
            skill_shift=technology.skill_shift(),
            programme=self.policy.programme,
            minutes_factor=technology.minutes_factor(),
            campaign=self.policy.campaign,
            country_logits=country.level + country.trend * (self.year - 2010.0),
        )

    def _for_all_months(self) -> dict[str, Any]:
        """Return what is the same for everyone in every month."""
        seed, tasks = self.seed, np.arange(len(self.work.sector))
        return {
            "clock": (5 * tasks) % self.parameters.consumer.reconsideration_months,
            "taste_key": decision_key(seed, "taste"),
            "covered_key": decision_key(seed, "covered"),
            "closed_key": decision_key(seed, "closed"),
            "mean_value_of_time": mean_value_of_time(self.parameters.population),
        }

    def _mean_prices(self) -> np.ndarray:
        return np.bincount(self.work.firm_sector, self.firm_columns.price) / self.work.n_firms

    def _found_firms(self) -> None:
        """Found firms as they are in the year before everything starts: 1985 for a start in 1990."""
        work, sectors = self.work, self.catalogue.sectors
        wage = np.array([sector.wage for sector in sectors])
        other = np.array([sector.other_cost for sector in sectors])
        self.firm_rules = firm_rules_of(self.parameters.firm)
        self.accounts = Accounts(work, self.parameters, other, wage)
        self.firm_columns = founding.columns_of_firms(
            work, self.parameters.firm, self.accounts.wage, self.mark_up
        )
        firms = len(work.firm_sector)
        self.market_notes = np.zeros(firms), np.zeros(firms)
        self.offers = founding.first_offers(work, self.firm_columns)
        founding.install_first_machines(self)
        self._firm_rows: list[Firm] = []
        for row in range(firms):  # a firm asks how many there are
            self._firm_rows.append(Firm(self, row))
        self._firms = AgentSet(self._firm_rows, random=self.random)
        self._reviewers = [
            AgentSet([firm for firm in self._firm_rows if firm.reviews_in(month)], random=self.random)
            for month in range(12)
        ]

    def _settle_consumers(self, threads: int) -> None:
        """Let consumers be born, meet their neighbours and become customers."""
        parameters = self.parameters
        people, ties = parameters.population.consumers, parameters.network
        traits = traits_of(
            people, self.seed, parameters.population, comfort_hours=parameters.consumer.comfort_hours
        )
        names = Names(self.names.sectors, self.names.tasks, self.names.channels)
        behaviour = behaviour_of(parameters.consumer)
        self._population = Population(
            self, traits, self.work, behaviour, names=names, seed=self.seed, threads=threads
        )
        network = build_network(ties.family, people, ties.degree, ties.rewiring, self.seed)
        self._population.meet(network.neighbours, network.degree)
        self._population.join(*founding.first_firms(self))
        self._agents_by_type[Consumer] = self._population


_EPOCH_SHIFT = 240_000  # months; keeps epochs and clocks counted in whole numbers from any start


def _names(catalogue: Catalogue) -> EconomyNames:
    channels = tuple(f"{task.name}.{channel.name}" for task in catalogue.tasks for channel in task.channels)
    return EconomyNames(
        sectors=tuple(sector.name for sector in catalogue.sectors),
        tasks=tuple(task.name for task in catalogue.tasks),
        channels=channels,
        counters=counter_names(catalogue),
    )


def _measure_of(economy: Economy, name: str) -> float:
    return economy.measures[name]
