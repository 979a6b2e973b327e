"""The codings of QualCoder: of texts, of pictures, of stretches of a recording."""

from __future__ import annotations

from analysis.exports.code_tree import CodeTree
from analysis.exports.database import Database, Rows
from analysis.exports.database_codings import Coded, FoundCoding, coded_frames
from analysis.exports.notes import Notes
from analysis.exports.qualcoder.documents import Documents
from analysis.exports.qualcoder.tables import read_table
from analysis.exports.refi.places import CORNERS, rectangle

__all__ = ["read_codings"]

FILE = {"code_text": "fid", "code_image": "id", "code_av": "id"}


def read_codings(database: Database, tree: CodeTree, documents: Documents, notes: Notes) -> Coded:
    """Read every coding of every coder; those that lead nowhere are set aside."""
    names = documents.frame["document_id"].tolist()
    found: list[FoundCoding] = []
    for table, column in FILE.items():
        rows = read_table(database, table)
        for place, (number, file) in enumerate(zip(rows["cid"], rows[column], strict=True)):
            code, document = tree.ids.get(number), documents.places.get(file)
            if code is None or document is None:
                lost = "document" if document is None else "code"
                name = None if document is None else names[document]
                why = f"its {lost} is not in the database"
                notes.aside("coding", why, rows.ids[place], table, code=code, document=name)
            else:
                found.append(_coding(rows, place, code, document))
    return coded_frames(found, names, documents.texts, notes)


def _coding(rows: Rows, place: int, code: str, document: int) -> FoundCoding:
    item = FoundCoding(
        table=rows.table,
        row=rows.ids[place],
        code=code,
        document=document,
        coder=rows["owner"][place] or None,
        date=rows["date"][place] or None,
        memo=rows["memo"][place] or None,
    )
    if rows.table == "code_image":
        return item._replace(unit="page rectangle", place=_rectangle(rows, place))
    item = item._replace(start=rows["pos0"][place], end=rows["pos1"][place])
    if rows.table == "code_av":
        return item._replace(unit="ms")
    return item._replace(text=rows["seltext"][place])


def _rectangle(rows: Rows, place: int) -> str:
    """Return the corners, from one corner with width and height; and the page of a PDF."""
    x, y, width, height = (rows[name][place] for name in ("x1", "y1", "width", "height"))
    far = (
        None if x is None or width is None else x + width,
        None if y is None or height is None else y + height,
    )
    corners = {
        corner: str(side)
        for corner, side in zip(CORNERS, (x, y, *far), strict=True)
        if side is not None
    }
    page = rows["pdf_page"][place]
    return rectangle(corners) if page is None else f"page {page + 1} {rectangle(corners)}"
