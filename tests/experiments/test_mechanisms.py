"""Is what a mechanism is worth taken within the same luck, and said only where it is no chance?"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from experiments import mechanisms
from experiments.config import load_experiment
from experiments.liveness import Summary, judge
from experiments.liveness_page import page
from experiments.liveness_plan import plan
from model.version import model_version

LUCK = np.array([0.10, -0.12, 0.04, 0.07, -0.05, -0.04])
LABELS = ("nothing", "peers", "habit")
MONTHS = 492
(WARMTH,) = plan(["consumer.warmth"])
SAME = [Summary((("churn_rate", "", "", "all years"),), np.array([value])) for value in LUCK]
DEAD = judge(WARMTH, SAME, SAME)


class PretendArchive:
    """Churn of six runs per label: peers add .02 in every year, habit nothing but noise."""

    folder = None
    failures: tuple[dict, ...] = ()

    def __init__(self, labels: tuple[str, ...] = LABELS) -> None:
        self.experiment = SimpleNamespace(
            start="1990-01",
            months=MONTHS,
            measures=["churn_rate"],
            parameters={"population.consumers": 2000},
            replications=len(LUCK),
            reading="Each economy lacks one mechanism.",
        )
        self.points = pd.DataFrame({"design_point": range(len(labels)), "without": labels})
        rows = [
            (f"{label}-{seed}", number, seed, label)
            for number, label in enumerate(labels)
            for seed in range(len(LUCK))
        ]
        self.runs = pd.DataFrame(rows, columns=["run_id", "design_point", "replication", "without"])

    def series(self, measures: str, *, from_month: int, to_month: int) -> pd.DataFrame:
        assert to_month - from_month == 11
        lost = {"nothing": 0.0, "peers": 0.02, "habit": 0.0}
        values = [
            LUCK[run.replication] - lost[run.without] + 1e-3 * LUCK[run.replication - 3] * run.design_point
            for run in self.runs.itertuples()
        ]
        return pd.DataFrame({"run_id": self.runs["run_id"], "month": from_month, "value": values})


def test_worth_is_the_difference_on_the_same_luck() -> None:
    found = {(one.mechanism, one.year): one for one in mechanisms.worth_of(PretendArchive())}
    assert found["peers", 2020].interval.mean == pytest.approx(0.02, abs=1e-4)
    assert found["peers", 2020].interval.high < 0.021
    assert set(found) == {(name, year) for name in ("peers", "habit") for year in mechanisms.YEARS}


def test_a_mechanism_that_changes_nothing_is_said_to_be_worth_nothing() -> None:
    found = mechanisms.worth_of(PretendArchive())
    assert mechanisms.worthless(found) == ["habit"]
    assert mechanisms.conclusion(found).endswith("measures: habit.")


def test_the_table_shows_the_level_and_what_each_mechanism_adds() -> None:
    archive = PretendArchive()
    (first, *_) = mechanisms.tables_of(archive, mechanisms.worth_of(archive))
    assert [row[0] for row in first.rows] == ["level, all act", "peers", "habit"]
    assert first.rows[1][1].startswith("+0.020000 ±")
    assert first.rows[1][1].endswith("*")
    assert "6 runs" in first.caption


def test_the_page_says_what_was_run_and_holds_every_table() -> None:
    text = page([DEAD], PretendArchive())
    assert model_version() in text
    assert "| dead | consumer.warmth |" in text
    assert "2,000 people, 492 months from 1990-01, 6 seeds" in " ".join(text.split())
    assert text.count("| peers |") == len(mechanisms.YEARS)


def test_json_holds_no_undefined_number() -> None:
    rows = [mechanisms.as_json(one) for one in mechanisms.worth_of(PretendArchive())]
    assert all(row["low"] <= row["mean"] <= row["high"] for row in rows)


def test_reports_of_other_experiments_have_no_such_section() -> None:
    archive = PretendArchive()
    archive.points = archive.points.rename(columns={"without": "concept"})
    assert mechanisms.section(archive) is None
    assert mechanisms.section(PretendArchive()).title == "What each mechanism is worth"


def test_the_experiment_knocks_out_within_bounds_and_keeps_luck() -> None:
    experiment = load_experiment(mechanisms.EXPERIMENT)
    assert experiment.design_points == 14
    assert experiment.replications >= 6
    assert mechanisms.years_of(experiment.start, experiment.months) == list(mechanisms.YEARS)
