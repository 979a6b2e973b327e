"""Cases of RQDA, the files they are linked with, and what is known of both."""

from __future__ import annotations

from collections.abc import Iterator

from qdaio.database import Database
from qdaio.database_cases import CaseLink, Cases, Files, Value, case_frames
from qdaio.database_keys import rows_by_number
from qdaio.model import Notes
from qdaio.programs.rqda.documents import Documents
from qdaio.programs.rqda.tables import TABLES, is_live

__all__ = ["read_cases"]


def read_cases(database: Database, documents: Documents, notes: Notes) -> Cases:
    """Read cases, links and attributes; what is deleted in the program is left out."""
    rows = TABLES.read(database, "cases")
    places = rows_by_number(rows, "id", notes)
    notes.faults.raise_if_any()
    names = {
        number: rows["name"][place] or f"case {number}"
        for number, place in places.items()
        if is_live(rows["status"][place])
    }
    files = Files(documents.frame["document_id"].tolist(), documents.texts, documents.files)
    values = [
        *_values(database, "caseattr", "case", "caseid"),
        *_values(database, "fileattr", "document", "fileid"),
    ]
    deleted = {("case", number) for number in places if number not in names}
    deleted |= {("document", number) for number in documents.deleted_files}
    links = [
        link
        for link in _links(database)
        if deleted.isdisjoint([("case", link.case), ("document", link.file)])
    ]
    return case_frames(
        names,
        links,
        [value for value in values if (value.entity, value.number) not in deleted],
        files,
        notes,
    )


def _links(database: Database) -> Iterator[CaseLink]:
    rows = TABLES.read(database, "caselinkage")
    columns = (rows[name] for name in ("caseid", "fid", "selfirst", "selend", "status"))
    for case, file, start, end, status in zip(*columns, strict=True):
        if is_live(status):
            yield CaseLink(case, file, start, end)


def _values(database: Database, table: str, entity: str, number: str) -> Iterator[Value]:
    rows = TABLES.read(database, table)
    columns = (rows[name] for name in (number, "variable", "value", "status"))
    for row, (owner, name, value, status) in zip(rows.ids, zip(*columns, strict=True), strict=True):
        if is_live(status, unstated=True):
            yield Value(entity, owner, name, value, row)
