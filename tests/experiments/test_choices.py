"""Sections that compare design points: what is said follows the runs."""

import numpy as np

from experiments import branches, cells, choices, crossed, knock_outs
from experiments.paired import interval_of, joint_level, point_label, points_of
from experiments.shapley import coalitions
from tests.experiments.made_up_archive import MadeUpArchive
from tests.experiments.made_up_runs import constant_run

LUCK = (0.0, 0.03, -0.02, 0.01)
"""What chance adds to every point of a replication alike."""


def archive_of(points: list[dict], effect, **experiment) -> MadeUpArchive:
    """Return runs whose measures are the same luck plus what the point does."""
    runs = {
        (number, replication): constant_run(effect(point, luck), replication + 1, months=24)
        for number, point in enumerate(points)
        for replication, luck in enumerate(LUCK)
    }
    return MadeUpArchive(points, runs, **experiment)


BANS = [{"ban": "none"}, {"ban": "from 2010"}]


def freed(by: float, noise: float = 0.0):
    """Return an effect of the second choice on forced use."""

    def effect(point: dict, luck: float) -> dict:
        change = 0.0 if point["ban"] == "none" else by + noise * np.sin(1e3 * luck)
        return {"self_service_share": 0.5 + luck, "forced_share": 0.4 + luck - change}

    return effect


def test_a_clear_effect_is_said_with_its_size():
    said = choices.section(archive_of(BANS, freed(0.2))).paragraphs
    assert "“from 2010”: forced, of self-served −20.0 points" in said[1]


def test_an_effect_within_luck_is_not_said():
    said = choices.section(archive_of(BANS, freed(0.01, 0.2))).paragraphs
    assert said[1] == "“from 2010”: no difference that these runs can tell from luck."


def test_luck_that_both_worlds_share_does_not_widen_the_interval():
    found = choices.compared(archive_of(BANS, freed(0.2)).final(), points_of(archive_of(BANS, freed(0.2))))
    change = found.changes["forced_share", 1]
    assert (
        change.high - change.low < 1e-9 < found.levels["forced_share"].high - found.levels["forced_share"].low
    )


def test_a_section_of_choices_needs_choices_along_one_lever():
    assert choices.section(archive_of([{}], lambda point, luck: {"self_service_share": luck})) is None


def test_many_comparisons_need_a_wider_interval():
    values = [1.0, 1.2, 0.7, 1.1]
    assert interval_of(values, level=joint_level(10)).low < interval_of(values).low


def test_points_are_named_by_label_or_by_parameter():
    assert point_label({"policy.staffed_access": 0.5}) == "share of counters that must stay open .5"


MECHANISMS = ("counter", "peers", "price")
FACTORIAL = [
    {name: "acts" if name in own else "out" for name in MECHANISMS}
    for own in reversed(coalitions(MECHANISMS))
]


def acting(point: dict, luck: float) -> dict:
    """Return a game in which the counter is worth .3, price .1 with peers only."""
    both = point["price"] == point["peers"] == "acts"
    return {"self_service_share": 0.2 + luck + 0.3 * (point["counter"] == "acts") + 0.1 * both}


def test_knock_outs_recover_what_each_mechanism_is_worth():
    archive = archive_of(FACTORIAL, acting)
    found = knock_outs.worths(archive.final(), points_of(archive))[0]
    values = {name: round(value.mean, 9) for name, value in found.shapley.items()}
    assert values == {"counter": 0.3, "peers": 0.05, "price": 0.05}


def test_two_ends_show_a_mechanism_that_works_only_with_another():
    archive = archive_of(FACTORIAL, acting)
    found = knock_outs.worths(archive.final(), points_of(archive))[0]
    assert (round(found.alone["price"], 9), round(found.last["price"], 9)) == (0.0, 0.1)


def test_a_factorial_section_draws_its_bars():
    section = knock_outs.section(archive_of(FACTORIAL, acting))
    assert [picture.stem for picture in section.pictures] == ["knock-outs"]


GRID = [
    {"firm.pressure_scale": p, "technology.leakage_scale": leak}
    for p in (1.0, 0.0, 4.0)
    for leak in (1.0, 4.0, 8.0)
]


def leaking(point: dict, luck: float) -> dict:
    """Return an economy in which leakage holds the checkout down and pressure forces."""
    checkout = 0.5 / point["technology.leakage_scale"]
    return {
        "self_service_share": 0.5 + luck,
        "forced_share": 0.15 * (1 + point["firm.pressure_scale"]),
        "rollbacks": 0.01,
        ("self_service_share", "task", "checkout"): checkout,
        ("self_service_share", "task", "cash"): 0.9,
    }


def test_cells_say_which_task_is_held_down_and_where_force_is_the_rule():
    said = " ".join(cells.section(archive_of(GRID, leaking)).paragraphs)
    assert "in 6 of 9 economies, most often checkout (6)" in said
    assert "Forced as a rule, in more than half of self-served occasions: in 3 of 9 economies." in said


RIGHTS = [
    {"policy.earlier_access": e, "policy.staffed_access": r, "policy.from_year": 1990.5}
    for e in (0.0, 1.0)
    for r in (0.0, 0.5, 1.0)
]


def remembered(gap: float):
    """Return an economy in which earlier protection leaves a gap unless all counters are protected."""

    def effect(point: dict, luck: float) -> dict:
        kept = gap * point["policy.earlier_access"] * (1.0 - point["policy.staffed_access"])
        return {"self_service_share": 0.5 + luck - kept, "closed_share": 0.2 + luck}

    return effect


def test_a_gap_between_the_branches_is_named_with_its_strength():
    said = branches.section(archive_of(RIGHTS, remembered(0.12))).paragraphs
    assert "−12.0 points at 0 %, −6.00 points at 50 % of counters protected" in said[1]


def test_branches_that_meet_are_said_to_show_no_gap():
    said = branches.section(archive_of(RIGHTS, remembered(0.0))).paragraphs
    assert "no strength of the right shows a gap" in said[1]


MOTIVES = [{"motive": m, "counters": c} for m in ("all", "no enjoyment") for c in ("a choice", "no choice")]


def motivated(point: dict, luck: float) -> dict:
    """Return an economy in which enjoyment matters with a choice only."""
    lost = 0.1 * (point["motive"] != "all") * (point["counters"] == "a choice")
    return {"self_service_share": 0.5 + luck - lost}


def test_a_motive_that_matters_with_a_choice_only_is_said_so():
    said = crossed.section(archive_of(MOTIVES, motivated)).paragraphs[1]
    assert "with a choice, no enjoyment −10.0 points" in said
    assert "with no choice, nothing that can be told from luck" in said
