"""Does a policy leave alone those whom it does not touch?"""

import numpy as np
import pytest

from model import Economy, simulate

FROM_YEAR, START = 2010.0, "2007-01"
MONTHS_BEFORE = 36
POLICIES = {
    "policy.ban_forcing": True,
    "policy.staffed_access": 1.0,
    "policy.compensation_rate": 0.5,
    "policy.campaign": 1.0,
    "policy.skills_programme": 0.02,
    "policy.minimum_staff": 1.0,
}


def run(**policy):
    """Return the values of a run with policies in force from month 36."""
    given = {"population.consumers": 300, "economy.sectors": "bank", "policy.from_year": FROM_YEAR}
    return simulate({**given, **policy}, seed=6, start=START, months=60)


@pytest.fixture(scope="module")
def undisturbed():
    return run()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_changes_nothing_before_its_year_and_something_after(undisturbed, policy):
    results = run(**{policy: POLICIES[policy]})
    assert results.values[:MONTHS_BEFORE].tobytes() == undisturbed.values[:MONTHS_BEFORE].tobytes()
    assert (
        results.group_values[:MONTHS_BEFORE].tobytes() == undisturbed.group_values[:MONTHS_BEFORE].tobytes()
    )
    assert results.values[MONTHS_BEFORE:].tobytes() != undisturbed.values[MONTHS_BEFORE:].tobytes()


def month_of_the_ban(*, banned: bool) -> tuple[Economy, np.ndarray]:
    """Return an economy with closed counters after the month in which a ban may begin, and who was where."""
    economy = Economy(
        {"policy.ban_forcing": banned, "policy.from_year": FROM_YEAR, "economy.sectors": "bank"},
        consumers=800,
        start=START,
        rng=6,
    )
    economy.firm_columns.closing[::2], economy.offers.closed[::2] = 1.0, 1.0
    while economy.month < MONTHS_BEFORE:
        economy.step()
    customers = economy.consumers.columns.firm[:, 0].copy()
    economy.live_a_month()
    return economy, customers


def test_policy_does_not_change_the_luck():
    (free, customers), (banned, _) = (month_of_the_ban(banned=one) for one in (False, True))
    assert [int(key) for key in keys(free)] == [int(key) for key in keys(banned)]
    touched = (free.offers.closed != banned.offers.closed).any(axis=1)
    assert 0 < touched[customers].sum() < len(customers)
    for name in ("use", "reason", "experience", "awareness", "own_minutes"):
        same = ~touched[customers]
        ours, theirs = (getattr(economy.consumers.columns, name)[same] for economy in (free, banned))
        np.testing.assert_array_equal(ours, theirs, err_msg=name)


def keys(economy: Economy) -> list:
    """Return the keys of all draws of a month."""
    return [value for name, value in economy.moment._asdict().items() if name.endswith("_key")]
