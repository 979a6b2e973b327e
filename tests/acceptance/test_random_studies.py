"""Of studies drawn at random, those that check finds clean build in all formats, and read well.

``STUDY_RANDOM`` says how many are drawn; 200 take a night.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbformat.v4 import new_output
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from analysis.build import kernels
from analysis.build.builder import build
from analysis.build.kernels import clean
from analysis.build.manifest import out_of_step
from analysis.checking import check_study
from qdaio.faults import StudyError
from tests.support.plaintext import pages, paragraphs, tables
from tests.support.random_studies import draw_study

pytestmark = [pytest.mark.build, pytest.mark.slow]
MANY = int(os.environ.get("STUDY_RANDOM", "10"))
SPOILED = ("variable", "citation", "embed", "group", "levels", "parameter", "prose")
NEVER = (
    re.compile(r"\bNone\b"),
    re.compile(r"\bnan\b", re.IGNORECASE),
    re.compile(r"\?var"),
    re.compile(r"\blevel \d+s\b"),
    re.compile(r"(?<![\w.,–-])1 (?:codings|participants|documents|codes|interviews|people)\b"),
    re.compile(r"(?<![\w,.)\]–-])[−-]\d+(?![\d-]*\w)"),
    re.compile(r"\{[a-z_]+\}|\{\{<"),
)


def said_wrongly(texts: list[str]) -> list[str]:
    """Return what no text may say, with some of what stands around it."""
    return [
        text[max(0, found.start() - 50) : found.end() + 30]
        for text in texts
        for pattern in NEVER
        if (found := pattern.search(text))
    ]


ONE_AT_A_TIME = threading.Lock()


class NoKernels:
    """Stands in for the kernels of a build, whose start takes most of a small build's time."""

    def __init__(self, folder: Path, ahead: int, total: int) -> None:
        pass

    @contextmanager
    def kernel(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        """There is nothing to end."""


def run_here(
    path: Path, parameters: dict[str, Any], manager: None, *, cwd: Path, **_: object
) -> nbformat.NotebookNode:
    """Run a notebook in this process; that a kernel of its own runs each is tested elsewhere."""
    notebook = parameterize_notebook(load_notebook_node(str(path)), parameters)
    with ONE_AT_A_TIME:
        shell = InteractiveShell.instance()
        shell.reset()
        before = Path.cwd()
        try:
            os.chdir(cwd)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    with capture_output() as said:
                        done = shell.run_cell(cell.source)
                    done.raise_error()
                    cell.outputs = [
                        new_output("display_data", data=shown.data, metadata=shown.metadata or {})
                        for shown in said.outputs
                    ]
        finally:
            os.chdir(before)
            plt.close("all")
    return clean(notebook)


@pytest.fixture(autouse=True)
def _without_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "Kernels", NoKernels)
    monkeypatch.setattr(kernels, "execute", run_here)
    monkeypatch.setattr(kernels, "export_html", lambda executed, html, title: html.touch())


@pytest.mark.parametrize("seed", range(MANY))
def test_a_study_that_check_finds_clean_builds_and_reads_well(repository, tmp_path: Path, seed):
    folder = tmp_path / "study"
    drawn = draw_study(repository, folder, seed)
    try:
        check_study(folder)
    except StudyError as error:
        pytest.fail(f"{drawn}: refused by check:\n{error}")
    build(folder, engine="pandoc")
    output = folder / "report/output"
    for kind in ("html", "docx", "xml"):
        made = output / f"manuscript.{kind}"
        cells = [cell for found in tables(made) for cell in found]
        assert said_wrongly([*paragraphs(made), *map(str, cells)]) == [], (kind, drawn)
    assert said_wrongly(pages(output / "manuscript.pdf")) == [], ("pdf", drawn)
    assert out_of_step(folder) == []


@pytest.mark.parametrize("seed", range(max(1, MANY // 2)))
def test_what_build_refuses_check_refuses_with_the_same_faults(repository, tmp_path: Path, seed):
    folder = tmp_path / "study"
    spoiled = SPOILED[seed % len(SPOILED)]
    drawn = draw_study(repository, folder, 1000 + seed, spoiled)
    told: list[list[str]] = []
    for command in (check_study, lambda folder: build(folder, engine="pandoc")):
        with pytest.raises(StudyError) as caught:
            command(folder)
        told.append(sorted(map(str, caught.value.faults)))
    assert told[0] == told[1], drawn
    assert len(told[0]) == 1, (drawn, told[0])
