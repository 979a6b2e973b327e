"""Exports are inspected and converted without a loss."""

from __future__ import annotations

import json

import pytest

from qdaio.conversion import convert
from qdaio.faults import StudyError
from qdaio.inspection import inspect
from qdaio.registry import read_exports
from tests.qdaio.tables import SEGMENTS, segment_rows
from tests.support.written_tables import write_csv

CODINGS = [
    {
        "group": "G",
        "document": f"P{number % 3} interview",
        "code": f"A > b{number % 2}",
        "start": number,
    }
    for number in range(6)
]


@pytest.fixture
def export(tmp_path):
    return write_csv(tmp_path / "a.csv", [SEGMENTS["en"], *segment_rows(CODINGS)])


def test_inspect_says_in_plain_values_what_is_in_an_export(export):
    found = inspect(export)
    assert json.loads(json.dumps(found)) == found
    assert found["format"] == "maxqda-coded-segments"
    assert found["software"] == "MAXQDA"
    assert {name: found[name] for name in ("documents", "codes", "codings", "coders")} == {
        "documents": 3,
        "codes": 3,
        "codings": 6,
        "coders": 1,
    }
    assert found["codings"] + found["set_aside"] == found["rows_read"]
    assert found["offsets"] == {"unchecked": 6}
    assert found["participants"]["documents"] == 3


@pytest.mark.parametrize("out", ["tables", "study.qdpx"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_what_was_converted_holds_the_same_codings(export, tmp_path, out, kind):
    before = read_exports([export])
    done = convert(export, to=tmp_path / out, kind=kind)
    after = read_exports([tmp_path / out])
    assert done.losses == () or out.endswith(".qdpx")
    assert len(after.codings) == len(before.codings)

    def content(project):
        segments = project.segments.set_index("segment_id")
        documents = project.documents.set_index("document_id")["name"]
        codes = project.codes.set_index("code_id")["path"]
        coders = project.coders.set_index("coder_id")["name"]
        return sorted(
            (
                documents[segments.at[row.segment_id, "document_id"]],
                codes[row.code_id],
                coders[row.coder_id],
            )
            for row in project.codings.itertuples()
        )

    assert content(after) == content(before)


def test_a_codebook_holds_the_codes(export, tmp_path):
    convert(export, to=tmp_path / "codes.qdc")
    assert read_exports([tmp_path / "codes.qdc"]).codes["path"].tolist() == [
        ("A",),
        ("A", "b0"),
        ("A", "b1"),
    ]


@pytest.mark.parametrize("out", ["out.csv", "out.xls", "taken"])
def test_nothing_is_written_where_it_would_surprise(export, tmp_path, out):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.docx").write_text("mine")
    with pytest.raises(StudyError, match="bad output"):
        convert(export, to=tmp_path / out)
    assert not (tmp_path / "out.csv").exists()
    assert len(list((tmp_path / "taken").iterdir())) == 1


def test_converting_again_replaces_the_tables(export, tmp_path):
    convert(export, to=tmp_path / "out")
    convert(export, to=tmp_path / "out", kind="parquet")
    assert len(read_exports([tmp_path / "out"]).codings) == 6
