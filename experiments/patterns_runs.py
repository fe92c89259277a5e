"""The runs behind the patterns: fixed seeds, two processes, one set of runs for all patterns of a world."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from typing import Any

from pebble import ProcessPool

from experiments.patterns_banks import banks_that_force, banks_that_offer
from experiments.patterns_default import default_run
from experiments.patterns_worlds import firms_under_pressure, leaky_tills, offices_that_compel
from experiments.progress import SweepProgress

MOST_WORKERS = 2
"""More would not be faster where it matters: a machine with two cores."""
SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True)
class World:
    """A kind of run: what is done with a seed, for how many people, and with how many seeds from 1 on."""

    run: Callable[[int, int], Any]
    consumers: int
    seeds: int


WORLDS: Mapping[str, World] = {
    "leaking": World(leaky_tills, 3000, 6),
    "forcing": World(banks_that_force, 3000, 4),
    "pressing": World(firms_under_pressure, 2000, 4),
    "default": World(default_run, 4000, 12),
    "offering": World(banks_that_offer, 4000, 8),
    "compelling": World(offices_that_compel, 4000, 4),
}
"""In the order in which they begin: the longest first."""


def run_worlds(
    names: Iterable[str], *, workers: int | None = None, worlds: Mapping[str, World] = WORLDS
) -> dict[str, list[Any]]:
    """Run the worlds of these names, every seed, and return their results in the order of seeds."""
    wanted = set(names)
    jobs = [(name, seed) for name, world in worlds.items() if name in wanted for seed in _seeds(world)]
    found: dict[tuple[str, int], Any] = {}
    with SweepProgress() as progress:
        progress.more(len(jobs))
        for job, result in _results(jobs, worlds, workers or min(MOST_WORKERS, os.cpu_count() or 1)):
            found[job] = result
            progress.one_more(failed=False)
    return {name: [found[name, seed] for seed in _seeds(worlds[name])] for name in wanted}


def _seeds(world: World) -> range:
    return range(1, world.seeds + 1)


def _results(
    jobs: list[tuple[str, int]], worlds: Mapping[str, World], workers: int
) -> Iterator[tuple[tuple[str, int], Any]]:
    """Yield results as they come; one worker needs no process of its own."""
    if workers == 1:
        for name, seed in jobs:
            yield (name, seed), worlds[name].run(seed, worlds[name].consumers)
        return
    _warm_up()
    spawned = multiprocessing.get_context("spawn")
    pool = ProcessPool(workers, initializer=_watch_parent, initargs=(os.getpid(),), context=spawned)
    try:
        waiting: dict[Future[Any], tuple[str, int]] = {}
        for name, seed in jobs:
            waiting[pool.schedule(worlds[name].run, args=(seed, worlds[name].consumers))] = (name, seed)
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    finally:
        pool.stop()
        pool.join()


def _watch_parent(parent: int) -> None:
    """End this worker when whoever started it is gone, even if it was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _warm_up() -> None:
    """Compile what is not compiled yet once, and not in every process."""
    from experiments.performing import warm_up

    warm_up()
