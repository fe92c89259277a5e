"""The same month in C and in numba, on the same columns in turn: equal results, and the ratio of speeds."""

import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from agents import month
from benchmarks import grown
from benchmarks.c_month import FLAGS, MonthInC, compiler, compiler_version
from benchmarks.figures import Figure

SMALL = 1e-9  # relative, of sums; states must be equal


class Comparison(NamedTuple):
    """What both passes made of the same month."""

    numba: float  # s, median
    c: float
    states: int  # columns and counts that differ
    sums: float  # largest relative difference of a sum


class InTurn:
    """Lets a population live every month several times: in numba, in C, and compares.

    Parameters
    ----------
    population : whose month it is.
    repeats : how often each pass lives through the same month.
    """

    def __init__(self, population: Any, repeats: int) -> None:
        self.comparisons: list[Comparison] = []
        self._population, self._repeats = population, repeats
        self._in_numba, self._in_c = population._in_blocks, MonthInC(population)
        population._in_blocks = self

    def __call__(self, work: Any, arguments: list[tuple]) -> None:
        """Live through the pass, and through the month in both languages; what C made of it stays."""
        if work is not month.live_a_month:
            self._in_numba(work, arguments)
            return
        before = self._state()
        threads = self._population.threads
        taken: dict[str, list[float]] = {"numba": [], "c": []}
        for _ in range(self._repeats):
            taken["numba"].append(self._timed(before, lambda: self._in_numba(work, arguments)))
            in_numba = self._state()
            taken["c"].append(self._timed(before, lambda: self._in_c(arguments, threads)))
        comparison = _compared(in_numba, self._state(), number_of_sums=len(self._population._ledger))
        medians = (statistics.median(times) for times in taken.values())
        self.comparisons.append(Comparison(*medians, *comparison))

    def _arrays(self) -> list[np.ndarray]:
        """Return what a month writes: sums, counts, columns."""
        people = self._population
        counts = [column for block in people._counts for column in block]
        return [*people._ledger, *counts, *people.columns]

    def _state(self) -> list[np.ndarray]:
        return [column.copy(order="K") for column in self._arrays()]

    def _timed(self, before: list[np.ndarray], action: Any) -> float:
        for column, earlier in zip(self._arrays(), before, strict=True):
            column[...] = earlier
        begin = time.perf_counter()
        action()
        return time.perf_counter() - begin


def _compared(one: list[np.ndarray], other: list[np.ndarray], *, number_of_sums: int) -> tuple[int, float]:
    """Return how many states differ, and the largest relative difference of a sum."""
    sums, states = slice(number_of_sums), slice(number_of_sums, None)
    differ = sum(not np.array_equal(a, b) for a, b in zip(one[states], other[states], strict=True))
    relative = (
        np.max(np.abs(a - b) / np.maximum(1e-9, np.maximum(np.abs(a), np.abs(b))))
        for a, b in zip(one[sums], other[sums], strict=True)
    )
    return differ, float(max(relative))


def compared(consumers: int, threads: int, people: int, repeats: int) -> dict[int, Comparison]:
    """Return the comparison for a month of each of the years."""
    economy = grown.newborn(consumers, threads)
    turns = InTurn(economy.consumers, repeats)
    moments = grown.moments(people)
    for moment in moments.values():
        grown.grow(economy, moment)
        grown.live(economy, 1)
    return dict(zip(moments, turns.comparisons, strict=True))


def figures(*, quick: bool) -> Iterator[Figure]:
    """Yield whether both are equal, ratios by year, rates."""
    if compiler() is None:
        print("  no gcc on this machine: nothing is compared with C", file=sys.stderr)
        return
    consumers, people, repeats = (50_000, 4_000, 3) if quick else (1_000_000, 20_000, 3)
    compared(4_000, 1, people, 1)  # compiles
    print(f"  {compiler_version()}, {' '.join(FLAGS)}", file=sys.stderr)
    found = {threads: compared(consumers, threads, people, repeats) for threads in (1, 2)}
    every = [one for by_month in found.values() for one in by_month.values()]
    for threads, by_month in found.items():
        numba, c = (sum(by_month[m][place] for m in grown.MIDDLES) for place in (0, 1))
        what = f"a month's first pass, {consumers:,} consumers, threads {threads}"
        yield Figure(f"{what}: speed of numba / speed of C", c / numba, "×", 0.67, at_least=True)
        rate = len(grown.MIDDLES) * consumers / c / 1e6
        yield Figure(f"{what}, in C", rate, "million consumer-months per s")
    for at, one in found[2].items():
        year = grown.START_YEAR + at // 12
        yield Figure(f"speed of numba / speed of C in {year}, threads 2", one.c / one.numba, "×")
    differ = float(sum(one.states for one in every))
    yield Figure("columns and counts that differ between numba and C", differ, "arrays", 0.0)
    largest = max(one.sums for one in every)
    yield Figure("largest relative difference of a sum", largest, "share", SMALL)
