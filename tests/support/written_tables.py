"""Writes small tables as the programs and people do: workbooks, and text with any separator."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]


def write_csv(path: Path, rows: Rows, separator: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows(rows)
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Rows] | Rows) -> Path:
    """Write sheets of cells, or one sheet; text stays text, whatever it starts with."""
    named = sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as workbook:
        for name, rows in named.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return path
