"""How small a consumer is: bytes of her columns, and what a process grows by."""

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.figures import ROOT, Figure

_SCRIPT = """
import gc, json, resource, sys
from model import Economy

economy = Economy({"economy.sectors": "bank"}, consumers=int(sys.argv[1]), months=1, rng=1)
economy.step()
gc.collect()
columns = sum(column.nbytes for column in economy.consumers.columns)
pages = int(open("/proc/self/statm").read().split()[1]) if sys.platform == "linux" else 0
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"columns": columns, "now": pages * resource.getpagesize(), "peak": peak}))
"""


def memory_of(consumers: int) -> dict[str, int]:
    """Return bytes of the columns, of the process now, and of the process at its largest."""
    command = [sys.executable, "-c", _SCRIPT, str(consumers)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def figures(*, quick: bool) -> Iterator[Figure]:
    """Yield bytes per consumer beyond the interpreter."""
    few, many = 10_000, 200_000 if quick else 1_000_000
    small, large = memory_of(few), memory_of(many)
    people = f"{many:,} against {few:,} consumers"
    yield Figure("columns and network, by their arrays", large["columns"] / many, "bytes per consumer", 400.0)
    grown = (large["now"] - small["now"]) / (many - few)
    yield Figure(f"growth of the process, {people}", grown, "bytes per consumer", 400.0)
    peak = (large["peak"] - small["now"]) / (many - few)
    yield Figure(f"growth at its largest, while people are born, {people}", peak, "bytes per consumer")
