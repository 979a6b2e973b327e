"""Counts against the lists that they count, and lists against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.claims.claim import Claim
from analysis.claims.comparing import Compared
from analysis.claims.conflict import Conflict
from analysis.claims.wording import listed, plain

__all__ = ["listed_twice", "lists", "lists_of", "repeated"]


def lists_of(claims: Sequence[Claim]) -> dict[str, dict[str, list[Claim]]]:
    """Return the lists that a publication gives, by the count that counts them and by name."""
    found: dict[str, dict[str, list[Claim]]] = {}
    for claim in claims:
        if claim.lists:
            found.setdefault(claim.lists, {}).setdefault(claim.by or claim.section, []).append(
                claim
            )
    return found


def lists(
    claims: Sequence[Claim], by_id: Mapping[str, Claim], compared: Mapping[str, Compared]
) -> Iterator[Conflict]:
    """Find counts that their lists do not have, and names that only one of two lists has."""
    for of, by_name in lists_of(claims).items():
        for name, items in by_name.items():
            for other, others in by_name.items():
                if other != name:
                    yield from _only_here(name, items, other, others)
        for count in (by_id[of], *(claim for claim in claims if claim.same_as == of)):
            if conflict := _miscounted(count, by_name, compared):
                yield conflict


def listed_twice(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Return the claims that stand in one list with one name."""
    by_text: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        if claim.lists:
            by_text.setdefault((claim.lists, claim.by, plain(claim.printed)), []).append(claim)
    return [same for same in by_text.values() if len(same) > 1]


def repeated(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Find names that a list has more than once."""
    texts: dict[str, list[str]] = {}
    for claim in claims:
        if claim.same_as:
            texts.setdefault(claim.id, []).append(claim.same_as)
            texts.setdefault(claim.same_as, []).append(claim.id)
    printed = {claim.id: plain(claim.printed) for claim in claims}
    for same in listed_twice(claims):
        alone = [
            claim.id
            for claim in same
            if printed[claim.id] not in [printed[id_] for id_ in texts.get(claim.id, ())]
        ]
        ids = tuple(claim.id for claim in same)
        why = (
            f"“{same[0].printed}” stands {len(same)} times in {same[0].by or same[0].section}: "
            f"{listed([claim.place for claim in same])}."
        )
        yield Conflict(ids, tuple(alone) or ids, why)


def _miscounted(
    count: Claim, by_name: Mapping[str, Sequence[Claim]], compared: Mapping[str, Compared]
) -> Conflict | None:
    wrong = {name: items for name, items in by_name.items() if len(items) != count.value}
    if not wrong or (compared[count.id].fits and _is_explained(count, wrong, compared)):
        return None
    (name, items), *rest = wrong.items()
    said = listed([f"{len(items)} are listed in {name}", *(f"{len(i)} in {n}" for n, i in rest)])
    right = [name for name in by_name if name not in wrong]
    agrees = f"; {listed(right)} agree{'s' * (len(right) == 1)} with it" if right else ""
    return Conflict((count.id,), (count.id,), f"Counted are {count.printed}, but {said}{agrees}.")


def _is_explained(
    count: Claim, wrong: Mapping[str, Sequence[Claim]], compared: Mapping[str, Compared]
) -> bool:
    """Whether names that neither the data nor another place have make all the difference."""
    return all(
        len(items) - sum(not compared[claim.id].fits and not claim.same_as for claim in items)
        == count.value
        for items in wrong.values()
    )


def _missing(items: Sequence[Claim], other: Sequence[Claim]) -> list[Claim]:
    """Return the names of `items` that are neither linked to `other` nor the same as one."""
    texts = {plain(claim.printed) for claim in other}
    linked = {claim.same_as for claim in other} | {claim.id for claim in other}
    return [
        claim
        for claim in items
        if plain(claim.printed) not in texts
        and claim.id not in linked
        and (not claim.same_as or claim.same_as not in linked)
    ]


def _only_here(
    name: str, items: Sequence[Claim], other: str, others: Sequence[Claim]
) -> Iterator[Conflict]:
    for claim in _missing(items, others):
        yield Conflict(
            members=(claim.id,),
            # where the data have the name, it is the other list that lacks it
            otherwise=(),
            why=f"This is one of {len(items)} listed in {name}, and none of the {len(others)} in "
            f"{other}.",
        )
