"""JSON from strangers, record by record: one a line, or an array of them.

Only one record is decoded at a time. A file that is nested without end, or larger than any
export, is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

from qdaio.faults import Fault, StudyError

__all__ = ["first_records", "read_json", "read_records", "text_of"]

MIB = 1024 * 1024
MOST = 192 * MIB  # bytes of one file
HEAD = 4 * MIB  # within which the first record ends, where a file is to be recognised
BLANK = re.compile(r"[\s,]*")
LONE = re.compile("[\ud800-\udfff]")  # half of a letter, which no file can be written with


def read_json(raw: bytes, file: str, sheet: str | None = None) -> Any:
    """Decode a whole file or member of an archive.

    Raises
    ------
    StudyError
        When it is no JSON.
    """
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise StudyError(_damaged(file, sheet, _line(error))) from error


def read_records(stream: IO[bytes], file: str, sheet: str | None = None) -> Iterator[Any]:
    """Give the records of a file in order: its lines, or the elements of its one array.

    Parameters
    ----------
    stream : binary file
    file, sheet : str
        How messages call the file, and the member of an archive.

    Raises
    ------
    StudyError
        When it is no JSON, is cut off, or is larger than any export.
    """
    raw = stream.read(MOST + 1)
    if len(raw) > MOST:
        raise StudyError(
            Fault(
                kind="too-large",
                file=file,
                sheet=sheet,
                found=f"more than {MOST // MIB} MiB of JSON",
                expected="an export of a project",
                remedy="Export a part of the project at a time.",
            )
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(_damaged(file, sheet, raw.count(b"\n", 0, error.start) + 1)) from error
    del raw
    try:
        yield from _records(text)
    except (ValueError, RecursionError) as error:
        raise StudyError(_damaged(file, sheet, _line(error))) from error


def first_records(path: Path, count: int = 1) -> list[Any]:
    """Return the first records of a file, as far as its beginning holds them whole."""
    with path.open("rb") as stream:
        text = stream.read(HEAD).decode("utf-8-sig", errors="ignore")
    found: list[Any] = []
    with suppress(ValueError, RecursionError):
        found.extend(islice(_records(text), count))
    return found


def text_of(value: object) -> str | None:
    """Return a value as text that every file can hold; None for what is no plain value.

    Examples
    --------
    >>> text_of("a"), text_of(3), text_of(True), text_of(None), text_of([1])
    ('a', '3', 'true', None, None)
    """
    if isinstance(value, str):
        return LONE.sub("\ufffd", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


def _records(text: str) -> Iterator[Any]:
    """Decode what stands one after another, within an array or not."""
    decoder = json.JSONDecoder()
    place = BLANK.match(text).end()  # type: ignore[union-attr]
    in_array = text.startswith("[", place)
    if in_array:
        place = BLANK.match(text, place + 1).end()  # type: ignore[union-attr]
    while place < len(text):
        if in_array and text[place] == "]":
            if text[place + 1 :].strip():
                raise json.JSONDecodeError("Extra data", text, place)
            return
        record, place = decoder.raw_decode(text, place)
        yield record
        place = BLANK.match(text, place).end()  # type: ignore[union-attr]
    if in_array:
        raise json.JSONDecodeError("Expecting the end of an array", text, len(text))


def _line(error: Exception) -> int | None:
    return error.lineno if isinstance(error, json.JSONDecodeError) else None


def _damaged(file: str, sheet: str | None, row: int | None) -> Fault:
    return Fault(
        kind="truncated-file",
        file=file,
        sheet=sheet,
        row=row,
        found="JSON that is cut off, damaged or nested too deeply",
        expected="a whole file as the program exports it",
        remedy="Export the file again; if it was edited, mend the row.",
    )
