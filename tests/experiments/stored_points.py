"""Results folders made by hand: a real experiment file and design, outcomes that a test chooses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from experiments.archive import ResultsFolder
from experiments.config import load_experiment
from experiments.design import DesignPoint, points_of
from experiments.reading import Archive, open_archive
from experiments.shards import Finished, Run
from tests.experiments.made_up_runs import constant_run

Outcome = Callable[[DesignPoint, int], dict[str, float]]


def store(folder: Path, keys: str, outcome: Outcome, *, name: str = "made-up", months: int = 12) -> Archive:
    """Store runs whose measures keep one value, `outcome(point, replication)`, and open the folder."""
    file = folder / f"{name}.yaml"
    file.write_text(f"extends: banking\nmonths: {months}\n{keys}", encoding="utf-8")
    experiment = load_experiment(str(file))
    with ResultsFolder(folder / name, experiment, "made-up") as writing:
        for point in points_of(experiment):
            for replication in range(experiment.replications):
                seed = experiment.seed + replication
                results = constant_run(outcome(point, replication), seed, months=experiment.months)
                run_id = f"{point.index:08x}{seed:08x}"
                writing.add(
                    Finished(Run(run_id, point.index, replication, seed, "ok", 0.1), results, point.varied)
                )
    return open_archive(folder / name)
