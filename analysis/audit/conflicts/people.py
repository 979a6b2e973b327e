"""Participants with two roles, means of other people, periods and ranges that do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.audit.arithmetic.grim import grim
from analysis.audit.conflicts.conflict import Claims, Conflict
from analysis.audit.ledger.links import Claim
from analysis.audit.words import by_number, listed, number, plain

__all__ = ["broken_periods", "broken_ranges", "crowded_roles", "misplaced_means", "several_roles"]

HALF_A_MONTH = 15


def broken_ranges(claims: Claims) -> Iterator[Conflict]:
    """Find ranges that reach beyond the range that holds them."""
    for claim in claims.all:
        whole = int(claims.ledger.wholes[claim.at])
        if claim.kind != "range" or whole < 0 or claim.ends is None:
            continue
        around = claims.only(whole)
        if around.ends is None:
            continue
        if claim.ends[0] < around.ends[0] or claim.ends[1] > around.ends[1]:
            yield Conflict(
                members=(claim.id, around.id),
                otherwise=(claim.id, around.id),
                why=f"{claim.printed} ({claim.where}) reaches beyond {around.printed} "
                f"({around.where}), of which it is a part.",
            )


def broken_periods(claims: Claims) -> Iterator[Conflict]:
    """Find periods whose months do not fit their first and last day."""
    for claim in claims.all:
        if "months" not in claim.rule.split():
            continue
        first, last = (claims.only(row) for row in claims.ledger.relations.beside[claim.at])
        if claim.value is None or first.days is None or last.days is None:
            continue
        start, end = first.days[0], last.days[1]
        whole = 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)
        # half a month more may be counted as one
        most = whole + ((end.day - start.day) % 30 >= HALF_A_MONTH)
        if not whole <= claim.value <= most:
            span = str(whole) if whole == most else f"{whole} to {most}"
            yield Conflict(
                members=(claim.id, first.id, last.id),
                otherwise=(claim.id,),
                why=f"From {first.printed} to {last.printed} are {span} months; "
                f"{claim.where} has {claim.printed}.",
            )


def misplaced_means(claims: Claims) -> Iterator[Conflict]:
    """Find means that cannot be of the people whose column they stand in."""
    for claim in claims.all:
        if "column" not in claim.rule.split():
            continue
        people = claims.only(int(claims.ledger.wholes[claim.at]))
        row = claims.ledger.relations.beside[claim.at][0]
        mean = claims.of(row, "mean")
        if mean is None or not people.value or mean.value is None:
            continue
        n = int(people.value)
        test = grim(mean.printed, n)
        if test.is_possible:
            continue
        below, above = (f"{number(value * n)}/{n} = {number(value, 3)}" for value in test.nearest)
        of = ""
        group = int(claims.ledger.wholes[row])
        if group >= 0 and (everybody := claims.only(group)).value:
            fits = grim(mean.printed, int(everybody.value or 0)).is_possible
            of = f" It fits all {everybody.printed} of the group. Say that it is theirs." * fits
        numbers = "1 whole number has" if n == 1 else f"{people.printed} whole numbers have"
        yield Conflict(
            members=(claim.id, mean.id, people.id),
            otherwise=(claim.id,),
            unknown=(claim.id,),
            why=f"{mean.printed} stands in the column {claim.printed}, of {people.printed} "
            f"{'person' if n == 1 else 'people'}. No {numbers} this mean: next to it are {below} "
            f"and {above}.{of}",
        )


def several_roles(claims: Claims) -> Iterator[Conflict]:
    """Find participants to whom the publication gives more than one role."""
    by_participant: dict[str, list[Claim]] = {}
    for claim in claims.all:
        if claim.kind == "attribution":
            by_participant.setdefault(claim.participant, []).append(claim)
    for participant, here in by_participant.items():
        roles: dict[str, list[Claim]] = {}
        for claim in here:
            roles.setdefault(plain(claim.role or claim.printed), []).append(claim)
        if len(roles) < 2:
            continue
        said = listed(
            [
                f"{_alternatives(c.printed for c in same)} "
                f"({listed(list(dict.fromkeys(c.section for c in same)))})"
                for same in roles.values()
            ]
        )
        most = max(len(same) for same in roles.values())
        fewest = [c for same in roles.values() if len(same) < most for c in same]
        yield Conflict(
            members=tuple(claim.id for claim in here),
            otherwise=tuple(claim.id for claim in fewest or here),
            why=f"No. {participant} stands for one person, and is printed as {said}.",
        )


def crowded_roles(claims: Claims) -> Iterator[Conflict]:
    """Find roles of which more people are quoted than the tables count."""
    by_role: dict[str, list[Claim]] = {}
    for claim in claims.all:
        if claim.kind == "attribution" and claim.role:
            by_role.setdefault(plain(claim.role), []).append(claim)
    for table in claims.all:
        if table.kind != "count" or not table.role or table.value is None:
            continue
        here = by_role.get(plain(table.role), [])
        people = list(dict.fromkeys(claim.participant for claim in here))
        if len(people) <= table.value:
            continue
        yield Conflict(
            members=(table.id, *(claim.id for claim in here)),
            # where the data have all of them, some of the people stand in another group
            otherwise=(),
            unknown=(table.id,),
            why=f"{len(people)} people are quoted as {table.role}, {listed(by_number(people))}, "
            f"but {table.where} counts {table.printed}; both can hold only if some of them "
            "belong to another group.",
        )


def _alternatives(texts: Iterable[str]) -> str:
    return " or ".join(f"“{text}”" for text in dict.fromkeys(texts))
