"""JATS after Pandoc: valid against the Publishing DTD 1.1, labels where a journal looks for them.

Tables and figures, formulas, sections, appendices and references carry their numbers in
``label``; pictures lie beside the file; what JATS has no word for leaves no box behind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from html import escape, unescape

from lxml import etree

from .pandoc import Element, attributes, plain_text, replace, span

__all__ = ["finished_jats", "for_jats"]

_XLINK = "{http://www.w3.org/1999/xlink}href"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ALT_TEXT = re.compile(r"(<alt-text>)(.*?)(</alt-text>)", re.DOTALL)
# What JATS calls a kind of work that CSL names.
_PUBLICATIONS = {
    "article": "preprint",
    "article-journal": "journal",
    "article-magazine": "journal",
    "article-newspaper": "newspaper",
    "book": "book",
    "chapter": "book",
    "dataset": "data",
    "entry-encyclopedia": "book",
    "legislation": "standard",
    "paper-conference": "confproc",
    "patent": "patent",
    "post-weblog": "web",
    "report": "report",
    "software": "software",
    "standard": "standard",
    "thesis": "thesis",
    "webpage": "web",
}
_CROSS = {
    "table-wrap": "table",
    "fig": "fig",
    "sec": "sec",
    "app": "app",
    "disp-formula": "disp-formula",
}
# What may stand in a paragraph's place, so that one around it alone can go.
_BLOCKS = {"disp-formula", "list", "disp-quote", "boxed-text", "table-wrap", "fig", "def-list"}
# What holds letters, and no run in another language.
_TEXT_ONLY = {"institution", "surname", "given-names", "suffix", "email", "meta-value", "label"}
Node = etree._Element


def for_jats(blocks: list[Element]) -> None:
    """Change a document in place for Pandoc's JATS writer.

    Parameters
    ----------
    blocks : list of dict
        The document, its captions numbered.
    """
    replace(blocks, _as_jats)


def _as_jats(element: Element) -> list[Element] | None:
    kind = element["t"]
    _, classes, _ = attributes(element)
    if kind == "Div" and "page-break" in classes:
        return []  # JATS has no pages
    if kind == "Div" and "landscape" in classes:
        replace(element["c"][1], _as_jats)
        return list(element["c"][1])
    if kind == "Div" and "callout" in classes:
        title, *inside = element["c"][1]
        replace(inside, _as_jats)
        name = classes[1].removeprefix("callout-")
        identifier = element["c"][0][0]
        anchor = f' id="{identifier}"' if identifier else ""
        head = {"t": "Para", "c": [span(["callout-title"], title["c"][1][0]["c"])]}
        opened = _raw(f'<boxed-text content-type="{name}"{anchor}>')
        return [opened, head, *inside, _raw("</boxed-text>")]
    if kind == "LineBlock":
        # A line break may stand in a title or a cell, not in a paragraph.
        lines = [{"t": "Para", "c": line} for line in element["c"] if plain_text(line).strip()]
        return lines
    return None


def _raw(text: str) -> Element:
    return {"t": "RawBlock", "c": ["jats", text]}


def finished_jats(
    content: bytes, works: Mapping[str, str] | None = None, turned: Collection[str] = ()
) -> bytes:
    """Return an article's XML as a journal's system wants it.

    Parameters
    ----------
    content : bytes
        What Pandoc's JATS writer made, for the built-in engine or for Quarto. Headings,
        captions and formulas hold their number, marked as such.
    works : mapping, optional
        Type of each work of the bibliography, as CSL has it, by its key.
    turned : collection of str
        Labels of tables and figures that stand on a page on its side.

    Returns
    -------
    bytes
        The same text, valid after JATS Publishing 1.1: numbers of sections, tables, figures,
        formulas and references stand in ``label``; the identifier of a table is that of its
        ``table-wrap``, with its notes in ``table-wrap-foot``; references have their type;
        appendices stand in the back; pictures are named in ``manuscript_files``.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(_ALT_TEXT.sub(_escaped, content.decode("utf-8")).encode(), parser)
    for boxed in list(root.iter("boxed-text")):
        if boxed.get("content-type") is None:
            _dissolve(boxed)
        else:
            _finish_box(boxed)
    for formula in list(root.iter("disp-formula")):
        _finish_formula(formula)
    _move_appendices(root)
    _title_references(root)
    for section in root.iter("sec"):
        _take_number(section, section.find("title"), "section-number")
    for wrap in root.iter("table-wrap"):
        table = wrap.find("table")
        if table is not None and table.get("id"):
            wrap.set("id", table.attrib.pop("id"))
        _take_notes(wrap)
    for floated in root.iter("table-wrap", "fig"):
        _take_number(floated, floated.find("caption/p"), "float-number")
        if floated.get("id", "") in turned:
            floated.set("orientation", "landscape")
    for reference in root.iter("ref"):
        _finish_reference(reference, works or {})
    for graphic in root.iter("graphic", "inline-graphic"):
        address = graphic.get(_XLINK, "")
        if not address.startswith("manuscript_files/"):
            graphic.set(_XLINK, f"manuscript_files/{address}")
    kinds = {element.get("id"): element.tag for element in root.iter(*_CROSS)}
    for cross in root.iter("xref"):
        kind = kinds.get(cross.get("rid"))
        if isinstance(kind, str):
            cross.set("ref-type", _CROSS[kind])
    _mend(root)
    for name in root.iter(*_TEXT_ONLY):
        name.text = (name.text or "").replace("\u200e", "")  # a mark that only print needs
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8") + b"\n"


def _escaped(found: re.Match[str]) -> str:
    """Escape an alternative text, which Pandoc's writer puts into the XML as it is."""
    return f"{found[1]}{escape(unescape(found[2]), quote=False)}{found[3]}"


def _labelled(text: str) -> Node:
    label = etree.Element("label")
    label.text, label.tail = text, "\n"
    return label


def _dissolve(element: Node) -> None:
    """Put what stands in an element, with its text, in the element's place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)

    def add_text(text: str | None) -> None:
        if not text:
            return
        if at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text

    add_text(element.text)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    tail = element.tail
    element.tail = None
    parent.remove(element)
    add_text(tail)


def _finish_box(boxed: Node) -> None:
    """Make a title of the line that holds it."""
    first = boxed.find("p")
    marked = None if first is None else first.find("named-content[@content-type='callout-title']")
    if first is None or marked is None:
        return
    caption = etree.Element("caption")
    marked.tag = "title"
    del marked.attrib["content-type"]
    caption.append(marked)
    boxed.replace(first, caption)


def _finish_formula(formula: Node) -> None:
    """Give a formula its identifier and number, and a place of its own."""
    around = formula.getparent()
    if around is not None and around.get("content-type") == "equation":
        formula.set("id", around.get("id", ""))
        for number in around.findall("named-content[@content-type='equation-number']"):
            formula.insert(0, _labelled(str(number.xpath("string()"))))
            around.remove(number)
        _dissolve(around)


def _take_notes(wrap: Node) -> None:
    """Put the notes that follow a table into its foot."""
    foot = etree.Element("table-wrap-foot")
    for following in list(wrap.itersiblings()):
        marked = following.find("named-content[@content-type='table-note']")
        if following.tag != "p" or marked is None:
            break
        note = etree.SubElement(foot, "p")
        note.text = marked.text
        note.extend(list(marked))
        following.getparent().remove(following)  # type: ignore[union-attr]
    if len(foot):
        wrap.append(foot)


def _take_number(element: Node, first: Node | None, mark: str) -> None:
    """Move the number of a section or float from its first line to its label."""
    path = f"named-content[@content-type='{mark}']"
    marked = None if first is None else first.find(path)
    if first is None or marked is None:
        return
    number = str(marked.xpath("string()")).strip().rstrip(":")
    first.text = (marked.tail or "").lstrip()
    marked.tail = None
    first.remove(marked)
    caption = first.getparent()
    if (
        caption is not None
        and caption.tag == "caption"
        and not str(first.xpath("string()")).strip()
    ):
        element.remove(caption)
    element.insert(0, _labelled(number))


def _finish_reference(reference: Node, works: Mapping[str, str]) -> None:
    """Give a reference its type, its number as a label, and its text without wrappers."""
    citation = reference.find("mixed-citation")
    if citation is None:
        return
    kind = works.get(reference.get("id", "").removeprefix("ref-"), "")
    citation.set("publication-type", _PUBLICATIONS.get(kind, "other"))
    number = citation.find("named-content[@content-type='csl-left-margin']")
    text = citation.find("named-content[@content-type='csl-right-inline']")
    if number is None or text is None:
        return
    reference.insert(0, _labelled(str(number.xpath("string()")).strip().rstrip(".")))
    publication = citation.get("publication-type", "other")
    citation.clear()
    citation.set("publication-type", publication)
    citation.text, citation.tail = text.text, "\n"
    citation.extend(list(text))


def _move_appendices(root: Node) -> None:
    """Put appendices into the back matter, before the list of references."""
    body, back = root.find("body"), root.find("back")
    if body is None or back is None:
        return
    mark = "named-content[@content-type='appendix-number']"
    found = [
        section for section in body.findall("sec") if section.find(f"title/{mark}") is not None
    ]
    if not found:
        return
    group = etree.Element("app-group")
    for section in found:
        section.tag = "app"
        _take_number(section, section.find("title"), "appendix-number")
        group.append(section)
    back.insert(0, group)


def _title_references(root: Node) -> None:
    """Put the heading of the references over their list, from where Quarto leaves it."""
    marked = root.find(".//sec/title/named-content[@content-type='references-title']")
    references = root.find("back/ref-list")
    if marked is None:
        return
    title = marked.getparent()
    section = None if title is None else title.getparent()
    if title is None or section is None:
        return
    _dissolve(marked)
    if references is None:
        return
    for empty in references.findall("title"):
        references.remove(empty)
    references.insert(0, title)
    if len(section) == 0 and not (section.text or "").strip():
        section.getparent().remove(section)  # type: ignore[union-attr]


def _mend(root: Node) -> None:
    """Undo what the DTD has no place for."""
    for paragraph in list(root.iter("p")):
        inside = [child for child in paragraph if isinstance(child.tag, str)]
        bare = not (paragraph.text or "").strip() and not any(
            (child.tail or "").strip() for child in inside
        )
        parent = paragraph.getparent()
        if len(inside) != 1 or not bare or inside[0].tag not in _BLOCKS or parent is None:
            continue
        if parent.tag in ("sec", "body", "app", "disp-quote", "boxed-text"):
            _dissolve(paragraph)
    for line_end in list(root.iter("break")):
        if not any(
            a.tag in ("td", "th", "title", "article-title") for a in line_end.iterancestors()
        ):
            line_end.tail = " " + (line_end.tail or "").lstrip("\n")
            _dissolve(line_end)
    for named in list(root.iter("named-content", "styled-content")):
        if named.get("content-type") is None:
            _mend_named(named)
    for part in ("body", "back"):
        element = root.find(part)
        if element is not None and len(element) == 0 and not (element.text or "").strip():
            if part == "back":
                root.remove(element)
            else:
                etree.SubElement(element, "p")


def _mend_named(named: Node) -> None:
    """Name the language of a run as JATS does, or undo a run that says nothing."""
    above = named.getparent()
    if above is not None and above.tag in _TEXT_ONLY:
        _dissolve(named)
    elif named.get(_XML_LANG) or named.get("id"):
        named.tag = "styled-content" if named.get("id") is None else "named-content"
        if named.tag == "named-content":
            named.set("content-type", "anchor")
        else:
            named.set("specific-use", "language")
    else:
        _dissolve(named)
