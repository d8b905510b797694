"""A Chromium on an explorer as a user starts it. Without one the tests here are skipped, and say what to install."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from explorer_process import exploring

from scraper.browser import find_browser
from scraper.errors import FetchError

SAMPLES = Path(__file__).parents[4] / "corpus" / "samples"
WIDE = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def chromium():
    """Where the browser lies; everything that takes time asks for it first."""
    pytest.importorskip("playwright", reason="the extra [browser] is not installed")
    try:
        return find_browser()
    except FetchError as error:
        pytest.skip(f"{error}")


# For each module anew: while it is open, no test of another module could run an event loop of its own in this process.
@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  the extra may be missing

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(chromium, dataset):
    """The address of an explorer of the samples, without a slash at its end."""
    with exploring(dataset, "--archive", SAMPLES, "--port", "0") as explored:
        assert explored.address.startswith("http://127.0.0.1:"), explored.process.stderr.read()
        yield explored.address.rstrip("/")


@pytest.fixture
def show(browser):
    """Give a new page at an address, and see in the end that nothing failed in it and nothing was asked elsewhere."""
    contexts, said = [], []

    def shown(address, **settings):
        context = browser.new_context(**({"viewport": WIDE, "locale": "en-GB"} | settings))
        context.set_default_timeout(15_000)
        contexts.append(context)
        origin = urlsplit(address).netloc
        context.on(
            "request", lambda request: said.append(request.url) if urlsplit(request.url).netloc != origin else None
        )
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.goto(address)
        return page

    yield shown
    for context in contexts:
        context.close()
    assert said == []
