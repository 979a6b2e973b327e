"""Links between claims: each leads to a claim of a fitting kind, and none in a circle."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Sequence
from typing import Any

from analysis.claims.claim import Claim
from analysis.claims.wording import plain
from analysis.consistency.parts import find_circles
from qdaio.faults import FaultList

__all__ = ["check_links", "links_of"]

# the kinds that a claim may be linked to, by the column; else any kind
TARGETS = {
    "part_of": ("count",),
    "lists": ("count",),
}
BESIDE = {"percentage": ("count",), "SD": ("mean",), "count": ("label", "date")}
# rules that need links to say anything, and how many
NEEDED = {"months": {"beside": 2}, "column": {"whole": 1, "beside": 1}}


def links_of(claim: Claim) -> list[tuple[str, str]]:
    """Return the columns and ids of a claim's links."""
    single = [(name, getattr(claim, name)) for name in ("whole", "part_of", "same_as", "lists")]
    return [
        *((column, other) for column, other in single if other),
        *(("beside", other) for other in claim.beside),
    ]


def check_links(claims: Sequence[Claim], name: str, faults: FaultList) -> None:
    """Find ids given twice, unknown ids, circles, and places with different values."""
    first: dict[str, Claim] = {}
    for claim in claims:
        before = first.setdefault(claim.id, claim)
        if before is not claim:
            faults.add(
                kind="duplicate-id",
                file=name,
                row=claim.row,
                column="id",
                found=f'"{claim.id}", as in row {before.row}',
                remedy="Give each claim an id of its own.",
            )
        elif " " in claim.id:
            faults.add(
                kind="id-with-space",
                file=name,
                row=claim.row,
                column="id",
                found=f'"{claim.id}"',
                remedy=f'Write it without spaces: "{claim.id.replace(" ", "-")}".',
            )
    for claim in claims:
        for column, other in links_of(claim):
            _check_link(claim, column, other, first, name, faults)
        for column, least in NEEDED.get(claim.rule, {}).items():
            if sum(own == column for own, _ in links_of(claim)) != least:
                faults.add(
                    kind="missing-link",
                    file=name,
                    row=claim.row,
                    column=column,
                    found=" ".join(o for c, o in links_of(claim) if c == column) or "an empty cell",
                    expected=f"{least} id{'s' * (least > 1)}, for the rule {claim.rule}",
                    remedy="Name the claims that it is held against.",
                )
    _check_circles(first, name, faults)
    _check_places(claims, name, faults)


def _check_link(
    claim: Claim, column: str, other: str, known: dict[str, Claim], name: str, faults: FaultList
) -> None:
    place: dict[str, Any] = {"file": name, "row": claim.row, "column": column}
    if other not in known:
        near = difflib.get_close_matches(other, known, n=2)
        faults.add(
            kind="unknown-claim",
            found=f'"{other}"',
            expected="the id of a claim",
            remedy="Did you mean {}?".format(" or ".join(f'"{id_}"' for id_ in near))
            if near
            else "Correct the id, or leave the cell empty.",
            **place,
        )
        return
    kinds: tuple[str, ...] | None = TARGETS.get(column)
    if column == "whole":
        kinds = ("range",) if claim.kind == "range" else ("count",)
    elif column == "beside" and not claim.rule:
        kinds = BESIDE.get(claim.kind)
    elif column == "beside":
        kinds = {"months": ("date",), "column": ("mean",), "whole-numbers": ("mean",)}.get(
            claim.rule
        )
    elif column == "same_as":
        kinds = (claim.kind,)
    if kinds and known[other].kind not in kinds:
        faults.add(
            kind="wrong-kind-of-claim",
            found=f'"{other}", whose kind is {known[other].kind}',
            expected=f"a claim whose kind is {' or '.join(kinds)}",
            remedy="Correct the id or the kind.",
            **place,
        )


def _check_circles(known: dict[str, Claim], name: str, faults: FaultList) -> None:
    for column in ("part_of", "whole"):
        wholes: dict[Hashable, list[Hashable]] = {
            claim.id: [other] for claim in known.values() if (other := getattr(claim, column))
        }
        for circle in find_circles(wholes):
            start = known[str(circle[0])]
            faults.add(
                kind="circular-whole",
                file=name,
                row=start.row,
                column=column,
                found=" → ".join(str(id_) for id_ in (*circle, circle[0])),
                expected="parts that lead to a whole",
                remedy="Remove one of these links: nothing is a part of itself.",
            )


def _check_places(claims: Sequence[Claim], name: str, faults: FaultList) -> None:
    first: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        before = first.setdefault((plain(claim.section), plain(claim.place)), claim)
        if before.printed != claim.printed:
            faults.add(
                kind="place-given-twice",
                file=name,
                row=claim.row,
                column="printed",
                found=f'"{claim.printed}", where row {before.row} has "{before.printed}" in the '
                "same place",
                expected="one value for each place",
                remedy="Correct the value, or tell the two places apart.",
            )
