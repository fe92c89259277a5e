"""What if: experiment files, their runs, and the folders in which results stay.

>>> from experiments import load_experiment
>>> load_experiment("banking", ["months=12"]).months
12
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.config import Experiment as Experiment
    from experiments.config import load_experiment as load_experiment
    from experiments.errors import BadInput as BadInput
    from experiments.execute import run_experiment as run_experiment
    from experiments.reading import Archive as Archive
    from experiments.reading import open_archive as open_archive
    from experiments.sweeping import sweep as sweep

_HOMES = {
    "Archive": "experiments.reading",
    "BadInput": "experiments.errors",
    "Experiment": "experiments.config",
    "run_experiment": "experiments.execute",
    "load_experiment": "experiments.config",
    "open_archive": "experiments.reading",
    "sweep": "experiments.sweeping",
}

__all__ = [
    "Archive",
    "BadInput",
    "Experiment",
    "load_experiment",
    "open_archive",
    "run_experiment",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the command line starts without heavy packages."""
    if name not in _HOMES:
        raise AttributeError(f"module 'experiments' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
