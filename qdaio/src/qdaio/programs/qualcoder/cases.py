"""Cases of QualCoder, the files they are linked with, and what is known of both."""

from __future__ import annotations

from qdaio.database import Database
from qdaio.database_cases import CaseLink, Cases, Files, Value, case_frames
from qdaio.database_keys import rows_by_number
from qdaio.model import Notes
from qdaio.programs.qualcoder.documents import Documents
from qdaio.programs.qualcoder.tables import TABLES

__all__ = ["read_cases"]

ENTITIES = {"case": "case", "file": "document"}  # journals have attributes too: not read


def read_cases(database: Database, documents: Documents, notes: Notes) -> Cases:
    """Read cases, links and attributes."""
    rows = TABLES.read(database, "cases")
    places = rows_by_number(rows, "caseid", notes)
    notes.faults.raise_if_any()
    names = {number: rows["name"][place] or f"case {number}" for number, place in places.items()}
    linked = TABLES.read(database, "case_text")
    links = zip(linked["caseid"], linked["fid"], linked["pos0"], linked["pos1"], strict=True)
    stated = TABLES.read(database, "attribute")
    values = zip(
        stated["attr_type"], stated["id"], stated["name"], stated["value"], stated.ids, strict=True
    )
    return case_frames(
        names,
        [CaseLink(*link) for link in links],
        [
            Value(ENTITIES[entity], number, name, value, row)
            for entity, number, name, value, row in values
            if entity in ENTITIES
        ],
        Files(documents.frame["document_id"].tolist(), documents.texts, documents.places),
        notes,
    )
