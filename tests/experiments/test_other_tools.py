"""The doors to Python: tools of the field use the model as their own, and find the same numbers."""

import warnings

import mesa
import numpy as np
import pandas as pd
import polars
import pytest
from SALib import ProblemSpec

from experiments import sweep
from experiments.indices import sobol_indices
from experiments.sampling import unit_sample
from model import Economy, simulate

SMALL = {"population.consumers": 60, "economy.sectors": "bank"}
MONTHS = 14
KEYS = """extends: banking
months: 14
replications: 2
parameters: {population.consumers: 60}
measures: [adopter_share, unpaid_hours_gross]
levers: {firm.imitation: {values: [0, 8]}}
"""


SALTELLI = """extends: banking
months: 1
parameters: {population.consumers: 60}
measures: [unpaid_hours_gross]
uncertainties: {firm.imitation: [0, 8], consumer.peer_effect: [0, 2]}
design: {kind: saltelli, points: 2}
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Return a sweep over two levels of a lever, two runs each."""
    file = tmp_path_factory.mktemp("two") / "two.yaml"
    file.write_text(KEYS)
    return sweep(file, out=file.parent / "results", workers=1, quiet=True)


def ends(archive) -> dict:
    """Return the last month's measures by level and seed."""
    table = archive.series(from_month=MONTHS - 1).merge(archive.runs, on="run_id")
    return table.set_index(["firm.imitation", "seed", "measure"])["value"].to_dict()


def test_mesa_batch_run_finds_the_numbers_of_a_sweep(archive) -> None:
    given = {"consumers": 60, "months": MONTHS, "economy__sectors": "bank", "firm__imitation": [0.0, 8.0]}
    rows = mesa.batch_run(Economy, given, rng=[1, 2], number_processes=1, display_progress=False)
    theirs = {
        (row["firm__imitation"], row["rng"], measure): row[measure]
        for row in rows
        for measure in ("adopter_share", "unpaid_hours_gross")
    }
    assert theirs == ends(archive)


def test_ema_workbench_explores_the_economy(archive) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of optional packages when it is imported
        import ema_workbench as ema
        from ema_workbench.em_framework.points import Sample

    def end_of(imitation: float, seed: int) -> dict[str, float]:
        results = simulate({**SMALL, "firm.imitation": imitation}, int(seed), months=MONTHS)
        return {"adopter_share": float(results["adopter_share"][-1])}

    economy = ema.Model("economy", function=end_of)
    economy.uncertainties = [ema.RealParameter("imitation", 0.0, 8.0)]
    economy.constants = [ema.Constant("seed", 1)]
    economy.outcomes = [ema.ScalarOutcome("adopter_share")]
    points = [Sample("low", imitation=0.0), Sample("high", imitation=8.0)]
    table, outcomes = ema.perform_experiments(economy, scenarios=points)
    theirs = dict(zip(table["imitation"], outcomes["adopter_share"], strict=True))
    ours = {
        level: value
        for (level, seed, m), value in ends(archive).items()
        if seed == 1 and m == "adopter_share"
    }
    assert theirs == ours


def test_results_are_data_frames_in_pandas_and_polars(archive) -> None:
    series = archive.series("adopter_share")
    assert isinstance(series, pd.DataFrame)
    in_polars = polars.from_pandas(series).join(polars.from_pandas(archive.runs), on="run_id")
    means = in_polars.group_by("firm.imitation").agg(polars.col("value").mean()).sort("firm.imitation")
    ours = archive.query(
        'select "firm.imitation", avg(value) from series join runs using (run_id) '
        "where measure = 'adopter_share' group by 1 order by 1"
    )
    assert np.array(means) == pytest.approx(ours.to_numpy())


def test_polars_reads_the_files_themselves(archive) -> None:
    stored = polars.read_parquet(archive.folder / "series" / "*.parquet")
    assert stored.columns == ["run_id", "month", "measure", "value"]
    assert stored.height == 4 * MONTHS * 2


def test_salib_samples_and_analyses_the_economy_as_we_do(write) -> None:
    ours = sweep(write(SALTELLI), out="saltelli", workers=1, quiet=True)
    names = ["firm.imitation", "consumer.peer_effect"]
    problem = ProblemSpec({"names": names, "bounds": [[0, 8], [0, 2]]})
    problem.set_samples(unit_sample(ours.experiment.design, 2, seed=1) * [8.0, 2.0])
    problem.evaluate(
        lambda sample: np.array([hours_at(dict(zip(names, row, strict=True))) for row in sample])
    )
    outcomes = ours.final("unpaid_hours_gross").sort_values("design_point")["value"].to_numpy()
    assert problem.results == pytest.approx(outcomes, rel=1e-12)
    theirs = problem.analyze_sobol(seed=1).analysis["ST"]
    totals = [index.value for index in sobol_indices(names, outcomes) if index.kind == "ST"]
    assert totals == pytest.approx(list(theirs), rel=1e-9)


def hours_at(varied) -> float:
    return float(simulate({**SMALL, **varied}, 1, months=1)["unpaid_hours_gross"][0])
