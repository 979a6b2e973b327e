"""A table as HTML: great_tables lays it out, and what it leaves open is settled here.

The element needs nothing from the web and has a small style of its own, which touches
nothing outside. Alignments are also written into the cells, each group of rows is a
``<tbody>`` under a heading, and notes stand in ``<tfoot>``: so it reads well aloud and
survives conversion by Pandoc.
"""

from __future__ import annotations

import html
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml import html as parser

from analysis.tables.bidi import language, runs
from analysis.tables.text import EM_SPACE, cell_text

if TYPE_CHECKING:
    from analysis.tables.table import Column, Table

    Element = Any

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
KEPT = {"colspan", "rowspan", "scope"}


def table_page(table: Table, lang: str) -> str:
    """Return the table as an HTML page that stands alone."""
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(table.caption)}</title>\n"
        "<style>body { font-family: system-ui, sans-serif; margin: 2em; }</style>\n"
        f"</head>\n<body>\n<main>\n{table_html(table)}\n</main>\n</body>\n</html>\n"
    )


def table_html(table: Table, *, caption: bool = True) -> str:
    """Return the table as one ``<div>``; see :meth:`analysis.tables.Table.html`."""
    element = parser.fragment_fromstring(_great_table(table)).find(".//table")
    _plain(element)
    _head(element.find("thead"), table)
    _bodies(element, table)
    for note in element.iterfind("tfoot/tr/td"):
        note.set("style", "text-align: left")
    if caption:
        title = etree.Element("caption", {"style": "text-align: left"})
        title.text = cell_text(table.caption)
        element.insert(0, title)
    for cell in element.iter("th", "td", "caption"):
        _mark_up(cell)
    box = parser.Element("div", {"class": "study-table"})
    style = etree.SubElement(box, "style")
    style.text = STYLE
    box.append(element)
    return str(parser.tostring(box, encoding="unicode")).strip()


def _great_table(table: Table) -> str:
    import pandas as pd
    from great_tables import GT

    names = [f"c{index}" for index in range(len(table.columns))]
    body = pd.DataFrame([row.cells for row in table.rows], columns=names, dtype="str")
    body[names[0]] = [EM_SPACE * row.indent + row.cells[0] for row in table.rows]
    if table.groups:
        body["group"] = [row.group for row in table.rows]
    drawn = GT(body, groupname_col="group" if table.groups else None, id=table.label)
    for spanner, indices in _spanners(table.columns):
        if spanner:
            drawn = drawn.tab_spanner(spanner, [names[index] for index in indices])
    widths = {
        name: f"{column.width:g}%"
        for name, column in zip(names, table.columns, strict=True)
        if column.width
    }
    if widths:
        drawn = drawn.cols_width(cases=widths)
    for note in table.all_notes:
        drawn = drawn.tab_source_note(cell_text(note))
    return str(drawn.as_raw_html())


def _spanners(columns: tuple[Column, ...]) -> list[tuple[str | None, list[int]]]:
    grouped = groupby(range(len(columns)), key=lambda index: columns[index].spanner)
    return [(spanner, list(indices)) for spanner, indices in grouped]


def _plain(element: Element) -> None:
    """Leave the attributes that carry meaning, and text without wrappers."""
    for part in element.iter("table", "thead", "tbody", "tfoot", "tr", "th", "td"):
        for name in set(part.attrib) - KEPT:
            del part.attrib[name]
        for span in ("colspan", "rowspan"):
            if part.get(span) == "1":
                del part.attrib[span]
    for wrapper in list(element.iter("span")):
        wrapper.drop_tag()


def _head(head: Element, table: Table) -> None:
    """Write headings as they are: the layout would read notation into some of them."""
    upper, *lower = (iter(row) for row in head.iterfind("tr"))
    for spanner, indices in _spanners(table.columns):
        if spanner:
            _heading(next(upper), "colgroup", spanner, "center")
        for index in indices:
            column = table.columns[index]
            # headings without one above them reach over both rows
            _heading(next(lower[0] if spanner else upper), "col", column.label, column.align)


def _heading(cell: Element, scope: str, text: str, align: str) -> None:
    cell.text = cell_text(text)
    cell.set("scope", scope)
    cell.set("style", f"text-align: {align}")


def _bodies(element: Element, table: Table) -> None:
    """Give each group of rows a body of its own, and each row a heading cell."""
    old = element.find("tbody")
    levels = (row.indent for row in table.rows)
    made: list[Element] = []
    for row in list(old):
        is_heading = row[0].tag == "th"
        if is_heading or not made:
            made.append(parser.Element("tbody"))
        if not is_heading:
            row[0].tag = "th"
            row[0].set("scope", "row")
            for cell, column in zip(row, table.columns, strict=True):
                cell.set("style", f"text-align: {column.align}")
            if level := next(levels):
                hanging = f"; padding-left: {0.6 + level}em; text-indent: -{level}em"
                row[0].set("style", row[0].get("style") + hanging)
        elif row[0].text_content().strip():
            row[0].set("scope", "rowgroup")
            row[0].set("style", "text-align: left")
        else:
            continue
        made[-1].append(row)
    for body in made:
        old.addprevious(body)
    element.remove(old)


def _mark_up(cell: Element) -> None:
    """Mark line breaks, and the direction and language of Arabic script."""
    text, cell.text = cell.text or "", ""
    last: Element | None = None
    for number, line in enumerate(text.strip("\n\r ").split("\n")):
        if number:
            last = etree.SubElement(cell, "br")
        for run in runs(line):
            if run.is_rtl:
                last = etree.SubElement(cell, "span", {"dir": "rtl", "lang": language(run.text)})
                last.text = run.text
            elif last is None:
                cell.text = cell.text + run.text
            else:
                last.tail = (last.tail or "") + run.text
