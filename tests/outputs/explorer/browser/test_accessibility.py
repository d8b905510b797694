"""Every kind of page, by axe, in light and dark, wide and narrow: on a narrow screen only tables scroll sideways."""

import pytest

pytest.importorskip("playwright", reason="the extra [browser] is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()

REPORT = "518b9c98e6e89756"
AGENCY = "zone-2238cae3-zone_committee"
PATHS = (
    "/",
    f"/agency/{AGENCY}",
    f"/report/{REPORT}#c-1-3-9",
    f"/cite/{REPORT}",
    f"/compare/{AGENCY}/2019-2020-area",
    "/year/2020/every/1",
    "/checks/fail/1",
    "/checks/uncertain/1",
    "/search?q=复议",
    "/search?q=月球基地",
    "/about",
    "/agency/nobody",
)
# Whether there is a heading of the first level is for the agency to say; the page around the frame has one.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def pages(browser):
    """A wide page in light and a narrow one in dark: both themes and both widths."""
    made = {
        "light": browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light"),
        "narrow": browser.new_context(viewport=NARROW, color_scheme="dark", is_mobile=True, has_touch=True),
    }
    yield {name: context.new_page() for name, context in made.items()}
    for context in made.values():
        context.close()


def test_nothing_keeps_a_reader_out_of_an_archived_page(pages, served):
    page = pages["light"]  # it is always light
    # no script runs in it, those of axe included: it is looked at outside its frame
    page.set_content(page.request.get(f"{served}/archived/{REPORT}").text())
    found = axe.run(page, options={"runOnly": WCAG})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_keeps_a_reader_out(pages, served, path):
    for name, page in pages.items():
        page.goto(f"{served}{path}")
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    page = pages["narrow"]
    wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1], f"{path} is {wide[0]} pixels wide"
