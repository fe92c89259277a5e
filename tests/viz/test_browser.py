"""The page in a real browser, served as the command serves it: nothing fails, nothing leaves the machine."""

import csv
import io
import itertools
import time
from xml.etree import ElementTree

import psutil
import pytest
from small_economies import waits

from experiments import load_experiment
from model import simulate
from viz.state import TABS

pytestmark = [pytest.mark.slow, pytest.mark.alone]

#: No counter of these banks is closed yet, so one chart of the firms has nothing to show.
CHARTS = {"overview": 6, "firms": 5, "private": 6, "compare": 2, "inside": 1, "archive": 1}


def drawn(page, expected):
    """Return the number of charts that hold lines, areas, bars or nodes, once it is as expected or late."""
    for _ in range(60):
        page.wait_for_timeout(500)
        found = page.eval_on_selector_all(
            ".p-chart", "all => all.filter(one => one.querySelectorAll('path').length > 5).length"
        )
        if found == expected:
            break
    return found


def test_every_tab_draws_and_nothing_goes_wrong(visitor):
    tab = visitor().opens("month=40&p.firm.imitation=1").settles("Paused")
    found = {}
    for name in TABS:
        tab.page.click(f"[data-tab={name}]")
        tab.page.wait_for_selector(f"[data-board={name}]")
        found[name] = drawn(tab.page, CHARTS[name])
    assert found == CHARTS, tab.page.inner_text("main")
    assert tab.wrong == []


def test_an_economy_plays_to_its_end_while_another_is_paused(visitor):
    first, second = visitor().opens("month=12"), visitor().opens("month=24&p.firm.imitation=1")
    first.page.click("[data-button=play]")
    first.settles("Complete")
    assert second.status() == "Paused, December 1991"
    assert first.status() == "Complete, December 2040"
    assert first.wrong + second.wrong == []


def test_a_slider_starts_the_economy_anew_and_undo_brings_it_back(visitor):
    tab = visitor().opens("month=24").settles("Paused")
    before = tab.page.inner_text("[data-headline]")
    tab.page.fill("[data-number='firm.pressure_scale']", "3")
    tab.page.press("[data-number='firm.pressure_scale']", "Enter")
    tab.page.wait_for_url("**firm.pressure_scale=3**")
    tab.page.click("[data-button=undo]")
    tab.page.wait_for_function(
        "said => document.querySelector('[data-headline]').innerText === said", arg=before
    )
    assert "pressure_scale" not in tab.page.url


def test_a_copied_address_restores_the_page(visitor):
    query = "p.firm.imitation=2&tab=compare&other=no-pressure&q.population.consumers=200&language=de&month=30"
    tab = visitor().opens(query).settles("Angehalten")
    again = visitor()
    again.page.goto(tab.page.url)
    again.settles("Angehalten, Juni 1992")
    assert again.page.input_value("[data-number='firm.imitation']") == "2"
    assert again.page.get_attribute("[data-tab=compare]", "aria-selected") == "true"
    assert again.page.url == tab.page.url


def test_the_browser_names_the_language_and_the_visitor_may_change_it(visitor):
    tab = visitor(locale="de-AT").opens("month=3")
    assert tab.page.get_attribute("html", "lang") == "de"
    tab.page.select_option("[data-select=language]", "en")
    tab.page.wait_for_function("document.documentElement.lang === 'en'")
    assert "Who does the work?" in tab.page.inner_text("h1")


def test_charts_are_saved_with_their_numbers(visitor):
    tab = visitor().opens("month=36").settles("Paused")
    card = "[data-card=hours] .p-card-foot button"
    picture = ElementTree.fromstring(tab.saved(f"{card}:has-text('SVG')"))
    assert "Unpaid work of customers" in picture.attrib["aria-label"]
    assert tab.saved(f"{card}:has-text('PNG')")[:4] == b"\x89PNG"
    rows = list(csv.reader(io.StringIO(tab.saved(f"{card}:has-text('CSV')").decode())))
    parameters = {"population.consumers": 200, "economy.sectors": "bank"}
    hours = simulate(parameters, 1, months=12, measures=["unpaid_hours_gross"])["unpaid_hours_gross"]
    assert float(rows[2][1]) == pytest.approx(hours.mean(), abs=1e-5)


def test_configuration_and_report_are_handed_out(visitor, tmp_path):
    tab = visitor().opens("month=24&p.firm.imitation=2").settles("Paused")
    file = tmp_path / "mine.yaml"
    file.write_bytes(tab.saved(".p-top button:has-text('YAML')"))
    assert load_experiment(file).parameters["firm.imitation"] == 2.0
    report = tab.saved(".p-top button:has-text('Report')").decode()
    assert (report.count("<svg"), report.count("<table")) == (17, 18)  # no counter is closed yet


def test_hostile_input_breaks_nothing(visitor):
    tab = (
        visitor()
        .opens("month=12&tab=%3Cscript%3E&p.firm.imitation=1e999&seed=-3&folder=../..")
        .settles("Paused")
    )
    assert "were not understood" in tab.page.inner_text(".p-note >> nth=-1")
    for text in ("-1e99", "9" * 300, "0"):
        tab.page.fill("[data-number='firm.imitation']", text)
        tab.page.press("[data-number='firm.imitation']", "Enter")
    tab.page.fill("#search-controls", "<img src=x onerror=alert(1)>")
    tab.page.fill("[data-year]", "99999")
    tab.page.press("[data-year]", "Enter")
    tab.settles("Complete")
    assert tab.wrong == []


def dressed(tab, language, theme):
    """Choose a language and a theme, and wait until the page wears them."""
    tab.page.select_option("[data-select=language]", language)
    tab.page.select_option("[data-select=theme]", theme)
    tab.page.wait_for_function(
        "([language, dark]) => document.documentElement.lang === language"
        " && document.querySelector('.prosuming').classList.contains('dark') === dark",
        arg=[language, theme == "dark"],
    )
    tab.page.wait_for_timeout(300)


@pytest.mark.parametrize("width", [1300, 360])
def test_every_tab_is_accessible_in_both_languages_and_themes(visitor, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tab = visitor(viewport={"width": width, "height": 900}).opens("month=30")
    found = {}
    for name in TABS:
        tab.page.click(f"[data-tab={name}]")
        tab.page.wait_for_timeout(1000)
        for language, theme in itertools.product(("en", "de"), ("light", "dark")):
            dressed(tab, language, theme)
            problems = axe.run(tab.page).response["violations"]
            found[name, language, theme] = [problem["id"] for problem in problems]
            wide = tab.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            found[name, language, "overflows"] = wide
    assert not any(found.values()), found


def test_saved_results_are_opened(visitor):
    tab = visitor().opens("month=3&tab=archive&folder=imitation&measure=adopter_share")
    assert "imitation = 8" in tab.page.inner_text("[data-card=points]")
    tab.page.select_option("select >> nth=-1", "unpaid_hours_gross")
    tab.page.wait_for_selector("[data-card=stored] h2:has-text('Unpaid hours')")
    rows = tab.saved("[data-card=stored] button:has-text('CSV')").decode().splitlines()
    assert rows[1] == "Year,imitation = 0,imitation = 8"
    assert tab.wrong == []


def test_the_page_is_used_by_keyboard_alone(visitor):
    tab = visitor().opens("month=12").settles("Paused")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.className") == "p-skip"
    tab.page.focus("[data-tab=overview]")
    tab.page.keyboard.press("ArrowRight")
    tab.page.wait_for_function("document.activeElement.dataset.tab === 'firms'")
    tab.page.focus("[data-parameter='firm.imitation']")
    tab.page.keyboard.press("ArrowRight")
    tab.page.wait_for_url("**firm.imitation=4.04**")
    tab.page.wait_for_timeout(500)
    tab.settles("Paused").page.focus("[data-button=play]")
    tab.page.keyboard.press("Enter")
    tab.settles("Complete")


def test_what_is_being_typed_is_kept_while_months_come(visitor):
    tab = visitor().opens("month=24&speed=24").settles("Paused")
    tab.page.click("[data-button=play]")
    tab.settles("Running")
    tab.page.fill("[data-year]", "1991")
    tab.page.wait_for_timeout(1500)
    assert tab.page.input_value("[data-year]") == "1991"
    tab.page.press("[data-year]", "Enter")
    tab.page.wait_for_url("**month=24**")


def test_the_latest_of_quick_changes_holds(visitor):
    tab = visitor().opens("month=12").settles("Paused")
    for value in ("8", "4", "0", "4", "2"):
        tab.page.fill("[data-number='firm.imitation']", value)
        tab.page.press("[data-number='firm.imitation']", "Enter")
    tab.page.wait_for_url("**firm.imitation=2&**")
    tab.page.wait_for_timeout(1500)
    assert "firm.imitation=2&" in tab.page.url
    assert tab.page.input_value("[data-number='firm.imitation']") == "2"


def workers_of(served):
    """Return the worker processes of the server at an address."""
    port = served.rpartition(":")[2]
    commands = {process: process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])}
    servers = [
        process.pid for process, command in commands.items() if "viz.app" in command and port in command
    ]
    return [
        process
        for process, command in commands.items()
        if "viz.worker" in command and process.ppid() in servers
    ]


def busy_share(workers):
    """Return the share of a second that workers compute."""
    before = sum(sum(worker.cpu_times()[:2]) for worker in workers)
    time.sleep(1.0)
    return sum(sum(worker.cpu_times()[:2]) for worker in workers) - before


def test_closing_a_tab_frees_its_worker(visitor, served):
    tab = visitor().opens("p.firm.imitation=1.5", consumers=20_000).settles("Running")
    assert busy_share(workers_of(served)) > 0.1
    tab.page.close(run_before_unload=False)
    assert waits(lambda: busy_share(workers_of(served)) < 0.05, 100)


def test_a_killed_worker_is_told_with_the_command_that_repeats_it_and_the_page_goes_on(visitor, served):
    tab = visitor().opens("month=12&p.firm.imitation=3").settles("Paused")
    tab.page.fill("[data-year]", "2035")
    tab.page.press("[data-year]", "Enter")
    for worker in workers_of(served):
        worker.kill()
    tab.page.wait_for_selector(".p-note code:has-text('experiments run baseline')")
    tab.page.click("[data-button=again]")
    tab.page.wait_for_selector(".p-note code", state="detached")
    tab.settles("Running").settles("Complete", 180)
    assert tab.wrong == []
