"""Coded projects of all kinds, for tests that write them and read them again."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from qdaio.codes import code_id, document_id
from qdaio.model import CodedProject, ExportInfo, make_frame
from qdaio.programs.refi.origin import guid_of

LETTERS = "ab \"<&>'é\n\t\r٣م\U0001f600:>/\\(–)=+-@,;"
WORDS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=8)
MAYBE = st.none() | WORDS
DATES = st.sampled_from(
    [None, "2023-05-10T17:18:15", "2023-05-10T17:18:15Z", "2023-02-30T10:00:00", "2023-05-10", "x"]
)
KINDS = st.sampled_from([None, "text", "pdf", "image", "audio", "video", "table"])
NUMBERS = st.none() | st.integers(0, 10**6)


@st.composite
def code_frames(draw: st.DrawFn) -> pd.DataFrame:
    """Draw a tree of codes in the order of a code system."""
    use_guids = draw(st.booleans())
    paths: list[tuple[str, ...]] = []

    def grow(parent: tuple[str, ...], depth: int) -> None:
        for name in draw(st.lists(WORDS, max_size=3 if depth else 2, unique=True)):
            paths.append((*parent, name))
            if depth < 3:
                grow((*parent, name), depth + 1)

    grow((), 0)
    ids = [guid_of("drawn", code_id(path)) if use_guids else code_id(path) for path in paths]
    by_path = dict(zip(paths, ids, strict=True))
    count = len(paths)
    return make_frame(
        "codes",
        {
            "code_id": ids,
            "parent_id": [by_path.get(path[:-1]) for path in paths],
            "name": [path[-1] for path in paths],
            "path": paths,
            "level": [len(path) for path in paths],
            "position": range(1, count + 1),
            "is_codable": draw(st.lists(st.booleans(), min_size=count, max_size=count)),
            "colour": draw(
                st.lists(st.sampled_from([None, "#00FF7f"]), min_size=count, max_size=count)
            ),
            "description": draw(st.lists(MAYBE, min_size=count, max_size=count)),
        },
    )


@st.composite
def segment_of(draw: st.DrawFn, kind: str | None, text: str | None) -> dict[str, object]:
    """Draw what is known of one segment of a document."""
    segment: dict[str, object] = {"comment": draw(MAYBE), "offset_status": "unchecked"}
    form = draw(st.sampled_from(["text", "paragraph", "nothing", "media", "lost"]))
    if form == "text" and text is not None:
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        segment |= {"start_cp": start, "end_cp": end, "text": text[start:end]}
        segment |= draw(
            st.sampled_from(
                [
                    {"unit": "code point", "start": start, "end": end},
                    {"unit": "utf-16", "start": start + 3, "end": end + 4},
                    {"unit": "code point", "start": start, "end": end, "place": "¶ 3 – 4"},
                ]
            )
        )
        return segment | {"offset_status": "ok"}
    if form == "media" and kind == "pdf":
        page = draw(st.integers(0, 9))
        rectangle = {"unit": "page rectangle", "start": page, "end": page}
        return segment | rectangle | {"place": "(1, 2)–(30, -4)", "text": draw(MAYBE)}
    if form == "media" and kind == "image":
        return segment | {"unit": "page rectangle", "place": "(1, 2)–(30, -4)"}
    if form == "media" and kind in ("audio", "video"):
        return segment | {"unit": "ms", "start": draw(st.integers(0, 99)), "end": 100}
    if form == "nothing":
        return segment
    return segment | {
        "unit": draw(st.sampled_from([None, "paragraph", "page", "utf-16"])),
        "start": draw(NUMBERS),
        "end": draw(NUMBERS),
        "place": draw(MAYBE),
        "text": draw(MAYBE),
    }


@st.composite
def projects(draw: st.DrawFn) -> CodedProject:
    """Draw a project with documents, codes, codings, coders, cases and attributes."""
    codes = draw(code_frames())
    names = draw(st.lists(st.tuples(MAYBE, WORDS), max_size=4, unique=True))
    ids = [document_id(group, name) for group, name in names]
    kinds = [draw(KINDS) for _ in names]
    texts = [draw(st.none() | st.text(st.sampled_from(LETTERS), max_size=30)) for _ in names]
    coders = draw(st.lists(WORDS, max_size=3, unique=True))
    segments: list[dict[str, object]] = []
    codings: list[dict[str, object]] = []
    for number, kind, text in zip(ids, kinds, texts, strict=True):
        for _ in range(draw(st.integers(0, 4))):
            segment = {"segment_id": f"s{len(segments) + 1}", "document_id": number}
            segments.append(segment | draw(segment_of(kind, text)))
            for _ in range(draw(st.integers(0, 2)) if len(codes) else 0):
                codings.append(
                    {
                        "coding_id": f"c{len(codings) + 1}",
                        "segment_id": segments[-1]["segment_id"],
                        "code_id": draw(st.sampled_from(codes["code_id"].tolist())),
                        "coder_id": draw(st.sampled_from([None, *coders])),
                        "weight": draw(st.none() | st.floats(-1e6, 1e6)),
                        "created_at": draw(DATES),
                        "memo": draw(MAYBE),
                        "source_file": "drawn",
                        "source_row": len(codings) + 2,
                    }
                )
    cases = draw(st.lists(WORDS, max_size=3, unique=True))
    entities = [("document", it) for it in ids] + [("case", it) for it in cases]
    attributes = [
        {"entity": entity, "entity_id": identifier, "name": name, "value": value}
        for entity, identifier in entities
        for name, value in draw(
            st.lists(
                st.tuples(WORDS, MAYBE | st.sampled_from(["1", "007", "2.50", "2023-05-10"])),
                max_size=3,
                unique_by=lambda pair: pair[0],
            )
        )
    ]
    return CodedProject(
        info=ExportInfo("drawn", "hypothesis"),
        documents=make_frame(
            "documents",
            {
                "document_id": ids,
                "name": [name for _, name in names],
                "group": [group for group, _ in names],
                "kind": kinds,
                "text": texts,
                "position": range(1, len(ids) + 1),
            },
        ),
        codes=codes,
        coders=make_frame("coders", {"coder_id": coders, "name": [it + "!" for it in coders]}),
        segments=make_frame("segments", segments),
        codings=make_frame("codings", codings),
        cases=make_frame("cases", {"case_id": cases, "name": cases}),
        case_documents=make_frame(
            "case_documents",
            [
                {"case_id": case, "document_id": document}
                for case in cases
                for document in ids
                if draw(st.booleans())
            ],
        ),
        attributes=make_frame("attributes", attributes),
        rows_read=len(codings),
    )
