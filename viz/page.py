"""How the page is put together: small Vue templates that take plain data and call back."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import reacton
import reacton.ipyvuetify as v
from solara.components.component_vue import component_vue
from solara.components.style import Style

from viz import address, controls, panels, pictures, theme
from viz.desk import Desk
from viz.pictures import packed
from viz.scenario import preset
from viz.scene import Scene, frame_of, scene_of
from viz.state import MOST_REPLICATIONS, SPEEDS, TABS
from viz.warnings import warnings
from viz.words import LANGUAGES, Words

Data = dict[str, Any]
Event = Callable[[Any], None]


@component_vue("parts/top.vue")
def top(it: str, event_choose: Event, event_hand_out: Event) -> None:
    """Show the name of the page and what concerns all of it."""


@component_vue("parts/transport.vue")
def transport(it: str, event_press: Event, event_jump: Event, event_set_speed: Event) -> None:
    """Show the headline, what moves time, and what went wrong."""


@component_vue("parts/tabs.vue")
def tabs(it: str, event_select: Event) -> None:
    """Show the tabs."""


@component_vue("parts/controls.vue")
def sliders(declared: str, it: str, event_change: Event, event_act: Event, event_choose: Event) -> None:
    """Show the controls of parameters."""


@component_vue("parts/board.vue")
def board(it: str, job: str, stale: bool, event_choose: Event, event_pick: Event) -> None:
    """Show the cards of a tab."""


def whole(desk: Desk, _tick: int) -> None:
    """Show the whole page of a visitor; its cards are drawn apart, so that all else can answer at once."""
    words = Words(desk.state.language)
    scene = scene_of(desk, words)
    with v.Html(tag="div", class_=f"prosuming {'dark' if desk.state.theme == 'dark' else ''}"):
        Style(theme.style())
        _top(desk, words)
        with v.Html(tag="div", class_="p-body"):
            _controls(desk, words)
            with v.Html(tag="main", class_="p-main-part", attributes={"id": "main-part", "tabindex": "-1"}):
                _transport(desk, words, scene)
                _tabs(desk, words)
                panel = {"id": "panel", "role": "tabpanel", "aria-labelledby": f"tab-{desk.state.tab}"}
                with v.Html(tag="div", attributes=panel):
                    Cards(desk)


@reacton.component
def Cards(desk: Desk) -> None:  # noqa: N802 - Solara's name
    """Show the cards of the open tab as they were drawn last."""
    picture, show = reacton.use_state(reacton.use_memo(lambda: pictures.drawn(desk, None), []))

    def listen() -> None:
        desk.draw = lambda: show(lambda before: pictures.drawn(desk, before))

    reacton.use_effect(listen, [])
    board(
        it=picture.text,
        job=picture.job,
        stale=picture.stale,
        event_choose=lambda chosen: _chosen(desk, chosen),
        event_pick=lambda pick: desk.obey(panels.pick, desk, pick),
    )


def _tabs(desk: Desk, words: Words) -> None:
    listed = [{"id": tab, "label": words(f"tab.{tab}")} for tab in panels.shown()]
    it = {"label": words("tab.label"), "tabs": listed, "chosen": desk.state.tab}
    tabs(it=packed(it), event_select=lambda tab: desk.obey(desk.choose, "tab", str(tab)))


def _top(desk: Desk, words: Words) -> None:
    state = desk.state
    languages = {name: words(f"language.{name}") for name in LANGUAGES}
    selects = [
        panels.select("lens", state.lens, words("top.lens"), {n: words(f"lens.{n}.name") for n in LENSES}),
        panels.select("replications", state.replications, words("top.replications"), _numbers()),
        panels.select("language", state.language, words("top.language"), languages),
        panels.select(
            "theme", state.theme, words("top.theme"), {n: words(f"theme.{n}") for n in theme.THEMES}
        ),
    ]
    it = {
        "words": words.below("top"),
        "selects": selects,
        "language": state.language,
        "theme": state.theme,
        "address": address.encode(desk.restored()),
        "page": f"{words('top.title')} – {words(f'tab.{state.tab}')} – prosuming",
    }
    top(
        it=packed(it),
        event_choose=lambda chosen: _chosen(desk, chosen),
        event_hand_out=lambda what: desk.obey(hand_out, desk, str(what)),
    )


LENSES = ("nothing", "minimum_wage", "replacement", "opportunity_cost")


def _numbers() -> dict[Any, str]:
    return {number: str(number) for number in (1, 2, 3, 5, MOST_REPLICATIONS)}


def preset_title(name: str, words: Words) -> str:
    """Return the title of an experiment in the visitor's language."""
    return words.name(f"preset.{name}", preset(name).label)


def _chosen(desk: Desk, chosen: Data) -> None:
    desk.obey(lambda: desk.choose(str(chosen["id"]), str(chosen["value"])))


def _controls(desk: Desk, words: Words) -> None:
    scenario, past = desk.state.scenario, desk.past
    it = {
        "experiment": scenario.experiment,
        "changes": dict(scenario.changes),
        "undo": bool(past.before),
        "redo": bool(past.after),
        "answered": desk.answered,
    }
    sliders(
        declared=declared(scenario.experiment, words.language, desk.task),
        it=packed(it),
        event_change=lambda change: desk.obey(lambda: desk.change(str(change["name"]), *_asked(change))),
        event_act=lambda what: desk.obey(desk.act, what),
        event_choose=lambda chosen: _chosen(desk, chosen),
    )


def _asked(change: Data) -> tuple[Any, int]:
    """Return the value that a control asks for, and the number of the change."""
    return change["value"], int(change.get("number", 0))


@lru_cache(maxsize=64)
def declared(experiment: str, language: str, task: str) -> str:
    """Return what does not change with a slider: groups, bounds, sources, usual values and words."""
    words = Words(language)
    texts: Data = words.below("controls")
    texts["coarse"] = [texts[word] for word in ("very_low", "low", "medium", "high", "very_high")]
    presets = [{"value": name, "label": preset_title(name, words)} for name in controls.presets()]
    groups = controls.groups(experiment, words, task)
    return packed({"words": texts, "groups": groups, "presets": presets, "language": language})


def _transport(desk: Desk, words: Words, scene: Scene | None) -> None:
    state, visit = desk.state, desk.visit
    start = scene.frame.start if scene else frame_of(desk, words, -1).start
    it = {
        "words": {**words.below("transport"), "transport": words("transport.label")},
        "headline": panels.overview.headline(scene) if scene else words("headline.waiting"),
        "playing": desk.playing,
        "month": visit.months,
        "months": state.scenario.months,
        "at": desk.at + 1,
        "start": start,
        "speed": state.speed,
        "speeds": [{"value": speed, "label": speed_label(speed, words)} for speed in SPEEDS],
        "status": status(desk, words, start),
        "basis": scene.basis if scene else "",
        "notes": notes(desk, words),
    }
    transport(
        it=packed(it),
        event_press=lambda button: desk.obey(desk.press, button),
        event_jump=lambda month: desk.obey(desk.jump, month),
        event_set_speed=lambda speed: desk.obey(desk.choose, "speed", str(speed)),
    )


def speed_label(speed: int, words: Words) -> str:
    """Return a speed in words."""
    return words("transport.speed_label", months=speed) if speed else words("transport.fastest")


def status(desk: Desk, words: Words, start: float) -> str:
    """Say what the economies are doing."""
    visit, month = desk.visit, words.month(start + max(0, desk.visit.months - 1) / 12.0)
    if visit.full or visit.failure:
        return words("status.paused", month=month)
    if visit.months == 0 and desk.playing and not visit.warm:
        return words("status.compiling")
    if visit.months == 0 and desk.playing:
        return words("status.building", share=words.percent(visit.built))
    if desk.playing:
        return words("status.running", month=month)
    if desk.state.month is not None and desk.state.month < visit.months:
        return words("status.looking", month=words.month(start + desk.at / 12.0))
    return words(
        "status.done" if visit.months >= desk.state.scenario.months else "status.paused", month=month
    )


def notes(desk: Desk, words: Words) -> list[Data]:
    """Return what the visitor should know: warnings, what was refused, what has failed."""
    found = [{"text": text, "code": ""} for text in (*desk.notes, *warnings(desk.state.scenario, words))]
    if desk.ignored:
        found.append({"text": words("note.ignored", parts=", ".join(desk.ignored[:6])), "code": ""})
    if desk.visit.full:
        found.append({"text": words("note.full"), "code": ""})
    failure = desk.visit.failure
    if failure is not None:
        what, command = failure
        found.append(
            {"text": words("note.failed", what=what) if what else words("note.ended"), "code": command}
        )
    return found


def hand_out(desk: Desk, what: str) -> None:
    """Give the visitor the configuration, the months or a report as a file."""
    from viz import export

    words = Words(desk.state.language)
    scene = scene_of(desk, words)
    if scene is not None:
        desk.hand_out(export.job(desk, scene, what))


__all__ = ["TABS", "hand_out", "whole"]
