"""The segments of one document as selections, with their codings and memos."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from qdaio.places import CORNERS, corners
from qdaio.programs.refi.origin import CREATED, MEMO, WEIGHT, guid_of, place_name
from qdaio.programs.refi.write_codebook import Markup

__all__ = ["Notes", "SegmentWriter", "Selections"]


class Notes:
    """Collects memos while what they belong to is written."""

    def __init__(self) -> None:
        self._references: dict[tuple[str, str], str] = {}

    def refer(self, title: str, text: str) -> str:
        """Return a reference to the memo of this title and text."""
        key = title, text
        reference = self._references.get(key)
        if reference is None:
            reference = f'<NoteRef targetGUID="{guid_of("note", f"{title}:{text}")}"/>'
            self._references[key] = reference
        return reference

    def written(self, markup: Markup) -> Iterator[str]:
        """Write ``<Notes>``, or nothing where there are none."""
        if not self._references:
            return
        yield "<Notes>\n"
        for title, text in self._references:
            attributes = markup.attributes(
                {"guid": guid_of("note", f"{title}:{text}"), "name": title}
            )
            yield f"<Note{attributes}>{markup.element('PlainTextContent', text)}</Note>\n"
        yield "</Notes>\n"


XML_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?")
SHAPES = {"pdf": "PDFSelection", "image": "PictureSelection"}
TIMES = {"audio": "AudioSelection", "video": "VideoSelection"}


@dataclass(slots=True)
class Selections:
    """The selections of a document by the element that they stand in.

    Attributes
    ----------
    text : list of str
        Parts of the document's text, where that is made of its segments.
    in_text, in_media : list of str
        Selections of characters, and of pages, pictures or time.
    of_document : list of str
        Codings of the document as a whole.
    sync_points : dict of str
        Points of a transcript that selections of its characters refer to.
    """

    text: list[str] = field(default_factory=list)
    in_text: list[str] = field(default_factory=list)
    in_media: list[str] = field(default_factory=list)
    of_document: list[str] = field(default_factory=list)
    sync_points: dict[str, None] = field(default_factory=dict)


class SegmentWriter:
    """Writes segments as selections.

    Parameters
    ----------
    markup : Markup
    notes : Notes
        Gets the weights, memos and dates that have no other place.
    """

    def __init__(self, markup: Markup, notes: Notes) -> None:
        self._markup, self._notes = markup, notes

    def selections(
        self,
        segments: Iterator[Any],
        codings: dict[str, list[Any]],
        document: str,
        kind: str | None,
        text: str | None,
    ) -> Selections:
        """Write all segments of a document.

        Parameters
        ----------
        segments : iterator of rows of the frame ``segments``
        codings : dict of str to list
            Rows of the frame ``codings`` by segment.
        document : str
            Its identifier.
        kind : str, optional
        text : str, optional
            None where the text is to be made of the segments.
        """
        made = Selections()
        length = 0
        for segment in segments:
            applied = codings.get(segment.segment_id, [])
            inside = "".join(map(self._coding, applied))
            if _is_whole(segment) and len(applied) == 1:
                made.of_document.append(inside)
                continue
            if media := self._in_media(segment, kind, inside):
                made.in_media.append(media)
                continue
            name: str | None = None
            if text is None:
                words = self._markup.clean(segment.text or "")
                start, end = length, length + len(words)
                made.text.append(words)
                length = end + 1
                stated = (segment.unit, segment.start, segment.end, segment.place)
                name = None if stated == (None,) * 4 else _name(segment)
            elif segment.start_cp is None or segment.end_cp is None:
                start = end = 0
                name = _name(segment, segment.text or "")
            else:
                start, end = segment.start_cp, segment.end_cp
                name = None if _is_plain(segment, kind) else _name(segment)
            if kind in TIMES:
                made.in_text.append(
                    self._in_transcript(segment, document, start, end, name, inside, made)
                )
            else:
                made.in_text.append(
                    self._selection(
                        "PlainTextSelection",
                        segment,
                        inside,
                        {"name": name, "startPosition": str(start), "endPosition": str(end)},
                    )
                )
        return made

    def _in_media(self, segment: Any, kind: str | None, inside: str) -> str | None:
        """Write a segment of a page, a picture or a recording; None for any other."""
        if kind in SHAPES and segment.unit == "page rectangle":
            numbers = corners(segment.place)
            if numbers is None:
                return None
            values: dict[str, str | None] = dict(zip(CORNERS, numbers, strict=True))
            if kind == "image":
                if segment.text is not None or segment.start is not None:
                    return None
                return self._selection(SHAPES[kind], segment, inside, values)
            if segment.start is None or segment.start != segment.end:
                return None
            values["page"] = str(segment.start)
            quote = ""
            if segment.text is not None:
                guid = guid_of("quote", segment.segment_id)
                words = self._markup.element("PlainTextContent", segment.text)
                quote = f'<Representation guid="{guid}">{words}</Representation>'
            return self._selection(SHAPES[kind], segment, quote + inside, values)
        if kind in TIMES and segment.unit == "ms" and segment.text is None:
            placed = segment.start_cp is not None or segment.place is not None
            if not placed and segment.start is not None and segment.end is not None:
                values = {"begin": str(segment.start), "end": str(segment.end)}
                return self._selection(TIMES[kind], segment, inside, values)
        return None

    def _in_transcript(
        self,
        segment: Any,
        document: str,
        start: int,
        end: int,
        name: str | None,
        inside: str,
        made: Selections,
    ) -> str:
        values: dict[str, str | None] = {"name": name}
        is_timed = name is None and segment.unit == "ms"
        times = (segment.start, segment.end) if is_timed else (None, None)
        for side, place, time in (
            ("fromSyncPoint", start, times[0]),
            ("toSyncPoint", end, times[1]),
        ):
            stamp = None if time is None else str(time)
            guid = guid_of("sync point", f"{document}:{place}:{stamp}")
            values[side] = guid
            point = {"guid": guid, "timeStamp": stamp, "position": str(place)}
            made.sync_points[f"<SyncPoint{self._markup.attributes(point)}/>\n"] = None
        return self._selection("TranscriptSelection", segment, inside, values)

    def _selection(
        self, element: str, segment: Any, inside: str, values: dict[str, str | None]
    ) -> str:
        attributes = self._markup.attributes(
            {"guid": guid_of("segment", segment.segment_id), **values}
        )
        comment = self._markup.element("Description", segment.comment)
        return f"<{element}{attributes}>{comment}{inside}</{element}>\n"

    def _coding(self, coding: Any) -> str:
        date = coding.created_at
        notes = ""
        if date is not None and not _is_xml_date(date):
            notes += self._notes.refer(CREATED, date)
            date = None
        if coding.weight is not None:
            notes += self._notes.refer(WEIGHT, repr(float(coding.weight)))
        if coding.memo is not None:
            notes += self._notes.refer(MEMO, coding.memo)
        coder = f' creatingUser="{_user(coding.coder_id)}"' if coding.coder_id is not None else ""
        when = f' creationDateTime="{date}"' if date is not None else ""
        return (
            f'<Coding guid="{guid_of("coding", coding.coding_id)}"{coder}{when}>'
            f'<CodeRef targetGUID="{_code(coding.code_id)}"/>{notes}</Coding>'
        )


@lru_cache(maxsize=65_536)
def _code(identifier: str) -> str:
    return guid_of("code", identifier)


@lru_cache(maxsize=1024)
def _user(identifier: str) -> str:
    return guid_of("user", identifier)


def _is_whole(segment: Any) -> bool:
    """Whether nothing is said of the segment but its document."""
    return all(
        value is None
        for value in (segment.start, segment.end, segment.unit, segment.place, segment.text)
    ) and all(value is None for value in (segment.start_cp, segment.end_cp, segment.comment))


def _is_plain(segment: Any, kind: str | None) -> bool:
    """Whether the format's own positions say all that is known of the place."""
    if segment.place is not None:
        return False
    if segment.unit == "ms" and kind in TIMES:
        return segment.start is not None and segment.end is not None
    stated = (segment.unit, segment.start, segment.end)
    return bool(stated == ("code point", segment.start_cp, segment.end_cp))


def _name(segment: Any, text: str | None = None) -> str:
    return place_name(segment.unit, segment.start, segment.end, segment.place, text)


@lru_cache(maxsize=65_536)
def _is_xml_date(text: str) -> bool:
    if not XML_DATE.fullmatch(text):
        return False
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
