"""What can be wrong with an SQLite database, in the words of the person who has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from qdaio.database_values import TextLimitError
from qdaio.faults import Fault, StudyError
from qdaio.labels import nearest

__all__ = [
    "check_header",
    "check_leftovers",
    "damaged",
    "no_column",
    "no_plain_table",
    "no_table",
    "reading",
    "too_large",
    "unfinished",
]

SHOWN = 12
JOURNAL = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
EXPORT_AGAIN = "Export or copy the file again; this copy is not complete."


@contextmanager
def reading(file: str, table: str | None = None) -> Iterator[None]:
    """Turn what SQLite says of a bad file into a fault."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # a message can quote broken text
        said = str(error)
        if "not authorized" in said or "prohibited" in said or "unsafe use" in said:
            raise StudyError(
                no_plain_table(file, table, "something that runs when read")
            ) from error
        if "too big" in said or "out of memory" in said:
            raise StudyError(too_large(file, table, "a value too large to read")) from error
        raise StudyError(damaged(file, table)) from error
    except TextLimitError as error:
        raise StudyError(too_large(file, table, "texts too large to read")) from error


def check_header(head: bytes, size: int, file: str) -> None:
    """Check that the file is as long as its header says.

    Raises
    ------
    StudyError
    """
    page = int.from_bytes(head[16:18], "big") if len(head) == 100 else 0
    page = 65536 if page == 1 else page
    pages = int.from_bytes(head[28:32], "big")
    is_stated = head[24:28] == head[92:96]
    if page < 512 or size < page or (is_stated and size < pages * page):
        raise StudyError(damaged(file, None))


def check_leftovers(path: Path, file: str) -> None:
    """Check that no changes stand beside the database that it does not have yet.

    Raises
    ------
    StudyError
        SQLite would merge them in when it opens the file for writing; read-only, they
        would be lost without a word.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size > 0:
        raise StudyError(unfinished(file, log.name))
    journal = path.with_name(f"{path.name}-journal")
    if journal.is_file():
        with journal.open("rb") as stream:
            if stream.read(len(JOURNAL)) == JOURNAL:
                raise StudyError(unfinished(file, journal.name))


def unfinished(file: str, beside: str) -> Fault:
    """Say that a program has not finished writing."""
    return Fault(
        kind="unfinished-database",
        file=file,
        found=f"changes that are not in the database yet, in {beside}",
        expected="one file that holds everything",
        remedy="Open the project in its program and close it there, then take the file again.",
    )


def damaged(file: str, table: str | None) -> Fault:
    """Say that a database is not whole."""
    return Fault(
        kind="truncated-file",
        file=file,
        sheet=table,
        found="a database that is damaged or not complete",
        remedy=EXPORT_AGAIN,
    )


def too_large(file: str, table: str | None, found: str) -> Fault:
    """Say that a database holds more than a project can."""
    return Fault(
        kind="too-large",
        file=file,
        sheet=table,
        found=found,
        expected="a size that a project of the program has",
        remedy="If the file is what it says, export a part of the project at a time.",
    )


def no_table(file: str, table: str, others: Sequence[str]) -> Fault:
    """Say that a table is missing, and which ones are there."""
    more = " …" if len(others) > SHOWN else ""
    return Fault(
        kind="missing-table",
        file=file,
        sheet=table,
        found=f"the tables {', '.join(others[:SHOWN])}{more}",
        expected=f"a table {table}",
        remedy="Open the project in a recent version of its program, and save or export it again.",
    )


def no_column(file: str, table: str, column: str, others: Sequence[str]) -> Fault:
    """Say that a column is missing, and which ones are there."""
    near = nearest(column, others)
    return Fault(
        kind="missing-column",
        file=file,
        sheet=table,
        column=column,
        found=f"the columns {', '.join(others[:SHOWN])}{' …' if len(others) > SHOWN else ''}",
        expected=f"a column {column}",
        remedy=(f'Did you mean "{near}"? ' if near else "")
        + "Open the project in a recent version of its program, and save or export it again.",
    )


def no_plain_table(file: str, table: str | None, found: str) -> Fault:
    """Say that something other than a table would have to be read."""
    return Fault(
        kind="unsafe-database",
        file=file,
        sheet=table,
        found=found,
        expected="a plain table",
        remedy="The program does not write this. Do not open this file; ask for a new export.",
    )
