"""A table as one HTML element that needs nothing from the web.

It has a small style of its own, which touches nothing outside. Alignments are also written
into the cells, each group of rows is a ``<tbody>`` under a heading, and notes stand in
``<tfoot>``: so it reads well aloud and survives conversion by Pandoc.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

from analysis.direction import language, runs
from analysis.tables.printed import EM_SPACE, Align, Column, Printed, Row, cell_text

__all__ = ["table_html", "table_page"]

STYLE = """
div.study-table { overflow-x: auto; }
div.study-table table { border-collapse: collapse; margin: 0 auto; font-size: 0.9em;
  line-height: 1.35; border: 0; border-top: 2px solid; border-bottom: 2px solid; }
div.study-table caption { caption-side: top; text-align: left; padding: 0.4em 0;
  font-weight: 600; color: inherit; }
div.study-table tbody tr:nth-child(n), div.study-table tfoot tr:nth-child(n) {
  background: none; border: 0; }
div.study-table th, div.study-table td { padding: 0.25em 0.6em; border: 0; text-align: left;
  vertical-align: top; font-weight: normal; white-space: normal; max-width: none; }
div.study-table thead th { font-weight: 600; vertical-align: bottom; border-bottom: 1px solid; }
div.study-table tbody th[scope=rowgroup] { font-weight: 600; padding-top: 0.6em; }
div.study-table tfoot td { font-size: 0.9em; }
div.study-table tfoot tr:first-child td { border-top: 1px solid; }
"""


def table_page(table: Printed, lang: str) -> str:
    """Return the table as an HTML page that stands alone."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(table.caption)}</title>\n"
        "<style>body { font-family: system-ui, sans-serif; margin: 2em; }</style>\n"
        f"</head>\n<body>\n<main>\n{table_html(table)}\n</main>\n</body>\n</html>\n"
    )


def table_html(table: Printed, *, caption: bool = True) -> str:
    """Return the table as one ``<div>``.

    Parameters
    ----------
    table : Printed
    caption : bool
        Whether the caption stands inside, as ``<caption>``.
    """
    parts = [f'<div class="study-table"><style>{STYLE}</style><table>']
    if caption:
        parts.append(f'<caption style="text-align: left">{_marked(table.caption)}</caption>')
    parts += [_columns(table.columns), _head(table.columns), *_bodies(table)]
    if table.all_notes:
        parts.append(_notes(table))
    return "\n".join(part for part in parts if part) + "\n</table>\n</div>"


def _columns(columns: tuple[Column, ...]) -> str:
    """Write the widths, where one is given."""
    if not any(column.width for column in columns):
        return ""
    marks = [
        f'<col style="width:{column.width:g}%;">' if column.width else "<col>" for column in columns
    ]
    return f"<colgroup>{''.join(marks)}</colgroup>"


def _head(columns: tuple[Column, ...]) -> str:
    """Write the headings; one without another above it reaches over both rows."""
    upper: list[str] = []
    lower: list[str] = []
    has_spanners = any(column.spanner for column in columns)
    for spanner, group in groupby(columns, key=lambda column: column.spanner):
        members = list(group)
        if spanner:
            upper.append(_heading("colgroup", spanner, "center", columns=len(members)))
            lower += [_heading("col", column.label, column.align) for column in members]
        else:
            upper += [
                _heading("col", column.label, column.align, rows=2 if has_spanners else 1)
                for column in members
            ]
    rows = [upper, lower] if has_spanners else [upper]
    return f"<thead>\n{''.join(_row(cells) for cells in rows)}</thead>"


def _heading(scope: str, text: str, align: Align, *, rows: int = 1, columns: int = 1) -> str:
    spans = f' rowspan="{rows}"' if rows > 1 else ""
    spans += f' colspan="{columns}"' if columns > 1 else ""
    return f'<th{spans} scope="{scope}" style="text-align: {align}">{_marked(text)}</th>'


def _bodies(table: Printed) -> list[str]:
    """Write each group of rows as a body of its own, and each row with a heading cell."""
    bodies = []
    for group, rows in groupby(table.rows, key=lambda row: row.group):
        lines = [_row(_cells(row, table.columns)) for row in rows]
        if group:
            width = len(table.columns)
            span = f' colspan="{width}"' if width > 1 else ""
            heading = f'<th{span} scope="rowgroup" style="text-align: left">{_marked(group)}</th>'
            lines.insert(0, _row([heading]))
        bodies.append(f"<tbody>\n{''.join(lines)}</tbody>")
    return bodies or ["<tbody></tbody>"]


def _cells(row: Row, columns: tuple[Column, ...]) -> list[str]:
    first, *others = zip(row.cells, columns, strict=True)
    text, column = first
    hanging = (
        f"; padding-left: {0.6 + row.indent}em; text-indent: -{row.indent}em" if row.indent else ""
    )
    label = _marked(EM_SPACE * row.indent + text)
    cells = [f'<th scope="row" style="text-align: {column.align}{hanging}">{label}</th>']
    cells += [
        f'<td style="text-align: {other.align}">{_marked(cell)}</td>' for cell, other in others
    ]
    return cells


def _notes(table: Printed) -> str:
    width = len(table.columns)
    span = f' colspan="{width}"' if width > 1 else ""
    lines = [
        _row([f'<td{span} style="text-align: left">{_marked(note)}</td>'])
        for note in table.all_notes
    ]
    return f"<tfoot>\n{''.join(lines)}</tfoot>"


def _row(cells: list[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>\n"


def _marked(text: str) -> str:
    """Escape a text, mark its line breaks, and the direction and language of Arabic script."""
    lines = cell_text(text).strip("\n\r ").split("\n")
    return "<br>".join(
        "".join(
            f'<span dir="rtl" lang="{language(run.text)}">{escape(run.text, quote=False)}</span>'
            if run.is_rtl
            else escape(run.text, quote=False)
            for run in runs(line)
        )
        for line in lines
    )
