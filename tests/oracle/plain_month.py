"""One plain consumer's month with one firm: what she does, what it costs her, and what the books say."""

from tests.oracle.plain_choice import FORGONE, HELPED, Mind
from tests.oracle.plain_rules import (
    experience_after,
    failed_attempt_minutes,
    in_16_bits,
    role_clarity,
    success_probability,
    time_advantage,
)


class MonthWithFirm:
    """A consumer's month with the firm of one sector, and its sums."""

    def __init__(self, consumer, sector, relation):
        self.consumer, self.sector, self.world, self.firm = consumer, sector, consumer.model, relation.firm
        self.mind, self.rules = Mind(consumer, sector, relation), consumer.model.behaviour
        self.own = self.occasions = self.forced = self.hurt = self.helped = self.gain = 0.0
        self.given = self.clarity = 0.0
        self.services = 0
        self.served = set()

    def live_with_task(self, task):
        """Look at the task if it is time to; then do it as decided."""
        consumer, habit = self.consumer, self.consumer.habits[task.number]
        occasions = task.occasions * (task.business_occasions if consumer.business else 1.0)
        habit.months_since_digital = min(255, habit.months_since_digital + 1)
        line = self.world.tally.line_of(consumer, self.firm, task)
        group = self.world.tally.group_at_task(consumer, task)
        (self.contribute if task.contribution else self.use_service)(task, habit, occasions, line)
        group.eligible += 1
        group.users += habit.self_served
        group.digital_quarter += habit.months_since_digital < 3
        group.digital_year += habit.months_since_digital < 12
        group.digital_three_years += habit.months_since_digital < 36

    def use_service(self, task, habit, occasions, line):
        """Look at a service if it is time to; then serve herself or be served."""
        consumer = self.consumer
        closed = consumer.finds_closed(self.firm, task.counter)
        offered = any(consumer.is_reached_by(self.firm, channel) for channel in task.channels)
        if self.mind.looks_at(task, habit, withdrawn=closed and offered):
            self.mind.choose(task, habit, withdrawn=closed and offered)
        self.occasions += occasions
        self.clarity, self.services = self.clarity + role_clarity(habit.experience), self.services + 1
        line.baseline += occasions
        if offered or habit.self_served:
            line.covered += occasions
        if habit.self_served:
            self.serve_herself(task, habit, occasions, withdrawn=closed and offered)
        else:
            self.be_served(task, habit, occasions, closed=closed, offered=offered)

    def contribute(self, task, habit, occasions, line):
        """Look at a contribution if it is time to; then give what she gives in a month."""
        consumer, rules, world = self.consumer, self.rules, self.world
        if self.mind.looks_at(task, habit, withdrawn=False):
            self.mind.choose_whether_to_contribute(task, habit)
        if any(consumer.is_reached_by(self.firm, channel) for channel in task.channels):
            line.covered += occasions
        if not habit.self_served:
            return
        channel = next(channel for channel in task.channels if channel.number == habit.way)
        given = occasions * self.mind.intensity(task)
        own = given * self.mind.minutes(task, channel)
        amounts = {
            "self_served": given,
            "induced": given,
            "voluntary": given,
            "felt_minutes": own * self.mind.noticed,
            "own_value": own / 60.0 * consumer.value_of_time,
        }
        line.book({**amounts, "accepted": given, "welcome": given, "voluntary_minutes": own})
        world.tally.group_of(consumer).book({**amounts, "own_minutes": own})
        world.tally.channels[self.firm, channel.number] += given
        self.own, self.given = self.own + own, self.given + given
        self.served.add(task.number)
        world.happened["contributed"] += 1
        habit.experience_word = in_16_bits(
            experience_after(habit.experience, given, channel.success, rules.learning_rate)
        )
        habit.months_since_digital = 0

    def serve_herself(self, task, habit, occasions, *, withdrawn):
        """Do it herself for a month: minutes, failures, hurt and experience."""
        consumer, rules, mind = self.consumer, self.rules, self.mind
        channel = next(channel for channel in task.channels if channel.number == habit.way)
        served = occasions + occasions * task.rebound
        minutes, today = mind.minutes(task, channel), self.world.staffed_minutes[self.firm][task.number]
        success = success_probability(
            channel.success_logits, mind.skill, mind.requirement(channel), rules.success_slope
        )
        failures = served * (1.0 - success)
        escalation = failures * failed_attempt_minutes(task.staffed_minutes, rules.escalation_minutes)
        own = served * minutes + escalation
        forced = withdrawn or today >= 1.3 * task.staffed_minutes
        kind = "forced" if forced else "incentivised" if habit.tipped_by_price else "voluntary"
        self.own += own
        self.gain += occasions * time_advantage(today, mind.noticed * minutes)
        self.forced += served * forced
        hurt = failures * (rules.voluntary_blame if kind == "voluntary" else 1.0)
        self.hurt += hurt + (served - failures) * consumer.autonomy * habit.against_her_will
        self.served.add(task.number)
        month = {"served": served, "minutes": minutes, "failures": failures, "own": own, "kind": kind}
        self.book_self_service(task, channel, habit, occasions, {**month, "escalation": escalation})
        habit.experience_word = in_16_bits(
            experience_after(habit.experience, served, success, rules.learning_rate)
        )
        if channel.access != "none":
            habit.months_since_digital = 0

    def book_self_service(self, task, channel, habit, occasions, month):
        """Write a month of self-service into the books of the firm and of her group."""
        tally, consumer, served, own = self.world.tally, self.consumer, month["served"], month["own"]
        today, kind = self.world.staffed_minutes[self.firm][task.number], month["kind"]
        amounts = {
            "self_served": served,
            "induced": occasions * task.rebound,
            "felt_minutes": self.mind.noticed * own,
            "avoided_minutes": occasions * task.staffed_minutes,
            "avoided_now_minutes": occasions * today,
            "own_value": own / 60.0 * consumer.value_of_time,
            "loss": month["failures"] * channel.responsibility * self.rules.error_loss,
            "unwilling": served * habit.against_her_will,
            kind: served,
        }
        line = tally.line_of(consumer, self.firm, task)
        line.book(amounts)
        line.book({f"{kind}_minutes": served * month["minutes"], "escalation_minutes": month["escalation"]})
        line.book({"failed": month["failures"], "welcome": served * habit.gladly, "accepted": occasions})
        tally.group_of(consumer).book({**amounts, "own_minutes": own})
        tally.channels[self.firm, channel.number] += served

    def be_served(self, task, habit, occasions, *, closed, offered):
        """Be served at the counter or helped at a closed one, or go without, for a month."""
        consumer, tally = self.consumer, self.world.tally
        line, group = tally.line_of(consumer, self.firm, task), tally.group_of(consumer)
        if habit.way == FORGONE:
            line.forgone += occasions
            group.forgone += occasions
            self.hurt += occasions * consumer.autonomy
            return
        waiting = self.world.staffed_minutes[self.firm][task.number] - task.staffed_minutes
        if closed:
            waiting += self.rules.far_counter * 0.5 * task.way_share * task.staffed_minutes
        for book in (line, group):
            book.waiting_minutes += occasions * waiting
        if habit.way == HELPED:
            line.helped += occasions
            group.helped += occasions
            self.helped += occasions
        else:
            line.staffed += occasions
            line.open_staffed += occasions * offered
