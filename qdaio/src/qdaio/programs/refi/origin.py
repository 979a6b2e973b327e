"""Which program wrote a file, and what that means for how it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qdaio.places import STANDARD, Counter

__all__ = ["OURS", "Origin", "origin_of"]

OURS = "study-rebuild"  # files that this package wrote; see `conventions`

# How the origin begins, in lower case; the name of the program; how it counts positions.
# Python programs read a text with each line break as one character, whatever the file has.
PROGRAMS: tuple[tuple[str, str, Counter], ...] = (
    (OURS, OURS, STANDARD),
    ("maxqda", "MAXQDA", STANDARD),
    ("nvivo", "NVivo", Counter("utf-16")),
    ("atlas", "ATLAS.ti", Counter("code point", "one")),
    ("qualcoder", "QualCoder", Counter("code point", "one")),
    ("taguette", "Taguette", STANDARD),
    ("qc ", "qualitative-coding", Counter("code point", "one")),
    ("qualitative-coding", "qualitative-coding", Counter("code point", "one")),
    ("dedoose", "Dedoose", STANDARD),
    ("quirkos", "Quirkos", STANDARD),
    ("f4", "f4analyse", STANDARD),
    ("transana", "Transana", STANDARD),
    ("qda miner", "QDA Miner", STANDARD),
    ("openqda", "OpenQDA", STANDARD),
)
QUOTING = {"ATLAS.ti", "QualCoder"}  # the name of a selection is its text
VERSIONS = (r"Release\s+(\d[\d.]*)", r"(\d+(?:\.\d+)+)", r"(\d+)")  # the first that fits


@dataclass(frozen=True, slots=True)
class Origin:
    """The program that wrote a file.

    Attributes
    ----------
    software : str
    version : str, optional
    counter : Counter
        How it is known to count positions.
    """

    software: str
    version: str | None
    counter: Counter

    @property
    def is_ours(self) -> bool:
        """Whether this package wrote the file."""
        return self.software == OURS

    @property
    def quotes(self) -> bool:
        """Whether selections are named by their text."""
        return self.software in QUOTING

    @property
    def fakes_hierarchy(self) -> bool:
        """Whether names such as ``Coke::diet Coke`` stand for codes and sub-codes."""
        return self.software == "ATLAS.ti"


def origin_of(stated: str | None) -> Origin:
    """Read the attribute ``origin`` of a project or codebook.

    Examples
    --------
    >>> origin = origin_of("MAXQDA 2020 (Release 20.2.1)")
    >>> origin.software, origin.version
    ('MAXQDA', '20.2.1')
    """
    text = (stated or "").strip()
    rest = text.removeprefix(OURS).removeprefix("f4")
    version = next((found[1] for form in VERSIONS if (found := re.search(form, rest))), None)
    for start, software, counter in PROGRAMS:
        if text.casefold().startswith(start):
            if software == "NVivo" and "mac" not in text.casefold():
                counter = Counter("utf-16", "two") if "win" in text.casefold() else counter
            return Origin(software, version, counter)
    name = re.split(r"\d", text, maxsplit=1)[0].strip(" -,(v")
    return Origin(name or "unknown", version, STANDARD)
