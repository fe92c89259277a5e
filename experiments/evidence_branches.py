"""The section on branches: observed, simulated, naive forecasts, and a verdict that follows from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.branch_density import (
    BEST,
    DRIVERS_ONLY,
    ECONOMY,
    LARGEST_LAG,
    Country,
    baselines,
    best_lag,
    breaks_of,
    changes,
    correlation,
    errors_of,
)
from experiments.comparison import COUNTRIES, LAST_CALIBRATION_YEAR
from experiments.evidence_branch_chart import FIRST, chart
from experiments.outcomes import figure, signed
from experiments.paired import interval_of
from experiments.report_sections import Picture, Section, Table

STEM = "branches"
MODERATE = 0.5
"""Correlation of yearly changes from which their timing is called shared; `assumption`."""


def section(
    countries: Sequence[Country], variant: str, runs: int, *, unfitted: Sequence[Country] = ()
) -> Section:
    """Return what the economy says about branches, beside what happened.

    Parameters
    ----------
    unfitted : the same countries with drivers alone, where the others are fitted to internet banking.
    """
    picture = Picture(STEM, chart(countries, runs), CAPTION)
    said = [
        OPENING.format(variant=variant, runs=runs),
        *verdicts(countries),
        *_alone(unfitted),
        *_caveats(countries),
    ]
    return Section(
        "Out of domain: bank branches", said, [errors_table(countries), shape_table(countries)], [picture]
    )


OPENING = (
    "Does the fall of bank branches follow the adoption of internet banking? The economy's banks are "
    "driven by a country's internet use and wages ({variant}; {runs} runs per country); branches per "
    "adult are compared with the share of counters that are open, as an index. No country's branches were "
    "fitted. One parameter for all countries, the reluctance to close counters, was once solved on branch "
    "density until 2015, so that years from 2016 on, and differences between countries, are the test."
)
CAPTION = (
    "Branches per adult, observed and in the economy (2015 = 100; band: 95 % interval over runs), beside "
    "observed internet banking; right of the line, years that nothing was solved on."
)


def verdicts(countries: Sequence[Country]) -> list[str]:
    """Return what may be said: about direction, size, timing and the naive forecasts."""
    return [_following(countries), _shape(countries), *_across(countries), _forecasts(countries)]


def _following(countries: Sequence[Country]) -> str:
    """Say whether branches fall as adoption rises, observed."""
    found = {c.geo: correlation(c.observed, c.adoption)[0] for c in countries}
    known = {geo: r for geo, r in found.items() if math.isfinite(r)}
    negative = sum(r < 0.0 for r in known.values())
    lags = {c.geo: best_lag(c.observed, c.adoption) for c in countries}
    clear = {g: lag for g, (lag, r, n) in lags.items() if is_clear(r, n)}
    timed = ", ".join(f"{lag} in {geo}" for geo, lag in clear.items())
    says = (
        f"clear beyond chance in {len(clear)} of {len(countries)} (years of delay: {timed})"
        if clear
        else ("nowhere clear beyond chance")
    )
    return (
        f"Observed, branches are fewer where more people bank online, over the years of {negative} of "
        f"{len(known)} countries; two trends always correlate. That yearly falls follow yearly rises of "
        f"adoption is {says}; with at most ten yearly changes per country a delay is hardly identified."
    )


def is_clear(correlation_: float, years: int) -> bool:
    """Return whether the strongest of several delays is beyond chance at 5 % (Student's t, Bonferroni).

    >>> is_clear(-0.9, 9), is_clear(-0.6, 9), is_clear(float("nan"), 0)
    (True, False, False)
    """
    if years < 3 or not abs(correlation_) < 1.0:
        return False
    from scipy.special import stdtr

    t = abs(correlation_) * math.sqrt((years - 2) / (1.0 - correlation_**2))
    return bool(2.0 * (1.0 - stdtr(years - 2, t)) * (LARGEST_LAG + 1) < 0.05)


def _shape(countries: Sequence[Country]) -> str:
    levels = [correlation(c.observed, c.simulated)[0] for c in countries]
    yearly = [correlation(changes(c.observed), changes(c.simulated))[0] for c in countries]
    level, change = (float(np.nanmedian(found)) for found in (levels, yearly))
    timing = "shares their timing" if change > MODERATE else "does not share their timing"
    falls = {c.geo: _fall(c) for c in countries}
    enough = [geo for geo, (observed, simulated) in falls.items() if simulated <= 0.75 * observed < 0.0]
    return (
        f"The economy's branches fall too: levels correlate by {level:.2f} (median over countries). Yearly "
        f"changes correlate by {change:.2f}, so that the economy {timing}. From {FIRST} to "
        f"{LAST_CALIBRATION_YEAR} it loses at least three quarters of what was lost in {len(enough)} of "
        f"{_losing(falls)} countries that lost branches."
    ).replace("correlate by -", "correlate by −")


def _across(countries: Sequence[Country]) -> list[str]:
    """Say whether the economy tells countries that lose many branches from those that lose few."""
    found = [_together([fall(country) for country in countries]) for fall in (_fall, _later_fall)]
    if not all(map(math.isfinite, found)):
        return []
    clear = min(found) > 0.0 and all(is_clear(r, len(countries)) for r in found)
    told = "tells countries apart" if clear else "does not tell countries apart"
    years = f"until {LAST_CALIBRATION_YEAR} and by {_r(found[1])} after it"
    said = f"Across {len(countries)} countries, observed and simulated changes correlate by {_r(found[0])}"
    return [f"{said} {years}: the economy {told}."]


def _together(pairs: Sequence[tuple[float, float]]) -> float:
    first, second = (dict(enumerate(values)) for values in zip(*pairs, strict=True))
    return correlation(first, second)[0]


def _later_fall(country: Country) -> tuple[float, float]:
    """Return change after 2015 in points of the index, observed and simulated."""
    last = max([*country.tested_years, LAST_CALIBRATION_YEAR])
    return country.observed[last] - 100.0, country.simulated[last] - 100.0


def _fall(country: Country) -> tuple[float, float]:
    """Return change until 2015 in points of the index, observed and simulated."""
    first = min(country.observed)
    return 100.0 - country.observed[first], 100.0 - country.simulated[first]


def _losing(falls: dict[str, tuple[float, float]]) -> int:
    return sum(observed < 0.0 for observed, _ in falls.values())


def _forecasts(countries: Sequence[Country]) -> str:
    """Say which naive forecasts the economy beats in the years after 2015."""
    errors = errors_of(countries)
    own = errors[ECONOMY]
    parts = []
    for name, found in errors.items():
        if name == ECONOMY:
            continue
        common = [geo for geo in own if geo in found]
        lead = interval_of([found[geo] - own[geo] for geo in common])
        wins = sum(found[geo] > own[geo] for geo in common)
        word = (
            "better than"
            if lead.low > 0.0
            else "worse than"
            if lead.high < 0.0
            else "not to be told apart from"
        )
        parts.append(f"{word} {name} ({wins} of {len(common)} countries, mean lead {signed(lead.mean)})")
    median = float(np.median(list(own.values())))
    return (
        f"After {LAST_CALIBRATION_YEAR} the economy's typical error is {figure(median)} points of the "
        f"index (median); it is {'; '.join(parts)}."
    )


def _alone(unfitted: Sequence[Country]) -> list[str]:
    """Say what the forecasts are worth without any parameter of a country."""
    own = errors_of(unfitted).get(ECONOMY, {})
    if not own:
        return []
    median = figure(float(np.median(list(own.values()))))
    return [
        f"With internet use and wages alone, no parameter of a country, the typical error is {median} points."
    ]


def _caveats(countries: Sequence[Country]) -> list[str]:
    broken = {c.geo: breaks_of(c.geo) for c in countries if breaks_of(c.geo)}
    if not broken:
        return []
    said = "; ".join(f"{geo} {', '.join(map(str, years))}" for geo, years in broken.items())
    return [
        (
            f"Definitions changed ({said}); such a year takes the growth of the years beside it, and after a "
            f"change later than {LAST_CALIBRATION_YEAR} nothing is tested. The cleanest series are "
            f"{', '.join(BEST)}."
        )
    ]


def errors_table(countries: Sequence[Country]) -> Table:
    """Return errors after 2015 by method and country."""
    errors = errors_of(countries)
    geos = [c.geo for c in countries]
    best = [geo for geo in geos if geo in BEST]
    rows = [
        [
            name, _median(found, list(found)), _median(found, best),
            *(figure(found[geo]) if geo in found else "–" for geo in geos),
        ]
        for name, found in errors.items()
    ]  # fmt: skip
    caption = (
        f"Root mean squared error after {LAST_CALIBRATION_YEAR}, points of the index "
        f"({LAST_CALIBRATION_YEAR} = 100); naive forecasts know observed branches until then."
    )
    return Table(("Method", "median", f"median of {', '.join(best)}", *geos), rows, caption)


def _median(found: dict[str, float], geos: Sequence[str]) -> str:
    values = [found[geo] for geo in geos if geo in found]
    return figure(float(np.median(values))) if values else "–"


def shape_table(countries: Sequence[Country]) -> Table:
    """Return by country how far shape and timing agree."""
    header = (
        "Country", "change to 2015, observed", "the economy", "change 2015 to 2019, observed", "the economy",
        "levels", "yearly changes", "observed: branches on adoption", "delay", "the economy: delay",
    )  # fmt: skip
    units = ("", "points", "points", "points", "points", "r", "r", "r", "years", "years")
    caption = (
        "Correlations r; a delay is the one at which yearly changes of branches are most opposed to those "
        "of adoption, with that correlation."
    )
    return Table(header, [_shape_row(country) for country in countries], caption, units, folded=True)


def _shape_row(country: Country) -> list[str]:
    last = max([*country.tested_years, LAST_CALIBRATION_YEAR])
    observed, simulated = _fall(country)
    lags = [
        best_lag(country.observed, country.adoption),
        best_lag(country.simulated, country.simulated_adoption),
    ]
    delays = [f"{lag} ({_r(r)}, n {n})" if n else "–" for lag, r, n in lags]
    ahead = [signed(change) for change in _later_fall(country)]
    correlations = [
        correlation(country.observed, country.simulated)[0],
        correlation(changes(country.observed), changes(country.simulated))[0],
        correlation(country.observed, country.adoption)[0],
    ]
    name = f"{COUNTRIES.get(country.geo, country.geo)} ({last})"
    return [name, signed(observed), signed(simulated), *ahead, *map(_r, correlations), *delays]


def _r(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}".replace("-", "−")


def as_json(countries: Sequence[Country], variant: str = DRIVERS_ONLY) -> dict[str, Any]:
    """Return errors, correlations and delays as JSON can hold them."""
    return {
        "variant": variant,
        "errors": errors_of(countries),
        "countries": {c.geo: _country_json(c) for c in countries},
    }


def _country_json(country: Country) -> dict[str, Any]:
    lag, r, years = best_lag(country.observed, country.adoption)
    own_lag, own_r, _ = best_lag(country.simulated, country.simulated_adoption)
    numbers = {
        "levels": correlation(country.observed, country.simulated)[0],
        "yearly_changes": correlation(changes(country.observed), changes(country.simulated))[0],
        "branches_on_adoption": correlation(country.observed, country.adoption)[0],
        "delay_correlation": r,
        "simulated_delay_correlation": own_r,
    }
    finite = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    series = {"observed": country.observed, "simulated": country.simulated, **baselines(country)}
    told = {name: {str(year): value for year, value in values.items()} for name, values in series.items()}
    return {
        **finite,
        "delay": lag,
        "years": years,
        "simulated_delay": own_lag,
        "tested": country.tested_years,
        "series": told,
    }
