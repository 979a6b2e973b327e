"""Readings that would explain a number that does not fit; never more than conjectures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from analysis.claims.claim import Claim
from analysis.claims.comparing import Compared
from analysis.claims.listing import lists_of
from analysis.claims.values import number
from analysis.consistency.verdicts import Verdict

__all__ = ["conjectures"]

MARK = "conjecture:"


def conjectures(
    claims: Sequence[Claim],
    by_id: Mapping[str, Claim],
    compared: Mapping[str, Compared],
    verdicts: Mapping[str, Verdict],
) -> dict[str, str]:
    """Return a reading for claims that do not fit, where one is found.

    Parameters
    ----------
    claims, by_id
        The ledger.
    compared, verdicts : mapping of str
        By claim.

    Returns
    -------
    dict of str to str
        Sentences that start with "Conjecture:".
    """
    listing = lists_of(claims)
    result = {}
    for claim in claims:
        if verdicts[claim.id] in (Verdict.REPRODUCED, Verdict.NOT_COMPUTABLE):
            continue
        readings = [
            *_written(claim),
            *_kinds(claim, claims, by_id, listing),
            *_sum(claim, claims, by_id, compared),
            *_swapped(claim, compared),
        ]
        if readings:
            result[claim.id] = f"Conjecture: {'; or '.join(dict.fromkeys(readings))}."
    return result


def _written(claim: Claim) -> Iterator[str]:
    if claim.note.casefold().startswith(MARK):
        yield claim.note[len(MARK) :].strip().rstrip(".")


def _kinds(
    claim: Claim,
    claims: Sequence[Claim],
    by_id: Mapping[str, Claim],
    listing: Mapping[str, Mapping[str, Sequence[Claim]]],
) -> Iterator[str]:
    """Kinds of a listed name may have been counted in its place, or beside it."""
    own = listing.get(claim.id) or listing.get(claim.same_as) or {}
    for kinds in claims:
        if kinds.kind != "count" or not kinds.beside or kinds.value is None:
            continue
        name = by_id[kinds.beside[0]]
        for where, items in own.items():
            if name not in items and name.id not in {item.same_as for item in items}:
                continue
            size = len(items)
            if claim.value == size - 1 + kinds.value:
                yield (
                    f"{claim.printed} = {size} − 1 + {number(kinds.value)} if the "
                    f"{kinds.printed} {kinds.place} are counted in place of “{name.printed}” "
                    f"({where})"
                )
            elif claim.value == size + kinds.value:
                yield (
                    f"{claim.printed} = {size} + {number(kinds.value)} if the {kinds.printed} "
                    f"{kinds.place} are counted beside “{name.printed}” ({where})"
                )


def _sum(
    claim: Claim,
    claims: Sequence[Claim],
    by_id: Mapping[str, Claim],
    compared: Mapping[str, Compared],
) -> Iterator[str]:
    if not claim.part_of or compared[claim.id].verdict != Verdict.DIFFERS or claim.value is None:
        return
    whole = by_id[claim.part_of]
    total = sum(
        (
            other.value or Fraction(0)
            for other in claims
            if (other.part_of, other.by) == (claim.part_of, claim.by)
        ),
        Fraction(0),
    )
    if whole.value is None or total == whole.value:
        return
    fitting = claim.value - total + whole.value
    if fitting >= 0:
        yield f"with {number(fitting)} the counts would add up to {whole.printed}"


def _swapped(claim: Claim, compared: Mapping[str, Compared]) -> Iterator[str]:
    rebuilt = compared[claim.id].rebuilt
    if claim.value is None or compared[claim.id].verdict != Verdict.DIFFERS:
        return
    digits = [letter for letter in claim.printed if letter.isdigit()]
    there = [letter for letter in rebuilt if letter.isdigit()][: len(digits)]
    if len(digits) > 1 and digits != there and sorted(digits) == sorted(there):
        yield "two digits may have changed places"
