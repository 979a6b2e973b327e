"""A project of Taguette as a database: documents, tags, highlights, and what is tagged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qdaio.database import Rows, match_by_tables, open_database
from qdaio.database_keys import rows_by_number
from qdaio.database_schema import Schema
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, labelled, make_frame, numbered
from qdaio.programs.taguette.history import tagging_history
from qdaio.programs.taguette.stored import read_documents, read_links, segment_frame, segment_ids
from qdaio.programs.taguette.tags import read_tags
from qdaio.reader import Match

__all__ = ["READER", "TaguetteDatabase"]

NEEDED: dict[str, dict[str, str]] = {
    "projects": {"id": "whole", "name": "text"},
    "documents": {"id": "whole", "project_id": "whole", "name": "text", "contents": "text"},
    "tags": {"id": "whole", "project_id": "whole", "path": "text"},
    "highlights": {
        "id": "whole",
        "document_id": "whole",
        "start_offset": "whole",
        "end_offset": "whole",
        "snippet": "text",
    },
    "highlight_tags": {"highlight_id": "whole", "tag_id": "whole"},
}
MORE: dict[str, dict[str, str]] = {
    "documents": {"description": "text"},
    "tags": {"description": "text", "parent_id": "whole"},
}
TABLES = Schema(NEEDED, {"commands": {}}, MORE)
SHOWN = 5


class TaguetteDatabase:
    """Reads the ``.sqlite3`` of a project."""

    format = "taguette-database"
    software = "Taguette"

    def recognise(self, source: Source) -> Match | None:
        """Know the tables of Taguette."""
        return match_by_tables(source, TABLES.needed, "the tables of Taguette")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the project that the database holds.

        Raises
        ------
        StudyError
            When the database is damaged, has other columns, or several projects.
        """
        notes = Notes(source.name)
        with open_database(source) as database:
            TABLES.check(database)
            tables = {
                name: TABLES.read(database, name) for name in ("projects", "documents", "tags")
            }
            _check_one_project(tables, notes)
            highlights, links = (
                TABLES.read_frame(database, name) for name in ("highlights", "highlight_tags")
            )
            pairs = links.rename(columns={"highlight_id": "highlight", "tag_id": "tag"})
            links = links.join(tagging_history(database, pairs))
            notes.warn_of_encoding(database.guessed)
        documents = read_documents(tables["documents"], notes)
        tags = tables["tags"]
        places = rows_by_number(tags, "id", notes)
        names = {number: tags["path"][place] for number, place in places.items()}
        codes = read_tags(
            tags["path"],
            [None if number is None else names.get(number) for number in tags["parent_id"]],
            tags.ids,
            {"description": [text or None for text in tags["description"]]},
            notes,
            "tags",
        )
        notes.faults.raise_if_any()
        known = {number: code for number, place in places.items() if (code := codes.ids[place])}
        links = read_links(links, highlights, documents, known, notes)
        segments = segment_frame(highlights, links, documents, notes)
        codings = _codings(links, list(known.values()), notes)
        people = codings["coder_id"].dropna().astype("str").drop_duplicates()
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format),),
            ),
            documents=documents.frame,
            codes=codes.frame,
            coders=make_frame("coders", {"coder_id": people, "name": people}),
            segments=segments,
            codings=codings,
            attributes=documents.attributes,
            rows_read=len(codings) + notes.codings_aside,
            set_aside=tuple(notes.set_aside),
            warnings=tuple(notes.warnings),
        )


def _check_one_project(tables: dict[str, Rows], notes: Notes) -> None:
    """Check that the database is that of a project, and not that of the whole program."""
    used = {*tables["documents"]["project_id"], *tables["tags"]["project_id"]}
    if len(used) < 2:
        return
    names = dict(zip(tables["projects"]["id"], tables["projects"]["name"], strict=True))
    shown = [f'"{names.get(number) or number}"' for number in sorted(used, key=str)[:SHOWN]]
    notes.faults.add(
        kind="several-projects",
        file=notes.file,
        sheet="projects",
        found=f"{len(used)} projects: {', '.join(shown)}",
        expected="one project",
        remedy="This is the database of the program itself. Open the project that you mean in "
        "Taguette, and export it as SQLite 3.",
    )
    notes.faults.raise_if_any()


def _codings(links: pd.DataFrame, codes: list[str], notes: Notes) -> pd.DataFrame:
    if links["user"].notna().any():
        notes.warn("the coder of a coding is who first gave the highlight its tag.")
    used = labelled(links["code"].to_numpy(dtype=np.int64), codes)
    return make_frame(
        "codings",
        {
            "coding_id": numbered("c", len(links)),
            "segment_id": segment_ids(links["place"]),
            "code_id": used.cat.remove_unused_categories(),
            "coder_id": links["user"],
            "created_at": links["date"],
            "source_file": [notes.file] * len(links),
            "source_sheet": ["highlight_tags"] * len(links),
            "source_row": links["row"],
        },
    )


READER = TaguetteDatabase()
