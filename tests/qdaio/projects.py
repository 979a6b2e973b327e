"""Random projects, and whether two are the same."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from qdaio.codes import code_id
from qdaio.model import CodedProject, ExportInfo, SetAside, make_frame

# letters, what spreadsheets run, what separates names and lines, blanks, other scripts
ALPHABET = "ab =+-@'\"\t\r\n,;|>/\\\u00a0ée\u0301سلامت🙂＝"
labels = st.text(ALPHABET, min_size=1, max_size=12)
texts = st.none() | st.text(ALPHABET, max_size=30)
numbers = st.none() | st.integers(0, 10**9)


def _unique(draw, low, high):
    return draw(st.lists(labels, min_size=low, max_size=high, unique=True))


@st.composite
def projects(draw) -> CodedProject:
    """Draw a project in which every frame may have rows."""
    documents = [
        {
            "document_id": key,
            "name": draw(labels),
            "group": draw(texts),
            "kind": draw(st.sampled_from([None, "text", "pdf"])),
            "text": draw(texts),
            "position": place,
        }
        for place, key in enumerate(_unique(draw, 1, 4), start=1)
    ]
    paths: list[tuple[str, ...]] = []
    for name in _unique(draw, 1, 5):
        above = draw(st.sampled_from([(), *paths]))
        paths.append((*above, name))
    codes = [
        {
            "code_id": code_id(path),
            "parent_id": code_id(path[:-1]) if len(path) > 1 else None,
            "name": path[-1],
            "path": path,
            "level": len(path),
            "position": draw(numbers),
            "is_codable": draw(st.booleans()),
            "colour": draw(st.sampled_from([None, "#ff0000"])),
            "description": draw(texts),
            "reported_n": draw(numbers),
            "reported_n_kind": draw(st.sampled_from([None, "own", "aggregate", "unknown"])),
        }
        for path in paths
    ]
    coders = [{"coder_id": key, "name": draw(labels)} for key in _unique(draw, 0, 2)]
    cases = [{"case_id": key, "name": draw(labels)} for key in _unique(draw, 0, 3)]
    segments = [
        {
            "segment_id": f"s{number}",
            "document_id": draw(st.sampled_from(documents))["document_id"],
            "start": draw(numbers),
            "end": draw(numbers),
            "unit": draw(st.sampled_from([None, "paragraph", "code point"])),
            "place": draw(texts),
            "start_cp": draw(numbers),
            "end_cp": draw(numbers),
            "text": draw(texts),
            "comment": draw(texts),
            "offset_status": draw(st.sampled_from(["ok", "unchecked", "mismatch"])),
        }
        for number in range(draw(st.integers(1, 5)))
    ]
    codings = [
        {
            "coding_id": f"c{number}",
            "segment_id": draw(st.sampled_from(segments))["segment_id"],
            "code_id": draw(st.sampled_from(codes))["code_id"],
            "coder_id": draw(st.sampled_from([None, *(coder["coder_id"] for coder in coders)])),
            "weight": draw(st.none() | st.floats(-1e6, 1e6)),
            "created_at": draw(texts),
            "memo": draw(texts),
            "source_file": draw(labels),
            "source_sheet": draw(texts),
            "source_row": draw(st.integers(1, 99)),
            "is_repeat": draw(st.booleans()),
        }
        for number in range(draw(st.integers(0, 6)))
    ]
    attributes = [
        {
            "entity": "document",
            "entity_id": draw(st.sampled_from(documents))["document_id"],
            "name": draw(labels),
            "value": draw(st.text(ALPHABET, max_size=9)),
            "source_file": draw(labels),
            "source_row": draw(st.integers(1, 99)),
        }
        for _ in range(draw(st.integers(0, 4)))
    ]
    aside = tuple(
        SetAside(
            what=draw(st.sampled_from(["coding", "total"])),
            why=draw(labels),
            file=draw(labels),
            row=draw(st.none() | st.integers(1, 99)),
            code=draw(st.none() | labels),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    links = [
        {"case_id": case["case_id"], "document_id": draw(st.sampled_from(documents))["document_id"]}
        for case in cases
    ]
    project = CodedProject(
        info=ExportInfo(format="any", software="Any", version="1", language="en", is_partial=True),
        documents=make_frame("documents", documents),
        codes=make_frame("codes", codes),
        coders=make_frame("coders", coders),
        segments=make_frame("segments", segments),
        codings=make_frame("codings", codings),
        cases=make_frame("cases", cases),
        case_documents=make_frame("case_documents", links),
        attributes=make_frame("attributes", attributes),
        rows_read=len(codings) + sum(item.what == "coding" for item in aside),
        set_aside=aside,
        warnings=("a warning",),
    )
    project.check()
    return project


def assert_same(one: CodedProject, other: CodedProject) -> None:
    """Compare all frames, what was set aside, and warnings; segments in any order."""
    for name, frame in one.frames().items():
        left, right = _plain(name, frame), _plain(name, other.frames()[name])
        pd.testing.assert_frame_equal(left, right, obj=name)
    assert one.set_aside == other.set_aside
    assert one.rows_read == other.rows_read
    assert one.warnings == other.warnings
    for name in ("software", "version", "language", "is_partial"):
        assert getattr(one.info, name) == getattr(other.info, name)


def _plain(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    plain = frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "str"))
    if name == "segments":
        plain = plain.sort_values("segment_id", ignore_index=True)
    return plain
