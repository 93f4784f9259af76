"""The dashboard in a real browser: readable, nothing from elsewhere, no script needed."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Request, sync_playwright
from playwright.sync_api import Page as Tab
from werkzeug.serving import make_server

from tests.webservice import example
from tests.webservice.conftest import Dashboard
from tests.webservice.test_pages import PAGES
from webservice.app import MESSAGES, create_app

pytestmark = pytest.mark.parametrize("dashboard", ["sqlite"], indirect=True)

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_TEXTS = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const words = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement;
        const box = element.getBoundingClientRect();
        if (!words || box.width < 2 || box.height < 2) continue;
        let behind = element;
        while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
            behind = behind.parentElement;
        found.push([words, getComputedStyle(element).color,
            getComputedStyle(behind || document.documentElement).backgroundColor]);
    }
    return found;
}"""


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """The application on a free port of this machine; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_ARGUMENTS
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(dashboard: Dashboard) -> Iterator[str]:
    """Where the dashboard is served."""
    with _served(dashboard.app) as url:
        yield url


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Opens an address in a new context; at the end, all that went out was to that address."""
    opened: list[Any] = []
    asked: list[tuple[str, str]] = []
    said: list[str] = []

    def open_tab(url: str, **options: Any) -> Tab:
        context = browser.new_context(**options)
        opened.append(context)
        page = context.new_page()
        host = urlsplit(url).netloc
        page.on("request", lambda request: asked.append((host, request.url)))
        page.on("requestfailed", lambda request: said.extend(_failed(request)))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        # Until nothing is on its way any more: an icon whose page closes first counts as failed.
        answer = page.goto(url, wait_until="networkidle")
        assert answer is not None
        assert answer.ok
        return page

    yield open_tab
    for context in opened:
        context.close()
    assert asked
    assert [url for host, url in asked if urlsplit(url).netloc != host] == []
    assert said == []


def _failed(request: Request) -> list[str]:
    """What is to be said of a request that failed; nothing of one that its page's end cut off."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed: {request.url}"]


def _addresses(dashboard: Dashboard, address: str) -> list[str]:
    keys = {name: run.key for name, run in dashboard.runs.items()}
    return [address + path.format(**keys) for path in PAGES]


def test_every_page_opens_with_all_that_it_loads(
    dashboard: Dashboard, address: str, tab: Callable[..., Tab]
) -> None:
    page = tab(address + "/")
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('svg.icon')].map(e => e.getBoundingClientRect().width)"
    )
    assert sizes
    assert min(sizes) > 5
    assert page.evaluate("() => document.styleSheets.length") == 2
    for url in _addresses(dashboard, address):
        # Until nothing is on its way any more: an icon whose page closes first counts as failed.
        answer = page.goto(url, wait_until="networkidle")
        assert answer is not None
        assert answer.ok, url


def test_everything_works_without_scripts(
    dashboard: Dashboard, address: str, tab: Callable[..., Tab]
) -> None:
    page = tab(address + "/", java_script_enabled=False)
    page.get_by_role("navigation").get_by_role("link", name="Runs").click()
    page.get_by_label("State").select_option("Held by the guard")
    page.get_by_role("button", name="Show").click()
    assert "state=held" in page.url
    page.get_by_role("link", name=dashboard.runs["held"].key).click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Run ")
    summary = page.locator("details summary").first
    assert not page.locator(".diff").first.is_visible()
    summary.click()
    assert page.locator(".diff").first.is_visible()
    page.get_by_role("link", name="More").click()
    assert "after=25" in page.url


def test_the_register_is_asked_with_the_keyboard_alone(
    dashboard: Dashboard, address: str, tab: Callable[..., Tab]
) -> None:
    page = tab(address + "/register", java_script_enabled=False)
    page.get_by_label("Search").focus()
    page.keyboard.type("malmo")
    page.keyboard.press("Tab")
    page.keyboard.type("Partners")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show").press("Enter")
    assert "kind=partner" in page.url
    assert page.get_by_text("One record; 6 in all").is_visible()
    page.get_by_role("link", name="Malmö museer").press("Enter")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Malmö museer")
    link = page.get_by_role("link", name="Edit there").get_attribute("href")
    assert link == f"{example.WIKI}?title=Partnerships/Partners/Malm%C3%B6_museer&action=edit"


@pytest.mark.parametrize("width", [360, 768, 1000, 1200])
def test_no_page_is_wider_than_the_screen(
    dashboard: Dashboard, address: str, tab: Callable[..., Tab], width: int
) -> None:
    page = tab(address + "/", viewport={"width": width, "height": 800})
    for url in _addresses(dashboard, address):
        page.goto(url)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(
    dashboard: Dashboard, address: str, tab: Callable[..., Tab], scheme: str
) -> None:
    """WCAG 2.2, 1.4.3 (AA): 4.5 to 1."""
    page = tab(address + "/", color_scheme=scheme)
    for url in _addresses(dashboard, address):
        page.goto(url)
        texts = page.evaluate(_TEXTS)
        assert len(texts) > 10
        for words, color, behind in texts:
            assert _contrast(color, behind) >= 4.5, (url, words, color, behind)


def test_the_dark_is_dark_and_the_light_is_light(
    dashboard: Dashboard, address: str, tab: Callable[..., Tab]
) -> None:
    def brightness(scheme: str) -> float:
        page = tab(address + "/", color_scheme=scheme)
        color = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        return _luminance(_channels(color))

    assert brightness("dark") < 0.05
    assert brightness("light") > 0.8


def test_the_skip_link_is_the_first_thing_that_the_keyboard_reaches(
    dashboard: Dashboard, address: str, tab: Callable[..., Tab]
) -> None:
    page = tab(address + "/runs")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "content"


def test_a_page_from_right_to_left_is_mirrored(
    dashboard: Dashboard, tab: Callable[..., Tab], tmp_path: Path
) -> None:
    folder = tmp_path / "i18n"
    shutil.copytree(MESSAGES, folder)
    (folder / "he.json").write_text(json.dumps({"web-nav-bots": "בוטים"}), encoding="utf-8")
    app = create_app(example.config(dashboard.store_url), messages=folder)
    with _served(app) as address:
        page = tab(f"{address}/?uselang=he", viewport={"width": 1200, "height": 800})
        brand = page.locator(".brand").bounding_box()
        bot = page.locator("article.bot .now").first.bounding_box()
        past = page.locator("article.bot .past").first.bounding_box()
        assert brand
        assert bot
        assert past
        assert brand["x"] > 900
        assert bot["x"] > past["x"]
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def _channels(color: str) -> list[float]:
    """ "rgb(1, 2, 3)" → [1, 2, 3]; see-through colours are not used for text or behind it."""
    parts = [float(part) for part in color.partition("(")[2].rstrip(")").split(",")]
    assert len(parts) == 3 or parts[3] == 1, color
    return parts[:3]


def _luminance(channels: list[float]) -> float:
    def linear(value: float) -> float:
        value /= 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lights = sorted((_luminance(_channels(one)), _luminance(_channels(other))))
    return (lights[1] + 0.05) / (lights[0] + 0.05)
