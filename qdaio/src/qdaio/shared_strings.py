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
        lengths: list[int] = []
        rest = end = b""
        long = 0
        with archive.open(item) as stream:
            while chunk := stream.read(CHUNK):
                window = rest + chunk
                if not end and (found := END.search(window)):
                    end = found[0]
                *texts, rest = window.split(end) if end else [window]
                if texts and long:
                    lengths.append(long + len(texts.pop(0)))
                    long = 0
                lengths += map(len, texts)
                if len(rest) > CHUNK:  # a text without end is as long as what was seen of it
                    long += len(rest) - len(rest[-16:])
                    rest = rest[-16:]
        self.lengths = np.asarray(lengths, dtype="int64")

    def volume(self, piece: bytes) -> int:
        """Return how many bytes of text the cells in a piece of a sheet's XML refer to."""
        numbers = np.asarray([int(number) for number in REFERENCE.findall(piece)], dtype="int64")
        known = numbers[numbers < len(self.lengths)]
        return int(self.lengths[known].sum())
