"""Memos of a project file, and what they are attached to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from qdaio.programs.refi.guids import normalised
from qdaio.programs.refi.part import Part

__all__ = ["Memos", "read_memos"]


@dataclass(frozen=True, slots=True)
class Memos:
    """Memos by normalised GUID: their titles and their texts."""

    titles: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def of(self, guids: Sequence[str] | None, description: str | None = None) -> str | None:
        """Join a description with the memos that are attached to the same thing."""
        said = [description]
        for guid in map(normalised, guids or ()):
            said += [self.titles.get(guid), self.texts.get(guid)]
        return "\n".join(text for text in said if text) or None


def read_memos(part: Part, text_at: Callable[[str], str | None]) -> Memos:
    """Return the memos, and list those attached to nothing.

    Parameters
    ----------
    part : Part
    text_at : callable
        Gives the text of a path inside the archive, where there is one.
    """
    out, memos = part.out, Memos()
    attached = {
        normalised(guid)
        for references in (out.code_notes, out.selection_notes, out.coding_notes)
        for guids in references.values()
        for guid in guids
    }
    free = 0
    for row, stated in enumerate(out.note_guid):
        guid = normalised(stated)
        if guid not in attached:
            free += 1
            continue
        path = out.note_path.get(row)
        text = out.note_text.get(row) or (text_at(path) if path else None)
        memos.titles[guid] = out.note_name[row] or ""
        memos.texts[guid] = text or out.note_description.get(row) or ""
    if free:
        part.aside("memo", f"{free} memos are attached to no code, segment or coding")
    return memos
