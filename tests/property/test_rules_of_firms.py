"""What can never happen when a firm believes, decides, prices and staffs?"""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules.externalisation import (
    belief_after,
    economic_pressure,
    rollback_probability,
    technology_cost_factor,
    upgrade_probability,
    worth_index,
)
from agents.rules.pricing import aspiration_after, price_after
from agents.rules.service_capacity import (
    capacity_after,
    failed_attempt_minutes,
    scale_economy,
    staffed_minutes,
)

SHARE = st.floats(0.0, 1.0)
INDEX = st.floats(-1.0, 1.0)
EUROS = st.floats(-1e5, 1e5)
COST = st.floats(0.01, 1e4)
WEIGHT = st.floats(0.0, 8.0)
PRESSURE = st.floats(0.0, 2.5)
LOGITS = st.floats(-10.0, 10.0)
often = settings(max_examples=200, deadline=None)


@often
@given(EUROS, EUROS)
def test_the_worth_of_a_move_is_an_index_with_the_sign_of_its_surplus(benefits, costs):
    index = worth_index(benefits, costs)
    assert -1.0 <= index <= 1.0
    assert math.copysign(1.0, index) == math.copysign(1.0, benefits - costs) or index == 0.0
    assert worth_index(costs, benefits) == -index


@often
@given(EUROS, EUROS, st.floats(0.0, 1e4))
def test_more_benefit_and_less_cost_never_lower_the_worth(benefits, costs, more):
    assert worth_index(benefits + more, costs) >= worth_index(benefits, costs) - 1e-12
    assert worth_index(benefits, costs + more) <= worth_index(benefits, costs) + 1e-12


@often
@given(LOGITS, INDEX, PRESSURE, WEIGHT, WEIGHT, WEIGHT, SHARE)
def test_worth_pressure_and_rivals_push_towards_externalisation(
    intercept, index, pressure, rivals, w, p, more
):
    def up(index, pressure, rivals):
        return upgrade_probability(intercept, index, pressure, rivals, w, p)

    base = up(index, pressure, rivals)
    assert 0.0 <= base <= 1.0
    assert up(index + more, pressure, rivals) >= base
    assert up(index, pressure + more, rivals) >= base
    assert up(index, pressure, rivals + more) >= base


@often
@given(LOGITS, INDEX, PRESSURE, WEIGHT, WEIGHT, WEIGHT, SHARE)
def test_complaints_push_back_and_worth_pressure_and_rivals_hold(
    intercept, index, pressure, rivals, w, p, more
):
    def down(index, pressure, complaints, rivals):
        return rollback_probability(intercept, index, pressure, complaints, rivals, w, p)

    base = down(index, pressure, 1.0, rivals)
    assert 0.0 <= base <= 1.0
    assert down(index, pressure, 1.0 + more, rivals) >= base
    assert down(index + more, pressure, 1.0, rivals) <= base
    assert down(index, pressure + more, 1.0, rivals) <= base
    assert down(index, pressure, 1.0, rivals + more) <= base


@often
@given(*[st.floats(-5.0, 5.0)] * 5)
def test_pressure_is_bounded(margin, cost, wage, vacancy, lost):
    assert 0.0 <= economic_pressure(margin, cost, wage, vacancy, lost) <= 2.5


@often
@given(SHARE, SHARE, SHARE)
def test_a_belief_moves_towards_what_was_seen_and_not_beyond(belief, seen, learning):
    low, high = sorted((belief, seen))
    assert low - 1e-12 <= belief_after(belief, seen, learning) <= high + 1e-12


@often
@given(st.floats(-50, 100), st.floats(0, 4), st.floats(1, 30), st.floats(0, 20))
def test_technology_gets_cheaper_with_age_down_to_its_mature_cost(age, premium, years, more):
    factor = technology_cost_factor(age, premium, years)
    assert 1.0 <= factor <= 1.0 + premium
    assert technology_cost_factor(age + more, premium, years) <= factor


@often
@given(COST, COST, COST, COST, SHARE, SHARE, SHARE, SHARE)
def test_a_price_stays_between_where_it_was_and_where_it_goes(
    price, own, base, rivals, mark_up, passed, weight, speed
):
    cost = passed * own + (1.0 - passed) * base
    target = weight * (1.0 + mark_up) * cost + (1.0 - weight) * rivals
    after = price_after(price, own, base, rivals, mark_up, passed, weight, speed)
    assert min(price, target) * (1.0 - 1e-9) <= after <= max(price, target) * (1.0 + 1e-9)


@often
@given(COST, COST, COST, SHARE, SHARE, SHARE, SHARE)
def test_a_saving_never_raises_the_price(price, base, rivals, saved, passed, weight, speed):
    def after(own):
        return price_after(price, own, base, rivals, 0.1, passed, weight, speed)

    assert after(base * (1.0 - saved)) <= after(base) + 1e-9


@often
@given(*[st.floats(-0.5, 0.5)] * 4, st.floats(1.0, 120.0))
def test_an_aspiration_stays_within_the_margins_it_has_seen(aspired, normal, own, best, months):
    seen = (aspired, normal, own, best)
    assert min(seen) - 1e-12 <= aspiration_after(aspired, normal, own, best, months) <= max(seen) + 1e-12


MINUTES = st.floats(0.01, 500.0)


@often
@given(MINUTES, SHARE, st.floats(0.0, 3.0), SHARE, st.floats(1, 4), st.floats(0.5, 1.5), SHARE)
def test_queues_grow_with_load_and_ways_with_closed_counters(minutes, way, load, open_, queue, thin, more):
    def staffed(load, open_):
        return staffed_minutes(minutes, way, load, open_, queue, thin)

    base = staffed(load, open_)
    assert staffed(load + more, open_) >= base * (1.0 - 1e-12)
    assert staffed(load, min(1.0, open_ + more)) <= base * (1.0 + 1e-12)
    assert minutes * (1.0 - way) * (1.0 - 1e-12) <= base <= 6.0 * minutes * (1.0 + 1e-12)


@often
@given(MINUTES, SHARE, st.floats(1.0, 3.0), SHARE, st.floats(1, 4), st.floats(0.5, 1.5))
def test_nobody_is_served_faster_than_at_the_start_while_staff_are_busy(
    minutes, way, load, open_, queue, thin
):
    assert staffed_minutes(minutes, way, load, open_, queue, thin) >= minutes * (1.0 - 1e-12)


@often
@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 0.2), st.floats(0.0, 0.2))
def test_staff_move_towards_the_need_within_limits(capacity, desired, cut, growth):
    after = capacity_after(capacity, desired, cut, growth)
    assert capacity * (1.0 - cut) - 1e-9 <= after <= capacity * (1.0 + growth) + 1e-9
    assert min(capacity, desired) - 1e-9 <= after <= max(capacity, desired) + 1e-9


@often
@given(MINUTES, st.floats(0.0, 10.0))
def test_a_failed_attempt_costs_half_a_visit_and_more(minutes, fixed):
    assert failed_attempt_minutes(minutes, fixed) >= 0.5 * minutes


@often
@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 0.5), st.floats(0.0, 1e6))
def test_larger_firms_never_pay_more_per_customer(customers, mean, exponent, more):
    factor = scale_economy(customers, mean, exponent)
    assert factor > 0.0
    assert scale_economy(customers + more, mean, exponent) <= factor * (1.0 + 1e-12)
