"""What `liveness` does to every parameter: where it can act, and to which value it is moved.

A parameter is moved from its default to the bound that lies farther away, in an economy just large
enough to show it. What needs another economy or another value stands in the tables below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem, nearest_name

if TYPE_CHECKING:
    from model.parameters import Declaration


@dataclass(frozen=True)
class Context:
    """An economy in which a parameter can act, and why it takes this one."""

    reason: str
    parameters: Mapping[str, Any]
    start: str = "2006-01"
    months: int = 168


@dataclass(frozen=True)
class Place:
    """Where a parameter that needs more than its group's context is tried.

    `value` takes the place of the farther bound; `watch` names measures where it must show, as
    `measure` or `measure@dimension:group`.
    """

    context: str | None = None
    value: Any = None
    watch: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """One parameter, the value that it is moved to, and the economy in which that happens."""

    name: str
    label: str
    context: str
    default: Any
    value: Any
    groups: tuple[tuple[str, str], ...] = field(default=())
    watch: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[tuple[str, Any], ...]:
        """What is set apart from the context."""
        return ((self.name, self.value),)


SIZE = 800
BANKS = {"economy.sectors": "bank", "population.consumers": SIZE}
CLOSING_BANKS = {**BANKS, "firm.closing_intercept": 2.0, "firm.remoteness": 0.0}
MAKERS = {"economy.sectors": "maker", "population.consumers": SIZE}

CONTEXTS: dict[str, Context] = {
    "banks": Context("the default: channels come, counters close, prices differ", BANKS),
    "first machines": Context("machines that stand at the start", BANKS, start="1990-01", months=120),
    "the internet comes": Context(
        "firms decide early or late, on what they believe", BANKS, start="1997-01", months=132
    ),
    "banks and business": Context(
        "business clients are many enough to see", {**BANKS, "population.business_share": 0.3}
    ),
    "closing banks": Context(
        "counters close early: who is helped, flees or forgoes",
        CLOSING_BANKS,
    ),
    "firms that go back": Context(
        "moves down are many enough to count", {**BANKS, "firm.rollback_intercept": -2.0}
    ),
    "neighbours that matter": Context(
        "example and talk weigh as much as they may",
        {**BANKS, "consumer.peer_effect": 4.0, "consumer.word_of_mouth": 2.0, "population.homophily": 0.9},
    ),
    "prices apart": Context(
        "firms price by their own costs alone, so that prices differ",
        {**BANKS, "firm.own_cost_weight": 1.0, "firm.pass_through": 1.0},
    ),
    "makers": Context("contributions and their ladder", MAKERS),
    "strained people": Context(
        "banking alone strains hardly anybody whose comfort budget is usual",
        {**BANKS, "consumer.comfort_hours": 0.5},
    ),
    "leaking shops": Context(
        "leakage is learned of, and self-service is rolled back",
        {
            "economy.sectors": "retail",
            "population.consumers": SIZE,
            "technology.leakage_scale": 2.0,
        },
        start="2010-01",
        months=240,
    ),
    "offices": Context(
        "customers cannot leave, closing has a political cost",
        {"economy.sectors": "government", "population.consumers": SIZE, "firm.closing_intercept": 2.0},
    ),
    "reopened counters": Context(
        "a policy opens closed counters again: its years matter, and staff has to grow",
        {**CLOSING_BANKS, "policy.staffed_access": 1.0},
    ),
    "skills programme": Context(
        "a programme for those below basic skill, so that the limit matters",
        {**BANKS, "policy.skills_programme": 0.1, "policy.from_year": 2006.0},
    ),
    "paid work": Context(
        "mandatory pay, so that its rate matters", {**BANKS, "policy.compensation_rate": 0.5}
    ),
}

GROUPS = {
    "population": "banks",
    "network": "banks",
    "consumer": "banks",
    "firm": "banks",
    "technology": "banks",
    "policy": "closing banks",
    "country": "banks",
    "sectors": "banks",
    "tasks": "banks",
}

PLACES: dict[str, Place] = {
    "population.business_share": Place("banks and business", 0.0),
    "population.business_value_of_time": Place("banks and business"),
    "consumer.business_contact_factor": Place("banks and business"),
    "consumer.business_training": Place("banks and business"),
    "consumer.basic_skill": Place("skills programme"),
    "consumer.comfort_hours": Place(value=0.5),
    "consumer.overload_weight": Place("strained people"),
    "consumer.strain_speed": Place("strained people"),
    "consumer.repair": Place("closing banks"),
    "consumer.switch_utility": Place("closing banks"),
    "consumer.switching_cost": Place("closing banks"),
    "consumer.price_sensitivity": Place("prices apart", watch=("hhi", "churn_rate")),
    "network.family": Place("neighbours that matter", "none"),
    "network.degree": Place("neighbours that matter", 2),
    "network.rewiring": Place("neighbours that matter"),
    "population.homophily": Place("neighbours that matter"),
    "consumer.reach_weight": Place("makers"),
    "consumer.ladder": Place("makers"),
    "consumer.intensity_spread": Place("makers"),
    "consumer.self_realisation_weight": Place("makers"),
    "firm.prior_contribution": Place("makers"),
    "firm.contribution_appetite": Place("makers"),
    "firm.research_budget": Place("makers", 0.0),
    "firm.quality_budget": Place("makers", 0.0, ("co_design_1_share",)),
    "firm.marketing_budget": Place("makers", 0.0),
    "firm.capacity_growth": Place("reopened counters"),
    "firm.complaint_weight": Place("firms that go back", watch=("rollbacks",)),
    "firm.rollback_intercept": Place(value=-2.0),
    "firm.staying_imitation": Place("firms that go back", watch=("rollbacks",)),
    "firm.withdrawal_months": Place("firms that go back"),
    "firm.prior_leakage": Place("leaking shops"),
    "technology.leakage_scale": Place("leaking shops"),
    "firm.political_cost": Place("offices"),
    "firm.foresight_years": Place("the internet comes", 0.0),
    "firm.learning_from_rivals": Place("the internet comes"),
    "firm.churn_learning": Place(value=0.0),
    "consumer.price_choice": Place("prices apart"),
    "tasks.transfer.online.introduced": Place("the internet comes"),
    "policy.from_year": Place("reopened counters"),
    "policy.until_year": Place("reopened counters", 2015.0),
    "policy.replacement_cost": Place("paid work"),
}

EXEMPT = {
    "economy.sectors": "chooses which part of the economy is run",
    "population.consumers": "the size of the sample; figures per head shall not depend on it",
}

COLUMNS: dict[str, dict[str, str]] = {
    "sectors": {"*": "sectors.bank"},
    "tasks": {"*": "tasks.transfer"},
    "channels": {
        "*": "tasks.transfer.online",
        "co_design": "tasks.codesign.community",
        "contribution_value": "tasks.codesign.community",
        "premium": "tasks.configure.configurator",
        "leakage": "tasks.checkout_small.self_checkout",
        "initial_share": "tasks.transfer.terminal",
    },
}
"""The row of the catalogue on which a column is tried; `*` for all that are not named."""

ROW_CONTEXTS = {
    "tasks.codesign.community": "makers",
    "tasks.configure.configurator": "makers",
    "tasks.checkout_small.self_checkout": "leaking shops",
    "tasks.transfer.terminal": "first machines",
}


def plan(names: Sequence[str] = ()) -> list[Trial]:
    """Return the trials of all parameters, or of those named; a name with a dot at its end is a group.

    Raises
    ------
    BadInput
        For a name that is not on the plan.
    """
    trials = {trial.name: trial for trial in _all_trials()}
    chosen: dict[str, Trial] = {}
    for name in names or trials:
        found = {key: trial for key, trial in trials.items() if key == name or key.startswith(f"{name}.")}
        if not found:
            expected = "a parameter that `list parameters` shows, or a group such as consumer"
            raise BadInput(Problem(_not_tried(name), expected, nearest=nearest_name(name, list(trials))))
        chosen |= found
    return list(chosen.values())


def _not_tried(name: str) -> str:
    if name in EXEMPT:
        return f"{name} is not tried: it is {EXEMPT[name]}"
    if name.startswith(("tasks.", "sectors.")):
        return f"'{name}' is not tried: each column of the catalogue is tried on one row"
    return f"unknown parameter '{name}'"


def _all_trials() -> list[Trial]:
    from model.parameters import declarations

    declared = {one.name: one for one in declarations()}
    columns = representative_columns()
    behaviour = [name for name in declared if not name.startswith(("tasks.", "sectors."))]
    return [_trial(declared[name]) for name in [*behaviour, *columns] if name not in EXEMPT]


def representative_columns() -> list[str]:
    """Return one number of the catalogue for every column that sectors, tasks and channels have."""
    from model.task_fields import CHANNEL_FIELDS, SECTOR_FIELDS, TASK_FIELDS

    kinds = {"sectors": SECTOR_FIELDS, "tasks": TASK_FIELDS, "channels": CHANNEL_FIELDS}
    return [
        f"{COLUMNS[kind].get(column.name, COLUMNS[kind]['*'])}.{column.name}"
        for kind, columns in kinds.items()
        for column in columns
    ]


def _trial(declared: Declaration) -> Trial:
    place = PLACES.get(declared.name, Place())
    row = declared.name.rpartition(".")[0]
    context = place.context or ROW_CONTEXTS.get(row) or GROUPS[declared.group]
    default = CONTEXTS[context].parameters.get(declared.name, declared.default)
    value = farther_bound(declared, default) if place.value is None else place.value
    groups = _groups_of_row(row) if declared.group in ("tasks", "sectors") else ()
    return Trial(declared.name, declared.label, context, default, value, groups, place.watch)


def farther_bound(declared: Declaration, default: Any) -> Any:
    """Return the bound that lies farther from the default; the other value of a yes or no."""
    if declared.kind == "boolean":
        return not default
    if declared.low is None or declared.high is None:
        raise ValueError(f"{declared.name} has no bounds: its value stands in PLACES")
    return declared.low if default - declared.low > declared.high - default else declared.high


def _groups_of_row(row: str) -> tuple[tuple[str, str], ...]:
    """Return the groups of measures that belong to a row of the catalogue, as (dimension, group)."""
    kind, name, *channel = row.split(".")
    if kind == "sectors":
        return (("sector", name),)
    return (("task", name), *(("channel", f"{name}.{one}") for one in channel))
