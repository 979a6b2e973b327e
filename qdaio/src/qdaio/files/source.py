"""A file as it came: what kind it really is, whatever its name says.

Files are hostile until they are read, and are read in the process that asks for them, not in
a child of it. A child with a limit of memory would be a second line where the system has such
limits, for which Python has no module on Windows; a project would have to be sent back whole;
and in a notebook or a frozen program a child cannot always be started. So the first line
carries the weight: counts, references, levels and sizes are compared with what a file can
hold before a library lays anything out (see `archive`, `json`, `sqlite`, `text`, `xlsx` and
`xml` beside this module), and the tests read hostile files of each kind under a limit of time
and memory.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qdaio.faults import Fault, StudyError
from qdaio.files.archive import refuse_long_list
from qdaio.files.writing import sha256

__all__ = ["Source", "is_json", "open_source"]

MAGIC = {
    b"PK\x03\x04": "zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "xls",
    b"SQLite format 3\x00": "sqlite",
}
HEAD = 64 * 1024
JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[\]{"\[]|-?\d|true|false|null))')
ROCK = re.compile(r"\s*\[\[[A-Za-z]")  # a code in the text is no array
HTML = re.compile(r"^<!doctype html|<(?:html|body|table)[\s>]", re.I)


@dataclass(frozen=True, eq=False)
class Source:
    """One file, opened for reading only.

    Attributes
    ----------
    path : Path
    name : str
        How messages call the file: relative to the study, with ``/``.
    kind : str
        From the content alone: ``xlsx``, ``xls``, ``qdpx`` (a zip with a ``.qde`` at its
        root), ``docx``, ``zip``, ``sqlite``, ``html``, ``xml``, ``json``, ``text`` or ``binary``.
    """

    path: Path
    name: str
    kind: str

    @cached_property
    def sha256(self) -> str:
        """Hash of the content."""
        return sha256(self.path)


def open_source(path: Path, name: str | None = None) -> Source:
    """Look at the first bytes of a file and say what kind it is.

    Parameters
    ----------
    path : Path
    name : str, optional
        How messages call the file; by default its last part.

    Raises
    ------
    StudyError
        When there is no such file, or it is empty, or a zip that is broken.
    """
    shown = name or path.name
    if not path.is_file():
        missing = "a folder without exports" if path.is_dir() else "nothing"
        raise StudyError(
            Fault(
                kind="missing-file",
                file=shown,
                found=missing,
                expected="a file",
                remedy="Put the exports into the folder, or name another."
                if path.is_dir()
                else "Put the file there, or correct its path in study.toml.",
            )
        )
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise StudyError(
            Fault(
                kind="empty-file",
                file=shown,
                found=f"{path.stat().st_size} bytes and no content",
                remedy="Export the file again; this one holds nothing.",
            )
        )
    kind = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
    if kind == "zip":
        kind = _kind_of_zip(path, shown)
    elif kind is None:
        kind = _kind_of_text(head)
    return Source(path=path, name=shown, kind=kind)


def _kind_of_zip(path: Path, shown: str) -> str:
    try:
        with path.open("rb") as stream:
            refuse_long_list(stream, shown)
            with zipfile.ZipFile(stream) as archive:
                names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise StudyError(
            Fault(
                kind="truncated-file",
                file=shown,
                found="an archive whose end is missing or damaged",
                remedy="Export or copy the file again; this copy is not complete.",
            )
        ) from error
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if any(name.lower().endswith(".qde") and "/" not in name.strip("/") for name in names):
        return "qdpx"
    return "docx" if "word/document.xml" in names else "zip"


def _kind_of_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = head.decode("utf-16", errors="ignore")
    elif b"\x00" in head:
        return "binary"
    else:
        start = head.decode("utf-8", errors="ignore")
    start = start.lstrip("\ufeff \t\r\n")
    if not start.startswith("<"):
        return "json" if is_json(start) else "text"
    return "html" if HTML.search(start) else "xml"


def is_json(start: str) -> bool:
    """Say whether a text begins as JSON does.

    Examples
    --------
    >>> is_json('[{"id": 1}]'), is_json("[[trust]] is what"), is_json("[sic] he said")
    (True, False, False)
    """
    return JSON.match(start) is not None and ROCK.match(start) is None
