"""Intercepts: what the listed terms do not explain, solved against observed acceptance.

An anchor says which share of people or occasions used a channel in a year. Its intercept (the task's,
or the channel's where a task has several) moves until the simulated share, given what firms offer,
meets the anchor. The same seeds and rounds give the same intercepts. Where an observed series exists,
the catalogue's anchor is of 2015 or earlier: later years stay unseen.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from agents import ledger as lines
from model.economy import Economy
from model.snapshot import Snapshot
from model.tasks import Anchor, Catalogue, Task, load_catalogue

SEEDS = (101, 102)
ROUNDS = 8
CONSUMERS = 3000
_STEP = 0.8  # of the gap in logits that a round closes
_FIRST_YEAR = 1990  # simulated from here, or from an earlier anchor
_READ_IN_MONTH = 5  # June: an observed year is compared with its middle


class Fit(NamedTuple):
    """One anchor, the intercept that serves it, and how well."""

    name: str  # dotted name of the intercept
    year: int
    basis: str
    target: float
    simulated: float
    coverage: float
    intercept: float
    source: str


def solve(
    catalogue: Catalogue | None = None,
    *,
    seeds: tuple[int, ...] = SEEDS,
    rounds: int = ROUNDS,
    consumers: int = CONSUMERS,
    parameters: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Catalogue, tuple[Fit, ...]]:
    """Return a catalogue with solved intercepts, and how well each anchor is met.

    Parameters
    ----------
    catalogue : the package's own by default.
    seeds : replications that are averaged; other seeds than those that evaluate the model.
    rounds : of simulating and correcting.
    consumers : size of the population.
    parameters : of an economy that differs from the default, such as one without contagion.
    progress : called with (runs done, runs in all).
    """
    catalogue = catalogue or load_catalogue()
    anchored = [(task, anchor) for task in catalogue.tasks for anchor in task.anchors]
    settings = {**(parameters or {}), "population.consumers": consumers}
    total = (rounds + 1) * len(seeds)
    fits: tuple[Fit, ...] = ()
    for round_number in range(rounds + 1):
        readings = []
        for place, seed in enumerate(seeds):
            readings.append(_read(catalogue, anchored, seed, settings))
            if progress:
                progress(round_number * len(seeds) + place + 1, total)
        fits = _fits(catalogue, anchored, np.mean(readings, axis=0))
        if round_number < rounds:
            bounds = {number.name: (number.low, number.high) for number in catalogue.numbers()}
            catalogue = catalogue.replaced({fit.name: _corrected(fit, *bounds[fit.name]) for fit in fits})
    return catalogue, fits


def intercept_name(task: Task, anchor: Anchor) -> str:
    """Return the intercept that an anchor solves: the channel's where a task has several channels."""
    if anchor.channel and len(task.channels) > 1:
        return f"tasks.{task.name}.{anchor.channel}.intercept"
    return f"tasks.{task.name}.intercept"


def _corrected(fit: Fit, low: float, high: float) -> float:
    if fit.coverage < 0.02:
        return fit.intercept
    reachable = 0.98 * fit.coverage
    gap = _logit(min(fit.target, reachable) / fit.coverage) - _logit(fit.simulated / fit.coverage)
    return min(high, max(low, fit.intercept + _STEP * max(-2.0, min(2.0, gap))))


def _logit(share: float) -> float:
    bounded = min(0.995, max(0.0005, share))
    return math.log(bounded / (1.0 - bounded))


def _fits(catalogue: Catalogue, anchored: list[tuple[Task, Anchor]], readings: np.ndarray) -> tuple[Fit, ...]:
    values = {number.name: number.value for number in catalogue.numbers()}
    return tuple(
        Fit(
            name,
            anchor.year,
            anchor.basis,
            anchor.value,
            float(share),
            float(coverage),
            values[name],
            anchor.source,
        )
        for (task, anchor), (share, coverage) in zip(anchored, readings, strict=True)
        for name in [intercept_name(task, anchor)]
    )


def _read(
    catalogue: Catalogue, anchored: list[tuple[Task, Anchor]], seed: int, parameters: Mapping[str, Any]
) -> np.ndarray:
    """Return (simulated share, coverage) of every anchor in one run."""
    years = [anchor.year for _, anchor in anchored]
    begin = min(_FIRST_YEAR, *years)
    months = (max(years) - begin) * 12 + _READ_IN_MONTH + 1
    economy = Economy(
        parameters,
        start=f"{begin}-01",
        months=months,
        rng=seed,
        catalogue=catalogue,
        threads=2,
    )
    readings = np.zeros((len(anchored), 2))
    for month in range(months):
        economy.live_a_month()
        due = [
            row
            for row, (_, anchor) in enumerate(anchored)
            if (anchor.year - begin) * 12 + _READ_IN_MONTH == month
        ]
        for row in due:
            readings[row] = _reading(economy.snapshot(), *anchored[row])
    return readings


def _reading(month: Snapshot, task: Task, anchor: Anchor) -> tuple[float, float]:
    row = month.names.tasks.index(task.name)
    sums = month.private_users[row]
    people = month.private[lines.PEOPLE]
    share = {
        "persons_3m": sums[lines.DIGITAL_QUARTER] / people,
        "persons_12m": sums[lines.DIGITAL_YEAR] / people,
        "regular_users": sums[lines.USERS] / people,
        "eligible": sums[lines.USERS] / max(sums[lines.ELIGIBLE], 1.0),
        "occasions": _occasions(month, row, anchor),
    }[anchor.basis]
    return share, _coverage(month, task, anchor)


def _occasions(month: Snapshot, row: int, anchor: Anchor) -> float:
    sums = month.private_tasks[row]
    kept = sums[lines.SELF_SERVED] - sums[lines.INDUCED]
    share = float(kept / max(sums[lines.BASELINE], 1e-12))
    if anchor.channel is None:
        return share
    return share * month.channel_mix(f"{month.names.tasks[row]}.{anchor.channel}")


def _coverage(month: Snapshot, task: Task, anchor: Anchor) -> float:
    """Return the share of customers whom the anchored channel, or any channel of the task, has reached."""
    names = [anchor.channel] if anchor.channel else [channel.name for channel in task.channels]
    return max(month.channel_coverage(f"{task.name}.{name}") for name in names)
