"""Does an economy work with what Mesa's users know: data collectors, batch runs, running?"""

import json
import subprocess
import sys

import mesa
import numpy as np
import pytest

from agents.consumer import Consumer
from agents.firm import Firm
from model import Economy
from model.measures import MEASURES


def small(months=3, **parameters):
    return Economy(consumers=80, months=months, economy__sectors="bank", rng=1, **parameters)


def test_an_economy_runs_until_its_horizon():
    economy, steps = small(months=5), 0
    while economy.running:
        economy.step()
        steps += 1
    assert steps == economy.month == 5
    assert economy.year == pytest.approx(1990.0 + 5 / 12)


def test_a_model_may_run_for_some_steps():
    economy = small(months=10)
    for _ in range(4):
        economy.step()
    assert economy.running
    assert len(economy.datacollector.get_model_vars_dataframe()) == 4


def test_the_data_collector_holds_every_measure_of_every_month():
    economy = small()
    while economy.running:
        economy.step()
    table = economy.datacollector.get_model_vars_dataframe()
    assert list(table.columns) == list(MEASURES)
    assert len(table) == 3
    assert table["adopter_share"].iloc[-1] == economy.measures["adopter_share"]


def test_a_users_own_data_collector_reads_consumers_and_firms():
    economy = small()
    collector = mesa.DataCollector(
        model_reporters={"mean_skill": lambda model: model.consumers.agg("skill", np.mean)},
        agenttype_reporters={
            Consumer: {"awareness": "awareness", "tasks": "tasks_self_served"},
            Firm: {"price": "price", "cash": lambda firm: firm.mode_of("cash")},
        },
    )
    while economy.running:
        economy.step()
        collector.collect(economy)
    people = collector.get_agenttype_vars_dataframe(Consumer)
    firms = collector.get_agenttype_vars_dataframe(Firm)
    assert len(people) == 3 * 80
    assert len(firms) == 3 * 15
    assert set(firms["cash"]) <= {"staffed", "optional", "incentivised", "forced"}
    assert len(collector.get_model_vars_dataframe()) == 3
    assert set(people.index.get_level_values("AgentID")) == {person.unique_id for person in economy.consumers}


def test_a_batch_run_sweeps_parameters_and_seeds():
    runs = mesa.batch_run(
        Economy,
        {"consumers": 40, "months": 2, "economy__sectors": "bank", "consumer__peer_effect": [0.5, 1.5]},
        rng=[1, 2],
        display_progress=False,
    )
    assert len(runs) == 4
    assert {run["consumer__peer_effect"] for run in runs} == {0.5, 1.5}
    assert all(0.0 <= run["adopter_share"] <= 1.0 for run in runs)


SPAWNED = """
import multiprocessing
import mesa
from model import Economy

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    given = {"consumers": 40, "months": 2, "economy__sectors": "bank"}
    runs = mesa.batch_run(Economy, given, rng=[1, 2], number_processes=2, display_progress=False)
    print([run["adopter_share"] for run in runs])
"""


@pytest.mark.slow
def test_a_batch_run_works_in_spawned_processes(root, tmp_path):
    script = tmp_path / "sweep.py"
    script.write_text(SPAWNED, encoding="utf-8")
    done = subprocess.run([sys.executable, script], cwd=root, capture_output=True, text=True, check=True)
    alone = mesa.batch_run(
        Economy,
        {"consumers": 40, "months": 2, "economy__sectors": "bank"},
        rng=[1, 2],
        display_progress=False,
    )
    # Mesa gives the runs of several processes in the order in which they end
    assert sorted(json.loads(done.stdout)) == sorted(run["adopter_share"] for run in alone)


@pytest.mark.parametrize("rng", [-1, 1.5, True, "one"])
def test_a_seed_that_is_no_whole_number_is_refused(rng):
    with pytest.raises(ValueError, match="rng: expected a whole number"):
        Economy(consumers=10, months=1, rng=rng)


def test_without_a_seed_one_is_drawn_and_remembered():
    economy = Economy(consumers=20, months=2, economy__sectors="bank", rng=None)
    again = Economy(consumers=20, months=2, economy__sectors="bank", rng=economy.seed)
    np.testing.assert_array_equal(economy.consumers.columns.use, again.consumers.columns.use)


@pytest.mark.parametrize("months", [0, -3, 2401, 1.5, True])
def test_a_horizon_that_is_no_number_of_months_is_refused(months):
    with pytest.raises(ValueError, match="months: expected a whole number"):
        Economy(consumers=10, months=months)


@pytest.mark.parametrize("start", ["1990", "1990-13", "90-01", "1990/01", "1890-01", ""])
def test_a_start_that_is_no_month_is_refused(start):
    with pytest.raises(ValueError, match="start: expected a month"):
        Economy(consumers=10, months=1, start=start)


def test_a_sector_that_is_named_twice_is_refused():
    with pytest.raises(ValueError, match=r"economy\.sectors.*every sector once"):
        Economy(consumers=10, months=1, economy__sectors="bank,bank")
