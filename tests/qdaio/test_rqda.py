"""RQDA: what is live counts, what was deleted is listed, and places are held against the text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import StudyError
from qdaio.model import CodedProject
from qdaio.programs.rqda import iso_date
from qdaio.registry import read_exports
from tests.qdaio.databases import change, rqda

TEXT = "We waited.\nNobody came 😀, nobody called.\nThen we left."
DAY = "Tue Apr  1 10:51:03 2014"
Row = tuple[Any, ...]


def source(number: int, name: str, text: str = TEXT, status: int = 1) -> Row:
    return (name, number, text, None, "ana", DAY, None, status)


def code(number: int, name: str, status: int = 1) -> Row:
    return (name, f"about {name}", "ana", DAY, None, number, status, "#FF0000")


def coding(cid: int, fid: int, text: str, status: int = 1, shift: float = 0.0) -> Row:
    start = TEXT.index(text) + shift
    return (cid, fid, text, start, start + len(text), status, "ana", DAY, "a note")


def small(path: Path, **more: list[Row]) -> Path:
    rows = {
        "source": [source(1, "P1"), source(2, "P2"), source(3, "old", status=0)],
        "freecode": [code(1, "Time"), code(2, "Care"), code(3, "gone", status=0)],
        "coding": [
            coding(1, 1, "We waited."),
            coding(2, 1, "We waited."),
            coding(2, 2, "Nobody came 😀"),
            coding(1, 2, "Then we left.", status=-1),
            coding(3, 1, "Then we left."),
            coding(1, 3, "Then we left."),
            coding(9, 1, "Then we left."),
            coding(1, 9, "Then we left."),
        ],
    }
    return rqda(path, {**rows, **more})


def statuses(project: CodedProject) -> list[str]:
    return list(project.segments["offset_status"].astype("str"))


def test_live_codings_count_and_the_others_are_listed_with_their_rows(tmp_path):
    project = read_exports([small(tmp_path / "p.rqda")])
    assert (len(project.codings), project.rows_read) == (3, 8)
    assert list(project.codings["source_row"]) == [1, 2, 3]
    assert [(item.row, item.why) for item in project.set_aside if item.what == "coding"] == [
        (4, "deleted in the program"),
        (5, "its code is deleted in the program"),
        (6, "its document is deleted in the program"),
        (7, "its code is not in the database"),
        (8, "its document is not in the database"),
    ]
    assert [(item.what, item.document or item.code) for item in project.set_aside[:2]] == [
        ("document", "old"),
        ("code", "gone"),
    ]
    assert (list(project.documents["name"]), list(project.codes["name"])) == (
        ["P1", "P2"],
        ["Time", "Care"],
    )


def test_two_codes_on_one_span_share_a_segment(tmp_path):
    project = read_exports([small(tmp_path / "p.rqda")])
    assert len(project.segments) == 2
    assert project.codings["segment_id"].iloc[0] == project.codings["segment_id"].iloc[1]
    assert not project.codings["is_repeat"].any()


def test_a_coding_that_stands_twice_is_kept_and_flagged(tmp_path):
    twice = [coding(1, 1, "We waited."), coding(1, 1, "We waited.")]
    project = read_exports([small(tmp_path / "p.rqda", coding=twice)])
    assert list(project.codings["is_repeat"]) == [False, True]


def test_places_are_held_against_the_text_and_mended(tmp_path):
    rows = [
        coding(1, 1, "We waited."),
        coding(1, 1, "Nobody came 😀"),
        coding(1, 1, "nobody called", shift=-2),
        coding(1, 1, "Then we left.", shift=0.5),
        (1, 1, "never said", 3.0, 13.0, 1, "ana", DAY, None),
        (1, 1, "We", 900.0, 902.0, 1, "ana", DAY, None),
    ]
    project = read_exports([small(tmp_path / "p.rqda", coding=rows)])
    assert statuses(project) == ["ok", "ok", "repaired", "unchecked", "mismatch", "repaired"]
    starts, ends = project.segments["start_cp"], project.segments["end_cp"]
    assert TEXT[starts[2] : ends[2]] == "nobody called"
    assert len(project.codings) == 6
    assert list(project.segments["text"])[4] == "never said"


def test_a_code_in_several_categories_counts_once_and_all_of_them_are_named(tmp_path):
    path = small(
        tmp_path / "p.rqda",
        codecat=[(name, None, number, "ana", DAY, None, "", status)
                 for name, number, status in (("When", 1, 1), ("How", 2, 1), ("old", 3, 0))],
        treecode=[(cid, catid, DAY, None, None, status, "ana")
                  for cid, catid, status in (
                      (1, 2, 1), (1, 1, 1), (1, 2, 1), (2, 1, 0), (2, 3, 1))],
    )  # fmt: skip
    project = read_exports([path])
    assert len(project.codings) == 3
    assert list(project.codes["path"]) == [("When",), ("How",), ("How", "Time"), ("Care",)]
    assert list(project.codes["is_codable"]) == [False, False, True, True]
    named = project.attributes[project.attributes["entity"] == "code"]
    assert list(named["value"]) == ["How", "When"]
    assert set(named["entity_id"]) == {"How > Time"}
    assert any('several categories ("Time")' in warning for warning in project.warnings)


def test_a_category_named_as_a_code_does_not_become_it(tmp_path):
    path = small(
        tmp_path / "p.rqda",
        codecat=[("Time", None, 1, "ana", DAY, None, "", 1)],
        treecode=[(2, 1, DAY, None, None, 1, "ana")],
    )
    project = read_exports([path])
    ids = dict(zip(project.codes["code_id"], project.codes["is_codable"], strict=True))
    assert ids == {"Time": True, "Time (category)": False, "Time > Care": True}
    counted = Counter(project.codings["code_id"].astype("str"))
    assert counted == {"Time": 1, "Time > Care": 2}


def test_file_categories_are_groups(tmp_path):
    path = small(
        tmp_path / "p.rqda",
        filecat=[(name, None, number, "ana", DAY, None, "", 1)
                 for name, number in (("North", 1), ("South", 2))],
        treefile=[(fid, catid, DAY, None, None, 1, "ana")
                  for fid, catid in ((1, 2), (1, 1), (2, 1))],
    )  # fmt: skip
    project = read_exports([path])
    assert list(project.documents["group"]) == ["South", "North"]
    assert list(project.attributes["value"]) == ["South", "North"]


def test_cases_and_their_attributes_come_with_the_files_they_are_linked_with(tmp_path):
    whole, part = (0.0, float(len(TEXT))), (0.0, 10.0)
    path = small(
        tmp_path / "p.rqda",
        cases=[("Ana", None, "ana", DAY, None, 1, 1), ("Ben", None, "ana", DAY, None, 2, 1),
               ("old", None, "ana", DAY, None, 3, 0)],
        caselinkage=[(1, 1, *whole, 1, "ana", DAY, None), (2, 2, *part, 1, "ana", DAY, None),
                     (2, 1, *whole, 0, "ana", DAY, None), (3, 1, *whole, 1, "ana", DAY, None)],
        caseAttr=[("age", "30", 1, DAY, None, "ana", 1), ("age", "40", 2, DAY, None, "ana", None),
                  ("age", "50", 2, DAY, None, "ana", 0), ("age", "60", 9, DAY, None, "ana", 1)],
        fileAttr=[("place", "home", 2, DAY, None, "ana", 1)],
    )  # fmt: skip
    project = read_exports([path])
    assert list(project.cases["case_id"]) == ["Ana", "Ben"]
    links = project.case_documents[["case_id", "document_id"]].to_numpy().tolist()
    assert links == [["Ana", "P1"], ["Ben", "P2"]]
    rows = project.attributes[["entity", "entity_id", "name", "value"]].to_numpy().tolist()
    assert rows == [
        ["case", "Ana", "age", "30"],
        ["case", "Ben", "age", "40"],
        ["document", "P2", "place", "home"],
    ]
    assert any("parts of a document" in warning for warning in project.warnings)
    assert any("1 links or attributes" in warning for warning in project.warnings)


def test_a_second_round_has_coders_of_its_own(tmp_path):
    path = small(tmp_path / "p.rqda", coding2=[coding(1, 1, "We waited.")])
    project = read_exports([path])
    assert list(project.coders["coder_id"]) == ["ana", "ana (second coding)"]
    assert len(project.codings) == 4
    assert not project.codings["is_repeat"].any()


def test_codings_of_pictures_count(tmp_path):
    path = small(
        tmp_path / "p.rqda",
        image=[("map.png", 1, DAY, None, "ana", 1)],
        imageCoding=[(1, 1, 10, 20, 30, 40, "note", DAY, None, "ana", 1),
                     (1, 1, 10, 20, 30, 40, "note", DAY, None, "ana", 0)],
    )  # fmt: skip
    project = read_exports([path])
    assert (len(project.codings), project.rows_read) == (4, 10)
    assert project.segments["place"].iloc[-1] == "(10, 20)–(30, 40)"
    assert project.segments["unit"].iloc[-1] == "page rectangle"
    assert statuses(project)[-1] == "unchecked"


def test_dates_are_read_whatever_language_the_computer_speaks():
    assert iso_date("Wed Mar 19 16:54:04 2014") == "2014-03-19 16:54:04"
    assert iso_date("mer. 19 mars 2014") == "mer. 19 mars 2014"
    assert iso_date("") is None


def test_projects_of_earlier_versions_lack_columns_and_tables(tmp_path):
    path = small(tmp_path / "p.rqda")
    change(
        path,
        *(f"DROP TABLE {name}" for name in ("coding2", "image", "imageCoding", "caseAttr")),
        "ALTER TABLE freecode DROP COLUMN color",
    )
    project = read_exports([path])
    assert len(project.codings) == 3
    assert project.codes["colour"].isna().all()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("ALTER TABLE coding RENAME COLUMN selfirst TO first", "missing-column"),
        ("UPDATE source SET id = 1", "inconsistent-export"),
        ("UPDATE freecode SET id = 'x'", "inconsistent-export"),
    ],
)
def test_tables_of_another_shape_are_told(tmp_path, statement, kind):
    path = change(small(tmp_path / "p.rqda"), statement)
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert {fault.kind for fault in caught.value.faults} == {kind}


CELLS = st.one_of(
    st.none(), st.integers(-1, 4), st.floats(-1, 60), st.sampled_from(["1", "x", b"1"])
)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), max_size=8))
def test_whatever_stands_in_the_rows_each_of_them_is_counted_or_listed(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("rqda") / "p.rqda"
    rows = [(*row[:2], row[2], *row[3:], "ana", DAY, None) for row in cells]
    project = read_exports([small(path, coding=rows)])
    aside = [item.row for item in project.set_aside if item.what == "coding"]
    assert sorted([*project.codings["source_row"], *aside]) == list(range(1, len(cells) + 1))


def test_the_real_project(real_exports):
    project = read_exports([real_exports / "rqda" / "weise_OPCW.rqda"])
    assert (len(project.documents), len(project.codes)) == (16, 8)
    assert (len(project.codings), project.rows_read) == (1023, 1039)
    assert Counter((item.what, item.why) for item in project.set_aside) == {
        ("coding", "deleted in the program"): 16
    }
    assert Counter(statuses(project)) == {"ok": 911, "repaired": 1}
    texts = project.documents.set_index("document_id")["text"]
    for row in project.segments.itertuples():
        stands = texts[row.document_id][row.start_cp : row.end_cp]
        assert "".join(stands.split()) == "".join(row.text.split())
    assert project.info.version == "0.2.2"
