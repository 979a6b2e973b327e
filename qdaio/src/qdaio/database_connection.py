"""Connections to SQLite databases that can read plain tables, and do nothing else."""

from __future__ import annotations

import sqlite3
from urllib.parse import quote

from qdaio import database_errors as errors
from qdaio.database_errors import check_header, check_leftovers
from qdaio.faults import StudyError
from qdaio.files.archive import open_archive
from qdaio.files.source import Source

__all__ = ["connect", "load", "restrict"]

MIB = 1024 * 1024
MOST_VALUE = 64 * MIB  # bytes of one text
MOST_FILE_IN_ARCHIVE = 192 * MIB
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MOST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: MIB,
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 4,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}
PRAGMAS = (
    "trusted_schema = OFF",
    "query_only = ON",
    "ignore_check_constraints = ON",  # a check of the pages would run them
    "cell_size_check = ON",
    "mmap_size = 0",
)
ALLOWED_PRAGMAS = {"table_xinfo", "index_list", "index_xinfo", "integrity_check"}


def connect(source: Source) -> sqlite3.Connection:
    """Open a file as one that nobody writes, neither SQLite nor another program.

    Raises
    ------
    StudyError
        When it is damaged, not complete, or still being written.
    """
    with source.path.open("rb") as stream:
        check_header(stream.read(100), source.path.stat().st_size, source.name)
    check_leftovers(source.path, source.name)
    path = quote(source.path.resolve().as_posix())
    prefix = "file://" if path.startswith("//") else "file:" if path.startswith("/") else "file:/"
    return sqlite3.connect(f"{prefix}{path}?mode=ro&immutable=1", uri=True)


def load(source: Source, member: str) -> sqlite3.Connection:
    """Open a member of an archive in memory.

    Raises
    ------
    StudyError
        When it is damaged, not complete, too large, or still being written.
    """
    with open_archive(source.path, source.name) as archive:
        for suffix in ("-wal", "-journal"):
            if f"{member}{suffix}" in archive.names and archive.read(f"{member}{suffix}"):
                raise StudyError(errors.unfinished(source.name, f"{member}{suffix}"))
        content = archive.read(member, MOST_FILE_IN_ARCHIVE)
    check_header(content[:100], len(content), source.name)
    if content[18:20] != b"\x01\x01":  # a write-ahead log, which is empty, cannot live in memory
        content = b"".join((content[:18], b"\x01\x01", content[20:]))
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return connection


def restrict(connection: sqlite3.Connection) -> None:
    """Allow a connection to read tables, within limits, and nothing else."""
    for limit, value in LIMITS.items():
        connection.setlimit(limit, value)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.set_authorizer(_authorise)


def _authorise(
    action: int, first: str | None, _: str | None, __: str | None, inside: str | None
) -> int:
    """Allow reading tables, and nothing that a view or trigger asks for."""
    if inside is not None:
        return sqlite3.SQLITE_DENY
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in ALLOWED_PRAGMAS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
