"""Is every parameter live? Move one at a time, with the luck held fixed, and see what moves.

A run is summed up by the mean of every measure over its whole horizon and over its last five years.
With common luck a parameter that nobody reads changes nothing at all: not one bit. One that is read
may change a run chaotically, by a single decision that falls out otherwise, so a difference alone
proves little. A measure has *moved* when the paired difference, over seeds, has an interval that
excludes zero, corrected for the number of measures looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.liveness_plan import CONTEXTS, Trial

LOOKS = ((1, 2, 3, 4, 5, 6), (7, 8, 9, 10, 11, 12))
"""Seeds of the first look, and those added for parameters that it leaves open."""
LAST_YEARS = 60
"""Months of the later window."""
ERROR = 0.05
"""Chance that a parameter without effect is called live: an equal part for each look, half of it for
the measures that are watched."""
STRONG = 0.5
"""Effect in seed-to-seed standard deviations from which a parameter is strong."""
LEAST = 0.02
"""Below this, in seed-to-seed standard deviations and as a share of the level, an effect is nothing."""

Key = tuple[str, str, str, str]
"""Measure, dimension, group, window; dimension and group are empty for the whole economy."""


@dataclass(frozen=True)
class Job:
    """One run: the economy, what is changed in it, and the seed."""

    context: str
    changes: tuple[tuple[str, Any], ...]
    seed: int


@dataclass(frozen=True)
class Summary:
    """What is kept of a run."""

    keys: tuple[Key, ...]
    values: np.ndarray


@dataclass(frozen=True)
class Verdict:
    """What moving one parameter did to the measure that it moves most.

    `effect` is in the measure's unit, `error` its standard error, `size` the effect in seed-to-seed
    standard deviations, `moved` the number of measures beyond noise. `verdict` is strong, weak, noise
    (moved, but by chance for all one can tell) or dead (nothing moved, not by one bit).
    """

    trial: Trial
    verdict: str
    key: Key
    seeds: int
    moved: int
    level: float
    effect: float
    error: float
    t: float
    size: float


def summary(job: Job) -> Summary:
    """Run one economy and sum it up."""
    from model.simulation import simulate

    context = CONTEXTS[job.context]
    parameters = {**context.parameters, **dict(job.changes)}
    results = simulate(parameters, job.seed, start=context.start, months=context.months)
    addresses = [*((name, "", "") for name in results.measures), *results.group_keys]
    series = np.concatenate([results.values, results.group_values], axis=1)
    windows = {"all years": series, "last years": series[-LAST_YEARS:]}
    keys = tuple((*address, window) for window in windows for address in addresses)
    return Summary(keys, np.concatenate([values.mean(axis=0) for values in windows.values()]))


def jobs_of(trials: Iterable[Trial], seeds: Sequence[int]) -> list[Job]:
    """Return the runs that trials need; the undisturbed run of a context is shared by its trials."""
    wanted: dict[Job, None] = {}
    for trial in trials:
        for seed in seeds:
            wanted[Job(trial.context, (), seed)] = None
            wanted[Job(trial.context, trial.changes, seed)] = None
    return list(wanted)


def verdicts(
    trials: Sequence[Trial],
    summaries: Callable[[list[Job]], Iterable[tuple[Job, Summary]]],
    looks: Sequence[Sequence[int]] = LOOKS,
) -> list[Verdict]:
    """Return what moving each parameter did; what looks like noise is looked at again with more seeds.

    Parameters
    ----------
    trials : the parameters.
    summaries : runs jobs and yields each with its summary, in any order.
    looks : the seeds of the first look, those added for the next, …
    """
    done: dict[Job, Summary] = {}
    found: dict[str, Verdict] = {}
    seeds: list[int] = []
    for look in looks:
        unsettled = [
            trial for trial in trials if trial.name not in found or found[trial.name].verdict == "noise"
        ]
        seeds += look
        done |= dict(summaries(jobs_of(unsettled, look))) if unsettled else {}
        for trial in unsettled:
            before = [done[Job(trial.context, (), seed)] for seed in seeds]
            after = [done[Job(trial.context, trial.changes, seed)] for seed in seeds]
            found[trial.name] = judge(trial, before, after, error=ERROR / len(looks))
    return [found[trial.name] for trial in trials]


def judge(
    trial: Trial, before: Sequence[Summary], after: Sequence[Summary], *, error: float = ERROR
) -> Verdict:
    """Compare runs with and without the change, seed by seed; `error` is the chance of a false alarm."""
    keys, usual, changed = _compared(trial, before, after)
    difference = changed - usual
    n = len(difference)
    effect, deviation = difference.mean(axis=0), difference.std(axis=0, ddof=1) / np.sqrt(n)
    spread = np.sqrt((usual.var(axis=0, ddof=1) + changed.var(axis=0, ddof=1)) / 2.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(effect == 0.0, 0.0, np.abs(effect) / deviation)
        size = np.where(effect == 0.0, 0.0, np.abs(effect) / spread)
    level = np.abs(usual.mean(axis=0))
    beyond_noise = (t > _critical(keys, trial.watch, n, error)) & (
        (size > LEAST) | (np.abs(effect) > LEAST * level)
    )
    best = int(np.argmax(np.where(beyond_noise, 1e6, 0.0) + np.minimum(size, 1e5)))
    word = _word(bool(np.any(difference != 0.0)), bool(beyond_noise[best]), float(size[best]))
    numbers = (float(column[best]) for column in (usual.mean(axis=0), effect, deviation, t, size))
    return Verdict(trial, word, keys[best], n, int(beyond_noise.sum()), *numbers)


def _word(changed: bool, beyond_noise: bool, size: float) -> str:
    if not changed:
        return "dead"
    if not beyond_noise:
        return "noise"
    return "strong" if size >= STRONG else "weak"


def _compared(
    trial: Trial, before: Sequence[Summary], after: Sequence[Summary]
) -> tuple[list[Key], np.ndarray, np.ndarray]:
    """Return the measures that both sides have and that concern the trial, and their values by seed."""
    places = [{key: place for place, key in enumerate(one.keys)} for one in (*before, *after)]
    common = [key for key in before[0].keys if all(key in place for place in places)]
    keys = [key for key in common if _concerns(trial, key)]
    rows = [
        one.values[[place[key] for key in keys]] for one, place in zip((*before, *after), places, strict=True)
    ]
    values = np.array(rows)
    defined = np.isfinite(values).all(axis=0)
    values = values[:, defined]
    kept = [key for key, known in zip(keys, defined, strict=True) if known]
    return kept, values[: len(before)], values[len(before) :]


def _concerns(trial: Trial, key: Key) -> bool:
    return not key[1] or (key[1], key[2]) in trial.groups or address(key) in trial.watch


def _critical(keys: Sequence[Key], watch: Sequence[str], n: int, error: float) -> np.ndarray:
    """Return the critical t of each measure: half of the error for the watched, half for the rest."""
    from scipy.stats import t as student

    watched = np.array([address(key) in watch for key in keys])
    shared = np.where(watched, max(1, watched.sum()), max(1, (~watched).sum()))
    parts = 2.0 if watched.any() else 1.0
    return np.asarray(student.isf(error / parts / shared / 2.0, n - 1))


def address(key: Key) -> str:
    """Return how a measure is written: `churn_rate`, or `user_share@task:cash` for a group."""
    measure, dimension, group, _ = key
    return f"{measure}@{dimension}:{group}" if dimension else measure
