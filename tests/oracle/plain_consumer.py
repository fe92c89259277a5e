"""A consumer of the plain Mesa model: an object with attributes who lives month by month.

Written from the description of the model, not from the passes over columns: it shares with them the
rules of ``agents/rules`` and the address of each draw, nothing else. Numbers are rounded where the
columns round: 32-bit floats, and shares in 16 bits.
"""

from dataclasses import dataclass

import mesa

from agents.draws import uniform
from tests.oracle.plain_choice import FORGONE, Habit
from tests.oracle.plain_month import MonthWithFirm
from tests.oracle.plain_rules import (
    as_stored,
    attention,
    awareness_after,
    bond_deficit,
    grievance_after,
    gumbel,
    in_16_bits,
    leaving_logits,
    logistic,
    role_perception,
    strain,
)


@dataclass(slots=True)
class Relation:
    """What ties her to the firm of one sector."""

    firm: int
    joined: int
    grievance_word: int = 0
    attribution_word: int = 0
    role: float = 0.0
    flees: bool = False

    @property
    def attribution(self) -> float:
        """How far she believes that they only save money, 0 … 1."""
        return self.attribution_word * (1.0 / 65535.0)

    @property
    def grievance(self) -> float:
        """Her grievance, fast and slow part together, at most 1."""
        return min(1.0, self.grievance_word * (1.0 / 65535.0) + self.attribution)


@dataclass(slots=True)
class Page:
    """What neighbours can see of her: one page for last month, one for this."""

    self_served: frozenset[int] = frozenset()
    unhappy: frozenset[int] = frozenset()
    aware: bool = False


class PlainConsumer(mesa.Agent):
    """One consumer of the plain model."""

    def __init__(self, model, traits, relations, eligible):
        super().__init__(model)
        for name, value in traits.items():
            setattr(self, name, value)
        self.eligible = eligible
        self.relations = relations
        self.neighbours = []
        self.habits = [Habit() for _ in model.tasks]
        self.awareness = as_stored(0.1)
        self.felt_minutes = self.own_minutes = 0.0
        self.last, self.now, self.before = Page(), Page(), frozenset()

    # --- one month -------------------------------------------------------------------------------

    def live_a_month(self):
        """Choose and act in every sector, then tire, notice and show herself to her neighbours."""
        own, occasions, forced, months = 0.0, 0.0, 0.0, []
        for sector, relation in enumerate(self.relations):
            month = self.live_with(sector, relation)
            own += month.own
            occasions, forced = occasions + month.occasions, forced + month.forced
            firm = self.model.tally.firms[relation.firm]
            firm.business_customers += self.business
            firm.private_customers += not self.business
            firm.firm_grievance += relation.grievance
            months.append(month)
        self.tire(own, attention(self.model.behaviour.attention, self.awareness) * own)
        self.notice(forced / occasions if occasions > 0.0 else 0.0)
        self.show_herself(frozenset().union(*(month.served for month in months)))
        self.be_counted(self.model.tally.group_of(self), months)

    def live_with(self, sector, relation):
        """Choose and act in the tasks of one sector; then resent, or not, and see her role."""
        month = MonthWithFirm(self, sector, relation)
        for task in self.model.tasks_of_sector[sector]:
            if self.eligible[task.number]:
                month.live_with_task(task)
        self.model.tally.group_of(self).baseline += month.occasions
        if month.occasions > 0.0:
            self.feel(relation, month)
        return month

    def feel(self, relation, month):
        """Update grievance, attribution and role at one firm."""
        rules, occasions = self.model.behaviour, month.occasions
        hurt = min(1.0, month.hurt / occasions)
        pays = any(
            self.model.discount[relation.firm][task.number] > 0.0
            for task in self.model.tasks_of_sector[month.sector]
        )
        fast = grievance_after(
            relation.grievance_word * (1.0 / 65535.0),
            hurt,
            rules.grievance_gain,
            rules.grievance_decay,
            month.helped / occasions,
            rules.repair,
        )
        slow = grievance_after(
            relation.attribution,
            hurt * (0.5 if pays else 1.0),
            rules.attribution_gain,
            rules.attribution_decay,
            0.0,
            0.0,
        )
        relation.grievance_word, relation.attribution_word = in_16_bits(fast), in_16_bits(slow)
        relation.role = as_stored(
            role_perception(month.gain / occasions, min(1.0, fast + slow), rules.role_gain)
        )

    def tire(self, own, felt):
        """Get used to the month's work."""
        speed = self.model.behaviour.strain_speed
        self.felt_minutes = as_stored(self.felt_minutes + speed * (felt - self.felt_minutes))
        self.own_minutes = as_stored(self.own_minutes + (own - self.own_minutes) / 12.0)

    def notice(self, forced_share):
        """Notice, or forget, that she works for firms."""
        rules = self.model.behaviour
        self.awareness = as_stored(
            awareness_after(
                self.awareness,
                self.strain + min(1.0, forced_share) + self.model.moment.campaign,
                self.share_of_neighbours(lambda page: page.aware, alone=0.0),
                rules.noticing,
                rules.awareness_contagion,
                rules.awareness_fading,
            )
        )

    def show_herself(self, served):
        """Write this month's page; neighbours read last month's until everybody has written."""
        rules = self.model.behaviour
        self.recently = served | self.last.self_served | self.before
        self.before = self.last.self_served
        unhappy = {s for s, r in enumerate(self.relations) if r.grievance > rules.complaint_threshold}
        self.now = Page(served, frozenset(unhappy), self.awareness > rules.awareness_threshold)

    def turn_the_page(self):
        """Let this month become last month."""
        self.last = self.now

    def be_counted(self, group, months):
        """Be counted in her group of people."""
        sectors, given = len(self.relations), sum(month.given for month in months)
        group.people += 1
        group.adopters += bool(self.recently)
        group.domains += sum(bool(month.served) for month in months)
        group.excluded += any(habit.way == FORGONE for habit in self.habits)
        group.overloaded += not self.business and self.felt_minutes > self.comfort_minutes
        group.awareness += self.awareness
        group.grievance += sum(relation.grievance for relation in self.relations) / sectors
        group.attribution += sum(relation.attribution for relation in self.relations) / sectors
        group.role += sum(relation.role for relation in self.relations) / sectors
        group.clarity += sum(month.clarity for month in months) / max(1, sum(m.services for m in months))
        group.contributors += given > 0.0
        rung = self.model.highest_rung(self.habits[number].way for number in self.now.self_served)
        if rung > 0:
            group.book({f"rung_{rung}": 1})
        if not self.business:
            self.model.tally.count_person(self.own_minutes, given)

    # --- what she is like this month -------------------------------------------------------------

    @property
    def skill_today(self):
        """Her skill this month: birth, drift, and a programme for those below basic skill."""
        skill, basic = self.skill + self.model.moment.skill_shift, self.model.behaviour.basic_skill
        if skill < basic:
            skill = min(basic, skill + self.model.moment.programme)
        return min(1.0, max(0.0, skill))

    @property
    def strain(self):
        """How far unpaid work strains her; business clients are paid for it."""
        return 0.0 if self.business else strain(self.felt_minutes, self.comfort_minutes)

    def share_of_neighbours(self, holds, alone):
        """Return the share of neighbours on whose last page something holds; ``alone`` without any."""
        if not self.neighbours:
            return alone
        return sum(holds(neighbour.last) for neighbour in self.neighbours) / len(self.neighbours)

    def has_access_to(self, channel):
        """Return whether she has the technology that a channel needs."""
        moment = self.model.moment
        if channel.access == "internet":
            return moment.internet > self.internet_rank
        if channel.access == "mobile":
            return moment.mobile > self.mobile_rank
        return True

    def is_reached_by(self, firm, channel):
        """Return whether her firm's roll-out of a channel has come to her."""
        coverage = self.model.coverage[firm][channel.number]
        draw = self.model.moment.covered_key, self.identity, channel.number
        return coverage > 0.0 and uniform(*draw) < coverage

    def finds_closed(self, firm, counter):
        """Return whether a firm's counter where she would be served is closed."""
        closed = self.model.closed[firm][counter]
        return closed > 0.0 and uniform(self.model.moment.closed_key, self.identity, counter) < closed

    # --- staying, leaving, being replaced --------------------------------------------------------

    def stay_or_switch(self):
        """Perhaps be replaced by a newcomer; then stay with, leave or flee from each firm."""
        moment = self.model.moment
        if uniform(moment.renewal_key, self.identity, 0) < self.model.behaviour.renewal:
            self.start_anew()
        for sector, relation in enumerate(self.relations):
            if not self.model.sectors[sector].captive and (relation.flees or self.leaves(sector, relation)):
                self.move(relation, self.choose_firm(sector, relation))
            relation.flees = False

    def start_anew(self):
        """Be a newcomer of the same kind: no habits, no grievances, no tenure."""
        self.model.happened["renewed"] += 1
        self.habits = [Habit() for _ in self.habits]
        self.felt_minutes = self.own_minutes = 0.0
        self.awareness = as_stored(0.1)
        self.now, self.before = Page(), frozenset()
        for relation in self.relations:
            relation.grievance_word = relation.attribution_word = 0
            relation.role, relation.flees, relation.joined = 0.0, False, self.model.moment.month

    def leaves(self, sector, relation):
        """Return whether she leaves her firm this month."""
        rules, moment = self.model.behaviour, self.model.moment
        habits = [
            self.habits[task.number]
            for task in self.model.tasks_of_sector[sector]
            if self.eligible[task.number] and not task.contribution
        ]
        own_share = sum(habit.self_served for habit in habits) / len(habits) if habits else 0.5
        logits = rules.leave_intercept + leaving_logits(
            bond_deficit(own_share, moment.month - relation.joined, rules.bond_months),
            self.model.price[relation.firm] - self.model.mean_price[sector],
            relation.grievance,
            relation.role,
            rules.bond,
            rules.price_sensitivity,
            rules.anger,
            rules.warmth,
        )
        return uniform(moment.leave_key, self.identity, sector) < logistic(logits)

    def choose_firm(self, sector, relation):
        """Return the one she likes best of four firms she happens to look at, her own if there is none."""
        key, firms = self.model.moment.choice_key, self.model.firms_of_sector[sector]
        forgone = [
            task.counter
            for task in self.model.tasks_of_sector[sector]
            if self.habits[task.number].way == FORGONE
        ]
        liked = {}
        for look in range(4):
            address = (4 * sector + look) * 2
            firm = firms[int(uniform(key, self.identity, address) * len(firms))]
            lacks = relation.flees and any(self.finds_closed(firm, counter) for counter in forgone)
            if firm == relation.firm or lacks:
                continue
            liking = gumbel(uniform(key, self.identity, address + 1))
            liked[look] = liking - self.model.behaviour.price_choice * self.model.price[firm], -look, firm
        return max(liked.values())[2] if liked else relation.firm

    def move(self, relation, firm):
        """Become the customer of another firm: half of what she believes about firms goes with her."""
        if firm == relation.firm:
            self.model.happened["found no other firm"] += 1
            return
        self.model.happened["fled to another firm" if relation.flees else "left"] += 1
        self.model.tally.firms[relation.firm].lost += 1
        self.model.tally.group_of(self).left += 1
        relation.firm, relation.joined = firm, self.model.moment.month
        relation.grievance_word = 0
        relation.attribution_word = in_16_bits(0.5 * relation.attribution)
