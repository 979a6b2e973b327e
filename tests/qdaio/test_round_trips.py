"""What is converted and read again is the same, but for what the writer says it leaves out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import qdaio
from qdaio.faults import StudyError
from qdaio.model import CodedProject
from tests.qdaio import test_qualcoder, test_rqda, test_taguette
from tests.qdaio.test_annotation_tools import catma, requal
from tests.qdaio.test_damage import FILES
from tests.qdaio.test_maxqda_project_file import project_file

# words of a loss, and what may differ after it
LOSSES = {
    "given as paragraphs": {"positions"},
    "as they were printed": {"places"},
    "texts are not at hand": {"positions"},
    "colours": {"colours"},
    "coders without a coding": {"coders"},
    "cases are left out": {"cases"},
    "attributes of": {"attributes"},
    "cells of tables": {"cells"},
    "XML cannot hold": {"texts"},
    "The wording": {"texts"},
    "are cut off": {"texts"},
    'hold " > "': {
        *("codes", "codings", "texts", "positions", "places", "memos", "dates", "colours")
    },
    "become one with it": {"codes", "colours"},
}
FORMS = ["tables", "study.qdpx", "study.xlsx"]


def plain(value: object) -> object:
    return None if pd.isna(value) else value


def content(project: CodedProject) -> dict[str, Counter[Any]]:
    """Count what a project holds, by what it is called and not by identifiers."""
    documents, codes = project.documents, project.codes
    names = dict(
        zip(
            documents["document_id"],
            zip(documents["name"], map(plain, documents["group"]), strict=True),
            strict=True,
        )
    )
    paths = dict(zip(codes["code_id"], codes["path"], strict=True))
    people = dict(zip(project.coders["coder_id"], project.coders["name"], strict=True))
    codings = project.codings.astype({"code_id": "str", "coder_id": "str"})
    segments = project.segments.astype({"document_id": "str"}).set_index("segment_id")
    at = segments.loc[codings["segment_id"]].reset_index()
    keys = [
        (names[document], paths[code])
        for document, code in zip(at["document_id"], codings["code_id"], strict=True)
    ]

    def beside(*columns: pd.Series) -> Counter[object]:
        return Counter(zip(keys, *(map(plain, column) for column in columns), strict=True))

    said = [
        "\n".join(text for text in pair if isinstance(text, str))
        for pair in zip(codings["memo"], at["comment"], strict=True)
    ]
    attributes = project.attributes
    entities = attributes["entity"].astype("str")
    return {
        "documents": Counter(names.values()),
        "codes": Counter(zip(codes["path"], map(plain, codes["description"]), strict=True)),
        "colours": Counter(zip(codes["path"], map(plain, codes["colour"]), strict=True)),
        "coders": Counter(people.values()),
        "codings": beside(codings["coder_id"].map(people), codings["weight"]),
        "dates": beside(codings["created_at"].str.replace(" ", "T")),
        "texts": beside(at["text"]),
        "positions": beside(at["start"], at["end"], at["unit"]),
        "places": beside(at["place"]),
        "memos": beside(pd.Series(said, dtype="str")),
        "cases": Counter(project.cases["name"]),
        "attributes": Counter(
            zip(entities, attributes["name"], map(plain, attributes["value"]), strict=True)
        ),
        "cells": Counter({"n": int(project.matrix_cells["n"].sum())}),
    }


def check(path: Path, folder: Path, form: str) -> None:
    """Convert a file, read what was written, and compare."""
    done = qdaio.convert(path, to=folder / form)
    before, after = content(done.project), content(qdaio.read(folder / form))
    told: set[str] = set()
    for words, names in LOSSES.items():
        if any(words in said for said in done.losses):
            told |= names
    lost = {name for name in before if before[name] != after[name]}
    if all(key[1] is None or key in after["places"] for key in before["places"]):
        lost.discard("places")  # more are printed than before, such as times
    assert lost <= told
    if form != "study.xlsx":
        return
    qdaio.convert(path, to=folder / "study.qdc")
    again = qdaio.read(folder / "study.qdc").codes
    assert list(again["path"]) == list(done.project.codes["path"])


WRITTEN = {
    "taguette": lambda folder: test_taguette.small(folder / "project.db"),
    "rqda": lambda folder: test_rqda.small(folder / "project.db"),
    "qualcoder": lambda folder: test_qualcoder.small(folder / "project.db"),
    "catma": lambda folder: catma(folder / "CATMA_1_Study"),
    "requal": lambda folder: requal(folder / "study.requal"),
    "maxqda": lambda folder: project_file(folder / "study.mex", versioned=False),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("program", WRITTEN)
def test_a_project_of_each_program_survives_but_for_what_is_told(tmp_path, program, form):
    (tmp_path / "out").mkdir()
    check(WRITTEN[program](tmp_path), tmp_path / "out", form)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_exports_survive_but_for_what_is_told(tmp_path, path, form):
    if not path.is_file():
        pytest.skip("real exports are absent: set STUDY_REAL_EXPORTS to their folder")
    try:
        qdaio.recognise(path)
    except StudyError:
        pytest.skip("no export of codings")
    check(path, tmp_path, form)
