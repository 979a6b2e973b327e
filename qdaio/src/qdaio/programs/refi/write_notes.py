"""Memos, one for each text: a weight that a thousand codings share is one memo."""

from __future__ import annotations

from collections.abc import Iterator

from qdaio.programs.refi.guids import guid_of
from qdaio.programs.refi.markup import Markup

__all__ = ["Notes"]


class Notes:
    """Collects memos while what they belong to is written."""

    def __init__(self) -> None:
        self._references: dict[tuple[str, str], str] = {}

    def refer(self, title: str, text: str) -> str:
        """Return a reference to the memo of this title and text."""
        key = title, text
        reference = self._references.get(key)
        if reference is None:
            reference = f'<NoteRef targetGUID="{guid_of("note", f"{title}:{text}")}"/>'
            self._references[key] = reference
        return reference

    def written(self, markup: Markup) -> Iterator[str]:
        """Write ``<Notes>``, or nothing where there are none."""
        if not self._references:
            return
        yield "<Notes>\n"
        for title, text in self._references:
            attributes = markup.attributes(
                {"guid": guid_of("note", f"{title}:{text}"), "name": title}
            )
            yield f"<Note{attributes}>{markup.element('PlainTextContent', text)}</Note>\n"
        yield "</Notes>\n"
