"""MAXQDA's code system, variables, matrices and whole-project workbook."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import StudyError
from qdaio.programs.maxqda.code_system import how_counted
from qdaio.registry import read_exports
from tests.qdaio.tables import SEGMENTS, segment_rows
from tests.support.written_tables import write_csv, write_xlsx

CODINGS = [
    {"group": "G1", "document": "D1", "code": "A > A1 > x"},
    {"group": "G1", "document": "D1", "code": "A > A1 > y", "start": 2},
    {"group": "G1", "document": "D2", "code": "A > A2"},
    {"group": "G2", "document": "D3", "code": "B", "start": 4},
    {"group": "G2", "document": "D3", "code": "B", "start": 5},
]
# level, name, own count, summed count
TREE = [
    (1, "A", 0, 3),
    (2, "A1", 0, 2),
    (3, "x", 1, 1),
    (3, "y", 1, 1),
    (2, "A2", 1, 1),
    (1, "B", 2, 2),
]


def system_rows(kind: str = "own", root: str | None = "Code System", header: bool = True):
    rows = [["Code", "", "", "", "Memo", "Frequency"]] if header else []
    shift = 0 if root is None else 1
    if root is not None:
        rows.append([root, None, None, None, None, 5])
    for level, name, own, summed in TREE:
        row: list[object] = [None] * 6
        row[level - 1 + shift] = name
        row[4] = f"about {name}" if name in {"A", "B"} else None
        row[5] = own if kind == "own" else summed
        rows.append(row)
    return rows


def faults_of(*paths):
    with pytest.raises(StudyError) as caught:
        read_exports(paths)
    return caught.value.faults


@pytest.fixture
def segments(tmp_path):
    return write_xlsx(tmp_path / "segments.xlsx", {"S": [SEGMENTS["en"], *segment_rows(CODINGS)]})


@pytest.mark.parametrize("kind", ["own", "aggregate"])
@pytest.mark.parametrize("root", ["Code System", "Codesystem", "Lista kodów"])
@pytest.mark.parametrize("header", [True, False])
def test_a_tree_of_codes_is_read_with_its_counts(tmp_path, segments, kind, root, header):
    system = write_xlsx(tmp_path / "codes.xlsx", {"Codes ": system_rows(kind, root, header)})
    project = read_exports([system])
    assert project.codes["path"].tolist() == [
        ("A",),
        ("A", "A1"),
        ("A", "A1", "x"),
        ("A", "A1", "y"),
        ("A", "A2"),
        ("B",),
    ]
    assert project.codes["reported_n_kind"].unique().tolist() == [kind]
    assert project.codes["description"].tolist()[0] == "about A"
    both = read_exports([segments, system])
    assert both.warnings == ()
    assert len(both.codes) == 6


def test_codes_without_a_root_row_are_known_by_the_headers_of_memo_and_count(tmp_path, segments):
    system = write_xlsx(tmp_path / "codes.xlsx", {"Codes": system_rows("own", None)})
    project = read_exports([segments, system])
    assert project.codes["level"].tolist() == [1, 2, 3, 3, 2, 1]
    assert project.warnings == ()


def test_cells_merged_over_the_codes_below_are_their_parents(tmp_path):
    rows = [["Code", "", "", "Memo", "Frequency"]]
    rows += [["A", "A1", "x", None, 1], [None, None, "y", None, 1], [None, "A2", None, None, 1]]
    rows += [["B", None, None, None, 2]]
    project = read_exports([write_xlsx(tmp_path / "codes.xlsx", {"Codes": rows})])
    assert set(project.codes["path"]) == {
        ("A",),
        ("A", "A1"),
        ("A", "A1", "x"),
        ("A", "A1", "y"),
        ("A", "A2"),
        ("B",),
    }


@pytest.mark.parametrize("order", [[3, 2, 1, 0, 4, 5], [4, 5, 3, 0, 2, 1]])
def test_columns_of_a_code_system_that_were_moved_are_a_fault(tmp_path, order):
    rows = [[row[at] for at in order] for row in system_rows()]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "codes.xlsx", {"Code System": rows})])
    (fault,) = caught.value.faults
    assert (fault.kind, fault.row) == ("inconsistent-export", 2)
    assert "leave the order of its columns" in fault.remedy


def test_counts_that_disagree_with_the_segments_are_told(tmp_path, segments):
    rows = system_rows()
    rows[1][5] = 6
    rows[4][5] = 2
    system = write_xlsx(tmp_path / "codes.xlsx", {"Codes": rows})
    (warning,) = read_exports([segments, system]).warnings
    assert '"A > A1 > x" 2 against 1' in warning


def test_codings_that_are_only_ever_fewer_than_stated_mark_a_part(tmp_path):
    rows = [SEGMENTS["en"], *segment_rows(CODINGS[:2])]
    segments = write_xlsx(tmp_path / "segments.xlsx", {"S": rows})
    system = write_xlsx(tmp_path / "codes.xlsx", {"Codes": system_rows()})
    project = read_exports([segments, system])
    assert project.info.is_partial
    assert "may be a part of the project" in project.warnings[0]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple),
        st.integers(0, 9),
        min_size=1,
    )
)
def test_own_and_summed_counts_are_told_apart_by_arithmetic(own):
    paths = {path[:depth] for path in own for depth in range(1, len(path) + 1)}
    own = {path: own.get(path, 0) for path in paths}
    total = sum(own.values())
    summed = {
        path: sum(count for other, count in own.items() if other[: len(path)] == path)
        for path in paths
    }
    assert how_counted(own, total) == "own"
    assert how_counted(summed, total) == ("own" if summed == own else "aggregate") or (
        sum(summed.values()) == total
    )


def test_a_code_that_is_not_in_the_code_system_is_a_fault_with_the_nearest_one(tmp_path, segments):
    rows = [row for row in system_rows() if "A2" not in row]
    rows[1][5] = 4
    rows[2][1] = "A"
    system = write_xlsx(tmp_path / "codes.xlsx", {"Codes": rows})
    (fault,) = faults_of(segments, system)
    assert (fault.kind, fault.file, fault.row) == ("unknown-code", "segments.xlsx", 4)
    assert '"A > A2"' in fault.found
    assert 'Did you mean "A > A1"' in fault.remedy


def test_names_that_hold_the_separator_are_matched_by_the_code_system(tmp_path):
    rows = [SEGMENTS["en"], *segment_rows([{"document": "D", "code": "A > b > c"}])]
    segments = write_xlsx(tmp_path / "segments.xlsx", {"S": rows})
    tree = [["Code System", None, None, 1], [None, "A", None, 0], [None, None, "b > c", 1]]
    system = write_xlsx(tmp_path / "codes.xlsx", {"Codes": tree})
    project = read_exports([segments, system])
    assert project.codes["path"].tolist() == [("A",), ("A", "b > c")]
    assert project.codings["code_id"].tolist() == [project.codes["code_id"][1]]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_name_that_stands_twice_is_one_code_and_told(tmp_path, segments, kind):
    rows = [*system_rows(), [None, "B", None, None, "more", 0]]
    if kind == "xlsx":
        system = write_xlsx(tmp_path / "codes.xlsx", {"Codes": rows})
    else:
        system = write_csv(tmp_path / "codes.csv", rows, ";")
    project = read_exports([system, segments])
    assert len(project.codes) == 6
    assert len(project.codings) == 5
    (code,) = project.codes[project.codes["path"] == ("B",)].to_dict("records")
    assert (code["reported_n"], code["description"]) == (2, "about B\nmore")
    (warning,) = project.warnings
    assert '"B" (rows 8, 9)' in warning


def test_a_count_that_is_no_number_is_a_fault(tmp_path):
    rows = system_rows()
    rows[4][5] = "many"
    (fault,) = faults_of(write_xlsx(tmp_path / "codes.xlsx", {"Codes": rows}))
    assert (fault.kind, fault.row, fault.column) == ("bad-number", 5, "Frequency")


VARIABLES = [
    ["Document group", "Document name", "Age", "Gender", "Number of children", "Note"],
    ["G1", "D1", 30, "f", -9, "-9"],
    ["G1", "D2", 41, "m", 2, "x"],
    ["G2", "D3", "\u00a0", "f", 0, ""],
]


def test_document_variables_become_attributes_without_missing_values(tmp_path, segments):
    path = write_xlsx(tmp_path / "variables.xlsx", {"Variables": VARIABLES})
    project = read_exports([segments, path])
    table = project.attributes.pivot(index="entity_id", columns="name", values="value")
    assert table.loc["G1 / D2"].to_dict() == {
        "Age": "41",
        "Gender": "m",
        "Number of children": "2",
        "Note": "x",
    }
    # -9 is a missing number, but as the text of a note it is what someone wrote
    assert table["Number of children"].isna()["G1 / D1"]
    assert table.at["G1 / D1", "Note"] == "-9"
    assert table["Age"].isna()["G2 / D3"]
    assert len(project.documents) == 3


def test_variables_without_groups_are_joined_by_the_name_alone(tmp_path, segments):
    rows = [row[1:] for row in VARIABLES]
    rows[0][0] = "Document name"
    project = read_exports([segments, write_csv(tmp_path / "variables.csv", rows)])
    assert len(project.documents) == 3
    assert set(project.attributes["entity_id"]) == {"G1 / D1", "G1 / D2", "G2 / D3"}


def test_a_document_that_stands_twice_is_a_fault(tmp_path):
    path = write_csv(tmp_path / "variables.csv", [*VARIABLES, VARIABLES[1]])
    (fault,) = faults_of(path)
    assert (fault.kind, fault.row) == ("duplicate-document", 5)


MATRIX = [
    ["Code System", "D1", "D2", "D3", "SUM"],
    ["A", 0, 0, 0, 0],
    ["A > A1", 0, 0, 0, 0],
    ["A > A1 > x", 1, 0, 0, 1],
    ["A > A1 > y", 1, 0, 0, 1],
    ["A > A2", 0, 1, 0, 1],
    ["B", 0, 0, 2, 2],
    ["SUM", 2, 1, 2, 5],
]
RELATIONS = [
    ["Codesystem", "x", "y", "A2", "B", "SUMME"],
    ["x", 0, 1, 0, 0, 1],
    ["y", 1, 0, 0, 0, 1],
    ["A2", 0, 0, 0, 0, 0],
    ["B", 0, 0, 0, 0, 0],
    ["SUMME", 1, 1, 0, 0, 2],
]


def test_a_matrix_of_codes_and_documents_agrees_with_the_segments(tmp_path, segments):
    matrix = write_xlsx(tmp_path / "matrix.xlsx", {"Code Matrix Browser": MATRIX})
    project = read_exports([segments, matrix])
    assert len(project.codings) == 5
    assert project.warnings == ()
    totals = project.matrix_cells["is_total"]
    assert totals.sum() == 6
    assert project.matrix_cells.loc[~totals, "n"].sum() == 5


def test_cells_and_sums_that_disagree_are_told(tmp_path, segments):
    rows = [list(row) for row in MATRIX]
    rows[3][1] = 4
    matrix = write_xlsx(tmp_path / "matrix.xlsx", {"Code Matrix Browser": rows})
    warnings = " ".join(read_exports([segments, matrix]).warnings)
    assert '"A > A1 > x" in "G1 / D1" 4 against 1' in warnings
    assert '"D1" 2 against 5' in warnings
    assert '"A > A1 > x" 1 against 4' in warnings


def test_columns_of_a_matrix_can_be_groups(tmp_path, segments):
    rows = [["Code System", "G1", "G2", "SUM"], ["A > A2", 1, 0, 1], ["B", 0, 2, 2]]
    rows += [["SUM", 1, 2, 3]]
    matrix = write_xlsx(tmp_path / "matrix.xlsx", {"Code Matrix Browser": rows})
    project = read_exports([segments, matrix])
    assert len(project.documents) == 3
    assert project.warnings == ()
    assert set(project.matrix_cells["entity"]) == {"group", "total"}


def whole_project(tmp_path, **replaced):
    editor = [["Document name", "Parent code", "Code", "Segment", "Weight score", "Created by"]]
    for coding in CODINGS:
        *parents, leaf = coding["code"].split(" > ")
        text = "some words of an interview"
        editor.append([coding["document"], " > ".join(parents), leaf, text, 0, "ann"])
    sheets = {
        "Data editor ": editor,
        "Coded segments ": [SEGMENTS["en"], *segment_rows(CODINGS)],
        "Code system ": system_rows(),
        "Document variables ": VARIABLES,
        "Code Matrix Browser ": MATRIX,
        "Code Relations Browser ": RELATIONS,
        "Memos ": [["Title", "Text"], ["a", "b"]],
        "Project ": [["Name", "Study"], ["Author", "ann"]],
    } | replaced
    return write_xlsx(tmp_path / "whole.xlsx", {k: v for k, v in sheets.items() if v is not None})


def test_a_workbook_of_a_whole_project_counts_each_coding_once(tmp_path):
    project = read_exports([whole_project(tmp_path)])
    assert project.info.format == "maxqda-project-workbook"
    assert len(project.codings) == 5
    assert project.codings["source_sheet"].unique().tolist() == ["Coded segments"]
    assert len(project.documents) == 3
    assert len(project.codes) == 6
    assert len(project.attributes) > 0
    (warning,) = project.warnings
    assert "Data editor" in warning


def test_a_data_editor_alone_gives_leaf_and_parents(tmp_path):
    project = read_exports([whole_project(tmp_path, **{"Coded segments ": None})])
    assert len(project.codings) == 5
    assert ("A", "A1", "x") in project.codes["path"].tolist()
    assert set(project.documents["group"]) == {"G1", "G2"}


def test_a_list_of_codes_with_memos_can_use_paths(tmp_path):
    rows = [["Code", "Memo"], ["A", "first"], ["A > A1", None], ["B\\B1", "last"]]
    project = read_exports([write_xlsx(tmp_path / "codes.xlsx", {"Codes": rows[:3]})])
    assert project.codes["path"].tolist() == [("A",), ("A", "A1")]
    project = read_exports([write_csv(tmp_path / "codes.csv", [rows[0], rows[3]])])
    assert project.codes["path"].tolist() == [("B",), ("B", "B1")]


def test_code_variables_become_attributes_of_codes(tmp_path):
    rows = [["Code", "Theory", "Order"], ["A", "x", 1], ["A > A1", "y", 2]]
    project = read_exports([write_xlsx(tmp_path / "codes.xlsx", {"Code variables": rows})])
    assert project.attributes[["entity", "entity_id", "name", "value"]].values.tolist() == [
        ["code", "A", "Theory", "x"],
        ["code", "A", "Order", "1"],
        ["code", "A > A1", "Theory", "y"],
        ["code", "A > A1", "Order", "2"],
    ]


def test_a_list_of_codes_beside_their_parents_may_have_memos_and_counts(tmp_path):
    rows = [
        ["Color", "Parent code", "Code", "Cod. seg. (all documents)", "Memo"],
        ["●", None, "Work", 0, "what is paid"],
        ["●", "Work", "Shifts", 3, None],
        ["●", None, "Home", 1, None],
    ]
    project = read_exports([write_xlsx(tmp_path / "codes.xlsx", {"Code System": rows})])
    assert project.codes["path"].tolist() == [("Work",), ("Work", "Shifts"), ("Home",)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_code_system_whose_root_row_was_deleted_gives_no_codings(tmp_path, kind):
    rows = [["Code System", "", "Memo", "Frequency"], ["A", "", "", 1], ["", "a", "", 2]]
    write = write_csv if kind == "csv" else lambda path, rows: write_xlsx(path, {"Codes": rows})
    path = write(tmp_path / f"codes.{kind}", rows)
    project = read_exports([path])
    assert project.info.format == "maxqda-code-system"
    assert project.codes["path"].tolist() == [("A",), ("A", "a")]
    assert len(project.codings) == len(project.documents) == 0


def test_snippets_with_a_parent_code_beside_them_are_no_list_of_codes(tmp_path):
    rows = [["Snippet", "Code", "Transcript", "Parent Code"], ["I trust.", "trust", "Ann", "Care"]]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "s.xlsx", {"Sheet1": rows})])
    (fault,) = caught.value.faults
    assert fault.kind == "unknown-format"
    assert 'quotation = "Snippet"' in fault.remedy


def test_of_a_matrix_of_quotations_no_quotation_is_told(tmp_path):
    rows = [[None, "female", "male"], ["trust", "I trust her.", "No."], ["cost", "Who?", "Me."]]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "q.xlsx", {"Sheet1": rows})])
    assert '"female", "male"' in caught.value.faults[0].found
    assert "her" not in str(caught.value.faults[0])


def test_a_matrix_without_a_root_says_what_its_rows_and_columns_are_taken_for(tmp_path):
    rows = [[None, "Ann", "Ben", "SUM"], ["Time", 2, 1, 3], ["SUM", 2, 1, 3]]
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", {"Sheet1": rows})])
    assert any("rows are taken for codes" in said for said in project.warnings)
