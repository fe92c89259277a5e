"""Is everybody somebody's customer, once in each sector?"""

import numpy as np

from agents import ledger as lines


def test_everyone_is_the_customer_of_exactly_one_firm_in_every_sector(months):
    for month in months:
        work = month.economy.work
        for sector in range(len(work.first_firm)):
            firms = month.firm_after[:, sector]
            assert (firms >= work.first_firm[sector]).all()
            assert (firms < work.first_firm[sector] + work.n_firms[sector]).all()


def test_the_ledger_counts_the_customers_with_whom_the_month_began(months):
    for month in months:
        heads = np.bincount(month.firm_before.ravel(), minlength=len(month.price))
        booked = month.ledger.firms[:, [lines.PRIVATE_CUSTOMERS, lines.BUSINESS_CUSTOMERS]].sum(axis=1)
        np.testing.assert_array_equal(booked, heads)


def test_whoever_leaves_one_firm_joins_another(months):
    for month in months:
        moved = month.firm_before != month.firm_after
        lost = np.bincount(month.firm_before[moved], minlength=len(month.price))
        np.testing.assert_array_equal(month.ledger.firms[:, lines.LOST], lost)
        assert month.ledger.cells[:, lines.LEFT].sum() == moved.sum()


def test_nobody_leaves_a_captive_firm(months):
    for month in months:
        captive = month.economy.work.captive
        np.testing.assert_array_equal(month.firm_before[:, captive], month.firm_after[:, captive])


def test_everybody_is_counted_once_among_people(months):
    for month in months:
        assert month.ledger.cells[:, lines.PEOPLE].sum() == len(month.economy.consumers)
