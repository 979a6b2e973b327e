"""Fixtures that many tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--slow``, which runs what takes long as well."""
    parser.addoption("--slow", action="store_true", help="run slow tests, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out, unless they are asked for or named on the command line."""
    if config.getoption("--slow") or any("::" in argument for argument in config.args):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        items[:] = [item for item in items if item not in slow]
        config.hook.pytest_deselected(items=slow)
        run = {item.nodeid.partition("[")[0] for item in items}
        tests = [(item.nodeid, item.nodeid.partition("[")[0]) for item in slow]
        config.stash[LEFT_OUT] = sorted({one if test in run else test for one, test in tests})


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was left out to the process that prints, where others run the tests."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["left out"] = session.config.stash.get(LEFT_OUT, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a process that ran tests left out."""
    if left_out := getattr(node, "workeroutput", {}).get("left out"):
        node.config.stash[LEFT_OUT] = left_out


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name what was left out because it takes long."""
    left_out = config.stash.get(LEFT_OUT, [])
    if left_out:
        terminalreporter.section("slow tests that did not run; --slow runs them")
        for name in left_out:
            terminalreporter.write_line(name)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder of the shipped study."""
    return ROOT


@pytest.fixture(scope="session")
def real_exports() -> Path:
    """Return the folder of exports written by real programs, or skip."""
    named = os.environ.get("STUDY_REAL_EXPORTS", "")
    if not named or not Path(named).is_dir():
        pytest.skip("real exports are absent: set STUDY_REAL_EXPORTS to their folder")
    return Path(named)


@pytest.fixture(scope="session")
def built_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shipped study, built once; tests only read it."""
    from analysis.build.builder import build
    from tests.support.studies import copy_study

    folder = copy_study(ROOT, tmp_path_factory.mktemp("built") / "study")
    build(folder, engine="pandoc")
    return folder


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test's builds run their notebooks in this process, which is quicker."""
    from tests.support.in_process import without_kernels

    without_kernels(monkeypatch)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a headless Chromium, or skip."""
    from tests.support.browser import chromium

    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: install `chromium`, as .ci/run does")
    with api.sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()
