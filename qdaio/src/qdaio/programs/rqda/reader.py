"""An RQDA project: what is live is read, what was deleted is listed."""

from __future__ import annotations

import pandas as pd

from qdaio.database import match_by_tables, open_database
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.programs.rqda.cases import read_cases
from qdaio.programs.rqda.codes import read_codes
from qdaio.programs.rqda.codings import read_codings
from qdaio.programs.rqda.documents import read_documents
from qdaio.programs.rqda.tables import SIGNATURE, TABLES
from qdaio.reader import Match

__all__ = ["READER", "RqdaProject"]


class RqdaProject:
    """Reads an ``.rqda`` file."""

    format = "rqda-database"
    software = "RQDA"

    def recognise(self, source: Source) -> Match | None:
        """Know the tables of RQDA."""
        return match_by_tables(source, SIGNATURE, "the tables of RQDA")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the project.

        Raises
        ------
        StudyError
            When the database is damaged, or its tables are not those of RQDA.
        """
        notes = Notes(source.name)
        with open_database(source) as database:
            TABLES.check(database)
            documents = read_documents(database, notes)
            codes = read_codes(database, notes)
            coded = read_codings(database, codes, documents, notes)
            around = read_cases(database, documents, notes)
            versions = TABLES.read(database, "project")["databaseversion"]
            notes.warn_of_encoding(database.guessed)
        notes.faults.raise_if_any()
        attributes = [around.attributes, documents.attributes, codes.attributes]
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                version=next(filter(None, versions), None),
                files=(ExportFile(source.name, source.sha256, self.format),),
            ),
            documents=documents.frame,
            codes=codes.frame,
            coders=coded.coders,
            segments=coded.segments,
            codings=coded.codings,
            cases=around.cases,
            case_documents=around.case_documents,
            attributes=make_frame("attributes", pd.concat(attributes, ignore_index=True)),
            rows_read=len(coded.codings) + notes.codings_aside,
            set_aside=tuple(notes.set_aside),
            warnings=tuple(notes.warnings),
        )


READER = RqdaProject()
