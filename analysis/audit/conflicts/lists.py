"""Counts that their lists do not have, and names that stand in one list only, or twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.audit.compare import Compared
from analysis.audit.conflicts.conflict import Claims, Conflict
from analysis.audit.ledger.links import Claim
from analysis.audit.words import listed, plain

__all__ = ["broken_lists", "listed_twice", "lists_of", "repeated_names"]


def lists_of(claims: Claims) -> dict[str, dict[str, list[Claim]]]:
    """Return the lists that a publication gives, by the count that counts them and by name."""
    return {
        claims.only(count).id: {
            name: [claims.only(row) for row in rows] for name, rows in by_name.items()
        }
        for count, by_name in claims.ledger.relations.lists.items()
    }


def listed_twice(claims: Claims) -> list[list[Claim]]:
    """Return the claims that stand in one list with one name."""
    by_text: dict[tuple[str, str, str], list[Claim]] = {}
    for count, by_name in lists_of(claims).items():
        for name, items in by_name.items():
            for claim in items:
                by_text.setdefault((count, name, plain(claim.printed)), []).append(claim)
    return [same for same in by_text.values() if len(same) > 1]


def linked_rows(claims: Claims) -> dict[int, set[int]]:
    linked: dict[int, set[int]] = {}
    for one, other in claims.ledger.relations.same:
        linked.setdefault(one, set()).add(other)
        linked.setdefault(other, set()).add(one)
    return linked


def broken_lists(claims: Claims, compared: Mapping[str, Compared]) -> Iterator[Conflict]:
    """Find counts that their lists do not have, and names that only one of two lists has."""
    linked = linked_rows(claims)
    by_id = {claim.id: claim for claim in claims.all}
    for of, by_name in lists_of(claims).items():
        for name, items in by_name.items():
            for other, others in by_name.items():
                if other != name:
                    yield from _only_here(name, items, other, others, linked)
        same = [claims.only(row) for row in sorted(linked.get(by_id[of].at, ()))]
        for count in (by_id[of], *(claim for claim in same if claim.kind == "count")):
            if conflict := _miscounted(count, by_name, compared, linked):
                yield conflict


def _miscounted(
    count: Claim,
    by_name: Mapping[str, Sequence[Claim]],
    compared: Mapping[str, Compared],
    linked: Mapping[int, set[int]],
) -> Conflict | None:
    wrong = {name: items for name, items in by_name.items() if len(items) != count.value}
    if not wrong or (compared[count.id].fits and _is_explained(count, wrong, compared, linked)):
        return None
    (name, items), *rest = wrong.items()
    said = listed(
        [
            f"{len(items)} {'is' if len(items) == 1 else 'are'} listed in {name}",
            *(f"{len(i)} in {n}" for n, i in rest),
        ]
    )
    right = [name for name in by_name if name not in wrong]
    agrees = f"; {listed(right)} agree{'s' * (len(right) == 1)} with it" if right else ""
    counted = "Counted is" if count.value == 1 else "Counted are"
    return Conflict((count.id,), (count.id,), f"{counted} {count.printed}, but {said}{agrees}.")


def _is_explained(
    count: Claim,
    wrong: Mapping[str, Sequence[Claim]],
    compared: Mapping[str, Compared],
    linked: Mapping[int, set[int]],
) -> bool:
    """Whether names that neither the data nor another place have make all the difference."""
    return all(
        len(items)
        - sum(not compared[claim.id].fits and not linked.get(claim.at) for claim in items)
        == count.value
        for items in wrong.values()
    )


def _only_here(
    name: str,
    items: Sequence[Claim],
    other: str,
    others: Sequence[Claim],
    linked: Mapping[int, set[int]],
) -> Iterator[Conflict]:
    texts = {plain(claim.printed) for claim in others}
    rows = {claim.at for claim in others}
    reached = rows | {row for claim in others for row in linked.get(claim.at, ())}
    for claim in items:
        if plain(claim.printed) in texts or claim.at in reached:
            continue
        if linked.get(claim.at, set()) & reached:
            continue
        yield Conflict(
            members=(claim.id,),
            # where the data have the name, it is the other list that lacks it
            otherwise=(),
            why=f"This is one of {len(items)} listed in {name}, and none of the {len(others)} in "
            f"{other}.",
        )


def repeated_names(claims: Claims) -> Iterator[Conflict]:
    """Find names that a list has more than once."""
    linked = linked_rows(claims)
    for same in listed_twice(claims):
        alone = [
            claim.id
            for claim in same
            if plain(claim.printed)
            not in [plain(claims.only(row).printed) for row in linked.get(claim.at, ())]
        ]
        ids = tuple(claim.id for claim in same)
        why = (
            f"“{same[0].printed}” stands {len(same)} times in {same[0].section}: "
            f"{listed([claim.place for claim in same])}."
        )
        yield Conflict(ids, tuple(alone) or ids, why)
