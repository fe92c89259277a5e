"""Whose turn it is in the web process: answers to visitors come first, pictures are drawn one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT = 0.25
"""Seconds after which a picture is drawn even though somebody is being answered."""
SWITCH_SECONDS = 0.001
"""After so long a thread that draws lets one that answers have the interpreter."""


class Turns:
    """All visitors of a server take turns: drawing for one must not delay the answer to another."""

    def __init__(self) -> None:
        self._drawing = threading.Lock()
        self._quiet = threading.Condition()
        self._answers = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Answer a visitor: no picture is begun meanwhile."""
        with self._quiet:
            self._answers += 1
        try:
            yield
        finally:
            with self._quiet:
                self._answers -= 1
                self._quiet.notify_all()

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Draw a picture once nobody is being answered, and nobody else draws."""
        with self._drawing:
            self.give_way()
            yield

    def give_way(self) -> None:
        """Let those who are being answered go first."""
        with self._quiet:
            self._quiet.wait_for(lambda: self._answers == 0, LONGEST_WAIT)


TURNS = Turns()
"""The turns of this server."""
