"""The page of findings: what it claims changes with the runs, and nothing stands that they do not carry."""

from collections.abc import Callable
from functools import cache

import pytest

from experiments.config import Experiment, load_experiment
from experiments.design import DesignPoint, points_of
from experiments.findings import NEEDED
from experiments.findings_evidence import MEASURES, Evidence
from experiments.findings_text import as_json, written
from tests.experiments.made_up_archive import MadeUpArchive
from tests.experiments.made_up_runs import constant_run

LUCK = (0.0, 0.01, -0.005)
EDUCATIONS = {"low": -1.0, "medium": 0.0, "high": 1.0}
Rule = Callable[[dict, float], dict]


def world(rule: Rule) -> dict[str, Evidence]:
    """Return the results of all experiments in a world that follows a rule."""
    return {name: Evidence(_archive(name, rule)) for name in NEEDED}


@cache
def _published(name: str) -> tuple[Experiment, list[DesignPoint]]:
    experiment = load_experiment(name)
    return experiment, points_of(experiment)


def _archive(name: str, rule: Rule) -> MadeUpArchive:
    experiment, points = _published(name)
    runs = {
        (point.index, place): constant_run(
            _run({**point.parameters, **point.varied}, luck, rule), start="2029-01", months=24
        )
        for point in points
        for place, luck in enumerate(LUCK)
    }
    told = {"name": name, "label": experiment.label, "parameters": experiment.parameters}
    return MadeUpArchive([point.varied for point in points], runs, **told)


def _run(parameters: dict, luck: float, rule: Rule) -> dict:
    """Return every measure that the findings read, and the groups that they split."""
    plain = dict.fromkeys(MEASURES, 0.2 + luck) | {"saving_total": 100.0 + luck, "saving_fixed": 20.0}
    values = plain | rule(parameters, luck)
    groups = {
        ("unpaid_hours_gross", "education", name): values["unpaid_hours_gross"] + step
        for name, step in EDUCATIONS.items()
    }
    tasks = {("self_service_share", "task", "cash"): values["self_service_share"]}
    return values | groups | tasks


def forcing(parameters: dict, luck: float) -> dict:
    """Return a world in which pressure forces, a right frees, and pass-through divides the saving."""
    pressure = parameters.get("firm.pressure_scale", 1.0)
    freed = max(
        parameters.get("policy.staffed_access", 0.0), float(parameters.get("policy.ban_forcing", False))
    )
    passed = 60.0 * parameters.get("firm.pass_through", 0.7)
    return {
        "self_service_share": 0.6 + luck + 0.01 * pressure,
        "forced_share": (0.1 + 0.05 * pressure + luck) * (1.0 - freed),
        "unpaid_hours_net": -3.0
        - freed
        + 6.0 * (1.0 - parameters.get("technology.counter_minutes", 1.0))
        + luck,
        "saving_prices": passed,
        "saving_profit": 60.0 - passed,
    }


def idle(parameters: dict, luck: float) -> dict:
    """Return a world in which nothing makes a difference."""
    return {"unpaid_hours_net": 3.0 + luck, "saving_prices": 10.0, "saving_profit": 40.0}


@pytest.fixture(scope="module")
def worlds() -> dict[str, dict[str, Evidence]]:
    """Return both worlds."""
    return {rule.__name__: world(rule) for rule in (forcing, idle)}


@pytest.fixture(scope="module")
def pages(worlds: dict[str, dict[str, Evidence]]) -> dict[str, str]:
    """Return the pages of both worlds, on one line each."""
    return {name: " ".join(written(found).split()) for name, found in worlds.items()}


CLAIMS = {
    "Economic pressure makes compulsion more than spread.": "forcing",
    "Whether economic pressure makes spread or compulsion more cannot be told.": "idle",
    "The largest part goes to lower prices.": "forcing",
    "The largest part goes to profit.": "idle",
    "Whether firms or customers keep more is decided by an assumption, long-run pass-through.": "forcing",
    "At both ends of long-run pass-through firms keep more than prices pass on.": "idle",
    "Against being served throughout, people save time.": "forcing",
    "Against being served throughout, people lose time.": "idle",
    "People lose time throughout the bounds of three assumptions.": "idle",
    "counter raises forced use most.": "forcing",
    "what moves forced use cannot be told.": "idle",
    "No policy can be told to lower forced use.": "idle",
    "What a full right does to force and to hours keeps its direction": "forcing",
    "Not all that a full right does keeps its direction": "idle",
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_stands_in_the_world_that_carries_it_and_in_no_other(pages: dict[str, str], claim: str):
    assert [name for name, page in pages.items() if claim in page] == [CLAIMS[claim]]


def test_a_policy_that_frees_is_named_with_its_effect(pages: dict[str, str]):
    assert "**staffed-access and no-forcing lower forced use most.**" in pages["forcing"]


def test_the_page_says_how_many_runs_carry_it(pages: dict[str, str]):
    runs = sum(len(_published(name)[1]) * len(LUCK) for name in NEEDED)
    assert f"from {runs:,} runs of {len(NEEDED)} experiments" in pages["idle"]


def test_every_question_has_claims_with_figures(worlds: dict[str, dict[str, Evidence]]):
    told = as_json(worlds["idle"])
    assert [len(question["claims"]) > 2 for question in told["questions"]] == [True] * 4
    assert all(claim["figures"] for question in told["questions"] for claim in question["claims"])


def test_the_default_page_lies_among_the_documents(command, folder):
    (folder / "docs").mkdir()
    answer = command("findings", "--out", "docs")
    assert (answer.code, answer.err) == (2, "error: --out docs is a folder; expected the page to write\n")
