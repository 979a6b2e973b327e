"""Where each row of a form stands in the publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qdaio.faults import FaultList

__all__ = ["check_places", "place_names"]

Texts = Mapping[str, Sequence[str | None]]


def place_names(texts: Texts, rows: Sequence[int]) -> list[str]:
    """Return ``Table 2, Age, Patients``, or the row of the file where no place is given."""
    parts = zip(texts["table"], texts["row"], texts["column"], strict=True)
    names = [", ".join(part for part in place if part) for place in parts]
    return [name or f"row {row} of the file" for name, row in zip(names, rows, strict=True)]


def check_places(
    texts: Texts, values: Sequence[str], rows: Sequence[int], name: str, faults: FaultList
) -> None:
    """Find places that two rows fill with different values.

    Rows that name no row and no column of their table have no place of their own.
    """
    first: dict[tuple[str | None, ...], int] = {}
    again: list[tuple[int, int]] = []
    places = zip(texts["table"], texts["row"], texts["column"], strict=True)
    for at, place in enumerate(places):
        if place[1] is None and place[2] is None:
            continue
        before = first.setdefault(place, at)
        if before != at:
            again.append((before, at))
    for before, at in again:
        for value in values:
            one, other = texts[value][before], texts[value][at]
            if one and other and one != other:
                faults.add(
                    kind="place-given-twice",
                    file=name,
                    row=rows[at],
                    column=value,
                    found=f'"{other}", where row {rows[before]} has "{one}" in the same place',
                    expected="one value for each place",
                    remedy="Correct the value, or tell the two places apart in the columns row "
                    "and column.",
                )
