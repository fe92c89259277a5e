"""Known answers: synthetic countries whose levels and trends are known, and what `calibrate` finds of them.

The economy itself is the truth: with every country's observed access and a level and trend drawn for it, it
lives one history per country, on luck that no fit uses, and a survey's noise is added. `calibrate` is then
given nothing but the table.
"""

from __future__ import annotations

import contextlib
import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from agents.draws import decision_key, uniform
from experiments.calibrating import arcsine, shares_of
from experiments.calibration_inputs import inputs_of
from experiments.calibration_work import CalibrationWork
from experiments.comparison import LAST_VALIDATION_YEAR
from experiments.config import Experiment, load_experiment
from experiments.country_runs import Ask, CountryRuns, Place, first_year_of
from experiments.errors import BadInput, Problem, shown
from experiments.out_of_sample import FILE, Scores, read_calibration, scores_of
from experiments.posterior import PARTS, together
from experiments.storing import write_whole

INDICATOR, EXPERIMENT = "internet_banking", "banking-europe"
ASKED = "asked.json"
WORLDS: Mapping[str, Mapping[str, float]] = {
    "as assumed": {},
    "without contagion": {"consumer.peer_effect": 0.0},
}
"""Truths: the literature's peer effect, and none, which the fit cannot know."""
LEVEL_SPREAD, TREND_SPREAD = 1.8, 0.04
"""Of drawn truths, logits and logits per year: about what twelve countries show (CALIBRATION_NOTES)."""
SURVEY_NOISE = 0.01
"""Of arcsine square roots: one percentage point at a share of one half."""
FAR_SEED, FAR_SEEDS = 1000, 1_000_000
"""Histories live on seeds from the first on, one for each country, out of so many: luck that no fit uses."""
NARROW = 1.2816
"""Half of an 80 % interval, in standard deviations."""


@dataclass(frozen=True)
class Recovered:
    """One synthetic world and what was found of it.

    Parameters
    ----------
    truth, found : (countries, 2) of level and trend.
    uncertainty, given_peers : (countries, 2) standard deviations; the second, were the peer effect known.
    scores : the forecast against the same world's later years.
    contagion : what the calibration says of the peer effect.
    """

    name: str
    geos: tuple[str, ...]
    truth: np.ndarray
    found: np.ndarray
    uncertainty: np.ndarray
    given_peers: np.ndarray
    scores: Scores
    contagion: str

    @property
    def errors(self) -> np.ndarray:
        """Estimates minus truths (countries, 2)."""
        return self.found - self.truth

    @property
    def correlation(self) -> np.ndarray:
        """Between truths and estimates, of level and of trend."""
        pairs = [np.corrcoef(self.truth[:, which], self.found[:, which])[0, 1] for which in range(2)]
        return np.array(pairs)

    def covered(self, spread: np.ndarray) -> np.ndarray:
        """Return how many truths lie inside the 80 % intervals of level and of trend."""
        return np.asarray((np.abs(self.errors) <= NARROW * spread).sum(axis=0))


def drawn(geo: str, seed: int) -> np.ndarray:
    """Return level and trend of a synthetic country; the draw is addressed by its code.

    >>> bool((drawn("AT", 1) == drawn("AT", 1)).all()), bool((drawn("AT", 1) == drawn("DK", 1)).any())
    (True, False)
    """
    luck = np.array([_normal(seed, f"true {name} of {geo}") for name in ("level", "trend")])
    return np.asarray(luck.clip(-2.0, 2.0) * [LEVEL_SPREAD, TREND_SPREAD])


def seed_of(geo: str, seed: int) -> int:
    """Return the seed of a country's one history: its own, or all countries would share one history's luck.

    >>> seed_of("AT", 1) == seed_of("DK", 1)
    False
    """
    return FAR_SEED + int(FAR_SEEDS * uniform(decision_key(seed, f"history of {geo}"), 0, 0))


def _normal(seed: int, what: str) -> float:
    """Return the standard normal draw that belongs to a seed and a name."""
    return float(ndtri(uniform(decision_key(seed, what), 0, 0)))


def recovered(folder: Path, overrides: Sequence[str], workers: int) -> list[Recovered]:
    """Make every synthetic world, calibrate it, and return what was found; finished runs are kept.

    Parameters
    ----------
    overrides : `key=value` of the experiment `banking-europe`.
    """
    return [_recovered(name, _folder_of(folder, name), overrides, workers) for name in WORLDS]


def refuse_others(folder: Path, overrides: Sequence[str]) -> None:
    """Raise `BadInput` for worlds that another experiment or another version of the model has made."""
    asked = _asked(load_experiment(EXPERIMENT, overrides))
    problems = []
    for name in WORLDS:
        kept = _folder_of(folder, name) / ASKED
        there = kept.read_text(encoding="utf-8") if kept.is_file() else asked
        if there != asked:
            what = f"--out {kept.parent} holds a world of other settings or by another version of the model"
            problems.append(Problem(what, f"{_named(asked)}, or another folder", _named(there)))
    if problems:
        raise BadInput(*problems)


def _folder_of(folder: Path, world: str) -> Path:
    return folder / world.replace(" ", "-")


def _asked(experiment: Experiment) -> str:
    """Return what identifies a world before anything of it is run."""
    from model.version import model_version

    found = {"software": "prosuming", "hash": experiment.hash, "model_version": model_version()}
    return json.dumps(found, indent=1) + "\n"


def _named(asked: str) -> str:
    """Return what stands in a message: the first digits of both.

    >>> _named('{"hash": "0123456789", "model_version": "abc"}')
    '01234567, model version abc'
    """
    try:
        found = json.loads(asked)
        return f"{found['hash'][:8]}, model version {found['model_version']}"
    except (ValueError, KeyError, TypeError):
        return shown(asked)


def _recovered(name: str, folder: Path, overrides: Sequence[str], workers: int) -> Recovered:
    table, truth = folder / "observed.csv", folder / "truth.json"
    print(f"known answers, the world {name}", file=sys.stderr)
    known = _written(name, folder, overrides, workers)
    told = _calibrated(folder / "fit", table, overrides, workers)
    write_whole(truth, json.dumps({geo: known[geo].tolist() for geo in known}, indent=1) + "\n")
    geos = tuple(geo for geo in told["countries"] if geo in known)
    parts = {name: _of(told, geos, "uncertainty_parts", name) for name in PARTS}
    return Recovered(
        name,
        geos,
        truth=np.array([known[geo] for geo in geos]),
        found=_of(told, geos, "parameters"),
        uncertainty=together(parts),
        given_peers=together(parts, without="peer_effect"),
        scores=scores_of(told, table),
        contagion=str(told["contagion"]),
    )


def _of(told: Mapping[str, Any], geos: Sequence[str], *keys: str) -> np.ndarray:
    """Return levels and trends (countries, 2) that a calibration tells of its countries; NaN for unknown."""
    own: list[Any] = [reduce(lambda part, key: part[key], keys, told["countries"][geo]) for geo in geos]
    return np.array([list(one.values()) for one in own], dtype=np.float64)


def _written(name: str, folder: Path, overrides: Sequence[str], workers: int) -> dict[str, np.ndarray]:
    """Let the economy live every country's history and write what a survey would have seen of it."""
    experiment = load_experiment(EXPERIMENT, overrides)
    options = Namespace(
        indicator=INDICATOR, observed=None, access=None, until=str(LAST_VALIDATION_YEAR), countries=None,
        shared=None,
    )  # fmt: skip
    inputs = inputs_of(options, first_year_of(experiment.start))
    work = CalibrationWork(experiment, inputs, Place(workers))
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / ASKED, _asked(experiment))
    truth = {geo: drawn(geo, experiment.seed) for geo in inputs.targets}
    asks = [
        Ask(geo, _parameters(own, WORLDS[name]), seed_of(geo, experiment.seed)) for geo, own in truth.items()
    ]
    with CountryRuns(work.setting, work.fixed, folder / "runs", work.place, len(asks)) as runs:
        paths = runs.shares(asks)
    lines = ["indicator,geo,year,value,unit,source"]
    for (geo, target), path in zip(inputs.targets.items(), paths, strict=True):
        years = target.years[target.years >= work.plan.first_simulated]
        seen = shares_of(arcsine(path[years - work.plan.first_simulated]) + _survey_noise(geo, years))
        lines += [
            f"{INDICATOR},{geo},{year},{100.0 * share:.2f},% individuals 16-74,synthetic"
            for year, share in zip(years.tolist(), seen.tolist(), strict=True)
        ]
    write_whole(folder / "observed.csv", "\n".join(lines) + "\n")
    return truth


def _parameters(own: np.ndarray, world: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    local = {"country.level": float(own[0]), "country.trend": float(own[1])}
    return tuple(sorted({**local, **world}.items()))


def _survey_noise(geo: str, years: np.ndarray) -> np.ndarray:
    return SURVEY_NOISE * np.array([_normal(int(year), f"survey of {geo}") for year in years])


def _calibrated(into: Path, table: Path, overrides: Sequence[str], workers: int) -> dict[str, Any]:
    from experiments.cli import DONE, dispatch

    changed = [word for override in overrides for word in ("--set", override)]
    given = ["--indicator", INDICATOR, "--observed", str(table), "--out", str(into)]
    with contextlib.redirect_stdout(sys.stderr):
        code = dispatch(["calibrate", EXPERIMENT, *given, "--workers", str(workers), *changed])
    if code != DONE:
        raise BadInput(Problem(f"`calibrate` of {table} ended with exit code {code}"))
    return read_calibration(into / FILE)
