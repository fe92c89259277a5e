"""Where do minutes go: those of staff, and those of customers?"""

import numpy as np
import pytest

from agents import ledger as lines

TOLERANCE = 1e-9


def test_every_minute_of_staff_is_worked_handed_over_or_not_asked_for(months, pairs):
    for month in months:
        tasks, books = month.economy.catalogue.tasks, month.books
        for place, (_, task, line) in enumerate(pairs(month)):
            minutes = tasks[task].employee_minutes
            needed = minutes * line["baseline"]
            at_counters = minutes * (line["staffed"] + line["helped"] + line["forgone"])
            handed_over = books.pair_externalised[place] + books.pair_attending[place]
            assert at_counters + handed_over == pytest.approx(needed, rel=TOLERANCE, abs=TOLERANCE)


def test_staff_perform_what_is_left_and_what_self_service_induces(months, pairs):
    for month in months:
        economy, performed = month.economy, np.zeros(len(month.price))
        rules, tasks = economy.parameters.firm, economy.catalogue.tasks
        attended = attended_occasions(month)
        for place, (firm, task, line) in enumerate(pairs(month)):
            occasions = line["staffed"] + rules.helped_overhead * line["helped"] + attended[place]
            occasions += rules.failure_staff * line["failed"]
            performed[firm] += tasks[task].employee_minutes * occasions
        np.testing.assert_allclose(month.books.performed_minutes, performed, rtol=TOLERANCE)


def attended_occasions(month) -> np.ndarray:
    """Return self-served occasions at which staff still attend, by firm and task."""
    accounts, attended = month.economy.accounts, np.zeros(len(month.ledger.pairs))
    channels = [channel for task in month.economy.catalogue.tasks for channel in task.channels]
    for place, (pair, channel) in enumerate(zip(accounts.channel_pair, accounts.channel, strict=True)):
        attended[pair] += channels[channel].attended_share * month.ledger.channels[place]
    return attended


def test_unpaid_minutes_by_class_are_unpaid_minutes_by_group(months, pairs):
    for month in months:
        names = ("voluntary_minutes", "incentivised_minutes", "forced_minutes", "escalation_minutes")
        by_class = sum(line[name] for _, _, line in pairs(month) for name in names)
        by_group = month.ledger.cells[:, lines.CELL_OWN_MINUTES].sum()
        assert by_class == pytest.approx(by_group, rel=TOLERANCE, abs=TOLERANCE)


def test_nobody_notices_more_minutes_than_she_works(months):
    for month in months:
        cells = month.ledger.cells
        assert (cells[:, lines.CELL_FELT_MINUTES] <= cells[:, lines.CELL_OWN_MINUTES] + TOLERANCE).all()
        felt = month.ledger.pairs[:, lines.FELT_MINUTES].sum()
        assert felt == pytest.approx(cells[:, lines.CELL_FELT_MINUTES].sum(), rel=TOLERANCE, abs=TOLERANCE)


def test_net_hours_are_own_and_waiting_hours_minus_those_avoided(months):
    for month in months:
        private = month.ledger.cells[: lines.BUSINESS_CELL].sum(axis=0)
        net = private[lines.CELL_OWN_MINUTES] + private[lines.CELL_WAITING_MINUTES]
        net -= private[lines.CELL_AVOIDED_MINUTES]
        hours = 12.0 / 60.0 * net / private[lines.PEOPLE]
        assert month.measures["unpaid_hours_net"] == pytest.approx(hours, rel=1e-12)


def test_groups_of_people_add_up_to_the_firms_lines(months):
    same = ("SELF_SERVED", "INDUCED", "HELPED", "FORGONE", "VOLUNTARY", "INCENTIVISED", "FORCED", "UNWILLING")
    more = ("BASELINE", "AVOIDED_MINUTES", "AVOIDED_NOW_MINUTES", "WAITING_MINUTES", "OWN_VALUE", "LOSS")
    for month in months:
        for name in same + more:
            by_firm = month.ledger.pairs[:, getattr(lines, name)].sum()
            by_group = month.ledger.cells[:, getattr(lines, f"CELL_{name}")].sum()
            assert by_firm == pytest.approx(by_group, rel=TOLERANCE, abs=1e-6), name
