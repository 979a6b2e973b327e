"""The tables and columns that a program's databases have, in all versions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from qdaio.database import Database, Rows

__all__ = ["Schema"]

Columns = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Schema:
    """Columns by table; of each column its kind, as for `Database.read`.

    Attributes
    ----------
    needed : mapping
        Tables and columns that every database of the program has.
    optional : mapping
        Tables that one may lack; where a table is there, it has these columns.
    more : mapping
        Columns that came with later versions, or say more.
    """

    needed: Mapping[str, Columns]
    optional: Mapping[str, Columns] = field(default_factory=dict)
    more: Mapping[str, Columns] = field(default_factory=dict)

    def check(self, database: Database) -> None:
        """Check that the tables are there and can be read.

        Raises
        ------
        StudyError
            With every fault at once.
        """
        database.check(self.needed, self.optional)

    def read(self, database: Database, table: str) -> Rows:
        """Read a table with all columns that it can have; one that is absent has no rows."""
        return database.read(table, self._columns(table))

    def read_frame(self, database: Database, table: str) -> pd.DataFrame:
        """Read a long table so, as a frame with a column ``row``."""
        return database.read_frame(table, self._columns(table))

    def _columns(self, table: str) -> dict[str, str]:
        known = self.needed.get(table) or self.optional[table]
        return {**known, **self.more.get(table, {})}
