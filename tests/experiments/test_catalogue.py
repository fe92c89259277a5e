"""Every published experiment: complete, valid, and able to run."""

from pathlib import Path

import pytest

from experiments.config import load_experiment
from experiments.design import points_of
from experiments.findings import NEEDED
from experiments.inheritance import CATALOGUE, catalogue_names
from model import simulate

PUBLISHED = {
    "baseline",
    "co-production",
    "mcdonaldization",
    "partial-employee",
    "working-customer",
    "open-innovation",
    "prosuming-new-type",
    "staffed-access",
    "no-forcing",
    "mandatory-compensation",
    "transparency",
    "skills-programme",
    "minimum-staff",
    "cash-access",
    "no-contagion",
    "no-pressure",
    "no-force",
    "unstoppable",
    "lock-in",
    "knock-out",
    "motives",
    "hinges",
}


def test_every_promised_experiment_is_published():
    assert set(catalogue_names()) >= PUBLISHED | set(NEEDED)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_an_experiment_has_title_question_and_reading(name: str):
    experiment = load_experiment(name)
    assert all((experiment.title, experiment.reading))
    assert experiment.question.endswith("?")


@pytest.mark.parametrize("name", sorted(PUBLISHED - {"baseline"}))
def test_an_experiment_begins_with_its_reference_and_says_something_of_its_own(name: str):
    varied = [str(point.varied) for point in points_of(load_experiment(name))]
    assert 1 < len(varied) == len(set(varied))
    assert load_experiment(name).title != load_experiment("baseline").title


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_first_and_last_point_of_an_experiment_run(name: str):
    experiment = load_experiment(name)
    tiny = {"population.consumers": 60, "economy.sectors": "maker"}
    ends = {point.index: point for point in (points_of(experiment)[0], points_of(experiment)[-1])}
    runs = [simulate(_of_sector({**p.parameters, **tiny}), 1, months=2) for p in ends.values()]
    assert all(run["adopter_share"][-1] >= 0.0 for run in runs)


def _of_sector(parameters: dict) -> dict:
    """Return parameters without the intercepts of tasks that a single sector does not have."""
    return {name: value for name, value in parameters.items() if not name.startswith("tasks.")}


def test_files_of_the_catalogue_name_their_schema():
    firsts = [Path(path).read_text(encoding="utf-8").splitlines()[0] for path in CATALOGUE.glob("*.yaml")]
    assert set(firsts) == {"# yaml-language-server: $schema=../experiment.schema.json"}
