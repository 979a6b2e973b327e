"""Attributions: who is quoted, as what, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analysis.claims.claim import Claim
from analysis.claims.comparing import UNKNOWN, Compared
from analysis.claims.conflict import Conflict
from analysis.claims.known import Known
from analysis.claims.wording import listed, nearest, plain
from analysis.consistency.verdicts import Verdict

__all__ = ["compare_attributions", "quoted_and_tabled", "several_roles"]


def compare_attributions(claims: Sequence[Claim], known: Known) -> dict[str, Compared]:
    """Hold each attribution against the roles and codings of the data.

    A role in other words is the same role where the ledger's column `role` says so: one of
    the attributions with that role has the very words of the data.
    """
    by_participant: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.kind == "attribution":
            by_participant.setdefault(claim.participant, []).append(claim)
    result = {}
    for participant, here in by_participant.items():
        role = known.facts.roles.get(participant)
        same = {plain(role)} if role is not None else set()
        same |= {plain(c.role) for c in here if plain(c.printed) in same and c.role}
        for claim in here:
            result[claim.id] = _attribution(claim, role, same, known)
    return result


def _attribution(claim: Claim, role: str | None, same: set[str], known: Known) -> Compared:
    if not known.facts.roles:
        return UNKNOWN
    who = f"No. {claim.participant}"
    if role is None:
        return Compared(Verdict.DIFFERS, "", f"The data have no participant {who}.")
    if plain(claim.printed) not in same and plain(claim.role) not in same:
        return Compared(Verdict.DIFFERS, role, f"In the data {who} has the role “{role}”.")
    if not claim.rebuilt:
        return Compared(Verdict.REPRODUCED, role, f"The data give {who} this role.")
    label = claim.rebuilt[0].removeprefix("quotation:")
    here = (plain(label), claim.participant)
    if here in known.quoted:
        return Compared(
            Verdict.REPRODUCED, role, f"The data have a quotation of {who} there, with this role."
        )
    others = sorted((case for name, case in known.quoted if name == plain(label)), key=_order)
    if here in known.coded and others:
        return Compared(
            Verdict.DIFFERS,
            role,
            f"The data have codings of {who} there, but the quotation is of "
            f"{listed(_numbers(others))}.",
        )
    if here in known.coded:
        return Compared(
            Verdict.REPRODUCED, role, f"The data have a coding of {who} there, with this role."
        )
    if known.every.find(label) is None:
        near = nearest(label, known.every.labels)
        said = f"; nearest is “{near}”" if near else ""
        return Compared(Verdict.DIFFERS, role, f"The data have no category “{label}”{said}.")
    return Compared(Verdict.DIFFERS, role, f"The data have nothing of {who} under “{label}”.")


def several_roles(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Find participants to whom the publication gives more than one role."""
    by_participant: dict[str, list[Claim]] = {}
    for claim in claims:
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


def quoted_and_tabled(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Find roles of which more people are quoted than the tables count."""
    by_role: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.kind == "attribution" and claim.role:
            by_role.setdefault(plain(claim.role), []).append(claim)
    for table in claims:
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
            why=f"{len(people)} people are quoted as {table.role}, {listed(_numbers(people))}, "
            f"but {table.where} counts {table.printed}; both can hold only if some of them "
            "belong to another group.",
        )


def _alternatives(texts: Iterable[str]) -> str:
    return " or ".join(f"“{text}”" for text in dict.fromkeys(texts))


def _numbers(people: Iterable[str]) -> list[str]:
    ordered = sorted(people, key=_order)
    return [f"No. {ordered[0]}", *ordered[1:]]


def _order(participant: str) -> tuple[bool, int, str]:
    return not participant.isdigit(), len(participant), participant
