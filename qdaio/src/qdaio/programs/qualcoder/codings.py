"""The codings of QualCoder: of texts, of pictures, of stretches of a recording."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qdaio.codes import CodeTree
from qdaio.database import Database
from qdaio.database_codings import (
    Coded,
    Codings,
    Links,
    blank_to_missing,
    coded_frames,
    found_at,
    rectangles,
)
from qdaio.model import Notes
from qdaio.programs.qualcoder.documents import Documents
from qdaio.programs.qualcoder.tables import TABLES

__all__ = ["read_codings"]

FILE = {"code_text": "fid", "code_image": "id", "code_av": "id"}


def read_codings(database: Database, tree: CodeTree, documents: Documents, notes: Notes) -> Coded:
    """Read every coding of every coder; those that lead nowhere are set aside."""
    names = documents.frame["document_id"].tolist()
    codes = {key: code for key, code in tree.ids.items() if isinstance(key, int)}
    found = []
    for table, file in FILE.items():
        rows = TABLES.read_frame(database, table)
        document = found_at(rows[file], documents.places)
        code = found_at(rows["cid"], codes)
        why = np.select(
            [document < 0, code < 0],
            [f"its {lost} is not in the database" for lost in ("document", "code")],
            default="",
        ).astype(object)
        links = Links(code, document, list(codes.values()), names)
        found.append(Codings(table, _columns(table, links.kept(table, rows, why, notes))))
    return coded_frames(found, list(codes.values()), names, documents.texts, notes)


def _columns(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.rename(columns={"pos0": "start", "pos1": "end", "seltext": "text"})
    for name, column in (("coder", "owner"), ("date", "date"), ("memo", "memo")):
        rows[name] = blank_to_missing(rows[column])
    if table == "code_av":
        rows["unit"] = "ms"
    if table == "code_image":
        x, y = rows["x1"], rows["y1"]
        corners = rectangles(x, y, x + rows["width"], y + rows["height"])
        page = "page " + (rows["pdf_page"] + 1).astype("str") + " "
        rows["place"] = page.fillna("") + corners
        rows["unit"] = "page rectangle"
    return rows
