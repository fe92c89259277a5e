"""An economy beside which plain Mesa consumers live through the same months, and what differs."""

import numpy as np

from model import Economy
from tests.oracle.plain_mesa import PlainPopulation

_TWO_PAGES = ("self_serving", "mood")  # columns with one page for last month and one for this


class WatchedEconomy(Economy):
    """An economy whose population and its plain twin see the same offers every month.

    Parameters
    ----------
    born : changes the columns of the newborn population, before the twin takes it over.
    """

    def __init__(self, parameters=None, *, born=None, **given):
        self._born = born
        self.differences: list[str] = []
        super().__init__(parameters, **given)

    def _burn_in(self, on_month):
        if self._born:
            self._born(self.consumers.columns)
        self.plain = PlainPopulation(self)
        self._act, self._switch = self.consumers.choose_and_act, self.consumers.stay_or_switch
        self.consumers.choose_and_act = self._both_act
        self.consumers.stay_or_switch = self._both_switch
        super()._burn_in(on_month)

    def _both_act(self, offers, moment, rivals_open):
        self._act(offers, moment, rivals_open)
        self.plain.choose_and_act(offers, moment, rivals_open)

    def _both_switch(self, offers, moment, mean_price):
        ledger = self._switch(offers, moment, mean_price)
        plain = self.plain.stay_or_switch(offers, moment, mean_price)
        self._compare_people()
        self._compare_ledgers(ledger, plain)
        return ledger

    def _compare_people(self):
        columns, last = self.consumers.columns, self.consumers.last
        for name, plain in self.plain.columns().items():
            column = getattr(columns, name)
            column = column[last, :-1] if name in _TWO_PAGES else column
            if not np.array_equal(column, plain):
                rows = np.unique(np.argwhere(column != plain)[:, 0])
                self.differences.append(f"month {self.month}: {name} of consumers {rows[:5].tolist()} …")

    def _compare_ledgers(self, ledger, plain):
        for name, sums, own in zip(ledger._fields, ledger, plain, strict=True):
            places = np.argwhere(~np.isclose(sums, own, rtol=1e-9, atol=1e-9))
            if len(places):
                self.differences.append(
                    f"month {self.month}: {name} of the ledger at {places[:3].tolist()} …"
                )
