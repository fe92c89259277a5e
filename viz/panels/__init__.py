"""The tabs of the page: each turns a scene into cards; nothing here moves an economy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.measures import MEASURES
from viz import shelf
from viz.inside import ATTRIBUTES
from viz.panels import archive, compare, firms, inside, overview, private_life
from viz.scenario import preset
from viz.scene import Scene
from viz.state import TABS

if TYPE_CHECKING:
    from viz.desk import Desk

Board = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""Cards and selects of a tab, as the page takes them."""
NOW = "@now"
"""Value of the select that keeps what is set now as the scenario to compare with."""
_FROM_SCENE = {"overview": overview.cards, "firms": firms.cards, "private": private_life.cards}


def shown() -> tuple[str, ...]:
    """Return the tabs in their order."""
    return TABS


def board(desk: Desk, scene: Scene) -> Board:
    """Return what the open tab shows."""
    state, words = desk.state, scene.words
    if state.tab in _FROM_SCENE:
        return [card.plain() for card in _FROM_SCENE[state.tab](scene)], []
    if state.tab == "compare":
        found = compare.cards(scene, desk.arm("other"), state.measure, desk.seen.get("habits", {}))
        return found, _compare_selects(desk, scene)
    if state.tab == "inside":
        return inside.cards(scene, desk.seen, state.attribute), _inside_selects(desk, scene)
    return archive.cards(words, shelf.folders(), desk.seen.get("stored")), _archive_selects(desk, scene)


def select(name: str, value: Any, label: str, options: Mapping[Any, str]) -> dict[str, Any]:
    """Return a select as the page takes it."""
    listed = [{"value": key, "label": text} for key, text in options.items()]
    return {"id": name, "value": value, "label": label, "options": listed}


def _measures(scene: Scene, names: list[str]) -> dict[Any, str]:
    return {name: compare.name_of(name, scene) for name in names if name in MEASURES}


def _compare_selects(desk: Desk, scene: Scene) -> list[dict[str, Any]]:
    from viz.controls import presets
    from viz.page import preset_title

    words, other = scene.words, desk.state.other
    options = {"": words("compare.baseline"), NOW: words("compare.keep")}
    start = preset(desk.state.scenario.experiment).start
    options |= {name: preset_title(name, words) for name in presets() if preset(name).start == start}
    value = "" if other is None else other.experiment
    if other is not None and other.changes:
        changed = ", ".join(f"{name} = {value}" for name, value in other.changes)
        options["@kept"] = f"{preset_title(other.experiment, words)}: {changed}"[:120]
        value = "@kept"
    return [
        select("other", value, words("compare.other"), options),
        select("measure", desk.state.measure, words("table.measure"), _measures(scene, list(MEASURES))),
    ]


def _inside_selects(desk: Desk, scene: Scene) -> list[dict[str, Any]]:
    words, state = scene.words, desk.state
    colours = {name: words(f"attribute.{name}") for name in ATTRIBUTES}
    found = desk.seen.get("network") or {}
    people = {row: words("inside.number", row=row) for row in found.get("rows", [])}
    listed = desk.seen.get("firms") or []
    named = {
        firm["row"]: words("firm.title", sector=scene.label("sector", firm["sector"]), row=firm["row"])
        for firm in listed
    }
    return [
        select("attribute", state.attribute, words("inside.colour"), colours),
        select("row", desk.person, words("inside.person"), people),
        select("firm", desk.state.firm or 0, words("inside.firm"), named),
    ]


def _archive_selects(desk: Desk, scene: Scene) -> list[dict[str, Any]]:
    words, names, book = scene.words, shelf.folders(), desk.seen.get("stored")
    if not names:
        return []
    chosen = shelf.chosen(desk.state.folder)
    selects = [select("folder", chosen, words("archive.folder"), {name: name for name in names})]
    if isinstance(book, shelf.Stored):
        measures = _measures(scene, list(book.measures))
        selects.append(select("measure", book.measure, words("table.measure"), measures))
    return selects


def pick(desk: Desk, picked: dict[str, Any]) -> None:
    """Take a click on a chart: a person of the network opens her diary."""
    if picked.get("card") == "network" and picked.get("kind") == "node":
        desk.choose("row", str(picked.get("name")))
