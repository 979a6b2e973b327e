"""Identifiers of REFI-QDA: read in any spelling, made from names where there are none."""

from __future__ import annotations

import re
import uuid

__all__ = ["guid_of", "is_guid", "normalised"]

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
