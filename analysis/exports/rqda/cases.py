"""Cases of RQDA, the files they are linked with, and what is known of both."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from analysis.exports.database import Database, Rows
from analysis.exports.database_keys import rows_by_number
from analysis.exports.notes import Notes
from analysis.exports.refi.part import unique
from analysis.exports.rqda.documents import Documents
from analysis.exports.rqda.tables import is_live, read_table
from analysis.project import make_frame

__all__ = ["Cases", "read_cases"]


class Cases(NamedTuple):
    """Frames of the model; attributes of cases and of files."""

    cases: pd.DataFrame
    case_documents: pd.DataFrame
    attributes: list[pd.DataFrame]


def read_cases(database: Database, documents: Documents, notes: Notes) -> Cases:
    """Read cases, links and attributes; what is deleted in the program is left out."""
    rows = read_table(database, "cases")
    places = {
        number: place
        for number, place in rows_by_number(rows, "id", notes).items()
        if is_live(rows["status"][place])
    }
    notes.faults.raise_if_any()
    names = [rows["name"][place] or f"case {number}" for number, place in places.items()]
    case_ids = dict(zip(places, unique(names), strict=True))
    document_ids = documents.frame["document_id"].tolist()
    files = {number: document_ids[place] for number, place in documents.files.items()}
    links = _links(database, case_ids, files, documents, notes)
    return Cases(
        make_frame("cases", {"case_id": list(case_ids.values()), "name": names}),
        make_frame(
            "case_documents",
            {"case_id": [case for case, _ in links], "document_id": [file for _, file in links]},
        ),
        [
            _attributes(read_table(database, "caseattr"), "case", case_ids, notes),
            _attributes(read_table(database, "fileattr"), "document", files, notes),
        ],
    )


def _links(
    database: Database,
    cases: dict[int, str],
    files: dict[int, str],
    documents: Documents,
    notes: Notes,
) -> list[tuple[str, str]]:
    """Return each pair of case and file once."""
    rows = read_table(database, "caselinkage")
    links: dict[tuple[str, str], bool] = {}
    for place in range(len(rows)):
        case, file = rows["caseid"][place], rows["fid"][place]
        if not is_live(rows["status"][place]) or case not in cases or file not in files:
            continue
        text = documents.texts[documents.files[file]] or ""
        start, end = rows["selfirst"][place] or 0, rows["selend"][place]
        covers = start <= 1 and (end is None or end >= len(text) - 1)
        pair = cases[case], files[file]
        links[pair] = links.get(pair, False) or covers
    parts = sum(not covers for covers in links.values())
    if parts:
        notes.warn(
            f"{parts} cases are linked with a part of a file only. They are linked with the whole "
            "file here: give each participant a file to tell their words apart."
        )
    return list(links)


def _attributes(rows: Rows, entity: str, ids: dict[int, str], notes: Notes) -> pd.DataFrame:
    number = rows["caseid" if entity == "case" else "fileid"]
    kept = [
        place
        for place in range(len(rows))
        if is_live(rows["status"][place], unstated=True)
        and number[place] in ids
        and rows["variable"][place]
    ]
    return make_frame(
        "attributes",
        {
            "entity": [entity] * len(kept),
            "entity_id": [ids[number[place]] for place in kept],
            "name": [rows["variable"][place] for place in kept],
            "value": [rows["value"][place] for place in kept],
            "source_file": [notes.file] * len(kept),
            "source_row": [rows.ids[place] for place in kept],
        },
    )
