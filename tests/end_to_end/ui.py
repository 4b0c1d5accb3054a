"""The Prefect server's own pages, driven in a real browser, as a person at the screen would.

The pages are those of the interface that Prefect 3.8 shows by default, below `/v2`. Fields are named by
the label on the screen: a run form shows parameter names, a resume form and nested objects show titles.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Response, Route, sync_playwright
from playwright.sync_api import TimeoutError as BrowserTimeout

Value = str | int | float | bool | Sequence[str] | Mapping[str, "Value"]
Form = Mapping[str, Value]

BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
VIEWPORT = (1440, 1000)
PATIENCE = 20.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
RELOAD_EVERY = 5.0
PRESSES = 4
GRAPH_MILLISECONDS = 2000  # the graph of a run is drawn on a canvas, and nothing tells when it is there
DIALOG_SHARE = 0.8  # of the window's height is the most that a dialog takes
DIALOG_FRAME = 260  # pixels of its title, buttons and margins


def browser_path() -> str | None:
    """The Chromium or Chrome of this machine, or None; none is ever downloaded."""
    named = os.environ.get("GATES_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next((found for name in names if (found := shutil.which(name))), None)


@contextmanager
def browser_ui(address: str, *, patience: float = PATIENCE) -> Iterator[PrefectUI]:
    """A headless browser at the server of `address`, such as `http://127.0.0.1:4200`; closed at the end.

    Raises RuntimeError when this machine has no Chromium.
    """
    path = browser_path()
    if path is None:
        raise RuntimeError("No Chromium is on the PATH: install one, or name it in GATES_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        page = browser.new_page(viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]})
        page.set_default_timeout(patience * 1000)
        # The pages call an analytics service even when the server's analytics are off.
        page.route("**/*", _loopback_only)
        try:
            yield PrefectUI(page, address, patience)
        finally:
            browser.close()


class PrefectUI:
    """One browser page and what a person does there. Times are seconds; run ids are those in the address bar."""

    def __init__(self, page: Page, address: str, patience: float = PATIENCE) -> None:
        self.page = page
        self.address = address.rstrip("/").removesuffix("/api")
        self.patience = patience

    def run_deployment(self, name: str, parameters: Form, picture: Path | None = None, tab: str = "") -> str:
        """Fill in and submit the run form of a deployment such as `release/production`, at a tab of it; the new run's id.

        `picture` takes a screenshot of the filled form. Raises AssertionError with the page's text when
        the form refuses what was filled in.
        """
        self.open_run_form(name, tab)
        form = self.page.locator("main form")
        _fill(form, parameters)
        if picture is not None:
            self.screenshot(picture)
        created = self._press(form, "Submit", "/create_flow_run")
        return str(created.json()["id"])

    def open_run_form(self, name: str, tab: str = "") -> list[str]:
        """Open the run form of a deployment, and a tab on it where one is named; the labels on it, in order."""
        answer = self.page.request.get(f"{self.address}/api/deployments/name/{name}")
        assert answer.ok, f"There is no deployment {name}: {answer.text()}"
        self._go(f"deployments/deployment/{answer.json()['id']}/run")
        form = self.page.locator("main form")
        form.locator("fieldset").first.wait_for()
        if tab:
            form.get_by_role("tab", name=tab).click()
            form.locator("label", has_text=tab).wait_for()
        return form.locator("label[data-slot=label]").all_inner_texts()

    def options(self, label: str) -> list[str]:
        """What the dropdown of that label offers on the form that is open."""
        _field(self.page.locator("main form"), label, 0).get_by_role("button").first.click()
        self.page.get_by_role("option").first.wait_for()
        offered = self.page.get_by_role("option").all_inner_texts()
        self.page.keyboard.press("Escape")
        self.page.get_by_role("listbox").first.wait_for(state="hidden")
        return [option.strip() for option in offered]

    def run_named(self, name: str, timeout: float = 90.0) -> str:
        """The id of the newest run of that name, once the runs page lists it; AssertionError when it does not in time."""
        end = time.monotonic() + timeout
        link = self.page.locator("main a[href*='/flow-run/']").filter(has_text=re.compile(rf"^{re.escape(name)}$")).first
        while time.monotonic() < end:
            self._go("runs?limit=100")
            with suppress(BrowserTimeout):
                link.wait_for(timeout=RELOAD_EVERY * 1000)
                return str(link.get_attribute("href")).rpartition("/")[2]
        raise AssertionError(f"No run is named {name} after {timeout:g} s.")

    def open_run(self, run_id: str, tab: str = "Logs") -> None:
        """Open a flow run's page at one of its tabs: Details, Logs, Task Runs, Subflow Runs, Artifacts, …"""
        self._go(f"runs/flow-run/{run_id}?tab={tab.replace(' ', '')}")
        self._state_badge().wait_for()

    def phases(self, run_id: str, picture: Path | None = None) -> list[str]:
        """Names of the subflow runs on a run's page, newest first."""
        self.open_run(run_id, "Subflow Runs")
        links = self.page.get_by_role("tabpanel").locator("a[href*='/flow-run/']")
        links.first.wait_for()
        if picture is not None:
            self.page.wait_for_timeout(GRAPH_MILLISECONDS)
            self.screenshot(picture)
        return links.all_inner_texts()

    def state(self, run_id: str) -> str:
        """The state name on a flow run's page, such as `Suspended` or `Rolled back`."""
        self.open_run(run_id)
        return self._state_badge().inner_text().strip()

    def wait_for_state(self, run_id: str, *names: str, timeout: float = 90.0) -> str:
        """The first of `names` that the run's page shows; AssertionError when none comes in time.

        The page is opened when the server says so: one that stands open keeps redrawing, and takes a processor from the run.
        """
        end = time.monotonic() + timeout
        self.page.goto("about:blank")
        while time.monotonic() < end and self._server_state(run_id) not in names:
            self.page.wait_for_timeout(250)
        seen = self.state(run_id)
        loaded = time.monotonic()
        while seen not in names:
            if time.monotonic() > end:
                raise AssertionError(f"Run {run_id} is {seen} after {timeout:g} s, not {' or '.join(names)}.")
            self.page.wait_for_timeout(250)
            if time.monotonic() - loaded > RELOAD_EVERY:
                self.open_run(run_id)
                loaded = time.monotonic()
            seen = self._state_badge().inner_text().strip()
        return seen

    def menu(self, run_id: str) -> list[str]:
        """What the three dots of a run's page offer, such as `Resume`, `Cancel`, `Retry`."""
        self._open_menu(run_id)
        items = self.page.get_by_role("menuitem").all_inner_texts()
        self.page.keyboard.press("Escape")
        return items

    def hold_text(self, run_id: str, picture: Path | None = None) -> str:
        """The rendered description of a suspended run's form; `picture` takes the whole of it, with the empty form."""
        dialog = self._open_resume(run_id)
        if picture is not None:
            self._take_whole(dialog, picture)
        text = dialog.locator("[data-slot=dialog-header] + div > div").first.inner_text()
        self.page.keyboard.press("Escape")
        return text

    def resume(self, run_id: str, answers: Form, picture: Path | None = None) -> None:
        """Fill in and send the form of a suspended run; AssertionError with the reason when it is refused."""
        dialog = self._open_resume(run_id)
        _fill(dialog, answers)
        if picture is not None:
            self.screenshot(picture, full_page=False)
        self._press(dialog, "Resume", "/resume")
        dialog.wait_for(state="hidden")

    def cancel(self, run_id: str) -> None:
        """Cancel a run from its menu and confirm."""
        self._confirm(run_id, "Cancel", "Cancel Flow Run")

    def retry(self, run_id: str) -> None:
        """Retry a finished run from its menu and confirm."""
        self._confirm(run_id, "Retry", "Retry")

    def artifacts(self, run_id: str) -> list[str]:
        """Keys of the artifacts on a run's page, in its order; a key made again by a replay comes again."""
        self.open_run(run_id, tab="Artifacts")
        grid = self.page.get_by_test_id("flow-run-artifacts-grid")
        grid.or_(self.page.get_by_text("No artifacts")).first.wait_for()
        return grid.locator("h3").all_inner_texts()

    def artifact_text(self, run_id: str, key: str, picture: Path | None = None) -> str:
        """The text of the run's newest artifact of that key, opened by clicking through its pages; `picture` takes its top."""
        self.open_run(run_id, tab="Artifacts")
        self.page.get_by_test_id("flow-run-artifacts-grid").locator(f"a[href$='/artifacts/key/{key}']").first.click()
        # The page of a key lists every run's artifacts, each link followed by a link to its run.
        of_run = self.page.locator(f"main a[href$='/flow-run/{run_id}']").first
        of_run.locator("xpath=preceding::a[contains(@href, '/artifacts/artifact/')][1]").click()
        self.page.wait_for_url("**/artifacts/artifact/**")
        self._settle()
        if picture is not None:
            self.screenshot(picture, full_page=False)
        return self.page.locator("main").inner_text()

    def scheduled_runs(self) -> list[str]:
        """Names of the runs waiting for their time, as the runs page lists them, filtered by Scheduled."""
        self._go("runs?state=Scheduled&limit=100")
        self.page.get_by_text(re.compile(r"^\d+ Flow runs?$")).first.wait_for()
        self._settle()
        return [name for name in self.page.locator("main a[href*='/flow-run/']").all_inner_texts() if name]

    def screenshot(self, path: Path, *, full_page: bool = True) -> Path:
        """The page as a PNG file, or only what the window shows, as suits a dialog; folders are made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._settle()
        self.page.screenshot(path=path, full_page=full_page)
        return path

    def _take_whole(self, dialog: Locator, path: Path) -> None:
        """A dialog without its scroll bar, in a window as high as it needs."""
        inner = dialog.evaluate("box => Math.max(...[...box.querySelectorAll('*')].map(each => each.scrollHeight))")
        self.page.set_viewport_size({"width": VIEWPORT[0], "height": int((inner + DIALOG_FRAME) / DIALOG_SHARE)})
        path.parent.mkdir(parents=True, exist_ok=True)
        self._settle()
        dialog.screenshot(path=path)
        self.page.set_viewport_size({"width": VIEWPORT[0], "height": VIEWPORT[1]})

    def _server_state(self, run_id: str) -> str:
        return str(self.page.request.get(f"{self.address}/api/flow_runs/{run_id}").json()["state"]["name"])

    def _go(self, path: str) -> None:
        self.page.goto(f"{self.address}/v2/{path}")

    def _settle(self) -> None:
        """Let requests under way end; a page that keeps polling is taken as it is."""
        with suppress(BrowserTimeout):
            self.page.wait_for_load_state("networkidle", timeout=3000)
        self.page.wait_for_timeout(300)

    def _state_badge(self) -> Locator:
        # The work pool's badge stands beside it, without an icon.
        return self.page.locator("main [data-slot=badge]:has(svg)").first

    def _open_menu(self, run_id: str) -> None:
        self.open_run(run_id)
        self.page.locator("main").get_by_role("button", name="Open menu").first.click()
        self.page.get_by_role("menuitem").first.wait_for()

    def _open_resume(self, run_id: str) -> Locator:
        self._open_menu(run_id)
        self.page.get_by_role("menuitem", name="Resume").click()
        dialog = self.page.get_by_role("dialog", name="Resume Flow Run")
        dialog.locator("fieldset").or_(dialog.get_by_text("Do you want to")).first.wait_for()
        return dialog

    def _confirm(self, run_id: str, item: str, button: str) -> None:
        self._open_menu(run_id)
        self.page.get_by_role("menuitem", name=item, exact=True).click()
        dialog = self.page.get_by_role("alertdialog")
        self._press(dialog, button, "/set_state")
        dialog.wait_for(state="hidden")

    def _press(self, form: Locator, button: str, request: str) -> Response:
        """Press a button and return the server's answer to the request it sends; AssertionError when refused."""
        for _ in range(PRESSES):
            try:
                with self.page.expect_response(lambda answer: answer.url.endswith(request)) as answered:
                    form.get_by_role("button", name=button, exact=True).click()
            except BrowserTimeout as error:
                raise AssertionError(f"{button} sent nothing; the form says:\n{form.inner_text()}") from error
            # SQLite refuses a write now and then ("database is locked"); a person presses again.
            if answered.value.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            self.page.wait_for_timeout(500)
        answer = answered.value
        assert answer.ok, f"The server refused {button}: {answer.status} {answer.text()}"
        details = answer.json().get("details") or {}
        assert "abort" not in str(details.get("type")), f"The server refused {button}: {details.get('reason')}"
        return answer


def _loopback_only(route: Route) -> None:
    if urlsplit(route.request.url).hostname in LOOPBACK:
        route.continue_()
    else:
        route.abort()


def _fill(scope: Locator, values: Form, depth: int = 0) -> None:
    for label, value in values.items():
        _fill_field(_field(scope, label, depth), label, value, depth)


def _field(scope: Locator, label: str, depth: int) -> Locator:
    """The input area of a label at one depth of nested objects: equal labels deeper down do not match."""
    labels = scope.locator(f"xpath=.//label[count(ancestor::*[@data-slot='card']) = {depth}]")
    wanted = labels.filter(has_text=re.compile(rf"^\s*{re.escape(label)}( \(Optional\))?\s*$"))
    return wanted.first.locator("xpath=ancestor::div[fieldset][1]/fieldset")


def _fill_field(field: Locator, label: str, value: Value, depth: int) -> None:
    if isinstance(value, Mapping):
        _fill(field, value, depth + 1)
    elif isinstance(value, bool):
        field.get_by_role("switch").set_checked(value)
    elif field.get_by_role("button", name=f"Select {label}").count():
        _choose(field, value)
    else:
        field.locator("textarea, input").first.fill(str(value))


def _choose(field: Locator, value: Value) -> None:
    """Pick options of a dropdown: one closes it by itself, a list of many leaves it open."""
    page = field.page
    many = isinstance(value, Sequence) and not isinstance(value, str)
    for option in value if many else [value]:
        listed = page.get_by_role("option", name=option, exact=True)
        if not listed.count():
            field.get_by_role("button").first.click()
        listed.click()
    # Escape would close the whole dialog when no list is open any more.
    if many and page.get_by_role("listbox").count():
        page.keyboard.press("Escape")
    page.get_by_role("listbox").first.wait_for(state="hidden")
