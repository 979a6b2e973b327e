"""What a publication says in one place against what it says in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from analysis.claims.claim import Claim
from analysis.claims.conflict import Conflict
from analysis.claims.listing import listed_twice
from analysis.claims.values import number
from analysis.claims.wording import listed, plain
from analysis.consistency.percent import percent

__all__ = ["columns", "months", "parts", "ranges", "repeats", "same_groups", "shares"]

Ledger = Mapping[str, Claim]
HALF_A_MONTH = 15


def parts(claims: Sequence[Claim], by_id: Ledger) -> Iterator[Conflict]:
    """Find counts that do not add up to their whole, split by split."""
    splits: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        if claim.part_of:
            splits.setdefault((claim.part_of, claim.by), []).append(claim)
    for (of, by), here in splits.items():
        whole = by_id[of]
        total = sum((claim.value or Fraction(0) for claim in here), Fraction(0))
        if whole.value is None or total == whole.value:
            continue
        terms = " + ".join(claim.printed for claim in here)
        sum_ = f"{terms} = {number(total)}" if len(here) > 1 else number(total)
        gap = abs(total - whole.value)
        split = f"By {by}, the" if by else "The"
        advice = (
            f"Say whether {number(gap)} {'is' if gap == 1 else 'are'} not reported, or correct a "
            "count."
            if total < whole.value
            else "Correct a count."
        )
        yield Conflict(
            members=(of, *(claim.id for claim in here)),
            otherwise=tuple(claim.id for claim in here),
            why=f"{split} counts add up to {sum_}, {number(gap)} "
            f"{'short of' if total < whole.value else 'above'} the {whole.printed} of "
            f"{whole.where}. {advice}",
        )


def repeats(claims: Sequence[Claim], by_id: Ledger) -> Iterator[Conflict]:
    """Find one quantity or one name that several places print differently."""
    doubled = {claim.id for same in listed_twice(claims) for claim in same}
    for group in same_groups(claims):
        here = [by_id[id_] for id_ in group]
        texts: dict[object, list[Claim]] = {}
        for claim in here:
            texts.setdefault(_content(claim), []).append(claim)
        if len(texts) < 2:
            continue
        most = max(len(same) for same in texts.values())
        fewest = [c.id for same in texts.values() if len(same) < most for c in same]
        # of two names that the data have, one that its own list has already is misplaced
        fewest = fewest or [id_ for id_ in group if id_ in doubled]
        each = {}
        for same in texts.values():
            others = [other for other in texts.values() if other is not same]
            for claim in same:
                said = listed([_stands(other, claim) for other in others])
                each[claim.id] = f"{said}. Use the same in all places."
        yield Conflict(tuple(group), tuple(fewest or group), "", each=each)


def _stands(same: Sequence[Claim], than: Claim) -> str:
    """Say where the same content stands: ``“Lack of funds” stands in Table 4 and 4.4.1.1``."""
    places = [c.where if c.section == than.section else c.section for c in same]
    mark = ("“", "”") if same[0].kind == "label" else ("", "")
    return f"{mark[0]}{same[0].printed}{mark[1]} stands in {listed(list(dict.fromkeys(places)))}"


def _content(claim: Claim) -> object:
    if claim.value is not None:
        return claim.value, claim.relation
    return claim.ends or claim.days or plain(claim.printed)


def same_groups(claims: Sequence[Claim]) -> list[list[str]]:
    """Return the groups of claims that are linked as the same."""
    group: dict[str, list[str]] = {}
    for claim in claims:
        if not claim.same_as:
            continue
        one = group.setdefault(claim.id, [claim.id])
        other = group.setdefault(claim.same_as, [claim.same_as])
        if one is not other:
            other += one
            group.update(dict.fromkeys(one, other))
    unique = {id(members): members for members in group.values()}
    order = {claim.id: at for at, claim in enumerate(claims)}
    return [sorted(members, key=order.__getitem__) for members in unique.values()]


def shares(claims: Sequence[Claim], by_id: Ledger) -> Iterator[Conflict]:
    """Find percentages that their count and whole do not give."""
    for claim in claims:
        if claim.kind != "percentage" or not claim.beside or not claim.whole:
            continue
        count, whole = by_id[claim.beside[0]], by_id[claim.whole]
        if count.value is None or not whole.value or claim.relation != "=":
            continue
        if percent(claim.printed, int(whole.value), int(count.value)).is_possible:
            continue
        share = number(100 * count.value / whole.value, claim.decimals + 2)
        yield Conflict(
            members=(claim.id, count.id, whole.id),
            otherwise=(claim.id, count.id),
            unknown=(claim.id, count.id),
            why=f"{count.printed} of {whole.printed} is {share}%, printed beside it is "
            f"{claim.printed}%. Check the count, the whole and the percentage.",
        )


def ranges(claims: Sequence[Claim], by_id: Ledger) -> Iterator[Conflict]:
    """Find ranges that reach beyond the range that holds them."""
    for claim in claims:
        if claim.kind != "range" or not claim.whole:
            continue
        around = by_id[claim.whole]
        if claim.ends is None or around.ends is None:
            continue
        if claim.ends[0] < around.ends[0] or claim.ends[1] > around.ends[1]:
            yield Conflict(
                members=(claim.id, around.id),
                otherwise=(claim.id, around.id),
                why=f"{claim.printed} ({claim.where}) reaches beyond {around.printed} "
                f"({around.where}), of which it is a part.",
            )


def months(claims: Sequence[Claim], by_id: Ledger) -> Iterator[Conflict]:
    """Find periods whose months do not fit their first and last day."""
    for claim in claims:
        if claim.rule != "months":
            continue
        first, last = (by_id[id_] for id_ in claim.beside)
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


def columns(claims: Sequence[Claim], by_id: Ledger) -> Iterator[Conflict]:
    """Find means that cannot be of the people whose column they stand in."""
    from analysis.consistency.grim import grim

    for claim in claims:
        if claim.rule != "column":
            continue
        people, mean = by_id[claim.whole], by_id[claim.beside[0]]
        if not people.value or mean.value is None:
            continue
        test = grim(mean.printed, int(people.value))
        if test.is_possible:
            continue
        n = int(people.value)
        below, above = (f"{number(value * n)}/{n} = {number(value, 3)}" for value in test.nearest)
        of = ""
        if mean.whole and (all_ := by_id[mean.whole]).value:
            fits = grim(mean.printed, int(all_.value or 0)).is_possible
            of = f" It fits all {all_.printed} of the group. Say that it is theirs." if fits else ""
        yield Conflict(
            members=(claim.id, mean.id, people.id),
            otherwise=(claim.id,),
            unknown=(claim.id,),
            why=f"{mean.printed} stands in the column {claim.printed}, of {people.printed} people. "
            f"No {people.printed} whole numbers have this mean: next to it are {below} and "
            f"{above}.{of}",
        )
