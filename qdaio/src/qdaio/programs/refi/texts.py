"""Texts of sources and memos inside the archive, found under the names that programs use."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from qdaio.files.archive import Archive

__all__ = ["Text", "Texts", "decoded"]

MIB = 1024 * 1024
MOST, MOST_OF_ALL = 32 * MIB, 96 * MIB  # bytes
SCHEME = "internal://"
OUTSIDE = ("relative:", "absolute:", "file:", "http:", "https:")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was read.

    Attributes
    ----------
    content : str
        Without a byte order mark, with the line breaks of the file.
    had_bom, is_guessed : bool
        Whether it had a byte order mark; whether its encoding is a guess.
    """

    content: str
    had_bom: bool = False
    is_guessed: bool = False


class Texts:
    """Looks up texts by the paths that a project file states.

    Parameters
    ----------
    archive : Archive, optional
        None for a bare `.qde`, which has no files.
    folder : str
        Folder of the `.qde` inside the archive, with a final ``/``, or nothing.
    """

    def __init__(self, archive: Archive | None = None, folder: str = "") -> None:
        self._archive, self._folder = archive, folder
        self._left = MOST_OF_ALL
        names: Iterable[str] = archive.names if archive else ()
        self._by_path = {name.lower(): name for name in names}
        self._by_name = {PurePosixPath(name).name.lower(): name for name in names}

    def at(self, path: str) -> Text | None:
        """Return the text of a path such as ``internal://GUID.txt``, if it is there.

        Some programs leave the scheme out, add the folder, or write ``Sources``. Paths
        outside the archive are never opened.
        """
        if self._archive is None or path.startswith(OUTSIDE):
            return None
        inside = path.removeprefix(SCHEME).replace("\\", "/").lstrip("/")
        for stated in dict.fromkeys((inside, unquote(inside))):
            plain = stated.lower()
            folder = self._folder.lower()
            name = (
                self._by_path.get(f"{folder}sources/{plain}")
                or self._by_path.get(f"{folder}{plain}")
                or self._by_name.get(PurePosixPath(plain).name)
            )
            if name is not None:
                raw = self._archive.read(name, min(MOST, self._left))
                self._left -= len(raw)
                return decoded(raw)
        return None


def decoded(raw: bytes) -> Text:
    """Decode a text: UTF-8 as the standard says, UTF-16, or at worst Windows-1252."""
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if raw.startswith(bom):
            content = raw[len(bom) :].decode(encoding, errors="replace")
            return Text(content, had_bom=True, is_guessed="\ufffd" in content)
    try:
        return Text(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return Text(raw.decode("cp1252", errors="replace"), is_guessed=True)
