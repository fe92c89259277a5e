"""Take a picture of every tab in both languages: `python -m benchmarks.screenshots [FOLDER]`.

English on a wide, light page; German on a dark one; German on a telephone too, light.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.dashboard import FLAGS, serve
from viz.state import TABS

FOLDER = Path("docs/screenshots")
SCENARIO = "p.firm.imitation=1&p.population.consumers=600&replications=3&month=396&firm=3"
"""Changed, so that the baseline stands behind it; few people, so that it is soon at the end of 2022."""
LOOKS = (("en", "light", 1360, ""), ("de", "dark", 1360, ""), ("de", "light", 360, "-360"))
ON_A_TELEPHONE = ("overview", "private", "inside")


def main(folder: Path) -> None:
    """Serve the page, let its economies live once, keep the pictures of every look."""
    folder.mkdir(parents=True, exist_ok=True)
    server, address = serve()
    try:
        with sync_playwright() as driver:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = driver.chromium.launch(executable_path=path, args=FLAGS)
            pictures(opened(browser, f"{os.environ.get('DASHBOARD', address)}/?{SCENARIO}"), folder)
    finally:
        server.terminate()
        server.wait(timeout=30)


def opened(browser: Browser, address: str) -> Page:
    """Open a page and wait until its economies are where they should be."""
    page = browser.new_context(viewport={"width": 1360, "height": 900}, locale="en-GB").new_page()
    page.goto(address)
    complete = "document.querySelector('[data-status]')?.innerText.startsWith('Paused')"
    page.wait_for_function(complete, timeout=900_000)
    return page


def pictures(page: Page, folder: Path) -> None:
    """Keep a picture of every tab in every look."""
    for language, theme, width, suffix in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.select_option("[data-select=language]", language)
        page.select_option("[data-select=theme]", theme)
        if suffix:
            page.click(".p-opener")
        for tab in ON_A_TELEPHONE if suffix else TABS:
            page.click(f"[data-tab={tab}]")
            page.wait_for_timeout(8_000 if tab in ("compare", "inside") else 2_000)
            keep(page, folder / f"{language}-{tab}{suffix}.png")


def keep(page: Page, file: Path) -> None:
    """Keep a picture of the whole page, small."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(1_000)
    page.screenshot(path=file, full_page=True)
    shrink(file)
    print(file)


def shrink(file: Path) -> None:
    """Write a picture again with three quarters of its width and a palette: it is to be read."""
    from PIL import Image

    picture = Image.open(file).convert("RGB")
    share = 0.75 if picture.width > 1000 else 1.0
    small = picture.resize(
        (round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS
    )
    small.quantize(250, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE).save(
        file, optimize=True
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
