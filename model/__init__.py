"""Where it adds up: the economy, its accounts and its measures.

``Economy`` is the Mesa model; ``simulate`` runs one and returns its results.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.economy import Economy
    from model.parameters import ParameterError, Parameters
    from model.results import Results
    from model.simulation import simulate
    from model.technology import Drivers

_HOMES = {
    "Drivers": "model.technology",
    "Economy": "model.economy",
    "ParameterError": "model.parameters",
    "Parameters": "model.parameters",
    "Results": "model.results",
    "simulate": "model.simulation",
}

__all__ = ["Drivers", "Economy", "ParameterError", "Parameters", "Results", "simulate"]


def __getattr__(name: str) -> Any:
    """Import what is asked for, when it is asked for: ``import model`` alone is fast."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'model' has no attribute {name!r}")
