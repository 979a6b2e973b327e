"""One rendering of the example for all tests that only look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.manuscript import RenderResult, render
from tests.manuscript.example import write_report


@dataclass(frozen=True)
class Rendered:
    report: Path
    result: RenderResult

    @property
    def html(self) -> Path:
        return self.result.files["html"]

    @property
    def docx(self) -> Path:
        return self.result.files["docx"]

    @property
    def pdf(self) -> Path:
        return self.result.files["pdf"]

    @property
    def jats(self) -> Path:
        return self.result.files["jats"]


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Return the example study's manuscript in all formats."""
    report = write_report(tmp_path_factory.mktemp("study"))
    return Rendered(report, render(report, report / "output", engine="pandoc"))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Return the example study's report, to be changed."""
    return write_report(tmp_path)
