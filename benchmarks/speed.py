"""How fast a month is: the array pass, the whole economy, and the same slice in plain Mesa."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.figures import Figure, median_seconds
from model import Economy, simulate
from model.economy import BURN_IN
from tests.oracle.plain_mesa import PlainPopulation

BANK = {"economy.sectors": "bank"}
ALL_MONTHS = 492  # of the whole catalogue
MONTHS = 420  # of banking; stored; the burn-in is lived through as well


class Timed:
    """A population's two methods of a month, with the time they took."""

    def __init__(self, population: Any) -> None:
        self.seconds = 0.0
        self._act, self._switch = population.choose_and_act, population.stay_or_switch

    def choose_and_act(self, *arguments: Any) -> Any:
        return self._timed(self._act, arguments)

    def stay_or_switch(self, *arguments: Any) -> Any:
        return self._timed(self._switch, arguments)

    def _timed(self, method: Any, arguments: tuple) -> Any:
        begin = time.perf_counter()
        result = method(*arguments)
        self.seconds += time.perf_counter() - begin
        return result


class TimedEconomy(Economy):
    """A banking economy that times its consumers from birth on."""

    def _burn_in(self, on_month: Any) -> None:
        self.timed = Timed(self._timed_population())
        self._population.choose_and_act = self.timed.choose_and_act  # type: ignore[method-assign]
        self._population.stay_or_switch = self.timed.stay_or_switch  # type: ignore[method-assign]
        super()._burn_in(on_month)

    def _timed_population(self) -> Any:
        return self._population


class PlainEconomy(TimedEconomy):
    """The same economy with plain Mesa consumers, one object each."""

    def _timed_population(self) -> Any:
        return PlainPopulation(self)


def consumer_month(kind: type[TimedEconomy], consumers: int, months: int, *, repeats: int) -> float:
    """Return seconds per consumer and month of the consumers' part of an economy, burn-in included."""
    figures = []
    for _ in range(repeats):
        economy = kind(BANK, consumers=consumers, months=months, start="2005-01", rng=1)
        while economy.running:
            economy.step()
        figures.append(economy.timed.seconds / consumers / (months + BURN_IN))
    return statistics.median(figures)


def run_seconds(sectors: str, consumers: int, months: int, threads: int, *, repeats: int) -> float:
    """Return the median time of a whole run, compiled before, measures and burn-in included."""
    given = {"economy.sectors": sectors, "population.consumers": consumers}
    simulate(given, 1, months=1, threads=threads)
    return median_seconds(lambda: simulate(given, 1, months=months, threads=threads), repeats)


def figures(*, quick: bool) -> Iterator[Figure]:
    """Yield ratios first, then rates."""
    repeats = 1 if quick else 3
    months = 24 if quick else 120
    people = 10_000
    plain = consumer_month(PlainEconomy, 100 if quick else 300, months, repeats=repeats)
    columns = consumer_month(TimedEconomy, people, months, repeats=repeats)
    yield Figure("consumers' month: plain Mesa / columns, one thread", plain / columns, "×")
    yield Figure("plain Mesa", plain * 1e6, "µs per consumer and month")
    yield Figure("columns", columns * 1e6, "µs per consumer and month")
    for sectors, whole, limit in (("bank", MONTHS, 3.0), ("all", ALL_MONTHS, 6.0)):
        length = whole // 7 if quick else whole
        for threads in (1, 2):
            taken = run_seconds(sectors, people, length, threads, repeats=repeats)
            name = f"{people:,} consumers × {length} months, sectors {sectors}, threads {threads}"
            share = (length + BURN_IN) / (whole + BURN_IN)
            yield Figure(name, taken, "s", limit=limit * share)
            rate = people * (length + BURN_IN) / taken / 1e6
            yield Figure(
                f"the same as a rate, {sectors}, threads {threads}", rate, "million consumer-months per s"
            )
