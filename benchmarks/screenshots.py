"""Take a picture of every tab in both languages: `python -m benchmarks.screenshots [FOLDER]`.

English on a wide, light page; German on a dark one; the overview on a telephone too.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.dashboard import FLAGS, serve
from viz.state import TABS

FOLDER = Path("docs/screenshots")
SCENARIO = "p.firm.imitation=1&p.population.consumers=400&replications=2&month=396"
"""Changed, so that the baseline stands behind it; few people, so that it is soon at the end of 2022."""
LOOKS = {"en": ("light", 1360), "de": ("dark", 1360)}


def main(folder: Path) -> None:
    """Serve the page, open every tab, keep the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    server, address = serve()
    try:
        with sync_playwright() as driver:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = driver.chromium.launch(executable_path=path, args=FLAGS)
            for language, (theme, width) in LOOKS.items():
                tabs(
                    opened(browser, f"{address}/?{SCENARIO}&language={language}&theme={theme}", width),
                    language,
                    folder,
                )
            page = opened(browser, f"{address}/?{SCENARIO}&language=de&theme=light", 360)
            keep(page, folder / "de-overview-360.png")
    finally:
        server.terminate()
        server.wait(timeout=30)


def opened(browser: Browser, address: str, width: int) -> Page:
    """Open a page and wait until its economies are where they should be."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(address)
    there = "/^(Paused|Angehalten|Complete|Vollständig)/"
    complete = f"{there}.test(document.querySelector('[data-status]')?.innerText || '')"
    page.wait_for_function(complete, timeout=400_000)
    return page


def tabs(page: Page, language: str, folder: Path) -> None:
    """Keep a picture of every tab."""
    for tab in TABS:
        page.click(f"[data-tab={tab}]")
        page.wait_for_timeout(12_000 if tab in ("compare", "inside") else 4_000)
        keep(page, folder / f"{language}-{tab}.png")


def keep(page: Page, file: Path) -> None:
    """Keep a picture of the whole page, small."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(1_000)
    page.screenshot(path=file, full_page=True)
    print(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
