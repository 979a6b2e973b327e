"""The codings of a project file: who applied which code to which segment."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.files.cells import text_series
from qdaio.labels import unique
from qdaio.model import empty_frame, labelled, make_frame, numbered
from qdaio.programs.refi.codes import Codes
from qdaio.programs.refi.collected import RECTANGLE
from qdaio.programs.refi.conventions import CREATED, MEMO, WEIGHT
from qdaio.programs.refi.documents import Documents
from qdaio.programs.refi.guids import normalised
from qdaio.programs.refi.memos import Memos
from qdaio.programs.refi.part import Part
from qdaio.programs.refi.segments import sources_of

__all__ = ["Coders", "read_coders", "read_codings"]


@dataclass(frozen=True, slots=True, eq=False)
class Coders:
    """The frame ``coders`` of the model, and its row for each word that names a user."""

    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]


def read_coders(part: Part) -> Coders:
    """Build the frame of coders: all users, and whoever else is said to have coded.

    A coder's identifier is the name, as in the tables of the same programs.
    """
    out = part.out
    rows: dict[str, int] = {}
    names: list[str] = []
    labels: list[str] = []
    for stated, name, initials in out.users:
        guid = normalised(stated)
        if guid in rows:
            continue
        rows[guid] = len(names)
        names.append(name or initials or guid)
        labels.append(initials if part.origin.is_ours and initials else names[-1])
    nameless = 0
    numbers = np.full(len(out.users_named), -1, dtype=np.int64)
    for word, number in out.users_named.items():
        if not word:
            continue
        guid = normalised(word)
        if guid not in rows:
            nameless += 1
            rows[guid] = len(names)
            names.append(guid)
            labels.append(guid)
        numbers[number] = rows[guid]
    if nameless:
        part.warnings.append(
            f"{nameless} coders are no users of the file; their identifiers stand for their names."
        )
    told = unique(labels)
    if told != labels:
        part.warnings.append(
            "Several users have one name; they are told apart by a number, as in "
            f'"{next(new for new, old in zip(told, labels, strict=True) if new != old)}".'
        )
    frame = make_frame("coders", {"coder_id": told, "name": names})
    return Coders(frame, numbers)


def read_codings(
    part: Part,
    codes: Codes,
    coders: Coders,
    documents: Documents,
    segments: pd.DataFrame,
    memos: Memos,
) -> pd.DataFrame:
    """Build the frame of codings, one row a reference to a code.

    Codings whose code is unknown, and those that cannot be read, are set aside.
    """
    out = part.out
    code = np.full(len(out.codes_named), -1, dtype=np.int64)
    for word, number in out.codes_named.items():
        code[number] = codes.rows.get(normalised(word or ""), -1)
    codes_of = code[np.array(out.coding_code, dtype=np.int64)]
    selections = np.array(out.coding_selection, dtype=np.int64)
    lines = np.array(out.coding_line, dtype=np.int64)
    known = codes_of >= 0
    _set_aside(part, documents, selections, lines, known)
    kept = np.flatnonzero(known)
    if not len(kept):
        return empty_frame("codings")
    dates = [word or None for word in out.dates_named]
    created = text_series(dates).take(np.array(out.coding_date, dtype=np.int64)[kept])
    frame = pd.DataFrame(
        {
            "coding_id": numbered("c", len(kept)),
            "segment_id": segments["segment_id"].take(selections[kept]).reset_index(drop=True),
            "code_id": labelled(codes_of[kept], codes.frame["code_id"]),
            "coder_id": labelled(
                coders.rows[np.array(out.coding_user, dtype=np.int64)[kept]],
                coders.frame["coder_id"],
            ),
            "created_at": created.reset_index(drop=True),
            "source_file": labelled(np.zeros(len(kept), dtype=np.int8), [part.file]),
            "source_row": lines[kept],
            "is_repeat": _twins(part, selections, codes_of)[kept],
        }
    )
    if part.member is not None:
        frame["source_sheet"] = labelled(np.zeros(len(kept), dtype=np.int8), [part.member])
    if out.coding_notes:
        _add_notes(part, frame, kept, memos)
    return make_frame("codings", frame)


def _add_notes(part: Part, frame: pd.DataFrame, kept: npt.NDArray[np.int64], memos: Memos) -> None:
    """Fill in memos; where this package wrote the file also weights and dates."""
    said: list[str | None] = [None] * len(kept)
    weights: list[float | None] = [None] * len(kept)
    created = frame["created_at"].tolist()
    for row, coding in enumerate(kept.tolist()):
        guids = part.out.coding_notes.get(coding)
        if not guids:
            continue
        if not part.origin.is_ours:
            said[row] = memos.of(guids)
            continue
        for guid in map(normalised, guids):
            title, text = memos.titles.get(guid), memos.texts.get(guid)
            if title == WEIGHT and (weight := _number(text)) is not None:
                weights[row] = weight
            elif title == CREATED:
                created[row] = text
            else:
                said[row] = text if title == MEMO else memos.of([guid])
    frame["memo"] = text_series(said)
    frame["weight"] = pd.Series(weights, dtype="Float64")
    frame["created_at"] = text_series([text if isinstance(text, str) else None for text in created])


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _set_aside(
    part: Part,
    documents: Documents,
    selections: npt.NDArray[np.int64],
    lines: npt.NDArray[np.int64],
    known: npt.NDArray[np.bool_],
) -> None:
    out = part.out
    names = documents.frame["name"].tolist()
    sources = sources_of(out)
    words = list(out.codes_named)
    for row in np.flatnonzero(~known).tolist():
        part.aside(
            "coding",
            "its code is not in the codebook of the file",
            int(lines[row]),
            code=words[out.coding_code[row]],
            document=names[sources[selections[row]]],
        )
    for lost in out.lost:
        document = names[lost.source] if lost.source >= 0 else None
        part.aside("coding", lost.why, lost.line, code=lost.code, document=document)
    coded = np.zeros(len(out.selection_name), dtype=np.bool_)
    coded[selections] = True
    twins = {out.selection_guid[row] for row in out.selection_guid if coded[row]}
    for row in np.flatnonzero(~coded).tolist():
        if out.selection_guid.get(row) in twins:
            continue
        part.aside(
            "uncoded highlight",
            "no code was applied to it",
            out.selection_line.get(row),
            document=names[sources[row]],
        )


def _twins(
    part: Part, selections: npt.NDArray[np.int64], codes: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Find codings that stand twice: on a rectangle of a page and on the text in it."""
    out = part.out
    twins = np.zeros(len(selections), dtype=np.bool_)
    if not out.selection_guid:
        return twins
    shapes: dict[tuple[str, int, int], int] = {}
    for row, selection in enumerate(selections.tolist()):
        guid = out.selection_guid.get(selection)
        if not guid:
            continue
        key = (guid, int(codes[row]), out.coding_user[row])
        is_rectangle = int(out.selection_shape.get(selection) == RECTANGLE)
        twins[row] = shapes.setdefault(key, is_rectangle) != is_rectangle
    if twins.any():
        part.warnings.append(
            f"{int(twins.sum())} codings stand twice, on a rectangle of a page and on the text in "
            "it; the second is counted and marked as a repetition."
        )
    return twins
