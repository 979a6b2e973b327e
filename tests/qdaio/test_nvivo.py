"""Matrices, codebooks and classification sheets of NVivo load, alone and together."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import Fault, StudyError
from qdaio.model import CodedProject
from qdaio.registry import read_exports
from tests.support.written_tables import write_csv, write_xlsx


def matrix(codes: list[str], cases: dict[str, list[object]]) -> list[list[object]]:
    letters = "ABCDEFG"
    header = [None, *(f"{letters[place]} : {case}" for place, case in enumerate(cases))]
    rows = zip(codes, *cases.values(), strict=True)
    return [header, *([f"{n} : {code}", *cells] for n, (code, *cells) in enumerate(rows, 1))]


def applied(project: CodedProject) -> Counter[tuple[str, str]]:
    rows = project.codings.merge(project.segments, on="segment_id")
    return Counter(
        zip(rows["document_id"].astype("str"), rows["code_id"].astype("str"), strict=True)
    )


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["Time", "Care: home", "A > b"]), st.integers(0, 3)),
        min_size=1,
        max_size=4,
    ).filter(lambda files: all(files))
)
def test_one_matrix_a_case_adds_up_to_one_project(
    tmp_path_factory: pytest.TempPathFactory, files: list[dict[str, int]]
) -> None:
    tmp_path = tmp_path_factory.mktemp("nvivo")
    paths = []
    for number, counts in enumerate(files):
        table = matrix(list(counts), {f"Case {number}": list(counts.values())})
        paths.append(write_xlsx(tmp_path / f"m{number}.xlsx", table))
    names = [path.name for path in paths]
    project = read_exports(paths, names=names)
    project.check()
    wanted = {
        (f"Case {number}", code.replace(" > ", " \\> ")): n
        for number, counts in enumerate(files)
        for code, n in counts.items()
        if n
    }
    assert applied(project) == wanted
    assert len(project.documents) == len(project.cases) == len(files)


def test_a_matrix_of_all_cases_gives_the_same_as_one_a_case(tmp_path: Path) -> None:
    codes = ["Time", "Care"]
    cases: dict[str, list[object]] = {"Ann": [2, 0], "Ben": ["1", None]}
    whole = read_exports([write_csv(tmp_path / "all.csv", matrix(codes, cases))])
    single = read_exports(
        [write_xlsx(tmp_path / f"{c}.xlsx", matrix(codes, {c: n})) for c, n in cases.items()]
    )
    assert applied(whole) == applied(single) == {("Ann", "Time"): 2, ("Ben", "Time"): 1}


def test_the_numbers_of_rows_order_codes_that_some_files_leave_out(tmp_path: Path) -> None:
    first = [[None, "A : Ann"], ["3 : Time", 1], ["1 : Care", 1]]
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", first)])
    assert dict(zip(project.codes["name"], project.codes["position"], strict=True)) == {
        "Care": 1,
        "Time": 2,
    }


def test_groups_by_attribute_are_kept_but_give_no_codings(tmp_path: Path) -> None:
    table = matrix(["Time"], {"Sex = Female": [2], "Sex = Male": [1]})
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", table)])
    assert project.codings.empty
    assert list(project.matrix_cells["entity"]) == ["group", "group"]
    assert any("needs the matrix by case" in said for said in project.warnings)


def test_cases_in_rows_are_read_alike_where_their_names_tell(tmp_path: Path) -> None:
    table = matrix(["Files\\\\Ann", "Files\\\\Ben"], {"Nodes\\\\Care\\Home": [2, 1]})
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", table)])
    assert applied(project) == {("Ann", "Care > Home"): 2, ("Ben", "Care > Home"): 1}
    assert project.cases.empty


def test_a_code_that_counts_those_under_it_is_a_sum(tmp_path: Path) -> None:
    codes = ["Nodes\\\\Care", "Nodes\\\\Care\\Home", "Nodes\\\\Care\\Work"]
    table = matrix(codes, {"Ann": [3, 2, 1]})
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", table)])
    assert applied(project) == {("Ann", "Care > Home"): 2, ("Ann", "Care > Work"): 1}


def test_percentages_are_a_fault_with_row_and_column(tmp_path: Path) -> None:
    table = matrix(["Time", "Care"], {"Ann": [1, "33.3 %"]})
    with pytest.raises(StudyError, match="coding references") as caught:
        read_exports([write_xlsx(tmp_path / "m.xlsx", table)])
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "Ann")]


@pytest.mark.parametrize("cell", ["-", "n/a", "?", "1*", "2 (3)", "–"])
@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_a_cell_that_is_no_number_is_a_fault_and_no_other_format(
    tmp_path: Path, cell: str, write: Callable[[Path, list[list[object]]], Path]
) -> None:
    suffix = "xlsx" if write is write_xlsx else "csv"
    table = matrix(["Time", "Care", "Cost"], {"Ann": [1, cell, 2]})
    with pytest.raises(StudyError) as caught:
        read_exports([write(tmp_path / f"m.{suffix}", table)])
    assert [(fault.kind, fault.row, fault.column) for fault in caught.value.faults] == [
        ("bad-number", 3, "Ann")
    ]


def test_a_row_without_a_label_is_set_aside_with_its_count(tmp_path: Path) -> None:
    table = [*matrix([f"code {n}" for n in range(5)], {"Ann": [1] * 5}), [None, 4]]
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", table)])
    assert len(project.codings) == 5
    (aside,) = project.set_aside
    assert aside.row == 7
    assert "add up to 4" in aside.why


def test_numbers_in_a_column_without_a_label_are_set_aside_with_their_sum(tmp_path: Path) -> None:
    table = matrix(["Time", "Cost"], {"Ann": [2, 1]})
    table[0] += [None, "Total"]
    table[1] += [5, 2]
    table[2] += [None, 1]
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", table)])
    assert [(item.what, item.row) for item in project.set_aside] == [("column", 1)] * 2
    assert "add up to 5" in project.set_aside[0].why


def test_a_classification_sheet_with_one_column_of_numbers_stays_one(tmp_path: Path) -> None:
    table = matrix(["Ann", "Bea", "Cem"], {"Age": [31, 45, 52], "Gender": ["f", "f", "m"]})
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", table)])
    assert project.info.format == "nvivo-classification"
    assert len(project.codings) == 0


def test_a_file_named_for_another_case_of_the_series_is_named(tmp_path: Path) -> None:
    table = matrix(["Time"], {"Int02_ID7": [1]})
    project = read_exports([write_xlsx(tmp_path / "Int03_ID9.xlsx", table)])
    assert any('"Int02_ID7", not "Int03_ID9"' in said for said in project.warnings)
    assert list(project.documents["name"]) == ["Int02_ID7"]


def test_a_row_of_totals_is_listed_and_not_counted(tmp_path: Path) -> None:
    table = [*matrix([f"code {n}" for n in range(5)], {"Ann": [1] * 5}), ["Total", 5]]
    project = read_exports([write_xlsx(tmp_path / "m.xlsx", table)])
    assert len(project.codings) == 5
    assert [(item.what, item.row) for item in project.set_aside] == [("row", 7)]


CODEBOOK = ["Name", "Description", "Files", "References"]


def test_a_codebook_is_a_tree_by_indentation(tmp_path: Path) -> None:
    rows = [
        CODEBOOK,
        ["Care", "all of it", 3, 4],
        ["  Home", "", 2, "3"],
        ["    Alone", "", 1, 1],
        ["  Work", "", 1, 1],
        ["Time", "", 0, 0],
    ]
    project = read_exports([write_csv(tmp_path / "codebook.csv", rows)])
    assert list(project.codes["code_id"]) == [
        "Care",
        "Care > Home",
        "Care > Home > Alone",
        "Care > Work",
        "Time",
    ]
    assert list(project.codes["reported_n"]) == [4, 3, 1, 1, 0]
    assert list(project.codes["reported_n_kind"]) == ["unknown", "unknown", "own", "own", "own"]


def test_a_codebook_is_a_tree_by_hierarchical_names(tmp_path: Path) -> None:
    rows = [
        ["Name", "Files", "References"],
        ["Nodes\\\\Care", 1, 1],
        ["Nodes\\\\Care\\Home", 1, 1],
        ["Nodes\\\\Care", 1, 1],
    ]
    project = read_exports([write_xlsx(tmp_path / "codebook.xlsx", rows)])
    assert list(project.codes["path"]) == [("Care",), ("Care", "Home")]
    assert [(item.what, item.row) for item in project.set_aside] == [("code", 4)]


def test_codebook_and_matrix_are_one_project(tmp_path: Path) -> None:
    rows = [CODEBOOK, ["Care", "", 1, 1], ["  Home", "", 1, 2], ["Unused", "", 0, 0]]
    paths = [
        write_xlsx(tmp_path / "m.xlsx", matrix(["Home"], {"Ann": [2]})),
        write_xlsx(tmp_path / "book.xlsx", rows),
    ]
    project = read_exports(paths)
    assert applied(project) == {("Ann", "Care > Home"): 2}
    assert list(project.codes["name"]) == ["Care", "Home", "Unused"]
    with pytest.raises(StudyError, match='Did you mean "Home"'):
        read_exports([write_xlsx(tmp_path / "n.xlsx", matrix(["Hame"], {"B": [1]})), paths[1]])


def test_a_classification_sheet_gives_cases_their_attributes(tmp_path: Path) -> None:
    rows = [
        [None, "A : Age", "B : Sex"],
        ["1 : Ann", 34, "Female"],
        ["2 : Ben", "Unassigned", "Male"],
    ]
    people = write_xlsx(tmp_path / "people.xlsx", rows)
    project = read_exports(
        [write_xlsx(tmp_path / "m.xlsx", matrix(["Time"], {"Ann": [1], "Ben": [2]})), people]
    )
    values = project.attributes[["entity", "entity_id", "name", "value"]].astype("str")
    assert values.values.tolist() == [
        ["case", "Ann", "Age", "34"],
        ["case", "Ann", "Sex", "Female"],
        ["case", "Ben", "Sex", "Male"],
    ]
    assert list(project.cases["case_id"]) == ["Ann", "Ben"]
    assert len(project.codings) == 3


def test_a_classification_sheet_with_hierarchical_names_is_known_without_numbers(
    tmp_path: Path,
) -> None:
    rows = [
        ["Person", "Age"],
        ["Cases\\\\Nurses\\Ann", 34],
        ["Cases\\\\Doctors\\Ann", 50],
        ["Cases\\\\Doctors\\Ben", 51],
    ]
    project = read_exports([write_csv(tmp_path / "people.csv", rows)])
    assert list(project.cases["name"]) == ["Nurses > Ann", "Doctors > Ann", "Ben"]
    assert list(project.attributes["value"]) == ["34", "50", "51"]


def test_attributes_of_files_belong_to_documents(tmp_path: Path) -> None:
    rows = [["Reference", "Year"], ["Files\\\\Paper 1", 2020]]
    project = read_exports([write_csv(tmp_path / "files.csv", rows)])
    assert list(project.attributes["entity"].astype("str")) == ["document"]
    assert list(project.documents["document_id"]) == ["Paper 1"]


def test_a_case_with_two_different_values_is_a_fault(tmp_path: Path) -> None:
    rows = [[None, "A : Sex"], ["1 : Ann", "Female"], ["2 : Ann", "Male"]]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "people.xlsx", rows)])
    [fault] = caught.value.faults
    assert (fault.kind, fault.row, fault.column) == ("duplicate-case", 3, "Sex")
    assert "Female" not in str(fault) + str(caught.value)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_damaged_matrix_loads_whole_or_is_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    tmp_path = tmp_path_factory.mktemp("damage")
    table = matrix(["Time", "Care, home"], {"Ann": [2, 0], "Ben": [1, 1]})
    path = write_csv(tmp_path / "m.csv", table)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[place] = data.draw(st.integers(0, 255))
        else:
            del content[place : place + data.draw(st.integers(1, 10))]
        if not content:
            return
    path.write_bytes(content)
    faults: tuple[Fault, ...] = ()
    try:
        read_exports([path]).check()
    except StudyError as error:
        faults = error.faults
    assert all(fault.file == "m.csv" and fault.remedy for fault in faults)


def test_the_fifteen_real_matrices_are_one_project(real_exports: Path) -> None:
    folder = real_exports / "nvivo" / "insect-study"
    project = read_exports(sorted((folder / "matrices").glob("*.xlsx")))
    assert len(project.documents) == len(project.cases) == 15
    assert len(project.codes) == 18
    assert len(project.codings) == project.rows_read == 65
    assert project.info.is_partial
    swapped = [said for said in project.warnings if "not " in said and "column" in said]
    assert len(swapped) == 2  # two files are named for each other's interview
    with pytest.raises(StudyError, match="unknown format"):
        read_exports([folder / "records" / "refinements.xlsx"])


def test_a_list_of_files_gives_documents_and_no_codings(tmp_path: Path) -> None:
    header = [None, "Name", "Codes", "References", "Modified on", "Modified by", "Classification"]
    rows = [header, [None, "Paper A", 9, 18, "14.03.2024", "JAM", "Article"]]
    rows.append([None, "Paper B", 2, 2, "15.03.2024", "JAM", "Book"])
    project = read_exports([write_xlsx(tmp_path / "Files.xlsx", {"Sheet1": rows})])
    assert project.info.format == "nvivo-files"
    assert list(project.documents["name"]) == ["Paper A", "Paper B"]
    assert len(project.codings) == 0
    values = project.attributes.query("entity_id == 'Paper A'").set_index("name")["value"]
    assert values[["Classification", "Codes", "References"]].tolist() == ["Article", "9", "18"]


def test_a_codebook_in_word_is_a_tree_by_the_indents_of_its_names(tmp_path: Path) -> None:
    def cell(text: str, indent: int | None = None) -> str:
        left = "" if indent is None else f'<w:pPr><w:ind w:left="{indent}"/></w:pPr>'
        return f"<w:tc><w:p>{left}<w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    rows = [
        ("Care", 0, 3),
        ("Time", 450, 1),
        ("Waiting", 900, 1),
        ("Cost", 450, 2),
        ("Trust", 0, 1),
    ]
    body = "".join(
        f"<w:tr>{cell(name, indent)}{cell('What it is')}{cell('1')}{cell(str(n))}</w:tr>"
        for name, indent, n in rows
    )
    head = "".join(map(cell, ["Name", "Description", "Files", "References"]))
    path = tmp_path / "Codebook.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body><w:tbl><w:tr>{head}</w:tr>{body}</w:tbl></w:body></w:document>",
        )
    project = read_exports([path])
    assert list(project.codes["code_id"]) == [
        "Care",
        "Care > Time",
        "Care > Time > Waiting",
        "Care > Cost",
        "Trust",
    ]


def test_a_matrix_of_codes_by_codes_makes_no_documents_of_codes(tmp_path: Path) -> None:
    rows = [[None, "A : trust", "B : cost"], ["1 : trust", 5, 2], ["2 : cost", 2, 3]]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "m.xlsx", {"Sheet1": rows})])
    assert caught.value.faults[0].kind == "no-codings"
