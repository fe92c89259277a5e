"""Do the neighbour lists have the shape that each family of networks promises?"""

import re

import igraph
import numpy as np
import pytest

from model.network import FAMILIES, LARGEST_WIDTH, build_network, ring_order


def graph_of(network):
    rows = ((i, int(j)) for i, row in enumerate(network.neighbours) for j in row[: network.degree[i]])
    return igraph.Graph(len(network.neighbours), [(i, j) for i, j in rows if i < j])


def listed(network, row):
    return network.neighbours[row, : network.degree[row]].tolist()


def test_without_rewiring_the_ring_ties_everybody_to_the_four_on_each_side():
    network = build_network("watts_strogatz", 100, 8, 0.0, seed=1)
    assert sorted(listed(network, 50)) == [46, 47, 48, 49, 51, 52, 53, 54]
    assert sorted(listed(network, 0)) == [1, 2, 3, 4, 96, 97, 98, 99]
    assert network.neighbours.shape == (100, 8)
    assert network.edges == 400


def test_rewiring_moves_ties_and_makes_none():
    network = build_network("watts_strogatz", 2000, 8, 0.1, seed=1)
    assert network.edges == 8000
    assert network.degree.mean() == 8.0
    assert network.degree.max() <= 16


def test_a_tenth_of_the_ties_leads_elsewhere():
    network = build_network("watts_strogatz", 5000, 8, 0.1, seed=3)
    who = np.repeat(np.arange(5000), network.degree)
    other = np.concatenate([network.neighbours[i, : network.degree[i]] for i in range(5000)]).astype(int)
    distance = np.minimum((other - who) % 5000, (who - other) % 5000)
    assert np.mean(distance > 4) == pytest.approx(0.1, abs=0.01)


def test_a_small_world_is_clustered_and_yet_near():
    ours = graph_of(build_network("watts_strogatz", 2000, 8, 0.1, seed=1))
    random = graph_of(build_network("erdos_renyi", 2000, 8, 0.1, seed=1))
    ring = graph_of(build_network("watts_strogatz", 2000, 8, 0.0, seed=1))
    assert ours.transitivity_undirected() > 0.4
    assert random.transitivity_undirected() < 0.02
    assert ours.average_path_length() < 0.1 * ring.average_path_length()


@pytest.mark.parametrize("rewiring", [0.05, 0.1, 0.3])
def test_clustering_falls_with_rewiring_as_barrat_and_weigt_derived(rewiring):
    network = graph_of(build_network("watts_strogatz", 5000, 8, rewiring, seed=1))
    of_the_ring = 3 * (8 - 2) / (4 * (8 - 1))
    assert network.transitivity_undirected() == pytest.approx(of_the_ring * (1 - rewiring) ** 3, abs=0.015)


def test_complete_rewiring_leaves_no_clusters():
    network = graph_of(build_network("watts_strogatz", 2000, 8, 1.0, seed=1))
    assert network.transitivity_undirected() < 0.02


def test_preferential_attachment_has_hubs_that_see_a_sample_of_those_who_see_them():
    network = build_network("barabasi_albert", 3000, 8, 0.0, seed=1)
    seen_by = np.bincount(network.neighbours[network.neighbours < 3000], minlength=3000)
    hub = int(seen_by.argmax())
    assert seen_by[hub] > LARGEST_WIDTH
    assert network.degree[hub] == LARGEST_WIDTH
    assert len(set(listed(network, hub))) == LARGEST_WIDTH
    assert network.edges / 3000 == pytest.approx(4.0, abs=0.05)


def test_a_random_network_has_exactly_the_asked_number_of_ties():
    assert build_network("erdos_renyi", 1000, 6, 0.0, seed=1).edges == 3000


def test_in_a_complete_network_everybody_sees_everybody():
    network = build_network("complete", 30, 8, 0.1, seed=1)
    assert all(sorted(listed(network, i)) == [j for j in range(30) if j != i] for i in range(30))


def test_without_a_network_nobody_sees_anybody():
    network = build_network("none", 30, 8, 0.1, seed=1)
    assert (network.edges, int(network.degree.sum())) == (0, 0)
    assert (network.neighbours == 30).all()


@pytest.mark.parametrize("consumers", [2, 5, 9])
@pytest.mark.parametrize("family", ["watts_strogatz", "barabasi_albert", "erdos_renyi"])
def test_in_a_tiny_population_everybody_knows_everybody(family, consumers):
    assert build_network(family, consumers, 8, 0.1, seed=1).edges == consumers * (consumers - 1) // 2


@pytest.mark.parametrize("family", FAMILIES)
def test_a_single_consumer_has_no_neighbour(family):
    network = build_network(family, 1, 8, 0.1, seed=1)
    assert network.neighbours.tolist() == [[1, 1, 1, 1]]


def test_another_seed_makes_another_network():
    first, second = (build_network("watts_strogatz", 500, 8, 0.1, seed).neighbours for seed in (1, 2))
    assert first.shape != second.shape or (first != second).any()


def test_igraph_gets_its_own_generator_back():
    import random

    random.seed(7)
    igraph.set_random_number_generator(random)
    expected = igraph.Graph.Erdos_Renyi(n=50, m=100).get_edgelist()
    random.seed(7)
    build_network("erdos_renyi", 50, 4, 0.1, seed=1)
    assert igraph.Graph.Erdos_Renyi(n=50, m=100).get_edgelist() == expected


def test_people_alike_are_neighbours_on_the_ring():
    score = np.array([0.5, -1.0, 2.0, 0.1])
    assert score[ring_order(score)].tolist() == [-1.0, 0.1, 0.5, 2.0]


@pytest.mark.parametrize(
    ("family", "consumers", "degree", "rewiring", "message"),
    [
        ("watts_strogats", 100, 8, 0.1, "did you mean watts_strogatz?"),
        ("watts_strogatz", 100, 7, 0.1, "even number ≥ 0 of neighbours; got 7"),
        ("watts_strogatz", 100, -2, 0.1, "even number ≥ 0 of neighbours; got -2"),
        ("watts_strogatz", 0, 8, 0.1, "at least 1; got 0"),
        ("watts_strogatz", 100, 8, 1.5, "must lie in [0, 1]; got 1.5"),
        ("watts_strogatz", 100, 8, float("nan"), "must lie in [0, 1]; got nan"),
        ("complete", 2001, 8, 0.1, "at most 2000 consumers; got 2001"),
    ],
)
def test_an_impossible_network_is_refused(family, consumers, degree, rewiring, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        build_network(family, consumers, degree, rewiring, seed=1)
