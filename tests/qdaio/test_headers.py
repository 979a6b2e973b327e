"""A table is found by its headers, wherever it stands."""

from __future__ import annotations

import pytest

from qdaio.files.cells import Sheet
from qdaio.headers import find_table
from qdaio.labels import plain

REQUIRED = {"document": ["Document name"], "code": ["Code", "Kod"]}
OPTIONAL = {"start": ["Beginning"]}


def sheet(rows, lengths=None):
    columns = [list(column) for column in zip(*rows, strict=True)]
    return Sheet(name="S", file="a.xlsx", columns=columns, lengths=lengths)


@pytest.mark.parametrize(
    "label", ["Document name", "document_name", " DOCUMENT\u00a0NAME: ", "Ｄｏｃｕｍｅｎｔ name"]
)
def test_spelling_of_a_header_does_not_count(label):
    assert plain(label) == "document name"


def test_letters_that_carry_meaning_count():
    assert plain("Größe") != plain("Grosse")
    assert plain("कोड") == "कोड"
    assert plain("Code 1") != plain("Code 2")


def test_the_header_is_found_below_titles_and_columns_by_name():
    rows = [
        ["My export", None, None, None],
        [None, None, None, None],
        ["Kod", "Beginning", "Note", "Document name"],
        ["A", 3, "x", "D1"],
        [None, None, None, None],
        ["B", 4, None, "D2"],
    ]
    table = find_table(sheet(rows), REQUIRED, OPTIONAL)
    assert table.header_row == 3
    assert table.columns == {"code": ["A", "B"], "start": [3, 4], "document": ["D1", "D2"]}
    assert table.unknown == {"Note": ["x", None]}
    assert list(table.row_numbers) == [4, 6]
    assert table.headers["code"] == "Kod"


def test_a_row_that_names_more_columns_is_the_header():
    rows = [["Code", "Document name", None], ["Code", "Document name", "Beginning"], ["A", "D", 1]]
    assert find_table(sheet(rows), REQUIRED, OPTIONAL).header_row == 2


def test_without_a_required_column_there_is_a_table_only_in_part():
    rows = [["Document name", "Beginning"], ["D", 1]]
    assert find_table(sheet(rows), REQUIRED, OPTIONAL) is None
    assert find_table(sheet(rows), REQUIRED, OPTIONAL, partial=True).missing == ("code",)


def test_a_second_column_of_the_same_content_does_no_harm():
    rows = [["Code", "Document name", "Kod"], ["A", "D", "A"]]
    assert find_table(sheet(rows), REQUIRED).faults == ()
    rows = [["Code", "Document name", "Kod"], ["A", "D", "B"]]
    (fault,) = find_table(sheet(rows), REQUIRED).faults
    assert (fault.kind, fault.column) == ("duplicate-column", "Kod")


def test_unknown_columns_of_one_header_stay_apart():
    rows = [["Code", "Document name", "Note", "Note"], ["A", "D", 1, 2]]
    assert find_table(sheet(rows), REQUIRED).unknown == {"Note": [1], "Note (2)": [2]}


def test_rows_with_too_many_cells_are_named_up_to_a_limit():
    rows = [["Code", "Document name", None]] + [["A", "D", "x"]] * 30
    table = find_table(sheet(rows, lengths=[2] + [3] * 30), REQUIRED)
    assert [fault.row for fault in table.faults][:2] == [2, 3]
    assert "18 more rows" in table.faults[-1].found


HEADER = ["Document", "Code", "Text"]
KINDS = {"document": ["Document"], "code": ["Code"], "text": ["Text"]}


@pytest.mark.parametrize(
    "again", [HEADER, ["Code", "Document", "Text"], ["Code", "Document", None]]
)
def test_headers_that_stand_again_are_a_fault(again):
    rows = [HEADER, ["d1", "x", "one"], again, ["d2", "y", "two"]]
    table = find_table(sheet(rows), KINDS)
    assert [(fault.kind, fault.row) for fault in table.faults] == [("repeated-header", 3)]


def test_a_document_called_document_is_no_header():
    table = find_table(sheet([HEADER, ["Document", "x", "one"], ["d", "Code", "Text"]]), KINDS)
    assert table.faults == ()


def test_a_table_above_the_header_is_a_fault_and_titles_are_none():
    above = [["Dok", "Kod", "Segm"], ["d1", "x", "one"]]
    table = find_table(sheet([*above, HEADER, ["d2", "y", "two"]]), KINDS)
    assert [(fault.kind, fault.row) for fault in table.faults] == [("data-above-header", 1)]
    titles = [["Project", "P", None], ["a", "band", "of titles"], ["Date", None, None]]
    assert find_table(sheet([*titles, HEADER, ["d2", "y", "two"]]), KINDS).faults == ()
