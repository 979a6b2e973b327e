"""Notebooks read as a story: what they read and make is visible, and nothing is said twice."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request) -> dict:
    return json.loads(Path(request.param).read_text(encoding="utf-8"))


def code_of(notebook: dict) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_what_a_notebook_reads_and_makes_stands_in_its_first_cell(notebook):
    said = "".join(notebook["cells"][0]["source"]).split("\n- ")[1:]
    names = {line.split(":")[0]: set(re.findall(r"`([^`]+)`", line)) for line in said}
    declared = notebook["metadata"]["study"]
    assert names.get("Reads, of `data-raw/`", set()) - {"data-raw/"} == set(
        declared.get("inputs", [])
    )
    assert names.get("Reads, from earlier notebooks", set()) == set(declared["reads"])
    assert names.get("Makes, for later notebooks", set()) == set(declared.get("writes", []))
    made = {f"tbl-{name}" for name in declared.get("tables", [])}
    made |= {f"fig-{name}" for name in declared.get("figures", [])}
    assert names["Makes, for the manuscript"] == made | set(declared.get("reports", []))


def test_each_table_and_figure_has_one_cell_with_its_label_and_caption(notebook):
    declared = notebook["metadata"]["study"]
    labels = [f"tbl-{name}" for name in declared.get("tables", [])]
    labels += [f"fig-{name}" for name in declared.get("figures", [])]
    text = "\n".join(code_of(notebook))
    for label in labels:
        assert len(re.findall(rf"{label}(?![\w-])", text)) == 1, label
        assert re.search(rf'#\| label: {label}\n#\| {label[:3]}-cap: "[^"]+"\n', text)


def test_no_call_repeats_what_the_cell_or_the_study_file_says(notebook):
    for source in code_of(notebook):
        assert not re.search(r"\b(label|caption|synthetic|case_word)=", source), source


def test_imports_stand_where_they_are_used_and_nothing_is_imported_twice(notebook):
    names = [
        name.strip()
        for source in code_of(notebook)
        for line in re.findall(r"^from [\w.]+ import (.+)$", source, flags=re.M)
        for name in line.split(",")
    ]
    assert len(names) == len(set(names))
