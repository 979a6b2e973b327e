"""doccano: what annotators marked in texts, as JSON lines, or a zip with a file for each of them.

Exports of all its tasks that code texts are read: labels of spans (three forms, by version),
entities with relations, and categories of whole texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from qdaio.faults import StudyError
from qdaio.files.archive import open_archive
from qdaio.files.json import first_records, read_records, text_of
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes
from qdaio.reader import Match
from qdaio.spans import Marks

__all__ = ["READER", "DoccanoExport"]

TEXT = ("text", "data")
LABELS = ("label", "labels", "entities", "annotations", "cats", "spans")
START, END, NAME = ("start_offset", "start"), ("end_offset", "end"), ("label", "name")
COMMENTS = ("Comments", "comments")
TOGETHER = {"all", "unknown"}  # names of files that are of no one annotator
ENDINGS = (".jsonl", ".json")


class DoccanoExport:
    """Reads an export of doccano."""

    format = "doccano"
    software = "doccano"

    def recognise(self, source: Source) -> Match | None:
        """Know a record with a text and its labels."""
        if source.kind == "json":
            is_known = any(map(_is_record, first_records(source.path)))
            return Match(0.96, "records with a text and its labels") if is_known else None
        if source.kind != "zip":
            return None
        try:
            with open_archive(source.path, source.name) as archive:
                members = [name for name in archive.names if name.endswith(ENDINGS)]
                if not members or len(members) < len(archive.names):
                    return None
                with archive.stream(members[0]) as stream:
                    record = next(read_records(stream, source.name), None)  # type: ignore[arg-type]
        except StudyError:
            return None
        reason = "a zip archive of records with a text and its labels"
        return Match(0.96, reason, details={"members": members}) if _is_record(record) else None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the records.

        Raises
        ------
        StudyError
            When the file is damaged, or records have no text or labels of another form.
        """
        notes = Notes(source.name)
        marks = Marks(notes)
        seen: dict[tuple[str, str], int] = {}
        if members := match.details.get("members"):
            with open_archive(source.path, source.name) as archive:
                for member in members:
                    stem = PurePosixPath(member).stem
                    coder = None if stem in TOGETHER else stem
                    with archive.stream(member) as stream:
                        records = read_records(stream, source.name, member)  # type: ignore[arg-type]
                        _read(records, marks, seen, member, coder)
        else:
            with source.path.open("rb") as stream:
                _read(read_records(stream, source.name), marks, seen, None, None)
        notes.faults.raise_if_any()
        return marks.project(
            ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format),),
            )
        )


READER = DoccanoExport()


def _is_record(record: object) -> bool:
    """Say whether a record has a text, and labels in one of the forms of doccano."""
    if not isinstance(record, dict) or not isinstance(_first(record, TEXT), str):
        return False
    labels = [record[name] for name in LABELS if name in record]
    return bool(labels) and all(
        isinstance(listed, list) and all(_label(item) for item in listed[:5]) for listed in labels
    )


def _read(
    records: Iterator[Any],
    marks: Marks,
    seen: dict[tuple[str, str], int],
    member: str | None,
    coder: str | None,
) -> None:
    notes = marks.notes
    for row, record in enumerate(records, 1):
        text = text_of(_first(record, TEXT)) if isinstance(record, dict) else None
        if text is None:
            notes.faults.add(
                kind="missing-value",
                file=notes.file,
                sheet=member,
                row=row,
                found="a record without a text",
                expected='"text" in each record',
                remedy="Export the project again as JSONL.",
            )
            continue
        name = text_of(record.get("id")) or str(row)
        document = seen.get((name, text))
        if document is None:
            document = seen[name, text] = marks.document(name, text)
            _add_attributes(marks, document, record, row)
        for column in LABELS:
            for item in record.get(column) or ():
                label = _label(item)
                if label is None:
                    notes.faults.add(
                        kind="wrong-format",
                        file=notes.file,
                        sheet=member,
                        row=row,
                        column=column,
                        found="a label of another form",
                        expected="[start, end, name], or an object or a name",
                        remedy="Export the project again as JSONL.",
                    )
                    continue
                start, end, code = label
                marks.mark(document, (code,), row, start=start, end=end, coder=coder, table=member)
        if relations := record.get("relations"):
            said = "1 relation" if len(relations) == 1 else f"{len(relations)} relations"
            why = f"{said} between spans; only spans are codings"
            notes.aside("relation", why, row, member, document=name)


def _label(item: object) -> tuple[int | None, int | None, str] | None:
    """Return start, end and name of a label; a category has no place."""
    if isinstance(item, str):
        return (None, None, code) if (code := text_of(item)) else None
    if isinstance(item, list) and len(item) == 3:
        start, end, name = item
    elif isinstance(item, dict):
        start, end, name = _first(item, START), _first(item, END), _first(item, NAME)
    else:
        return None
    code = text_of(name)
    is_placed = type(start) is int and type(end) is int and 0 <= start <= end < 2**53
    return (start, end, code) if is_placed and code else None


def _first(record: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((record[name] for name in names if name in record), None)


def _add_attributes(marks: Marks, document: int, record: dict[str, Any], row: int) -> None:
    """Keep what people uploaded with a text, and what was remarked on it."""
    known = {*TEXT, *LABELS, *COMMENTS, "id", "relations", "meta"}
    meta = record.get("meta")
    more = {**(meta if isinstance(meta, dict) else {}), **record}
    for name, value in more.items():
        plain = text_of(value)
        if name not in known and plain:
            marks.attribute(document, text_of(name) or "", plain, row)
    for name in COMMENTS:
        for comment in record.get(name) or ():
            said = text_of(comment.get("text") if isinstance(comment, dict) else comment)
            if said:
                marks.attribute(document, "comment", said, row)
