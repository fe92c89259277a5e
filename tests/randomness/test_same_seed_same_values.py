"""Does a seed give the same values bit for bit, whatever the threads, the process and the cache?"""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from model import Economy, simulate

# Enough consumers for threads to be used, which a small population is not worth.
GIVEN = {"population.consumers": 4200, "economy.sectors": "bank,travel"}
RUN = """
import hashlib, sys
from model import simulate
from model.compiling import compile_model
threads, seed = int(sys.argv[1]), int(sys.argv[2])
compile_model()
given = {"population.consumers": 4200, "economy.sectors": "bank,travel"}
results = simulate(given, seed, start="2004-01", months=18, threads=threads)
print(hashlib.sha256(results.values.tobytes() + results.group_values.tobytes()).hexdigest())
"""


def digest(seed: int = 1, threads: int = 1) -> str:
    """Return a hash over all values and all values by group of a run."""
    results = simulate(GIVEN, seed, start="2004-01", months=18, threads=threads)
    return hashlib.sha256(results.values.tobytes() + results.group_values.tobytes()).hexdigest()


def digest_of_a_fresh_process(root, *, threads: int = 1, **environment: str) -> str:
    """Return the same hash, computed by a Python of its own."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(threads), "1"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def reference() -> str:
    return digest()


def test_the_same_seed_gives_the_same_values_twice(reference):
    assert digest() == reference


def test_two_threads_give_the_values_of_one(reference):
    assert digest(threads=2) == reference


def test_two_threads_are_really_used():
    economy = Economy(GIVEN, start="2004-01", months=1, threads=2)
    assert economy.consumers.threads == 2
    assert economy.consumers.chunks > 2


@pytest.mark.parametrize(("threads", "order_of_hashes"), [(1, "0"), (2, "4711")])
def test_a_fresh_process_gives_the_same_values(root, reference, threads, order_of_hashes):
    fresh = digest_of_a_fresh_process(root, threads=threads, PYTHONHASHSEED=order_of_hashes)
    assert fresh == reference


def test_another_seed_gives_other_values(reference):
    assert digest(seed=2) != reference


def test_seeds_differ_in_luck_and_not_in_kind():
    shares = [
        simulate({"population.consumers": 400, "economy.sectors": "bank"}, seed, start="2004-01", months=1)
        for seed in range(6)
    ]
    adopters = np.array([results["adopter_share"][-1] for results in shares])
    assert adopters.std() > 0.0
    assert np.ptp(adopters) < 0.5


@pytest.mark.slow
def test_a_cold_and_a_warm_cache_give_the_same_values(root, reference, tmp_path):
    environment = {"PROSUMING_CACHE_DIR": str(tmp_path), "NUMBA_CACHE_DIR": ""}
    cold = digest_of_a_fresh_process(root, **environment)
    compiled = sorted(tmp_path.rglob("*.nbc"))
    assert any("live_a_month" in path.name for path in compiled)
    warm = digest_of_a_fresh_process(root, **environment)
    assert cold == warm == reference
    assert sorted(tmp_path.rglob("*.nbc")) == compiled, "the second process has compiled something again"
