"""Is a parameter that does nothing found out, and does every parameter do something?"""

from dataclasses import replace

import numpy as np
import pytest

from experiments.errors import BadInput
from experiments.liveness import Job, Summary, jobs_of, judge, summary, verdicts
from experiments.liveness_command import row_of, sampled, table
from experiments.liveness_plan import CONTEXTS, EXEMPT, Trial, plan
from model.parameters import Parameters, declarations
from model.task_fields import CHANNEL_FIELDS, SECTOR_FIELDS, TASK_FIELDS

SEEDS = (1, 2, 3, 4, 5, 6)
KEYS = (("churn_rate", "", "", "all years"), ("hhi", "", "", "all years"))
TRIAL = Trial("consumer.anger", "anger", "banks", 3.0, 0.0)
LUCK = np.array([0.3, -0.5, 0.1, 0.4, -0.2, -0.1])
OTHER_LUCK = np.array([-0.2, 0.6, -0.4, 0.1, 0.3, -0.3])


def runs(churn: np.ndarray) -> list[Summary]:
    return [Summary(KEYS, np.array([value, 0.1])) for value in churn]


def test_a_parameter_that_nobody_reads_is_dead() -> None:
    assert judge(TRIAL, runs(LUCK), runs(LUCK)).verdict == "dead"


def test_a_parameter_that_moves_every_seed_alike_is_strong() -> None:
    found = judge(TRIAL, runs(LUCK), runs(LUCK + 1.0 + 0.01 * OTHER_LUCK))
    assert (found.verdict, found.key[0]) == ("strong", "churn_rate")
    assert found.effect == pytest.approx(1.0, abs=0.01)


def test_a_small_effect_that_is_no_chance_is_weak() -> None:
    assert judge(TRIAL, runs(LUCK), runs(LUCK + 0.05 + 0.001 * OTHER_LUCK)).verdict == "weak"


def test_a_parameter_that_only_shakes_the_dice_is_noise() -> None:
    assert judge(TRIAL, runs(LUCK), runs(OTHER_LUCK)).verdict == "noise"


def test_a_sure_effect_too_small_to_matter_is_noise() -> None:
    assert judge(TRIAL, runs(10.0 + LUCK), runs(10.0 + LUCK + 1e-6)).verdict == "noise"


def test_the_more_measures_are_looked_at_the_more_a_difference_has_to_show() -> None:
    many = tuple((f"m{place}", "", "", "all years") for place in range(200))
    moved = LUCK + 0.3 + 0.3 * OTHER_LUCK
    before = [Summary(many, np.full(200, value)) for value in LUCK]
    after = [Summary(many, np.full(200, value)) for value in moved]
    assert judge(TRIAL, before, after).verdict == "noise"
    assert judge(TRIAL, runs(LUCK), runs(moved)).verdict != "noise"


def test_undefined_measures_and_measures_of_other_tasks_are_left_out() -> None:
    keys = (*KEYS, ("user_share", "task", "cash", "all years"), ("margin", "", "", "all years"))
    before = [Summary(keys, np.array([value, 0.1, 0.0, np.nan])) for value in LUCK]
    after = [Summary(keys, np.array([value, 0.1, 1.0 + 0.1 * value, np.nan])) for value in LUCK]
    assert judge(TRIAL, before, after).verdict == "dead"


def test_runs_without_a_change_are_shared() -> None:
    other = Trial("consumer.bond", "bond", "banks", 2.0, 5.0)
    assert len(jobs_of([TRIAL, other], SEEDS)) == 3 * len(SEEDS)


def pretended(jobs: list[Job], effect: float) -> list[tuple[Job, Summary]]:
    """Return runs in which one parameter shifts churn: by `effect`, give or take as much."""
    change = {job: effect * (1.0 + (-1.0) ** job.seed) * (TRIAL.changes == job.changes) for job in jobs}
    return [(job, runs(LUCK + change[job])[job.seed % 6]) for job in jobs]


def test_what_looks_like_noise_is_looked_at_again() -> None:
    jobs: list[Job] = []

    def counted(asked: list[Job]) -> list[tuple[Job, Summary]]:
        jobs.extend(asked)
        return pretended(asked, 0.3)

    (found,) = verdicts([TRIAL], counted)
    assert len(jobs) == len(set(jobs)) == 2 * 12
    assert found.seeds == 12


def test_a_dead_parameter_stands_out_from_a_live_one() -> None:
    dead = Trial("consumer.bond", "bond", "banks", 2.0, 5.0)

    found = verdicts([TRIAL, dead], lambda jobs: pretended(jobs, 1.0))
    assert [one.verdict for one in found] == ["strong", "dead"]
    assert row_of(found[1])["effect"] == 0.0
    assert table(found)[1].startswith("strong")


def test_every_declared_parameter_and_every_column_is_tried() -> None:
    tried = {trial.name for trial in plan()}
    behaviour = {one.name for one in declarations() if not one.name.startswith(("tasks.", "sectors."))}
    columns = [name.rpartition(".")[2] for name in sorted(tried - behaviour)]
    assert behaviour - tried == set(EXEMPT)
    assert sorted(columns) == sorted(field.name for field in (*SECTOR_FIELDS, *TASK_FIELDS, *CHANNEL_FIELDS))


def test_every_trial_changes_something_within_bounds() -> None:
    assert all(trial.value != trial.default for trial in plan())
    for trial in plan():
        allowed = Parameters.of({**CONTEXTS[trial.context].parameters, trial.name: trial.value})
        assert allowed.flat()[trial.name] == trial.value


def test_every_context_is_used() -> None:
    assert {trial.context for trial in plan()} == set(CONTEXTS)


def test_a_sample_is_spread_over_the_plan() -> None:
    groups = {trial.name.partition(".")[0] for trial in sampled(plan(), "40")}
    assert {"consumer", "firm", "policy", "tasks"} <= groups


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["consumer.angre"], "did you mean 'consumer.anger'"),
        (["economy.sectors"], "chooses which part"),
        (["tasks.cash.minutes"], "is tried on one row"),
    ],
)
def test_what_is_not_on_the_plan_is_refused(names: list[str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        plan(names)


@pytest.mark.parametrize("text", ["0", "a", "100000", ""])
def test_an_impossible_sample_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="--sample"):
        sampled(plan(), text)


HARDEST_TO_SEE = (
    *(
        "consumer.strain_speed",
        "consumer.word_of_mouth",
        "consumer.attribution_trust",
        "consumer.price_choice",
    ),
    *("consumer.complaint_threshold", "consumer.awareness_threshold", "consumer.attribution_decay"),
    *("consumer.far_counter", "consumer.error_loss", "consumer.role_gain", "consumer.warmth"),
    *("consumer.escalation_minutes", "consumer.repair"),
    *("firm.foresight_years", "firm.next_generation", "firm.aspiration_months", "firm.size_exponent"),
    *("firm.capacity_cut", "firm.queue_exponent", "firm.churn_learning", "firm.complaint_weight"),
    *("network.rewiring", "population.homophily", "policy.campaign", "policy.cash_access"),
)
"""Parameters with the smallest effects; at least thirty runs with the undisturbed ones."""


@pytest.fixture
def small_economies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, context in CONTEXTS.items():
        smaller = {**context.parameters, "population.consumers": 300}
        monkeypatch.setitem(CONTEXTS, name, replace(context, parameters=smaller, start="2006-01", months=96))


def is_unread(trial: Trial, done: dict[Job, Summary]) -> bool:
    usual, changed = (done[Job(trial.context, changes, 1)] for changes in ((), trial.changes))
    return np.array_equal(usual.values, changed.values, equal_nan=True)


@pytest.mark.slow
def test_parameters_that_are_hard_to_see_are_read(small_economies: None) -> None:
    trials = plan(HARDEST_TO_SEE)
    done = {job: summary(job) for job in jobs_of(trials, seeds=(1,))}
    assert len(done) >= 30
    assert [trial.name for trial in trials if is_unread(trial, done)] == []
