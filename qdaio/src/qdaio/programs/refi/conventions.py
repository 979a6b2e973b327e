"""Where this package keeps what REFI-QDA has no place for, in files that it writes itself.

Other programs show all of it as descriptions and memos. Only a file whose ``origin`` is
this package is read back by these rules:

- A document of which only coded segments are known gets a text made of them, one a
  paragraph, and says so in its description, as it says a kind that the format has not.
- A selection whose place is not one of code points has a name such as
  ``paragraph 12–14`` or ``page 3–3 (3:120–3:140)``; where it could not be found in its
  document, the name goes on with a colon and its text.
- A weight, a date that XML Schema does not know, and the memo of a coding are memos
  named :data:`WEIGHT`, :data:`CREATED` and :data:`MEMO`.
- The identifier of a coder is the ``id`` of a user.
"""

from __future__ import annotations

import re

__all__ = ["CREATED", "MEMO", "WEIGHT", "Place", "describe", "described", "place_name", "place_of"]

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
