"""Selections as segments, each placed in its text and checked, and what was coded in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.files.cells import text_series
from qdaio.labels import unique
from qdaio.model import empty_frame, labelled, make_frame, masked, numbered
from qdaio.places import MISSING, STANDARD, STATUSES, Choice, Passage, choose_counter, place
from qdaio.programs.refi.codebook import Codes, Memos, Part
from qdaio.programs.refi.documents import Documents
from qdaio.programs.refi.elements import RECTANGLE, SYNC, TEXT, TIME, Collected
from qdaio.programs.refi.origin import CREATED, MEMO, WEIGHT, normalised, place_of

__all__ = ["Coders", "read_coders", "read_codings", "read_segments", "sources_of"]


MOST_TEXT = 128 * 1024 * 1024  # characters of all segments; beyond it the text is left out
UNCHECKED = STATUSES.index("unchecked")
UNITS = ("code point", "utf-16", "byte", "page rectangle", "ms")
OUTSIDE = -1


def read_segments(part: Part, documents: Documents, memos: Memos) -> pd.DataFrame:
    """Build the frame of segments, one row per selection, as the program wrote them.

    Selections of one span stay apart, though some programs write one for each code and
    coder and others one for all: counting is by coding, and a span is a document with
    its two positions.
    """
    out = part.out
    count = len(out.selection_name)
    columns = _Columns(part, documents, count)
    columns.place_texts()
    columns.place_transcripts()
    comments: list[str | None] = [None] * count
    for row in {*out.selection_comment, *out.selection_notes}:
        comments[row] = memos.of(out.selection_notes.get(row), out.selection_comment.get(row))
    if part.origin.is_ours:
        columns.read_names()
    return make_frame(
        "segments",
        pd.DataFrame(
            {
                "segment_id": numbered("s", count),
                "document_id": labelled(columns.source, documents.frame["document_id"]),
                "start": masked(columns.start, MISSING),
                "end": masked(columns.end, MISSING),
                "unit": labelled(columns.unit, [*UNITS, *columns.other_units]),
                "place": text_series(columns.place),
                "start_cp": masked(columns.start_cp, OUTSIDE),
                "end_cp": masked(columns.end_cp, OUTSIDE),
                "text": text_series(columns.text),
                "comment": text_series(comments),
                "offset_status": labelled(columns.status, STATUSES),
            }
        ),
    )


def sources_of(out: Collected) -> npt.NDArray[np.int64]:
    """Return the source of each selection."""
    borders = np.append(np.array(out.source_first, dtype=np.int64), len(out.selection_name))
    return np.repeat(np.arange(len(out.source_first)), np.diff(borders))


class _Columns:
    """Columns of the frame while they are filled, shape (selections,) each."""

    def __init__(self, part: Part, documents: Documents, count: int) -> None:
        out = part.out
        self.part, self.documents = part, documents
        self.source = sources_of(out)
        self.shape = np.full(count, TEXT, dtype=np.int8)
        for row, shape in out.selection_shape.items():
            self.shape[row] = shape
        self.start = np.array(out.selection_start, dtype=np.int64)
        self.end = np.array(out.selection_end, dtype=np.int64)
        self.start_cp = np.full(count, OUTSIDE, dtype=np.int64)
        self.end_cp = np.full(count, OUTSIDE, dtype=np.int64)
        self.status = np.full(count, UNCHECKED, dtype=np.int8)
        self.unit = np.full(count, OUTSIDE, dtype=np.int64)
        self.unit[self.shape == RECTANGLE] = UNITS.index("page rectangle")
        self.unit[(self.shape == TIME) | (self.shape == SYNC)] = UNITS.index("ms")
        self.other_units: list[str] = []
        self.place: list[str | None] = [None] * count
        for row, where in out.selection_place.items():
            self.place[row] = where
        self.text: list[str | None] = [None] * count
        for row, quote in out.selection_quote.items():
            self.text[row] = quote
        self._room = MOST_TEXT
        self._left_out = 0

    def place_texts(self) -> None:
        """Place the selections of characters, and take their words from the texts."""
        of_text = np.flatnonzero(self.shape == TEXT)
        names = self.part.out.selection_name
        passages: list[tuple[npt.NDArray[np.int64], Passage]] = []
        for rows in _by_value(self.source[of_text]):
            selected = of_text[rows]
            text = self.documents.texts[self.source[selected[0]]]
            if text is None:
                if self.part.origin.quotes:
                    self._take_names(selected)
                continue
            quotes = None if self.part.origin.is_ours else [names[row] for row in selected]
            starts, ends = self.start[selected], self.end[selected]
            passage = Passage(text.content, starts, ends, quotes, text.had_bom)
            passages.append((selected, passage))
        choice = self._choose([passage for _, passage in passages])
        self.unit[of_text] = UNITS.index(choice.counter.unit)
        for selected, passage in passages:
            placed = place(passage, choice)
            self.start_cp[selected], self.end_cp[selected] = placed.start_cp, placed.end_cp
            self.status[selected] = placed.status
            self._cut(selected, passage.text)
        if self._left_out:
            self.part.warnings.append(
                f"{self._left_out} segments are so long that their texts are left out; they are "
                "counted, and their places are kept."
            )

    def _choose(self, passages: list[Passage]) -> Choice:
        if self.part.origin.is_ours:
            return Choice(STANDARD, STANDARD, "ourselves", held=1, checked=1)
        choice = choose_counter(passages, self.part.origin.counter)
        if choice.counter != choice.preferred:
            self.part.warnings.append(
                f"Positions in texts are counted in {choice.counter}, as {choice.held} of "
                f"{choice.checked} {choice.by} show; {choice.preferred} were expected."
            )
        return choice

    def _cut(self, selected: npt.NDArray[np.int64], text: str) -> None:
        starts, ends = self.start_cp[selected].tolist(), self.end_cp[selected].tolist()
        spans: dict[tuple[int, int], str] = {}
        for row, start, end in zip(selected.tolist(), starts, ends, strict=True):
            if start < 0:
                continue
            self._room -= end - start
            if self._room < 0:
                self._left_out += 1
                continue
            words = spans.get((start, end))
            if words is None:
                words = spans[start, end] = text[start:end]
            self.text[row] = words

    def _take_names(self, selected: npt.NDArray[np.int64]) -> None:
        names = self.part.out.selection_name
        for row in selected.tolist():
            self.text[row] = names[row]

    def place_transcripts(self) -> None:
        """Place selections of transcripts, which lie between points of time and of the text."""
        points = self.part.out.sync_points
        for row, (first, last) in self.part.out.selection_sync.items():
            starts, ends = points.get(first or ""), points.get(last or "")
            if starts is None or ends is None:
                continue
            if starts[0] is not None and ends[0] is not None:
                self.start[row], self.end[row] = starts[0], ends[0]
            elif starts[1] is not None and ends[1] is not None:
                self.start[row], self.end[row] = starts[1], ends[1]
                self.unit[row] = UNITS.index("code point")
            text = self.documents.texts[self.source[row]]
            if text is None or starts[1] is None or ends[1] is None:
                continue
            if 0 <= starts[1] <= ends[1] <= len(text.content):
                self.start_cp[row], self.end_cp[row] = starts[1], ends[1]
                self._cut(np.array([row]), text.content)
                self.status[row] = STATUSES.index("ok") if self.part.origin.is_ours else UNCHECKED
            else:
                self.status[row] = STATUSES.index("mismatch")

    def read_names(self) -> None:
        """Read back what this package wrote into names of selections (see `conventions`)."""
        known = {unit: number for number, unit in enumerate(UNITS)}
        names = self.part.out.selection_name
        for row in np.flatnonzero((self.shape == TEXT) | (self.shape == SYNC)).tolist():
            name, is_made_up = names[row], int(self.source[row]) in self.documents.segments_only
            stated = place_of(name) if name else None
            if stated is None and not is_made_up:
                continue
            unit, start, end, where, text = stated or (None, None, None, None, None)
            self.start[row] = MISSING if start is None else start
            self.end[row] = MISSING if end is None else end
            self.place[row] = where
            if unit is not None and unit not in known:
                known[unit] = len(known)
                self.other_units.append(unit)
            self.unit[row] = OUTSIDE if unit is None else known[unit]
            if is_made_up or text is not None:
                self.text[row] = (self.text[row] if is_made_up else text) or None
                self.start_cp[row] = self.end_cp[row] = OUTSIDE
                self.status[row] = UNCHECKED


def _by_value(values: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Return the rows of each distinct value, in order."""
    if not len(values):
        return []
    order = np.argsort(values, kind="stable")
    cuts = np.flatnonzero(np.diff(values[order])) + 1
    return list(np.split(order, cuts))


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
    """Build the frame of codings, one row per reference to a code.

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
