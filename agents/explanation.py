"""Why a consumer does a task as she does: the terms of her utility, one by one.

A channel's utility is linear in the weights, so that a term is the utility that goes missing when its
weight is set to nothing; what no weight explains is the intercept. The terms add up to the utility.
"""

from typing import TYPE_CHECKING, Any

from agents import choice
from agents.columns import AT_COUNTER, HELPED_USE
from agents.rules.compiled import column_pass

if TYPE_CHECKING:
    from agents.population import Population

#: Terms of a utility, and the weights that carry them.
WEIGHTS = {
    "usefulness": ("usefulness_weight",),
    "ability": ("ability_weight_kiosk", "ability_weight_digital", "role_clarity_weight"),
    "autonomy": ("autonomy_weight",),
    "enjoyment": ("enjoyment_weight",),
    "self_realisation": ("self_realisation_weight",),
    "ladder": ("ladder",),
    "responsibility": ("risk_weight",),
    "contact": ("contact_weight",),
    "peers": ("peer_effect",),
    "reach": ("reach_weight",),
    "habit": ("inertia",),
    "overload": ("overload_weight",),
    "grievance": ("grievance_weight",),
    "readiness": ("readiness_spread",),
}


def terms_of(population: "Population", row: int, task: str) -> dict[str, dict[str, float]]:
    """Return the summands, in logits, of each channel that a consumer can use for a task.

    Returns
    -------
    By channel, then by term: those of ``WEIGHTS``, ``country`` and ``intercept``. They add up to
    :meth:`agents.consumer.Consumer.utility`.
    """
    whole = population.utilities(row, task)
    terms: dict[str, dict[str, float]] = {channel: {} for channel in whole}
    for term, weights in WEIGHTS.items():
        without = population.utilities(row, task, without=weights)
        for channel, utility in whole.items():
            terms[channel][term] = utility - without[channel]
    for channel, utility in whole.items():
        terms[channel]["country"] = float(population.model.moment.country_logits)
        terms[channel]["intercept"] = utility - sum(terms[channel].values())
    return terms


def offer_to(population: "Population", row: int, task: str) -> dict[str, float]:
    """Return what her firm offers a consumer in a task.

    Returns
    -------
    ``own_minutes`` per occasion by her channel, or by the newest that she can use (absent without one);
    ``staffed_minutes`` per occasion today; ``discount`` and ``fee`` in EUR of 2024 per occasion.
    """
    task_row, economy = population.task_row(task), population.model
    firm = int(population.columns.firm[row, population.work.sector[task_row]])
    if firm < 0:
        return {}
    offers = economy.offers
    found = {
        "staffed_minutes": float(offers.staffed_minutes[firm, task_row]),
        "discount": float(offers.discount[firm, task_row]),
        "fee": float(offers.fee[firm, task_row]),
    }
    channel = _channel_considered(population, row, task)
    if channel is None:
        return found
    minutes = _own_minutes(
        population.stored, row, task_row, channel, population.behaviour, population.work, economy.moment
    )
    return {"own_minutes": float(minutes), **found}


def taste_for_counter(population: "Population", row: int, task: str) -> float:
    """Return her lasting taste for being served against serving herself, in logits."""
    task_row = population.task_row(task)
    return float(
        _taste_for_counter(population.stored, row, task_row, population.behaviour, population.model.moment)
    )


def _channel_considered(population: "Population", row: int, task: str) -> int | None:
    task_row = population.task_row(task)
    first, use = int(population.work.first_channel[task_row]), int(population.columns.use[row, task_row])
    if AT_COUNTER < use < HELPED_USE:
        return first + use - 1
    usable = list(population.utilities(row, task))
    names = population.channel_names(task)
    return first + names.index(usable[-1]) if usable else None


@column_pass
def _own_minutes(
    people: Any, row: int, task: int, channel: int, behaviour: Any, work: Any, moment: Any
) -> float:
    skill = choice.skill_today(people, row, behaviour, moment)
    return choice.minutes_of_channel(people, row, task, channel, skill, behaviour, work, moment)


@column_pass
def _taste_for_counter(people: Any, row: int, task: int, behaviour: Any, moment: Any) -> float:
    epoch = choice.epoch_of(people, row, behaviour, moment)
    served = choice.taste(people, row, task, 0, epoch, moment)
    return served - choice.taste(people, row, task, 1, epoch, moment)
