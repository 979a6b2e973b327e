"""Whether a table of a database is plain, has its columns, and is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator

from qdaio import database_errors as errors
from qdaio.database_errors import reading
from qdaio.faults import Fault

__all__ = ["column_faults", "page_faults"]

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
        yield errors.no_plain_table(file, table, "a table without row ids")
    names = [str(row[1]).lower() for row in found]
    for name in columns:
        if name not in names:
            yield errors.no_column(file, table, name, names)
    if computed := [str(row[1]) for row in found if row[6] in COMPUTED]:
        yield errors.no_plain_table(file, table, f'computed column "{computed[0]}"')
    if index is not None:
        yield errors.no_plain_table(file, table, f'computed index "{index}"')


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
        yield errors.damaged(file, table)
