"""How a month grows with the number of consumers: the full model, one and two threads, up to a whole run."""

import hashlib
import math
import statistics
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from benchmarks import grown
from benchmarks.figures import Figure, seconds
from model import Economy, simulate
from model.economy import BURN_IN

MONTHS = 480
TARGET = 60.0  # seconds for a million consumers
THREADS = (1, 2)
_PERSON_MONTHS = 2_000_000  # at least so many are measured for each size, year and number of threads


class Sample(NamedTuple):
    """What was measured of one size with one number of threads."""

    consumers: int
    threads: int
    seconds: dict[int, float]  # of a month, by the month at which the sample begins
    digest: str  # of all columns and measures afterwards

    @property
    def mean(self) -> float:
        """Seconds of a month, mean over the middles of four decades."""
        return statistics.fmean(self.seconds[month] for month in grown.MIDDLES)

    @property
    def rate(self) -> float:
        """Consumer-months per second."""
        return self.consumers / self.mean


def sample(consumers: int, threads: int, people: int, *, least: int) -> Sample:
    """Measure months of an economy of some size in five years."""
    economy = grown.newborn(consumers, threads)
    months = max(least, min(48, _PERSON_MONTHS // consumers))
    digest, taken = hashlib.blake2b(digest_size=8), {}
    for month, moment in grown.moments(people).items():
        grown.grow(economy, moment)
        if month < 0:
            grown.live(economy, 1)  # whatever is loaded once is loaded
            grown.grow(economy, moment)
        taken[month] = statistics.median(_timed_months(economy, months, digest))
        for column in economy.consumers.columns:
            digest.update(np.ascontiguousarray(column.T))
    return Sample(consumers, threads, taken, digest.hexdigest())


def _timed_months(economy: Economy, months: int, digest: "hashlib.blake2b") -> Iterator[float]:
    for _ in range(months):
        begin = time.perf_counter()
        values = grown.live(economy, 1)
        taken = time.perf_counter() - begin
        digest.update(np.array(values))
        yield taken


def exponents(samples: list[Sample]) -> list[float]:
    """Return the exponents with which the time of a month grows from one size to the next."""
    return [
        math.log(large.mean / small.mean) / math.log(large.consumers / small.consumers)
        for small, large in pairwise(samples)
    ]


def figures(*, quick: bool, full: bool = False) -> Iterator[Figure]:
    """Yield growth, equality, rates and the target."""
    people = 4_000 if quick else 20_000
    sizes = [10**power for power in range(3, 6 if quick else 7)]
    least = 2 if quick else 3
    found = {threads: [sample(size, threads, people, least=least) for size in sizes] for threads in THREADS}
    steepest = max(exponents(found[1][1:]))
    span = f"{sizes[1]:,} to {sizes[-1]:,} consumers"
    yield Figure(f"growth of a month's time, steepest step from {span}", steepest, "exponent", 1.05)
    whole = math.log(found[1][-1].mean / found[1][0].mean) / math.log(sizes[-1] / sizes[0])
    yield Figure(f"growth of a month's time, {sizes[0]:,} to {sizes[-1]:,}", whole, "exponent", 1.05)
    differ = sum(one.digest != other.digest for one, other in zip(*found.values(), strict=True))
    yield Figure(
        "sizes whose columns and measures differ between 1 and 2 threads", float(differ), "sizes", 0.0
    )
    for one in (each for threads in THREADS for each in found[threads]):
        name = f"{one.consumers:,} consumers, all tasks, threads {one.threads}"
        yield Figure(name, one.rate / 1e6, "million consumer-months per s")
    yield from by_year(found[THREADS[-1]][-1])
    yield from target(found[THREADS[-1]][-1], full=full)


def by_year(one: Sample) -> Iterator[Figure]:
    """Yield what a consumer's month costs in each of the years."""
    for month, taken in one.seconds.items():
        year = grown.START_YEAR + month // 12
        name = f"a consumer's month in {year}, {one.consumers:,} consumers, threads {one.threads}"
        yield Figure(name, 1e9 * taken / one.consumers, "ns")


def target(one: Sample, *, full: bool) -> Iterator[Figure]:
    """Yield how long a million consumers take for 480 months: measured with ``full``, else extrapolated."""
    people = 1_000_000
    what = f"{people:,} consumers × {MONTHS} months, all tasks, threads {one.threads}"
    if full:
        marks: dict[int, float] = {}
        begin = time.perf_counter()

        def note(done: int, _: int) -> None:
            marks[done] = time.perf_counter()

        taken = seconds(
            lambda: simulate({"population.consumers": people}, 1, months=MONTHS, threads=2, progress=note)
        )
        stored = begin + taken - marks[BURN_IN]
        how = "measured"
    else:
        share = people / one.consumers
        stored = MONTHS * one.mean * share
        early = statistics.fmean((one.seconds[-BURN_IN], one.seconds[0]))
        taken = stored + BURN_IN * early * share
        how = f"extrapolated from the middles of four decades at {one.consumers:,}"
    yield Figure(f"{what}: the stored months, {how}", stored, "s", TARGET)
    yield Figure(f"{what}: with the {BURN_IN} months of burn-in, {how}", taken, "s", TARGET)
