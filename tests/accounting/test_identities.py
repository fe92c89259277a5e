"""Do all identities of the ODD close, every month, in every economy?"""

import pytest

TOLERANCE = 1e-9


def test_every_account_closes_every_month(months):
    worst = {name: max(month.imbalances[name] for month in months) for name in months[0].imbalances}
    assert {name: gap for name, gap in worst.items() if not gap <= TOLERANCE} == {}


def test_every_occasion_is_served_somehow(months, pairs):
    for month in months:
        for _, _, line in pairs(month):
            kept = line["self_served"] - line["induced"]
            ways = line["staffed"] + kept + line["helped"] + line["forgone"]
            assert ways == pytest.approx(line["baseline"], rel=TOLERANCE, abs=TOLERANCE)


def test_everybodys_occasions_are_booked_whatever_happens_to_them(months):
    for month in (months[0], months[-1]):
        economy = month.economy
        columns, accounts, work = economy.consumers.columns, economy.accounts, economy.work
        for row, task in enumerate(economy.catalogue.tasks):
            clients = columns.business[(columns.eligible >> row & 1) == 1]
            monthly = task.occasions / 12.0 * (task.kind == "service")
            expected = monthly * ((clients == 0).sum() + task.business_occasions * (clients == 1).sum())
            booked = month.ledger.pairs[accounts.pair_task == row, 0].sum()
            assert booked == pytest.approx(expected, rel=TOLERANCE)
            assert work.occasions[row] == task.occasions / 12.0


def test_every_self_served_occasion_has_one_class_and_one_channel(months, pairs):
    for month in months:
        accounts, by_channel = month.economy.accounts, {}
        for place, served in zip(accounts.channel_pair, month.ledger.channels, strict=True):
            by_channel[int(place)] = by_channel.get(int(place), 0.0) + float(served)
        for place, (_, _, line) in enumerate(pairs(month)):
            classes = line["voluntary"] + line["incentivised"] + line["forced"]
            assert classes == pytest.approx(line["self_served"], rel=TOLERANCE, abs=TOLERANCE)
            assert by_channel[place] == pytest.approx(line["self_served"], rel=TOLERANCE, abs=TOLERANCE)
