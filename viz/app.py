"""The page: `python -m solara run viz.app`, or `python -m experiments dashboard`."""

from __future__ import annotations

import gc
import secrets
import sys
import threading
from pathlib import Path
from typing import Any

import reacton
import reacton.ipyvuetify as v
from solara.lab.utils.headers import headers
from solara.routing import use_router
from solara.server import settings

from viz import address, page, shelf
from viz.controls import presets
from viz.desk import Desk
from viz.pool import pool
from viz.scenario import Scenario, usual_values
from viz.state import State
from viz.turns import SWITCH_SECONDS
from viz.visit import Visit
from viz.words import LANGUAGES, language_of

MOST_PAGES = 60
SOLARAS_CULL_TIMEOUT = "24h"
CLOSED_AFTER = "60s"
"""A page that has lost its connection is closed, and its economies freed, after this time."""


def settle() -> None:
    """Keep to this machine, to few pages and to quick answers, however the server was started."""
    sys.setswitchinterval(SWITCH_SECONDS)
    settings.main.mode = "production"
    settings.telemetry.mixpanel_enable = False
    settings.theme.show_banner = False
    settings.theme.title = "prosuming"
    settings.assets.fontawesome_enabled = False
    settings.assets.extra_locations = [str(Path(__file__).parent / "assets")]
    settings.kernel.max_count = settings.kernel.max_count or MOST_PAGES
    if settings.kernel.cull_timeout == SOLARAS_CULL_TIMEOUT:
        settings.kernel.cull_timeout = CLOSED_AFTER
    if settings.session.secret_key == settings.SESSION_SECRET_KEY_DEFAULT:
        settings.session.secret_key = secrets.token_urlsafe(32)


def warm() -> None:
    """Do before the first visitor comes what he would have to wait for; his months are remembered by all."""
    first = Visit(pool())
    first.target = Scenario().months
    first.show({"current": Scenario()}, 1)
    for name in presets():
        usual_values(name)
    for language in LANGUAGES:
        page.declared(Scenario().experiment, language, "")
    if folder := shelf.chosen(""):
        shelf.SHELF.find(folder, State().measure, _nobody_waits)
    while first.months < first.target and not (first.failure or first.full):
        first.changed.wait(1.0)
        first.changed.clear()
    first.close()
    gc.collect()
    gc.freeze()  # libraries and the catalogue are not searched each time a visitor leaves


def _nobody_waits() -> None:
    """Tell nobody that a folder has been read."""


settle()
threading.Thread(target=warm, daemon=True, name="warm").start()


@reacton.component
def Layout(children: list[Any]) -> None:  # noqa: N802 - Solara's name
    """Show the page as it is, without Solara's own bars."""
    v.Html(tag="div", children=children)


@reacton.component
def Page() -> None:  # noqa: N802 - Solara's name
    """Show one visitor's page; closing the tab frees what it has running."""
    tick, redraw = reacton.use_state(0)
    router = use_router()
    count = reacton.use_ref(0)

    def again() -> None:
        count.current += 1
        redraw(count.current)

    def begin() -> Desk:
        accepted = (headers.value or {}).get("accept-language", [""])
        language = language_of(accepted[0] if accepted else "")
        state, ignored = address.decode(router.search or "", language)
        return Desk(pool(), state, again, ignored)

    desk = reacton.use_memo(begin, [])

    def follow() -> Any:
        threading.Thread(target=desk.follow, daemon=True, name="desk").start()
        return desk.close

    reacton.use_effect(follow, [])
    page.whole(desk, tick)
