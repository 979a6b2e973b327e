"""The codings of RQDA: of texts, of pictures, and those of a second round."""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
import pandas as pd

from qdaio.database import Database
from qdaio.database_codings import (
    Coded,
    Codings,
    Links,
    blank_to_missing,
    coded_frames,
    found_at,
    mapped,
    rectangles,
)
from qdaio.model import Notes
from qdaio.programs.rqda.codes import Codes
from qdaio.programs.rqda.dates import iso_date
from qdaio.programs.rqda.documents import Documents
from qdaio.programs.rqda.tables import LIVE, TABLES

__all__ = ["read_codings"]

DELETED = "deleted in the program"
LOST = "not in the database"
SECOND = " (second coding)"


def read_codings(database: Database, codes: Codes, documents: Documents, notes: Notes) -> Coded:
    """Read every coding; those that are deleted, or lead nowhere, are set aside."""
    ids = documents.frame["document_id"].tolist()
    follow = _Follow(codes, ids, notes)
    found = []
    for table in ("coding", "coding2", "imagecoding"):
        rows = TABLES.read_frame(database, table)
        is_text = table != "imagecoding"
        if is_text:
            rows = follow(table, rows, rows["fid"], documents.files, documents.deleted_files)
            rows = rows.rename(columns={"selfirst": "start", "selend": "end", "seltext": "text"})
        else:
            rows = follow(table, rows, rows["iid"], documents.images, documents.deleted_images)
            rows["place"] = rectangles(rows["x1"], rows["y1"], rows["x2"], rows["y2"])
            rows["unit"] = "page rectangle"
        rows["coder"] = blank_to_missing(rows["owner"])
        rows["date"] = mapped(rows["date"], iso_date)
        rows["memo"] = blank_to_missing(rows["memo"])
        if table == "coding2" and len(rows):
            rows["coder"] = rows["coder"].fillna("unknown") + SECOND
            notes.warn(
                f"{len(rows)} codings are of a second round (table coding2); their coders are "
                f'named "…{SECOND}", so that they can serve for agreement and need not be counted.'
            )
        found.append(Codings(table, rows))
    return coded_frames(found, list(codes.ids.values()), ids, documents.texts, notes)


class _Follow:
    """Follows codings to their codes and documents; sets aside those that do not count."""

    def __init__(self, codes: Codes, documents: list[str], notes: Notes) -> None:
        self.codes, self.documents, self.notes = codes, documents, notes

    def __call__(
        self,
        table: str,
        rows: pd.DataFrame,
        numbers: pd.Series,
        places: Mapping[int, int],
        deleted: Set[int],
    ) -> pd.DataFrame:
        codes = self.codes
        code = found_at(rows["cid"], codes.ids)
        at = found_at(numbers, places)
        document = np.where(at < 0, -1, np.array([*places.values(), -1], dtype=np.int64)[at])
        is_live = (rows["status"] == LIVE).fillna(value=False).to_numpy(dtype=bool)
        why = np.select(
            [
                ~is_live,
                (document < 0) & numbers.isin(list(deleted)).to_numpy(),
                document < 0,
                (code < 0) & rows["cid"].isin(list(codes.deleted)).to_numpy(),
                code < 0,
            ],
            [
                DELETED,
                f"its document is {DELETED}",
                f"its document is {LOST}",
                f"its code is {DELETED}",
                f"its code is {LOST}",
            ],
            default="",
        ).astype(object)
        links = Links(code, document, list(codes.ids.values()), self.documents)
        return links.kept(table, rows, why, self.notes)
