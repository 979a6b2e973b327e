"""Authors and their affiliations in the one shape that all templates ask for."""

from __future__ import annotations

from dataclasses import dataclass

from .tree import Element, string, to_meta

__all__ = ["Author", "author_meta", "read_authors"]


@dataclass(frozen=True, slots=True)
class Author:
    """One author.

    Parameters
    ----------
    literal, given, family : str
        The whole name, and its parts where they are known.
    affiliations : tuple of str
        Names of institutions.
    orcid, email : str
        Empty where not given.
    corresponding : bool
        Whether letters go to this author.
    """

    literal: str
    given: str = ""
    family: str = ""
    affiliations: tuple[str, ...] = ()
    orcid: str = ""
    email: str = ""
    corresponding: bool = False


def read_authors(value: object) -> list[Author]:
    """Read ``author`` of the metadata.

    Parameters
    ----------
    value : object
        A name, a mapping, or a list of these, as Quarto's schema for authors allows: ``name``
        is text or ``{given, family}`` or ``{literal}``; ``affiliations`` is text, a mapping
        with ``name``, or a list of these.

    Returns
    -------
    list of Author
    """
    authors: list[Author] = []
    for item in value if isinstance(value, list) else [value] if value else []:
        given = item if isinstance(item, dict) else {"name": item}
        own = given.get("affiliations", given.get("affiliation"))
        places = [
            str(place.get("name", "")) if isinstance(place, dict) else str(place)
            for place in (own if isinstance(own, list) else [own] if own else [])
        ]
        authors.append(
            Author(
                *_name(given.get("name", given.get("literal", ""))),
                affiliations=tuple(place for place in places if place),
                orcid=str(given.get("orcid") or ""),
                email=str(given.get("email") or ""),
                corresponding=given.get("corresponding") is True,
            )
        )
    return authors


def author_meta(authors: list[Author]) -> dict[str, Element]:
    """Return authors as Pandoc's metadata.

    Parameters
    ----------
    authors : list of Author

    Returns
    -------
    dict
        ``author``: the names, for Word's properties and the page's head. ``by-author`` and
        ``by-affiliation``: Quarto's normal form, which templates of both engines read; each
        affiliation stands once, with its ``number``. ``correspondence``: where letters go.
        Empty without authors.
    """
    if not authors:
        return {}
    numbers: dict[str, int] = {}
    for author in authors:
        for place in author.affiliations:
            numbers.setdefault(place, len(numbers) + 1)
    places = {name: _affiliation(name, number) for name, number in numbers.items()}
    by_author = []
    for author in authors:
        parts = {"literal": author.literal, "given": author.given, "family": author.family}
        entry = {"name": to_meta({key: part for key, part in parts.items() if part})}
        for key, value in (("orcid", author.orcid), ("email", author.email)):
            if value:
                entry[key] = to_meta(value)
        if author.corresponding:
            entry["corresponding"] = to_meta(True)
        if author.affiliations:
            own = [places[name] for name in author.affiliations]
            entry["affiliations"] = {"t": "MetaList", "c": own}
        by_author.append({"t": "MetaMap", "c": entry})
    meta = {
        "author": to_meta([author.literal for author in authors]),
        "by-author": {"t": "MetaList", "c": by_author},
    }
    letters = [author.email for author in authors if author.corresponding and author.email]
    if letters:
        meta["correspondence"] = to_meta(", ".join(letters))
    if places:
        meta["by-affiliation"] = {"t": "MetaList", "c": list(places.values())}
    return meta


def _affiliation(name: str, number: int) -> Element:
    entry = {key: to_meta(v) for key, v in (("id", f"aff-{number}"), ("name", name))}
    entry["number"] = to_meta(number)
    raised = [{"t": "Superscript", "c": [string(str(number))]}]
    entry["raised"] = {"t": "MetaInlines", "c": raised}
    return {"t": "MetaMap", "c": entry}


def _name(value: object) -> tuple[str, str, str]:
    """Return a name whole, given and family; of a name in one piece the last word is family."""
    if isinstance(value, dict):
        given, family = str(value.get("given") or ""), str(value.get("family") or "")
        return str(value.get("literal") or f"{given} {family}".strip()), given, family
    literal = str(value).strip()
    given, _, family = literal.rpartition(" ")
    return literal, given, family if given else ""
