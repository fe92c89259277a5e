"""Look inside: a sampled network, one consumer's diary in plain words, one firm's reviews and beliefs."""

from __future__ import annotations

from typing import Any

from viz.scene import Scene, contributions
from viz.theme import BLUE, GREEN, ORANGE, PALE, PURPLE, VERMILLION

Seen = dict[str, Any]
CATEGORIES = (BLUE, ORANGE, GREEN, PURPLE, VERMILLION)
SHADES = ("#d7e3ee", "#a5c6e0", "#6aa3cf", "#2f7ab5", "#0b4f8a")
"""From little to much; told apart by lightness alone."""
ORDERED = {"age", "education", "income"}
STRONGEST = 4
"""Terms of a decision that are named."""
DIARY = 25
"""Entries of a diary that are shown, the latest first."""


def cards(scene: Scene, seen: Seen, attribute: str) -> list[dict[str, Any]]:
    """Return the cards of this tab, as far as the worker has answered."""
    made = []
    if seen.get("network"):
        made.append(network(scene, seen["network"], attribute, seen.get("consumer")))
    if seen.get("consumer"):
        made += [person(scene, seen["consumer"]), today(scene, seen["consumer"])]
    if seen.get("firm"):
        made += [firm(scene, seen["firm"]), reviews(scene, seen["firm"])]
    return made


def network(scene: Scene, found: Seen, attribute: str, chosen: Seen | None) -> dict[str, Any]:
    """Return the picture of the network: places, ties, colours of an attribute."""
    words = scene.words
    colours, legend = _colours(scene, attribute, found["values"])
    nodes = [
        {
            "name": str(row),
            "x": x * 100.0,
            "y": y * 100.0,
            "value": _said(scene, attribute, value),
            "symbolSize": 17 if chosen and chosen["row"] == row else 10,
            "itemStyle": {"color": colour, "borderColor": "var:--text", "borderWidth": _border(chosen, row)},
        }
        for row, (x, y), value, colour in zip(
            found["rows"], found["places"], found["values"], colours, strict=True
        )
    ]
    series = {
        "type": "graph", "layout": "none", "data": nodes, "roam": False, "cursor": "pointer",
        "links": [{"source": a, "target": b, "tooltip": {"show": False}} for a, b in found["ties"]],
        "lineStyle": {"color": PALE, "width": 0.8, "opacity": 0.6},
        "left": 16, "right": 16, "top": 16, "bottom": 16,
    }  # fmt: skip
    month = words.month(scene.frame.year(found["month"] - 1))
    reading = words("inside.network_reading", people=len(nodes), month=month)
    columns = [words("inside.person"), words(f"attribute.{attribute}"), words("inside.ties")]
    ties = [0] * len(nodes)
    for a, b in found["ties"]:
        ties[a] += 1
        ties[b] += 1
    table = zip(found["rows"], found["values"], ties, strict=True)
    return {
        "id": "network", "title": words("inside.network", attribute=words(f"attribute.{attribute}")),
        "reading": f"{reading} {legend}",
        "option": {"series": [series], "tooltip": {"trigger": "item"}, "network": True},
        "columns": columns, "rows": [[row, _said(scene, attribute, value), tie] for row, value, tie in table],
        "numbers": "number", "digits": 0, "height": 460, "passport": scene.frame.passport,
    }  # fmt: skip


def _border(chosen: Seen | None, row: int) -> int:
    return 3 if chosen and chosen["row"] == row else 0


def _colours(scene: Scene, attribute: str, values: list[Any]) -> tuple[list[str], str]:
    """Return a colour per person, and a sentence that says what colours mean."""
    words = scene.words
    if values and isinstance(values[0], str):
        groups = list(words.below(f"group.{attribute}"))
        shades = SHADES[:: 2 if len(groups) == 3 else 1] if attribute in ORDERED else CATEGORIES
        named = [words(f"group.{attribute}.{group}") for group in groups]
        colours = [shades[groups.index(value) % len(shades)] for value in values]
        return colours, words("inside.legend", low=named[0], high=named[-1])
    low, high = min(values, default=0.0), max(values, default=0.0)
    width = (high - low) or 1.0
    colours = [SHADES[min(4, int(5 * (value - low) / width))] for value in values]
    return colours, words(
        "inside.legend", low=_said(scene, attribute, low), high=_said(scene, attribute, high)
    )


def _said(scene: Scene, attribute: str, value: Any) -> str:
    words = scene.words
    if isinstance(value, str):
        return words(f"group.{attribute}.{value}")
    if attribute in ("awareness", "grievance", "strain", "skill"):
        return words.percent(value)
    return words.number(value, 0)


def person(scene: Scene, found: Seen) -> dict[str, Any]:
    """Return who a consumer is, and her diary in plain words."""
    words, traits = scene.words, found["traits"]
    who = [words(f"group.{name}.{traits[name]}") for name in ("segment", "age", "education", "income")]
    facts = [
        [words("inside.value_of_time"), words("inside.an_hour", euros=words.euros(traits["value_of_time"]))],
        [words("inside.own_minutes"), words("inside.minutes", n=words.number(traits["own_minutes"]))],
        [words("inside.felt_minutes"), words("inside.minutes", n=words.number(found["felt_minutes"]))],
        [_capital(words("attribute.awareness")), words.percent(traits["awareness"])],
        [_capital(words("attribute.grievance")), words.percent(traits["grievance"])],
        [_capital(words("attribute.skill")), words.percent(traits["skill"])],
        [words("inside.neighbours"), str(found["neighbours"])],
    ]
    lines = [entry_in_words(scene, entry) for entry in reversed(found["diary"][-DIARY:])]
    return {
        "id": "person", "title": words("inside.diary", row=found["row"]), "reading": ", ".join(who),
        "facts": facts, "lines": lines or [{"when": "", "text": words("inside.nothing"), "more": ""}],
        "columns": [], "rows": [],
    }  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def entry_in_words(scene: Scene, entry: Seen) -> dict[str, str]:
    """Return a diary entry as a sentence with its date, minutes, euros and the terms that decided."""
    words = scene.words
    task = scene.label("task", entry["task"])
    text = words(
        "inside.entry",
        task=task,
        after=way(scene, entry["task"], entry["after"]),
        before=way(scene, entry["task"], entry["before"]),
    )
    for reason in ("tipped_by_price", "against_her_will"):
        if entry[reason]:
            text += " " + words(f"inside.{reason}")
    more = offer_in_words(scene, entry["facts"])
    terms = terms_in_words(scene, entry["facts"], entry["after"])
    terms = words("inside.terms", terms=terms) if terms else ""
    year = scene.frame.year(entry["month"])
    return {"when": words.month(year), "text": text, "more": " ".join(filter(None, (more, terms)))}


def way(scene: Scene, task: str, name: str) -> str:
    """Return how a task is done, in words."""
    if name == "counter" and task in contributions(scene.current.scenario.experiment):
        return scene.words("way.nothing")
    if name in ("counter", "helped", "forgone"):
        return scene.words(f"way.{name}")
    return scene.label("channel", f"{task}.{name}")


def offer_in_words(scene: Scene, facts: Seen) -> str:
    """Return the minutes and euros of an offer in words."""
    words = scene.words
    if "staffed_minutes" not in facts:
        return ""
    said = []
    if "own_minutes" in facts:
        said.append(words("inside.own", minutes=words.number(facts["own_minutes"], 1)))
    said.append(words("inside.served", minutes=words.number(facts["staffed_minutes"], 1)))
    if facts["discount"] > 0.005:
        said.append(words("inside.discount", euros=words.number(facts["discount"], 2)))
    if facts["fee"] > 0.005:
        said.append(words("inside.fee", euros=words.number(facts["fee"], 2)))
    return words.sentence(said) + "."


def terms_in_words(scene: Scene, facts: Seen, channel: str) -> str:
    """Return the strongest terms of a utility, with their signs: + speaks for serving oneself."""
    words, terms = scene.words, facts.get("terms") or {}
    chosen = terms.get(channel) or next(iter(terms.values()), None)
    if not chosen:
        return ""
    taste = facts.get("taste_for_counter", 0.0)
    weighed = {**{k: v for k, v in chosen.items() if k != "intercept"}, "taste": -taste}
    strongest = sorted(weighed.items(), key=lambda item: -abs(item[1]))[:STRONGEST]
    signed = [
        f"{words(f'term.{name}')} {_signed(scene, value)}" for name, value in strongest if abs(value) > 0.05
    ]
    return words.sentence(signed)


def _signed(scene: Scene, value: float) -> str:
    said = scene.words.number(abs(value), 1)
    return f"+{said}" if value > 0.0 else f"−{said}"


def today(scene: Scene, found: Seen) -> dict[str, Any]:
    """Return a table of how she does each task at present."""
    words = scene.words
    rows = [
        [
            scene.label("task", row["task"]),
            way(scene, row["task"], row["way"]),
            words.number(row.get("own_minutes"), 1),
            words.number(row.get("staffed_minutes"), 1),
            terms_in_words(scene, row, row["way"]),
        ]
        for row in found["today"]
    ]
    heads = ("table.task", "inside.way", "inside.head_own", "inside.head_served", "inside.head_terms")
    return {
        "id": "today", "title": words("inside.today", row=found["row"]), "wide": True, "shown": True,
        "reading": words("inside.today_reading", month=words.month(scene.frame.year(found["month"] - 1))),
        "columns": [words(head) for head in heads], "rows": rows,
    }  # fmt: skip


def firm(scene: Scene, found: Seen) -> dict[str, Any]:
    """Return a firm's state and what it believes about each task."""
    words, state = scene.words, found["state"]
    facts = [
        [words("firm.customers"), words.number(state["customers"])],
        [words("firm.price"), words.euros(state["price"])],
        [words("firm.margin"), words.percent(state["margin"], 1)],
        [words("firm.aspiration"), words.percent(state["aspiration"], 1)],
        [words("firm.pressure"), words.number(state["pressure"], 2)],
        [words("firm.closed"), words.percent(state["closed_share"])],
    ]
    rows = [
        [
            scene.label("task", row["task"]),
            words(f"mode.{row['mode']}"),
            words.percent(row["belief"]),
            words.percent(row["accepted"]),
        ]
        for row in found["tasks"]
    ]
    heads = ("table.task", "firm.mode", "firm.belief", "firm.accepted")
    return {
        "id": "firm",
        "title": words("firm.title", sector=scene.label("sector", found["sector"]), row=found["row"]),
        "reading": words("firm.reading"), "facts": facts, "shown": True,
        "columns": [words(head) for head in heads], "rows": rows,
    }  # fmt: skip


def reviews(scene: Scene, found: Seen) -> dict[str, Any]:
    """Return what a firm decided in its reviews, in plain words."""
    words = scene.words
    lines = [
        {
            "when": words.month(scene.frame.year(move["month"])),
            "text": words(f"move.{move['what']}", where=_where(scene, move["where"])),
            "more": words(
                "firm.why", worth=_signed(scene, move["worth"]), pressure=words.number(move["pressure"], 2)
            ),
        }
        for move in reversed(found["diary"])
    ]
    return {
        "id": "reviews", "title": words("firm.reviews"), "reading": words("firm.reviews_reading"),
        "lines": lines or [{"when": "", "text": words("firm.nothing"), "more": ""}],
        "columns": [], "rows": [],
    }  # fmt: skip


def _where(scene: Scene, name: str) -> str:
    """Return a task, a channel with its task, or a kind of counter with its sector, in words."""
    first, _, second = name.partition(".")
    labels = scene.labels
    if f"channel.{name}" in labels:
        return f"{labels[f'channel.{name}']} ({labels[f'task.{first}']})"
    if not second:
        return labels.get(f"task.{name}", name)
    counter = scene.words.name(f"counter.{second}", second.replace("_", " "))
    return f"{labels.get(f'sector.{first}', first)}, {counter}"
