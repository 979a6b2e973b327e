"""Codebooks and code managers of ATLAS.ti load as one tree, however they print it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import StudyError
from qdaio.model import CodedProject
from qdaio.registry import read_exports
from tests.support.written_tables import write_csv, write_xlsx

MANAGER = ["Groundedness", "Density", "Groups", "Number of Groups", "Comment"]


def paths(project: CodedProject) -> list[tuple[str, ...]]:
    return list(project.codes["path"])


def kinds(project: CodedProject) -> dict[str, str]:
    return dict(zip(project.codes["code_id"], project.codes["reported_n_kind"], strict=True))


def tree(tmp_path: Path, rows: list[list[object]]) -> Path:
    return write_xlsx(tmp_path / "codes.xlsx", [["Code", None, None, *MANAGER], *rows])


def test_a_tree_by_column_is_read_with_bullets_and_numbers_as_text(tmp_path: Path) -> None:
    rows = [
        ["○ Care", None, None, "3", None, None, None, None],
        [None, "● Home", None, "2", "0", "Main", "1", "what it means"],
        [None, None, "● Alone, at night", 1, 0, "Main", 1, None],
        [None, "● Work", None, 2, 0, None, 0, None],
        ["● Time", None, None, 0, 0, None, 0, None],
    ]
    project = read_exports([tree(tmp_path, rows)])
    assert paths(project) == [
        ("Care",),
        ("Care", "Home"),
        ("Care", "Home", "Alone, at night"),
        ("Care", "Work"),
        ("Time",),
    ]
    codes = project.codes.set_index("code_id")
    assert list(codes["reported_n"]) == [3, 2, 1, 2, 0]
    assert list(codes["is_codable"]) == [False, True, True, True, True]
    assert codes.loc["Care > Home", "description"] == "what it means"


def test_a_count_above_others_is_a_sum_only_where_theirs_allow_it(tmp_path: Path) -> None:
    rows = [
        ["A", None, None, 3, 0],
        [None, "a", None, 2, 0],
        [None, "b", None, 2, 0],
        ["B", None, None, 9, 0],
        [None, "c", None, 2, 0],
    ]
    found = kinds(read_exports([tree(tmp_path, rows)]))
    assert found == {
        "A": "aggregate",
        "A > a": "own",
        "A > b": "own",
        "B": "unknown",
        "B > c": "own",
    }


def test_a_flat_list_is_parted_where_the_beginning_of_a_name_is_a_code(tmp_path: Path) -> None:
    names = ["T1. Care", "T1. Care: Home", "T1. Care: Home: Alone", "Note: odd", "T1. Care: Work"]
    rows = [["Code", "Comment", "Code Group 1", "Code Group 2"]]
    rows += [[name, "", "Main", ""] for name in names]
    project = read_exports([write_csv(tmp_path / "book.csv", rows, separator=";")])
    assert paths(project) == [
        ("T1. Care",),
        ("T1. Care", "Home"),
        ("T1. Care", "Home", "Alone"),
        ("T1. Care", "Work"),
        ("Note: odd",),
    ]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "header",
    [
        ["name", "comment", "codegroup 1", "codegroup 2"],
        ["Nombre", "Comentario", "Grupo de códigos 1", "Grupo de códigos 2"],
        ["Code", "Kommentar", "Codegruppe 1", "Codegruppe 2"],
        ["codegroup 1", "name", "codegroup 2", "comment"],
    ],
)
def test_a_codebook_of_the_web_is_known_by_its_groups(
    tmp_path: Path, header: list[str], kind: str
) -> None:
    order = ["name", "comment", "codegroup 1", "codegroup 2"]
    rows = [["trust", "what it is", "G1", "G2"], ["time, short", "", "G1", ""]]
    if header[0] == "codegroup 1":
        rows = [[row[order.index(name)] for name in header] for row in rows]
    if kind == "xlsx":
        path = write_xlsx(tmp_path / "codes.xlsx", {"codes": [header, *rows]})
    else:
        path = write_csv(tmp_path / "codes.csv", [header, *rows], separator=";")
    project = read_exports([path])
    assert project.info.format == "atlasti-codebook"
    assert project.codes["name"].tolist() == ["trust", "time, short"]
    assert project.codes["description"].dropna().tolist() == ["what it is"]
    assert project.attributes["entity_id"].tolist() == ["trust", "trust", "time, short"]
    assert project.attributes["value"].tolist() == ["G1", "G2", "G1"]


def test_a_codebook_of_the_web_says_where_its_quotations_are_cut(tmp_path: Path) -> None:
    codes = write_xlsx(
        tmp_path / "codes.xlsx",
        {"codes": [["name", "comment", "codegroup 1"], ["trust", "", ""], ["time, short", "", ""]]},
    )
    quotations = write_xlsx(
        tmp_path / "quotations.xlsx",
        {
            "quotations": [
                ["document", "quotation", "codes", "comment"],
                ["D1", "one", "time, short, trust", ""],
            ]
        },
    )
    project = read_exports([codes, quotations])
    assert project.codings["code_id"].tolist() == ["time, short", "trust"]


def test_a_table_of_names_alone_is_no_codebook(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as caught:
        read_exports([write_csv(tmp_path / "people.csv", [["name", "comment"], ["Ann", "tall"]])])
    assert caught.value.faults[0].kind == "unknown-format"


def test_a_code_that_stands_twice_is_listed(tmp_path: Path) -> None:
    rows = [["Code", *MANAGER], ["A", 1, 0], ["B", 1, 0], ["A", 1, 0]]
    project = read_exports([write_xlsx(tmp_path / "codes.xlsx", rows)])
    assert paths(project) == [("A",), ("B",)]
    [item] = project.set_aside
    assert (item.what, item.row) == ("code", 4)


def test_a_count_that_is_no_number_is_a_fault(tmp_path: Path) -> None:
    rows = [["Code", *MANAGER], ["A", "many", 0]]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "codes.xlsx", rows)])
    [fault] = caught.value.faults
    assert (fault.kind, fault.row, fault.column) == ("bad-number", 2, "Groundedness")


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.lists(st.sampled_from(["A", "B, b", "C > c", "D"]), min_size=1, max_size=3).map(tuple),
        min_size=1,
        max_size=8,
        unique=True,
    )
)
def test_any_tree_is_read_back_from_its_columns(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[str, ...]]
) -> None:
    whole = sorted({path[:depth] for path in wanted for depth in range(1, len(path) + 1)})
    rows: list[list[object]] = []
    for path in whole:
        cells: list[object] = [None] * 3
        cells[len(path) - 1] = path[-1]
        rows.append([*cells, 0, 0])
    project = read_exports([tree(tmp_path_factory.mktemp("tree"), rows)])
    project.check()
    assert paths(project) == whole


def test_the_real_codebooks_hold_every_code_of_their_rows(real_exports: Path) -> None:
    folder = real_exports / "atlas-ti"
    full = read_exports([folder / "20250914_codebook_full.csv"])
    manager = read_exports([folder / "20250914_code_list_frequencies.csv"])
    themes = read_exports([folder / "20250914_theme_frequencies.csv"])
    assert len(full.codes) == len(manager.codes) == 465
    assert list(full.codes["code_id"]) == list(manager.codes["code_id"])
    assert len(themes.codes) == 18
    stated = dict(zip(manager.codes["code_id"], manager.codes["reported_n"], strict=True))
    alone = zip(themes.codes["code_id"], themes.codes["reported_n"], strict=True)
    assert all(stated[code] == n for code, n in alone)
    assert all(kinds(manager)[code] == "aggregate" for code in themes.codes["code_id"])


def test_the_real_english_codebook_tells_codes_from_categories(real_exports: Path) -> None:
    project = read_exports([real_exports / "atlas-ti" / "sqaa_en__codebook.xlsx"])
    codes = project.codes
    assert len(codes) == 810  # every row below the header
    assert int((~codes["is_codable"]).sum()) == 179
    assert codes["level"].max() == 8
    # Names that stand twice are two codes, and > inside a name is no level.
    assert (codes["name"] == "Context matters").sum() == 2
    assert codes["name"].str.contains(" > ").any()


def test_the_webs_codebook_without_groups_is_known_by_its_two_columns(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text("name,comment\ntrust,To rely on somebody\ncost,\n", encoding="utf-8")
    project = read_exports([path])
    assert project.info.format == "atlasti-codebook"
    assert list(project.codes["name"]) == ["trust", "cost"]
