"""Kill a sweep at one file operation after another and resume each time.

`python -m tests.experiments.kill_moments FILE FOLDER FIRST…`: for each number a sweep of its own, whose
sessions run in forked processes that end themselves, without warning, when their n-th file operation is due;
n rises from session to session. The last line printed is a JSON object: how many sessions were killed, and
whether the results are the same as those of an uninterrupted sweep.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from experiments import archive, merging, open_archive, pool, provenance, storing
from experiments.config import load_experiment
from experiments.sweeping import How, carry_out
from tests.experiments.quick_model import InProcess, quick_simulate

OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}
SQL = "select run_id, month, measure, value from series order by all"
SESSIONS = 400


def session(experiment, out: Path, die_at: int | None) -> bool:
    """Carry out a sweep in a forked process; return whether it came to its end."""
    child = os.fork()
    if child == 0:
        if die_at is not None:
            sys.addaudithook(deadly(str(out), die_at))
        carry_out(experiment, out, How(quiet=True))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status not in (0, signal.SIGKILL):
        raise SystemExit(f"a session ended with status {status}")
    return status == 0


def deadly(folder: str, count: int):
    """Return an audit hook that kills this process at the n-th file operation in a folder."""
    left = [count]

    def hook(event: str, arguments: tuple) -> None:
        if event in OPERATIONS and any(folder in str(argument) for argument in arguments[:2]):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def main(experiment_file: str, folder: str, *firsts: str) -> None:
    """Kill ever later in ever new sessions until one comes to its end; compare."""
    import pandas  # noqa: F401 - imported before the first fork, as the next two are: no session pays for it
    import pyarrow.parquet  # noqa: F401
    import scipy.stats  # noqa: F401

    import model.measures

    model.simulate, pool.LocalPool = quick_simulate, InProcess
    storing.os.fsync = lambda _: (
        None
    )  # power stays on: only the process dies, and the disk need not be waited for
    provenance.git_state, provenance.dependency_versions = lambda _: None, dict
    archive.SECONDS_BETWEEN_SHARDS, merging.TOGETHER = 0.0, 3
    experiment, root = load_experiment(experiment_file), Path(folder)
    session(experiment, root / "whole", None)
    killed = 0
    for first in map(int, firsts):
        out = root / f"out-{first}"
        for number in range(first, SESSIONS, 3 + first):
            if session(experiment, out, number):
                break
            killed += 1
        session(experiment, out, None)
    whole = answer(root / "whole")
    same = [whole == answer(out) for out in root.glob("out-*")]
    shutil.rmtree(root)
    sys.stdout.write(
        json.dumps({"killed": killed, "sweeps": len(same), "same": all(same), "values": len(whole)})
    )


def answer(folder: Path) -> bytes:
    """Return everything in the series of an archive, in a fixed order."""
    return open_archive(folder).query(SQL).to_csv(float_format="%r").encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
