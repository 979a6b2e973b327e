"""The study's folder in a notebook: a table takes its label and caption from its cell."""

from __future__ import annotations

import linecache

import pandas as pd
import pytest

from analysis.studyfile import parse_study
from analysis.tables import Column, Table
from analysis.workspace import Workspace
from qdaio.faults import StudyError

STUDY = """
[study]
title = "A study"
authors = [{ name = "A. Author" }]
[data]
status = "synthetic"
exports = ["data-raw/segments.csv"]
[participants]
group = "Ward"
group_label = "Ward"
[[participants.variables]]
name = "Sex at birth"
label = "Sex"
"""


def people(body: pd.DataFrame, *, label: str, caption: str, synthetic: bool) -> Table:
    return Table(
        body=body,
        columns=(Column("n", "n"),),
        label=label,
        caption=caption,
        synthetic=synthetic,
    )


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(tmp_path, parse_study(STUDY))
    rows = [("1", "group", "A", 1), ("2", "group", "B", 2), ("1", "Sex at birth", "F", 1)]
    workspace.write(
        "groupings", pd.DataFrame(rows, columns=["case_id", "variable", "level", "position"])
    )
    workspace.write("documents", pd.DataFrame({"case_id": ["1", "2", "3"]}))
    return workspace


def run_cell(source: str, **names: object) -> None:
    """Run code as a kernel does: its source can be looked up by its file name."""
    name = f"<cell {hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), {"people": people, **names})


def test_a_table_gets_label_and_caption_of_its_cell_and_the_notice_of_its_study(workspace):
    source = '#| label: tbl-people\n#| tbl-cap: "People{by}"\nworkspace.show(people, body)\n'
    run_cell(source, workspace=workspace, body=pd.DataFrame({"n": ["3"]}), by=workspace.by())
    page = (workspace.output / "tables" / "people.html").read_text(encoding="utf-8")
    assert "People by ward" in page
    assert "Synthetic data" in page


@pytest.mark.parametrize(
    "head",
    ["", "#| label: tbl-people\n", '#| label: tbl-people\n#| tbl-cap: "People{nobody}"\n'],
    ids=["no label", "no caption", "an unknown name"],
)
def test_a_cell_without_label_and_caption_is_told_what_it_lacks(workspace, head):
    with pytest.raises(StudyError) as caught:
        run_cell(
            f"{head}workspace.show(people, body)\n",
            workspace=workspace,
            body=pd.DataFrame({"n": ["3"]}),
        )
    assert caught.value.faults[0].kind == "cell-without-label"


def test_captions_name_the_grouping_and_nothing_where_there_is_none(workspace):
    assert workspace.by() == " by ward"
    assert workspace.by("Sex at birth") == " by sex"
    workspace.write("groupings", workspace.read("groupings").iloc[:0])
    assert workspace.by() == ""
    assert workspace.groups() is None


def test_a_table_is_read_again_where_its_file_changed_and_changes_stay_in_copies(workspace):
    first = workspace.read("groupings")
    first["level"] = "C"
    assert "C" not in set(workspace.read("groupings")["level"])
    Workspace(workspace.folder, workspace.study).write("groupings", first)
    assert set(workspace.read("groupings")["level"]) == {"C"}


def test_a_grouping_that_does_not_exist_is_named_with_those_that_do(workspace):
    with pytest.raises(StudyError) as caught:
        workspace.groups("Sex")
    assert "Sex at birth" in str(caught.value.faults[0].expected)


def test_a_case_of_whom_the_group_is_not_known_is_in_a_group_of_its_own(workspace):
    groups = workspace.groups()
    assert groups.to_dict() == {"1": "A", "2": "B", "3": "Not reported"}
    assert list(groups.cat.categories) == ["A", "B", "Not reported"]


def test_numbers_of_an_own_notebook_are_among_all_and_a_name_given_twice_is_told(workspace):
    workspace.write_metrics("participants", {"participants.total": 3})
    workspace.write_metrics("mine", {"own.total": 1})
    assert workspace.read_metrics() == {"participants.total": 3, "own.total": 1}
    assert workspace.read_metrics(["participants", "absent"]) == {"participants.total": 3}
    workspace.write_metrics("mine", {"participants.total": 4})
    with pytest.raises(StudyError) as caught:
        workspace.read_metrics()
    assert "mine and participants" in str(caught.value.faults[0].found)
