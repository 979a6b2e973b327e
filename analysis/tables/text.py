"""A table as text: a pipe table of Markdown, and CSV that a spreadsheet opens without harm.

The CSV is comma-separated, its lines end as RFC 4180 has it, in UTF-8 with a byte order mark,
without which Excel on Windows shows anything but English wrongly. A text that a spreadsheet
would run as a formula gets a leading apostrophe (OWASP, *CSV injection*); numbers are left
alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis import phrases
from analysis.metrics import escape_markdown
from analysis.tables.printed import EM_SPACE, Printed, cell_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_csv", "table_csv", "table_markdown"]

BOM = "\ufeff"
DANGEROUS = r"^([=+\-@\t\r\n＝＋－＠])"
RULES = {"left": ":---", "right": "---:", "center": ":---:"}


def table_markdown(table: Printed) -> str:
    """Return the table as a pipe table, for Markdown that knows no other tables.

    Such a table has one row of headings and no row groups: a heading above several
    columns is written before each of theirs, a heading above rows as a row in bold.
    """
    headings = [
        f"{column.spanner}: {column.label}" if column.spanner else column.label
        for column in table.columns
    ]
    lines = [_line(_cell(heading) for heading in headings)]
    lines.append(_line(RULES[column.align] for column in table.columns))
    last = ""
    blanks = [""] * (len(table.columns) - 1)
    for row in table.rows:
        if row.group and row.group != last:
            lines.append(_line([f"**{_cell(row.group)}**", *blanks]))
        last = row.group
        first, *others = (_cell(cell) for cell in row.cells)
        lines.append(_line([EM_SPACE * row.indent + first, *others]))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return "<br>".join(escape_markdown(line) for line in cell_text(text).strip().split("\n"))


def table_csv(table: Printed) -> str:
    """Return the data behind a table as CSV, or its printed cells where it has none."""
    data = table.data if table.data is not None else _printed_cells(table)
    return frame_csv(data, synthetic=table.synthetic)


def frame_csv(data: pd.DataFrame, *, synthetic: bool) -> str:
    """Return a frame as CSV.

    Parameters
    ----------
    data : DataFrame
        Floats are written with at most 10 significant digits, so that machines agree.
    synthetic : bool
        Adds a last column that says so.
    """
    import pandas as pd

    safe = pd.DataFrame(index=range(len(data)))
    texts = pd.Series([str(name) for name in data.columns], dtype="str")
    headers = texts.str.replace(DANGEROUS, r"'\1", regex=True)
    columns = [_guarded(data.iloc[:, index]) for index in range(data.shape[1])]
    safe = pd.concat([safe, *columns], axis=1)
    safe.columns = pd.Index(headers)
    if synthetic:
        name, value = phrases.SYNTHETIC_COLUMN
        safe.insert(safe.shape[1], name, value, allow_duplicates=True)
    return BOM + safe.to_csv(index=False, float_format="%.10g", lineterminator="\r\n")


def _guarded(values: pd.Series) -> pd.Series:
    from pandas.api import types

    values = values.reset_index(drop=True)
    if types.is_numeric_dtype(values) or types.is_datetime64_any_dtype(values):
        return values
    # lists of one column hold numbers and texts side by side: only texts are guarded
    plain = values.astype("object").where(values.notna(), None)
    is_text = plain.map(lambda value: not isinstance(value, (int, float)) and value is not None)
    guarded = plain[is_text].astype("str").str.replace(DANGEROUS, r"'\1", regex=True)
    return plain.where(~is_text, guarded)


def _printed_cells(table: Printed) -> pd.DataFrame:
    import pandas as pd

    headings = [
        f"{column.spanner}: {column.label}" if column.spanner else column.label
        for column in table.columns
    ]
    rows = [row.cells for row in table.rows]
    frame = pd.DataFrame(rows, columns=range(len(headings)), dtype="str")
    frame.columns = pd.Index(headings)
    if table.groups:
        groups = pd.Series([row.group for row in table.rows], dtype="str")
        frame.insert(0, table.groups, groups, allow_duplicates=True)
    return frame
