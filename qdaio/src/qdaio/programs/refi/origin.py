"""Which program wrote a file, and what that means for how it is read.

Also the conventions of the files that this package writes: identifiers made from names, and
places and kinds of documents that the format has no attribute for.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from qdaio.places import STANDARD, Counter

__all__ = [
    "CREATED",
    "MEMO",
    "OURS",
    "WEIGHT",
    "Origin",
    "Place",
    "describe",
    "described",
    "guid_of",
    "is_guid",
    "normalised",
    "origin_of",
    "place_name",
    "place_of",
]


OURS = "study-rebuild"  # files that this package wrote; see `conventions`

# How the origin begins, in lower case; the name of the program; how it counts positions.
# Python programs read a text with each line break as one character, whatever the file has.
PROGRAMS: tuple[tuple[str, str, Counter], ...] = (
    (OURS, OURS, STANDARD),
    ("maxqda", "MAXQDA", STANDARD),
    ("nvivo", "NVivo", Counter("utf-16")),
    ("atlas", "ATLAS.ti", Counter("code point", "one")),
    ("qualcoder", "QualCoder", Counter("code point", "one")),
    ("taguette", "Taguette", STANDARD),
    ("qc ", "qualitative-coding", Counter("code point", "one")),
    ("qualitative-coding", "qualitative-coding", Counter("code point", "one")),
    ("dedoose", "Dedoose", STANDARD),
    ("quirkos", "Quirkos", STANDARD),
    ("f4", "f4analyse", STANDARD),
    ("transana", "Transana", STANDARD),
    ("qda miner", "QDA Miner", STANDARD),
    ("openqda", "OpenQDA", STANDARD),
)
QUOTING = {"ATLAS.ti", "QualCoder"}  # the name of a selection is its text
VERSIONS = (r"Release\s+(\d[\d.]*)", r"(\d+(?:\.\d+)+)", r"(\d+)")  # the first that fits


@dataclass(frozen=True, slots=True)
class Origin:
    """The program that wrote a file.

    Attributes
    ----------
    software : str
    version : str, optional
    counter : Counter
        How it is known to count positions.
    """

    software: str
    version: str | None
    counter: Counter

    @property
    def is_ours(self) -> bool:
        """Whether this package wrote the file."""
        return self.software == OURS

    @property
    def quotes(self) -> bool:
        """Whether selections are named by their text."""
        return self.software in QUOTING

    @property
    def fakes_hierarchy(self) -> bool:
        """Whether names such as ``Coke::diet Coke`` stand for codes and sub-codes."""
        return self.software == "ATLAS.ti"


def origin_of(stated: str | None) -> Origin:
    """Read the attribute ``origin`` of a project or codebook.

    Examples
    --------
    >>> origin = origin_of("MAXQDA 2020 (Release 20.2.1)")
    >>> origin.software, origin.version
    ('MAXQDA', '20.2.1')
    """
    text = (stated or "").strip()
    rest = text.removeprefix(OURS).removeprefix("f4")
    version = next((found[1] for form in VERSIONS if (found := re.search(form, rest))), None)
    for start, software, counter in PROGRAMS:
        if text.casefold().startswith(start):
            if software == "NVivo" and "mac" not in text.casefold():
                counter = Counter("utf-16", "two") if "win" in text.casefold() else counter
            return Origin(software, version, counter)
    name = re.split(r"\d", text, maxsplit=1)[0].strip(" -,(v")
    return Origin(name or "unknown", version, STANDARD)


GUID = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")
NAMESPACE = uuid.UUID("6f8f57b1-4f0a-5d6e-9c0b-2d1a7e5c3b94")


def normalised(guid: str) -> str:
    """Return an identifier in upper case and without braces.

    One that is no GUID (some programs write names or short keys) stays as it is, since
    its case can matter.

    Examples
    --------
    >>> normalised("{d7aa29da-519b-4946-9b90-253b6db8fd0a}")
    'D7AA29DA-519B-4946-9B90-253B6DB8FD0A'
    >>> normalised("c-joy")
    'c-joy'
    """
    bare = guid.strip().removeprefix("{").removesuffix("}")
    upper = bare.upper()
    return upper if GUID.fullmatch(upper) else guid.strip()


def is_guid(identifier: str) -> bool:
    """Whether an identifier is a GUID in the form of :func:`normalised`."""
    return GUID.fullmatch(identifier) is not None


def guid_of(kind: str, identifier: str) -> str:
    """Return the GUID of a thing: its identifier, or one made from it.

    Parameters
    ----------
    kind : str
        What it is, such as ``"code"``: things of two kinds can share an identifier.
    identifier : str

    Returns
    -------
    str
        The same on every machine; upper case, no braces.
    """
    if is_guid(identifier):
        return identifier
    return str(uuid.uuid5(NAMESPACE, f"{kind}:{identifier}")).upper()


SEGMENTS_ONLY = "Coded segments only, one a paragraph: the export held no more of this document."
UNKNOWN = "unknown"
DESCRIPTION = re.compile(rf"(?P<only>{re.escape(SEGMENTS_ONLY)})? ?(?:Kind: (?P<kind>\w+)\.)?")
MEMO, WEIGHT, CREATED = "Memo", "Weight", "Created"
UNPLACED = ": "
NAME = re.compile(
    r"(?P<unit>[a-z0-9 -]*?) (?P<start>-?\d{0,18})–(?P<end>-?\d{0,18})"
    r"(?: \((?P<place>(?:[^\\)]|\\.)*)\))?"
    r"(?:: (?P<text>.*))?",
    re.DOTALL,
)

Place = tuple[str | None, int | None, int | None, str | None, str | None]


def describe(*, is_made_up: bool, kind: str | None, is_implied: bool) -> str | None:
    """Write what is to be known of a document, as its description.

    Parameters
    ----------
    is_made_up : bool
        Whether its text is but made of its segments.
    kind : str, optional
        Kind of document.
    is_implied : bool
        Whether the element that holds the document says its kind.
    """
    said = [SEGMENTS_ONLY] if is_made_up else []
    if not is_implied:
        said.append(f"Kind: {kind or UNKNOWN}.")
    return " ".join(said) or None


def described(description: str, kind: str) -> tuple[bool, str | None]:
    """Read what :func:`describe` wrote: whether the text is made up, and the kind.

    Examples
    --------
    >>> described("Kind: table.", "text")
    (False, 'table')
    """
    found = DESCRIPTION.fullmatch(description)
    if not found:
        return False, kind
    stated = found["kind"]
    return found["only"] is not None, None if stated == UNKNOWN else stated or kind


def place_name(
    unit: str | None,
    start: int | None,
    end: int | None,
    place: str | None = None,
    text: str | None = None,
) -> str:
    """Write a place as the name of a selection.

    Parameters
    ----------
    unit : str, optional
        Such as ``"paragraph"``.
    start, end : int, optional
    place : str, optional
        The place as the program printed it.
    text : str, optional
        Of a segment that could not be found in its document.

    Examples
    --------
    >>> place_name("paragraph", 12, 14)
    'paragraph 12–14'
    >>> place_of("page 3–3 (3:120–3:140)")
    ('page', 3, 3, '3:120–3:140', None)
    """
    name = f"{unit or ''} {'' if start is None else start}–{'' if end is None else end}"
    if place is not None:
        name += " (" + re.sub(r"([\\)])", r"\\\1", place) + ")"
    return name if text is None else name + UNPLACED + text


def place_of(name: str) -> Place | None:
    """Read a name that :func:`place_name` wrote; None for any other."""
    found = NAME.fullmatch(name)
    if not found:
        return None
    start, end = (int(found[side]) if found[side] not in ("", "-") else None for side in (2, 3))
    place = found["place"]
    return (
        found["unit"] or None,
        start,
        end,
        None if place is None else re.sub(r"\\(.)", r"\1", place, flags=re.DOTALL),
        found["text"],
    )
