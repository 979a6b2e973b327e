"""A table as a Word document of its own, made in the same way as those of the manuscript.

Headings repeat on each page, no row breaks across pages, groups stand in bold above their
rows, and text runs in its own direction. A page with more than seven columns lies on its side.
"""

from __future__ import annotations

from analysis import phrases
from analysis.manuscript.document import parse_tables
from analysis.manuscript.frontmatter import directed
from analysis.manuscript.word import table_file
from analysis.tables.html import table_html
from analysis.tables.printed import Printed, cell_text, column_shares

__all__ = ["table_docx"]


def table_docx(table: Printed, lang: str = "en") -> bytes:
    """Return a table with its caption and notes as the bytes of a Word document.

    Parameters
    ----------
    table : Printed
    lang : str
        Language tag of the document.

    Returns
    -------
    bytes
        The same table gives the same bytes.
    """
    element = parse_tables([], {0: table_html(table, caption=False)}).of_embeds[0]
    foot = element["c"][5]
    notes = [
        block["c"]
        for row in foot[1]
        for cell in row[1]
        for block in cell[4]
        if block["t"] in ("Plain", "Para")
    ]
    foot[1] = []
    return table_file(
        element,
        directed(cell_text(table.caption)),
        notes,
        column_shares(table),
        keywords=phrases.SYNTHETIC_MARK if table.synthetic else "",
        lang=lang,
    )
