"""One file of the tidy form as typed columns."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from qdaio.faults import Fault, StudyError
from qdaio.files.cells import Sheet, text_series
from qdaio.files.source import Source
from qdaio.programs.tidy.columns import TidyTable
from qdaio.programs.tidy.escape import unprotect
from qdaio.programs.tidy.form import NEEDED, TABLES
from qdaio.tables import SheetTable, find_table

__all__ = ["PARQUET", "find_tidy", "parquet_names", "read_parquet", "table_of"]

PARQUET = b"PAR1"


def find_tidy(sheet: Sheet, name: str) -> SheetTable | None:
    """Find the table `name` of the tidy form in a sheet, by the names of its columns."""
    needed = NEEDED[name]
    return find_table(
        sheet,
        {column: [column] for column in needed},
        {column: [column] for column in TABLES[name] if column not in needed},
    )


def table_of(found: SheetTable) -> TidyTable:
    """Return the columns of a table as text, without the apostrophes that protect them.

    Raises
    ------
    StudyError
        When a column stands twice, or rows have too few or too many cells.
    """
    if found.faults:
        raise StudyError(found.faults)
    columns = {
        name: unprotect(text_series(cells))
        for name, cells in [*found.columns.items(), *found.unknown.items()]
    }
    return TidyTable(found.sheet.file, columns, found.row_numbers, found.sheet.name or None)


def parquet_names(source: Source) -> Sequence[str]:
    """Return the names of the columns of a Parquet file; none where it is something else."""
    if source.kind != "binary":
        return ()
    with source.path.open("rb") as stream:
        if stream.read(len(PARQUET)) != PARQUET:
            return ()
    import pyarrow.parquet as pq

    try:
        return tuple(pq.read_schema(source.path).names)
    except (pa.ArrowException, OSError, ValueError):
        return ()


def read_parquet(source: Source) -> TidyTable:
    """Read a table of the tidy form from Parquet.

    Raises
    ------
    StudyError
        When it is cut off, damaged, or has columns of lists or other nested types.
    """
    import pyarrow.parquet as pq

    try:
        # a handle of our own: the library keeps its own open, which Windows does not forgive
        with source.path.open("rb") as stream:
            table = pq.read_table(stream)
        columns = {name: _column(table[name]) for name in table.column_names}
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise StudyError(
            Fault(
                kind="truncated-file",
                file=source.name,
                found="a Parquet file that is cut off, damaged or nested",
                expected="a table of plain columns",
                remedy="Write it again.",
            )
        ) from error
    return TidyTable(source.name, columns, range(1, table.num_rows + 1))


def _column(values: pa.ChunkedArray) -> pd.Series:
    kind = values.type
    if pa.types.is_boolean(kind) and not values.null_count:
        return pd.Series(values.to_pandas().astype("bool"))
    if pa.types.is_integer(kind):
        return pd.Series(pd.array(values.cast(pa.int64()).to_pandas(), dtype="Int64"))
    if pa.types.is_floating(kind):
        return pd.Series(pd.array(values.cast(pa.float64()).to_pandas(), dtype="Float64"))
    text = values.cast(pa.large_string())
    return pd.Series(pd.array(text, dtype="str"))
