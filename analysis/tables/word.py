"""A table as a Word document that is the same, byte for byte, each time it is made.

Headings repeat on each page, no row breaks across pages, groups stand in bold above their
rows, and text runs in its own direction.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from analysis import phrases
from analysis.direction import anchored, language, runs
from analysis.tables.printed import Align, Printed, cell_text, column_shares

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.table import CT_Tc
    from docx.shared import Length
    from docx.table import Table as WordTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

__all__ = ["draw_table", "same_bytes", "table_docx", "write"]

# the earliest date that a zip archive can hold: products have no clock
EPOCH = datetime(1980, 1, 1)
MARGIN_CM = 2.0
PAGE_CM = (21.0, 29.7)
LANDSCAPE_COLUMNS = 7
TITLE_LETTERS = 255
INDENT_CM = 0.4
SPACE_PT = 2
ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}

OPPOSITE: dict[Align, Align] = {"left": "right", "right": "left", "center": "center"}


def table_docx(table: Printed, lang: str = "en") -> bytes:
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


def _properties(document: WordDocument, table: Printed, lang: str) -> None:
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


def draw_table(document: WordDocument, table: Printed, width: float) -> None:
    """Add a table to the end of a document.

    Headings are repeated on each page, and no row breaks across pages.

    Parameters
    ----------
    document : docx Document
    table : Table
    width : float
        Of the whole table, in centimetres.
    """
    drawn = document.add_table(rows=0, cols=len(table.columns))
    drawn.autofit = False
    _rules(drawn)
    widths = [Cm(width * share / 100) for share in column_shares(table)]
    for column, length in zip(drawn.columns, widths, strict=True):
        column.width = length
    _headings(drawn, table, widths)
    last = ""
    for row in table.rows:
        if row.group and row.group != last:
            _, cells = _row(drawn, widths)
            _fill(cells[0].merge(cells[-1]), row.group, "left", bold=True, keep=True)
        last = row.group
        _, cells = _row(drawn, widths)
        for cell, text, heading in zip(cells, row.cells, table.columns, strict=True):
            _fill(cell, text, heading.align)
        if row.indent:
            cells[0].paragraphs[0].paragraph_format.left_indent = Cm(INDENT_CM * row.indent)


def write(paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
    """Add text to a paragraph, as runs of one direction each; line ends break the line."""
    for piece in runs(text.strip()):
        run = paragraph.add_run(anchored(piece.text) if piece.is_rtl else piece.text)
        run.bold = bold or None
        if piece.is_rtl:
            properties = run._r.get_or_add_rPr()
            if bold:
                properties.append(OxmlElement("w:bCs"))
            properties.append(OxmlElement("w:rtl"))
            mark = OxmlElement("w:lang")
            mark.set(qn("w:bidi"), language(piece.text))
            properties.append(mark)


def _headings(drawn: WordTable, table: Printed, widths: Sequence[Length]) -> None:
    names = [column.spanner for column in table.columns]
    heads = [_row(drawn, widths) for _ in range(2 if any(names) else 1)]
    upper, lower = heads[0][1], heads[-1][1]
    for index, column in enumerate(table.columns):
        cell = lower[index] if column.spanner else upper[index].merge(lower[index])
        _fill(cell, column.label, column.align, bold=True)
    for spanner in dict.fromkeys(name for name in names if name):
        first = names.index(spanner)
        last = first + names.count(spanner) - 1
        merged = upper[first].merge(upper[last])
        _fill(merged, spanner, "center", bold=True)
        _rule_below(merged._tc)
    for row, _ in heads:
        _mark(row, "w:tblHeader")
    for cell in heads[-1][0]._tr.tc_lst:
        _rule_below(cell)


def _row(drawn: WordTable, widths: Sequence[Length]) -> tuple[_Row, tuple[_Cell, ...]]:
    row: _Row = drawn.add_row()  # type: ignore[no-untyped-call]
    _mark(row, "w:cantSplit")
    cells = row.cells
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width
    return row, cells


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _fill(cell: _Cell, text: str, align: Align, *, bold: bool = False, keep: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    if _is_all_rtl(text):
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc")
        # left means the leading edge there, and columns keep their edge
        align = OPPOSITE[align]
    paragraph.alignment = ALIGNMENTS[align]
    paragraph.paragraph_format.space_before = Pt(SPACE_PT)
    paragraph.paragraph_format.space_after = Pt(SPACE_PT)
    paragraph.paragraph_format.keep_with_next = keep or None
    write(paragraph, cell_text(text), bold=bold)


def _is_all_rtl(text: str) -> bool:
    pieces = runs(text)
    return any(piece.is_rtl for piece in pieces) and not any(
        piece.text.strip() and not piece.is_rtl for piece in pieces
    )


def _rules(drawn: WordTable) -> None:
    """Draw the rules of a journal's table: above and below, none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom"):
        borders.append(_rule(side, 12))
    # fixed widths have put a layout there, which must come after the rules
    for layout in drawn._tbl.tblPr.iterchildren(qn("w:tblLayout")):
        layout.addprevious(borders)


def _rule_below(cell: CT_Tc) -> None:
    borders = OxmlElement("w:tcBorders")
    borders.append(_rule("bottom", 6))
    cell.get_or_add_tcPr().append(borders)


def _rule(side: str, eighths: int) -> _Element:
    rule = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", "auto")):
        rule.set(qn(f"w:{name}"), value)
    return rule
