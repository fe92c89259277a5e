"""Runs made by hand, so that a test knows what a picture or table has to show."""

from __future__ import annotations

import numpy as np

from model.results import Results

TASKS = ("cash", "transfer", "statement")
SHARES = {
    "internet_banking_share": lambda t: 0.6 * t,
    "closed_share": lambda t: 0.4 * t,
    "mode_staffed_share": lambda t: 1.0 - t,
    "mode_optional_share": lambda t: 0.5 * t,
    "mode_incentivised_share": lambda t: 0.3 * t,
    "mode_forced_share": lambda t: 0.2 * t,
    "voluntary_share": lambda t: 0.7 - 0.2 * t,
    "incentivised_share": lambda t: 0.1 + 0.0 * t,
    "forced_share": lambda t: 0.2 + 0.2 * t,
}
AMOUNTS = {
    "unpaid_hours_gross": lambda t: 8.0 * t,
    "unpaid_hours_felt": lambda t: 5.0 * t,
    "unpaid_hours_net": lambda t: -2.0 * t,
    "saving_technology": lambda t: 10.0 + 0.0 * t,
    "saving_fixed": lambda t: 8.0 + 0.0 * t,
    "saving_leakage": lambda t: 1.0 + 0.0 * t,
    "saving_compensation": lambda t: 4.0 * t,
    "saving_prices": lambda t: 30.0 * t,
    "saving_profit": lambda t: 5.0 - 10.0 * t,
}
MEASURES = SHARES | AMOUNTS
GROUPS = {
    **{
        ("self_service_share", "task", task): (lambda t, n=n: (0.9 - 0.2 * n) * t)
        for n, task in enumerate(TASKS)
    },
    ("closed_share", "sector", "bank"): lambda t: 0.4 * t,
    ("offered_share", "channel", "cash.cash_machine"): lambda t: 0.5 + 0.5 * t,
}


def made_up_run(
    seed: int = 1, *, start: str = "1990-01", months: int = 360, only=None, shift: float = 0.0
) -> Results:
    """Return a run whose measures rise straight from the first month to the last."""
    time = np.linspace(0.0, 1.0, months)
    measures = tuple(name for name in MEASURES if only is None or name in only)
    groups = tuple(key for key in GROUPS if only is None or key in only)
    values = np.array([MEASURES[name](time) + shift for name in measures]).reshape(len(measures), months).T
    group_values = np.array([GROUPS[key](time) for key in groups]).reshape(len(groups), months).T
    return Results(measures, values, groups, group_values, start, seed)


def constant_run(values: dict, seed: int = 1, *, start: str = "1990-01", months: int = 360) -> Results:
    """Return a run in which every measure keeps one value; keys of three parts are groups."""
    measures = tuple(key for key in values if isinstance(key, str))
    groups = tuple(key for key in values if not isinstance(key, str))
    rows = np.ones((months, 1))
    plain = rows * np.array([values[key] for key in measures]).reshape(1, -1)
    grouped = rows * np.array([values[key] for key in groups]).reshape(1, -1)
    return Results(measures, plain, groups, grouped, start, seed)
