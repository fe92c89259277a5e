"""Does a month of one consumer and one task come out as worked by hand?"""

from types import SimpleNamespace

import numpy as np
import pytest

from agents import ledger as lines
from agents.draws import scatter
from model import Economy
from model.measures import MEASURES

CASH = 0
HELPED, FORGONE = 200, 201
GIVEN = {
    "economy.sectors": "bank",
    "population.business_share": 0.0,
    "tasks.cash.occasions": 24.0,  # two a month
    "tasks.cash.rebound": 0.5,  # and one more because it is easy
    "tasks.cash.staffed_minutes": 6.0,
    "tasks.cash.way_share": 0.6,
    "tasks.cash.cash_machine.minutes": 4.0,
    "tasks.cash.cash_machine.skill": 0.25,
    "tasks.cash.cash_machine.success": 0.9,
    "tasks.cash.cash_machine.responsibility": 0.2,
    "consumer.attention": 0.5,
    "consumer.escalation_minutes": 2.0,
    "consumer.error_loss": 10.0,
    "consumer.voluntary_blame": 0.3,
    "consumer.grievance_gain": 0.4,
    "consumer.strain_speed": 0.3,
    "consumer.learning_rate": 0.1,
    "consumer.far_counter": 1.0,
}
HER = {
    "eligible": 1 << CASH,
    "skill": 0.25,
    "awareness": 0.25,
    "autonomy": 0.5,
    "value_of_time": 12.0,
    "firm": 0,
}


class OneConsumer(Economy):
    """An economy of one consumer who withdraws cash and does nothing else, in its very first month."""

    def __init__(self, use, *, reason=0, queue=7.5, closed=0.0, **hers):
        super().__init__(GIVEN, consumers=1, months=1)
        for name, value in {**HER, **hers}.items():
            getattr(self.consumers.columns, name)[0] = value
        self.consumers.columns.use[0, CASH], self.consumers.columns.reason[0, CASH] = use, reason
        self.offers.coverage[:, 0], self.offers.staffed_minutes[:, CASH] = 1.0, queue
        self.offers.closed[:] = closed
        self.live_on()

    def _burn_in(self, on_month):
        """Begin the first month; nobody has lived yet."""
        self.begin_month()

    def live_on(self):
        """Let her act as she did: it is not her month to look at the task."""
        moment = self.moment._replace(clock=self.clock_not_due(), minutes_factor=1.0, skill_shift=0.0)
        self.consumers.choose_and_act(self.offers, moment, self.rivals_open())
        self.sums = self.consumers.stay_or_switch(self.offers, moment, np.array([1e9]))

    def clock_not_due(self):
        """Return clocks of tasks by which she looks at none of them this month."""
        months = self.parameters.consumer.reconsideration_months
        identity = int(self.consumers.columns.identity[0])
        place = scatter(identity) + self.moment.month + self.moment.epoch_shift
        return np.full(len(self.work.sector), (1 - place) % months)


def line(economy, name):
    """Return a line of her firm's ledger for cash."""
    return economy.sums.pairs[CASH, getattr(lines, name)]


def cell(economy, name):
    """Return a line of her group's ledger."""
    return economy.sums.cells[:, getattr(lines, name)].sum()


def test_three_withdrawals_at_the_machine():
    """Two and one induced; 3 × 4 min, and 0.3 failures × (6 / 2 + 2) min; she notices 0.625 of it."""
    economy = OneConsumer(use=1, experience=65535)
    booked = {name: line(economy, name) for name in ("BASELINE", "SELF_SERVED", "INDUCED", "VOLUNTARY")}
    assert booked == {"BASELINE": 2.0, "SELF_SERVED": 3.0, "INDUCED": 1.0, "VOLUNTARY": 3.0}
    assert line(economy, "FAILED") == pytest.approx(0.3)
    assert line(economy, "VOLUNTARY_MINUTES") == pytest.approx(12.0)
    assert line(economy, "ESCALATION_MINUTES") == pytest.approx(1.5)
    assert cell(economy, "CELL_OWN_MINUTES") == pytest.approx(13.5)
    assert cell(economy, "CELL_FELT_MINUTES") == pytest.approx(0.625 * 13.5)


def test_what_three_withdrawals_are_worth_and_risk():
    """13.5 min at 12 EUR/h; 0.3 failures × 0.2 responsibility × 10 EUR."""
    economy = OneConsumer(use=1, experience=65535)
    assert cell(economy, "CELL_OWN_VALUE") == pytest.approx(2.7)
    assert cell(economy, "CELL_LOSS") == pytest.approx(0.6)


def test_net_minutes_are_own_and_waiting_minus_avoided():
    """13.5 of her own, none of waiting, 2 × 6 avoided at the start's queues and 2 × 7.5 at today's."""
    economy = OneConsumer(use=1, experience=65535)
    assert cell(economy, "CELL_AVOIDED_MINUTES") == pytest.approx(12.0)
    assert cell(economy, "CELL_AVOIDED_NOW_MINUTES") == pytest.approx(15.0)
    assert cell(economy, "CELL_WAITING_MINUTES") == 0.0
    hours = MEASURES["unpaid_hours_net"].of_people(economy.sums.cells.sum(axis=0)[None, :])
    assert hours[0] == pytest.approx((13.5 - 12.0) * 12.0 / 60.0)


def test_what_the_month_leaves_behind():
    """Felt 0.3 × 0.625 × 13.5; a twelfth of 13.5; hurt 0.3 × 0.3 failures of 2 occasions, gain 0.4."""
    columns = OneConsumer(use=1, experience=65535).consumers.columns
    assert columns.felt_minutes[0] == pytest.approx(2.53125)
    assert columns.own_minutes[0] == pytest.approx(1.125)
    assert columns.grievance[0, 0] == round(0.4 * 0.045 * 65535)
    assert columns.digital_idle[0, CASH] == 255


def test_a_beginner_learns_a_tenth_of_what_succeeds():
    """One month counts as one lesson: 0.1 × 0.9 success of what she does not know yet."""
    columns = OneConsumer(use=1, experience=0).consumers.columns
    assert columns.experience[0, CASH] == round(0.1 * 0.9 * 65535)


def test_doing_it_against_her_will_hurts_her_autonomy():
    """0.3 × 0.3 failures and 2.7 × 0.5 without consent, of 2 occasions."""
    economy = OneConsumer(use=1, reason=2, experience=65535)
    assert line(economy, "UNWILLING") == 3.0
    hurt = (0.09 + 2.7 * 0.5) / 2.0
    assert economy.consumers.columns.grievance[0, 0] == round(0.4 * hurt * 65535)


def test_a_queue_of_thirty_per_cent_more_makes_her_choice_a_forced_one():
    assert line(OneConsumer(use=1, queue=7.79), "FORCED") == 0.0
    assert line(OneConsumer(use=1, queue=7.81), "FORCED") == 3.0


def test_price_tips_a_choice_that_is_neither_forced_nor_voluntary():
    economy = OneConsumer(use=1, reason=1)
    assert line(economy, "INCENTIVISED") == 3.0
    assert line(economy, "VOLUNTARY") == 0.0


def test_two_withdrawals_at_the_counter_wait_as_long_as_queues_have_grown():
    economy = OneConsumer(use=0, queue=7.5)
    assert line(economy, "STAFFED") == line(economy, "OPEN_STAFFED") == 2.0
    assert line(economy, "SELF_SERVED") == 0.0
    assert cell(economy, "CELL_WAITING_MINUTES") == pytest.approx(2.0 * 1.5)


def test_help_at_a_closed_counter_costs_the_way_to_the_next():
    """1.5 min of queue, and half of the way share of 6 min: 1.8 min."""
    economy = OneConsumer(use=HELPED, closed=1.0)
    assert line(economy, "HELPED") == 2.0
    assert cell(economy, "CELL_WAITING_MINUTES") == pytest.approx(2.0 * (1.5 + 0.5 * 0.6 * 6.0))


def test_going_without_hurts_and_excludes():
    """Two occasions that she would have wanted: all hurt, as far as she values autonomy."""
    economy = OneConsumer(use=FORGONE, closed=1.0)
    assert line(economy, "FORGONE") == cell(economy, "CELL_FORGONE") == 2.0
    assert cell(economy, "EXCLUDED") == 1.0
    assert economy.consumers.columns.grievance[0, 0] == round(0.4 * 0.5 * 65535)


def gini(people, minutes):
    month = SimpleNamespace(minutes=np.array([people, minutes], dtype=float))
    return MEASURES["hours_gini"].of(month)


def test_the_gini_coefficient_of_known_distributions():
    assert gini([10, 0], [50, 0]) == pytest.approx(0.0)
    assert gini([5, 5], [0, 100]) == pytest.approx(0.5)
    assert gini([9, 1], [0, 30]) == pytest.approx(0.9)
    ranks = np.arange(1, 1001)
    assert gini(np.ones(1000), ranks) == pytest.approx(1 / 3, abs=1e-3)
    assert np.isnan(gini([10, 0], [0, 0]))
