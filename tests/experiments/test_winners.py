"""Winners and losers: a group is named when the runs set it apart from the mean, and not before."""

from experiments import winners
from tests.experiments.made_up_archive import MadeUpArchive
from tests.experiments.made_up_runs import constant_run

LUCK = (0.0, 0.4, -0.3, 0.2, -0.1)
HOURS = {"low": 20.0, "medium": 25.0, "high": 30.0}


def archive_of(points: list[dict], hours, **experiment) -> MadeUpArchive:
    """Return runs in which education decides how many hours people work for firms."""
    runs = {
        (number, place): constant_run(_run(point, luck, hours), place + 1, months=24)
        for number, point in enumerate(points)
        for place, luck in enumerate(LUCK)
    }
    return MadeUpArchive(points, runs, **experiment)


def _run(point: dict, luck: float, hours) -> dict:
    groups = {("unpaid_hours_gross", "education", name): hours(name, point, luck) for name in HOURS}
    return {"unpaid_hours_gross": hours("medium", point, luck), **groups}


def unequal(name: str, point: dict, luck: float) -> float:
    """Return hours that differ by education, with luck that all share and luck of their own."""
    return HOURS[name] + luck + 0.01 * luck * len(name)


def test_groups_apart_from_the_mean_are_named_with_their_level():
    said = winners.section(archive_of([{}], unequal)).paragraphs
    expected = "above it high education (30.0 h/yr); below it low education (20.0 h/yr)."
    assert said[1] == f"Unpaid hours, gross (mean 25.0 h/yr): {expected}"


def test_groups_within_luck_are_not_named():
    def alike(name: str, point: dict, luck: float) -> float:
        return 25.0 + luck * (len(name) - 4)

    said = winners.section(archive_of([{}], alike)).paragraphs
    assert said[1] == "Unpaid hours, gross (mean 25.1 h/yr): no group can be told from the mean."


POINTS = [{"ban": "none"}, {"ban": "from 2010"}]


def test_a_choice_that_moves_one_group_apart_names_it():
    def freed(name: str, point: dict, luck: float) -> float:
        gained = 3.0 * (name == "low" and point["ban"] != "none")
        return unequal(name, point, luck) - gained

    said = winners.section(archive_of(POINTS, freed)).paragraphs
    assert said[-1].endswith("unpaid hours, gross, low education −3.00 h/yr (mean 0 h/yr).")


def test_a_choice_that_moves_all_alike_moves_no_group_apart():
    def moved(name: str, point: dict, luck: float) -> float:
        return unequal(name, point, luck) - 2.0 * (point["ban"] != "none")

    said = winners.section(archive_of(POINTS, moved)).paragraphs
    assert said[-1].startswith("“from 2010” moves no group apart from the mean")


def test_a_group_that_moves_against_the_mean_is_said_so():
    def split(name: str, point: dict, luck: float) -> float:
        return unequal(name, point, luck) + {"low": 2.0, "medium": -1.0, "high": -1.5}[name] * (
            point["ban"] != "none"
        )

    said = winners.section(archive_of(POINTS, split)).paragraphs
    assert "low education +2.00 h/yr (mean −1.00 h/yr), against the mean's direction" in said[-1]


def test_one_run_is_said_to_set_no_group_apart():
    archive = MadeUpArchive([{}], {(0, 0): constant_run(_run({}, 0.0, unequal), months=24)})
    assert winners.section(archive).paragraphs[0].startswith("One run has no interval")


def test_runs_without_groups_have_no_winners():
    archive = MadeUpArchive([{}], {(0, 0): constant_run({"unpaid_hours_gross": 25.0}, months=24)})
    assert winners.section(archive) is None


def test_a_sample_of_settings_is_read_as_one():
    archive = archive_of(
        [{"firm.imitation": 1.0}, {"firm.imitation": 2.0}], unequal, uncertainties=["firm.imitation"]
    )
    assert "Groups at the end of the run, 10 runs" in winners.section(archive).paragraphs[0]
