"""Pages in a real browser: what they fetch, what they report, and who cannot use them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PHONE, DESK = (390, 844), (1280, 900)
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return where a Chromium is, as Debian or its maker installs it."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Watched:
    """A page, with what it complained of and what it asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda told: self._console(told))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def _console(self, told: Any) -> None:
        if told.type in ("error", "warning"):
            self.complaints.append(told.text)

    def left(self) -> list[str]:
        """Return what was asked of anyone but the files beside the page."""
        return [url for url in self.asked if not url.startswith(("file:", "data:", "blob:"))]


@contextmanager
def opened(
    browser: Any, path: Path, size: tuple[int, int] = DESK, scheme: str = "light", part: str = ""
) -> Iterator[Watched]:
    """Open a file as a person would who was sent it."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    try:
        watched = Watched(context.new_page())
        watched.page.goto(path.resolve().as_uri() + part)
        watched.page.wait_for_load_state("load")
        yield watched
    finally:
        context.close()


@cache
def _axe() -> str:
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """Return what axe-core finds, a line each with the first place; best none.

    It is run by the debugger, as the page's own rules let no foreign script in.
    """
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": _axe()})
    told = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run(document, {resultTypes: ['violations']}).then((done) => "
            "JSON.stringify(done.violations.map(({id, nodes}) => "
            "[id, nodes.length, nodes[0].html.slice(0, 200)])))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    found = json.loads(told["result"]["value"])
    return [f"{rule}, {many} times: {place}" for rule, many, place in found]
