"""SQLite databases from strangers: read-only, bounded, and nothing in them is run.

A database is a program of a kind: views, triggers, generated columns and virtual tables
run when they are read. Only plain tables are, column by column; the file is opened as
immutable, so that SQLite writes nothing beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
import pyarrow as pa

from qdaio import database_errors as errors
from qdaio.database_checks import column_faults, page_faults
from qdaio.database_connection import connect, load, restrict
from qdaio.database_errors import reading
from qdaio.database_values import CONVERTERS, Decoder, expression
from qdaio.faults import FaultList, StudyError
from qdaio.files.source import Source
from qdaio.reader import Match

__all__ = ["Database", "Rows", "match_by_tables", "open_database", "tables_of"]

MIB = 1024 * 1024
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
                    faults.extend([errors.no_table(self.file, table, sorted(self.kinds))])
            elif kind != "table":
                faults.extend([errors.no_plain_table(self.file, table, f"a {kind}")])
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
                    raise StudyError(errors.too_large(self.file, table, found))
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


def match_by_tables(source: Source, signature: Collection[str], reason: str) -> Match | None:
    """Look whether a database has all tables of `signature`, in lower case."""
    if source.kind != "sqlite":
        return None
    try:
        kinds = tables_of(source)
    except StudyError:
        return None
    return Match(1.0, reason) if set(kinds) >= set(signature) else None
