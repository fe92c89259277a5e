"""What can never happen when a consumer decides, learns, resents and leaves?"""

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agents.columns import cell_of, share_of, word_of
from agents.rules.acceptance import (
    ability_term,
    contact_term,
    gumbel,
    logistic,
    motive_term,
    peer_term,
    risk_term,
    role_clarity,
    success_probability,
    trust_after_attribution,
)
from agents.rules.consequences import (
    awareness_after,
    experience_after,
    grievance_after,
    role_perception,
    strain,
)
from agents.rules.contribution import cost_avoided, intensity, standard_normal
from agents.rules.loyalty import bond_deficit, leaving_logits, switching_utility
from agents.rules.time_use import attention, own_minutes, time_advantage, time_weight, usefulness

SHARE = st.floats(0.0, 1.0)
DRAW = st.floats(2.0**-54, 1.0 - 2.0**-53)  # the range of agents.draws.uniform
MINUTES = st.floats(0.01, 500.0)
EUROS = st.floats(0.0, 100.0)
WEIGHT = st.floats(0.0, 12.0)
MONTHS = st.floats(0.0, 600.0)
STEP = st.floats(1e-6, 100.0)
often = settings(max_examples=200, deadline=None)


@often
@given(st.floats(-700.0, 700.0), STEP)
def test_a_probability_lies_in_its_range_and_rises_with_logits(logits, more):
    assert 0.0 <= logistic(logits) <= logistic(logits + more) <= 1.0


@often
@given(DRAW)
def test_a_taste_is_finite_for_every_draw(draw):
    assert math.isfinite(gumbel(draw))


@often
@given(SHARE, SHARE, SHARE, WEIGHT, SHARE, WEIGHT, SHARE)
def test_skill_and_experience_never_make_self_service_less_likely(skill, old, required, w, swap, clear, more):
    def logits(skill, experience):
        return ability_term(skill, experience, required, w, swap, clear)

    assert logits(min(1.0, skill + more), old) >= logits(skill, old) - 1e-12
    assert logits(skill, min(1.0, old + more)) >= logits(skill, old) - 1e-12
    assert 0.0 <= role_clarity(old) <= 1.0


@often
@given(SHARE, SHARE, WEIGHT)
def test_motives_only_attract_and_reservations_only_deter(trait, loading, weight):
    assert motive_term(trait, loading, weight) >= 0.0
    assert risk_term(loading, trait, weight) <= 0.0
    assert contact_term(loading, trait, weight) <= 0.0


@often
@given(SHARE, SHARE, SHARE, WEIGHT, SHARE)
def test_neighbours_who_do_it_attract_and_those_who_complain_deter(doing_it, unhappy, more, effect, word):
    base = peer_term(doing_it, unhappy, effect, word)
    assert peer_term(min(1.0, doing_it + more), unhappy, effect, word) >= base - 1e-12
    assert peer_term(doing_it, min(1.0, unhappy + more), effect, word) <= base + 1e-12


@often
@given(SHARE, SHARE, SHARE)
def test_attribution_never_raises_trust_nor_makes_it_negative(trust, belief, weight):
    assert 0.0 <= trust_after_attribution(trust, belief, weight) <= trust


@often
@given(st.floats(-10, 10), SHARE, SHARE, WEIGHT, SHARE)
def test_success_is_a_probability_and_rises_with_skill(logits, skill, required, slope, more):
    success = success_probability(logits, skill, required, slope)
    assert 0.0 < success < 1.0
    assert success_probability(logits, skill + more, required, slope) >= success


@often
@given(MINUTES, SHARE, SHARE, st.floats(0, 3), st.floats(0, 5), SHARE)
def test_own_minutes_fall_with_experience_and_are_least_for_the_skilled(minutes, old, lack, slow, hard, more):
    own = own_minutes(minutes, old, lack, slow, hard)
    assert own >= minutes * (1.0 - 1e-12)
    assert own_minutes(minutes, min(1.0, old + more), lack, slow, hard) <= own * (1.0 + 1e-12)
    assert own_minutes(minutes, old, lack + more, slow, hard) >= own * (1.0 - 1e-12)


@often
@given(SHARE, SHARE)
def test_nobody_notices_more_than_there_is(unaware, awareness):
    assert unaware - 1e-12 <= attention(unaware, awareness) <= 1.0


@often
@given(MINUTES, MINUTES, EUROS, st.floats(0.1, 100.0), st.floats(1.0, 100.0), STEP)
def test_usefulness_rises_with_staffed_minutes_and_falls_with_own(staffed, own, money, scale, value, more):
    def useful(staffed, own, money):
        return usefulness(time_advantage(staffed, own), time_weight(value, 12.0), money, scale)

    assert useful(staffed + more, own, money) >= useful(staffed, own, money)
    assert useful(staffed, own + more, money) <= useful(staffed, own, money)
    assert useful(staffed, own, money + more) > useful(staffed, own, money)
    assert -1.0 < time_advantage(staffed, own) < 1.0


@often
@given(SHARE, st.floats(0.0, 100.0), SHARE, SHARE)
def test_experience_never_falls_and_never_exceeds_routine(experience, occasions, success, rate):
    after = experience_after(experience, occasions, success, rate)
    assert experience <= after <= 1.0 + 1e-12
    assert 0 <= word_of(min(1.0, after)) <= 65535


@often
@given(st.floats(0.0, 1e5), st.floats(1.0, 1e4), STEP)
def test_strain_is_a_share_that_rises_with_work_and_falls_with_comfort(felt, comfort, more):
    assert 0.0 <= strain(felt, comfort) < 1.0
    assert strain(felt + more, comfort) >= strain(felt, comfort) >= strain(felt, comfort + more)
    assert strain(comfort, comfort) == 0.5


@often
@given(SHARE, st.floats(0.0, 4.0), SHARE, SHARE, SHARE, SHARE)
def test_awareness_stays_a_share(awareness, irritation, neighbours, noticing, contagion, fading):
    after = awareness_after(awareness, irritation, neighbours, noticing, contagion, fading)
    assert 0.0 <= after <= 1.0


@often
@given(SHARE, SHARE, SHARE, SHARE, SHARE, SHARE)
def test_grievance_stays_a_share_grows_only_when_hurt_and_help_repairs(
    grievance, hurt, gain, decay, helped, repair
):
    after = grievance_after(grievance, hurt, gain, decay, helped, repair)
    assert 0.0 <= after <= 1.0
    assert grievance_after(grievance, 0.0, gain, decay, helped, repair) <= grievance
    assert grievance_after(grievance, hurt, gain, decay, min(1.0, helped + 0.1), repair) <= after


@often
@given(st.floats(-1.0, 1.0), SHARE, st.floats(0.0, 2.0))
def test_the_role_lies_between_used_and_partner(gain, grievance, weight):
    assert -1.0 <= role_perception(gain, grievance, weight) <= 1.0
    assert role_perception(gain, grievance, weight) <= role_perception(gain, 0.0, weight)


@often
@given(SHARE, MONTHS, st.floats(1.0, 240.0))
def test_the_deficit_of_bonds_is_symmetric_never_negative_and_fades(share, tenure, fading):
    deficit = bond_deficit(share, tenure, fading)
    assert deficit >= 0.0
    assert math.isclose(deficit, bond_deficit(1.0 - share, tenure, fading), abs_tol=1e-7)
    assert bond_deficit(share, tenure + 12.0, fading) <= deficit + 1e-12
    assert bond_deficit(0.5, tenure, fading) <= 1e-12


@often
@given(st.floats(0.0, 0.5), st.floats(0.0, 0.5), MONTHS)
def test_defection_is_u_shaped_in_the_self_served_share(one, other, tenure):
    low, high = sorted((one, other))
    assert bond_deficit(low, tenure, 60.0) >= bond_deficit(high, tenure, 60.0) - 1e-12
    assert bond_deficit(1.0 - low, tenure, 60.0) >= bond_deficit(1.0 - high, tenure, 60.0) - 1e-12


@often
@given(SHARE, st.floats(-50, 50), SHARE, st.floats(-1, 1), SHARE)
def test_dear_and_resented_firms_are_left_and_partners_are_not(deficit, price_gap, grievance, role, more):
    def logits(deficit, price_gap, grievance, role):
        return leaving_logits(deficit, price_gap, grievance, role, 2.0, 0.1, 3.0, 0.6)

    base = logits(deficit, price_gap, grievance, role) - 1e-9
    assert logits(deficit, price_gap + more, grievance, role) >= base
    assert logits(deficit, price_gap, grievance + more, role) >= base
    assert logits(deficit + more, price_gap, grievance, role) >= base
    assert logits(deficit, price_gap, grievance, role + more) <= base + 2e-9


@often
@given(st.floats(-6, 0), MONTHS, st.floats(0.0, 1.0), SHARE, MONTHS, SHARE)
def test_fleeing_is_harder_for_old_customers_and_easier_with_open_rivals(
    effort, tenure, cost, open_, more, wider
):
    base = switching_utility(effort, tenure, cost, open_)
    assert switching_utility(effort, tenure + more, cost, open_) <= base
    assert switching_utility(effort, tenure, cost, min(1.0, open_ + wider)) >= base
    assert switching_utility(effort, tenure, cost, 0.0) < -1e8


@often
@given(DRAW, DRAW, st.floats(-4.0, 4.0), st.floats(0.0, 3.0))
def test_contributions_are_positive_and_finite(first, second, motive, spread):
    own = standard_normal(first, second)
    assert math.isfinite(own)
    assert 0.0 < intensity(motive, own, spread) < math.inf


@often
@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), STEP)
def test_no_contribution_avoids_more_cost_than_its_value_or_the_budget(value, budget, more):
    avoided = cost_avoided(value, budget)
    assert 0.0 <= avoided <= min(value, budget) * (1.0 + 1e-9) + 1e-9
    assert cost_avoided(value + more, budget) >= avoided - 1e-9


@often
@given(SHARE)
def test_a_stored_share_is_off_by_half_a_step_at_most(share):
    assert abs(share_of(word_of(share)) - share) <= 0.5 / 65535.0 + 1e-12


def test_every_group_of_people_has_a_cell_of_its_own():
    cells = [
        cell_of(age, school, income, 0) for age in range(5) for school in range(3) for income in range(3)
    ]
    assert sorted(cells) == list(range(45))
    assert cell_of(4, 2, 2, 1) == 45


@often
@given(SHARE, SHARE)
def test_two_different_stored_shares_keep_their_order(one, other):
    assume(one <= other)
    assert word_of(one) <= word_of(other)
