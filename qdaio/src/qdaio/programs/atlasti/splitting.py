"""Cells that list codes, cut back into their codes.

ATLAS.ti joins the names of a quotation's codes with a comma, and names hold commas
themselves. What may be cut where follows from the codebook and from the number of codes
that stands beside the cell. Without a codebook these numbers are the evidence: it is
assumed that one part, such as the words between two commas, either always begins a code
or never does; every cell is then an equation, and what follows from all of them together
is used and nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

from qdaio.codes import CodeNames, whole_number
from qdaio.faults import FaultList
from qdaio.headers import SheetTable
from qdaio.labels import composed

__all__ = [
    "SEPARATORS",
    "CodeList",
    "Split",
    "Vocabulary",
    "is_ordered",
    "pick_separator",
    "read_code_lists",
    "split_cell",
    "split_without_codebook",
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
    parts = re.split(r"(\d+)", composed(name).casefold())
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
        self.keys = {composed(name) for name in names}
        mark = separator.strip() or separator
        self.longest = 1 + max((key.count(mark) for key in self.keys), default=0)

    def __contains__(self, name: str) -> bool:
        return composed(name) in self.keys

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


LEVELS = ": "
ENOUGH_ROWS = 10  # rows with several codes that must all be in order before order is evidence
MOST_UNSURE = 10


def split_without_codebook(cells: Sequence[tuple[str, int | None]], separator: str) -> list[Split]:
    """Cut all cells of a column at once.

    Parameters
    ----------
    cells : sequence of (text, number of codes or None)
        Without any number, cells are cut at every separator.
    separator : str

    Returns
    -------
    list of Split
        One a cell; every name counts as known. A cell that the others do not decide has
        no names and says why.
    """
    if all(n is None for _, n in cells):
        return [_at_every_separator(text, separator) for text, _ in cells]
    rows = [text.split(separator)[: MOST_PIECES + 1] for text, _ in cells]
    usable = [
        (row, n)
        for row, (_, n) in zip(rows, cells, strict=True)
        if n is not None and 1 <= n <= len(row) <= MOST_PIECES
    ]
    begins: dict[str, bool] = {}
    torn: set[str] = set()
    _solve(usable, begins, torn, by_order=False)
    cuts = [_cut(row, n, separator, begins) for row, (_, n) in zip(rows, cells, strict=True)]
    long = [cut.names for cut in cuts if len(cut.names) > 1]
    if len(long) >= ENOUGH_ROWS and all(is_ordered(names) for names in long):
        _solve(usable, begins, torn, by_order=True)
        cuts = [_cut(row, n, separator, begins) for row, (_, n) in zip(rows, cells, strict=True)]
    return cuts


def _at_every_separator(text: str, separator: str) -> Split:
    names = tuple(text.split(separator))
    return Split(names, (True,) * len(names))


def _head(piece: str) -> str:
    """Return what a part is known by: up to its level mark, else all of it."""
    head, mark, _ = composed(piece).partition(LEVELS.strip())
    return head + mark


def _solve(
    rows: Sequence[tuple[Sequence[str], int]],
    begins: dict[str, bool],
    torn: set[str],
    *,
    by_order: bool,
) -> None:
    """Add to `begins` what is certain of a part: that it begins a code (True) or goes on.

    Parts that do both are moved to `torn`; nothing follows from these.
    """
    where: dict[str, list[int]] = defaultdict(list)
    for row, (pieces, _) in enumerate(rows):
        for piece in pieces[1:]:
            where[_head(piece)].append(row)
    learned = [(_head(pieces[0]), True) for pieces, _ in rows]
    pending = dict.fromkeys(range(len(rows)))
    while learned or pending:
        for part, value in learned:
            if part in torn or begins.get(part) is value:
                continue
            if part in begins:
                torn.add(part)
                del begins[part]
            else:
                begins[part] = value
            pending.update(dict.fromkeys(where[part]))
        learned = [fact for row in pending for fact in _deduce(*rows[row], begins, by_order)]
        learned = [fact for fact in learned if fact[0] not in torn]
        pending = {}


def _deduce(
    pieces: Sequence[str], n: int, begins: dict[str, bool], by_order: bool
) -> list[tuple[str, bool]]:
    """Return what one row says of the parts that are open still."""
    heads = [_head(piece) for piece in pieces[1:]]
    unsure = [place for place, head in enumerate(heads, 1) if head not in begins]
    need = n - 1 - sum(begins.get(head, False) for head in heads)
    if unsure and need in (0, len(unsure)):
        return [(heads[place - 1], need > 0) for place in unsure]
    if not by_order or not 0 < need < len(unsure) <= MOST_UNSURE:
        return []
    # Every choice of beginnings that leaves the names in the order of the program.
    fits = []
    for chosen in combinations(unsure, need):
        starts = [begins.get(head, place in chosen) for place, head in enumerate(heads, 1)]
        if is_ordered(_join(pieces, [True, *starts], "\x1f")):
            fits.append(starts)
    if not fits:
        return []
    return [
        (heads[place - 1], fits[0][place - 1])
        for place in unsure
        if all(starts[place - 1] is fits[0][place - 1] for starts in fits)
    ]


def _join(pieces: Sequence[str], starts: Sequence[bool], separator: str) -> tuple[str, ...]:
    names: list[list[str]] = []
    for piece, start in zip(pieces, starts, strict=True):
        if start:
            names.append([piece])
        else:
            names[-1].append(piece)
    return tuple(separator.join(parts) for parts in names)


def _cut(pieces: Sequence[str], n: int | None, separator: str, begins: dict[str, bool]) -> Split:
    remedy = "add the codebook"
    if len(pieces) > MOST_PIECES:
        return Split(why=f"the cell has more than {MOST_PIECES} parts")
    if n is None:
        return Split(why=f"no number of codes is stated; {remedy}")
    if not 1 <= n <= len(pieces):
        return Split(why=f"the cell has {len(pieces)} parts, which cannot be {n} codes")
    if n == len(pieces):
        starts = [True] * n
    elif n == 1:
        starts = [True] + [False] * (len(pieces) - 1)
    else:
        judged = [True, *(begins.get(_head(piece)) for piece in pieces[1:])]
        unsure = [place for place, value in enumerate(judged) if value is None]
        need = n - sum(value is True for value in judged)
        if need not in (0, len(unsure)):
            return Split(why=f"where its {n} codes begin is not certain; {remedy}")
        starts = [value if value is not None else need > 0 for value in judged]
        if sum(starts) != n:
            return Split(why=f"other rows contradict any cut into {n} codes; {remedy}")
    return Split(_join(pieces, starts, separator), (True,) * n)


MARKS = re.compile(r"(^|\n|, |; )[●○•◦]\s+")
MOST_CODES = 200  # of one quotation; a larger number is damage
MOST_LOST = 200_000
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of one quotation.

    Attributes
    ----------
    names : tuple of str
        As written; empty where the cell cannot be cut, or names none.
    code_ids : tuple of str or None
        Aligned with `names`; None where the codebook lacks the code, or several have the
        name. All None where there is no codebook.
    lost : int
        Codings that the row states but that cannot be told.
    why : str, optional
        What is lost, or doubtful.
    """

    names: tuple[str, ...] = ()
    code_ids: tuple[str | None, ...] = ()
    lost: int = 0
    why: str | None = None

    @property
    def is_uncoded(self) -> bool:
        """Whether the quotation has no code at all."""
        return not self.names and not self.lost


def read_code_lists(
    texts: Sequence[str | None],
    counts: Sequence[Any] | None,
    table: SheetTable,
    known: CodeNames | None,
    faults: FaultList,
) -> list[CodeList]:
    """Cut the lists of codes of a whole column.

    Parameters
    ----------
    texts : sequence of str or None
        The lists; None where a quotation has no code.
    counts : sequence, optional
        The number of codes of each row, aligned with `texts`; None without such a column.
    table : SheetTable
        For messages.
    known : CodeNames, optional
        The codebook.
    faults : FaultList
        Gets a fault for each number that is none, and one when the codebook is that of
        another project.
    """
    numbers = _numbers(counts, table, faults) if counts is not None else [None] * len(texts)
    cells = [
        (MARKS.sub(r"\1", (text or "").strip()), n) for text, n in zip(texts, numbers, strict=True)
    ]
    full = [(text, n or None) for text, n in cells if text]
    separator = pick_separator(full)
    if known is None:
        splits = iter(split_without_codebook(full, separator))
    else:
        found = _with_codebook(full, separator, known)
        if sum(any(split.known) for split in found) < ENOUGH * len(found):
            _fault_other_project(found, table, faults)
        splits = iter(found)
    lists = [
        _code_list(next(splits), n, text.count(separator) + 1, known) if text else _without(n)
        for text, n in cells
    ]
    if (lost := sum(item.lost for item in lists)) > MOST_LOST:
        faults.add(
            kind="inconsistent-export",
            file=table.sheet.file,
            sheet=table.sheet.name.strip() or None,
            column=table.headers["codes"],
            found=f"{lost:,} codings whose codes cannot be told",
            expected=f"at most {MOST_LOST:,}, to be set aside one by one",
            remedy="Give the codebook as well, or export the quotations again.",
        )
    return lists


def _numbers(cells: Sequence[Any], table: SheetTable, faults: FaultList) -> list[int | None]:
    numbers = [whole_number(cell) for cell in cells]
    for row, cell, n in zip(table.row_numbers, cells, numbers, strict=True):
        if (cell is not None and n is None) or (n is not None and not 0 <= n <= MOST_CODES):
            faults.add(
                kind="bad-number",
                file=table.sheet.file,
                sheet=table.sheet.name.strip() or None,
                row=row,
                column=table.headers["count"],
                found="a number that no quotation has" if n is not None else "no whole number",
                expected=f"the number of codes, 0 to {MOST_CODES}",
                remedy="Correct the number, or export the quotations again.",
            )
    return [n if n is not None and 0 <= n <= MOST_CODES else None for n in numbers]


def _with_codebook(
    cells: Sequence[tuple[str, int | None]], separator: str, known: CodeNames
) -> list[Split]:
    """Cut each cell with whole names; where that fails, with the shorter forms of names."""
    vocabularies = [Vocabulary(known.names(layers), separator) for layers in (1, 2, 3)]
    used = [vocabularies[0]] * len(cells)
    splits = [split_cell(text, n, vocabularies[0]) for text, n in cells]
    for wider in vocabularies[1:]:
        for place, split in enumerate(splits):
            if split.names and all(split.known):
                continue
            again = split_cell(*cells[place], wider)
            if again.names and all(again.known):
                splits[place], used[place] = again, wider
    if any(split.is_ambiguous for split in splits):
        certain = [split.names for split in splits if split.names and not split.is_ambiguous]
        if all(map(is_ordered, certain)):
            splits = [
                split_cell(*cell, names, keeps_order=True) if split.is_ambiguous else split
                for cell, split, names in zip(cells, splits, used, strict=True)
            ]
    return splits


def _fault_other_project(splits: Sequence[Split], table: SheetTable, faults: FaultList) -> None:
    able = sum(any(split.known) for split in splits)
    faults.add(
        kind="unknown-code",
        file=table.sheet.file,
        sheet=table.sheet.name.strip() or None,
        column=table.headers["codes"],
        found=f"codes of the codebook in {able} of {len(splits)} rows only",
        expected="the codes of one project in both",
        remedy="Give the whole codebook of this project, exported at the same time as the "
        "quotations, or leave the codebook out.",
    )


def _without(n: int | None) -> CodeList:
    return CodeList(lost=n or 0, why=f"the list of its {n} codes is empty" if n else None)


def _code_list(split: Split, n: int | None, parts: int, known: CodeNames | None) -> CodeList:
    if not split.names:
        return CodeList(lost=n or parts, why=split.why)
    why = split.why
    if n == 0:
        why = "the number of codes is 0, but codes are listed; they are counted"
    names = tuple(name.strip() for name in split.names)
    ids = (None,) * len(names) if known is None else tuple(map(known.find, names))
    return CodeList(names, ids, why=why)
