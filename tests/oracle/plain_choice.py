"""How a plain consumer makes up her mind about a task: what each way is worth to her, which she takes."""

from dataclasses import dataclass

from agents.draws import scatter, uniform
from tests.oracle.plain_rules import (
    ability_term,
    attention,
    contact_term,
    gumbel,
    intensity,
    ladder_term,
    motive_term,
    own_minutes,
    peer_term,
    risk_term,
    standard_normal,
    switching_utility,
    time_advantage,
    time_weight,
    trust_after_attribution,
    usefulness,
)

COUNTER, HELPED, FORGONE = "counter", "helped", "forgone"
# What a taste is for; the address of its draw depends on it.
_SERVED, _HERSELF, _FLEEING, _FORGOING, _HELP = 0, 1, 3, 4, 5


@dataclass(slots=True)
class Habit:
    """How she does one task at present, and why."""

    way: str | int = COUNTER  # or helped, forgone, or the number of a channel
    tipped_by_price: bool = False
    against_her_will: bool = False
    gladly: bool = False
    experience_word: int = 0
    months_since_digital: int = 255

    @property
    def experience(self):
        """Her experience, 0 … 1."""
        return self.experience_word * (1.0 / 65535.0)

    @property
    def self_served(self):
        """Whether she does it herself."""
        return not isinstance(self.way, str)


class Mind:
    """What goes through her mind about the tasks of one sector this month."""

    def __init__(self, consumer, sector, relation):
        self.consumer, self.sector, self.relation = consumer, sector, relation
        self.world, self.rules, self.firm = consumer.model, consumer.model.behaviour, relation.firm
        self.moment, self.skill = consumer.model.moment, consumer.skill_today

    def looks_at(self, task, habit, *, withdrawn):
        """Return whether she looks at the task: her clock says so, or her way of doing it is gone."""
        clock = (
            scatter(self.consumer.identity) + 5 * task.number + self.moment.month + self.moment.epoch_shift
        )
        if clock % self.rules.reconsideration_months == 0:
            return True
        if habit.way == COUNTER:
            return withdrawn
        if not habit.self_served:
            return not withdrawn
        channel = next(channel for channel in task.channels if channel.number == habit.way)
        return not self.consumer.is_reached_by(self.firm, channel)

    def choose(self, task, habit, *, withdrawn):
        """Choose a way of doing the task and note why."""
        channel, utility = self.best_channel(task)
        if channel is not None:
            utility += self.what_all_channels_share(task, habit)
        choose = self.choose_at_closed_counter if withdrawn else self.choose_at_open_counter
        reasons = choose(task, habit, channel, utility)
        habit.way, habit.tipped_by_price, habit.against_her_will, habit.gladly = reasons

    def best_channel(self, task):
        """Return the channel she likes best of those she can use, and its utility; (None, −∞) without."""
        consumer, best = self.consumer, (None, float("-inf"))
        for channel in task.channels:
            if consumer.has_access_to(channel) and consumer.is_reached_by(self.firm, channel):
                utility = self.utility(task, channel) + self.liking(channel)
                if utility > best[1]:
                    best = channel, utility
        return best

    def utility(self, task, channel):
        """Return the logits of one channel, without peers, habit and money."""
        consumer, rules = self.consumer, self.rules
        experience = consumer.habits[task.number].experience
        weight = rules.ability_weight_kiosk if channel.access == "none" else rules.ability_weight_digital
        able = ability_term(
            self.skill,
            experience,
            self.requirement(channel),
            weight,
            rules.experience_ability,
            rules.role_clarity_weight,
        )
        motives = self.motives(channel)
        if channel.co_design > 1:
            motives += self.worth_of_rung_below(channel)
        trust = trust_after_attribution(consumer.trust, self.relation.attribution, rules.attribution_trust)
        risk = risk_term(channel.responsibility, trust, rules.risk_weight)
        today = self.world.staffed_minutes[self.firm][task.number]
        return channel.intercept + self.worth_of_time(task, channel, today) + able + motives + risk

    def motives(self, channel):
        """Return the logits of her motives; clerks of business clients want to work less, no more."""
        consumer, rules = self.consumer, self.rules
        motives = motive_term(consumer.autonomy, channel.autonomy, rules.autonomy_weight)
        if not consumer.business:
            motives += motive_term(consumer.enjoyment, channel.enjoyment, rules.enjoyment_weight)
            motives += motive_term(
                consumer.self_realisation, channel.self_realisation, rules.self_realisation_weight
            )
        return motives

    def worth_of_rung_below(self, channel):
        """Return the logits of experience with tasks one level of co-design below."""
        below = [
            self.consumer.habits[task.number].experience
            for task in self.world.tasks
            if any(other.co_design == channel.co_design - 1 > 0 for other in task.channels)
        ]
        return ladder_term(max(below, default=0.0), self.rules.ladder)

    def worth_of_time(self, task, channel, staffed_minutes):
        """Return the logits of time if being served took so many minutes."""
        felt = self.noticed * self.minutes(task, channel)
        return self.rules.usefulness_weight * usefulness(
            time_advantage(staffed_minutes, felt),
            time_weight(self.consumer.value_of_time, self.moment.mean_value_of_time),
            0.0,
            1.0,
        )

    def worth_of_money(self, task, euros):
        """Return the logits of a price difference per occasion."""
        return self.rules.usefulness_weight * usefulness(0.0, 0.5, euros, task.staffed_cost)

    def what_all_channels_share(self, task, habit):
        """Return the logits of peers, habit, reservations and readiness."""
        consumer, rules = self.consumer, self.rules
        contact = rules.contact_weight * (rules.business_contact_factor if consumer.business else 1.0)
        doing_it = consumer.share_of_neighbours(lambda page: task.number in page.self_served, alone=0.5)
        unhappy = consumer.share_of_neighbours(lambda page: self.sector in page.unhappy, alone=0.0)
        return (
            task.intercept
            + contact_term(task.human_content, consumer.need_for_contact, contact)
            + peer_term(doing_it, unhappy, rules.peer_effect, rules.word_of_mouth)
            + self.worth_of_habit(habit)
            - rules.overload_weight * consumer.strain
            - rules.grievance_weight * self.relation.grievance
            + rules.readiness_spread * consumer.readiness
            + self.moment.country_logits
        )

    def worth_of_habit(self, habit):
        """Return the logits of doing as before."""
        return self.rules.inertia if habit.self_served else -self.rules.inertia

    def choose_at_open_counter(self, task, habit, channel, utility):
        """Weigh the best channel against the counter; return the way and three reasons."""
        if channel is None:
            return COUNTER, False, False, False
        served, herself = self.taste(task, _SERVED), utility + self.taste(task, _HERSELF)
        at_firm = self.firm, task.number
        money = self.worth_of_money(task, self.world.money_at(*at_firm))
        if herself + money <= served:
            return COUNTER, False, False, False
        without_habit = herself - self.worth_of_habit(habit)
        tipped = without_habit <= served < without_habit + money
        unwilling = herself + money + self.had_it_stayed(task, channel) <= served
        self.world.happened["tipped by price"] += tipped
        self.world.happened["against her will"] += unwilling
        return channel.number, tipped, unwilling, True

    def choose_at_closed_counter(self, task, habit, channel, utility):
        """Take the best of four ways out of forced use; return the way and three reasons."""
        served = self.taste(task, _SERVED)
        ways = [(self.rules.forgo_utility + self.taste(task, _FORGOING), FORGONE)]
        if self.draw(task, _HELP) < self.world.sectors[self.sector].fallback:
            ways.append((self.rules.help_utility + served, HELPED))
        if not self.world.sectors[self.sector].captive:
            ways.append((self.worth_of_fleeing(task), "flee"))
        best, way = max(ways, key=lambda way: way[0])
        if channel is not None:
            discount = self.world.discount[self.firm][task.number]
            motive = motive_term(self.consumer.autonomy, channel.autonomy, self.rules.autonomy_weight)
            lost = (1.0 - self.rules.forced_autonomy) * motive
            herself = utility + self.worth_of_money(task, discount) - lost + self.taste(task, _HERSELF)
            if herself > best:
                unwilling = herself + self.had_it_stayed(task, channel) <= served
                self.world.happened["against her will"] += unwilling
                return channel.number, False, unwilling, herself > served
        self.world.happened[way] += 1
        self.relation.flees = self.relation.flees or way == "flee"
        return (FORGONE if way == "flee" else way), False, False, False

    def worth_of_fleeing(self, task):
        """Return the utility of looking for a rival with staff."""
        return switching_utility(
            self.rules.switch_utility,
            self.moment.month - self.relation.joined,
            self.rules.switching_cost,
            self.world.rivals_open[self.firm][task.counter],
        ) + self.taste(task, _FLEEING)

    def had_it_stayed(self, task, channel):
        """Return what her utility would change by if being served took as long as at the start."""
        today = self.world.staffed_minutes[self.firm][task.number]
        felt = self.noticed * self.minutes(task, channel)
        longer = time_advantage(today, felt) - time_advantage(task.staffed_minutes, felt)
        time_value, mean = self.consumer.value_of_time, self.moment.mean_value_of_time
        return -self.rules.usefulness_weight * usefulness(longer, time_weight(time_value, mean), 0.0, 1.0)

    def choose_whether_to_contribute(self, task, habit):
        """Contribute by the best channel, or leave it."""
        best, most = None, float("-inf")
        for channel in task.channels:
            if self.consumer.has_access_to(channel) and self.consumer.is_reached_by(self.firm, channel):
                utility = self.worth_of_contributing(task, channel)
                best, most = (channel, utility) if utility > most else (best, most)
        wants = most + self.taste(task, _HERSELF) > self.taste(task, _SERVED)
        habit.way = best.number if best and wants else COUNTER
        habit.tipped_by_price, habit.against_her_will, habit.gladly = False, False, habit.self_served

    def worth_of_contributing(self, task, channel):
        """Return the logits of contributing through a channel: nobody else would do it for her."""
        consumer, rules = self.consumer, self.rules
        doing_it = consumer.share_of_neighbours(lambda page: task.number in page.self_served, alone=0.5)
        return (
            task.intercept
            + channel.intercept
            + self.motives(channel)
            + rules.ability_weight_digital * (self.skill - self.requirement(channel))
            + peer_term(doing_it, 0.0, rules.peer_effect, 0.0)
            + rules.reach_weight * self.moment.internet
            + self.worth_of_rung_below(channel)
            - rules.overload_weight * consumer.strain
            - rules.grievance_weight * self.relation.grievance
            + rules.readiness_spread * consumer.readiness
            + self.moment.country_logits
        )

    def intensity(self, task):
        """Return how many times the mean contributor she contributes, all her life."""
        key, person, place = self.moment.taste_key, self.consumer.identity, 2**41 + 2 * task.number
        own = standard_normal(uniform(key, person, place), uniform(key, person, place + 1))
        mean, spread = 2.0 / 5.0, (2.0 * 3.0 / (5.0**2 * 6.0)) ** 0.5  # of the Beta(2, 3) it is drawn from
        motive = (self.consumer.self_realisation - mean) / spread
        return intensity(motive, own, self.rules.intensity_spread)

    @property
    def epoch(self):
        """Which of her epochs it is: tastes last as long as one."""
        months = self.moment.month + self.moment.epoch_shift
        offset = scatter(self.consumer.identity) % self.rules.taste_months
        return (months + offset) // self.rules.taste_months

    def draw(self, task, option):
        """Return the draw of this epoch for an option of a task."""
        address = (self.epoch * 32 + task.number) * 8 + option
        return uniform(self.moment.taste_key, self.consumer.identity, address)

    def taste(self, task, option):
        """Return her taste for an option of a task."""
        return gumbel(self.draw(task, option))

    def liking(self, channel):
        """Return her liking for a channel as such."""
        address = 2**40 + self.epoch * 256 + channel.number
        draw = uniform(self.moment.taste_key, self.consumer.identity, address)
        return self.rules.channel_taste * gumbel(draw)

    @property
    def noticed(self):
        """Share of her own minutes that she notices."""
        return attention(self.rules.attention, self.consumer.awareness)

    def requirement(self, channel):
        """Return the skill that a channel asks of her; clerks of business clients are trained."""
        return channel.skill - (self.rules.business_training if self.consumer.business else 0.0)

    def minutes(self, task, channel):
        """Return her own minutes for one occasion."""
        return own_minutes(
            channel.minutes * self.moment.minutes_factor,
            self.consumer.habits[task.number].experience,
            max(0.0, self.requirement(channel) - self.skill),
            self.rules.inexperience_minutes,
            self.rules.shortfall_minutes,
        )
