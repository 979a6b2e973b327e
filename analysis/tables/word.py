"""A table as a Word document that is the same, byte for byte, each time it is made."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from analysis import phrases
from analysis.tables.text import cell_text
from analysis.tables.word_table import draw_table, write

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from analysis.tables.table import Table

__all__ = ["same_bytes", "table_docx"]

# the earliest date that a zip archive can hold: products have no clock
EPOCH = datetime(1980, 1, 1)
MARGIN_CM = 2.0
PAGE_CM = (21.0, 29.7)
LANDSCAPE_COLUMNS = 7
TITLE_LETTERS = 255


def table_docx(table: Table, lang: str = "en") -> bytes:
    """Return a table with its caption and notes as the bytes of a Word document.

    A page with more than seven columns lies on its side.

    Parameters
    ----------
    table : Table
    lang : str
        Language tag of the document.
    """
    document = Document()
    _properties(document, table, lang)
    normal = document.styles["Normal"]
    normal.font.name = "Arial"
    normal.font.size = Pt(9)
    width = _page(document, len(table.columns))
    style = document.styles["Caption"]
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.font.size = Pt(9)
    caption = document.add_paragraph(style=style)
    write(caption, cell_text(table.caption))
    caption.paragraph_format.keep_with_next = True
    draw_table(document, table, width)
    for place, note in enumerate(table.all_notes):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(0 if place else 4)
        paragraph.paragraph_format.space_after = Pt(0)
        write(paragraph, cell_text(note))
    return same_bytes(document)


def same_bytes(document: WordDocument) -> bytes:
    """Pack a document with one fixed date on every member."""
    packed = io.BytesIO()
    document.save(packed)
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(packed) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            info = zipfile.ZipInfo(member.filename, EPOCH.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            target.writestr(info, source.read(member))
    return fixed.getvalue()


def _properties(document: WordDocument, table: Table, lang: str) -> None:
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = cell_text(table.caption)[:TITLE_LETTERS]
    properties.keywords = phrases.SYNTHETIC_MARK if table.synthetic else ""
    properties.created = properties.modified = EPOCH
    properties.language = lang
    for mark in document.styles.element.iter(qn("w:lang")):
        mark.set(qn("w:val"), lang)


def _page(document: WordDocument, columns: int) -> float:
    """Set the page up; return the width of its text in centimetres."""
    section = document.sections[0]
    width, height = PAGE_CM
    if columns > LANDSCAPE_COLUMNS:
        width, height = height, width
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    return width - 2 * MARGIN_CM
