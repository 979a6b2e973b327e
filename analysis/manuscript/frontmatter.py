"""The document's metadata in the shape that templates and filters ask for."""

from __future__ import annotations

from .authors import author_meta, read_authors
from .settings import Settings
from .tree import Element, inlines_of, to_meta

__all__ = ["document_meta"]

# Everything else in the settings says how to make the document, not what it is.
_KEPT = (
    *("title", "subtitle", "abstract", "keywords", "lang", "data", "license", "copyright"),
    *("abstract-title", "reference-section-title"),
)


def document_meta(parsed: Element, settings: Settings) -> dict[str, Element]:
    """Return Pandoc's metadata of a document.

    Parameters
    ----------
    parsed : dict
        The metadata, its text parsed as Markdown.
    settings : Settings
        For the authors, whose names are text.

    Returns
    -------
    dict
        Title, abstract (always in paragraphs), keywords, language and ``data``; ``author`` as
        names, for Word and the page's head; ``by-author`` and ``affiliations`` in Quarto's
        normal form, for templates that both engines use.
    """
    given = parsed["c"]
    meta: dict[str, Element] = {key: given[key] for key in _KEPT if key in given}
    abstract = meta.get("abstract")
    if abstract:
        inlines = inlines_of(abstract)
        if inlines is not None:
            meta["abstract"] = {"t": "MetaBlocks", "c": [{"t": "Para", "c": inlines}]}
    meta.setdefault("lang", to_meta("en"))
    meta.setdefault("abstract-title", to_meta("Abstract"))
    return meta | author_meta(read_authors(settings.metadata.get("author")))
