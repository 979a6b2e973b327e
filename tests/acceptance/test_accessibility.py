"""Every page that a build makes can be used by everybody, on a phone as at a desk."""

from __future__ import annotations

import pytest

from tests.support.browser import DESK, PHONE, opened, violations

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("built")]
PAGES = (
    "manuscript.html",
    "audit.html",
    "supplement.html",
    "trace.html",
    "notebooks/participants.html",
    "notebooks/frequencies.html",
)


# a narrow page is where most goes wrong; of the wide ones the page that most people open
LOOKED_AT = [pytest.param(name, PHONE, id=f"{name}-phone") for name in PAGES]
LOOKED_AT += [
    pytest.param(name, DESK, id=f"{name}-desk", marks=() if name == PAGES[0] else pytest.mark.slow)
    for name in PAGES
]


@pytest.mark.parametrize(("name", "size"), LOOKED_AT)
def test_axe_finds_nothing_and_nothing_is_fetched(built_study, browser, name, size):
    with opened(browser, built_study / "report/output" / name, size) as watched:
        watched.page.wait_for_timeout(250)
        assert violations(watched.page) == []
        assert watched.page.evaluate("document.documentElement.scrollWidth") == size[0]
        assert watched.left() == []
        assert watched.complaints == []


def test_the_page_to_explore_shows_the_figures_with_their_meaning(built_study, browser):
    made = sorted((built_study / "report/output/figures").glob("*.svg"))
    with opened(browser, built_study / "report/output/supplement.html") as watched:
        shown = watched.page.locator("#figures img")
        assert shown.count() == len(made)
        for at in range(len(made)):
            assert len(shown.nth(at).get_attribute("alt")) > 40
            assert shown.nth(at).evaluate("one => one.naturalWidth") > 0
