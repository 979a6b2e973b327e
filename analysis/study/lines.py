"""Where a key stands in a TOML text, which the parser of the language does not tell."""

from __future__ import annotations

import re

__all__ = ["line_of_key", "line_of_text"]


def line_of_key(location: tuple[str | int, ...], text: str) -> int | None:
    """Return the line, from 1, on which a key of a TOML text stands.

    The headers are walked and the tables of an array counted. When the key itself does
    not stand in the file, the line of its table's header is given.

    Parameters
    ----------
    location : tuple of str or int
        Keys from the root down; a number is a position in an array, from 0.
    text : str
    """
    names = [part for part in location if isinstance(part, str)]
    wanted = next((part for part in location if isinstance(part, int)), 0)
    section: list[str] = []
    is_ours = True  # whether the table, where it is one of an array, is the one we look for
    seen: dict[str, int] = {}
    header_line = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[(\[?)([^\[\]]+)\]", line):
            section = [part.strip().strip("\"'") for part in header[2].split(".")]
            name = ".".join(section)
            seen[name] = seen.get(name, -1) + 1
            is_ours = not header[1] or seen[name] == wanted
            if is_ours and names[: len(section)] == section:
                header_line = number
            continue
        key = re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)
        if key and is_ours and names[: len(section) + 1] == [*section, key[1]]:
            return number
    return header_line


def line_of_text(value: str, text: str) -> int | None:
    """Return the first line, from 1, that holds `value`."""
    written = value.replace("\\", "\\\\")  # as a quoted text of TOML writes it
    for number, line in enumerate(text.splitlines(), start=1):
        if value in line or written in line:
            return number
    return None
