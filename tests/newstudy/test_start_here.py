"""The page from which a student learns runs from top to bottom in a study that was built."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from analysis.cli.studies import lab_command
from analysis.newstudy import begin_study
from analysis.newstudy.skeleton import OWN


@pytest.mark.slow
def test_start_here_runs_and_builds_the_study(tmp_path):
    export = tmp_path / "codings.csv"
    export.write_text("document,code\nInterview 1,A > B\nInterview 2,A\n", encoding="utf-8")
    folder = begin_study(tmp_path / "study", [export]).folder
    from analysis.build.builder import build

    build(folder, engine="pandoc", formats=["html"])
    page = nbformat.read(folder / "start-here.ipynb", as_version=4)
    NotebookClient(page, resources={"metadata": {"path": str(folder)}}, timeout=300).execute()
    assert "manuscript" in str(page.cells[-2].outputs)
    assert (folder / "report" / "output" / "manuscript.docx").is_file()


def test_lab_opens_it_and_hands_options_on(tmp_path):
    (tmp_path / "start-here.ipynb").write_bytes((OWN / "start-here.ipynb").read_bytes())
    command = lab_command(tmp_path, ("--no-browser", "--port=9999"))
    assert command[-2:] == ["--no-browser", "--port=9999"]
    assert "--LabApp.default_url=/lab/tree/start-here.ipynb" in command
    (tmp_path / "start-here.ipynb").unlink()
    assert "--LabApp.default_url=/lab/tree/notebooks" in lab_command(tmp_path, ())
