"""The tabs of the page: each turns a scene into cards; nothing here moves an economy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viz.panels import firms, overview, private_life
from viz.scene import Scene

if TYPE_CHECKING:
    from viz.desk import Desk

Board = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""Cards and selects of a tab, as the page takes them."""
_FROM_SCENE = {"overview": overview.cards, "firms": firms.cards, "private": private_life.cards}


def shown() -> tuple[str, ...]:
    """Return the tabs in their order."""
    return tuple(_FROM_SCENE)


def board(desk: Desk, scene: Scene) -> Board:
    """Return what the open tab shows."""
    cards = _FROM_SCENE.get(desk.state.tab, overview.cards)
    return [card.plain() for card in cards(scene)], []


def pick(desk: Desk, picked: dict[str, Any]) -> None:
    """Take a click on a chart."""
