"""The codings of RQDA: of texts, of pictures, and those of a second round."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.exports.database import Database, Rows
from analysis.exports.database_codings import Coded, FoundCoding, coded_frames
from analysis.exports.notes import Notes
from analysis.exports.refi.places import CORNERS, rectangle
from analysis.exports.rqda.codes import Codes
from analysis.exports.rqda.dates import iso_date
from analysis.exports.rqda.documents import Documents
from analysis.exports.rqda.tables import is_live, read_table

__all__ = ["read_codings"]

DELETED = "deleted in the program"
SECOND = " (second coding)"


def read_codings(database: Database, codes: Codes, documents: Documents, notes: Notes) -> Coded:
    """Read every coding; those that are deleted, or lead nowhere, are set aside."""
    follow = _Follow(codes, documents, notes)
    found = [
        *_of_texts(read_table(database, "coding"), follow),
        *_of_texts(read_table(database, "coding2"), follow),
        *_of_pictures(read_table(database, "imagecoding"), follow),
    ]
    second = sum(item.table == "coding2" for item in found)
    if second:
        notes.warn(
            f"{second} codings are of a second round (table coding2); their coders are named "
            f'"…{SECOND}", so that they can serve for agreement and need not be counted.'
        )
    ids = documents.frame["document_id"].tolist()
    return coded_frames(found, ids, documents.texts, notes)


class _Follow:
    """Follows codings to their codes and documents."""

    def __init__(self, codes: Codes, documents: Documents, notes: Notes) -> None:
        self.codes, self.documents, self.notes = codes, documents, notes
        self.names = documents.frame["document_id"].tolist()

    def __call__(
        self, rows: Rows, place: int, document: int | None, *, is_deleted: bool
    ) -> tuple[str, int] | None:
        """Return code and document of a coding that counts; set aside one that does not."""
        number = rows["cid"][place]
        code = self.codes.ids.get(number)
        if not is_live(rows["status"][place]):
            why = DELETED
        elif document is None:
            why = f"its document is {DELETED if is_deleted else 'not in the database'}"
        elif code is None:
            lost = DELETED if number in self.codes.deleted else "not in the database"
            why = f"its code is {lost}"
        else:
            return code, document
        name = None if document is None else self.names[document]
        self.notes.aside("coding", why, rows.ids[place], rows.table, code=code, document=name)
        return None


def _of_texts(rows: Rows, follow: _Follow) -> Iterator[FoundCoding]:
    documents = follow.documents
    for place, file in enumerate(rows["fid"]):
        document, is_deleted = documents.files.get(file), file in documents.deleted_files
        if (link := follow(rows, place, document, is_deleted=is_deleted)) is None:
            continue
        coder = rows["owner"][place] or None
        yield FoundCoding(
            table=rows.table,
            row=rows.ids[place],
            code=link[0],
            document=link[1],
            start=rows["selfirst"][place],
            end=rows["selend"][place],
            text=rows["seltext"][place],
            coder=f"{coder or 'unknown'}{SECOND}" if rows.table == "coding2" else coder,
            date=iso_date(rows["date"][place]),
            memo=rows["memo"][place] or None,
        )


def _of_pictures(rows: Rows, follow: _Follow) -> Iterator[FoundCoding]:
    documents = follow.documents
    for place, image in enumerate(rows["iid"]):
        document, is_deleted = documents.images.get(image), image in documents.deleted_images
        if (link := follow(rows, place, document, is_deleted=is_deleted)) is None:
            continue
        sides = [rows[side][place] for side in ("x1", "y1", "x2", "y2")]
        yield FoundCoding(
            table=rows.table,
            row=rows.ids[place],
            code=link[0],
            document=link[1],
            unit="page rectangle",
            place=rectangle(
                {
                    corner: str(side)
                    for corner, side in zip(CORNERS, sides, strict=True)
                    if side is not None
                }
            ),
            coder=rows["owner"][place] or None,
            date=iso_date(rows["date"][place]),
            memo=rows["memo"][place] or None,
        )
