"""Who looks at whom: neighbour lists of consumers, as arrays that a compiled pass can read.

The default is a small world (Watts & Strogatz): a ring on which people alike stand side by side,
with a few ties rewired to anywhere. Its builder takes row order for ring order: sort the population
by :func:`ring_order` first, and neighbours are alike *and* near in memory.

References
----------
Watts, D. J., & Strogatz, S. H. (1998). Collective dynamics of "small-world" networks. Nature 393.
Barabási, A.-L., & Albert, R. (1999). Emergence of scaling in random networks. Science 286.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numba import njit

from agents.draws import decision_key, uniform

FAMILIES = ("watts_strogatz", "barabasi_albert", "erdos_renyi", "complete", "none")
LARGEST_COMPLETE = 2000
LARGEST_WIDTH = 64
WIDTH_STEP = 4


@dataclass(frozen=True, eq=False)
class Network:
    """Neighbours of every consumer, one row each.

    ``neighbours`` is uint32 of shape (N, width). A row lists ``degree`` neighbours and is padded with
    N, the number of a row that does not exist: give state read through it one more, neutral entry.
    """

    neighbours: np.ndarray
    degree: np.ndarray

    @property
    def edges(self) -> int:
        """Count the ties: pairs of consumers of whom at least one sees the other."""
        return int(_count_ties(self.neighbours, self.degree))


def ring_order(similarity: np.ndarray) -> np.ndarray:
    """Return the permutation that puts consumers in ring order, the least similarity score first.

    Parameters
    ----------
    similarity : one number per consumer; whoever is close in it will be close on the ring.

    Examples
    --------
    >>> ring_order(np.array([0.3, -1.0, 0.9])).tolist()
    [1, 0, 2]
    """
    return np.argsort(similarity, kind="stable")


def build_network(family: str, consumers: int, degree: int, rewiring: float, seed: int) -> Network:
    """Return a network of consumers whose rows stand in ring order.

    Parameters
    ----------
    family : one of ``FAMILIES``.
    consumers : their number N, at least 1.
    degree : mean number of neighbours, even; where N is smaller, everybody knows everybody.
    rewiring : probability that a tie of the ring leads elsewhere (``watts_strogatz`` only).
    seed : of the replication; the same seed gives the same network.

    Returns
    -------
    Ties are mutual and nobody is her own neighbour. In ``watts_strogatz`` nobody has more than
    twice ``degree`` neighbours. A hub of ``barabasi_albert`` sees a fixed random 64 of those who see her.
    ``complete`` and ``none`` do not read degree.

    Raises
    ------
    ValueError
        For an unknown family, an odd degree, a rewiring outside [0, 1], too large a complete network.
    """
    _check(family, consumers, degree, rewiring)
    if family == "none" or consumers == 1 or (degree == 0 and family != "complete"):
        return _from_edges(np.empty((0, 2), dtype=np.int64), consumers, seed)
    if family == "complete" or degree >= consumers - 1:
        return _complete(consumers)
    if family == "watts_strogatz":
        return _small_world(consumers, degree, rewiring, seed)
    return _from_edges(_edges_by_igraph(family, consumers, degree, seed), consumers, seed)


def _check(family: str, consumers: int, degree: int, rewiring: float) -> None:
    if family not in FAMILIES:
        nearest = get_close_matches(str(family), FAMILIES, n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        raise ValueError(f"unknown network family; expected one of {', '.join(FAMILIES)}; got {family}{hint}")
    if consumers < 1:
        raise ValueError(f"a network needs consumers; expected at least 1; got {consumers}")
    if degree < 0 or degree % 2:
        raise ValueError(f"a network's degree must be an even number ≥ 0 of neighbours; got {degree}")
    if not 0 <= rewiring <= 1:
        raise ValueError(f"a network's rewiring must lie in [0, 1]; got {rewiring}")
    if family == "complete" and consumers > LARGEST_COMPLETE:
        raise ValueError(f"a complete network has at most {LARGEST_COMPLETE} consumers; got {consumers}")


def _trimmed(rows: np.ndarray, degree: np.ndarray) -> Network:
    """Return the network with rows no wider than the largest degree, a multiple of four."""
    width = max(WIDTH_STEP, -(-int(degree.max()) // WIDTH_STEP) * WIDTH_STEP)
    return Network(np.ascontiguousarray(rows[:, :width]), degree)


def _complete(consumers: int) -> Network:
    width = max(WIDTH_STEP, -(-(consumers - 1) // WIDTH_STEP) * WIDTH_STEP)
    rows = np.full((consumers, width), consumers, dtype=np.uint32)
    everybody = np.arange(consumers)
    rows[:, : consumers - 1] = np.stack([np.delete(everybody, i) for i in everybody])
    return Network(rows, np.full(consumers, consumers - 1, dtype=np.uint16))


def _small_world(consumers: int, degree: int, rewiring: float, seed: int) -> Network:
    rows = np.full((consumers, 2 * degree), consumers, dtype=np.uint32)
    counts = np.zeros(consumers, dtype=np.uint16)
    keys = (decision_key(seed, "rewire_a_tie"), decision_key(seed, "choose_a_stranger"))
    _tie_the_ring(rows, counts, degree // 2)
    _rewire(rows, counts, degree // 2, rewiring, keys)
    return _trimmed(rows, counts)


@njit(cache=True, nogil=True, error_model="numpy")
def _append(rows: np.ndarray, counts: np.ndarray, who: int, neighbour: int) -> None:
    rows[who, counts[who]] = neighbour
    counts[who] += 1


@njit(cache=True, nogil=True, error_model="numpy")
def _sees(rows: np.ndarray, counts: np.ndarray, who: int, neighbour: int) -> bool:
    for slot in range(counts[who]):  # noqa: SIM110  (numba compiles no generator)
        if rows[who, slot] == neighbour:
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _remove(rows: np.ndarray, counts: np.ndarray, who: int, neighbour: int) -> None:
    last = counts[who] - 1
    for slot in range(last):
        if rows[who, slot] == neighbour:
            rows[who, slot] = rows[who, last]
            break
    rows[who, last] = len(rows)
    counts[who] = last


@njit(cache=True, nogil=True, error_model="numpy")
def _tie_the_ring(rows: np.ndarray, counts: np.ndarray, reach: int) -> None:
    """Tie everybody to the next ``reach`` people on the ring, and so to the ``reach`` before."""
    consumers = len(rows)
    for who in range(consumers):
        for step in range(1, reach + 1):
            following = (who + step) % consumers
            _append(rows, counts, who, following)
            _append(rows, counts, following, who)


@njit(cache=True, nogil=True, error_model="numpy")
def _rewire(rows: np.ndarray, counts: np.ndarray, reach: int, rewiring: float, keys: tuple) -> None:
    """Lead some ties of the ring elsewhere; a tie stays if its new end is taken, herself or full."""
    consumers, width = rows.shape
    for who in range(consumers):
        for step in range(1, reach + 1):
            if uniform(keys[0], who, step) >= rewiring:
                continue
            stranger = int(uniform(keys[1], who, step) * consumers)
            if stranger == who or counts[stranger] == width or _sees(rows, counts, who, stranger):
                continue
            following = (who + step) % consumers
            _remove(rows, counts, who, following)
            _remove(rows, counts, following, who)
            _append(rows, counts, who, stranger)
            _append(rows, counts, stranger, who)


class _AddressedGenerator:
    """Speaks Python's random-number interface to igraph, from draws at addresses 1, 2, 3 and so on."""

    def __init__(self, seed: int, family: str) -> None:
        self.key = decision_key(seed, f"grow_{family}")
        self.drawn = 0

    def random(self) -> float:
        self.drawn += 1
        return float(uniform(self.key, self.drawn, 0))

    def randint(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    def getrandbits(self, bits: int) -> int:
        words = (int(self.random() * 2**32) for _ in range(-(-bits // 32)))
        return sum(word << (32 * place) for place, word in enumerate(words)) & ((1 << bits) - 1)

    def gauss(self, mean: float, deviation: float) -> float:
        angle, radius = 2 * np.pi * self.random(), np.sqrt(-2 * np.log(self.random()))
        return float(mean + deviation * radius * np.cos(angle))


def _edges_by_igraph(family: str, consumers: int, degree: int, seed: int) -> np.ndarray:
    """Return the ties of a random graph as pairs of rows; igraph's own generator is put back."""
    import random as interpreter_random  # noqa: TID251  (igraph's default, only to restore it)

    import igraph

    growers: dict[str, Callable[[], igraph.Graph]] = {
        "barabasi_albert": lambda: igraph.Graph.Barabasi(consumers, m=degree // 2),
        "erdos_renyi": lambda: igraph.Graph.Erdos_Renyi(n=consumers, m=consumers * degree // 2),
    }
    igraph.set_random_number_generator(_AddressedGenerator(seed, family))
    try:
        graph = growers[family]()
    finally:
        igraph.set_random_number_generator(interpreter_random)
    return np.array(graph.simplify().get_edgelist(), dtype=np.int64).reshape(-1, 2)


def _from_edges(edges: np.ndarray, consumers: int, seed: int) -> Network:
    degree = np.bincount(edges.ravel(), minlength=consumers)
    ends = np.concatenate([[0], np.cumsum(degree)])
    width = min(LARGEST_WIDTH, int(degree.max()))
    rows = np.full(
        (consumers, max(WIDTH_STEP, -(-width // WIDTH_STEP) * WIDTH_STEP)), consumers, dtype=np.uint32
    )
    _fill_rows(rows, edges, ends, decision_key(seed, "notice_a_neighbour"))
    return Network(rows, np.minimum(degree, rows.shape[1]).astype(np.uint16))


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_rows(rows: np.ndarray, edges: np.ndarray, ends: np.ndarray, key: np.uint64) -> None:
    """Write both ends of each tie into the rows; a row too short for its hub takes a random sample."""
    listed = np.empty(ends[-1], dtype=np.int64)
    free = ends[:-1].copy()
    for tie in range(len(edges)):
        for side in range(2):
            who = edges[tie, side]
            listed[free[who]] = edges[tie, 1 - side]
            free[who] += 1
    for who in range(len(rows)):
        mine = listed[ends[who] : ends[who + 1]]
        if len(mine) > rows.shape[1]:
            draws = np.array([uniform(key, who, neighbour) for neighbour in mine])
            mine = mine[np.argsort(draws)[: rows.shape[1]]]
        for slot in range(len(mine)):
            rows[who, slot] = mine[slot]


@njit(cache=True, nogil=True, error_model="numpy")
def _count_ties(neighbours: np.ndarray, degree: np.ndarray) -> int:
    ties = 0
    for who in range(len(neighbours)):
        for slot in range(degree[who]):
            other = neighbours[who, slot]
            if who < other or not _sees(neighbours, degree, other, who):
                ties += 1
    return ties
