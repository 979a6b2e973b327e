"""The identity of a code that has no identifier of its own: its path from the root."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["code_id"]


def code_id(path: Iterable[str]) -> str:
    r"""Join the names from the root down to a code.

    Parameters
    ----------
    path : iterable of str

    Returns
    -------
    str
        Names joined with " > ". One that stands inside a name gets a backslash, so that
        no two paths give one identifier.

    Examples
    --------
    >>> code_id(["Barriers", "Time"])
    'Barriers > Time'
    >>> code_id(["effort > gain"])
    'effort \\> gain'
    """
    return " > ".join(
        part.replace("\\>", "\\\\>").replace(" > ", " \\> ") if ">" in part else part
        for part in path
    )
