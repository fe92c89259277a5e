"""Who pays, who receives, and who keeps what is saved? Computed again from ledger, prices and catalogue."""

import math

import numpy as np
import pytest

from agents import ledger as lines

TOLERANCE = 1e-9


def test_every_saved_euro_has_an_owner(months):
    for month in months:
        books = month.books
        kept = books.unit_technology + books.fixed_technology + books.leakage + books.compensation
        kept = kept + books.lower_prices + books.extra_profit
        np.testing.assert_allclose(books.saving, kept, atol=TOLERANCE * books.baseline_cost.max())


def test_the_saving_is_what_the_same_customers_would_cost_with_everything_staffed(months, pairs):
    for month in months:
        saving = staffed_cost(month, pairs) - running_cost(month, pairs)
        saving += month.books.fees + month.books.premium + month.books.contributions
        np.testing.assert_allclose(
            month.books.saving, saving, atol=TOLERANCE * month.books.baseline_cost.max()
        )


def staffed_cost(month, pairs) -> np.ndarray:
    """Return each firm's cost had all occasions been served by staff, EUR per month."""
    economy, cost = month.economy, np.array([customers_of(month, firm) for firm in range(len(month.price))])
    sectors = [economy.catalogue.sectors[row] for row in economy.work.firm_sector]
    cost = cost * [sector.other_cost * month.wage_index for sector in sectors]
    for firm, row, line in pairs(month):
        task = economy.catalogue.tasks[row]
        paid = task.employee_minutes * sectors[firm].wage / (60.0 * economy.parameters.firm.utilisation)
        premises = max(0.0, task.staffed_cost - paid) * (task.kind == "service")
        cost[firm] += line["baseline"] * (paid + premises) * month.wage_index
    return cost


def running_cost(month, pairs) -> np.ndarray:
    """Return each firm's staff, premises and other cost, EUR per month."""
    economy, cost = month.economy, np.zeros(len(month.price))
    rules = economy.parameters.firm
    for firm, row, line in pairs(month):
        sector, task = economy.catalogue.sectors[economy.work.firm_sector[firm]], economy.catalogue.tasks[row]
        paid = task.employee_minutes * sector.wage / (60.0 * rules.utilisation)
        premises = max(0.0, task.staffed_cost - paid) * (task.kind == "service")
        closed = month.closed[firm, economy.work.counter[row]]
        cost[firm] += line["baseline"] * premises * month.wage_index * (1.0 - rules.standby_saved * closed)
    for firm in range(len(cost)):
        sector = economy.catalogue.sectors[economy.work.firm_sector[firm]]
        cost[firm] += month.capacity[firm] / 60.0 * sector.wage * month.wage_index
        cost[firm] += customers_of(month, firm) * sector.other_cost * month.wage_index
    return cost


def customers_of(month, firm: int) -> float:
    """Return a firm's customers, a business client counting for what she costs."""
    economy = month.economy
    tasks = [economy.catalogue.tasks[row] for row in economy.tasks_of_firm(firm)]
    weights = [(t.occasions * t.eligible_share * t.staffed_cost * (t.kind == "service"), t) for t in tasks]
    business = sum(weight * task.business_occasions for weight, task in weights)
    private, clients, *_ = month.ledger.firms[firm]
    return private + clients * business / sum(weight for weight, _ in weights)


def test_what_customers_pay_is_what_firms_receive(months, pairs):
    for month in months:
        fees, pay = np.zeros(len(month.price)), np.zeros(len(month.price))
        for firm, task, line in pairs(month):
            fees[firm] += line["open_staffed"] * month.fee[firm, task] * month.wage_index
            pay[firm] += line["self_served"] * month.discount[firm, task] * month.wage_index
        prices = np.array([customers_of(month, firm) for firm in range(len(fees))]) * month.price
        np.testing.assert_allclose(month.books.fees, fees, rtol=TOLERANCE)
        np.testing.assert_allclose(month.books.compensation, pay, rtol=TOLERANCE)
        np.testing.assert_allclose(month.books.revenue, prices, rtol=TOLERANCE)


def test_technology_and_leakage_are_paid_per_use_and_per_customer(months):
    for month in months:
        unit, fixed, leakage, premium = technology_of(month)
        np.testing.assert_allclose(month.books.unit_technology, unit, rtol=TOLERANCE)
        np.testing.assert_allclose(month.books.fixed_technology, fixed, rtol=TOLERANCE)
        np.testing.assert_allclose(month.books.leakage, leakage, rtol=TOLERANCE)
        np.testing.assert_allclose(month.books.premium, premium, rtol=TOLERANCE)


def technology_of(month) -> np.ndarray:
    """Return cost per use, fixed cost, leakage and premium by firm, EUR per month."""
    economy, sums = month.economy, np.zeros((4, len(month.price)))
    accounts, rules = economy.accounts, economy.parameters.technology
    channels = [channel for task in economy.catalogue.tasks for channel in task.channels]
    heads = month.ledger.firms[:, lines.PRIVATE_CUSTOMERS] + month.ledger.firms[:, lines.BUSINESS_CUSTOMERS]
    mean = {s: heads[economy.work.firm_sector == s].mean() for s in set(economy.work.firm_sector.tolist())}
    for place, (firm, row) in enumerate(zip(accounts.channel_firm, accounts.channel, strict=True)):
        channel, used = channels[row], month.ledger.channels[place]
        age = max(0.0, month.year - channel.introduced)
        dearer = 1.0 + rules.new_premium * math.exp(-age / rules.years_to_mature)
        size = max(heads[firm], 1.0) / max(mean[economy.work.firm_sector[firm]], 1.0)
        scale = size**-economy.parameters.firm.size_exponent
        fixed = channel.fixed_cost / 12000.0 * dearer * month.coverage[firm, row] * heads[firm] * scale
        sums[:, firm] += (
            used * channel.unit_cost * dearer,
            fixed,
            used * channel.leakage,
            used * channel.premium,
        )
    return sums


def test_the_measures_of_the_saving_add_up(months):
    parts = ("technology", "fixed", "leakage", "compensation", "prices", "profit")
    for month in months:
        total = sum(month.measures[f"saving_{part}"] for part in parts)
        assert month.measures["saving_total"] == pytest.approx(total, abs=1e-9)


def test_customers_line_is_what_their_firms_paid_them_and_took(months):
    for month in months:
        books, heads = month.books, month.ledger.cells[:, lines.PEOPLE].sum()
        gain = (month.shadow_price - month.price) * books.customers
        gain += books.compensation - books.fees - books.premium
        assert month.measures["customers_gain"] == pytest.approx(12.0 * gain.sum() / heads, abs=1e-9)


def test_no_payer_saves_more_by_contributions_than_its_budget(months):
    for month in months:
        economy, rules = month.economy, month.economy.parameters.firm
        share = rules.research_budget + rules.quality_budget + rules.marketing_budget
        other = np.array([economy.catalogue.sectors[row].other_cost for row in economy.work.firm_sector])
        budget = share * other * month.wage_index * month.books.customers
        assert (month.books.contributions >= 0.0).all()
        assert (month.books.contributions <= budget + TOLERANCE).all()
