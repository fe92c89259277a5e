"""What an economy is given when it is made, checked: each message says what was expected and what came."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from model.parameters import ParameterError, Parameters
from model.tasks import Catalogue

LONGEST = 2400  # months


def year_of(start: str) -> float:
    """Return a month such as "1990-01" as a year with fraction.

    Examples
    --------
    >>> year_of("1990-07")
    1990.5
    """
    year, dash, month = str(start).partition("-")
    valid = dash and year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) == 2
    if not valid or not 1 <= int(month) <= 12 or not 1900 <= int(year) <= 2100:
        raise ValueError(
            f"start: expected a month between 1900-01 and 2100-12, written as 1990-01, got {start!r}"
        )
    return int(year) + (int(month) - 1) / 12.0


def checked_seed(rng: Any) -> Any:
    """Return a seed or generator for Mesa; refuse what is neither."""
    whole = isinstance(rng, int | np.integer) and not isinstance(rng, bool)
    if isinstance(rng, str | bool | float) or (whole and rng < 0):
        raise ValueError(f"rng: expected a whole number ≥ 0 as seed, or a NumPy generator, got {rng!r}")
    return rng


def checked_threads(threads: Any) -> int:
    """Return a number of threads."""
    if isinstance(threads, bool) or not isinstance(threads, int | np.integer) or threads < 1:
        raise ValueError(f"threads: expected a whole number ≥ 1, got {threads!r}")
    return int(threads)


def checked_horizon(months: Any) -> int:
    """Return a number of months."""
    if isinstance(months, bool) or not isinstance(months, int | np.integer) or not 1 <= months <= LONGEST:
        raise ValueError(f"months: expected a whole number in [1, {LONGEST}], got {months!r}")
    return int(months)


def parameters_of(
    given: Parameters | Mapping[str, Any] | None,
    consumers: int | None,
    dotted: Mapping[str, Any],
    catalogue: Catalogue | None,
) -> Parameters:
    """Return validated parameters from an object, a mapping, or keywords with double underscores."""
    if isinstance(given, Parameters):
        values = {name: value for name, value in given.flat().items() if value is not None}
    else:
        values = dict(_mapping(given))
    if "seed" in dotted:
        raise ParameterError("seed", expected="the keyword rng", got=dotted["seed"], nearest="rng")
    values.update({name.replace("__", "."): value for name, value in dotted.items()})
    if consumers is not None:
        values["population.consumers"] = consumers
    return Parameters.of(values, catalogue)


def _mapping(given: Any) -> Mapping[str, Any]:
    if given is None or isinstance(given, Mapping):
        return given or {}
    expected = "a mapping of dotted names, such as {'firm.imitation': 4.0}, or a Parameters object"
    raise ParameterError("parameters", expected=expected, got=given)
