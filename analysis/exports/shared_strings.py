"""How much text the cells of a workbook refer to, which can be far more than it holds.

A workbook keeps each text once, and cells refer to it by number. A long text that a million
cells refer to takes little room in the file, and gigabytes when the cells are read.
"""

from __future__ import annotations

import re
import zipfile

import numpy as np

__all__ = ["SharedStrings"]

REFERENCE = re.compile(rb"""\bt=["']s["'][^>]*><(?:\w+:)?v>(\d{1,9})</""")
END = re.compile(rb"</(?:\w+:)?si>")
CHUNK = 1 << 20


class SharedStrings:
    """Lengths of the texts that a workbook keeps once.

    Parameters
    ----------
    archive : ZipFile
    item : ZipInfo
        The member ``xl/sharedStrings.xml``; it is read to its end, so that a checksum that
        does not hold is found.
    """

    def __init__(self, archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> None:
        self.size = item.file_size
        ends: list[int] = []
        place = 0
        rest = b""
        with archive.open(item) as stream:
            while chunk := stream.read(CHUNK):
                window = rest + chunk
                start = place - len(rest)
                ends += [start + found.end() for found in END.finditer(window)]
                place += len(chunk)
                # an end that the window cuts in two is found again with the next one
                rest = (
                    window[-16:]
                    if not ends or ends[-1] <= place - 16
                    else window[ends[-1] - start :]
                )
        self.lengths = np.diff(np.asarray([0, *ends], dtype="int64"))

    def volume(self, piece: bytes) -> int:
        """Return how many bytes of text the cells in a piece of a sheet's XML refer to."""
        numbers = np.asarray([int(number) for number in REFERENCE.findall(piece)], dtype="int64")
        known = numbers[numbers < len(self.lengths)]
        return int(self.lengths[known].sum())
