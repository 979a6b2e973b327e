"""Columns of the tidy form, typed; every cell that does not fit is a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qdaio.faults import FaultList
from qdaio.files.cells import as_text
from qdaio.programs.tidy.form import COUNTS, FLAGS, NUMBERS

__all__ = ["TidyTable", "typed_columns"]

TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
SHOWN = 20


class TidyTable:
    """One table as columns, and where each row stands.

    Parameters
    ----------
    file : str
        How messages call it.
    columns : mapping of str to Series
        All of one length, index from 0.
    rows : sequence of int
        Row of each record, as a person counts in the file.
    sheet : str, optional
    """

    def __init__(
        self,
        file: str,
        columns: Mapping[str, pd.Series],
        rows: Sequence[int],
        sheet: str | None = None,
    ) -> None:
        self.file = file
        self.columns = dict(columns)
        self.rows = rows
        self.sheet = sheet

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, name: str) -> pd.Series | None:
        """Return a column, or None where the table has none."""
        return self.columns.get(name)

    def text(self, name: str) -> pd.Series:
        """Return a column of text, missing values where the table has none."""
        found = self.columns.get(name)
        if found is None:
            return pd.Series(pd.NA, index=range(len(self.rows)), dtype="str")
        return found

    def need(self, name: str, faults: FaultList) -> pd.Series:
        """Return a column of which no cell may be empty."""
        values = self.text(name)
        for place in values.index[values.isna()][:SHOWN]:
            faults.add(
                kind="missing-value",
                file=self.file,
                sheet=self.sheet,
                row=self.rows[place],
                column=name,
                found="nothing",
                expected=f"a {name.removesuffix('_id').replace('_', ' ')}",
                remedy="Fill it in, or delete the row.",
            )
        return values


def typed_columns(table: TidyTable, names: Sequence[str], faults: FaultList) -> dict[str, Any]:
    """Return those of some columns that the table has, with the types of the model."""
    typed: dict[str, Any] = {}
    for name in names:
        values = table.get(name)
        if values is None:
            continue
        if name in COUNTS or name in NUMBERS:
            typed[name] = _numbers(table, name, values, faults)
        elif name in FLAGS:
            typed[name] = _flags(table, name, values, faults)
        else:
            typed[name] = values
    return typed


def _numbers(table: TidyTable, name: str, values: pd.Series, faults: FaultList) -> pd.Series:
    kind = "Int64" if name in COUNTS else "Float64"
    if values.dtype == kind:
        return values
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    if kind == "Int64":
        numbers = numbers.mask(numbers % 1 != 0)
    _bad(table, name, values, numbers, "a whole number" if kind == "Int64" else "a number", faults)
    return numbers.astype(kind)  # type: ignore[call-overload,no-any-return]


def _flags(table: TidyTable, name: str, values: pd.Series, faults: FaultList) -> pd.Series:
    if values.dtype == "bool":
        return values
    default = name == "is_codable"
    flags = values.map(lambda cell: TRUTH.get(str(as_text(cell)).casefold()), na_action="ignore")
    _bad(table, name, values, flags, "true or false", faults)
    return flags.fillna(default).astype("bool")


def _bad(
    table: TidyTable,
    name: str,
    written: pd.Series,
    read: pd.Series,
    expected: str,
    faults: FaultList,
) -> None:
    wrong = written.index[written.notna() & read.isna()]
    for place in wrong[:SHOWN]:
        faults.add(
            kind="bad-number" if "number" in expected else "bad-value",
            file=table.file,
            sheet=table.sheet,
            row=table.rows[place],
            column=name,
            found=f'"{str(written[place])[:20]}"',
            expected=expected,
            remedy="Correct the cell, or leave it empty."
            + (f" ({len(wrong)} cells of this column.)" if len(wrong) > SHOWN else ""),
        )
