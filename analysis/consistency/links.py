"""How the rows of a form refer to each other."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.consistency.parts import Links, find_circles
from qdaio.faults import FaultList

__all__ = ["Relations", "read_ids", "read_relations"]


@dataclass(frozen=True, slots=True)
class Relations:
    """Which rows are parts of which, and which state the same quantity.

    Attributes
    ----------
    parts : Links
    same : list of tuple of int
        Pairs of positions.
    """

    parts: Links
    same: list[tuple[int, int]]


def read_ids(
    ids: Sequence[str | None], rows: Sequence[int], name: str, faults: FaultList
) -> list[str]:
    """Return the id of each row, ``row 5`` where it has none; an id given twice is a fault."""
    first: dict[str, int] = {}
    result = []
    for text, row in zip(ids, rows, strict=True):
        found = text or f"row {row}"
        if found in first:
            faults.add(
                kind="duplicate-id",
                file=name,
                row=row,
                column="id",
                found=f'"{found}", as in row {first[found]}',
                expected="an id of its own for each row, or none",
                remedy="Change one of the two ids.",
            )
        first.setdefault(found, row)
        result.append(found)
    return result


def read_relations(
    ids: Sequence[str],
    part_of: Sequence[str | None],
    same_as: Sequence[str | None],
    rows: Sequence[int],
    name: str,
    faults: FaultList,
) -> Relations:
    """Read the columns ``part_of`` and ``same_as``.

    Parameters
    ----------
    ids : sequence of str
    part_of : sequence of str or None
        ``all``, ``all by gender``, or several parted by semicolons.
    same_as : sequence of str or None
        Ids parted by semicolons.
    rows : sequence of int
        Rows of the file, for messages.
    name : str
        How messages call the file.
    faults : FaultList
        Gets ids that do not exist, and rows that are parts of themselves.
    """
    at = {found: position for position, found in reversed(list(enumerate(ids)))}
    wholes: list[int] = []
    parts: list[int] = []
    splits: list[str] = []
    same: dict[tuple[int, int], None] = {}
    for position, reference in _references(part_of):
        whole, split = (reference, "") if reference in at else _cut(reference)
        found = _look_up(whole, at, rows[position], "part_of", name, faults)
        if found is not None:
            wholes.append(found)
            parts.append(position)
            splits.append(split)
    for position, reference in _references(same_as):
        found = _look_up(reference, at, rows[position], "same_as", name, faults)
        if found == position:
            faults.add(
                kind="refers-to-itself",
                file=name,
                row=rows[position],
                column="same_as",
                found=f'"{reference}", the row itself',
                remedy="Name the other row that states the same quantity.",
            )
        elif found is not None:
            same[min(position, found), max(position, found)] = None
    _circle_faults(wholes, parts, ids, rows, name, faults)
    return Relations(Links(wholes, parts, splits), list(same))


def _references(texts: Sequence[str | None]) -> list[tuple[int, str]]:
    """Return the references of each row, with its position."""
    return [
        (position, item.strip())
        for position, text in enumerate(texts)
        if text
        for item in text.split(";")
        if item.strip()
    ]


def _cut(reference: str) -> tuple[str, str]:
    whole, found, split = reference.rpartition(" by ")
    return (whole.strip(), split.strip()) if found else (reference, "")


def _look_up(
    wanted: str, at: dict[str, int], row: int, column: str, name: str, faults: FaultList
) -> int | None:
    if wanted in at:
        return at[wanted]
    near = difflib.get_close_matches(wanted, list(at), n=1)
    faults.add(
        kind="unknown-id",
        file=name,
        row=row,
        column=column,
        found=f'"{wanted}"',
        expected="the id of another row",
        remedy=f'Did you mean "{near[0]}"?' if near else "Give that row an id, or correct this.",
    )
    return None


def _circle_faults(
    wholes: Sequence[int],
    parts: Sequence[int],
    ids: Sequence[str],
    rows: Sequence[int],
    name: str,
    faults: FaultList,
) -> None:
    above: dict[int, list[int]] = {}
    for whole, part in zip(wholes, parts, strict=True):
        above.setdefault(part, []).append(whole)
    for circle in find_circles(above):
        names = [ids[member] for member in circle]
        faults.add(
            kind="circular-part",
            file=name,
            row=rows[circle[0]],
            column="part_of",
            found=" is part of ".join(f'"{each}"' for each in [*names, names[0]]),
            expected="wholes that are no part of their own parts",
            remedy="Correct part_of in one of these rows.",
        )
