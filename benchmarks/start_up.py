"""How long somebody waits for a command: help, import, a whole run in a fresh process."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import ROOT, Figure, median_seconds

_EXPERIMENT = "banking-austria"


def python(*arguments: str) -> None:
    """Run Python in a process of its own; an error ends the benchmark with its message."""
    subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def whole_run() -> None:
    """Run the main experiment into a folder that is thrown away, as `make demo` does."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "results")
        command = [sys.executable, "-m", "experiments", "run", _EXPERIMENT, "--out", out]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)


def figures(*, quick: bool) -> Iterator[Figure]:
    """Yield seconds of fresh processes; what is compiled was compiled before."""
    repeats = 3 if quick else 7
    python("-m", "experiments", "--help")
    bare = median_seconds(lambda: python("-c", "pass"), repeats)
    help_page = median_seconds(lambda: python("-m", "experiments", "--help"), repeats)
    imported = median_seconds(lambda: python("-c", "import experiments"), repeats)
    model = median_seconds(lambda: python("-c", "from model import Economy"), repeats)
    whole_run()
    yield Figure("python -m experiments --help", help_page, "s", 0.3)
    yield Figure("python -c 'import experiments'", imported, "s", 0.3)
    yield Figure("python -c 'from model import Economy'", model, "s")
    yield Figure("python -c 'pass'", bare, "s")
    run = median_seconds(whole_run, 1 if quick else 3)
    yield Figure(f"python -m experiments run {_EXPERIMENT}, compiled before", run, "s", 3.0)
