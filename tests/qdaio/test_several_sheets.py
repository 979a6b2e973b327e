"""A workbook with several sheets of one kind: all are read, or those that are not are told."""

from __future__ import annotations

import pytest

from qdaio import Columns, ReadOptions
from qdaio.programs.spreadsheet.proposal import propose
from qdaio.registry import read_exports
from tests.support.written_tables import write_xlsx

TAGS = ["id", "document", "tag", "content"]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        (TAGS, [1, "Ann", "trust", "Yes."], [2, "Ben", "cost", "No."]),
        (["document", "code"], ["Ann", "trust"], ["Ben", "cost"]),
    ],
)
def test_lists_of_codings_on_several_sheets_are_read_together(tmp_path, header, first, second):
    sheets = {"Wave 1": [header, first], "Notes": [["Read me"]], "Wave 2": [header, second]}
    project = read_exports([write_xlsx(tmp_path / "t.xlsx", sheets)])
    assert list(project.documents["name"]) == ["Ann", "Ben"]
    assert list(project.codings["source_sheet"].astype("str")) == ["Wave 1", "Wave 2"]
    assert any('2 sheets have the same columns ("Wave 1", "Wave 2")' in w for w in project.warnings)


def test_a_filtered_copy_of_a_sheet_counts_nothing_twice(tmp_path):
    rows = [[1, "Ann", "trust", "Yes."], [2, "Ben", "cost", "No."]]
    path = write_xlsx(tmp_path / "t.xlsx", {"All": [TAGS, *rows], "Trust": [TAGS, rows[0]]})
    project = read_exports([path])
    assert len(project.codings) == 2
    (aside,) = project.set_aside
    assert (aside.sheet, aside.row, aside.why) == (
        "Trust",
        2,
        "another sheet holds the same coding",
    )


def test_a_sheet_for_each_participant_is_proposed_and_read_as_a_document_each(tmp_path):
    sheets = {
        name: [["Data chunk", "Code"], [f"I am {name}.", "trust"], ["And more.", "cost"]]
        for name in ("Participant 1", "Participant 2")
    }
    path = write_xlsx(tmp_path / "p.xlsx", sheets)
    found = propose(path)
    assert found.columns.sheet is None
    assert "2 sheets have these columns, each is one document" in found.reasons
    columns = Columns(quotation="Data chunk", codes=("Code",))
    project = read_exports([path], options=ReadOptions(columns=columns))
    assert list(project.documents["name"]) == ["Participant 1", "Participant 2"]
    assert len(project.codings) == 4


def test_a_second_matrix_or_codebook_in_a_workbook_is_told(tmp_path):
    matrix = [[None, "A : Ann"], ["1 : trust", 2]]
    path = write_xlsx(tmp_path / "m.xlsx", {"One": matrix, "Two": matrix})
    project = read_exports([path])
    assert len(project.codings) == 2
    assert [(item.what, item.sheet) for item in project.set_aside] == [("sheet", "Two")]
    book = [["tag", "description", "number of highlights"], ["trust", "x", 1]]
    project = read_exports([write_xlsx(tmp_path / "b.xlsx", {"One": book, "Two": book})])
    assert [(item.what, item.sheet) for item in project.set_aside] == [("sheet", "Two")]


def test_codings_and_codes_of_the_tidy_form_can_be_sheets_of_one_workbook(tmp_path):
    codes = [["code", "description"], ["trust", "To rely"], ["cost", "To pay"]]
    sheets = {"codings": [["document", "code"], ["Ann", "trust"]], "codes": codes}
    project = read_exports([write_xlsx(tmp_path / "t.xlsx", sheets)])
    assert list(project.codes["name"]) == ["trust", "cost"]
    assert list(project.codes["description"]) == ["To rely", "To pay"]
    assert len(project.codings) == 1
