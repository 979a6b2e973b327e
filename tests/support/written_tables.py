"""Writes small tables as the programs do: .xlsx, and .csv with any separator."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

Row = Sequence[Any]


def write_csv(path: Path, rows: Sequence[Row], *, separator: str = ",", bom: bool = False) -> Path:
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows(rows)
    return path


def write_xlsx(path: Path, sheets: dict[str, Sequence[Row]] | Sequence[Row]) -> Path:
    named = sheets if isinstance(sheets, dict) else {"Sheet1": sheets}
    options = {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(path, options) as workbook:
        for name, rows in named.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(number, place, cell)
    return path
