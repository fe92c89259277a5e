"""A scratch folder, a way to write experiment files into it, and the command line without a new process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import altair  # noqa: F401 - loaded: a command of this process draws its report itself, without a second one
import pytest

from experiments.cli import main

TINY = "extends: banking\nmonths: 14\nparameters:\n  population.consumers: 60\n"


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """Return a function that writes a file, as text or bytes, and returns its path."""

    def _write(content: str | bytes, name: str = "mine.yaml") -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _write


@pytest.fixture
def tiny(write: Callable[..., Path]) -> str:
    """Return the name of an experiment file that runs in no time."""
    write(TINY, "tiny.yaml")
    return "tiny.yaml"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Return a function that runs a command in this process."""

    def _command(*arguments: str) -> Answer:
        capsys.readouterr()
        code = main(arguments)
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return _command


SWEEP = """
extends: banking
months: 14
replications: 3
measures: [adopter_share, forced_share]
parameters:
  population.consumers: 60
levers:
  policy.compensation_rate: {values: [0, 0.5]}
uncertainties:
  firm.pass_through: [0.0, 1.0]
design: {kind: latin_hypercube, points: 2}
"""


@pytest.fixture
def four_points(write: Callable[..., Path]) -> str:
    """Return the name of an experiment file with 4 design points of 3 replications."""
    write(SWEEP, "four.yaml")
    return "four.yaml"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs be computed in this process by a model that answers at once, and wait for no disk."""
    from tests.experiments.quick_model import InProcess, quick_simulate

    monkeypatch.setattr("model.simulate", quick_simulate)
    monkeypatch.setattr("experiments.pool.LocalPool", InProcess)
    monkeypatch.setattr("experiments.storing.os.fsync", lambda _: None)
