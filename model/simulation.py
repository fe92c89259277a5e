"""One door to the model: parameters and a seed in, results out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from model.economy import BURN_IN, Economy
from model.measures import MEASURES
from model.measuring import grouped, measured
from model.parameters import Parameters, nearest_name
from model.results import Results
from model.tasks import Catalogue
from model.technology import Drivers

Progress = Callable[[int, int], None]


def simulate(
    parameters: Parameters | Mapping[str, Any] | None = None,
    seed: int = 1,
    *,
    start: str = "1990-01",
    months: int = 480,
    catalogue: Catalogue | None = None,
    drivers: Drivers | None = None,
    threads: int = 1,
    measures: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run one economy to its horizon and return its measures by month.

    Parameters
    ----------
    parameters : dotted names and values, or a :class:`Parameters` object; defaults for the rest.
    seed : of all draws; the same seed gives the same results, whatever the threads.
    start : month 0, as "1990-01".
    months : number of months that are stored; 60 months of burn-in run before them.
    catalogue : tasks and sectors; the package's own by default.
    drivers : observed access and wages.
    threads : that share the work.
    measures : names of measures to keep, in this order; all by default.
    progress : called with (months done, months in all), burn-in included.

    Raises
    ------
    ParameterError
        For a parameter that does not exist or is out of bounds.
    ValueError
        For an unknown measure, a malformed start, or an impossible horizon.

    Examples
    --------
    >>> results = simulate({"population.consumers": 200, "economy.sectors": "bank"}, seed=1, months=12)
    >>> results.values.shape[0], bool(0.0 <= results["adopter_share"][-1] <= 1.0)
    (12, True)
    """
    kept = _known(measures)
    total = BURN_IN + months

    def report(done: int) -> None:
        if progress:
            progress(done, total)

    economy = Economy(
        parameters,
        start=start,
        months=months,
        rng=seed,
        catalogue=catalogue,
        drivers=drivers,
        threads=threads,
        on_burn_in=report,
    )
    values, groups = [], []
    for month in range(months):
        economy.live_a_month()
        values.append(list(measured(economy.snapshot(), kept).values()))
        groups.append(grouped(economy.snapshot(), None if measures is None else kept))
        report(BURN_IN + month + 1)
    return Results(
        measures=kept,
        values=np.array(values),
        group_keys=groups[0].keys,
        group_values=np.array([group.values for group in groups]),
        start=start,
        seed=seed,
    )


def _known(measures: Sequence[str] | None) -> tuple[str, ...]:
    if measures is None:
        return tuple(MEASURES)
    if isinstance(measures, str):
        raise ValueError(f"measures: expected a list of names, got the text {measures!r}")
    for name in measures:
        if name not in MEASURES:
            nearest = nearest_name(name, MEASURES)
            hint = f"; did you mean {nearest}?" if nearest else ""
            raise ValueError(f"measures: expected names of measures, got {name!r}{hint}")
    return tuple(dict.fromkeys(measures))
