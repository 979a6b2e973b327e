"""Documents as sources, with their segments, their values and their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from qdaio.model import CodedProject
from qdaio.programs.refi.conventions import describe
from qdaio.programs.refi.guids import guid_of
from qdaio.programs.refi.markup import Markup
from qdaio.programs.refi.write_notes import Notes
from qdaio.programs.refi.write_segments import SegmentWriter, Selections
from qdaio.programs.refi.write_values import Values

__all__ = ["DocumentWriter"]

ELEMENTS = {
    "text": "TextSource",
    "pdf": "PDFSource",
    "image": "PictureSource",
    "audio": "AudioSource",
    "video": "VideoSource",
}
PARTS = {
    "PDFSource": "Representation",
    "PictureSource": "TextDescription",
    "AudioSource": "Transcript",
    "VideoSource": "Transcript",
}


class DocumentWriter:
    """Writes the documents of a project one by one.

    Parameters
    ----------
    project : CodedProject
    values : Values
    markup : Markup
    notes : Notes

    Attributes
    ----------
    texts : dict of str to str
        Text of each document that has one, by the name of its file.
    """

    def __init__(self, project: CodedProject, values: Values, markup: Markup, notes: Notes) -> None:
        self._project, self._values, self._markup = project, values, markup
        self._segments = SegmentWriter(markup, notes)
        self.texts: dict[str, str] = {}

    def written(self) -> Iterator[str]:
        """Write ``<Sources>``, or nothing where there are no documents."""
        documents = self._project.documents
        if documents.empty:
            return
        segments: dict[str, list[Any]] = defaultdict(list)
        for segment in _rows(self._project.segments):
            segments[segment.document_id].append(segment)
        codings: dict[str, list[Any]] = defaultdict(list)
        for coding in _rows(self._project.codings):
            codings[coding.segment_id].append(coding)
        positions = documents["position"].fillna(len(documents) + 1)
        yield "<Sources>\n"
        for row in positions.sort_values(kind="stable").index:
            document = documents.loc[row]
            identifier = document["document_id"]
            yield from self._document(document, segments.pop(identifier, []), codings)
        yield "</Sources>\n"

    def _document(
        self, document: pd.Series, segments: list[Any], codings: dict[str, list[Any]]
    ) -> Iterator[str]:
        identifier, name = document["document_id"], document["name"]
        kind, text = (_or_none(document[column]) for column in ("kind", "text"))
        clean = None if text is None else self._markup.clean(text)
        made = self._segments.selections(iter(segments), codings, identifier, kind, clean)
        element = ELEMENTS.get(kind or "", "TextSource")
        is_made_up = text is None and bool(made.in_text or element == "TextSource")
        file = f"{guid_of('document', identifier)}.txt"
        path = None
        if text is not None or is_made_up:
            self.texts[file] = "\n".join(made.text) if clean is None else clean
            path = f"internal://{file}"
        description = self._markup.element(
            "Description",
            describe(
                is_made_up=is_made_up, kind=kind, is_implied=ELEMENTS.get(kind or "") == element
            ),
        )
        values = {"guid": guid_of("document", identifier), "name": name}
        if element == "TextSource":
            yield f"<TextSource{self._markup.attributes({**values, 'plainTextPath': path})}>"
            yield description
            yield from made.in_text
        else:
            yield f"<{element}{self._markup.attributes(values)}>{description}"
            yield from self._parts(element, identifier, path, made)
        yield from made.of_document
        yield self._values.of("document", identifier)
        yield f"</{element}>\n"

    def _parts(
        self, element: str, identifier: str, path: str | None, made: Selections
    ) -> Iterator[str]:
        """Write the text of a document that is more than text, and its selections."""
        part = PARTS[element]
        inner: Iterable[str] = ()
        if path is not None:
            guid = guid_of("representation", identifier)
            begin = f"<{part}{self._markup.attributes({'guid': guid, 'plainTextPath': path})}>\n"
            inner = (begin, *made.sync_points, *made.in_text, f"</{part}>\n")
        if element == "PDFSource":
            yield from made.in_media
            yield from inner
        else:
            yield from inner
            yield from made.in_media


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Give the rows of a frame, None for what is missing."""
    plain = {
        name: column.astype("object").where(column.notna(), None) for name, column in frame.items()
    }
    return iter(pd.DataFrame(plain).itertuples(index=False))


def _or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
