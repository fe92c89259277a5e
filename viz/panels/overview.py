"""Overview: how far self-service has spread, what it costs in hours, who keeps the money."""

from __future__ import annotations

import math
from dataclasses import replace

from model.valuation import MINIMUM_WAGE
from viz.charts import MOST_BANDS, SHARE, Card, Scale, Title, over_time, stacked
from viz.moments import Bars, Flow, bars, flows
from viz.scene import Scene
from viz.theme import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, VERMILLION, YELLOW

HOURS = (
    ("hours.gross", "unpaid_hours_gross", BLUE),
    ("hours.felt", "unpaid_hours_felt", PURPLE),
    ("hours.net", "unpaid_hours_net", GREEN),
)
SAVING = (
    ("saving.technology", "saving_technology", PALE),
    ("saving.fixed", "saving_fixed", GREY),
    ("saving.leakage", "saving_leakage", YELLOW),
    ("saving.compensation", "saving_compensation", ORANGE),
    ("saving.prices", "saving_prices", GREEN),
    ("saving.profit", "saving_profit", BLUE),
)


def cards(scene: Scene) -> list[Card]:
    """Return the cards of this tab."""
    tasks = by_task(scene)
    keeps = replace(money(scene), height=tasks.height)
    return [adoption(scene), hours(scene), work_flow(scene), money_flow(scene), keeps, tasks]


def headline(scene: Scene) -> str:
    """Return one sentence with the numbers of the month looked at; `**` marks what is set off."""
    words = scene.words
    if not scene.reached:
        return words("headline.waiting")
    gross, felt = scene.now("unpaid_hours_gross"), scene.now("unpaid_hours_felt")
    values = {
        "month": words.month(scene.frame.year(scene.frame.at)),
        "adopters": words.percent(scene.now("adopter_share")),
        "hours": words.number(gross, 1),
        "felt": words.percent(felt / gross if gross > 0.0 else math.nan),
        "profit": words.number(scene.now("saving_profit")),
        "saving": words.number(scene.now("saving_total")),
    }
    said = words("headline.people", **values)
    if scene.lens != "nothing":
        worth, lens = worth_of_hours(scene), words(f"lens.{scene.lens}.by")
        said += " " + words(
            "headline.worth",
            worth=words.number(worth),
            lens=lens[0].upper() + lens[1:] if said.endswith(".") and words.language == "de" else lens,
        )
    return f"{said} {words('headline.money', **values)}"


def worth_of_hours(scene: Scene, *, baseline: bool = False) -> float:
    """Return the value of unpaid hours under the visitor's lens, EUR per adult and year."""
    if scene.lens == "opportunity_cost":
        return scene.now("unpaid_hours_value", baseline=baseline)
    replacement = float(scene.current.scenario.value("policy.replacement_cost"))
    price = {"nothing": 0.0, "minimum_wage": MINIMUM_WAGE, "replacement": replacement}[scene.lens]
    return price * scene.now("unpaid_hours_gross", baseline=baseline)


def adoption(scene: Scene) -> Card:
    """Draw self-service by sector; by task where there is one sector only."""
    sectors = scene.current.groups_of("self_service_share", "sector")
    dimension = "sector" if len(sectors) > 1 else "task"
    lines = scene.grouped_lines("self_service_share", dimension)
    words = scene.words
    title = Title(
        words(f"card.adoption.{dimension}"),
        words("card.adoption.reading")
        + (scene.basis_without_bands if len(lines) > MOST_BANDS else scene.basis),
        words("unit.occasions"),
        words("table.year"),
    )
    shown = [line for line in lines if not all(map(math.isnan, line.values[0][-1:]))] or lines
    return over_time("adoption", title, shown, scene.frame, SHARE)


def hours(scene: Scene) -> Card:
    """Draw unpaid hours: gross, noticed, and net of what being served would take."""
    words = scene.words
    title = Title(
        words("card.hours.title"),
        words("card.hours.reading") + scene.basis,
        words("unit.hours_per_adult"),
        words("table.year"),
    )
    return over_time("hours", title, scene.lines(HOURS), scene.frame, Scale("number", 1))


def by_task(scene: Scene) -> Card:
    """Draw how far each task is self-served in the year looked at, beside the baseline."""
    words = scene.words
    tasks = scene.current.groups_of("self_service_share", "task")
    now = {task: scene.now_of(("self_service_share", "task", task)) for task in tasks}
    ranked = sorted((task for task in tasks if math.isfinite(now[task])), key=lambda task: -now[task])
    series = [(words("arm.current"), BLUE, tuple(_share(now[task]) for task in ranked))]
    if scene.baseline is not None:
        before = [scene.now_of(("self_service_share", "task", task), baseline=True) for task in ranked]
        series.insert(0, (words("arm.baseline"), PALE, tuple(_share(value) for value in before)))
    month = words.month(scene.frame.year(scene.frame.at))
    title = Title(
        words("card.by_task.title"),
        words("card.by_task.reading", month=month),
        words("unit.occasions"),
        words("table.task"),
    )
    drawn = Bars(tuple(scene.label("task", task) for task in ranked), tuple(series), "behind")
    return bars("by_task", title, drawn, scene.frame, SHARE)


def _share(value: float) -> float | None:
    return round(value, 5) if math.isfinite(value) else None


def money(scene: Scene) -> Card:
    """Draw the uses of what is saved by externalisation."""
    words = scene.words
    title = Title(
        words("card.money.title"),
        words("card.money.reading") + scene.basis_without_bands,
        words("unit.euro_per_customer"),
        words("table.year"),
    )
    return stacked("money", title, scene.lines(SAVING, before=False), scene.frame, Scale("number", 0, None))


def work_flow(scene: Scene) -> Card:
    """Draw who does the work of services in the year looked at."""
    words, now = scene.words, scene.now
    everything, staff, customers = words("flow.work"), words("flow.staff"), words("flow.customers")
    beside, repair = now("employee_hours_attending"), now("employee_hours_induced")
    performed = now("employee_hours_performed")
    gross, felt = now("unpaid_hours_gross"), now("unpaid_hours_felt")
    found: list[Flow] = [
        (everything, staff, performed),
        (everything, customers, gross),
        (staff, words("flow.serving"), performed - beside - repair),
        (staff, words("flow.attending"), beside),
        (staff, words("flow.repair"), repair),
        (customers, words("flow.noticed"), felt),
        (customers, words("flow.unnoticed"), gross - felt),
    ]
    colours = {everything: GREY, staff: SKY, customers: VERMILLION, words("flow.unnoticed"): ORANGE}
    month = words.month(scene.frame.year(scene.frame.at))
    reading = words("card.work_flow.reading", month=month, forced=words.percent(now("forced_share")))
    title = Title(words("card.work_flow.title"), reading, words("unit.hours"), words("table.flow_hours"))
    return flows("work_flow", title, found, scene.frame, colours)


def money_flow(scene: Scene) -> Card:
    """Draw where the saved money goes in the year looked at; losses are named, not hidden."""
    words = scene.words
    source = words("flow.saving")
    amounts = [(words(word), scene.now(measure), colour) for word, measure, colour in SAVING]
    found: list[Flow] = [(source, name, amount) for name, amount, _ in amounts]
    negative = [f"{name} {words.euros(amount, 0)}" for name, amount, _ in amounts if amount < -0.5]
    month = words.month(scene.frame.year(scene.frame.at))
    reading = words("card.money_flow.reading", month=month, saving=words.number(scene.now("saving_total")))
    if negative:
        reading += " " + words("card.money_flow.negative", parts=words.sentence(negative))
    title = Title(words("card.money_flow.title"), reading, words("unit.euro"), words("table.flow_euro"))
    colours = {name: colour for name, _, colour in amounts} | {source: GREEN}
    return flows("money_flow", title, found, scene.frame, colours)
