"""The cards of the open tab as text, drawn apart from the rest of the page and only when they changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from viz import panels
from viz.scene import Scene, scene_of
from viz.turns import TURNS
from viz.words import Words

if TYPE_CHECKING:
    from viz.desk import Desk


def packed(data: Any) -> str:
    """Return data as text: what the page's templates take is not searched for widgets on its way."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True)
class Picture:
    """What the board shows; `stale` while the months of a changed scenario are still to come."""

    text: str
    about: tuple[Any, ...]
    job: str = packed({"number": 0})
    stale: bool = False


def drawn(desk: Desk, before: Picture | None) -> Picture:
    """Return the picture of the open tab; the one before stays until a changed scenario has months."""
    state, visit = desk.state, desk.visit
    about = (state.tab, state.language, state.scenario.experiment)
    if (
        before is not None
        and before.about == about
        and visit.months == 0
        and not (visit.failure or visit.full)
    ):
        return replace(before, stale=True, job=packed(desk.job))
    words = Words(state.language)
    scene = scene_of(desk, words)
    cards, selects = cards_of(desk, scene) if scene else ([], [])
    texts = {name: words(f"table.{name}") for name in ("save", "described", "empty")}
    it = {
        "words": texts | {"table": words("table.title")},
        "tab": state.tab,
        "selects": selects,
        "language": words.language,
        "playing": desk.playing,
    }
    parts = []
    for card in cards:
        parts.append(packed(card))
        TURNS.give_way()
    text = f'{packed(it)[:-1]},"cards":[{",".join(parts)}]}}'
    return Picture(text, about, packed(desk.job))


def cards_of(desk: Desk, scene: Scene) -> panels.Board:
    """Return what the open tab shows; what cannot be drawn is said, and the rest of the page goes on."""
    try:
        return panels.board(desk, scene)
    except Exception as error:  # noqa: BLE001 - a fault in one tab must not take the page along
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        command = desk.state.scenario.command()
        card = {"id": "fault", "title": scene.words("note.undrawn"), "reading": f"{said} · {command}"}
        return [{**card, "columns": [], "rows": [], "wide": True}], []
