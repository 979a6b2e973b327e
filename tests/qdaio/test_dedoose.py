"""Dedoose: a coding for each True, and every name in a list accounted for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import Fault, StudyError
from qdaio.model import CodedProject
from qdaio.programs.dedoose import unexplained
from qdaio.registry import read_exports
from tests.support.written_tables import write_csv, write_xlsx

BASE = ["Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date", "Excerpt Copy",
        "Resource Creator", "Codes Applied Combined"]  # fmt: skip
CODES = ["Care", "Care\\Home, alone", "Time"]
Row = list[Any]


def header(codes: list[str] = CODES, more: tuple[str, ...] = ()) -> Row:
    parts = [f"Code: {code} {part}" for code in codes for part in ("Applied", "Range", "Weight")]
    return [*BASE, *parts, *more]


def excerpt(number: int, applied: dict[str, float | None], **more: Any) -> Row:
    names = ", ".join(code.split("\\")[-1] for code in CODES if code in applied)
    row = {"title": "P1.docx", "coder": "ana", "text": f"words {number}", "combined": names, **more}
    cells: Row = [row["title"], f"{number}-{number + 9}", row["coder"], "1/20/2026", row["text"],
                  "ana", row["combined"]]  # fmt: skip
    for code in CODES:
        on = code in applied
        weight = applied.get(code)
        cells += ["True" if on else "False", "1-5" if weight else None, weight]
    return cells


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    return caught.value.faults


def by_code(project: CodedProject) -> Counter[str]:
    return Counter(project.codings["code_id"].astype("str"))


ROWS = [
    excerpt(1, {"Care": None, "Care\\Home, alone": 3.0}),
    excerpt(2, {"Time": None}),
    excerpt(2, {"Time": None}, coder="ben"),
    excerpt(4, {}, title="P2.docx"),
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_true_is_a_coding_of_its_coder(tmp_path, kind):
    writer = write_csv if kind == "csv" else write_xlsx
    project = read_exports([writer(tmp_path / f"excerpts.{kind}", [header(), *ROWS])])
    assert by_code(project) == {"Care": 1, "Care > Home, alone": 1, "Time": 2}
    assert list(project.codings["coder_id"].astype("str")) == ["ana", "ana", "ana", "ben"]
    assert not project.codings["is_repeat"].any()
    assert list(project.codings["source_row"]) == [2, 2, 3, 4]
    assert list(project.codings["weight"].fillna(0)) == [0, 3, 0, 0]
    assert list(project.documents["name"]) == ["P1.docx", "P2.docx"]
    assert [(item.what, item.row, item.document) for item in project.set_aside] == [
        ("uncoded highlight", 5, "P2.docx")
    ]
    assert project.codings["created_at"].iloc[0] == "2026-01-20"
    assert list(project.segments[["start", "end"]].iloc[0]) == [1, 10]
    assert not project.warnings


def test_truth_values_are_known_in_any_form(tmp_path):
    row = ["P1", None, "ana", None, "words that hardly stand twice in one place", "ana", "Care"]
    forms = [True, "TRUE", 1, "true"]
    path = write_xlsx(tmp_path / "a.xlsx", [header(["Care"]), *([*row, form] for form in forms)])
    project = read_exports([path])
    assert by_code(project) == {"Care": 4}
    assert list(project.codings["is_repeat"]) == [False, True, True, True]


def test_what_is_neither_true_nor_false_is_told_with_its_row(tmp_path):
    rows = [*ROWS, excerpt(9, {"Time": None})]
    rows[-1][7] = "maybe"
    (fault,) = faults_of(write_csv(tmp_path / "a.csv", [header(), *rows]))
    assert (fault.kind, fault.row, fault.column) == ("bad-value", 6, "Code: Care Applied")


def test_a_code_that_was_never_applied_is_in_the_code_system(tmp_path):
    path = write_csv(tmp_path / "a.csv", [header(), ROWS[1]])
    project = read_exports([path])
    assert list(project.codes["path"]) == [("Care",), ("Care", "Home, alone"), ("Time",)]


def test_a_parent_without_a_column_is_a_heading(tmp_path):
    row = ["P1", None, "ana", None, "words", "ana", "Home", "True"]
    project = read_exports([write_csv(tmp_path / "a.csv", [header(["Care\\Home"])[:8], row])])
    assert list(project.codes["is_codable"]) == [False, True]


def test_columns_that_say_one_thing_of_each_document_are_its_attributes(tmp_path):
    more = ("Age", "Mood")
    said = [("30", "good"), ("30", "bad"), ("30", None), ("40", None)]
    rows = [[*row, *cells] for row, cells in zip(ROWS, said, strict=True)]
    project = read_exports([write_csv(tmp_path / "a.csv", [header(more=more), *rows])])
    values = project.attributes[["entity", "entity_id", "name", "value"]].to_numpy().tolist()
    assert values == [
        ["document", "P1.docx", "Resource Creator", "ana"],
        ["document", "P2.docx", "Resource Creator", "ana"],
        ["document", "P1.docx", "Age", "30"],
        ["document", "P2.docx", "Age", "40"],
    ]
    assert any(warning.endswith("were not read: Mood.") for warning in project.warnings)


def test_names_without_a_true_are_listed_and_not_counted(tmp_path):
    rows = [excerpt(1, {"Care": None}, combined="Care, Old code, Home, alone")]
    project = read_exports([write_csv(tmp_path / "a.csv", [header(), *rows])])
    assert by_code(project) == {"Care": 1}
    assert [(item.what, item.row, item.code) for item in project.set_aside] == [
        ("code name", 2, "Old code"),
        ("code name", 2, "Home"),
        ("code name", 2, "alone"),
    ]
    assert "in 1 of 1 excerpts" in project.warnings[0]


def test_without_columns_of_codes_the_list_is_cut_and_a_warning_says_so(tmp_path):
    rows = [["P1", "1-9", "ana", None, "words", "ana", "Care (home, alone), Time"],
            ["P1", "1-9", "ana", None, "more words", "ana", None]]  # fmt: skip
    project = read_exports([write_csv(tmp_path / "a.csv", [BASE, *rows])])
    assert by_code(project) == {"Care (home, alone)": 1, "Time": 1}
    assert [item.what for item in project.set_aside] == ["uncoded highlight"]
    assert "cut at its commas" in project.warnings[0]


def test_two_columns_of_one_code_are_told(tmp_path):
    rows = [[*excerpt(1, {"Care": None}), "True"]]
    for again in ("Code: Care Applied", "Code:  Care\\ Applied"):
        path = write_csv(tmp_path / "a.csv", [[*header(), again], *rows])
        assert [fault.kind for fault in faults_of(path)] == ["duplicate-column"]


def test_excerpts_without_media_are_told(tmp_path):
    (fault,) = faults_of(write_csv(tmp_path / "a.csv", [header(), excerpt(1, {}, title=None)]))
    assert (fault.kind, fault.row, fault.column) == ("missing-value", 2, "Media Title")


def test_names_with_commas_are_found_in_a_list_whatever_case_they_have():
    assert unexplained("home, Alone, Time, Care", ["Home, alone", "Care"]) == ["Time"]
    assert unexplained("Care, Care", ["Care"]) == ["Care"]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sets(st.sampled_from(CODES)), min_size=1, max_size=6))
def test_every_coding_comes_back(tmp_path_factory, chosen):
    path = tmp_path_factory.mktemp("dedoose") / "a.csv"
    rows = [excerpt(n, dict.fromkeys(codes)) for n, codes in enumerate(chosen)]
    project = read_exports([write_csv(path, [header(), *rows])])
    wanted = Counter(code.replace("\\", " > ") for codes in chosen for code in codes)
    assert by_code(project) == wanted
    assert {item.what for item in project.set_aside} <= {"uncoded highlight"}
    assert len(project.set_aside) == sum(not codes for codes in chosen)


def test_the_real_excerpts(real_exports):
    project = read_exports([real_exports / "dedoose" / "dedooser_demo_data.xlsx"])
    assert (len(project.segments), len(project.documents), len(project.coders)) == (440, 36, 4)
    assert (len(project.codings), project.rows_read) == (485, 485)
    assert by_code(project)["Knowledge/Awareness"] == 169
    assert by_code(project)["Gateway to Support > Becoming a Gateway"] == 15
    assert project.codings["is_repeat"].sum() == 21
    assert Counter(item.what for item in project.set_aside) == {"code name": 639}
    assert set(project.attributes["name"]) == {"Resource Creator", "Resource Date"}
