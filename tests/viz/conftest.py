"""Scenes of a small economy, a pool of one worker, and the real page in the system's Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from small_economies import MONTHS, lived, small, waits

from viz.charts import Frame
from viz.pool import Pool
from viz.scene import Scene
from viz.visit import Arm
from viz.words import Words

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWEEP = """
extends: baseline
months: 24
replications: 2
parameters: {population.consumers: 60, economy.sectors: bank}
levers: {firm.imitation: {values: [0, 8]}}

measures: [adopter_share, unpaid_hours_gross]
"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def arms():
    """Return two scenarios with two replications each: as it stands, and with less imitation."""
    first, second = small(), small(firm__imitation=0.5)
    return tuple(Arm(tuple(lived(one.with_seed(seed)) for seed in (1, 2))) for one in (first, second))


@pytest.fixture(params=["en", "de"])
def scene(request, arms):
    """Return a scene in each language: the changed scenario, the one as it stands behind it."""
    frame = Frame(1990.0, MONTHS, MONTHS - 1, "passport", "baseline")
    return Scene(Words(request.param), arms[1], arms[0], frame, "replacement")


@pytest.fixture(scope="session")
def pool():
    """Return a pool of one warm worker."""
    made = Pool(1)
    assert made.processes[0].warm.wait(120), "the worker did not start"
    yield made
    made.shut_down()


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """Return a folder with the results of a sweep: two design points, two replications."""
    root = tmp_path_factory.mktemp("results")
    file = root / "imitation.yaml"
    file.write_text(SWEEP)
    command = [
        sys.executable,
        "-m",
        "experiments",
        "sweep",
        str(file),
        "--out",
        str(root / "imitation"),
        "--workers",
        "1",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return root


@pytest.fixture(scope="session")
def served(saved):
    """Serve the page as the command does; return its address."""
    port = free_port()
    command = [sys.executable, "-m", "experiments", "dashboard", "--port", str(port)]
    environment = {**os.environ, "PROSUMING_RESULTS": str(saved)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    assert waits(lambda: _answers(f"{address}/readyz"), 90), "the dashboard did not start"
    yield address
    server.terminate()
    server.wait(timeout=30)


def _answers(address):
    try:
        return urllib.request.urlopen(address, timeout=2).status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def chromium():
    """Return the system's Chromium, headless."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A browser tab at the page, and all that went wrong in it."""

    def __init__(self, context, served):
        self.page, self.served = context.new_page(), served
        self.wrong = []
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        self.page.on("request", self._stays_here)
        self.page.on(
            "response", lambda found: found.status < 400 or self.wrong.append(f"{found.status}: {found.url}")
        )

    def _stays_here(self, request):
        if not request.url.startswith((self.served, "data:", "blob:", self.served.replace("http", "ws"))):
            self.wrong.append(f"leaves the machine: {request.url}")

    def opens(self, query="", *, consumers=200, sectors="bank"):
        """Open the page with a small economy and wait for its first charts."""
        small = f"p.population.consumers={consumers}&p.economy.sectors={sectors}"
        self.page.goto(f"{self.served}/?{small}&{query}")
        self.page.wait_for_selector(".p-chart svg path", state="attached", timeout=60_000)
        return self

    def status(self):
        """Return what the page says it is doing."""
        return self.page.inner_text("[data-status]")

    def settles(self, word="Complete", seconds=90):
        """Wait until the status begins with a word."""
        self.page.wait_for_function(
            "word => document.querySelector('[data-status]')?.innerText.startsWith(word)",
            arg=word,
            timeout=seconds * 1000,
        )
        return self

    def saved(self, selector):
        """Press a button that saves a file; return its text or bytes."""
        with self.page.expect_download(timeout=30_000) as caught:
            self.page.click(selector)
        return Path(caught.value.path()).read_bytes()


@pytest.fixture
def visitor(chromium, served):
    """Return a function that opens a tab in a browser of its own."""
    contexts = []

    def come(**settings):
        context = chromium.new_context(
            **{"locale": "en-GB", "viewport": {"width": 1300, "height": 900}} | settings
        )
        contexts.append(context)
        return Visitor(context, served)

    yield come
    for context in contexts:
        context.close()
