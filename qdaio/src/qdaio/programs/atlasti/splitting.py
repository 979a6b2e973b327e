"""Cut a cell that lists codes back into its codes.

ATLAS.ti joins the names of a quotation's codes with a comma, and names hold commas
themselves. What may be cut where follows from the codebook and from the number of codes
that stands beside the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qdaio.labels import name_key

__all__ = [
    "SEPARATORS",
    "Split",
    "Vocabulary",
    "is_ordered",
    "pick_separator",
    "split_cell",
]

# A name holds a comma far more often than a line break or a bar, so those come first.
SEPARATORS = ("\n", " | ", "; ", ", ", ";", ",")
MOST_PIECES = 200
MOST_PIECES_WITH_UNKNOWN = 40
MOST_UNKNOWN = 3
MOST_WAYS = 64


@dataclass(frozen=True, slots=True)
class Split:
    """One cell cut into codes.

    Attributes
    ----------
    names : tuple of str
        The codes as the cell writes them, in its order. Empty where no cut is possible.
    known : tuple of bool
        Whether the codebook has each of them.
    why : str, optional
        What is doubtful or impossible, for people.
    is_ambiguous : bool
        Several cuts fit; the one with the longest names first was taken.
    """

    names: tuple[str, ...] = ()
    known: tuple[bool, ...] = ()
    why: str | None = None
    is_ambiguous: bool = False


@lru_cache(maxsize=65536)
def _order_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort as the program does: regardless of case, digits as numbers."""
    parts = re.split(r"(\d+)", name_key(name).casefold())
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p)


def is_ordered(names: Sequence[str]) -> bool:
    """Say whether names stand in the alphabetical order in which the program lists them."""
    keys = [_order_key(name) for name in names]
    return all(a <= b for a, b in pairwise(keys))


def pick_separator(cells: Iterable[tuple[str, int | None]]) -> str:
    """Choose what stands between the codes of a column.

    Parameters
    ----------
    cells : iterable of (text, number of codes or None)

    Returns
    -------
    str
        The separator of :data:`SEPARATORS` that gives at least the stated number of
        pieces in most cells and exactly that number in most of these; the first that
        occurs at all where no number is stated.
    """
    rows = list(cells)
    counted = [(text, n) for text, n in rows if n is not None and n > 1]
    if not counted:
        found = (s for s in SEPARATORS if any(s in text for text, _ in rows))
        return next(found, ", ")
    scores = []
    for rank, separator in enumerate(SEPARATORS):
        pieces = [(text.count(separator) + 1, n) for text, n in counted]
        enough, exact = sum(p >= n for p, n in pieces), sum(p == n for p, n in pieces)
        scores.append((enough, exact, -rank, separator))
    return max(scores)[-1]


class Vocabulary:
    """The names that a codebook knows, and where a cell can be cut so that each is known.

    Parameters
    ----------
    names : iterable of str
    separator : str
        What stands between the codes of a cell.
    """

    def __init__(self, names: Iterable[str], separator: str) -> None:
        self.separator = separator
        self.keys = {name_key(name) for name in names}
        mark = separator.strip() or separator
        self.longest = 1 + max((key.count(mark) for key in self.keys), default=0)

    def __contains__(self, name: str) -> bool:
        return name_key(name) in self.keys

    def ends(self, pieces: Sequence[str]) -> list[list[int]]:
        """Return for each piece where a known name that starts there can end, exclusive."""
        found: list[list[int]] = []
        for start in range(len(pieces)):
            stop = min(len(pieces), start + self.longest)
            spans = (self.separator.join(pieces[start:end]) for end in range(start + 1, stop + 1))
            found.append([start + n for n, name in enumerate(spans, 1) if name in self])
        return found


def split_cell(
    text: str, n: int | None, vocabulary: Vocabulary, *, keeps_order: bool = False
) -> Split:
    """Cut one cell into codes of the codebook.

    Parameters
    ----------
    text : str
        The cell.
    n : int, optional
        How many codes the export says there are.
    vocabulary : Vocabulary
    keeps_order : bool
        The export lists codes alphabetically; this decides between cuts that fit else.

    Returns
    -------
    Split
        With `n` names, or none and the reason. A name that the codebook lacks is given
        back as not known, when the number of codes leaves one place for it only.
    """
    pieces = text.split(vocabulary.separator)
    if len(pieces) > MOST_PIECES:
        return Split(why=f"the cell has more than {MOST_PIECES} parts")
    if n is not None and n > len(pieces):
        return Split(why=f"the cell has {len(pieces)} parts, too few for {n} codes")
    ends = vocabulary.ends(pieces)
    ways = _known_ways(ends, n)
    if not ways:
        return _with_unknown(pieces, n, vocabulary, ends)
    cuts = [_names(pieces, way, vocabulary.separator) for way in ways]
    if len(cuts) > 1 and keeps_order and len(ways) < MOST_WAYS:
        cuts = [names for names in cuts if is_ordered(names)] or cuts
    chosen = cuts[0]
    doubt = f"{len(cuts)} ways to cut it fit; took the one with the longest names first"
    several = len(cuts) > 1
    return Split(chosen, (True,) * len(chosen), doubt if several else None, several)


def _names(pieces: Sequence[str], way: Sequence[int], separator: str) -> tuple[str, ...]:
    return tuple(separator.join(pieces[a:b]) for a, b in zip((0, *way[:-1]), way, strict=True))


def _known_ways(ends: Sequence[Sequence[int]], n: int | None) -> list[tuple[int, ...]]:
    """Return the cuts, longest names first, that use known names only; at most MOST_WAYS."""
    size = len(ends)
    # What can still be reached from each place: the numbers of codes that fill the rest.
    reach: list[set[int]] = [set() for _ in range(size)] + [{0}]
    for start in range(size - 1, -1, -1):
        reach[start] = {1 + rest for end in ends[start] for rest in reach[end]}
    ways: list[tuple[int, ...]] = []
    stack: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while stack and len(ways) < MOST_WAYS:
        place, way = stack.pop()
        if place == size:
            ways.append(way)
            continue
        left = None if n is None else n - len(way) - 1
        # The shortest is pushed first, so that the longest is taken first.
        stack.extend(
            (end, (*way, end))
            for end in ends[place]
            if (reach[end] if left is None else left in reach[end])
        )
    return ways


def _with_unknown(
    pieces: Sequence[str], n: int | None, vocabulary: Vocabulary, ends: Sequence[Sequence[int]]
) -> Split:
    """Leave room for a few names that the codebook lacks, if there is one way to do so."""
    if n is None:
        return Split(why="the codebook lacks one of its codes, and no number of codes is stated")
    size = len(pieces)
    if n > MOST_PIECES_WITH_UNKNOWN or size > MOST_PIECES_WITH_UNKNOWN:
        return Split(why="the codebook lacks one of its codes, and the cell is very long")
    for unknown in range(1, min(MOST_UNKNOWN, n) + 1):
        found = _ways_with_unknown(size, ends, n, unknown)
        if len(found) == 1:
            names = _names(pieces, found[0], vocabulary.separator)
            return Split(names, tuple(name in vocabulary for name in names))
        if found:
            return Split(why=f"the codebook lacks {unknown} of its codes, in one of several places")
    return Split(why=f"no cut into {n} codes agrees with the codebook")


def _ways_with_unknown(
    size: int, ends: Sequence[Sequence[int]], n: int, unknown: int
) -> list[tuple[int, ...]]:
    """Return up to two cuts into `n` names of which exactly `unknown` are not known."""
    can: dict[tuple[int, int, int], bool] = {(size, 0, 0): True}

    def possible(place: int, left: int, lack: int) -> bool:
        state = (place, left, lack)
        if state not in can:
            fits = place < size and 0 < left <= size - place and 0 <= lack <= left
            can[state] = fits and any(
                possible(end, left - 1, lack - (end not in ends[place]))
                for end in range(place + 1, size + 1)
            )
        return can[state]

    ways: list[tuple[int, ...]] = []
    stack: list[tuple[int, tuple[int, ...], int]] = [(0, (), unknown)]
    while stack and len(ways) < 2:
        place, way, lack = stack.pop()
        if place == size:
            ways.append(way)
            continue
        for end in range(place + 1, size + 1):
            rest = lack - (end not in ends[place])
            if possible(end, n - len(way) - 1, rest):
                stack.append((end, (*way, end), rest))
    return ways
