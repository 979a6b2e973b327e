"""The list of highlights of Taguette: one row for each tag of each highlight."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from qdaio.codes import code_frame, code_id
from qdaio.files.cells import as_text, text_series
from qdaio.files.source import Source
from qdaio.join import Statements, statement
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.reader import Match
from qdaio.tables import SheetTable, find_table, match_by_sheet

__all__ = ["READER", "TaguetteHighlights"]

REQUIRED = {name: [name] for name in ("id", "document", "tag", "content")}
DATABASE = "taguette-database"
SOFTWARE = "Taguette"


class TaguetteHighlights:
    """Reads highlights exported as CSV or Excel, for all tags or for one."""

    format = "taguette-highlights"
    software = SOFTWARE

    def recognise(self, source: Source) -> Match | None:
        """Know the four columns, whose names no translation changes."""
        return match_by_sheet(
            source,
            lambda sheet: find_table(sheet, REQUIRED),
            "the columns id, document, tag and content",
        )

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the list alone; each tag stands at the root."""
        return self.read_beside(source, match, ())

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the list; a codebook says which tag is under which, a database what it has too.

        Raises
        ------
        StudyError
            When rows name no document.
        """
        notes = Notes(source.name)
        rows = _Rows(match.details["table"], notes)
        if unknown := list(rows.table.unknown):
            notes.warn(
                f"these columns are not Taguette's, and were not read: {', '.join(unknown)}."
            )
        kept = _without_stated(rows, rows.kept(notes), parts, notes)
        names = list(dict.fromkeys(rows.tags[place] for place in kept))
        known = _paths(parts)
        paths = [known.get(name, (name,)) for name in names]
        ids = {name: code_id(path) for name, path in zip(names, paths, strict=True)}
        documents = list(dict.fromkeys(rows.documents))
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
            ),
            documents=make_frame(
                "documents",
                {
                    "document_id": documents,
                    "name": documents,
                    "position": range(1, len(documents) + 1),
                },
            ),
            codes=code_frame(paths),
            segments=rows.segments(kept),
            codings=rows.codings(kept, ids),
            rows_read=len(kept) + notes.codings_aside,
            set_aside=tuple(notes.set_aside),
            warnings=(*rows.table.sheet.warnings, *notes.warnings),
        )


class _Rows:
    """The list, column by column, and the highlight that each row belongs to."""

    def __init__(self, table: SheetTable, notes: Notes) -> None:
        self.table = table
        self.file = table.sheet.file
        self.sheet = table.sheet.name.strip() or None
        notes.faults.extend(table.faults)
        texts = {name: [as_text(cell) for cell in table.columns[name]] for name in REQUIRED}
        self.tags = [(text or "").strip() for text in texts["tag"]]
        self.documents = [text or "" for text in texts["document"]]
        self.contents = texts["content"]
        self.numbers = texts["id"]
        for row, document in zip(table.row_numbers, self.documents, strict=True):
            if not document:
                notes.faults.add(
                    kind="missing-value",
                    file=self.file,
                    sheet=self.sheet,
                    row=row,
                    column=table.headers["document"],
                    found="no document",
                    expected="the name of the document",
                    remedy="Fill in the document, or export the list again.",
                )
        notes.faults.raise_if_any()
        first: dict[tuple[object, ...], int] = {}
        keys = zip(self.numbers, self.documents, self.contents, strict=True)
        # a row without a number is a highlight of its own
        self.highlight = [
            first.setdefault(key if key[0] is not None else (place,), place)
            for place, key in enumerate(keys)
        ]

    def kept(self, notes: Notes) -> list[int]:
        """Return the rows that name a tag; the others are highlights without one."""
        kept = []
        for place, tag in enumerate(self.tags):
            if tag:
                kept.append(place)
            else:
                row = self.table.row_numbers[place]
                document = self.documents[place]
                why = "no tag was given to it"
                notes.aside("uncoded highlight", why, row, self.sheet, document=document)
        return kept

    def segments(self, kept: Sequence[int]) -> pd.DataFrame:
        """Return a segment for each highlight. Its number tells equal words apart."""
        used = list(dict.fromkeys(self.highlight[place] for place in kept))
        numbers = [self.numbers[place] for place in used]
        return make_frame(
            "segments",
            {
                "segment_id": [f"s{place + 1}" for place in used],
                "document_id": [self.documents[place] for place in used],
                "place": text_series([number and f"highlight {number}" for number in numbers]),
                "text": text_series([self.contents[place] for place in used]),
                "offset_status": ["unchecked"] * len(used),
            },
        )

    def codings(self, kept: Sequence[int], ids: dict[str, str]) -> pd.DataFrame:
        """Return a coding for each row that names a tag."""
        size = len(kept)
        return make_frame(
            "codings",
            {
                "coding_id": [f"c{number}" for number in range(1, size + 1)],
                "segment_id": [f"s{self.highlight[place] + 1}" for place in kept],
                "code_id": [ids[self.tags[place]] for place in kept],
                "source_file": [self.file] * size,
                "source_sheet": pd.Series([self.sheet] * size, dtype="str"),
                "source_row": [self.table.row_numbers[place] for place in kept],
            },
        )


def _paths(parts: Sequence[CodedProject]) -> dict[str, tuple[str, ...]]:
    """Return where each tag stands, as a codebook or database of Taguette says."""
    return {
        path[-1]: path
        for part in parts
        if part.info.software == SOFTWARE
        for path in part.codes["path"]
    }


def _without_stated(
    rows: _Rows, kept: list[int], parts: Sequence[CodedProject], notes: Notes
) -> list[int]:
    """Set aside the codings that the database of the project holds as well."""
    databases = [part for part in parts if part.info.format == DATABASE]
    if not databases:
        return kept
    held = Statements(databases, with_coders=False)
    left = []
    for place in kept:
        document, tag = rows.documents[place], rows.tags[place]
        if held.take(statement(document, tag, None, rows.contents[place])):
            row = rows.table.row_numbers[place]
            why = f"{held.name} holds the same coding"
            notes.aside("coding", why, row, rows.sheet, code=tag, document=document)
        else:
            left.append(place)
    if left:
        notes.warn(
            f"{len(left)} of {len(kept)} codings are not in {held.name}, and are counted as well. "
            "If one of the files is out of date, leave it out."
        )
    return left


READER = TaguetteHighlights()
