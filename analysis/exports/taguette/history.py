"""When a highlight got its tags, and who gave them, from Taguette's record of commands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.exports.database import Database
from analysis.faults import StudyError

__all__ = ["History", "read_history"]


@dataclass(frozen=True, slots=True)
class History:
    """Who tagged what, and when.

    Attributes
    ----------
    made : dict
        For each highlight the commands that set its tags, in order: tags, user, date.
    has_coders : bool
        Whether several people worked on it. An exported project names all of them "admin".
    """

    made: dict[int, list[tuple[Sequence[int], str | None, str | None]]]
    has_coders: bool

    def of(self, highlight: int, tag: int) -> tuple[str | None, str | None]:
        """Return user and date of the command that gave a highlight a tag.

        Where tags were merged later, that is the command that made the highlight.
        """
        steps = self.made.get(highlight)
        if not steps:
            return None, None
        for tags, user, date in steps:
            if tag in tags:
                return user, date
        return steps[0][1:]


def read_history(database: Database) -> History:
    """Read the commands; one that cannot be read is left out, for it only adds dates."""
    try:
        rows = database.read("commands", {"payload": "text", "user_login": "text", "date": "text"})
    except StudyError:
        return History({}, has_coders=False)
    made: dict[int, list[tuple[Sequence[int], str | None, str | None]]] = {}
    users = set()
    for payload, user, date in zip(rows["payload"], rows["user_login"], rows["date"], strict=True):
        if not payload or "highlight_add" not in payload:
            continue
        try:
            command = json.loads(payload)
            highlight, tags = command["highlight_id"], command["tags"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if type(highlight) is int and highlight >= 0 and isinstance(tags, list):
            made.setdefault(highlight, []).append((tags, user, date))
            users.add(user)
    return History(made, has_coders=len(users - {None}) > 1)
