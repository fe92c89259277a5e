"""The runs of an experiment: which there are, what identifies each, and in which order they come."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from experiments.config import Experiment, digest
from experiments.design import DesignPoint, Points
from experiments.errors import BadInput, Problem
from experiments.performing import Job
from experiments.shards import Run

if TYPE_CHECKING:
    from collections.abc import Mapping


class Plan:
    """All runs of an experiment under one version of the model.

    A run's id is a hash of its point, replication, seed and model version. Points with equal parameters
    (a design may repeat one) are told apart by how many equal ones come before.
    """

    def __init__(self, experiment: Experiment, model_version: str) -> None:
        self.experiment = experiment
        self.points = Points(experiment)
        self._version = model_version
        self._identities: list[str] = []
        seen: dict[str, int] = {}
        for point in self.points:
            identity = digest(experiment.point_identity(point.parameters))
            before = seen[identity] = seen.get(identity, -1) + 1
            self._identities.append(f"{identity}/{before}" if before else identity)

    def run(self, index: int, replication: int) -> Run:
        """Return one run that has not ended yet."""
        seed = self.experiment.seed + replication
        identity = {"point": self._identities[index], "replication": replication}
        run_id = digest({**identity, "seed": seed, "model": self._version})[:16]
        return Run(run_id, index, replication, seed, "ok", 0.0)

    def job(self, run: Run) -> Job:
        """Return what a worker needs to compute a run."""
        point: DesignPoint = self.points[run.design_point]
        return Job(run, point.parameters, point.varied)

    def missing(self, stored: Collection[str], first: int, end: int) -> Iterator[Run]:
        """Yield the runs that are not stored, replication by replication: a part of a sweep is balanced."""
        for replication in range(first, end):
            for index in range(len(self.points)):
                run = self.run(index, replication)
                if run.run_id not in stored:
                    yield run

    def refuse_strangers(self, stored: Mapping[str, Run], folder: str) -> None:
        """Refuse a folder whose runs this design does not have: its sample was drawn by another version."""
        for run_id, run in stored.items():
            known = run.design_point < len(self.points)
            if not known or self.run(run.design_point, run.replication).run_id != run_id:
                what = f"--out {folder} holds run {run_id}, which this design does not have"
                expected = "the versions of SciPy and SALib that provenance.json names, or another folder"
                raise BadInput(Problem(what, expected))
