"""What the dashboard promises: first chart, answer to a slider, months per second, memory of open pages.

`python -m benchmarks.dashboard [--sessions N]` serves the page on this machine and drives it with Chromium.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from benchmarks.figures import Figure
from viz.pool import Pool
from viz.scenario import Scenario
from viz.visit import Visit

OPENINGS = 7
FIRST_CHART = ".p-chart svg path"
EMPTY_PAGE = """
import solara

@solara.component
def Page():
    with solara.Div(classes=["p-chart"]):
        axis = {"type": "category", "data": [1, 2, 3]}
        line = {"type": "line", "data": [1, 2, 3]}
        solara.FigureEcharts(option={"xAxis": axis, "yAxis": {}, "series": [line]}, responsive=False)
"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

#: What each measured number is called, its unit, its limit, and whether more is better.
FIGURES: dict[str, tuple[str, str, float | None, bool]] = {
    "months_per_second_of_100000": ("100,000 consumers played", "months per s", 10.0, True),
    "returning_chart_seconds": (
        "first chart, warm server, a browser that has been here before",
        "s",
        2.0,
        False,
    ),
    "first_chart_seconds": ("first chart, warm server, a browser that has kept nothing", "s", 2.0, False),
    "empty_page_seconds": ("the same of a page of Solara's with nothing but a chart", "s", None, False),
    "first_chart_ratio": ("first chart / that of the page with nothing else", "×", None, False),
    "slider_milliseconds": ("a slider answers while 3 others run", "ms", 100.0, False),
    "megabytes_of_open_pages": ("memory of 20 open pages", "MB", 3000.0, False),
}


def figures(*, quick: bool) -> Iterator[Figure]:
    """Yield what a visitor of the dashboard feels, measured in a browser."""
    found = measured(6 if quick else 20)
    for name, (what, unit, limit, at_least) in FIGURES.items():
        yield Figure(what, found[name], unit, limit, at_least)


def main() -> None:
    """Measure and print one JSON object."""
    options = argparse.ArgumentParser()
    options.add_argument("--sessions", type=int, default=20)
    found = measured(options.parse_args().sessions)
    targets = {name: limit for name, (_, _, limit, _) in FIGURES.items()}
    print(
        json.dumps(
            {name: {"value": value, "target": targets.get(name)} for name, value in found.items()}, indent=1
        )
    )


def measured(sessions: int) -> dict[str, Any]:
    """Return the measured numbers by name."""
    found: dict[str, Any] = {"months_per_second_of_100000": large_population()}
    server, address = serve()
    try:
        with sync_playwright() as driver:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = driver.chromium.launch(executable_path=path, args=FLAGS)
            warm(opened(browser, address))
            first = openings(browser, address) | {"returning_chart_seconds": returning(driver, path, address)}
            found |= {name: round(median(times), 2) for name, times in first.items()}
            own, empty = found["first_chart_seconds"], found["empty_page_seconds"]
            found["first_chart_ratio"] = round(own / empty, 2)
            found |= pages(browser, address, server.pid, sessions)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=30)
    return found


def large_population() -> float:
    """Return months per second of 100,000 consumers in all sectors, in a worker."""
    pool = Pool(1)
    pool.processes[0].warm.wait(120)
    visit = Visit(pool)
    visit.show({"current": Scenario.of("baseline", {"population.consumers": 100_000})}, 1)
    visit.go(1, 0.0)
    _wait(lambda: visit.months >= 1)
    began = time.perf_counter()
    visit.go(121, 0.0)
    _wait(lambda: visit.months >= 121)
    speed = 120.0 / (time.perf_counter() - began)
    visit.close()
    pool.shut_down()
    return round(speed, 1)


def _wait(condition: Any, seconds: float = 180.0) -> None:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)


def serve() -> tuple[subprocess.Popen[bytes], str]:
    """Start the server, warm; return it and its address."""
    server, address = started("-m", "experiments", "dashboard")
    time.sleep(20.0)  # workers compile or load, the baseline is lived once
    return server, address


def started(*command: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server on a free port of this machine; return it and its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, *command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    _wait(lambda: _answers(address))
    return server, address


def _answers(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(f"{address}/readyz", timeout=2).status == 200)
    except OSError:
        return False


def openings(browser: Browser, address: str) -> dict[str, list[float]]:
    """Open the page and one of Solara's with nothing but a chart in turn: what the framework takes anyhow."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY_PAGE, encoding="utf-8")
        usual = ("--production", "--no-open", "--no-check-version")
        server, empty = started("-m", "solara", "run", str(script), *usual)
        try:
            timed_opening(browser, empty)
            both = [(timed_opening(browser, address), timed_opening(browser, empty)) for _ in range(OPENINGS)]
        finally:
            server.terminate()
            server.wait(timeout=30)
    own, bare = zip(*both, strict=True)
    return {"first_chart_seconds": list(own), "empty_page_seconds": list(bare)}


def returning(driver: Playwright, path: str | None, address: str) -> list[float]:
    """Open the page in a browser that keeps what it has compiled, as from the third visit on."""
    with tempfile.TemporaryDirectory() as profile:
        size = ViewportSize(width=1300, height=900)
        browser = driver.chromium.launch_persistent_context(
            profile, executable_path=path, args=FLAGS, viewport=size
        )
        times = [timed_visit(browser, address) for _ in range(2 + OPENINGS)]
        browser.close()
    return times[2:]


def pages(browser: Browser, address: str, server: int, sessions: int) -> dict[str, Any]:
    """Measure what a visitor feels among others, and what many open pages take."""
    others = [opened(browser, f"{address}/?seed={seed}&speed=6") for seed in (11, 12, 13)]
    for page in others:
        page.click("[data-button=again]")
    slider = slider_answers(opened(browser, address))
    for page in others:
        page.click("[data-button=play]")  # pauses
    own = "p.population.consumers=4000&month=12"
    many = [opened(browser, f"{address}/?seed={seed}&{own}") for seed in range(100, 100 + sessions - 4)]
    time.sleep(3.0)
    return {
        "slider_milliseconds": round(median(slider)),
        "open_pages": len(many) + 4,
        "megabytes_of_open_pages": round(memory(server)),
    }


def opened(browser: Browser, address: str) -> Page:
    """Open a page of its own browser and wait for its first chart."""
    page = browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_selector(FIRST_CHART, state="attached", timeout=120_000)
    return page


def warm(page: Page) -> None:
    """Wait until the baseline has been lived once, and fill the browser's own cache."""
    complete = "document.querySelector('[data-status]').innerText.startsWith('Complete')"
    page.wait_for_function(complete, timeout=600_000)
    page.close()


def timed_opening(browser: Browser, address: str) -> float:
    """Return seconds from the address to the first chart."""
    return timed_visit(browser.contexts[0], address)


def timed_visit(context: BrowserContext, address: str) -> float:
    """Return seconds to the first chart in a new page, which stays until the browser has kept what it has."""
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(f"{FIRST_CHART}, .p-chart canvas", state="attached", timeout=120_000)
    taken = time.perf_counter() - began
    page.wait_for_timeout(1_000)
    page.close()
    return taken


def slider_answers(page: Page) -> list[float]:
    """Return milliseconds from a changed slider to the page that knows it, several times."""
    script = """async (at) => {
        const slider = document.querySelector("[data-parameter='firm.imitation']");
        const began = performance.now();
        slider.value = at;
        slider.dispatchEvent(new Event("input"));
        slider.dispatchEvent(new Event("change"));
        const said = "firm.imitation=" + at / 25;
        while (!location.search.includes(said)) await new Promise(requestAnimationFrame);
        return performance.now() - began;
    }"""
    answers = []
    for at in (25, 50, 75, 125, 150, 175):
        answers.append(page.evaluate(script, at))
        page.wait_for_timeout(700)
    return answers


def memory(server: int) -> float:
    """Return MB that the server and its workers hold for themselves."""
    root = psutil.Process(server)
    held = [process.memory_full_info().uss for process in [root, *root.children(recursive=True)]]
    return sum(held) / 1e6


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    main()
