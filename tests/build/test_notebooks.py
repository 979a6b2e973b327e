"""Notebooks declare what they read and make, and are stored for reading."""

from __future__ import annotations

import ast
import json

import pytest

from analysis.build.notebooks import (
    all_notebooks,
    check_notebooks,
    read_notebook,
    study_notebooks,
)
from analysis.studyfile import load_study, parse_study
from qdaio.faults import FaultList, StudyError
from tests.support.clean_notebooks import is_clean

NAMES = [
    "01-preparation",
    "02-participants",
    "03-frequencies",
    "04-hierarchy",
    "05-audit",
    "06-reporting",
    "07-agreement",
    "08-saturation",
    "09-crosstabs",
    "10-cooccurrence",
    "11-coverage",
    "12-sampling",
    "13-codebook",
    "14-trustworthiness",
    "15-changes",
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
    known = all_notebooks(repository, FaultList())
    specs, left_out = study_notebooks(known, study)
    assert [spec.name for spec in specs] == [
        "preparation",
        "frequencies",
        "hierarchy",
        "reporting",
        "saturation",
        "crosstabs",
        "cooccurrence",
        "codebook",
        "trustworthiness",
    ]
    assert any("participants is left out" in line for line in left_out)
    assert "guide" not in {name for spec in specs for name in spec.tables}
    full, nothing = study_notebooks(known, load_study(repository))
    assert len(full) == len(NAMES) - 1
    assert nothing == ["changes is left out: the study file gives no earlier exports."]


@pytest.mark.parametrize("text", ["{", "[]", '{"metadata": [], "cells": []}', '{"cells": 1}', "é"])
def test_a_notebook_that_is_none_is_named(tmp_path, text):
    (tmp_path / "a.ipynb").write_text(text, encoding="latin-1")
    with pytest.raises(StudyError) as caught:
        read_notebook(tmp_path / "a.ipynb")
    assert caught.value.faults[0].file == "notebooks/a.ipynb"


def declared(folder, name, source="x = 1", **study):
    """Write a notebook with one cell and what it declares."""
    (folder / "notebooks").mkdir(exist_ok=True)
    cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["parameters"]}}
    text = json.dumps({"metadata": {"study": study}, "cells": [cell]})
    (folder / "notebooks" / name).write_text(text, encoding="utf-8")


def found_in(folder):
    faults = FaultList()
    check_notebooks(all_notebooks(folder, faults), faults)
    return [(fault.kind, fault.found) for fault in faults]


def test_the_shipped_declarations_hold_together(repository):
    assert found_in(repository) == []


def test_a_study_without_notebooks_is_told_so(tmp_path):
    assert [kind for kind, _ in found_in(tmp_path)] == ["missing-notebooks"]


def test_declarations_that_cannot_hold_together_are_all_told(tmp_path):
    declared(tmp_path, "01-one.ipynb", writes=["codes"], reads=["people"])
    declared(tmp_path, "02-two.ipynb", writes=["people"], reads=["codes"], tables=["t"])
    declared(tmp_path, "03-three.ipynb", reads=["code"], tables=["t"], inputs=["export"])
    declared(tmp_path, "04-three.ipynb")
    kinds = [kind for kind, _ in found_in(tmp_path)]
    assert sorted(kinds) == [
        "circle", "made-twice", "repeated-name", "unknown-name", "unknown-name",
    ]  # fmt: skip


def test_an_unknown_key_has_the_nearest_one_in_its_remedy(tmp_path):
    declared(tmp_path, "01-one.ipynb", write=["codes"], reads="codes")
    faults = FaultList()
    all_notebooks(tmp_path, faults)
    assert [fault.kind for fault in faults] == ["unknown-key", "bad-value"]
    assert 'Did you mean "writes"' in next(iter(faults)).remedy
