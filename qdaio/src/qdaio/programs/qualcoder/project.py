"""A QualCoder project: ``data.qda``, in its folder or in a zip archive of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from qdaio.database import match_by_tables, open_database
from qdaio.faults import Fault, StudyError
from qdaio.files.archive import open_archive
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes
from qdaio.programs.qualcoder.cases import read_cases
from qdaio.programs.qualcoder.codes import read_codes
from qdaio.programs.qualcoder.codings import read_codings
from qdaio.programs.qualcoder.documents import read_documents
from qdaio.programs.qualcoder.tables import SIGNATURE, TABLES
from qdaio.reader import Match

__all__ = ["READER", "QualCoderProject"]

DATABASE = "data.qda"
SHOWN = 5


class QualCoderProject:
    """Reads the database of a project."""

    format = "qualcoder-project"
    software = "QualCoder"

    def recognise(self, source: Source) -> Match | None:
        """Know the tables of QualCoder, or an archive that holds one ``data.qda``."""
        try:
            members = _databases(source)
        except StudyError:
            return None
        if not members:
            return None
        if source.kind == "zip":
            return Match(1.0, f"an archive with {DATABASE}", details={"members": members})
        match = match_by_tables(source, SIGNATURE, "the tables of QualCoder")
        return match and replace(match, details={"members": members})

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the project.

        Raises
        ------
        StudyError
            When the database is damaged, or its tables are not those of QualCoder.
        """
        member, *others = match.details["members"]
        if others:
            raise StudyError(_several(source.name, [member, *others]))
        notes = Notes(source.name)
        with open_database(source, member) as database:
            TABLES.check(database)
            documents = read_documents(database, notes)
            tree = read_codes(database, notes)
            coded = read_codings(database, tree, documents, notes)
            around = read_cases(database, documents, notes)
            about = TABLES.read(database, "project")
            notes.warn_of_encoding(database.guessed)
        notes.faults.raise_if_any()
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                version=_version(about["about"]),
                files=(ExportFile(source.name, source.sha256, self.format, member),),
            ),
            documents=documents.frame,
            codes=tree.frame,
            coders=coded.coders,
            segments=coded.segments,
            codings=coded.codings,
            cases=around.cases,
            case_documents=around.case_documents,
            attributes=around.attributes,
            rows_read=len(coded.codings) + notes.codings_aside,
            set_aside=tuple(notes.set_aside),
            warnings=tuple(notes.warnings),
        )


def _databases(source: Source) -> list[str | None]:
    """Return the databases that a file can mean: itself, or members of an archive."""
    if source.kind == "sqlite":
        return [None]
    if source.kind != "zip":
        return []
    with open_archive(source.path, source.name) as archive:
        return [name for name in archive.names if PurePosixPath(name).name == DATABASE]


def _several(file: str, members: list[str | None]) -> Fault:
    return Fault(
        kind="several-projects",
        file=file,
        found=f"{len(members)} projects: {', '.join(str(name) for name in members[:SHOWN])}",
        expected="one project",
        remedy="Give the folder of each project by itself.",
    )


def _version(about: list[str | None]) -> str | None:
    """Return the version from a text such as ``QualCoder 3.6``."""
    words = (about[0] or "").split() if about else []
    return next((word for word in words if word[:1].isdigit()), None)


READER = QualCoderProject()
