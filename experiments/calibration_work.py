"""One calibration from its inputs to its document: what is run for it, and the folder in which it is kept."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibrating import Plan, calibrate
from experiments.calibration_document import document
from experiments.calibration_inputs import Inputs
from experiments.config import Experiment, digest
from experiments.country_runs import Ask, CountryRuns, CountrySetting, Place, RunFailed, first_year_of
from experiments.errors import BadInput, Problem
from experiments.indicators import SHARED
from experiments.ownership import locked, unwritable
from experiments.storing import TEMPORARY, NotStored, write_whole

DOCUMENT, IDENTITY, RUNS = "calibration.json", "calibration-inputs.json", "runs"
OURS = (DOCUMENT, IDENTITY, RUNS, "figures", "forecasts.md")
MOST_SEEDS = 64


class CalibrationWork:
    """One calibration: where it is kept, what is run for it."""

    def __init__(self, experiment: Experiment, inputs: Inputs, place: Place) -> None:
        from model.version import model_version

        self.experiment, self.inputs, self.place = experiment, inputs, place
        self.version = model_version()
        self.fixed = self._fixed()
        shared = [one.name for one in SHARED]
        held = {name: value for name, value in self.fixed.items() if name in shared}
        if (experiment.replications or 1) > MOST_SEEDS:
            raise BadInput(Problem("replications", f"at most {MOST_SEEDS}", str(experiment.replications)))
        seeds = tuple(experiment.seed + number for number in range(experiment.replications or 1))
        self.plan = Plan(seeds, first_year_of(experiment.start), held, inputs.known)
        self.setting = self._setting()
        self.hash = digest(self._identity())
        self.folder = Path()
        self.failed = False

    def _fixed(self) -> dict[str, Any]:
        sector = self.inputs.study.indicator.sector
        ours = {"country.level", "country.trend"}
        given = {name: value for name, value in self.experiment.parameters.items() if name not in ours}
        return {**given, "economy.sectors": sector}

    def _setting(self) -> CountrySetting:
        from model.technology import Drivers

        study, start = self.inputs.study, self.experiment.start
        year, month = (int(part) for part in start.split("-"))
        if first_year_of(start) > study.until - 4:
            what = f"start {start} of {self.experiment.name}"
            raise BadInput(Problem(what, f"at least four years before --until {study.until}"))
        return CountrySetting(
            start=start,
            months=(study.last_year - year) * 12 + 7 - month,
            measures=(study.indicator.measure,),
            catalogue=self.experiment.catalogue(),
            drivers=None,
            threads=1,
            model_version=self.version,
            folder="",
            by_country={geo: Drivers(access=access) for geo, access in self.inputs.drivers.items()},
        )

    def _identity(self) -> dict[str, Any]:
        """Return what a calibration depends on; of figures after --until there is nothing in it."""
        study, known = self.inputs.study, self.inputs.known
        return {
            "indicator": study.indicator.name,
            "until": study.until,
            "targets": {geo: [t.years.tolist(), t.shares.tolist()] for geo, t in self.inputs.targets.items()},
            "drivers": {geo: d.monthly.tolist() for geo, d in self.inputs.drivers.items()},
            "parameters": self.fixed,
            "seeds": list(self.plan.seeds),
            "start": self.experiment.start,
            "tasks": Path(self.experiment.tasks).read_text("utf-8") if self.experiment.tasks else None,
            "shared": None if known is None else {**known.shared, "indicator": bool(self.inputs.handed_on)},
            "handed on": {key: self.inputs.handed_on.get(key) for key in ("group", "bands", "ratio_group")},
            "model": self.version,
        }

    def carry_out(self, folder: Path) -> dict[str, Any]:
        """Run what is missing, write the document and return it."""
        self.folder = folder
        self._refuse_others()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = locked(folder)
        except OSError as error:
            raise BadInput(unwritable(folder, error)) from None
        try:
            write_whole(folder / IDENTITY, json.dumps({"software": "prosuming", "hash": self.hash}) + "\n")
            told = self._fitted()
            write_whole(
                folder / DOCUMENT, json.dumps(told, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
            )
        except OSError as error:
            raise NotStored(f"{folder} cannot be written ({error.strerror or error})") from None
        finally:
            if lock is not None:
                os.close(lock)
        return told

    def _refuse_others(self) -> None:
        folder = self.folder
        try:
            if folder.exists() and not folder.is_dir():
                raise BadInput(Problem(f"--out {folder} is a file", "a folder"))
            names = {path.name for path in folder.iterdir()} if folder.exists() else set()
        except OSError as error:
            raise BadInput(Problem(f"--out {folder} cannot be read ({error.strerror})")) from None
        strange = sorted(name for name in names - set(OURS) if not name.startswith((TEMPORARY, ".")))
        if strange or (names & set(OURS) and IDENTITY not in names):
            listed = ", ".join((strange or sorted(names))[:3])
            raise BadInput(
                Problem(f"--out {folder} holds other files ({listed})", "an absent or empty folder")
            )
        if IDENTITY in names and _hash_in(folder / IDENTITY) != self.hash:
            what = f"--out {folder} holds another calibration, or one by another version of the model"
            raise BadInput(Problem(what, "another folder"))

    def _fitted(self) -> dict[str, Any]:
        """Return the document; a country whose runs fail is left out and the others are fitted without it."""
        while True:
            study = self.inputs.study
            expected = self.plan.runs(len(study.geos))
            kept = self.folder / RUNS
            try:
                with CountryRuns(self.setting, self.fixed, kept, self.place, expected) as runs:
                    found = calibrate(study, self.plan, runs)
                break
            except RunFailed as failure:
                self.failed = True
                self._leave_out(failure)
        return document(found, self.inputs, self.plan, self._settings())

    def _leave_out(self, failure: RunFailed) -> None:
        study = self.inputs.study
        print(f"error: a run of {failure.geo} failed: {failure.reason}", file=sys.stderr)
        keep = np.array([geo != failure.geo for geo in study.geos])
        if not keep.any():
            raise NotStored("no country is left")
        self.inputs.study = study.only(keep)
        self.inputs.targets = {g: t for g, t in self.inputs.targets.items() if g != failure.geo}
        self.inputs.skipped[failure.geo] = f"a run failed: {failure.reason}"

    def _settings(self) -> dict[str, Any]:
        return {
            "experiment": self.experiment.name,
            "consumers": self.fixed.get("population.consumers"),
            "seeds": list(self.plan.seeds),
            "start": self.experiment.start,
            "parameters": self.fixed,
            "model_version": self.version,
        }

    def timed(self) -> tuple[int, float]:
        """Return how many runs are likely to be needed and the seconds of one, after computing it once."""
        from experiments.performing import Job, results_of, warm_up
        from experiments.shards import Run

        warm_up()
        geo = self.inputs.study.geos[0]
        setting = replace(self.setting, drivers=self.setting.by_country[geo])
        ask = Ask(geo, (), self.plan.seeds[0])
        began = time.perf_counter()
        results_of(setting, Job(Run("dry", 0, 0, ask.seed, "ok", 0.0), dict(self.fixed), {"geo": geo}))
        return self.plan.runs(len(self.inputs.study.geos)), time.perf_counter() - began


def _hash_in(path: Path) -> str | None:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["hash"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
