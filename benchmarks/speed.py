"""How fast a month is against plain Mesa, one object per consumer; whole runs of ten thousand consumers."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.figures import Figure, median_seconds
from model import Economy, simulate
from model.economy import BURN_IN
from tests.oracle.plain_mesa import PlainPopulation

ALL_MONTHS = 492  # of the whole catalogue
MONTHS = 420  # of banking; stored; the burn-in is lived through as well
START = "2010-01"  # of the comparison with plain Mesa: most channels exist


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
    """An economy that times its consumers from birth on."""

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


def consumer_month(
    kind: type[TimedEconomy], sectors: str, consumers: int, months: int, *, repeats: int, threads: int = 1
) -> float:
    """Return seconds per consumer and month of the consumers' part of an economy, burn-in included."""
    figures = []
    for _ in range(repeats):
        economy = kind(
            {"economy.sectors": sectors},
            consumers=consumers, months=months, start=START, rng=1, threads=threads,
        )  # fmt: skip
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
    for sectors in ("all", "bank"):
        yield from against_plain_mesa(sectors, quick=quick)
    people, repeats = 10_000, 1 if quick else 3
    for sectors, whole, limit in (("bank", MONTHS, 3.0), ("all", ALL_MONTHS, 6.0)):
        length = whole // 7 if quick else whole
        for threads in (1, 2):
            taken = run_seconds(sectors, people, length, threads, repeats=repeats)
            name = f"{people:,} consumers × {length} months, sectors {sectors}, threads {threads}"
            share = (length + BURN_IN) / (whole + BURN_IN)
            yield Figure(name, taken, "s", limit=limit * share)


def against_plain_mesa(sectors: str, *, quick: bool) -> Iterator[Figure]:
    """Yield how many times as fast as plain Mesa objects the columns are, by threads."""
    few, many = (60, 10_000) if quick else (200, 100_000)
    months, repeats = (6, 1) if quick else (24, 3)
    plain = consumer_month(PlainEconomy, sectors, few, months, repeats=repeats)
    columns = {
        threads: consumer_month(TimedEconomy, sectors, many, months, repeats=1, threads=threads)
        for threads in (1, 2)
    }
    for threads, taken in columns.items():
        limit = 300.0 if threads == 2 else None
        name = f"plain Mesa / columns, consumers' month, sectors {sectors}, threads {threads}"
        yield Figure(name, plain / taken, "×", limit, at_least=True)
    yield Figure(f"plain Mesa, sectors {sectors}, {few} consumers", plain * 1e9, "ns per consumer and month")
    for threads, taken in columns.items():
        name = f"columns, sectors {sectors}, {many:,} consumers, threads {threads}"
        yield Figure(name, taken * 1e9, "ns per consumer and month")
