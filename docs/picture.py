"""Take the picture of the page to explore that README shows: ``python docs/picture.py``.

It needs a study that was built, Playwright and a Chromium; the same page gives the same picture
on one machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browser import chromium, opened  # noqa: E402

SIZE = (1180, 760)


def take(page: Path, picture: Path) -> None:
    """Show the page with a category chosen, and write what a reader sees of it as PNG."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        with opened(browser, page, SIZE, part="#code-2") as watched:
            watched.page.wait_for_timeout(500)
            watched.page.evaluate("window.scrollTo(0, 0)")
            watched.page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    take(ROOT / "report/output/supplement.html", ROOT / "docs/images/explore.png")
