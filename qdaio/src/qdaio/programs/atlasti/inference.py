"""Cut lists of codes where no codebook is at hand.

The number of codes beside each cell is the evidence. It is assumed that one part, such as
the words between two commas, either always begins a code or never does; every cell is then
an equation, and what follows from all of them together is used and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from qdaio.labels import name_key
from qdaio.programs.atlasti.splitting import MOST_PIECES, Split, is_ordered

__all__ = ["split_without_codebook"]

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
    head, mark, _ = name_key(piece).partition(LEVELS.strip())
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
