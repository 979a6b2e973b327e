"""The document in the shape that one format's writer makes the best of."""

from __future__ import annotations

import json
from typing import Any

from .crossref import NAMES, Numbers, caption_of
from .document import Document
from .tree import Element, attributes, elements, space, span, string
from .typesetting import for_typst

__all__ = ["shaped"]


def shaped(document: Document, form: str) -> dict[str, Any]:
    """Return a copy of the document's tree for one format.

    Parameters
    ----------
    document : Document
        With captions and headings without numbers.
    form : str
        ``html``, ``docx``, ``pdf`` or ``jats``.

    Returns
    -------
    dict
        The same text. Numbers stand in captions, but for Typst, which numbers figures itself,
        in the same order. Headings carry theirs on the page; Word, Typst and JATS have their
        own way. Below the title, headings on the page begin at the second level.
    """
    tree: dict[str, Any] = json.loads(json.dumps(document.tree))
    if form == "pdf":
        for_typst(tree["blocks"])
        return tree
    for element in elements(tree["blocks"]):
        label = attributes(element)[0]
        if element["t"] in ("Table", "Figure") and label in document.numbers.floats:
            _number_caption(element, label, document.numbers, strong=form == "docx")
        elif element["t"] == "Header" and form == "html":
            number = document.numbers.sections.get(label)
            element["c"][0] = min(element["c"][0] + 1, 6)
            if number and "unnumbered" not in attributes(element)[1]:
                element["c"][2][:0] = [span(["header-section-number"], [string(number)]), space()]
    return tree


def _number_caption(element: Element, label: str, numbers: Numbers, *, strong: bool) -> None:
    """Put "Table 1: " before a caption, as Quarto does."""
    caption = caption_of(element)
    name = string(f"{NAMES[label[:3]]}\u00a0{numbers.floats[label]}{':' if caption else ''}")
    shown = {"t": "Strong", "c": [name]} if strong else span(["float-number"], [name])
    caption[:0] = [shown, space()] if caption else [shown]
