"""The identity of a code or document that has no identifier of its own: its place and name."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["code_id", "code_path", "document_id"]

# a separator, with any backslashes before it, that stands alone between spaces or at an end
LONE = {mark: re.compile(rf"(?<![^ ])(\\*){mark}(?![^ ])") for mark in (">", "/")}


def code_id(path: Iterable[str]) -> str:
    r"""Join the names from the root down to a code.

    Parameters
    ----------
    path : iterable of str

    Returns
    -------
    str
        Names joined with " > ". One that stands inside a name gets a backslash, so that
        no two paths give one identifier; `code_path` is the way back.

    Examples
    --------
    >>> code_id(["Barriers", "Time"])
    'Barriers > Time'
    >>> code_id(["effort > gain"])
    'effort \\> gain'
    """
    return " > ".join(_escaped(part, ">") for part in path)


def code_path(identifier: str) -> tuple[str, ...]:
    r"""Return the path that `code_id` joined.

    Examples
    --------
    >>> code_path("Barriers > effort \\> gain")
    ('Barriers', 'effort > gain')
    """
    parts = identifier.split(" > ")
    if "\\>" not in identifier:
        return tuple(parts)
    return tuple(
        LONE[">"].sub(lambda found: found[0][1:] if found[1] else found[0], part) for part in parts
    )


def document_id(group: str | None, name: str) -> str:
    r"""Join the name of a document with that of its group.

    Examples
    --------
    >>> document_id("Round 1", "Interview 3")
    'Round 1 / Interview 3'
    >>> document_id(None, "Interview 3")
    'Interview 3'
    """
    return " / ".join(_escaped(part, "/") for part in ([name] if group is None else [group, name]))


def _escaped(part: str, mark: str) -> str:
    return LONE[mark].sub(r"\\\g<0>", part) if mark in part else part
