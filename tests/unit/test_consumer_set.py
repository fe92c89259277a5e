"""Do columns of consumers answer Mesa's AgentSet verbs as a set of agents would?"""

import mesa
import numpy as np
import pytest
from mesa.agentset import AbstractAgentSet, AgentSet

from agents.consumer import Consumer
from agents.consumer_set import ConsumerSet
from agents.firm import Firm
from model import Economy


@pytest.fixture(scope="module")
def economy():
    """Return a banking economy of 300 consumers after a year."""
    economy = Economy(consumers=300, months=12, start="2008-01", economy__sectors="bank", rng=2)
    while economy.running:
        economy.step()
    return economy


@pytest.fixture
def consumers(economy):
    return economy.consumers


def rows(selection):
    return [consumer.row for consumer in selection]


def test_a_population_is_an_agent_set_of_consumers(consumers):
    assert isinstance(consumers, AbstractAgentSet)
    assert len(consumers) == len(list(consumers)) == 300
    assert all(isinstance(consumer, Consumer) and isinstance(consumer, mesa.Agent) for consumer in consumers)


def test_everybody_has_a_number_of_her_own_that_no_firm_has(economy):
    numbers = [agent.unique_id for agent in (*economy.consumers, *economy.firms)]
    assert len(set(numbers)) == len(numbers)


def test_two_views_on_one_consumer_are_equal_and_hash_alike(consumers):
    assert consumers[5] == consumers[5]
    assert hash(consumers[5]) == hash(consumers[5])
    assert consumers[5] != consumers[6]
    assert len({consumers[5], consumers[5], consumers[6]}) == 2


def test_views_on_two_economies_differ(consumers):
    other = Economy(consumers=10, months=1, economy__sectors="bank", rng=2)
    assert other.consumers[5] != consumers[5]
    assert consumers[5] not in other.consumers


def test_slices_indices_and_membership_work_as_in_a_list(consumers):
    assert rows(consumers[2:5]) == [2, 3, 4]
    assert consumers[-1].row == 299
    assert consumers[3] in consumers
    assert consumers[3] not in consumers.select(lambda consumer: consumer.row > 3)
    assert rows(consumers.to_list()) == list(range(300))


def test_a_callable_and_a_boolean_array_select_the_same_consumers(consumers):
    old = consumers.select(lambda consumer: consumer.age == "65+")
    assert isinstance(old, ConsumerSet)
    assert 0 < len(old) < 300
    assert old == consumers.select(consumers.get("age") == "65+")


def test_at_most_bounds_a_selection_by_number_or_share(consumers):
    online = consumers.get("internet_rank") < 0.5
    assert len(consumers.select(online, at_most=7)) == 7
    assert len(consumers.select(at_most=0.1)) == 30
    assert len(consumers.select(lambda consumer: consumer.skill >= 0.0, at_most=4)) == 4
    assert len(consumers.select(at_most=1000)) == 300


def test_selecting_by_type_keeps_consumers_alone(consumers):
    assert len(consumers.select(agent_type=Consumer)) == 300
    assert len(consumers.select(agent_type=mesa.Agent)) == 300
    assert len(consumers.select(agent_type=Firm)) == 0


def test_a_selection_in_place_narrows_the_set_itself(consumers):
    some = consumers.select(at_most=10)
    assert some.select(lambda consumer: consumer.row < 4, inplace=True) is some
    assert rows(some) == [0, 1, 2, 3]


@pytest.mark.parametrize("wrong", [np.ones(299, bool), np.ones(300), np.arange(300)])
def test_a_selection_array_of_another_kind_is_refused(consumers, wrong):
    with pytest.raises(ValueError, match="boolean of shape"):
        consumers.select(wrong)


def test_an_attribute_is_read_from_one_and_from_all_alike(consumers):
    for name in ("age", "segment", "skill", "awareness", "tasks_self_served", "strain", "grievance"):
        assert consumers.get(name).tolist() == [getattr(consumer, name) for consumer in consumers]


def test_several_attributes_come_as_one_list_per_consumer(consumers):
    values = consumers.get(["skill", "row"])
    assert len(values) == 300
    assert values[7] == [consumers[7].skill, 7]


def test_what_is_missing_is_an_error_or_a_default(consumers):
    with pytest.raises(AttributeError):
        consumers.get("shoe_size")
    assert consumers.get("shoe_size", handle_missing="default", default_value=40) == [40] * 300
    with pytest.raises(ValueError, match="handle_missing"):
        consumers.get("skill", handle_missing="perhaps")


def test_agg_takes_one_or_several_functions(consumers):
    skill = consumers.get("skill")
    assert consumers.agg("skill", np.mean) == skill.mean()
    assert consumers.agg("skill", [np.min, np.max]) == [skill.min(), skill.max()]


def test_groups_by_attribute_and_by_callable_are_the_same(consumers):
    by_name = consumers.groupby("education")
    by_call = consumers.groupby(lambda consumer: consumer.education)
    assert by_name.count() == by_call.count()
    assert sum(by_name.count().values()) == 300
    assert set(by_name.count()) == {"low", "medium", "high"}


def test_groups_aggregate_and_map(consumers):
    groups = consumers.groupby("segment")
    mean = groups.agg("value_of_time", np.mean)
    assert mean["business"] > mean["private"]
    assert groups.map(len) == groups.count()
    assert groups.do(lambda group: group.set("awareness", 0.25)) is groups
    assert (consumers.get("awareness") == 0.25).all()


def test_groups_can_be_lists(consumers):
    groups = consumers.groupby("age", result_type="list")
    assert all(isinstance(group, list) for _, group in groups)
    assert sum(len(group) for _, group in groups) == 300


def test_do_and_map_call_a_method_or_a_function_on_a_selection(consumers):
    few, seen = consumers.select(at_most=5), []
    assert few.do(lambda consumer: seen.append(consumer.row)) is few
    assert seen == [0, 1, 2, 3, 4]
    assert few.map("is_eligible", "cash") == [True] * 5
    assert few.map(lambda consumer, more: consumer.row + more, more=10) == [10, 11, 12, 13, 14]


def test_shuffling_changes_the_order_alone(consumers):
    shuffled = consumers.shuffle()
    assert rows(shuffled) != list(range(300))
    assert sorted(rows(shuffled)) == list(range(300))
    seen = []
    consumers.shuffle_do(lambda consumer: seen.append(consumer.row))
    assert sorted(seen) == list(range(300))
    assert rows(consumers) == list(range(300))


def test_sorting_puts_the_largest_first_unless_ascending(consumers):
    skills = [consumer.skill for consumer in consumers.sort("skill")]
    assert skills == sorted(skills, reverse=True)
    rising = consumers.sort(lambda consumer: consumer.skill, ascending=True)
    assert [consumer.skill for consumer in rising] == sorted(skills)


def test_set_writes_to_a_whole_selection(consumers):
    young = consumers.select(consumers.get("age") == "16-24")
    assert young.set("trust", 0.5) is young
    assert (young.get("trust") == 0.5).all()
    assert (consumers.get("trust") != 0.5).any()
    consumers[0].trust = 0.75
    assert consumers.get("trust")[0] == 0.75


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), float("inf")])
def test_a_share_outside_its_range_is_refused(consumers, value):
    with pytest.raises(ValueError, match="trust must lie in"):
        consumers[0].trust = value


def test_what_follows_from_the_rules_cannot_be_set(consumers):
    with pytest.raises(AttributeError, match="follows from the rules"):
        consumers[0].strain = 0.5
    with pytest.raises(AttributeError, match="no writable attribute"):
        consumers.set("strain", 0.5)


def test_selections_can_be_added_to_and_taken_from(consumers):
    few = consumers.select(at_most=3)
    few.add(consumers[9])
    few.add(consumers[9])
    few.discard(consumers[0])
    few.discard(consumers[100])
    assert rows(few) == [1, 2, 9]
    few.remove(consumers[2])
    with pytest.raises(KeyError):
        few.remove(consumers[2])
    assert rows(few.copy()) == rows(few)


def test_a_consumer_cannot_be_removed_from_the_economy(consumers):
    with pytest.raises(NotImplementedError, match="renewal"):
        consumers[0].remove()


def test_a_consumer_knows_her_neighbours_firm_and_ways(economy):
    consumer = economy.consumers[10]
    assert consumer not in consumer.neighbours
    assert all(consumer in neighbour.neighbours for neighbour in consumer.neighbours)
    assert consumer.firm_in("bank").sector == "bank"
    assert consumer.way_of("cash").way in ("counter", "helped", "forgone", "cash_machine")
    assert 0.0 <= consumer.experience("cash") <= 1.0


@pytest.mark.parametrize("ask", ["is_eligible", "experience", "way_of", "consider", "utility"])
def test_an_unknown_task_is_named_with_those_that_exist(consumers, ask):
    with pytest.raises(KeyError, match="no task 'knitting' in this economy; it has cash"):
        getattr(consumers[0], ask)("knitting")


def test_firms_are_an_ordinary_agent_set(economy):
    firms = economy.firms
    assert type(firms) is AgentSet
    assert all(isinstance(firm, Firm) for firm in firms)
    assert len(firms.select(lambda firm: firm.price > 0.0)) == len(firms) == 15
    assert firms.agg("customers", sum) > 300
    assert set(firms.groupby("sector").groups) == {"bank"}


def test_consumers_are_found_by_their_type(economy):
    assert economy.agents_by_type[Consumer] is economy.consumers
    assert Consumer in economy.agent_types
    assert Firm in economy.agent_types
