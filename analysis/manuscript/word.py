"""The Word file after Pandoc: tables with their rules, runs of right-to-left text, fixed dates.

Only direct formatting shows the same in Word and LibreOffice where a table's head has several
rows, so rules are set cell by cell.
"""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree

__all__ = ["finished", "repacked"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# The earliest moment that a zip archive can hold, and the one in the document's properties.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MOMENT = b"1980-01-01T00:00:00Z"
_HEAVY, _LIGHT = "8", "4"
# A table of no more rows than this stays on one page.
_SMALL = 16

Node = etree._Element


def finished(content: bytes) -> bytes:
    """Return a Word file that Pandoc or Quarto wrote, ready to be read.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    bytes
        The same document: cells in the style *Table Text*; rules above and below the head,
        under headings that span columns, and below the last row; rows that do not break and
        heads that stay with what they head; right-to-left runs with their language where Word
        looks for it; no clock in it. The same content gives the same bytes.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = archive.read("word/document.xml")
    root = etree.fromstring(document, _parser())
    for table in root.iter(_tag("tbl")):
        _finish_table(table)
    for quoted in root.iter(_tag("p")):
        after = quoted.getnext()
        if _style(quoted) == "BlockText" and after is not None and _style(after) == "BlockText":
            # Who said it stays with what was said.
            _paragraph_properties(quoted).insert(1, etree.Element(_tag("keepNext")))
    for language in root.iter(_tag("lang")):
        run = language.getparent()
        if run is not None and run.find(_tag("rtl")) is not None:
            language.set(_tag("bidi"), language.attrib.pop(_tag("val"), "fa"))
    for paragraph in root.iter(_tag("p")):
        if _is_right_to_left(paragraph):
            _run_right_to_left(paragraph)
    new = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return repacked(content, {"word/document.xml": new})


def repacked(content: bytes, changed: dict[str, bytes] | None = None) -> bytes:
    """Return a zip-based file with fixed dates, and with some of its members changed."""
    changed = changed or {}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = archive.namelist()
        # Readers recognise the format by its first member.
        for name in sorted(names, key=lambda n: (n != "[Content_Types].xml", n)):
            data = changed.get(name, archive.read(name))
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _MOMENT, data)
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            target.writestr(member, data, compresslevel=6)
    return out.getvalue()


def _is_right_to_left(paragraph: Node) -> bool:
    """Whether every run with a letter in it runs from right to left."""
    runs = [run for run in paragraph.iter(_tag("r")) if str(run.xpath("string()")).strip()]
    return bool(runs) and all(run.find(f"{_tag('rPr')}/{_tag('rtl')}") is not None for run in runs)


def _run_right_to_left(paragraph: Node) -> None:
    """Let the paragraph begin on the right, so that its marks stand at the right ends."""
    properties = _paragraph_properties(paragraph)
    # the order of properties is fixed: these may stand before the direction
    earlier = {_tag(name) for name in ("pStyle", "keepNext", "keepLines", "numPr")}
    place = sum(item.tag in earlier for item in properties)
    properties.insert(place, etree.Element(_tag("bidi")))


def _finish_table(table: Node) -> None:
    rows = table.findall(_tag("tr"))
    small = len(rows) <= _SMALL
    heads = [row for row in rows if row.find(f"{_tag('trPr')}/{_tag('tblHeader')}") is not None]
    for row in rows:
        _row_property(row, "cantSplit")
        whole_width = len(row.findall(_tag("tc"))) == 1
        for cell in row.findall(_tag("tc")):
            together = small and row is not rows[-1]
            _finish_cell(cell, keep=together or row in heads or whole_width)
        if whole_width and row not in heads:
            _rule(row, "top", _LIGHT)
    for row in heads[:-1]:
        for cell in row.findall(_tag("tc")):
            if _span(cell) > 1 and cell.xpath("string()"):
                _cell_rule(cell, "bottom", _LIGHT)
    if heads:
        _rule(heads[0], "top", _HEAVY)
        _rule(heads[-1], "bottom", _LIGHT)
        if len(rows) > len(heads):
            _rule(rows[len(heads)], "top", _LIGHT)
    elif rows:
        _rule(rows[0], "top", _HEAVY)
    if rows:
        _rule(rows[-1], "bottom", _HEAVY)
    _space_after(table)


def _space_after(table: Node) -> None:
    """Keep the text that follows a table away from it; notes stay near."""
    following = next((n for n in table.itersiblings() if n.tag == _tag("p")), None)
    if following is None:
        return
    while _style(following) == "TableNote":
        after = following.getnext()
        if after is None or after.tag != _tag("p"):
            return
        following = after
    if _style(following).startswith("Heading"):
        return
    properties = _paragraph_properties(following)
    spacing = etree.Element(_tag("spacing"))
    spacing.set(_tag("before"), "240")
    later = [_tag(tag) for tag in ("ind", "contextualSpacing", "jc", "outlineLvl", "rPr")]
    at = next((i for i, child in enumerate(properties) if child.tag in later), len(properties))
    properties.insert(at, spacing)


def _style(paragraph: Node) -> str:
    style = paragraph.find(f"{_tag('pPr')}/{_tag('pStyle')}")
    return style.get(_tag("val"), "") if style is not None else ""


def _paragraph_properties(paragraph: Node) -> Node:
    properties = paragraph.find(_tag("pPr"))
    if properties is None:
        properties = etree.Element(_tag("pPr"))
        paragraph.insert(0, properties)
    return properties


def _finish_cell(cell: Node, *, keep: bool) -> None:
    for paragraph in cell.findall(_tag("p")):
        properties = _paragraph_properties(paragraph)
        style = properties.find(_tag("pStyle"))
        if style is None:
            style = etree.Element(_tag("pStyle"))
            properties.insert(0, style)
        style.set(_tag("val"), "TableText")
        if keep and properties.find(_tag("keepNext")) is None:
            properties.insert(1, etree.Element(_tag("keepNext")))


def _row_property(row: Node, name: str) -> None:
    properties = row.find(_tag("trPr"))
    if properties is None:
        properties = etree.Element(_tag("trPr"))
        row.insert(0, properties)
    if properties.find(_tag(name)) is None:
        properties.insert(0, etree.Element(_tag(name)))


def _rule(row: Node, side: str, weight: str) -> None:
    for cell in row.findall(_tag("tc")):
        _cell_rule(cell, side, weight)


def _cell_rule(cell: Node, side: str, weight: str) -> None:
    """Draw a line along one side of a cell; the standard fixes the order of what is set."""
    properties = cell.find(_tag("tcPr"))
    if properties is None:
        properties = etree.Element(_tag("tcPr"))
        cell.insert(0, properties)
    borders = properties.find(_tag("tcBorders"))
    if borders is None:
        borders = etree.Element(_tag("tcBorders"))
        before = sum(properties.find(_tag(n)) is not None for n in ("tcW", "gridSpan", "vMerge"))
        properties.insert(before, borders)
    line = borders.find(_tag(side))
    if line is None:
        line = etree.Element(_tag(side))
        borders.insert(0 if side == "top" else len(borders), line)
    for key, value in (("val", "single"), ("sz", weight), ("space", "0"), ("color", "000000")):
        line.set(_tag(key), value)


def _span(cell: Node) -> int:
    span = cell.find(f"{_tag('tcPr')}/{_tag('gridSpan')}")
    return int(span.get(_tag("val"), "1")) if span is not None else 1


def _tag(name: str) -> str:
    return f"{{{_W}}}{name}"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)
