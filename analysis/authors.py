"""Authors: names and their parts, institutions, and identifiers that are checked.

A name in one piece is parted as a catalogue would: the family name is the last word, or
begins with the first particle in small letters ("Vincent van der Berg" gives *van der Berg*);
"Jr.", "Sr." and Roman numerals at the end are suffixes; a comma parts it the other way round
("Berg, Vincent"). What a rule cannot know ("Gabriel García Márquez") is said by naming the
family. A name of one word is a family name; a group has no parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

__all__ = ["Author", "AuthorError", "is_email", "named", "orcid_number", "read_authors"]

_SUFFIX = re.compile(r"(Jr|Sr)\.?|I{2,3}|IV|V")
_ORCID = re.compile(
    r"(?:https?://)?(?:www\.)?(?:orcid\.org/)?"
    r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])/?",
)
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
_AUTHOR_KEYS = frozenset(
    (
        *("name", "literal", "affiliation", "affiliations", "orcid", "email", "corresponding"),
        "is-group",
    )
)
_NAME_KEYS = frozenset(("literal", "given", "family", "non-dropping-particle", "suffix"))
# Parts of an address, in the order in which they are printed; ``id`` and ``ref`` only link.
_PLACE_PARTS = ("department", "name", "address", "city", "postal-code", "region", "country")
_PLACE_KEYS = frozenset((*_PLACE_PARTS, "id", "ref"))


class AuthorError(ValueError):
    """What is said about an author cannot be.

    Parameters
    ----------
    found, expected, remedy : str
        As in a fault.
    """

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(f"{found}: expected {expected}")
        self.found, self.expected, self.remedy = found, expected, remedy


@dataclass(frozen=True, slots=True)
class Author:
    """One author.

    Parameters
    ----------
    literal : str
        The whole name, as it is printed.
    given, family, suffix : str
        Its parts; all empty for a group.
    affiliations : tuple of str
        Institutions, each with its place, as printed.
    orcid : str
        Sixteen signs in four groups; empty where not given.
    email : str
        Empty where not given.
    corresponding : bool
        Whether letters go to this author.
    """

    literal: str
    given: str = ""
    family: str = ""
    suffix: str = ""
    affiliations: tuple[str, ...] = ()
    orcid: str = ""
    email: str = ""
    corresponding: bool = False

    @property
    def is_group(self) -> bool:
        """Whether this is a team or an institution."""
        return not self.family


def orcid_number(text: str) -> str:
    """Return an ORCID in four groups, its last sign checked.

    Parameters
    ----------
    text : str
        The number, with or without hyphens, or its address.

    Returns
    -------
    str
        Such as ``0000-0002-1825-0097``.

    Raises
    ------
    AuthorError
        If it is none, or its check digit (ISO 7064 MOD 11-2) is wrong.

    Examples
    --------
    >>> orcid_number("https://orcid.org/000000021694233x")
    '0000-0002-1694-233X'
    """
    match = _ORCID.fullmatch(text.strip())
    if match is None:
        raise AuthorError(
            text,
            "an ORCID: 0000-0002-1825-0097, or its address",
            "Copy the number from the author's page at orcid.org, or leave it out.",
        )
    number = "-".join(match.groups()).upper()
    total = 0
    for digit in number.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = "0123456789X"[(12 - total % 11) % 11]
    if number[-1] != check:
        raise AuthorError(
            text,
            f"a last sign that fits the others, here {check}",
            "A digit is mistyped: copy the number from the author's page at orcid.org.",
        )
    return number


def is_email(text: str) -> bool:
    """Whether a text can be an address of e-mail."""
    return _EMAIL.fullmatch(text.strip()) is not None


def named(name: str, *, family: str = "", is_group: bool = False) -> Author:
    """Return an author of whom only the name is known.

    Parameters
    ----------
    name : str
        As it is printed, or "family, given".
    family : str, optional
        The family name, where the rules of this module would part it wrongly.
    is_group : bool
        Whether this is a team or an institution.

    Raises
    ------
    AuthorError
        If there is no name, or `family` is no part of it.

    Examples
    --------
    >>> author = named("Ludwig van der Rohe Jr.")
    >>> author.given, author.family, author.suffix
    ('Ludwig', 'van der Rohe', 'Jr.')
    """
    name = " ".join(name.split())
    if not name:
        raise AuthorError("an author without a name", "a name", "Write the name.")
    if is_group:
        return Author(name)
    if not family and name.count(",") == 1:
        family, given = (part.strip() for part in name.split(","))
        if family and given and not _SUFFIX.fullmatch(given):
            return Author(f"{given} {family}", given, family)
        family = ""
    words = name.replace(",", "").split(" ")
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if family:
        rest = " ".join(words)
        if family not in rest:
            raise AuthorError(
                f"family {family}", f"a part of the name {name}", "Write it as in the name."
            )
        given = " ".join(rest.replace(family, " ").split())
        return Author(name, given, family, suffix)
    at = next((i for i, word in enumerate(words) if i and word[0].islower()), len(words) - 1)
    return Author(name, " ".join(words[:at]), " ".join(words[at:]), suffix)


def read_authors(value: object, places: object = None) -> list[Author]:
    """Read ``author`` and ``affiliations`` of a document's metadata, as Quarto has them.

    Parameters
    ----------
    value : object
        A name, a mapping, or a list of these: ``name`` is text, ``{given, family}``, or
        ``{literal}``, which is a group; ``affiliations`` is text, a mapping, or a list of
        these, each a place itself or ``ref``, the ``id`` of one of `places`.
    places : object, optional
        The list of affiliations that authors refer to.

    Returns
    -------
    list of Author

    Raises
    ------
    AuthorError
        For a key that is unknown, a reference to nothing, and what :func:`named`,
        :func:`orcid_number` and an address of e-mail refuse.
    """
    known: dict[str, str] = {}
    for place in _listed(places):
        if not isinstance(place, Mapping) or not place.get("id"):
            raise AuthorError(
                str(place), "id and name of each affiliation", "Give each an id to refer to."
            )
        known[str(place["id"])] = _place(place, {})
    authors: list[Author] = []
    for item in _listed(value):
        given: Mapping[str, object] = item if isinstance(item, Mapping) else {"name": item}
        _only(given, _AUTHOR_KEYS)
        author = _named(
            given.get("name", given.get("literal", "")),
            "literal" in given or given.get("is-group") is True,
        )
        own = given.get("affiliations", given.get("affiliation"))
        email = str(given.get("email") or "").strip()
        if email and not is_email(email):
            raise AuthorError(email, "an address such as name@example.org", "Correct it.")
        author = replace(
            author,
            affiliations=tuple(dict.fromkeys(_place(place, known) for place in _listed(own))),
            orcid=orcid_number(str(given["orcid"])) if given.get("orcid") else "",
            email=email,
            corresponding=given.get("corresponding") is True,
        )
        authors.append(author)
    return authors


def _named(value: object, is_group: bool) -> Author:
    if not isinstance(value, Mapping):
        return named(str(value or ""), is_group=is_group)
    _only(value, _NAME_KEYS)
    parts = {str(key): str(part or "").strip() for key, part in value.items()}
    family = " ".join(filter(None, (parts.get("non-dropping-particle"), parts.get("family"))))
    whole = " ".join(filter(None, (parts.get("given"), family, parts.get("suffix"))))
    if not family:
        return named(parts.get("literal") or whole, is_group=bool(parts.get("literal")))
    return Author(
        parts.get("literal") or whole, parts.get("given", ""), family, parts.get("suffix", "")
    )


def _place(value: object, known: Mapping[str, str]) -> str:
    """Return an institution with its place, as it is printed."""
    if not isinstance(value, Mapping):
        return " ".join(str(value).split())
    _only(value, _PLACE_KEYS)
    if "ref" in value:
        name = str(value["ref"])
        if name not in known:
            raise AuthorError(
                f"ref: {name}",
                f"the id of an affiliation: {', '.join(known) or 'there is none'}",
                "Add it to affiliations, or correct the ref.",
            )
        return known[name]
    said = [" ".join(str(value[part]).split()) for part in _PLACE_PARTS if value.get(part)]
    if not said:
        raise AuthorError("an affiliation without a name", "a name", "Write the name.")
    return ", ".join(said)


def _only(value: Mapping[str, object], known: frozenset[str]) -> None:
    unknown = sorted(set(map(str, value)) - known)
    if unknown:
        raise AuthorError(
            f"{unknown[0]} of an author", f"one of {', '.join(sorted(known))}", "Take it out."
        )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]
