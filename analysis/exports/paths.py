"""The identity of a code or document that has no identifier of its own: its place and name."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["code_id", "document_id"]


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


def document_id(group: str | None, name: str) -> str:
    r"""Join the name of a document with that of its group.

    Examples
    --------
    >>> document_id("Round 1", "Interview 3")
    'Round 1 / Interview 3'
    >>> document_id(None, "Interview 3")
    'Interview 3'
    """
    parts = [name] if group is None else [group, name]
    return " / ".join(part.replace(" / ", " \\/ ") for part in parts)
