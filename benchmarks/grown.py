"""Economies of any size in any year, without living through all years before.

A small economy lives from 1990 on; what it is like at some moments is kept. A larger economy is born and
then given that state: the ring of the small one again and again, each person with neighbours and luck of
her own, firms as large as their customers are many. So a month of ten million consumers in 2025 costs what
it costs, with the branches that people of 2025 take, and no day of waiting.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from agents.columns import Columns, Offers
from agents.firm import FirmColumns
from model import Economy
from model.economy import BURN_IN
from model.measuring import grouped, measured

#: The middles of the four decades of a run from 1990, as months: their mean stands for all 480 months.
MIDDLES = (60, 180, 300, 420)
START_YEAR = 1990
_OWN = {"identity", "neighbours", "degree"}  # what a grown economy keeps of its own
_MASKS = {"self_serving", "mood"}  # (2, N + 1)
_SIZES = {"customers", "capacity", "accepted", "covered", "saving"}  # grow with the number of consumers
_BLOCK = 1 << 20  # rows copied at once, so that copying needs no memory


class Newborn(Economy):
    """An economy that has not lived through its burn-in yet."""

    def _burn_in(self, on_month: Any) -> None:
        """Leave it to the caller."""


class Moment(NamedTuple):
    """An economy at the beginning of a month."""

    month: int
    last: int
    awake: np.ndarray
    consumers: dict[str, np.ndarray]
    firms: dict[str, np.ndarray]
    offers: dict[str, np.ndarray]

    @property
    def year(self) -> int:
        """The year of the month."""
        return START_YEAR + self.month // 12


@lru_cache(maxsize=2)
def moments(people: int) -> dict[int, Moment]:
    """Return a small economy at the beginning of the burn-in, of month 0 and of the middles of decades."""
    economy = Newborn(consumers=people, months=MIDDLES[-1], rng=1)
    found = {}
    for month in range(-BURN_IN, MIDDLES[-1] + 1):
        if month in (-BURN_IN, 0, *MIDDLES):
            found[month] = moment_of(economy)
        economy.live_a_month()
    return found


def moment_of(economy: Economy) -> Moment:
    """Return what an economy is like now."""
    people, firms, offers = economy.consumers.columns, economy.firm_columns, economy.offers
    consumers = economy.consumers
    told = economy.month, consumers.last, consumers.awake.copy()
    return Moment(*told, *(_copied(of) for of in (people, firms, offers)))


def _copied(columns: Columns | FirmColumns | Offers) -> dict[str, np.ndarray]:
    return {name: column.copy() for name, column in columns._asdict().items() if name not in _OWN}


def store(moment: Moment, file: Path) -> None:
    """Keep a moment for another process."""
    parts = {"consumers": moment.consumers, "firms": moment.firms, "offers": moment.offers}
    arrays = {f"{part}.{name}": array for part, columns in parts.items() for name, array in columns.items()}
    np.savez(file, month=moment.month, last=moment.last, awake=moment.awake, **arrays)


def stored(file: Path) -> Moment:
    """Return a moment that another process has kept."""
    found: dict[str, dict[str, np.ndarray]] = {"consumers": {}, "firms": {}, "offers": {}}
    with np.load(file) as arrays:
        for key in arrays.files:
            part, _, name = key.partition(".")
            if name:
                found[part][name] = arrays[key]
        return Moment(int(arrays["month"]), int(arrays["last"]), arrays["awake"], **found)


def newborn(consumers: int, threads: int) -> Newborn:
    """Return an economy of this size that has not lived yet."""
    return Newborn(consumers=consumers, months=480, rng=1, threads=threads)


def grow(economy: Economy, moment: Moment) -> None:
    """Give an economy the state of a smaller (or larger) one at some moment."""
    economy.month, economy.consumers.last = moment.month, moment.last
    economy.consumers.awake[:] = moment.awake
    economy._snapshot = None
    people, few = len(economy.consumers.columns.identity), len(moment.consumers["age"])
    for name, given in moment.consumers.items():
        _spread(getattr(economy.consumers.columns, name), given, people, few, mask=name in _MASKS)
    for name, given in moment.firms.items():
        getattr(economy.firm_columns, name)[...] = given * (people / few) if name in _SIZES else given
    for name, given in moment.offers.items():
        getattr(economy.offers, name)[...] = given


def _spread(column: np.ndarray, given: np.ndarray, people: int, few: int, *, mask: bool) -> None:
    """Fill a column with the small economy's people, ring after ring, or with every so many of them."""
    for begin in range(0, people, _BLOCK):
        rows = np.arange(begin, min(people, begin + _BLOCK))
        taken = rows % few if people >= few else rows * few // people
        if mask:
            column[:, rows[0] : rows[-1] + 1] = given[:, taken]
        else:
            column[rows[0] : rows[-1] + 1] = given[taken]


def live(economy: Economy, months: int) -> list[Sequence[float]]:
    """Let an economy live and take its measures each month, as `simulate` does; return them."""
    values = []
    for _ in range(months):
        economy.live_a_month()
        values.append(list(measured(economy.snapshot()).values()))
        grouped(economy.snapshot())
    return values
