"""What one pass over a project file collects: plain columns, not yet a project."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

__all__ = ["KINDS", "RECTANGLE", "SYNC", "TEXT", "TIME", "WHOLE", "Collected", "Interned", "Lost"]

TEXT, RECTANGLE, TIME, SYNC, WHOLE = range(5)  # shapes of selections

KINDS = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "image",
    "AudioSource": "audio",
    "VideoSource": "video",
}


class Interned(dict[str | None, int]):
    """Numbers for words, in the order in which they are asked for."""

    def __missing__(self, word: str | None) -> int:
        number = self[word] = len(self)
        return number


@dataclass(slots=True, kw_only=True)
class Lost:
    """A coding that cannot be counted, and why."""

    why: str
    line: int
    source: int = -1
    code: str | None = None


@dataclass(slots=True)
class Collected:
    """Columns of everything that a `.qde` or `.qdc` holds; rows in the order of the file.

    Names of columns say what they hold. Numbers refer to rows: ``coding_selection`` to
    those of ``selection_…``, ``selection_source`` to those of ``source_…``, and so on;
    ``coding_code``, ``coding_user`` and dates are numbers of :class:`Interned` words.
    Dictionaries hold what only few rows have.
    """

    root: str = ""
    origin: str | None = None

    users: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    note_guid: list[str] = field(default_factory=list)
    note_name: list[str | None] = field(default_factory=list)
    note_path: dict[int, str] = field(default_factory=dict)
    note_text: dict[int, str] = field(default_factory=dict)
    note_description: dict[int, str] = field(default_factory=dict)

    code_guid: list[str] = field(default_factory=list)
    code_name: list[str | None] = field(default_factory=list)
    code_parent: array[int] = field(default_factory=lambda: array("i"))
    code_codable: list[bool] = field(default_factory=list)
    code_colour: list[str | None] = field(default_factory=list)
    code_line: array[int] = field(default_factory=lambda: array("q"))
    code_description: dict[int, str] = field(default_factory=dict)
    code_notes: dict[int, list[str]] = field(default_factory=dict)

    source_guid: list[str] = field(default_factory=list)
    source_name: list[str | None] = field(default_factory=list)
    source_kind: list[str] = field(default_factory=list)
    source_first: array[int] = field(default_factory=lambda: array("q"))  # selection of a source
    source_line: array[int] = field(default_factory=lambda: array("q"))
    source_path: dict[int, str] = field(default_factory=dict)
    source_text: dict[int, str] = field(default_factory=dict)
    source_description: dict[int, str] = field(default_factory=dict)
    source_values: list[tuple[int, str, str | None, int]] = field(default_factory=list)

    selection_start: array[int] = field(default_factory=lambda: array("q"))
    selection_end: array[int] = field(default_factory=lambda: array("q"))
    selection_name: list[str | None] = field(default_factory=list)
    selection_shape: dict[int, int] = field(default_factory=dict)  # of those that are no TEXT
    selection_line: dict[int, int] = field(default_factory=dict)  # of those without a coding
    selection_place: dict[int, str] = field(default_factory=dict)
    selection_quote: dict[int, str] = field(default_factory=dict)
    selection_comment: dict[int, str] = field(default_factory=dict)
    selection_notes: dict[int, list[str]] = field(default_factory=dict)
    selection_guid: dict[int, str] = field(default_factory=dict)  # of those that can have a twin
    selection_sync: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    sync_points: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)

    coding_selection: array[int] = field(default_factory=lambda: array("i"))
    coding_code: array[int] = field(default_factory=lambda: array("i"))
    coding_user: array[int] = field(default_factory=lambda: array("i"))
    coding_date: array[int] = field(default_factory=lambda: array("i"))
    coding_line: array[int] = field(default_factory=lambda: array("q"))
    coding_notes: dict[int, list[str]] = field(default_factory=dict)
    codes_named: Interned = field(default_factory=Interned)
    users_named: Interned = field(default_factory=Interned)
    dates_named: Interned = field(default_factory=Interned)
    lost: list[Lost] = field(default_factory=list)

    cases: list[tuple[str | None, str | None, int]] = field(default_factory=list)
    case_sources: list[tuple[int, str]] = field(default_factory=list)
    case_values: list[tuple[int, str, str | None, int]] = field(default_factory=list)
    case_selections: int = 0
    case_codes: int = 0

    sets: list[str] = field(default_factory=list)
    set_sources: list[tuple[int, str]] = field(default_factory=list)
    set_codes: dict[int, int] = field(default_factory=dict)

    links: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    names_left_out: int = 0
