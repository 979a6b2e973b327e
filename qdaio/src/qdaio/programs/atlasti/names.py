"""Names of codes, documents and groups as the tables of ATLAS.ti print them."""

from __future__ import annotations

import re

__all__ = ["bare_name", "has_bullet", "label_parts"]

BULLET = re.compile(r"^[●○•◦◉◯⚫⚪■□◆◇]\s+")
# Groundedness and group size end a label, "P1\nGr=62;  GS=3"; other languages abbreviate other
# words, so that on a line of its own any short word will do.
END = re.compile(
    r"(?:\n\s{0,9}[^\W\d]{1,4}|\sGr)\s{0,9}=\s{0,9}(?P<gr>\d{1,9})\s{0,9}"
    r"(?:;\s{0,9}[^\W\d]{1,4}\s{0,9}=\s{0,9}(?P<gs>\d{1,9}))?\s{0,9}$"
)
LONGEST_END = 100


def has_bullet(label: str) -> bool:
    """Say whether a name is printed with the mark of a code."""
    return BULLET.match(label) is not None


def bare_name(label: str) -> str:
    """Return a name without the mark that the program prints before it.

    Examples
    --------
    >>> bare_name("● Time"), bare_name("Time")
    ('Time', 'Time')
    """
    return BULLET.sub("", label.strip()).strip()


def label_parts(label: str) -> tuple[str, int | None, int | None]:
    r"""Part a label of a table into its name, groundedness and group size.

    Examples
    --------
    >>> label_parts("P1\nGr=62;  GS=3"), label_parts("Totals")
    (('P1', 62, 3), ('Totals', None, None))
    """
    end = label[-LONGEST_END:]
    found = END.search(end)
    if found is None:
        return label.strip(), None, None
    name = label[: len(label) - len(end) + found.start()].strip()
    size = found["gs"]
    return name, int(found["gr"]), None if size is None else int(size)
