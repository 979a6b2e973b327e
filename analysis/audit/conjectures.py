"""Readings that would explain a number that does not fit; never more than conjectures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from analysis.audit.compare import Compared
from analysis.audit.conflicts import Claims, lists_of
from analysis.audit.ledger.links import Claim
from analysis.audit.verdicts import ASKING, Verdict
from analysis.audit.words import number

__all__ = ["conjectures"]

MARK = "conjecture:"


def conjectures(
    claims: Claims, compared: Mapping[str, Compared], verdicts: Mapping[str, Verdict]
) -> dict[str, str]:
    """Return a reading for claims that do not fit, where one is found.

    Parameters
    ----------
    claims : Claims
    compared, verdicts : mapping of str
        By claim.

    Returns
    -------
    dict of str to str
        Sentences that start with "Conjecture:".
    """
    odd = [claim for claim in claims.all if verdicts[claim.id] in ASKING[:4]]
    if not odd:
        return {}
    listing = lists_of(claims)
    kinds = [
        (claim, claims.only(claims.ledger.relations.beside[claim.at][0]))
        for claim in claims.all
        if claim.kind == "count"
        and claim.value is not None
        and claims.ledger.relations.beside.get(claim.at)
        and "months" not in claim.rule.split()
    ]
    same: dict[int, set[int]] = {}
    for one, other in claims.ledger.relations.same:
        same.setdefault(one, set()).add(other)
        same.setdefault(other, set()).add(one)
    splits = _splits(claims)
    result = {}
    for claim in odd:
        readings = [
            *_written(claim),
            *_kinds(claim, claims, kinds, listing, same),
            *_sum(claim, splits),
            *_swapped(claim, compared),
        ]
        if readings:
            result[claim.id] = f"Conjecture: {'; or '.join(dict.fromkeys(readings))}."
    return result


def _splits(claims: Claims) -> dict[int, list[tuple[Claim, int]]]:
    """Return by part the whole, and the sum, of each split that it stands in and that fails."""
    links = claims.ledger.relations.parts
    result: dict[int, list[tuple[Claim, int]]] = {}
    for at in range(len(links)):
        whole = claims.of(int(links.whole[at]), "count", "n")
        parts = [part for row in links.parts_of(at) if (part := claims.of(row, "count", "n"))]
        total = sum(part.digits or 0 for part in parts)
        is_all = len(parts) == len(links.parts_of(at))
        if whole is not None and is_all and whole.digits not in (None, total):
            for row in links.parts_of(at):
                result.setdefault(row, []).append((whole, total))
    return result


def _written(claim: Claim) -> Iterator[str]:
    if claim.note.casefold().startswith(MARK):
        yield claim.note[len(MARK) :].strip().rstrip(".")


def _kinds(
    claim: Claim,
    claims: Claims,
    kinds: Sequence[tuple[Claim, Claim]],
    listing: Mapping[str, Mapping[str, Sequence[Claim]]],
    same: Mapping[int, set[int]],
) -> Iterator[str]:
    """Kinds of a listed name may have been counted in its place, or beside it."""
    own = listing.get(claim.id) or {}
    for row in sorted(same.get(claim.at, ())):
        own = own or listing.get(claims.only(row).id) or {}
    for kind, name in kinds:
        for where, items in own.items():
            rows = {item.at for item in items}
            if name.at not in rows and not same.get(name.at, set()) & rows:
                continue
            size, more = len(items), kind.value or Fraction(0)
            if claim.value == size - 1 + more:
                yield (
                    f"{claim.printed} = {size} − 1 + {number(more)} if the "
                    f"{kind.printed} {kind.place} are counted in place of “{name.printed}” "
                    f"({where})"
                )
            elif claim.value == size + more:
                yield (
                    f"{claim.printed} = {size} + {number(more)} if the {kind.printed} "
                    f"{kind.place} are counted beside “{name.printed}” ({where})"
                )


def _sum(claim: Claim, splits: Mapping[int, Sequence[tuple[Claim, int]]]) -> Iterator[str]:
    if claim.column not in ("count", "n") or claim.digits is None:
        return
    for whole, total in splits.get(claim.at, ()):
        fitting = claim.digits - total + (whole.digits or 0)
        if fitting >= 0:
            yield f"with {fitting:,} the counts would add up to {whole.printed}"


def _swapped(claim: Claim, compared: Mapping[str, Compared]) -> Iterator[str]:
    rebuilt = compared[claim.id].rebuilt
    if claim.value is None or compared[claim.id].verdict != Verdict.DIFFERS:
        return
    digits = [letter for letter in claim.printed if letter.isdigit()]
    there = [letter for letter in rebuilt if letter.isdigit()][: len(digits)]
    if len(digits) > 1 and digits != there and sorted(digits) == sorted(there):
        yield "two digits may have changed places"
