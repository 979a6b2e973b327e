"""An HTML table without what only a web page needs: what its cells say, span and align.

Tables come from great_tables with classes, styles and identifiers for its own style sheet.
Word, Typst and JATS know none of these. What is left here is the table that all formats
share: head, groups of rows, foot, spans, scopes, alignment, language and direction.
"""

from __future__ import annotations

import re

from lxml import html as lxml_html

__all__ = ["NoTableError", "clean_table"]

_KEPT = {
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("p", "br", "sup", "sub", "em", "strong", "i", "b", "a", "span", "ul", "ol", "li", "code"),
}
_ATTRIBUTES = {"colspan", "rowspan", "scope", "lang", "dir", "href"}
_ALIGNMENT = re.compile(r"text-align:\s*(left|right|center)")
_WIDTH = re.compile(r"width:\s*([\d.]+)%")
_INDENT = re.compile(r"gt_indent_(\d)")


class NoTableError(ValueError):
    """The HTML holds no table, or more than one; the message says which."""


def clean_table(source: str, *, caption: bool = False) -> str:
    """Return the one table of a piece of HTML, with its meaning and without its looks.

    Parameters
    ----------
    source : str
        HTML with exactly one table, such as ``GT.as_raw_html()`` gives.
    caption : bool
        Whether to keep the caption; that of an embedded table stands in its cell's options.

    Returns
    -------
    str
        ``<table>…</table>``. Rows that hold one header over all columns open a ``tbody``
        of their own, which is how HTML says *group of rows*.

    Raises
    ------
    NoTableError
        If there is no table, or more than one.
    """
    try:
        root = lxml_html.fragment_fromstring(source, create_parent="div")
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise NoTableError("no HTML") from error
    tables = root.xpath(".//table")
    if len(tables) != 1:
        raise NoTableError("no table" if not tables else f"{len(tables)} tables")
    table = tables[0]
    table.tail = None
    for element in list(table.iter()):
        unwanted = ("style", "script") if caption else ("style", "script", "caption")
        if not isinstance(element.tag, str) or element.tag in unwanted:
            element.drop_tree()
    for element in list(table.iter()):
        _strip(element)
    for cell in table.xpath(".//th | .//td"):
        _tidy_cell(cell)
    _group_rows(table)
    for part in table.iter("table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr"):
        part.text = part.text if part.tag == "caption" else None
        part.tail = None if part is table else "\n"
    for cell in table.iter("th", "td", "col"):
        cell.tail = None
    return str(lxml_html.tostring(table, encoding="unicode"))


def _strip(element: lxml_html.HtmlElement) -> None:
    """Drop an element's looks; drop the element where it was nothing else."""
    classes, style = element.get("class", ""), element.get("style", "")
    aligned = _ALIGNMENT.search(style) or re.search(r"\bgt_(left|right|center)\b", classes)
    indent = _INDENT.search(classes)
    width = _WIDTH.search(style)
    for name in list(element.attrib):
        value = element.get(name)
        if name not in _ATTRIBUTES or (name in ("colspan", "rowspan") and value == "1"):
            del element.attrib[name]
    if element.tag in ("th", "td"):
        if aligned:
            element.set("style", f"text-align: {aligned.group(1)}")
        if indent:
            element.text = "\u2003" * int(indent.group(1)) + (element.text or "").lstrip()
    elif element.tag == "col" and width:
        element.set("style", f"width: {width.group(1)}%")
    if element.tag not in _KEPT or (element.tag == "span" and not element.attrib):
        element.drop_tag()


def _tidy_cell(cell: lxml_html.HtmlElement) -> None:
    """Take a paragraph that stands alone, and space at the ends, out of a cell."""
    inside = [child for child in cell if isinstance(child.tag, str)]
    around = (cell.text or "") + (inside[0].tail or "" if inside else "")
    if len(inside) == 1 and inside[0].tag == "p" and not around.strip():
        inside[0].drop_tag()
    for element in (cell, *cell.iterdescendants()):
        if element.text:
            element.text = re.sub(r"[ \t\n]+", " ", element.text)
        if element is not cell and element.tail:
            element.tail = re.sub(r"[ \t\n]+", " ", element.tail)
    if cell.text:
        cell.text = cell.text.lstrip(" \n\t")
    if len(cell):
        if cell[-1].tail:
            cell[-1].tail = cell[-1].tail.rstrip(" \n\t")
    elif cell.text:
        cell.text = cell.text.rstrip(" \n\t")


def _group_rows(table: lxml_html.HtmlElement) -> None:
    """Open a new body at each row that is one header over all columns."""
    columns = max((_width(row) for row in table.iter("tr")), default=0)
    for body in table.findall("tbody"):
        groups: list[list[lxml_html.HtmlElement]] = [[]]
        for row in body.findall("tr"):
            cells = row.findall("th")
            if len(cells) == len(row) == 1 and _width(row) == columns > 1:
                if not "".join(row.itertext()).strip():
                    continue
                cells[0].set("scope", "rowgroup")
                cells[0].attrib.pop("style", None)
                groups.append([])
            groups[-1].append(row)
        last = body
        for rows in filter(None, groups):
            opened = lxml_html.Element("tbody")
            opened.extend(rows)
            last.addnext(opened)
            last = opened
        table.remove(body)


def _width(row: lxml_html.HtmlElement) -> int:
    """How many columns a row's own cells take."""
    return sum(int(cell.get("colspan", 1)) for cell in row if cell.tag in ("th", "td"))
