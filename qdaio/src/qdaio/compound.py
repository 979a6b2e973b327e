"""Streams of a compound file, the container of workbooks before .xlsx.

Layout as in Microsoft's [MS-CFB], version 20240820, public under its Open Specifications
Promise.
"""

from __future__ import annotations

import struct

__all__ = ["CompoundError", "OtherFileError", "stream_of", "workbook_stream"]

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = 512
LAST = 0xFFFFFFFA  # larger numbers of sectors are marks: free, end of a chain, tables
END = 0xFFFFFFFE
ENTRY = 128
ROOT = 5
STREAM = 2


class CompoundError(Exception):
    """Raised when a compound file is cut off or contradicts itself."""


class OtherFileError(Exception):
    """Raised when a compound file is sound, but something else; says what."""


def stream_of(content: bytes, *names: str) -> bytes | None:
    """Return the stream that has one of some names, or None where there is none.

    Parameters
    ----------
    content : bytes
        The whole file.
    *names : str
        In any case; the first that exists is taken.

    Raises
    ------
    CompoundError
        When a chain of sectors leaves the file, loops, or is shorter than its stream.
    """
    if len(content) < HEADER or not content.startswith(MAGIC):
        raise CompoundError("no header")
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise CompoundError("sizes of sectors")
    first_directory, _, cutoff, first_mini, _, first_difat, _ = struct.unpack_from(
        "<7I", content, 48
    )
    disk = _Sectors(content, 1 << shift, offset=1 << shift)
    table = _allocation(content, disk, first_difat)
    directory = disk.chain(first_directory, table)
    entries: dict[str, tuple[int, int]] = {}
    root = None
    for start in range(0, len(directory) - ENTRY + 1, ENTRY):
        entry = directory[start : start + ENTRY]
        length, kind = struct.unpack_from("<HB", entry, 64)
        first, size = struct.unpack_from("<IQ", entry, 116)
        size = size & 0xFFFFFFFF if shift == 9 else size
        if kind == ROOT:
            root = first
        elif kind == STREAM and 2 <= length <= 64:
            name = entry[: length - 2].decode("utf-16-le", errors="replace").casefold()
            entries.setdefault(name, (first, size))
    found = next((entries[name.casefold()] for name in names if name.casefold() in entries), None)
    if found is None:
        return None
    first, size = found
    if size >= cutoff:
        stream = disk.chain(first, table)
    else:
        if root is None:
            raise CompoundError("no root")
        mini = _Sectors(disk.chain(root, table), 1 << mini_shift)
        mini_table = _numbers(disk.chain(first_mini, table)) if first_mini < LAST else ()
        stream = mini.chain(first, mini_table)
    if len(stream) < size:
        raise CompoundError("a stream is shorter than it says")
    return stream[:size]


def workbook_stream(content: bytes) -> bytes:
    """Return the stream of a workbook before .xlsx.

    Raises
    ------
    CompoundError
        When the file is damaged, or holds something else, such as a document.
    """
    if stream_of(content, "EncryptedPackage") is not None:
        raise OtherFileError("password")
    stream = stream_of(content, "Workbook")
    if stream is None:
        raise OtherFileError("an Office file that is no workbook of Excel 97 to 2003")
    return stream


class _Sectors:
    """Pieces of one size, numbered from 0."""

    def __init__(self, content: bytes, size: int, offset: int = 0) -> None:
        self.content = content
        self.size = size
        self.offset = offset
        self.count = max(0, -(-(len(content) - offset) // size))

    def sector(self, number: int) -> bytes:
        if number >= self.count:
            raise CompoundError("a sector outside of the file")
        start = self.offset + number * self.size
        return self.content[start : start + self.size]

    def chain(self, first: int, table: tuple[int, ...]) -> bytes:
        """Join the sectors of a chain."""
        pieces: list[bytes] = []
        number = first
        while number != END:
            if number >= len(table) or len(pieces) > self.count:
                raise CompoundError("a chain of sectors without end")
            pieces.append(self.sector(number))
            number = table[number]
        return b"".join(pieces)


def _allocation(content: bytes, disk: _Sectors, first_difat: int) -> tuple[int, ...]:
    """Return the table that says which sector follows each."""
    places = [number for number in struct.unpack_from("<109I", content, 76) if number < LAST]
    seen = 0
    while first_difat < LAST:
        seen += 1
        if seen > disk.count:
            raise CompoundError("a table of tables without end")
        *more, first_difat = _numbers(disk.sector(first_difat))
        places += [number for number in more if number < LAST]
    if len(places) > disk.count:
        raise CompoundError("more tables than sectors")
    return _numbers(b"".join(disk.sector(place) for place in places))


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])
