"""Notebooks declare what they read and make, and are stored for reading."""

from __future__ import annotations

import ast
import json

import pytest

from analysis.pipeline.notebook import read_notebook, study_notebooks
from analysis.settings import load_study, parse_study
from qdaio.faults import StudyError
from tests.support.clean_notebooks import is_clean

NAMES = [
    "01-preparation",
    "02-participants",
    "03-frequencies",
    "04-hierarchy",
    "05-audit",
    "06-reporting",
]


@pytest.fixture(params=NAMES)
def notebook(request, repository):
    return repository / "notebooks" / f"{request.param}.ipynb"


def test_notebooks_are_stored_without_outputs(notebook):
    assert is_clean(notebook)


def test_notebooks_begin_with_prose_and_say_what_each_parameter_is(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    (parameters,) = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    assert all("#" in line for line in parameters["source"])


def test_notebooks_hold_no_logic_of_their_own(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try)
            assert not any(isinstance(node, kinds) for node in ast.walk(tree))


def test_the_name_is_without_the_number_in_front(repository):
    spec = read_notebook(repository / "notebooks" / "03-frequencies.ipynb")
    assert spec.name == "frequencies"
    assert "group_by" in spec.parameters


def test_what_a_study_does_not_have_is_left_out_and_said(repository):
    study = parse_study(
        '[study]\ntitle = "t"\nauthors = [{name = "a"}]\n'
        '[data]\nstatus = "original"\nexports = ["x"]\n'
    )
    specs, left_out = study_notebooks(repository, study)
    assert [spec.name for spec in specs] == ["preparation", "frequencies", "hierarchy", "reporting"]
    assert any("participants is left out" in line for line in left_out)
    assert "guide" not in {name for spec in specs for name in spec.tables}
    full, nothing = study_notebooks(repository, load_study(repository))
    assert len(full) == len(NAMES)
    assert nothing == []


def test_a_notebook_that_is_none_is_named(tmp_path):
    (tmp_path / "a.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_notebook(tmp_path / "a.ipynb")
    assert caught.value.faults[0].file == "notebooks/a.ipynb"
