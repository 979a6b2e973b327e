"""A table as a Markdown pipe table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.metrics import escape_markdown
from analysis.tables.text import EM_SPACE, cell_text

if TYPE_CHECKING:
    from analysis.tables.table import Table

__all__ = ["table_markdown"]

RULES = {"left": ":---", "right": "---:", "center": ":---:"}


def table_markdown(table: Table) -> str:
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
