"""A project written as a workbook of MAXQDA's tables comes back with what they can hold."""

from __future__ import annotations

import builtins

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qdaio
from qdaio import StudyError
from qdaio.programs.maxqda.write import write_workbook
from tests.qdaio import test_qualcoder, test_rqda, test_taguette
from tests.qdaio.tables import SEGMENTS, segment_rows
from tests.support.written_tables import write_xlsx

CODINGS = [
    {
        "group": "G1",
        "document": "Interview 1",
        "code": "Care > Time",
        "text": "=1+1",
        "start": 3,
        "end": 4,
    },
    {"group": "G1", "document": "Interview 1", "code": "Care", "comment": "why", "coder": "bob"},
    {"group": "G2", "document": "Interview 2", "code": "Trust", "weight": 50, "text": "words"},
]


def segments(tmp_path):
    rows = [SEGMENTS["en"], *segment_rows(CODINGS)]
    return write_xlsx(tmp_path / "segments.xlsx", {"Segments": rows})


def stated(project):
    """Group, document, path, place, weight, words, comment and coder of each coding."""
    at = project.segments.set_index("segment_id").loc[project.codings["segment_id"]]
    documents = project.documents.set_index("document_id").loc[at["document_id"].astype("str")]
    paths = project.codes.set_index("code_id")["path"].map(" > ".join)
    columns = [
        documents["group"],
        documents["name"],
        project.codings["code_id"].astype("str").map(paths),
        at["start"],
        at["end"],
        project.codings["weight"],
        at["text"],
        project.codings["memo"].fillna(at["comment"].reset_index(drop=True)),
        project.codings["coder_id"],
        project.codings["created_at"],
    ]
    return sorted(zip(*(map(str, column.tolist()) for column in columns), strict=True))


def test_documents_codes_codings_coders_places_and_memos_come_back(tmp_path):
    done = qdaio.convert(segments(tmp_path), to=tmp_path / "out.xlsx")
    again = qdaio.read(tmp_path / "out.xlsx")
    assert stated(again) == stated(done.project)
    assert list(again.codes["path"]) == list(done.project.codes["path"])
    assert again.info.software == "MAXQDA"


def test_variables_of_documents_come_back(tmp_path):
    rows = [["Document group", "Document name", "Age"], ["G1", "Interview 1", 34]]
    path = write_xlsx(tmp_path / "variables.xlsx", {"Document variables": rows})
    qdaio.convert(segments(tmp_path), path, to=tmp_path / "out.xlsx")
    again = qdaio.read(tmp_path / "out.xlsx").attributes
    kept = again[again["name"] == "Age"][["entity_id", "value"]].to_numpy().tolist()
    assert kept == [["G1 / Interview 1", "34"]]


@pytest.mark.parametrize("program", [test_taguette, test_rqda, test_qualcoder])
def test_projects_of_other_programs_keep_codings_and_name_what_is_lost(tmp_path, program):
    done = qdaio.convert(program.small(tmp_path / "project.db"), to=tmp_path / "out.xlsx")
    again = qdaio.read(tmp_path / "out.xlsx")
    assert len(again.codings) == len(done.project.codings)
    paths = done.project.codes["path"]
    assert set(again.codes["path"]) == {
        tuple(name.replace(" > ", " › ") for name in path) for path in paths
    }
    assert any("texts of" in said for said in done.losses)
    assert any("given as paragraphs" in said for said in done.losses)


NAMES = st.sampled_from(["Care", "Time", "=SUM(A1)", "Größe", "اعتماد", "a;b", "x" * 60])
DRAWN = st.lists(
    st.fixed_dictionaries(
        {
            "group": st.sampled_from(["", "G1", "G 2"]),
            "document": st.sampled_from(["Interview 1", "Interview 2", "مصاحبه"]),
            "code": st.lists(NAMES, min_size=1, max_size=3).map(" > ".join),
            "start": st.integers(1, 40),
            "text": st.sampled_from(["-1", "=1+1", "two\nlines", "😀 words", "He said “no”."]),
            "comment": st.sampled_from(["\u00a0", "why", "@home"]),
            "weight": st.integers(0, 100),
            "coder": st.sampled_from(["ann", "bob"]),
        }
    ).map(lambda coding: coding | {"end": coding["start"] + 1}),
    min_size=1,
    max_size=6,
    unique_by=lambda coding: (coding["document"], coding["code"], coding["start"]),
)


@settings(deadline=None, max_examples=8)
@given(codings=DRAWN)
def test_small_projects_come_back(tmp_path_factory, codings):
    folder = tmp_path_factory.mktemp("drawn")
    rows = [SEGMENTS["en"], *segment_rows(codings)]
    path = write_xlsx(folder / "segments.xlsx", {"Segments": rows})
    done = qdaio.convert(path, to=folder / "out.xlsx")
    again = qdaio.read(folder / "out.xlsx")
    assert stated(again) == stated(done.project)
    assert set(again.codes["path"]) == set(done.project.codes["path"])


def test_what_starts_like_a_formula_stays_text(tmp_path):
    qdaio.convert(segments(tmp_path), to=tmp_path / "out.xlsx")
    assert "=1+1" in set(qdaio.read(tmp_path / "out.xlsx").segments["text"])


def test_the_same_project_gives_the_same_bytes(tmp_path):
    project = qdaio.read(segments(tmp_path))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_workbook(project, tmp_path / name / "out.xlsx")
    assert (tmp_path / "a/out.xlsx").read_bytes() == (tmp_path / "b/out.xlsx").read_bytes()


def test_texts_longer_than_a_cell_are_named(tmp_path):
    rows = [SEGMENTS["en"], *segment_rows([{"document": "D", "code": "A"}])]
    project = qdaio.read(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))
    long = project.segments.assign(text="x" * 40_000)
    losses = write_workbook(project.with_(segments=long), tmp_path / "out.xlsx")
    assert losses[0] == "1 texts are cut off after 32,767 letters, the most of a cell."


def test_without_its_library_the_extra_is_named(tmp_path, monkeypatch):
    project = qdaio.read(segments(tmp_path))
    load = builtins.__import__

    def missing(name, *rest):
        if name == "xlsxwriter":
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(StudyError, match=r"qdaio\[xlsx\]"):
        write_workbook(project, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()
