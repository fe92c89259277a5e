"""How small a consumer is, and what millions take: bytes of columns, peak of a fresh process, birth."""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import grown
from benchmarks.figures import ROOT, Figure, median_seconds

MONTHS = 24
GIGABYTES = 6.0  # for ten million consumers
_YEAR = grown.MIDDLES[2]  # 2015
_SCRIPT = """
import json, resource, sys, time
from pathlib import Path
from benchmarks import grown

consumers, months, file = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
unit = 1 if sys.platform == "darwin" else 1024
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
grown.live(grown.newborn(4_000, 2), 1)
empty, begin = peak(), time.perf_counter()
economy = grown.newborn(consumers, 2)
born, at_birth = time.perf_counter() - begin, peak()
grown.grow(economy, grown.stored(file))
begin = time.perf_counter()
grown.live(economy, months)
print(json.dumps({
    "month": (time.perf_counter() - begin) / months, "birth": born, "empty": empty, "at_birth": at_birth,
    "peak": peak(), "columns": sum(column.nbytes for column in economy.consumers.columns),
}))
"""


def lived(consumers: int, file: Path) -> dict[str, Any]:
    """Let consumers be born and live for two years in a process of their own; return what that took."""
    command = [sys.executable, "-c", _SCRIPT, str(consumers), str(MONTHS), str(file)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def figures(*, quick: bool, full: bool = False) -> Iterator[Figure]:
    """Yield gigabytes of ten million, bytes per consumer, seconds of birth."""
    many = 100_000 if quick else 10_000_000 if full else 1_000_000
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "moment.npz"
        grown.store(grown.moments(4_000 if quick else 20_000)[_YEAR], file)
        few, found = lived(many // 10, file), lived(many, file)
    what = f"{many:,} consumers × {MONTHS} months, all tasks, fresh process"
    yield Figure(f"{what}: columns and network", found["columns"] / many, "bytes per consumer", 400.0)
    peak = (found["peak"] - found["empty"]) / many
    yield Figure(f"{what}: peak beyond the empty model", peak, "bytes per consumer")
    at_birth = (found["at_birth"] - found["empty"]) / many
    yield Figure(f"{what}: of which already at birth", at_birth, "bytes per consumer")
    if full:
        yield Figure(f"{what}: peak of the process", found["peak"] / 1e9, "GB", GIGABYTES)
    else:
        expected = (found["empty"] + peak * 10_000_000) / 1e9
        yield Figure("10,000,000 consumers: peak, extrapolated", expected, "GB", GIGABYTES)
    exponent = math.log(found["month"] / few["month"]) / math.log(10.0)
    name = f"growth of a month's time, {many // 10:,} to {many:,}, threads 2, fresh processes"
    yield Figure(name, exponent, "exponent", 1.05)
    yield Figure(f"{what}: a month in 2015, threads 2", found["month"], "s")
    yield Figure(f"birth of {many:,} and their network", found["birth"], "s")
    born = many if quick else 1_000_000
    taken = median_seconds(lambda: grown.newborn(born, 1), 3)
    yield Figure(f"birth of {born:,} and their network, warm", taken, "s", 5.0 * born / 1e6)
