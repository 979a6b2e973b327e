"""Write a project as a workbook with the tables of MAXQDA, which it imports and people read.

Three sheets: coded segments, code system, document variables. XlsxWriter writes them; the
extra `qdaio[xlsx]` installs it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qdaio.faults import Fault, StudyError
from qdaio.files.writing import replacing
from qdaio.model import CodedProject

__all__ = ["write_workbook"]

SEGMENTS, SYSTEM, VARIABLES = "Coded Segments", "Code System", "Document Variables"
SEGMENT_HEADERS = (
    "Document group",
    "Document name",
    "Code",
    "Beginning",
    "End",
    "Weight score",
    "Segment",
    "Comment",
    "Created by",
    "Created on",
)
SPLIT, INSIDE = " > ", " › "  # what parts levels; what is written for it inside a name
MOST_LETTERS = 32_767  # of a cell
MOST_ROWS = 1_048_575  # below the headers
LONGEST_NAME = 63  # letters of a code's name that MAXQDA takes
WHEN = datetime.datetime(1980, 1, 1)  # the same bytes each time
AS_TEXT = {
    "in_memory": True,
    "strings_to_urls": False,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
}


def write_workbook(project: CodedProject, path: Path) -> list[str]:
    """Write a project as a workbook of MAXQDA's tables.

    The same project gives the same bytes. The file appears whole or not at all.

    Parameters
    ----------
    project : CodedProject
    path : Path

    Returns
    -------
    list of str
        What could not be held, one sentence each.

    Raises
    ------
    StudyError
        When XlsxWriter is not installed, or there are more codings than rows of a sheet.
    """
    if len(project.codings) > MOST_ROWS:
        raise StudyError(
            Fault(
                kind="too-large",
                file=path.name,
                found=f"{len(project.codings):,} codings",
                expected=f"at most {MOST_ROWS:,}, the rows of a sheet",
                remedy="Write it as tidy tables or as .qdpx.",
            )
        )
    try:
        import xlsxwriter
    except ImportError as error:
        raise StudyError(
            Fault(
                kind="missing-library",
                found="no library that writes workbooks",
                expected="XlsxWriter",
                remedy='Install it: pip install "qdaio[xlsx]"',
            )
        ) from error
    cut = 0
    with replacing(path) as beside, xlsxwriter.Workbook(str(beside), AS_TEXT) as book:
        book.set_properties({"created": WHEN, "title": path.stem})
        for name, rows in (
            (SEGMENTS, _segment_rows(project)),
            (SYSTEM, _system_rows(project)),
            (VARIABLES, _variable_rows(project)),
        ):
            cut += _write(book.add_worksheet(name), rows)
    return list(_losses(project, cut))


def _write(sheet: Any, rows: Iterable[Sequence[object]]) -> int:
    """Write rows of cells; return how many texts were too long for one."""
    cut = 0
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                cut += len(cell) > MOST_LETTERS
                sheet.write_string(number, column, cell[:MOST_LETTERS])
            elif isinstance(cell, int | float | np.number) and not math.isnan(cell):
                sheet.write_number(number, column, cell)
    sheet.freeze_panes(1, 0)
    return cut


def _segment_rows(project: CodedProject) -> Iterator[Sequence[object]]:
    yield SEGMENT_HEADERS
    documents = project.documents.set_index("document_id")[["group", "name"]]
    codings = project.codings.astype({"code_id": "str", "coder_id": "str"})
    paths = project.codes.set_index("code_id")["path"].map(_joined)
    people = project.coders.set_index("coder_id")["name"]
    starts, ends = _places(project)
    segments = project.segments.assign(
        first=pd.Series(starts, dtype="object"), last=pd.Series(ends, dtype="object")
    )
    segments = segments.astype({"document_id": "str"}).set_index("segment_id")
    at = segments.loc[codings["segment_id"]]
    where = documents.loc[at["document_id"]]
    comments = [
        "\n".join(text for text in pair if isinstance(text, str)) or None
        for pair in zip(codings["memo"], at["comment"], strict=True)
    ]
    columns: list[Iterable[object]] = [
        where["group"],
        where["name"],
        codings["code_id"].map(paths),
        at["first"],
        at["last"],
        codings["weight"],
        at["text"],
        comments,
        codings["coder_id"].map(people),
        codings["created_at"],
    ]
    yield from zip(*(list(column) for column in columns), strict=True)


def _places(project: CodedProject) -> tuple[list[object], list[object]]:
    """Return first and last paragraph of each segment, or its page and place there."""
    texts = dict(zip(project.documents["document_id"], project.documents["text"], strict=True))
    starts: list[object] = []
    ends: list[object] = []
    columns = ("document_id", "unit", "start", "end", "place", "start_cp", "end_cp")
    for document, unit, start, end, place, first, last in zip(
        *(project.segments[name].astype("object") for name in columns), strict=True
    ):
        text = texts.get(document)
        if unit == "paragraph" and not pd.isna(start):
            starts.append(int(start))
            ends.append(None if pd.isna(end) else int(end))
        elif isinstance(text, str) and not pd.isna(first) and not pd.isna(last):
            line = text.count("\n", 0, int(first)) + 1
            starts.append(line)
            ends.append(line + text.count("\n", int(first), max(int(last) - 1, int(first))))
        elif unit == "ms" and not pd.isna(start):
            starts.append(_clock(int(start)))
            ends.append(None if pd.isna(end) else _clock(int(end)))
        else:
            begin, _, stop = str(place).partition("–") if isinstance(place, str) else ("", "", "")
            starts.append(begin.strip() or None)
            ends.append(stop.strip() or None)
    return starts, ends


def _clock(milliseconds: int) -> str:
    """Write a time in a recording as MAXQDA does."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}.{rest:03}"


def _system_rows(project: CodedProject) -> Iterator[Sequence[object]]:
    """Lay the codes out, a column a level, with memo and frequency behind."""
    codes = project.codes
    depth = int(codes["level"].max()) if len(codes) else 1
    counts = project.codings["code_id"].astype("str").value_counts()
    yield [SYSTEM, *[None] * depth, "Memo", "Frequency"]
    yield [SYSTEM, *[None] * depth, None, len(project.codings)]
    ordered = codes.assign(order=codes["position"].fillna(len(codes) + 1))
    for row in _rows(ordered.sort_values("order", kind="stable")):
        cells: list[object] = [None] * (depth + 1)
        cells[len(row.path)] = _plain(row.name)
        memo = row.description if isinstance(row.description, str) else None
        yield [*cells, memo, int(counts.get(row.code_id, 0))]


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return iter(frame.itertuples(index=False))


def _plain(name: str) -> str:
    return name.replace(SPLIT, INSIDE)


def _joined(path: Iterable[str]) -> str:
    return SPLIT.join(map(_plain, path))


def _variable_rows(project: CodedProject) -> Iterator[Sequence[object]]:
    of_documents = project.attributes[project.attributes["entity"].astype("str") == "document"]
    names = list(of_documents["name"].drop_duplicates())
    values = {
        (owner, name): value
        for owner, name, value in zip(
            of_documents["entity_id"], of_documents["name"], of_documents["value"], strict=True
        )
    }
    yield ["Document group", "Document name", *names]
    for row in _rows(project.documents):
        group = row.group if isinstance(row.group, str) else None
        yield [group, row.name, *(values.get((row.document_id, name)) for name in names)]


def _with_texts(project: CodedProject) -> pd.Series:
    documents = project.documents
    return documents.loc[documents["text"].notna(), "document_id"].astype("str")


def _losses(project: CodedProject, cut: int) -> Iterator[str]:
    """Say what the tables of MAXQDA have no place for."""
    if cut:
        yield f"{cut} texts are cut off after {MOST_LETTERS:,} letters, the most of a cell."
    if texts := int(project.documents["text"].notna().sum()):
        yield f"The texts of {texts} documents are left out; the words of segments are kept."
    units = project.segments["unit"].astype("str")
    segments = project.segments
    has_text = segments["document_id"].astype("str").isin(_with_texts(project))
    in_text = segments["start_cp"].notna() & segments["end_cp"].notna() & has_text
    as_paragraph = (units == "paragraph") & segments["start"].notna()
    if placed := int((in_text & ~as_paragraph).sum()):
        yield f"The positions of {placed} segments are given as paragraphs."
    printed = segments["place"].notna()
    if hidden := int((printed & (in_text | as_paragraph | (units == "ms"))).sum()):
        yield f"The places of {hidden} segments, as they were printed, are left out."
    bare = segments["start"].notna() & ~in_text & ~as_paragraph & ~printed & (units != "ms")
    if lost := int(bare.sum()):
        yield f"The positions of {lost} segments, whose texts are not at hand, are left out."
    used = project.segments["segment_id"].isin(project.codings["segment_id"])
    if uncoded := int((~used).sum()):
        yield f"{uncoded} segments without a code are left out."
    if long := int((project.codes["name"].str.len() > LONGEST_NAME).sum()):
        yield f"{long} names of codes have more than {LONGEST_NAME} letters: MAXQDA cuts them."
    if joined := int(project.codes["name"].str.contains(SPLIT, regex=False).sum()):
        yield f'{joined} names of codes hold "{SPLIT}", a level in MAXQDA: "{INSIDE}" is written.'
    if alike := int(project.codes["path"].duplicated().sum()):
        yield f"{alike} codes have name and place of another, and become one with it."
    if colours := int(project.codes["colour"].notna().sum()):
        yield f"The colours of {colours} codes are left out."
    idle = ~project.coders["coder_id"].isin(project.codings["coder_id"].astype("str"))
    if coders := int(idle.sum()):
        yield f"{coders} coders without a coding are left out."
    if cases := len(project.cases):
        yield f"{cases} cases are left out; documents are kept."
    entities = project.attributes["entity"].astype("str")
    if others := int((entities != "document").sum()):
        yield f"{others} attributes of cases or codes are left out."
    if memos := int(project.codings["memo"].notna().sum()):
        yield f"The memos of {memos} codings stand in the column of comments."
    if cells := len(project.matrix_cells):
        yield f"{cells} cells of tables that hold counts only are left out."
    if aside := len(project.set_aside):
        yield f"{aside} rows that were set aside on reading are left out."
