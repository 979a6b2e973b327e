"""MAXQDA's own files: what stands in plain tables is read, what is locked is told.

The tables are those of two public projects (MAXQDA 12 and 2020); the words are ours.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from qdaio.faults import StudyError
from qdaio.registry import read_exports

LONG = "There was no time for anything at all, so we went on and on and o"[:63]
CODES = [  # number, code above, name, order, codings
    (1, 0, "Care", 1, 1),
    (2, 1, "Time", 1, 2),
    (3, 1, "Cost", 0, 1),
    (4, 0, "Trust", 0, 0),
]
CODINGS = [  # number, document, code, shown, length, coder, paragraph, from, to
    (1, 1, 2, "no time", 7, "anna", 3, 10, 17),
    (2, 1, 3, "no time", 7, "anna", 3, 10, 17),
    (3, 2, 2, LONG, 120, "bert", 7, 0, 120),
    (4, 2, 1, "\U0001f642 they came", 12, "bert", 9, 4, 16),
]


def project_file(path, *, versioned, codings=CODINGS, more=()):
    """Write the tables; a versioned file holds an earlier row of each code, and one deleted."""
    tid = ", TID INTEGER DEFAULT 0, ToDelete INTEGER DEFAULT 0" if versioned else ""
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(
            f"""
            create table sys_Setup (`Key` varchar primary key, `Value` text);
            create table Textsets (ID integer, Name varchar{tid});
            create table Wordsets (ID integer, Name varchar{tid});
            create table Textgroups (ID integer, Name varchar{tid});
            create table Texts (ID integer, Idx integer, GroupID integer, Name varchar{tid});
            create table Codewords (ID integer, Idx integer, WordID integer, Name varchar,
                Codes integer, Color integer{tid});
            create table Codings (ID integer, Type integer, TextID integer, WordID integer,
                Weight integer, Preview varchar, Area integer, Author varchar, Date datetime,
                CommentL varchar, SegPos1StdUnit varchar, SegPos2StdUnit varchar,
                SegPos1X integer, SegPos2X integer{tid});
            insert into sys_Setup values ('APP', 'MAXQDA 2020  20.2.2');
            insert into Textgroups (ID, Name) values (1, 'Round 1');
            insert into Texts (ID, Idx, GroupID, Name) values (1, 1, 1, 'Ann'), (2, 0, 0, 'Ben');
            """
        )
        for number, above, name, order, stated in CODES:
            values = (number, order, above, name, stated, 0xFF3366FF)
            base.execute(
                "insert into Codewords (ID, Idx, WordID, Name, Codes, Color) "
                "values (?, ?, ?, ?, ?, ?)",
                values,
            )
        for number, text, code, shown, length, coder, paragraph, start, end in codings:
            base.execute(
                "insert into Codings (ID, Type, TextID, WordID, Weight, Preview, Area, Author, "
                "Date, CommentL, SegPos1StdUnit, SegPos2StdUnit, SegPos1X, SegPos2X) "
                "values (?, 0, ?, ?, 50, ?, ?, ?, '2020-11-03T14:21:44.224', ' ', ?, ?, ?, ?)",
                (number, text, code, shown, length, coder, *[str(paragraph)] * 2, start, end),
            )
        if versioned:
            base.execute("update Codewords set TID = 9")
            base.execute(
                "insert into Codewords (ID, Idx, WordID, Name, TID) values (2, 0, 0, 'Tim', 3)"
            )
            base.execute(
                "insert into Codings (ID, Type, TextID, WordID, Preview, Area, TID, ToDelete) "
                "values (9, 0, 1, 2, 'gone', 4, 5, 1)"
            )
        for statement in more:
            base.execute(statement)
    return path


@pytest.mark.parametrize(("name", "versioned"), [("a.mex", False), ("a.mx20", True)])
def test_documents_codes_and_codings_stand_in_the_open(tmp_path, name, versioned):
    project = read_exports([project_file(tmp_path / name, versioned=versioned)])
    assert project.info.format == "maxqda-project-file"
    assert project.info.version == "MAXQDA 2020 20.2.2"
    assert list(project.documents["document_id"]) == ["Ben", "Round 1 / Ann"]
    assert list(project.codes["code_id"]) == ["Trust", "Care", "Care > Cost", "Care > Time"]
    assert list(project.codes["reported_n"]) == [0, 1, 1, 2]
    assert set(project.codes["colour"]) == {"#3366FF"}
    assert list(project.codings["code_id"]) == [
        "Care > Time",
        "Care > Cost",
        "Care > Time",
        "Care",
    ]
    assert list(project.codings["coder_id"]) == ["anna", "anna", "bert", "bert"]
    assert set(project.codings["created_at"]) == {"2020-11-03T14:21:44"}
    assert set(project.codings["weight"]) == {50.0}
    assert project.codings["memo"].isna().all()


def test_codings_of_one_place_share_a_segment_with_its_paragraph(tmp_path):
    project = read_exports([project_file(tmp_path / "a.mex", versioned=False)])
    segments = project.segments
    assert len(segments) == 3
    assert list(segments["start"]) == [3, 7, 9]
    assert set(segments["unit"]) == {"paragraph"}


def test_long_segments_have_no_words_rather_than_the_first_of_them(tmp_path):
    project = read_exports([project_file(tmp_path / "a.mex", versioned=False)])
    words = project.segments["text"].astype("object").where(project.segments["text"].notna(), None)
    assert list(words) == ["no time", None, "\U0001f642 they came"]
    assert any("3 of 4 segments have their words" in said for said in project.warnings)


def test_counts_that_the_file_states_are_held_against_its_codings(tmp_path):
    path = project_file(tmp_path / "a.mex", versioned=False, codings=CODINGS[1:])
    assert any("Time" in said and "2" in said for said in read_exports([path]).warnings)


def test_codings_that_lead_nowhere_or_are_of_unknown_kind_are_set_aside(tmp_path):
    more = [
        "update Codings set WordID = 77 where ID = 1",
        "update Codings set TextID = 77 where ID = 2",
        "update Codings set Type = 5 where ID = 3",
    ]
    project = read_exports([project_file(tmp_path / "a.mex", versioned=False, more=more)])
    assert len(project.codings) == 1
    assert [item.why.split()[1] for item in project.set_aside] == ["code", "document", "is"]


@pytest.mark.parametrize(
    "change",
    ["update Codewords set Name = '*ENC*xyz' where ID = 1", "update Texts set ID = null"],
)
def test_what_cannot_be_told_is_a_fault(tmp_path, change):
    path = project_file(tmp_path / "a.mex", versioned=False, more=[change])
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert {fault.kind for fault in caught.value.faults} == {"inconsistent-export"}


def test_a_file_with_other_columns_is_named_with_the_export_to_make(tmp_path):
    path = project_file(
        tmp_path / "a.mx24", versioned=True, more=["alter table Codings rename TextID to DocID"]
    )
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert [fault.kind for fault in caught.value.faults] == ["native-file"]


def test_names_that_are_missing_are_made_up_by_number(tmp_path):
    more = ["update Textgroups set Name = null", "update Texts set Name = null where ID = 2"]
    more += ["update Codewords set Name = null where ID = 4"]
    project = read_exports([project_file(tmp_path / "a.mex", versioned=False, more=more)])
    assert list(project.documents["document_id"]) == ["document 2", "Ann"]
    assert project.codes["code_id"][0] == "code 4"


def test_a_project_without_a_coding_is_read(tmp_path):
    project = read_exports([project_file(tmp_path / "a.mex", versioned=False, codings=[])])
    assert (len(project.documents), len(project.codes), len(project.codings)) == (2, 4, 0)
