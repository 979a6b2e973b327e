"""SQLite databases from strangers: read-only, bounded, and nothing in them is run.

A database is a program of a kind: views, triggers, generated columns and virtual tables
run when they are read. Only plain tables are, column by column; the file is opened as
immutable, so that SQLite writes nothing beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

import pandas as pd
import pyarrow as pa

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.archive import open_archive
from qdaio.files.source import Source
from qdaio.labels import did_you_mean, nearest

__all__ = ["Database", "Rows", "open_database", "tables_of"]


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
        remedy=did_you_mean(
            near,
            "Open the project in a recent version of its program, and save or export it again.",
        ),
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


MOST = 2**62  # beyond it no program counts


class TextLimitError(Exception):
    """Raised when the texts that are read are larger than allowed."""


class Decoder:
    """Decodes texts: UTF-8, and Windows-1252 where a program wrote what its system used.

    Parameters
    ----------
    most : int
        Bytes that it decodes before it raises :class:`TextLimitError`.

    Attributes
    ----------
    guessed : int
        How many texts were not UTF-8.
    """

    def __init__(self, most: int) -> None:
        self._left = most
        self.guessed = 0

    def __call__(self, raw: bytes) -> str:
        """Decode one text."""
        self._left -= len(raw)
        if self._left < 0:
            raise TextLimitError
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self.guessed += 1
            return raw.decode("cp1252", errors="replace")


def expression(column: str, kind: str) -> str:
    """Return the SQL of a column's value, so that whatever is large passes the decoder.

    Text is text, whatever it is stored as. What is asked to be a whole number may be a
    text, but no bytes: these stand behind everything else in the order of SQLite.
    """
    name = f'"{column}"'
    return f"CAST({name} AS TEXT)" if kind == "text" else f"CASE WHEN {name} < x'' THEN {name} END"


def as_whole(value: object) -> int | None:
    """Return a whole number, also where it is stored as a float or as text; else None.

    Examples
    --------
    >>> as_whole(3), as_whole(83075.0), as_whole("12"), as_whole(0.5), as_whole(b"3")
    (3, 83075, 12, None, None)
    """
    if type(value) is int:
        return value if -MOST < value < MOST else None
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) < MOST else None
    if type(value) is str:
        text = value.strip()
        digits = text.removeprefix("-")
        return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    return None


def as_rounded(value: object) -> int | None:
    """Return a number as the nearest whole one, such as a place in a picture; else None.

    Examples
    --------
    >>> as_rounded(10.37), as_rounded(4), as_rounded("left")
    (10, 4, None)
    """
    if type(value) is float and abs(value) < MOST:
        return round(value)
    return as_whole(value)


CONVERTERS: dict[str, Callable[[object], int | None]] = {"whole": as_whole, "rounded": as_rounded}


# What a check reports although the file is sound: rows that break a rule of their table.
BROKEN_RULES = (" value in ", "non-unique entry")
MOST_REPORTS = 100
COMPUTED = (2, 3)  # as `table_xinfo` marks columns that are not stored
EXPRESSION = -2  # as `index_xinfo` marks what is no column


def column_faults(
    connection: sqlite3.Connection, file: str, table: str, columns: Collection[str]
) -> Iterator[Fault]:
    """Find columns that are missing, and whatever would run when the table is read."""
    with reading(file, table):
        found = connection.execute(f'PRAGMA main.table_xinfo("{table}")').fetchall()
        has_ids = _has_row_ids(connection, table)
        index = _computed_index(connection, table)
    if not has_ids:
        yield no_plain_table(file, table, "a table without row ids")
    names = [str(row[1]).lower() for row in found]
    for name in columns:
        if name not in names:
            yield no_column(file, table, name, names)
    if computed := [str(row[1]) for row in found if row[6] in COMPUTED]:
        yield no_plain_table(file, table, f'computed column "{computed[0]}"')
    if index is not None:
        yield no_plain_table(file, table, f'computed index "{index}"')


def _has_row_ids(connection: sqlite3.Connection, table: str) -> bool:
    try:
        connection.execute(f'SELECT _rowid_ FROM main."{table}" NOT INDEXED LIMIT 1').fetchall()
    except sqlite3.OperationalError as error:
        if "no such column" in str(error):
            return False
        raise
    return True


def _computed_index(connection: sqlite3.Connection, table: str) -> str | None:
    """Return an index of expressions, or of some rows only, which a check would run."""
    for row in connection.execute(f'PRAGMA main.index_list("{table}")').fetchall():
        name = str(row[1])
        quoted = name.replace('"', '""')
        columns = connection.execute(f'PRAGMA main.index_xinfo("{quoted}")').fetchall()
        if row[4] or any(column[1] == EXPRESSION for column in columns):
            return name
    return None


def page_faults(connection: sqlite3.Connection, file: str, table: str) -> Iterator[Fault]:
    """Have SQLite check the pages of a table, and its indices against it."""
    with reading(file, table):
        check = connection.execute(f'PRAGMA main.integrity_check("{table}")')
        reports = [str(row[0]) for row in check]
    serious = [
        report
        for report in reports
        if report != "ok" and not any(rule in report for rule in BROKEN_RULES)
    ]
    if serious or len(reports) >= MOST_REPORTS:
        yield damaged(file, table)


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
                raise StudyError(unfinished(source.name, f"{member}{suffix}"))
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


MOST_TEXT = 128 * MIB  # bytes of all texts that are read
MOST_ROWS = 1_500_000  # of all tables that are read: about 1 GiB when they are frames
BLOCK = 4096
TYPES = {"text": pa.large_string(), "whole": pa.int64(), "rounded": pa.int64()}

_kinds: WeakKeyDictionary[Source, dict[str, str]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table, column by column, in the order of their row ids.

    Attributes
    ----------
    table : str
    ids : list of int
        Row ids, shape (n,).
    columns : dict of str to list
        Each of shape (n,); None where nothing, or nothing of the asked kind, stands.
    """

    table: str
    ids: list[int]
    columns: dict[str, list[Any]]

    def __getitem__(self, column: str) -> list[Any]:
        return self.columns[column]

    def __len__(self) -> int:
        return len(self.ids)


def tables_of(source: Source) -> Mapping[str, str]:
    """Return what a database holds: ``table``, ``view`` or ``virtual table`` by lower name.

    Raises
    ------
    StudyError
        When the file is damaged, not complete, or still being written.
    """
    if source not in _kinds:
        with open_database(source) as database:
            _kinds[source] = database.kinds
    return _kinds[source]


@contextmanager
def open_database(source: Source, member: str | None = None) -> Iterator[Database]:
    """Open a database, or one inside a zip archive, for reading only.

    Parameters
    ----------
    source : Source
    member : str, optional
        Name of the database inside the archive; it is read in memory.

    Raises
    ------
    StudyError
        When the file is damaged, not complete, or still being written.
    """
    with reading(source.name):
        connection = connect(source) if member is None else load(source, member)
    try:
        yield Database(connection, source.name)
    finally:
        connection.close()


class Database:
    """An open database; made by :func:`open_database`.

    Attributes
    ----------
    kinds : dict of str to str
        ``table``, ``view`` or ``virtual table``, by name in lower case.
    file : str
        How messages call the file.
    """

    def __init__(self, connection: sqlite3.Connection, file: str) -> None:
        self._connection, self.file = connection, file
        self._decoder = Decoder(MOST_TEXT)
        self._rows_left = MOST_ROWS
        with reading(file):
            restrict(connection)
            connection.text_factory = self._decoder
            entries = connection.execute(
                "SELECT type, name, sql FROM main.sqlite_master WHERE type IN ('table', 'view')"
            ).fetchall()
        self.kinds = {
            str(name).lower(): "virtual table" if _is_virtual(sql) else kind
            for kind, name, sql in entries
        }

    @property
    def guessed(self) -> int:
        """How many texts were not UTF-8, so that their encoding was guessed."""
        return self._decoder.guessed

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table, in lower case; none where there is no such table."""
        with reading(self.file, table):
            rows = self._connection.execute(f'PRAGMA main.table_xinfo("{table}")').fetchall()
        return tuple(str(row[1]).lower() for row in rows)

    def check(
        self,
        needed: Mapping[str, Collection[str]],
        optional: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Check that tables are there, plain, have their columns, and are not damaged.

        Parameters
        ----------
        needed : mapping of str to collection of str
            Columns that must be there, by table; names in lower case.
        optional : mapping, optional
            The same for tables that may be absent.

        Raises
        ------
        StudyError
            With every fault at once.
        """
        faults = FaultList()
        wanted = {**(optional or {}), **needed}
        for table, columns in wanted.items():
            kind = self.kinds.get(table)
            if kind is None:
                if table in needed:
                    faults.extend([no_table(self.file, table, sorted(self.kinds))])
            elif kind != "table":
                faults.extend([no_plain_table(self.file, table, f"a {kind}")])
            else:
                faults.extend(column_faults(self._connection, self.file, table, columns))
        faults.raise_if_any()
        for table in wanted:
            if table in self.kinds:
                faults.extend(page_faults(self._connection, self.file, table))
        faults.raise_if_any()

    def read(self, table: str, columns: Mapping[str, str]) -> Rows:
        """Read columns of a table.

        Parameters
        ----------
        table : str
            A plain table (see :meth:`check`), or one that is absent: it has no rows.
        columns : mapping of str to str
            Name, and kind: ``text``; ``whole``, also of a float or text that is a whole
            number; ``rounded``, of any number. A column that is absent holds only None.

        Raises
        ------
        StudyError
            When the table is damaged, or larger than any project is.
        """
        ids: list[int] = []
        filled: dict[str, list[Any]] = {name: [] for name in columns}
        for numbers, block in self._blocks(table, columns):
            ids.extend(numbers)
            for name, cells in block.items():
                filled[name].extend(cells)
        return Rows(table, ids, filled)

    def read_frame(self, table: str, columns: Mapping[str, str]) -> pd.DataFrame:
        """Read a table that can be long, such as that of codings.

        Parameters and errors are those of :meth:`read`.

        Returns
        -------
        DataFrame
            Shape (rows, 1 + columns): ``row``, the row id, as int64; numbers as Int64 and
            texts as str, missing where :meth:`read` gives None.
        """
        kinds = {name: TYPES[columns[name]] for name in columns}
        pieces: dict[str, list[pa.Array]] = {name: [] for name in ("row", *columns)}
        for numbers, block in self._blocks(table, columns):
            pieces["row"].append(pa.array(numbers, pa.int64()))
            for name, cells in block.items():
                pieces[name].append(pa.array(cells, kinds[name]))
        whole = {
            name: pa.chunked_array(arrays, pa.int64() if name == "row" else kinds[name])
            for name, arrays in pieces.items()
        }
        series = {"row": pd.Series(whole["row"].to_numpy(), dtype="int64")}
        for name in columns:
            kind = "Int64" if kinds[name] == pa.int64() else "str"
            series[name] = pd.Series(pd.array(whole[name], dtype=kind))
        return pd.DataFrame(series)

    def _blocks(
        self, table: str, columns: Mapping[str, str]
    ) -> Iterator[tuple[Sequence[int], dict[str, Sequence[Any]]]]:
        """Give row ids and cells, some thousand rows at a time."""
        if self.kinds.get(table) != "table":
            return
        present = set(self.columns(table))
        asked = [name for name in columns if name in present]
        listed = "".join(f", {expression(name, columns[name])}" for name in asked)
        with reading(self.file, table):
            cursor = self._connection.execute(
                f'SELECT _rowid_{listed} FROM main."{table}" NOT INDEXED'
            )
            while block := cursor.fetchmany(BLOCK):
                self._rows_left -= len(block)
                if self._rows_left < 0:
                    found = f"with other tables more than {MOST_ROWS:,} rows"
                    raise StudyError(too_large(self.file, table, found))
                numbers, *values = zip(*block, strict=True)
                cells = dict(zip(asked, values, strict=True))
                yield (
                    numbers,
                    {
                        name: _as(kind, cells[name]) if name in present else [None] * len(block)
                        for name, kind in columns.items()
                    },
                )


def _as(kind: str, cells: Sequence[Any]) -> Sequence[Any]:
    convert = CONVERTERS.get(kind)
    return list(map(convert, cells)) if convert else cells


def _is_virtual(sql: object) -> bool:
    return str(sql or "").lstrip().upper().startswith("CREATE VIRTUAL")
