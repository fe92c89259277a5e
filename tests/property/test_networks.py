"""What can never happen in a network?"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.network import build_network

SMALL_WORLDS = st.fixed_dictionaries(
    {
        "consumers": st.integers(1, 120),
        "degree": st.integers(0, 6).map(lambda half: 2 * half),
        "rewiring": st.floats(0, 1),
        "seed": st.integers(0, 2**63),
    }
)
FAMILIES = st.sampled_from(["watts_strogatz", "erdos_renyi", "barabasi_albert"])


def matrix_of(network):
    consumers = len(network.neighbours)
    matrix = np.zeros((consumers, consumers), dtype=int)
    for who, row in enumerate(network.neighbours):
        np.add.at(matrix[who], row[: network.degree[who]].astype(int), 1)
    return matrix


@settings(max_examples=60, deadline=None)
@given(FAMILIES, SMALL_WORLDS)
def test_ties_are_mutual_single_and_never_with_oneself(family, wanted):
    matrix = matrix_of(build_network(family, **wanted))
    assert (matrix == matrix.T).all()
    assert matrix.max() <= 1
    assert matrix.trace() == 0


@settings(max_examples=60, deadline=None)
@given(FAMILIES, SMALL_WORLDS)
def test_rows_are_padded_with_the_row_that_does_not_exist(family, wanted):
    network = build_network(family, **wanted)
    slots = np.arange(network.neighbours.shape[1])
    assert ((network.neighbours == wanted["consumers"]) == (slots >= network.degree[:, None])).all()
    assert network.neighbours.dtype == np.uint32
    assert network.neighbours.shape[1] % 4 == 0


@settings(max_examples=30, deadline=None)
@given(FAMILIES, SMALL_WORLDS)
def test_the_same_seed_gives_the_same_network(family, wanted):
    first, second = build_network(family, **wanted), build_network(family, **wanted)
    assert (first.neighbours == second.neighbours).all()


@settings(max_examples=60, deadline=None)
@given(SMALL_WORLDS)
def test_rewiring_keeps_the_number_of_ties_and_bounds_the_popular(wanted):
    network = build_network("watts_strogatz", **wanted)
    ring = build_network("watts_strogatz", **{**wanted, "rewiring": 0.0})
    assert network.edges == ring.edges
    assert network.degree.max() <= max(2 * wanted["degree"], ring.degree.max())
