"""Small files of REFI-QDA, as one program or another would write them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from qdaio.files.source import open_source
from qdaio.model import CodedProject
from qdaio.programs.refi.reader import CODEBOOK, PROJECT

PROJECT_NS = 'xmlns="urn:QDA-XML:project:1.0"'


def guid(number: int) -> str:
    """Return a GUID in the form that readers use."""
    return f"{number:08X}-0000-4000-8000-000000000000"


def qde(inside: str, origin: str = "a program 1.0", namespace: str = PROJECT_NS) -> str:
    """Wrap elements into a project."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<Project {namespace} name="p" origin="{origin}">\n{inside}\n</Project>'
    )


def codebook(*codes: tuple[int, str]) -> str:
    """Return a flat codebook."""
    listed = "".join(
        f'<Code guid="{guid(number)}" name="{name}" isCodable="true"/>' for number, name in codes
    )
    return f"<CodeBook><Codes>{listed}</Codes></CodeBook>"


def selection(start: int, end: int, *codes: int, name: str = "", user: int = 0) -> str:
    """Return a selection of characters, with a coding for each code."""
    by = f' creatingUser="{guid(user)}"' if user else ""
    codings = "".join(
        f'<Coding guid="{guid(9)}"{by}><CodeRef targetGUID="{guid(code)}"/></Coding>'
        for code in codes
    )
    return (
        f'<PlainTextSelection guid="{guid(8)}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}">{codings}</PlainTextSelection>'
    )


def text_source(number: int, inside: str, path: str | None = None, name: str = "Doc") -> str:
    """Return a text source, with its text in a file."""
    where = f' plainTextPath="{path}"' if path else ""
    return f'<TextSource guid="{guid(number)}" name="{name}"{where}>{inside}</TextSource>'


def write_zip(path: Path, members: dict[str, str | bytes]) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def read(path: Path) -> CodedProject:
    """Read a file by the reader that knows it, and check the outcome."""
    source = open_source(path)
    for reader in (PROJECT, CODEBOOK):
        match = reader.recognise(source)
        if match is not None:
            project = reader.read(source, match)
            project.check()
            return project
    raise AssertionError("no reader of REFI-QDA knows this file")


def read_qde(folder: Path, content: str | bytes, name: str = "p.qde") -> CodedProject:
    """Read a bare `.qde`."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path)
