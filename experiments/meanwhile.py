"""What a run needs at its end is made ready while it computes."""

from __future__ import annotations

from importlib import import_module
from threading import Thread


def make_ready() -> Thread:
    """Load Mesa, and start what draws pictures, in a thread; return it.

    Mesa looks at the whole stack of its importer, and at all modules for each line of it: from a thread the
    stack is short. The engine that draws needs a second before its first picture.
    """
    thread = Thread(target=_make_ready, daemon=True)
    thread.start()
    return thread


def _make_ready() -> None:
    import_module("mesa")
    from altair import Chart, InlineData

    from experiments.theme import spec_of, to_svg

    to_svg(spec_of(Chart(InlineData(values=[{"year": 2000}])).mark_point().encode(x="year:Q")), "")
