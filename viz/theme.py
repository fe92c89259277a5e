"""Colours that colour-blind readers can tell apart, by name; light and dark values stand in `page.css`.

References
----------
Okabe, M. & Ito, K. (2008). Color universal design.
"""

from __future__ import annotations

from pathlib import Path

BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, GREY, PALE, YELLOW, TEXT = (
    f"var:--{name}"
    for name in ("blue", "vermillion", "green", "purple", "orange", "sky", "grey", "pale", "yellow", "text")
)
LINES = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, TEXT, GREY)
"""The order in which lines take their colours."""
THEMES = ("auto", "light", "dark")


def ink(colour: str) -> str:
    """Return the shade of a colour in which a word can be read.

    >>> ink("var:--blue")
    'var:--blue-ink'
    """
    return f"{colour}-ink"


def style() -> str:
    """Return the style sheet of the page."""
    return (Path(__file__).parent / "page.css").read_text("utf-8")
