"""Runs of the economy for countries: on the sweep's executor, each kept as soon as it has ended.

A run is asked for by country, parameters and seed. What has been computed before, in this session or in one
that was killed, is read from the folder; what is read is what was computed, digit for digit.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from experiments.config import digest
from experiments.performing import Job, MonthDone, Setting, failed
from experiments.progress import SweepProgress
from experiments.shards import Finished, Run
from experiments.storing import temporary_folder, write_whole

if TYPE_CHECKING:
    from model.technology import Drivers

SURVEY_MONTHS = 6
"""An observed year is compared with the mean of January to June."""


@dataclass(frozen=True)
class CountrySetting(Setting):
    """What all runs of a calibration share; each country has drivers of its own."""

    by_country: Mapping[str, Drivers] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """One run: a country, the parameters that differ from the experiment's, a seed."""

    geo: str
    parameters: tuple[tuple[str, float], ...]
    seed: int


class RunFailed(RuntimeError):
    """A run of a country that came to no end."""

    def __init__(self, geo: str, reason: str) -> None:
        self.geo, self.reason = geo, reason
        super().__init__(f"{geo}: {reason}")


@dataclass(frozen=True)
class Place:
    """Where runs are computed: processes here, or a Dask scheduler's address."""

    workers: int
    scheduler: str | None = None


def country_run(setting: CountrySetting, job: Job, month_done: MonthDone | None = None) -> Finished:
    """Compute one run under its country's drivers; called in a worker. A failure is a result too."""
    began = time.perf_counter()
    try:
        shares = _lived_through(setting, job, month_done)
    except Exception as error:  # noqa: BLE001 - whatever one run raises must not take the others down
        return failed(setting, job, error, seconds=time.perf_counter() - began)
    run = replace(job.run, status="ok", seconds=time.perf_counter() - began)
    return Finished(run, None, {**job.varied, "shares": shares})


def _lived_through(setting: CountrySetting, job: Job, month_done: MonthDone | None) -> list[float]:
    """Return the mean of January to June of the measure for every year; other months are not measured."""
    from model import Economy
    from model.measuring import measured

    measures = tuple(setting.measures or ())
    economy = Economy(
        job.parameters,
        start=setting.start,
        months=setting.months,
        rng=job.run.seed,
        catalogue=setting.catalogue,
        drivers=setting.by_country[job.varied["geo"]],
        threads=setting.threads,
    )
    monthly = np.full(setting.months, np.nan)
    for month in range(setting.months):
        economy.live_a_month()
        if (int(setting.start.split("-")[1]) - 1 + month) % 12 < SURVEY_MONTHS:
            monthly[month] = measured(economy.snapshot(), measures)[measures[0]]
        if month_done is not None:
            month_done(month, setting.months)
    return survey_shares(monthly, setting.start).tolist()


class CountryRuns:
    """The economy, asked for many runs at once.

    Parameters
    ----------
    setting : what the runs share.
    fixed : the experiment's parameters.
    folder : where finished runs are kept.
    expected : number of runs that are likely to be needed, for the time left.
    """

    def __init__(
        self, setting: CountrySetting, fixed: Mapping[str, Any], folder: Path, place: Place, expected: int
    ) -> None:
        self._setting, self._fixed, self._folder, self._place = setting, dict(fixed), folder, place
        self._known: dict[str, np.ndarray] = {}
        self._content = {geo: _content(drivers) for geo, drivers in setting.by_country.items()}
        self._expected = expected
        self._engine: Any = None
        self.progress = SweepProgress()
        self._open = ExitStack()
        self.computed = 0

    def __enter__(self) -> Self:
        """Show progress; workers start with the first run that is missing."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._open.enter_context(self.progress)
        self.progress.more(self._expected)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop the workers."""
        self._open.__exit__(kind, error, trace)

    def shares(self, asks: Iterable[Ask]) -> list[np.ndarray]:
        """Return the share of people by survey year, from the first simulated year on, for every ask."""
        wanted = list(asks)
        names = [self._name(ask) for ask in wanted]
        missing: dict[str, Ask] = {}
        for name, ask in zip(names, wanted, strict=True):
            if name not in self._known and not self._read(name):
                missing[name] = ask
            elif self.progress.ended < self.progress.total:
                self.progress.total -= 1
        if missing:
            self._compute(missing)
        return [self._known[name] for name in names]

    def _name(self, ask: Ask) -> str:
        setting = self._setting
        identity = {
            "parameters": {**self._fixed, **dict(ask.parameters)},
            "drivers": self._content[ask.geo],
            "start": setting.start,
            "months": setting.months,
            "measures": list(setting.measures or ()),
            "seed": ask.seed,
            "model": setting.model_version,
        }
        return digest(identity)[:24]

    def _read(self, name: str) -> bool:
        try:
            found = json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
            self._known[name] = np.array(found["shares"], dtype=np.float64)
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return True

    def _compute(self, missing: dict[str, Ask]) -> None:
        self.progress.total = max(self.progress.total, self.progress.ended + len(missing))
        jobs = (self._job(place, name, ask) for place, (name, ask) in enumerate(missing.items()))
        broken: RunFailed | None = None
        for finished in self._started().performed(jobs):
            self.progress.one_more(failed=finished.failure is not None)
            if finished.failure is not None:
                broken = RunFailed(str(finished.varied["geo"]), str(finished.failure["error"]))
            else:
                self._keep(finished)
        if broken is not None:
            raise broken

    def _job(self, place: int, name: str, ask: Ask) -> Job:
        run = Run(name, place, 0, ask.seed, "ok", 0.0)
        return Job(run, {**self._fixed, **dict(ask.parameters)}, {"geo": ask.geo})

    def _keep(self, finished: Finished) -> None:
        name = finished.run.run_id
        self._known[name] = np.array(finished.varied["shares"])
        self.computed += 1
        write_whole(self._folder / f"{name}.json", json.dumps({"seed": finished.run.seed, **finished.varied}))

    def _started(self) -> Any:
        if self._engine is None:
            self._engine = self._open.enter_context(self._fresh_engine())
        return self._engine

    def _fresh_engine(self) -> Any:
        if self._place.scheduler is not None:
            from experiments.cluster import Cluster

            return Cluster(self._setting, self._place.scheduler, country_run)
        from experiments import pool

        spool = self._open.enter_context(temporary_folder(self._folder))
        return pool.LocalPool(self._setting, self._place.workers, spool, country_run)


def first_year_of(start: str) -> int:
    """Return the first year whose January is simulated.

    >>> first_year_of("1995-01"), first_year_of("1995-07")
    (1995, 1996)
    """
    year, month = (int(part) for part in start.split("-"))
    return year + (month > 1)


def survey_shares(monthly: np.ndarray, start: str) -> np.ndarray:
    """Return the mean of January to June of every year that has them.

    >>> survey_shares(np.arange(14.0), "1995-12").tolist()
    [3.5]
    """
    january = (1 - int(start.split("-")[1])) % 12
    years = range(january, len(monthly) - SURVEY_MONTHS + 1, 12)
    return np.nan_to_num(np.array([monthly[month : month + SURVEY_MONTHS].mean() for month in years]))


def _content(drivers: Drivers) -> str:
    access = drivers.access
    assert access is not None
    return digest([float(access.first_year), access.monthly.tolist()])
