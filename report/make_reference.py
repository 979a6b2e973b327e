"""Make ``reference.docx``, whose styles and page the Word manuscript and tables take.

Run it again after changing a style below; the same styles give the same bytes::

    python report/make_reference.py

Styles keep the names that Pandoc and Quarto ask for.
"""

from __future__ import annotations

import io
from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm

from analysis.manuscript import pandoc
from analysis.manuscript.word import REFERENCE, repacked
from qdaio.files.writing import write_bytes

SERIF = "Times New Roman"
GREY = "595959"

# Each style: size in points, space before and after in points, and its other properties.
PARAGRAPHS: dict[str, dict[str, object]] = {
    "Normal": {},
    "Body Text": {"before": 0, "after": 8, "line": 1.25},
    "First Paragraph": {},
    "Compact": {"before": 0, "after": 3},
    "Title": {"size": 18, "bold": True, "before": 0, "after": 8, "align": "left", "keep": True},
    "Subtitle": {"size": 11, "italic": True, "before": 0, "after": 8, "align": "left"},
    "Author": {"size": 11, "before": 0, "after": 2, "align": "left"},
    "Affiliation": {"size": 9, "color": GREY, "before": 0, "after": 2, "align": "left"},
    "Abstract Title": {
        "size": 11,
        "bold": True,
        "before": 14,
        "after": 4,
        "align": "left",
        "keep": True,
    },
    "Abstract": {"size": 10, "before": 0, "after": 5, "line": 1.15},
    "Keywords": {"size": 10, "before": 2, "after": 12},
    "Bibliography": {"size": 10, "before": 0, "after": 4, "hanging": 22, "tab": 22},
    "heading 1": {"size": 14, "bold": True, "before": 18, "after": 6, "keep": True, "outline": 0},
    "heading 2": {"size": 12, "bold": True, "before": 14, "after": 4, "keep": True, "outline": 1},
    "heading 3": {
        "size": 11,
        "bold": True,
        "italic": True,
        "before": 10,
        "after": 3,
        "keep": True,
        "outline": 2,
    },
    "heading 4": {"size": 11, "italic": True, "before": 8, "after": 3, "keep": True, "outline": 3},
    "Block Text": {"size": 10.5, "before": 2, "after": 8, "indent": 20, "right": 20, "line": 1.15},
    "Footnote Text": {"size": 9, "before": 0, "after": 0},
    "caption": {"size": 10, "before": 10, "after": 4, "line": 1.1},
    "Table Caption": {"size": 10, "before": 12, "after": 4, "keep": True},
    "Image Caption": {"size": 10, "before": 4, "after": 14},
    "Captioned Figure": {"before": 10, "after": 2, "keep": True, "align": "center"},
    "Figure": {"before": 10, "after": 2, "align": "center"},
    "Table Text": {"size": 8.5, "before": 1.5, "after": 1.5, "line": 1},
    "Table Note": {"size": 8.5, "color": GREY, "before": 3, "after": 3, "line": 1.05},
}
CHARACTERS: dict[str, dict[str, object]] = {
    "Hyperlink": {"color": "1F4E79"},
    "Section Number": {},
    "Verbatim Char": {"font": "Courier New", "size": 10},
}


def main() -> None:
    """Write ``reference.docx`` beside this file, and among the templates of the package."""
    default = pandoc.run(["--print-default-data-file", "reference.docx"])
    document = docx.Document(io.BytesIO(default))
    styles = document.styles.element
    _defaults(styles)
    for name, properties in PARAGRAPHS.items():
        _paragraph_style(styles, name, properties)
    for name, properties in CHARACTERS.items():
        _properties(_style(styles, name, "character"), None, _run(properties))
    # The twins of paragraph styles that Word applies to a few words take after them.
    for style in styles.findall(qn("w:style")):
        name = style.find(qn("w:name")).get(qn("w:val")).removesuffix(" Char")
        if style.get(qn("w:type")) == "character" and name in PARAGRAPHS:
            _properties(style, None, _run(PARAGRAPHS[name]))
    _table_style(_style(styles, "Table", "table"))
    _page(document)
    saved = io.BytesIO()
    document.save(saved)
    made = repacked(saved.getvalue())
    # One for the manuscript, which a study may change; one for tables that stand alone.
    write_bytes(Path(__file__).with_name("reference.docx"), made)
    write_bytes(REFERENCE, made)


def _element(tag: str, **values: object) -> BaseOxmlElement:
    element = OxmlElement(f"w:{tag}")
    for key, value in values.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def _twips(points: object) -> int:
    return round(float(str(points)) * 20)


def _run(properties: dict[str, object]) -> BaseOxmlElement:
    """Return run properties, in the order that the standard asks for."""
    run = _element("rPr")
    font = properties.get("font")
    if font:
        run.append(_element("rFonts", ascii=font, hAnsi=font, cs=font))
    for key, tags in (("bold", ("b", "bCs")), ("italic", ("i", "iCs"))):
        if properties.get(key):
            run.extend(_element(tag) for tag in tags)
    if properties.get("color"):
        run.append(_element("color", val=properties["color"]))
    if properties.get("size"):
        half_points = round(float(str(properties["size"])) * 2)
        run.extend(_element(tag, val=half_points) for tag in ("sz", "szCs"))
    return run


def _paragraph(properties: dict[str, object]) -> BaseOxmlElement:
    """Return paragraph properties, in the order that the standard asks for."""
    paragraph = _element("pPr")
    if properties.get("keep"):
        paragraph.extend([_element("keepNext"), _element("keepLines")])
    if "tab" in properties:
        tabs = _element("tabs")
        tabs.append(_element("tab", val="left", pos=_twips(properties["tab"])))
        paragraph.append(tabs)
    spacing: dict[str, object] = {
        key: _twips(properties[key]) for key in ("before", "after") if key in properties
    }
    if "line" in properties:
        spacing |= {"line": round(float(str(properties["line"])) * 240), "lineRule": "auto"}
    if spacing:
        paragraph.append(_element("spacing", **spacing))
    if "hanging" in properties:
        space = _twips(properties["hanging"])
        paragraph.append(_element("ind", left=space, hanging=space))
    elif "indent" in properties:
        left, right = _twips(properties["indent"]), _twips(properties["right"])
        paragraph.append(_element("ind", left=left, right=right))
    if "align" in properties:
        paragraph.append(_element("jc", val=properties["align"]))
    if "outline" in properties:
        paragraph.append(_element("outlineLvl", val=properties["outline"]))
    return paragraph


def _style(styles: BaseOxmlElement, name: str, kind: str) -> BaseOxmlElement:
    """Return the style of a name; a new one is based on Normal."""
    for style in styles.findall(qn("w:style")):
        named = style.find(qn("w:name")).get(qn("w:val")).lower() == name.lower()
        if named and style.get(qn("w:type")) == kind:
            return style
    style = _element("style", type=kind, customStyle=1, styleId=name.replace(" ", ""))
    style.append(_element("name", val=name))
    style.append(_element("basedOn", val="Normal"))
    style.append(_element("qFormat"))
    styles.append(style)
    return style


def _properties(
    style: BaseOxmlElement, paragraph: BaseOxmlElement | None, run: BaseOxmlElement
) -> None:
    """Put a style's properties in place of those it has."""
    for tag in ("w:pPr", "w:rPr"):
        for old in style.findall(qn(tag)):
            style.remove(old)
    style.extend(part for part in (paragraph, run) if part is not None and len(part))


def _paragraph_style(styles: BaseOxmlElement, name: str, properties: dict[str, object]) -> None:
    style = _style(styles, name, "paragraph")
    for tag in ("w:semiHidden", "w:unhideWhenUsed"):
        for old in style.findall(qn(tag)):
            style.remove(old)
    if name in ("Subtitle", "Author", "Table Caption", "Image Caption"):
        # Each stands for itself; what it was based on would bring in sizes and slants.
        style.find(qn("w:basedOn")).set(qn("w:val"), "Normal")
    _properties(style, _paragraph(properties), _run(properties))


def _defaults(styles: BaseOxmlElement) -> None:
    """Set the font, size and language that all styles start from."""
    run = styles.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(run):
        run.remove(child)
    run.append(_element("rFonts", ascii=SERIF, hAnsi=SERIF, eastAsia=SERIF, cs=SERIF))
    run.extend([_element("sz", val=22), _element("szCs", val=22)])
    run.append(_element("lang", val="en-GB", eastAsia="zh-CN", bidi="fa-IR"))
    spacing = styles.find(qn("w:docDefaults")).find(qn("w:pPrDefault")).find(qn("w:pPr"))
    spacing.find(qn("w:spacing")).set(qn("w:after"), "0")


def _table_style(style: BaseOxmlElement) -> None:
    """Three rules: above the head, below it, and below the last row."""
    for tag in ("w:tblPr", "w:tblStylePr", "w:pPr", "w:rPr"):
        for old in style.findall(qn(tag)):
            style.remove(old)
    table = _element("tblPr")
    borders = _element("tblBorders")
    for side in ("top", "bottom"):
        borders.append(_element(side, val="single", sz=8, space=0, color="000000"))
    table.append(borders)
    margins = _element("tblCellMar")
    for side, wide in (("top", 15), ("left", 60), ("bottom", 15), ("right", 60)):
        margins.append(_element(side, w=wide, type="dxa"))
    table.append(margins)
    style.append(table)


def _page(document: docx.document.Document) -> None:
    """Leave one empty page: A4, even margins, its number at the foot."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.3)
    section.footer_distance = Cm(1.2)
    number = section.footer.paragraphs[0]
    number.alignment = 1
    for kind in ("begin", None, "end"):
        run = number.add_run()
        run.font.size = docx.shared.Pt(9)
        if kind:
            run._r.append(_element("fldChar", fldCharType=kind))
        else:
            asked = _element("instrText")
            asked.text = " PAGE "
            run._r.append(asked)


if __name__ == "__main__":
    main()
