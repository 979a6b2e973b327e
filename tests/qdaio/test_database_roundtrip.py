"""What was read from a database can be written in other forms, and comes back the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from qdaio.conversion import convert
from qdaio.model import CodedProject
from qdaio.registry import read_exports
from tests.qdaio import test_qualcoder, test_rqda, test_taguette
from tests.qdaio.databases import taguette

Writer = Callable[[Path], Path]
SMALL: dict[str, Writer] = {
    "taguette": test_taguette.small,
    "rqda": test_rqda.small,
    "qualcoder": test_qualcoder.small,
}


def stated(project: CodedProject) -> Counter[tuple[str, ...]]:
    """What each coding says: code, coder, document, place and words."""
    segments = project.segments.set_index("segment_id").loc[project.codings["segment_id"]]
    paths = project.codes.set_index("code_id")["path"]
    names = project.documents.set_index("document_id")["name"]
    columns = [
        paths.loc[project.codings["code_id"].astype("str")].map(" > ".join),
        project.codings["coder_id"].astype("str"),
        names.loc[segments["document_id"].astype("str")],
        segments["start_cp"].astype("str"),
        segments["end_cp"].astype("str"),
        segments["text"],
    ]
    return Counter(zip(*(map(str, column.tolist()) for column in columns), strict=True))


@pytest.mark.parametrize("target", ["tidy", "again.qdpx"])
@pytest.mark.parametrize("name", SMALL)
def test_codings_come_back(tmp_path, name, target):
    path = SMALL[name](tmp_path / "project.db")
    converted = convert(path, to=tmp_path / target)
    again = read_exports([tmp_path / target])
    assert stated(again) == stated(converted.project)
    assert set(again.codes["path"]) == set(converted.project.codes["path"])


def test_documents_longer_than_a_usual_cell_come_back(tmp_path):
    text = 'He said "no", and left;\n' * 10_000
    path = taguette(tmp_path / "p.sqlite3", [("P1", text)], ["Time"], [(0, 3, 12, [0])])
    convert(path, to=tmp_path / "tidy")
    assert read_exports([tmp_path / "tidy"]).documents["text"].iloc[0] == text
