"""Pages of whole studies, made without running a notebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.explore import write_explore_page
from analysis.preparation import hand_over, prepare
from analysis.studyfile import load_study, parse_study
from analysis.workspace import Workspace

FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" role="img">'
    "<title>Counts &amp; shares</title><desc>Two bars, &quot;a&quot; and b.</desc>"
    '<rect width="40" height="9"/><rect y="11" width="20" height="9"/></svg>'
)


def write_page(folder: Path, inputs: Path, text: str | None = None) -> Workspace:
    """Prepare a study and write its page, with one drawing."""
    study = parse_study(text) if text else load_study(inputs)
    workspace = Workspace(folder, study)
    hand_over(prepare(inputs, study), workspace)
    drawing = folder / "counts.svg"
    drawing.write_text(FIGURE, encoding="utf-8")
    write_explore_page(workspace, [drawing])
    return workspace


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Workspace:
    """Return the shipped study with its page."""
    return write_page(tmp_path_factory.mktemp("shipped"), repository)


PLAIN = """
[study]
title = "عنوان پژوهش"
authors = [{ name = "A. Name" }]
language = "TAG"
[data]
status = "original"
exports = ["codings.csv"]
[quotations]
minimum_weight = 0
"""


@pytest.fixture
def typed(tmp_path: Path) -> Callable[..., Workspace]:
    """Return what makes the page of a study from rows of document, code, text."""

    def make(rows: list[tuple[str, str, str]], more: str = "", language: str = "en") -> Workspace:
        lines = ["document,code,text"]
        lines += [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
        (tmp_path / "codings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return write_page(tmp_path / "made", tmp_path, PLAIN.replace("TAG", language) + more)

    return make
