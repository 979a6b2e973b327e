"""Word files: the manuscript and each table, by one way from Pandoc's tree to the page.

Pandoc writes the file; what it leaves out is put in afterwards: rules of tables, pages that lie
on their side, runs of right-to-left text, boxes. Only direct formatting shows the same in Word
and LibreOffice where a table's head has several rows, so rules are set cell by cell.
"""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree

from analysis.direction import mostly_latin

from . import pandoc
from .pandoc import Element, attributes, div, elements, plain_text, replace, span, string, to_meta

__all__ = [
    "REFERENCE",
    "besides_the_text",
    "finished",
    "for_word",
    "heading_number",
    "repacked",
    "table_file",
]

REFERENCE = Path(__file__).with_name("templates") / "reference.docx"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# The earliest moment that a zip archive can hold, and the one in the document's properties.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MOMENT = b"1980-01-01T00:00:00Z"
_HEAVY, _LIGHT = "8", "4"
# A space by which names in a table are indented, in twentieths of a point.
_EM = 170
# A table of no more rows than this stays on one page.
_SMALL = 12
# A table of its own with more columns than this lies on its side.
_UPRIGHT = 7
# What marks the end of an upright part, and of one that lies on its side, until it is finished.
_PART = '<w:p><w:pPr><w:sectPr><w:pgSz w:orient="%s"/></w:sectPr></w:pPr></w:p>'
_PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
_TAB = "<w:r><w:tab/></w:r>"

Node = etree._Element


def for_word(blocks: list[Element]) -> None:
    """Change a document in place for Pandoc's Word writer.

    Parameters
    ----------
    blocks : list of dict
        The document, its captions and headings numbered.
    """
    replace(blocks, _as_word)


def _as_word(element: Element) -> list[Element] | None:
    """Return what a construction of :class:`~analysis.manuscript.markup.Markup` is in Word."""
    kind = element["t"]
    _, classes, _ = attributes(element)
    if kind == "Div" and "page-break" in classes:
        return [_raw("RawBlock", _PAGE_BREAK)]
    if kind == "Div" and "landscape" in classes:
        inside = element["c"][1]
        replace(inside, _as_word)
        upright, aside = (_raw("RawBlock", _PART % name) for name in ("portrait", "landscape"))
        return [upright, *inside, aside]
    if kind == "Div" and "callout" in classes:
        title, *inside = element["c"][1]
        replace(inside, _as_word)
        head = div([], [{"t": "Para", "c": title["c"][1][0]["c"]}])
        head["c"][0][2] = [["custom-style", "Callout Title"]]
        body = div([], inside)
        body["c"][0] = [element["c"][0][0], [], [["custom-style", "Callout"]]]
        return [head, body]
    if kind == "Table" and "small" in classes:
        for block in elements(element["c"][3:]):
            if block["t"] in ("Plain", "Para") and block["c"]:
                small = span([], block["c"])
                small["c"][0][2] = [["custom-style", "Table Small"]]
                block["c"] = [small]
        return [element]
    if kind == "Para" and len(element["c"]) == 1:
        inline = element["c"][0]
        identifier, classes, _ = attributes(inline)
        if "equation" in classes:
            formula, number = inline["c"][1]
            formula["c"][0] = {"t": "InlineMath"}
            formula["c"][1] = f"\\displaystyle {formula['c'][1].strip()}"
            marked = span([], [number])
            marked["c"][0][0] = identifier
            line = div(
                [],
                [
                    {
                        "t": "Para",
                        "c": [_raw("RawInline", _TAB), formula, _raw("RawInline", _TAB), marked],
                    }
                ],
            )
            line["c"][0][2] = [["custom-style", "Equation"]]
            return [line]
    return None


def heading_number(number: str) -> list[Element]:
    """Return the number of a heading as Word's styles want it."""
    marked = span([], [string(number)])
    marked["c"][0][2] = [["custom-style", "Section Number"]]
    # A word before the number reaches beyond the first place that a tab leads to.
    return [marked, _raw("RawInline", _TAB) if number[0].isdigit() else string("\u2003")]


def _raw(kind: str, text: str) -> Element:
    return {"t": kind, "c": ["openxml", text]}


def table_file(
    table: Element,
    caption: list[Element],
    notes: Sequence[list[Element]],
    shares: Sequence[float],
    *,
    keywords: str = "",
    lang: str = "en",
) -> bytes:
    """Return a table with its caption and notes as a Word file of its own.

    Parameters
    ----------
    table : dict
        Pandoc's table, without caption and foot.
    caption : list of dict
        Its inlines.
    notes : sequence of list of dict
        Inlines of each note.
    shares : sequence of float
        Width of each column in percent; together 100.
    keywords : str
        For the document's properties.
    lang : str
        Language tag of the document.
    """
    table["c"][1] = [None, []]
    for column, share in zip(table["c"][2], shares, strict=True):
        column[1] = {"t": "ColWidth", "c": round(share / 100, 4)}
    _embolden(table)
    inside = [_styled("Table Caption", caption), table]
    inside += [_styled("Table Note", note) for note in notes]
    if len(shares) > _UPRIGHT:
        inside = [div(["landscape"], inside)]
    for_word(inside)
    meta: dict[str, Element] = {"lang": to_meta(lang), "pagetitle": to_meta(plain_text(caption))}
    if keywords:
        meta["keywords"] = to_meta([keywords])
    tree = {"pandoc-api-version": _version(), "meta": meta, "blocks": inside}
    content = pandoc.run(
        ["-f", "json", "--to=docx", "--output=-", f"--reference-doc={REFERENCE}"],
        json.dumps(tree, ensure_ascii=False).encode("utf-8"),
    )
    return finished(content, title=plain_text(caption))


@cache
def _version() -> list[int]:
    """Return the version of Pandoc's tree."""
    said: list[int] = json.loads(pandoc.run(["-t", "json"]))["pandoc-api-version"]
    return said


def _styled(style: str, inlines: list[Element]) -> Element:
    made = div([], [{"t": "Para", "c": inlines}])
    made["c"][0][2] = [["custom-style", style]]
    return made


def _embolden(table: Element) -> None:
    """Print heads of columns and of groups of rows in bold."""
    _, _, _, head, bodies, _ = table["c"]
    for row in [*head[1], *(row for body in bodies for row in body[2])]:
        for cell in row[1]:
            for block in cell[4]:
                if block["t"] in ("Plain", "Para") and block["c"]:
                    block["c"] = [{"t": "Strong", "c": block["c"]}]
    for body in bodies:
        body[2], body[3] = [], [*body[2], *body[3]]


def finished(content: bytes, *, title: str = "") -> bytes:
    """Return a Word file that Pandoc or Quarto wrote, ready to be read.

    Parameters
    ----------
    content : bytes
        The file.
    title : str
        For the document's properties, where the document shows none.

    Returns
    -------
    bytes
        The same document: cells in the style *Table Text*; rules above and below the head,
        under headings that span columns, and below the last row; rows that do not break and
        heads that stay with what they head; pages on their side; right-to-left runs with their
        language where Word looks for it; no clock in it. The same content gives the same bytes.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = archive.read("word/document.xml")
        core = archive.read("docProps/core.xml")
    root = etree.fromstring(document, _parser())
    first = next(root.iter(_tag("p")), None)
    is_turned = first is not None and first.find(f"{_tag('pPr')}/{_tag('bidi')}") is not None
    for table in root.iter(_tag("tbl")):
        _finish_table(table)
        if is_turned and _style_of(first) == "Title":
            _turn_table(table)
    for paragraph in root.iter(_tag("p")):
        _finish_paragraph(paragraph)
    for style in list(root.iter(_tag("rStyle"))):
        if style.get(_tag("val")) == "TableSmall":
            _make_small(style)
    for language in root.iter(_tag("lang")):
        run = language.getparent()
        if run is not None and run.find(_tag("rtl")) is not None:
            language.set(_tag("bidi"), language.get(_tag("val"), "fa"))
            if _tag("val") in language.attrib:
                del language.attrib[_tag("val")]
    for paragraph in root.iter(_tag("p")):
        turned = paragraph.find(f"{_tag('pPr')}/{_tag('bidi')}")
        in_cell = paragraph.getparent().tag == _tag("tc")  # type: ignore[union-attr]
        if turned is not None and in_cell and _is_left_to_right(paragraph):
            # Word would move a number or full stop at its ends to the other side
            turned.getparent().remove(turned)  # type: ignore[union-attr]
        elif turned is not None or _is_right_to_left(paragraph):
            _run_right_to_left(paragraph)
    _turn_pages(root)
    _break_before(root)
    _number_lines(root)
    new = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    changed = {"word/document.xml": new}
    if title:
        core = re.sub(rb"<dc:title>.*?</dc:title>|<dc:title\s*/>", b"", core, flags=re.DOTALL)
        said = f"<dc:title>{_escaped(title[:255])}</dc:title></cp:coreProperties>".encode()
        changed["docProps/core.xml"] = core.replace(b"</cp:coreProperties>", said)
    return repacked(content, changed)


def besides_the_text(content: bytes) -> dict[str, str]:
    """Return what a Word file says outside of its text, by the part in which it stands."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: archive.read(name).decode("utf-8", "replace")
            for name in archive.namelist()
            if name.endswith((".xml", ".rels")) and name != "word/document.xml"
        }


def _break_before(root: Node) -> None:
    """Let what follows a page break begin the page: a line for the break could fall on one."""
    for mark in list(root.iter(_tag("br"))):
        if mark.get(_tag("type")) != "page":
            continue
        paragraph = next(mark.iterancestors(_tag("p")), None)
        above = None if paragraph is None else paragraph.getparent()
        if paragraph is None or above is None or len(list(paragraph.iter(_tag("r")))) != 1:
            continue
        following = _shown(paragraph.itersiblings())
        if following is not None and following.tag == _tag("p") and not _ends_part(following):
            _property(following, "pageBreakBefore")
            above.remove(paragraph)


def _number_lines(root: Node) -> None:
    """Have Word number the lines of the whole text, where the template left its mark for it."""
    marks = [p for p in root.iter(_tag("p")) if _style(p) == "LineNumbers"]
    for mark in marks:
        mark.getparent().remove(mark)  # type: ignore[union-attr]
    if not marks:
        return
    for paragraph in root.iter(_tag("p")):
        if next(paragraph.iter(_tag("drawing")), None) is not None:
            _property(paragraph, "suppressLineNumbers")
    for part in list(root.iter(_tag("sectPr"))):
        numbers = etree.Element(_tag("lnNumType"))
        numbers.set(_tag("countBy"), "1")
        numbers.set(_tag("restart"), "continuous")
        before = [_tag(name) for name in _BEFORE_LINE_NUMBERS]
        at = max((i + 1 for i, child in enumerate(part) if child.tag in before), default=0)
        part.insert(at, numbers)


# what the standard wants before the numbering of lines in the properties of a part
_BEFORE_LINE_NUMBERS = (
    *("headerReference", "footerReference", "footnotePr", "endnotePr", "type"),
    *("pgSz", "pgMar", "paperSrc", "pgBorders"),
)


def _escaped(text: str) -> str:
    return quoteattr(text, {'"': "&quot;"})[1:-1]


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


def _finish_paragraph(paragraph: Node) -> None:
    """Set what a style of a study's own reference document may not know."""
    style, following = _style(paragraph), _style_of(paragraph.getnext())
    if style == "BlockText" and following == "BlockText":
        # Who said it stays with what was said.
        _property(paragraph, "keepNext")
    elif style == following == "TableNote":
        _property(paragraph, "keepNext")
    elif style == "Equation":
        tabs = _property(paragraph, "tabs")
        for kind, place in (("center", 4536), ("right", 9072)):
            tab = etree.SubElement(tabs, _tag("tab"))
            tab.set(_tag("val"), kind)
            tab.set(_tag("pos"), str(place))
    elif style in ("Callout", "CalloutTitle"):
        borders = _property(paragraph, "pBdr")
        line = etree.SubElement(borders, _tag("left"))
        for key, value in (("val", "single"), ("sz", "18"), ("space", "8"), ("color", "808080")):
            line.set(_tag(key), value)
        indent = _property(paragraph, "ind")
        indent.set(_tag("left"), "240")
        if style == "CalloutTitle":
            _property(paragraph, "keepNext")
            for run in paragraph.iter(_tag("r")):
                properties = run.find(_tag("rPr"))
                if properties is None:
                    properties = etree.Element(_tag("rPr"))
                    run.insert(0, properties)
                if properties.find(_tag("b")) is None:
                    place = 1 if properties.find(_tag("rStyle")) is not None else 0
                    properties.insert(place, etree.Element(_tag("b")))


def _make_small(style: Node) -> None:
    """Set a run's size itself: a study's own reference document knows no such style."""
    properties = style.getparent()
    if properties is None:
        return
    properties.remove(style)
    later = [_tag(name) for name in ("u", "vertAlign", "rtl", "lang")]
    at = next((i for i, child in enumerate(properties) if child.tag in later), len(properties))
    for name in ("szCs", "sz"):
        size = etree.Element(_tag(name))
        size.set(_tag("val"), "14")
        properties.insert(at, size)


# The order in which the standard wants a paragraph's properties.
_ORDER = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr", "suppressLineNumbers"),
    *("pBdr", "shd", "tabs"),
    *("bidi", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr"),
)


def _property(paragraph: Node, name: str) -> Node:
    """Return a property of a paragraph, made in its place if it is not there."""
    properties = _paragraph_properties(paragraph)
    found = properties.find(_tag(name))
    if found is None:
        found = etree.Element(_tag(name))
        later = {_tag(other) for other in _ORDER[_ORDER.index(name) + 1 :]}
        at = next((i for i, child in enumerate(properties) if child.tag in later), len(properties))
        properties.insert(at, found)
    return found


def _turn_pages(root: Node) -> None:
    """Give each part between upright and turned pages the page that it asks for."""
    body = root.find(_tag("body"))
    last = None if body is None else body.find(_tag("sectPr"))
    if body is None or last is None:
        return
    marks = [
        (paragraph, part.find(_tag("pgSz")).get(_tag("orient")))  # type: ignore[union-attr]
        for paragraph in body.findall(_tag("p"))
        if (part := paragraph.find(f"{_tag('pPr')}/{_tag('sectPr')}")) is not None
        and part.find(_tag("pgSz")) is not None
        and len(part) == 1
    ]
    for paragraph, orientation in marks:
        before = _shown(paragraph.itersiblings(preceding=True))
        after = _shown(paragraph.itersiblings())
        # No page is left empty: at the very beginning, between two turned parts, at the end.
        if orientation == "portrait" and (before is None or _ends_part(before)):
            if before is not None:
                body.remove(before)
            body.remove(paragraph)
        elif orientation == "landscape" and after is last:
            body.remove(paragraph)
            _orient(last, "landscape")
        else:
            new = copy.deepcopy(last)
            _orient(new, str(orientation))
            properties = _paragraph_properties(paragraph)
            properties.remove(properties.find(_tag("sectPr")))  # type: ignore[arg-type]
            properties.append(new)
            spacing = _property(paragraph, "spacing")
            for key, value in (("before", "0"), ("after", "0"), ("line", "20")):
                spacing.set(_tag(key), value)
            spacing.set(_tag("lineRule"), "exact")


def _shown(siblings: Iterator[Node]) -> Node | None:
    """Return the first that is more than the end of a bookmark."""
    marks = (_tag("bookmarkStart"), _tag("bookmarkEnd"))
    return next((node for node in siblings if node.tag not in marks), None)


def _ends_part(paragraph: Node) -> bool:
    return paragraph.find(f"{_tag('pPr')}/{_tag('sectPr')}") is not None


def _orient(part: Node, orientation: str) -> None:
    size = part.find(_tag("pgSz"))
    if size is None:
        return
    width, height = sorted(int(size.get(_tag(side), "0")) for side in ("w", "h"))
    if orientation == "landscape":
        width, height = height, width
        size.set(_tag("orient"), "landscape")
    elif _tag("orient") in size.attrib:
        del size.attrib[_tag("orient")]
    size.set(_tag("w"), str(width))
    size.set(_tag("h"), str(height))


def _is_right_to_left(paragraph: Node) -> bool:
    """Whether every run with a letter in it runs from right to left."""
    runs = [run for run in paragraph.iter(_tag("r")) if str(run.xpath("string()")).strip()]
    return bool(runs) and all(run.find(f"{_tag('rPr')}/{_tag('rtl')}") is not None for run in runs)


def _is_left_to_right(paragraph: Node) -> bool:
    """Whether it is in Latin letters, and no run of it runs from right to left."""
    runs = [run for run in paragraph.iter(_tag("r")) if str(run.xpath("string()")).strip()]
    is_turned = any(run.find(f"{_tag('rPr')}/{_tag('rtl')}") is not None for run in runs)
    return mostly_latin(str(paragraph.xpath("string()"))) and not is_turned


def _run_right_to_left(paragraph: Node) -> None:
    """Let the paragraph begin on the right, so that its marks stand at the right ends."""
    _property(paragraph, "bidi")
    alignment = paragraph.find(f"{_tag('pPr')}/{_tag('jc')}")
    if alignment is not None:
        # Left means the leading edge there, and columns keep their edge.
        turned = {"left": "right", "right": "left"}
        said = alignment.get(_tag("val"), "left")
        alignment.set(_tag("val"), turned.get(said, said))


def _finish_table(table: Node) -> None:
    rows = table.findall(_tag("tr"))
    small = len(rows) <= _SMALL
    heads = [row for row in rows if row.find(f"{_tag('trPr')}/{_tag('tblHeader')}") is not None]
    noted = _style_of(_shown(table.itersiblings())) == "TableNote"
    # no page ends with a table's head and a row alone, and none begins with its last row
    ends = [*rows[len(heads) : len(heads) + 2], *rows[-3:-1]]
    depths = [_depth(row) for row in rows]
    leading = {at for at in range(len(rows) - 1) if depths[at + 1] > depths[at]}
    for at, row in enumerate(rows):
        _row_property(row, "cantSplit")
        whole_width = len(row.findall(_tag("tc"))) == 1
        for cell in row.findall(_tag("tc")):
            together = noted if row is rows[-1] else small or row in ends or at in leading
            _finish_cell(cell, keep=together or row in heads or whole_width)
            if row in heads:
                _stand_below(cell)
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


def _turn_table(table: Node) -> None:
    """Let a table begin on the right, as the text around it does."""
    properties = table.find(_tag("tblPr"))
    if properties is not None and properties.find(_tag("bidiVisual")) is None:
        before = ("tblStyle", "tblpPr", "tblOverlap")
        at = sum(properties.find(_tag(name)) is not None for name in before)
        properties.insert(at, etree.Element(_tag("bidiVisual")))


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
    _property(following, "spacing").set(_tag("before"), "240")


def _style_of(node: Node | None) -> str:
    return _style(node) if node is not None and node.tag == _tag("p") else ""


def _style(paragraph: Node) -> str:
    style = paragraph.find(f"{_tag('pPr')}/{_tag('pStyle')}")
    return style.get(_tag("val"), "") if style is not None else ""


def _paragraph_properties(paragraph: Node) -> Node:
    properties = paragraph.find(_tag("pPr"))
    if properties is None:
        properties = etree.Element(_tag("pPr"))
        paragraph.insert(0, properties)
    return properties


def _stand_below(cell: Node) -> None:
    """Let the words of a head stand on its rule; the standard wants this near the end."""
    properties = cell.find(_tag("tcPr"))
    if properties is None:
        properties = etree.Element(_tag("tcPr"))
        cell.insert(0, properties)
    if properties.find(_tag("vAlign")) is None:
        etree.SubElement(properties, _tag("vAlign")).set(_tag("val"), "bottom")


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
        _hang(paragraph)


def _depth(element: Node) -> int:
    """Return by how many spaces the name in a row, or a paragraph, is indented."""
    text = str(element.xpath("string()"))
    return len(text) - len(text.lstrip("\u2003"))


def _hang(paragraph: Node) -> None:
    """Let the further lines of a name that is indented begin below the first."""
    if depth := _depth(paragraph):
        indent = _property(paragraph, "ind")
        for side in ("left", "hanging"):
            indent.set(_tag(side), str(depth * _EM))


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
