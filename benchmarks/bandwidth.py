"""What the machine's memory would allow: bytes that a month must touch, and how fast memory moves them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

from benchmarks import grown
from benchmarks.figures import Figure, median_seconds

LINE = 64  # bytes that memory moves at once
_WORDS = 1 << 24  # of each array of the triad: 128 MB, beyond every cache
_MOVED = 4 * 8  # bytes per word: two are read, one is fetched to be written, and written


@njit(nogil=True, cache=True, error_model="numpy")
def _triad(a: np.ndarray, b: np.ndarray, c: np.ndarray, factor: float) -> None:
    for place in range(len(a)):
        a[place] = b[place] + factor * c[place]


def bandwidth(threads: int, repeats: int) -> float:
    """Return bytes per second of the triad a = b + s · c (McCalpin's STREAM).

    What is fetched in order to be written counts too.
    """
    a, b, c = (np.full(_WORDS, value) for value in (0.0, 1.0, 2.0))
    parts = np.array_split(np.arange(_WORDS), threads)
    slices = [slice(int(part[0]), int(part[-1]) + 1) for part in parts]
    with ThreadPoolExecutor(threads) as workers:

        def once() -> None:
            list(workers.map(lambda part: _triad(a[part], b[part], c[part], 3.0), slices))

        once()
        return _WORDS * _MOVED / median_seconds(once, repeats)


def touched(consumers: int, people: int) -> tuple[float, float]:
    """Return bytes per consumer that a month in 2015 reads, and that it changes, in whole lines of memory.

    Every column is read once, and a line in which anything changed is written once: less is impossible
    for this state, however clever the pass.
    """
    economy = grown.newborn(consumers, 1)
    grown.grow(economy, grown.moments(people)[grown.MIDDLES[2]])
    columns = economy.consumers.columns
    before = [column.copy(order="K") for column in columns]
    grown.live(economy, 1)
    changed = sum(_lines_changed(one, other) for one, other in zip(before, columns, strict=True))
    return sum(column.nbytes for column in columns) / consumers, changed * LINE / consumers


def _lines_changed(before: np.ndarray, after: np.ndarray) -> int:
    """Return the number of lines of memory in which a column changed."""
    one, other = (np.ravel(column, order="K").view(np.uint8) for column in (before, after))
    starts = np.arange(0, len(one), LINE)
    return int(np.logical_or.reduceat(one != other, starts).sum())


def figures(*, quick: bool) -> Iterator[Figure]:
    """Yield bandwidth, bytes, and the rate that they allow."""
    read, changed = touched(20_000 if quick else 100_000, 4_000 if quick else 20_000)
    yield Figure("a month must read", read, "bytes per consumer")
    yield Figure("a month changes lines of", changed, "bytes per consumer")
    for threads in (1, 2):
        speed = bandwidth(threads, 3 if quick else 9)
        yield Figure(f"memory bandwidth, triad, threads {threads}", speed / 1e9, "GB per s")
        rate = speed / (read + changed) / 1e6
        name = f"what bandwidth alone would allow, threads {threads}"
        yield Figure(name, rate, "million consumer-months per s")
