"""Worlds for tests of `calibrate`: an economy that answers at once, and tables with a known answer.

The quick economy is the twin with another persistence of people and a later roll-out, so that a calibration
has to learn from "runs" what the twin gets wrong, as it does from the real economy.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from experiments.calibration_inputs import at_times
from experiments.country_runs import first_year_of
from experiments.indicators import INDICATORS
from experiments.twin import FIRST_YEAR, Twin, quarter_times

HEADER = "indicator,geo,year,value,unit,source\n"
TRUTH = {"AA": (-1.0, 0.06), "BB": (0.5, 0.1), "CC": (1.5, 0.02), "DD": (-2.0, 0.12)}
YEARS = (2006, *range(2008, 2020))


def world(name: str, shared: dict[str, float] | None = None):
    """Return the behaviour of the quick economy."""
    twin, given = INDICATORS[name].twin, shared or {}
    return replace(
        twin,
        heterogeneity=twin.heterogeneity + 0.3,
        middle=twin.middle + 0.7,
        usefulness_weight=given.get("consumer.usefulness_weight", 5.0),
        inertia=twin.inertia + 0.3 * (given.get("consumer.inertia", 1.0) - 1.0),
        peer_effect=given.get("consumer.peer_effect", 1.0),
    )


def quick_lives(setting, job, month_done=None):
    """Return the survey shares of a run of the quick economy, with a little luck of its own."""
    drivers = setting.by_country[job.varied["geo"]]
    first = first_year_of(setting.start)
    last = first + (setting.months + 5) // 12
    name = next(one.name for one in INDICATORS.values() if one.measure == setting.measures[0])
    twin = Twin([at_times(drivers.access, quarter_times(last))], world(name, job.parameters), last)
    own = [[job.parameters["country.level"], job.parameters["country.trend"]]]
    shares = twin.shares(np.array(own))[0, first - FIRST_YEAR :]
    return (shares * (1.0 + 0.004 * np.sin(job.run.seed + np.arange(shares.size)))).tolist()


def access_rows(geos=tuple(TRUTH)) -> list[str]:
    """Return internet use of made-up countries, a little apart."""
    years = np.arange(1995, 2023)
    return [
        f"internet_use,{geo},{year},{96 / (1 + np.exp(-0.28 * (year - 2003 - place))):.3f},% of people,x"
        for place, geo in enumerate(geos)
        for year in years.tolist()
    ]


def target_rows(name="internet_banking", truth=None, years=YEARS) -> list[str]:
    """Return what surveys would have found in the quick economy at known parameters, without noise."""
    truth = truth or TRUTH
    times, last = quarter_times(2023), 2023
    rows = []
    for place, (geo, own) in enumerate(truth.items()):
        access = 0.96 / (1.0 + np.exp(-0.28 * (times - 0.5 - 2003 - place)))
        path = Twin([access], world(name), last).shares(np.array([own]))[0]
        rows += [
            f"{name},{geo},{year},{100 * path[year - FIRST_YEAR]:.4f},% individuals,made up" for year in years
        ]
    return rows


def given(folder: Path):
    """Write what an earlier calibration hands on; return the option that names it."""
    shared = {"consumer.usefulness_weight": 5.0, "consumer.inertia": 1.0, "consumer.peer_effect": 1.0}
    parts = {"country.level": {"mean": 0, "spread": 2}, "country.trend": {"mean": 0.06, "spread": 0.05}}
    told = {"indicator": "internet_banking", "shared": shared, "group": {**parts, "noise": 0.01}}
    (folder / "given.json").write_text(json.dumps(told))
    return "--shared", str(folder / "given.json")


def write_tables(folder: Path, rows: list[str] | None = None, access: list[str] | None = None):
    """Write an observed and an access table; return their names as options."""
    observed = folder / "observed.csv"
    observed.write_text(HEADER + "\n".join(target_rows() if rows is None else rows) + "\n", encoding="utf-8")
    driver = folder / "access.csv"
    driver.write_text(HEADER + "\n".join(access or access_rows()) + "\n", encoding="utf-8")
    return "--observed", str(observed), "--access", str(driver)
