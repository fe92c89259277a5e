"""Does the packaged catalogue hold what the concept map names, and can it be varied?"""

import pickle

import pytest

from model.task_fields import LIMITS
from model.tasks import CatalogueError, load_catalogue

CATALOGUE = load_catalogue()
TASKS = {task.name: task for task in CATALOGUE.tasks}
BASKETS = [TASKS[name] for name in ("checkout_small", "checkout_medium", "checkout_large")]


def weighted(values):
    occasions = [task.occasions for task in BASKETS]
    return sum(n * value for n, value in zip(occasions, values, strict=True)) / sum(occasions)


def test_every_system_of_the_concept_map_is_a_task():
    named = {
        *("cash", "transfer", "exchange", "statement", "brokerage", "buying", "selling"),
        *("checkout_small", "checkout_medium", "checkout_large", "trip", "flight", "long_ticket"),
        *("local_ticket", "filing", "parcel", "configure", "setup", "maintenance"),
        *("review", "recommend", "codesign", "innovation"),
    }
    assert set(TASKS) == named
    assert len(TASKS) <= LIMITS["tasks"]
    assert [sector.name for sector in CATALOGUE.sectors] == [
        *("bank", "retail", "travel", "transport", "government", "parcel", "maker", "software")
    ]


def test_a_transfer_passed_from_terminal_to_online_to_mobile():
    generations = [
        (channel.name, channel.introduced, channel.access) for channel in TASKS["transfer"].channels
    ]
    assert generations == [
        ("terminal", 1985, "none"),
        ("online", 1996, "internet"),
        ("mobile", 2010, "mobile"),
    ]


def test_all_bank_tasks_share_the_branch():
    assert {task.counter for task in CATALOGUE.select(["bank"]).tasks} == {"branch"}


def test_three_basket_classes_add_up_to_a_household_shopper():
    assert sum(task.occasions for task in BASKETS) == 120
    assert weighted([task.employee_minutes for task in BASKETS]) == pytest.approx(1.2)
    assert weighted([task.staffed_minutes for task in BASKETS]) == pytest.approx(4.0)
    assert weighted([task.channels[0].minutes for task in BASKETS]) == pytest.approx(3.2)
    assert weighted([task.channels[0].leakage for task in BASKETS]) == pytest.approx(0.16)


def test_scanning_oneself_saves_time_with_a_small_basket_and_costs_time_with_a_large_one():
    small, _, large = BASKETS
    assert small.channels[0].minutes < small.staffed_minutes
    assert large.channels[0].minutes > large.staffed_minutes


def test_contributions_are_done_without_any_staff():
    contributions = [task for task in CATALOGUE.tasks if task.kind == "contribution"]
    assert {task.name for task in contributions} == {"review", "recommend", "codesign", "innovation"}
    assert all(task.employee_minutes == task.staffed_minutes == 0 for task in contributions)
    assert all(task.channels[0].contribution_value > 0 for task in contributions)


def test_public_offices_are_captive_and_keep_helping():
    captive = [sector for sector in CATALOGUE.sectors if sector.captive]
    assert [(sector.name, sector.fallback) for sector in captive] == [("government", 0.95)]


def test_every_number_has_bounds_a_unit_a_label_and_a_source():
    for number in CATALOGUE.numbers():
        assert number.low <= number.value <= number.high, number
        assert number.low < number.high, number
        assert number.unit, number
        assert number.source, number
        assert ": " in number.label, number


def test_no_number_of_the_package_is_without_a_written_source():
    silent = [number.name for number in CATALOGUE.numbers() if number.source == "not stated"]
    assert silent == []


def test_every_task_and_channel_speaks_english_and_german():
    labelled = [*CATALOGUE.sectors, *CATALOGUE.tasks, *(c for task in CATALOGUE.tasks for c in task.channels)]
    assert all(item.label and item.label_de for item in labelled)
    assert (TASKS["cash"].label, TASKS["cash"].label_de) == ("Cash withdrawal", "Bargeldbehebung")


def test_every_task_has_an_anchor_for_its_intercept():
    assert all(task.anchors for task in CATALOGUE.tasks)
    online = TASKS["transfer"].anchors[1]
    assert (online.year, online.basis, online.value, online.channel) == (2015, "persons_3m", 0.469, "online")


def test_replacing_a_number_changes_it_and_nothing_else():
    changed = CATALOGUE.replaced({"tasks.transfer.staffed_minutes": 9, "tasks.transfer.online.minutes": 3})
    transfer = next(task for task in changed.tasks if task.name == "transfer")
    assert (transfer.staffed_minutes, transfer.channels[1].minutes) == (9.0, 3.0)
    before = {number.name: number.value for number in CATALOGUE.numbers()}
    after = {number.name: number.value for number in changed.numbers()}
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"tasks.transfer.staffed_minutes", "tasks.transfer.online.minutes"}
    assert TASKS["transfer"].staffed_minutes == 12.0


def test_whole_numbers_stay_whole():
    firms = CATALOGUE.replaced({"sectors.bank.firms": 20.0}).sectors[0].firms
    assert (firms, type(firms)) == (20, int)


def test_an_earlier_introduction_reorders_the_generations():
    earlier = CATALOGUE.replaced({"tasks.long_ticket.online.introduced": 1996.0})
    changed = earlier.replaced({"tasks.flight.check_in_machine.introduced": 2001.0})
    flight = next(task for task in changed.tasks if task.name == "flight")
    assert [channel.name for channel in flight.channels] == ["online", "check_in_machine", "mobile"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"tasks.transfr.staffed_minutes": 9}, "did you mean tasks.transfer.staffed_minutes?"),
        ({"tasks.transfer.staffed_minutes": 99}, "expected [6, 24] min; got 99"),
        ({"tasks.transfer.staffed_minutes": float("nan")}, "expected [6, 24] min; got nan"),
        ({"tasks.transfer.staffed_minutes": "nine"}, "got 'nine'"),
        ({"tasks.transfer.staffed_minutes": True}, "got True"),
        ({"sectors.bank.firms": 15.5}, "expected a whole number in [7, 45]; got 15.5"),
        ({"tasks.review.staffed_minutes": 1}, "unknown number"),
    ],
)
def test_a_value_that_cannot_be_is_refused(values, message):
    with pytest.raises(CatalogueError) as refusal:
        CATALOGUE.replaced(values)
    assert message in str(refusal.value)


def test_limits_of_theory_may_leave_the_bounds_but_not_what_is_possible():
    name = "tasks.transfer.online.minutes"
    free = CATALOGUE.replaced({name: 0.0}, beyond_bounds=True)
    assert next(task for task in free.tasks if task.name == "transfer").channels[1].minutes == 0.0
    with pytest.raises(CatalogueError, match=r"expected a finite number in \[0, 100000\] min; got -1"):
        CATALOGUE.replaced({name: -1.0}, beyond_bounds=True)


def test_a_service_cannot_lose_its_staffed_alternative():
    with pytest.raises(CatalogueError, match="has no staffed alternative"):
        CATALOGUE.replaced({"tasks.transfer.staffed_minutes": 0.0}, beyond_bounds=True)


def test_selecting_sectors_keeps_the_order_of_the_file():
    chosen = CATALOGUE.select(["parcel", "bank"])
    assert [sector.name for sector in chosen.sectors] == ["bank", "parcel"]
    assert [task.name for task in chosen.tasks] == [
        *("cash", "transfer", "exchange", "statement", "brokerage", "parcel")
    ]
    assert {number.name.split(".")[1] for number in chosen.numbers()} == {
        *("bank", "parcel", "cash", "transfer", "exchange", "statement", "brokerage")
    }


@pytest.mark.parametrize(
    ("names", "message"), [(["bnak"], "did you mean bank?"), ([], "expected at least one")]
)
def test_selecting_an_unknown_sector_is_refused(names, message):
    with pytest.raises(CatalogueError) as refusal:
        CATALOGUE.select(names)
    assert message in str(refusal.value)


def test_a_catalogue_travels_to_another_process():
    copy = pickle.loads(pickle.dumps(CATALOGUE))
    assert copy == CATALOGUE
    assert list(copy.numbers()) == list(CATALOGUE.numbers())


def test_an_error_travels_to_another_process():
    error = CatalogueError("what; expected; got", "file.yaml", 3)
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.file, copy.line) == ("file.yaml:3: what; expected; got", "file.yaml", 3)
