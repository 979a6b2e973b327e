"""Places of a publication that cannot all hold, and which of them carry it.

Parts that do not add up, repeats that differ, counts that their lists do not have, one
person with two roles. Two places that contradict each other do not say which is wrong; the
rules of who carries it are in ``docs/claims.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.audit.arithmetic.conventions import ANY, Bounds, bounds
from analysis.audit.arithmetic.grim import grim
from analysis.audit.arithmetic.percentages import percent
from analysis.audit.arithmetic.printed import Numbers, read_numbers
from analysis.audit.compare import Compared
from analysis.audit.judge import limits_of
from analysis.audit.ledger import Ledger
from analysis.audit.links import Claim, Links
from analysis.audit.verdicts import Verdict
from analysis.audit.words import by_number, listed, number, plain

__all__ = ["Conflict", "Relation", "agree", "carriers", "conflicts", "listed_twice", "lists_of"]

HALF_A_MONTH = 15
TOLERANCE = 1e-9
# the parts of a long list are not all named
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that contradict each other.

    Attributes
    ----------
    members : tuple of str
        Ids of all claims that take part.
    otherwise : tuple of str
        Which of them carry it when the data give every one of them.
    why : str
        A sentence that names all sides and their numbers.
    unknown : tuple of str or None
        Which carry it when nothing can be computed; None for all of which that holds.
    each : mapping of str to str
        Sentences of single claims, where they differ from `why`.
    verdict : Verdict
        Inconsistent; or a question of missing data, of rounding, or of wording.
    """

    members: tuple[str, ...]
    otherwise: tuple[str, ...]
    why: str
    unknown: tuple[str, ...] | None = None
    each: Mapping[str, str] | None = None
    verdict: Verdict = Verdict.INCONSISTENT

    def sentence(self, claim: str) -> str:
        """Return the sentence for one claim."""
        return (self.each or {}).get(claim, self.why)


@dataclass(frozen=True, slots=True)
class Relation:
    """Claims that agree with each other.

    Attributes
    ----------
    members : tuple of str
    why : str
    """

    members: tuple[str, ...]
    why: str


def carriers(conflict: Conflict, compared: Mapping[str, Compared]) -> tuple[str, ...]:
    """Return the claims that carry a conflict.

    Those that the data do not give; where there are none, those that nothing can be
    compared with; where the data give all, those that the conflict itself names. So a
    value that the data give, and that others agree with, is not blamed for its partner.
    """
    differ = [c for c in conflict.members if compared[c].verdict == Verdict.DIFFERS]
    if differ:
        return tuple(differ)
    if conflict.verdict is Verdict.WORDING:
        # a note on the wording that fewer places have needs no evidence
        return conflict.otherwise
    open_ = [c for c in conflict.members if compared[c].verdict == Verdict.NOT_COMPUTABLE]
    if open_:
        return tuple(open_) if conflict.unknown is None else conflict.unknown
    return conflict.otherwise


class Claims:
    """The claims of a ledger, to look up by row and by what they state."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.all = ledger.claims
        self.by_place = {(claim.at, claim.column): claim for claim in ledger.claims}
        self.by_row: dict[int, list[Claim]] = {}
        for claim in ledger.claims:
            self.by_row.setdefault(claim.at, []).append(claim)

    def of(self, row: int, *columns: str) -> Claim | None:
        """Return the claim of a row in the first of some columns that it fills."""
        for column in columns:
            if (claim := self.by_place.get((row, column))) is not None:
                return claim
        return None

    def only(self, row: int) -> Claim:
        """Return the claim of a row with a kind, or the first of its values."""
        return self.by_row[row][0]


def conflicts(
    claims: Claims, compared: Mapping[str, Compared]
) -> tuple[list[Conflict], list[Relation]]:
    """Return everything that contradicts each other, and what agrees."""
    agreed: list[Relation] = []
    found = [
        *_parts(claims, agreed),
        *_pooled(claims, agreed),
        *_repeats(claims, agreed),
        *_ranges(claims),
        *_months(claims),
        *_columns(claims),
        *_lists(claims, compared),
        *_repeated(claims),
        *_several_roles(claims),
        *_quoted_and_tabled(claims),
    ]
    return found, agreed


def _parts(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Find counts, and percentages without counts, that do not add up to their whole."""
    ledger, links = claims.ledger, claims.ledger.relations.parts
    if not len(links):
        return
    is_count = ledger.count.is_value
    value = np.where(is_count, ledger.count.digits, ledger.n.digits).astype(np.float64)
    known = is_count | ledger.n.is_value
    tested, adds_up = add_up(links, value, value, known)
    yield from _sums(claims, ("count", "n"), tested, adds_up, value, value, agreed)
    low, high = limits_of(ledger.percent)
    has_percent, fits = add_up(links, low, high, ledger.percent.is_value)
    has_percent &= ~tested
    yield from _sums(claims, ("percent",), has_percent, fits, low, high, agreed)


def _sums(
    claims: Claims,
    columns: tuple[str, ...],
    tested: np.ndarray,
    adds_up: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    agreed: list[Relation],
) -> Iterator[Conflict]:
    links = claims.ledger.relations.parts
    wholes: list[int] = links.whole.tolist()
    confirmed = {wholes[at] for at in np.flatnonzero(tested & adds_up).tolist()}
    least, most = links.total(low), links.total(high)
    for at in np.flatnonzero(tested).tolist():
        whole = claims.of(wholes[at], *columns)
        here = [claim for row in links.parts_of(at) if (claim := claims.of(row, *columns))]
        if whole is None or not here:
            continue
        split = f"By {links.by[at]}, the" if links.by[at] else "The"
        terms = " + ".join(claim.printed for claim in here[:MOST_NAMED])
        terms += f" and {len(here) - MOST_NAMED} more" if len(here) > MOST_NAMED else ""
        total = int(least[at]) if columns[0] == "count" else None
        shown = f"{least[at]:.6g} to {most[at]:.6g}" if total is None else f"{total:,}"
        sum_ = f"{terms} = {shown}" if len(here) > 1 else shown
        what = "counts" if columns[0] == "count" else "percentages"
        of = f"the {whole.printed} of {whole.where or f'row {whole.row}'}"
        members = tuple(claim.id for claim in here)
        if adds_up[at]:
            agreed.append(Relation((*members, whole.id), f"{split} {what} add up to {sum_}, {of}."))
            continue
        is_blamed = wholes[at] not in confirmed
        if total is None:
            why = f"{split} {what} add up to {sum_}, not to {of}. Check them, or name the rest."
            unknown = None if is_blamed else members
            yield Conflict((*members, whole.id), members, why, unknown=unknown)
            continue
        stated = whole.digits or 0
        gap = abs(total - stated)
        is_short = total < stated
        if is_short and all("open-parts" in claims.ledger.rules[row] for row in links.parts_of(at)):
            why = (
                f"{split} counts add up to {sum_}, {gap:,} short of {of}. Say whether "
                f"{gap:,} {'is' if gap == 1 else 'are'} not reported."
            )
            yield Conflict(members, members, why, verdict=Verdict.FEWER)
            continue
        if is_short and _is_of_the_sum(claims, links.parts_of(at), total):
            why = (
                f"{split} counts add up to {sum_}, {gap:,} short of {of}, and their "
                f"percentages are of {total:,}. Say that {gap:,} "
                f"{'is' if gap == 1 else 'are'} not reported."
            )
            yield Conflict(members, members, why, verdict=Verdict.FEWER)
            continue
        advice = (
            f"Say whether {gap:,} {'is' if gap == 1 else 'are'} not reported, or correct a count."
            if is_short
            else "Correct a count."
        )
        yield Conflict(
            members=(whole.id, *members),
            otherwise=members,
            unknown=None if is_blamed else members,
            why=f"{split} counts add up to {sum_}, {gap:,} "
            f"{'short of' if is_short else 'above'} {of}. {advice}",
        )


def _is_of_the_sum(claims: Claims, rows: Sequence[int], total: int) -> bool:
    """Whether the percentages of parts are shares of what the parts add up to."""
    ledger = claims.ledger
    found = 0
    for row in rows:
        text = ledger.texts["percent"][row]
        if not text or not ledger.percent.is_value[row] or not ledger.count.is_value[row]:
            continue
        if total < 1 or not percent(text, total, int(ledger.count.digits[row])).is_possible:
            return False
        found += 1
    return found > 0


def add_up(
    links: Links, low: np.ndarray, high: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Tell which splits add up to their whole.

    Parameters
    ----------
    links : Links
    low, high : ndarray of float
        The least and largest true value of each row: equal for counts.
    known : ndarray of bool
        Whether a row has a value.

    Returns
    -------
    tested, adds_up : ndarray of bool
        One entry a split; tested where the whole and all its parts have values.
    """
    whole = links.whole
    tested = links.every(known)
    least = links.total(np.where(known, low, 0.0))
    most = links.total(np.where(known, high, 0.0))
    # floats stand for printed decimals: what they lose must never accuse
    slack = TOLERANCE * np.maximum(np.abs(high[whole]), 1.0)
    return tested, (least <= high[whole] + slack) & (most >= low[whole] - slack)


def pooled(
    links: Links, low: np.ndarray, high: np.ndarray, weight: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean that the parts' means allow for their whole.

    Parameters
    ----------
    links : Links
    low, high : ndarray of float
        The least and largest true mean of each row.
    weight : ndarray of float
        The n of each row.
    known : ndarray of bool
        Whether a row has a mean and an n.

    Returns
    -------
    tested : ndarray of bool
        Where the whole and its parts have means and n, and the n add up.
    least, most : ndarray of float
        The weighted mean at the lower and at the upper ends; not a number where untested.
    """
    whole = links.whole
    total = links.total(np.where(known, weight, 0.0))
    tested = links.every(known) & (total == weight[whole]) & (total > 0)
    size = np.where(tested, total, np.nan)
    least = links.total(np.where(known, low * weight, 0.0)) / size
    most = links.total(np.where(known, high * weight, 0.0)) / size
    return tested, least, most


def _pooled(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Hold a whole's mean against the weighted mean of its parts."""
    ledger, links = claims.ledger, claims.ledger.relations.parts
    if not len(links):
        return
    low, high = limits_of(ledger.mean)
    known = ledger.mean.is_value & ledger.n.is_value
    tested, least, most = pooled(links, low, high, ledger.n.digits.astype(np.float64), known)
    for at in np.flatnonzero(tested).tolist():
        row = int(links.whole[at])
        whole = claims.of(row, "mean")
        if whole is None:
            continue
        slack = TOLERANCE * max(abs(most[at]), 1.0)
        fits = least[at] <= high[row] + slack and most[at] >= low[row] - slack
        said = f"The means of its parts give one from {least[at]:.6g} to {most[at]:.6g}"
        if fits:
            agreed.append(Relation((whole.id,), f"{said}."))
        else:
            why = f"{said}, not {whole.printed}. Check the means and the n."
            yield Conflict((whole.id,), (whole.id,), why)


def agree(first: Numbers, second: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Tell whether pairs of printed numbers can be the same quantity.

    Parameters
    ----------
    first, second : Numbers, length k
        They may have different decimals: 36.6 can be 36.57, and 36.5 can, cut off.

    Returns
    -------
    alike, possible : ndarray of bool
        `alike` where they are the same number, or one is the other rounded to the nearest;
        `possible` where some true value prints as both, each under some convention.
    """
    one, other = bounds(first), bounds(second)
    same = (first.decimals == second.decimals) & (first.digits == second.digits)
    meets = [_meet(one, first.decimals, other, second.decimals, row) for row in (0, 1, 2, ANY)]
    is_coarser = first.decimals != second.decimals
    return same | (is_coarser & np.any(meets[:3], axis=0)), same | meets[3]


def _meet(
    one: Bounds, one_decimals: np.ndarray, other: Bounds, other_decimals: np.ndarray, row: int
) -> np.ndarray:
    most = np.maximum(one_decimals, other_decimals)
    # at most 12 digits and 12 decimals: beyond 64 bits only together, so Python's integers
    scale = [
        np.array([10**power for power in (most - decimals).tolist()], dtype=object)
        for decimals in (one_decimals, other_decimals)
    ]
    low, high = one.low[row] * scale[0], one.high[row] * scale[0]
    other_low, other_high = other.low[row] * scale[1], other.high[row] * scale[1]
    begins = (low < other_high) | ((low == other_high) & one.has_low[row] & other.has_high[row])
    ends = (other_low < high) | ((other_low == high) & other.has_low[row] & one.has_high[row])
    return np.asarray(begins & ends, dtype=bool)


def same_groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the groups of rows that are linked as the same, in order."""
    group: dict[int, list[int]] = {}
    for first, second in pairs:
        one = group.setdefault(first, [first])
        other = group.setdefault(second, [second])
        if one is not other:
            other += one
            group.update(dict.fromkeys(one, other))
    unique = {id(members): members for members in group.values()}
    return [sorted(members) for members in unique.values()]


# what rows that are the same state of the same thing: people are counted as count or n
QUANTITIES = (
    ("count", "n"),
    *((column,) for column in ("percent", "mean", "sd", "se", "median", "printed")),
)


def _repeats(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Find one quantity or one name that several places print differently."""
    doubled = {claim.id for same in listed_twice(claims) for claim in same}
    for group in same_groups(claims.ledger.relations.same):
        for columns in QUANTITIES:
            here = [claim for row in group if (claim := claims.of(row, *columns))]
            here = [claim for claim in here if claim.relation == "=" and claim.is_read]
            if len(here) > 1:
                yield from _same(here, columns[0], doubled, agreed)


def _same(
    here: Sequence[Claim], column: str, doubled: set[str], agreed: list[Relation]
) -> Iterator[Conflict]:
    clusters: list[list[Claim]] = []
    for claim in here:
        for cluster in clusters:
            if all(_is_alike(claim, other, column) for other in cluster):
                cluster.append(claim)
                break
        else:
            clusters.append([claim])
    ids = tuple(claim.id for claim in here)
    if len(clusters) == 1:
        for claim in here:
            others = [other for other in here if other is not claim]
            where = listed([f"{o.printed} in {o.where or f'row {o.row}'}" for o in others])
            agreed.append(Relation((claim.id,), f"It agrees with {where}."))
        return
    is_name = column == "printed" and here[0].kind in ("label", "attribution")
    is_rounding = column not in ("count", "printed") and all(
        _is_alike(one, other, column, possible=True)
        for cluster in clusters
        for one in cluster
        for others in clusters
        for other in others
    )
    most = max(len(same) for same in clusters)
    fewest = [c.id for same in clusters if len(same) < most for c in same]
    # of two names that the data have, one that its own list has already is misplaced
    fewest = fewest or [id_ for id_ in ids if id_ in doubled]
    each = {}
    for same in clusters:
        rest = [cluster for cluster in clusters if cluster is not same]
        for claim in same:
            said = listed([_stands(cluster, claim) for cluster in rest])
            advice = "Use the same in all places." if is_name else "Check all places."
            if is_rounding:
                advice = "It can be one number, rounded in different ways. Print it alike."
            each[claim.id] = f"{said}. {advice}"
    verdict = Verdict.WORDING if is_name else Verdict.INCONSISTENT
    if is_rounding:
        verdict = Verdict.ROUNDING
    yield Conflict(ids, tuple(fewest or ids), "", each=each, verdict=verdict)


def _is_alike(one: Claim, other: Claim, column: str, *, possible: bool = False) -> bool:
    if one.value is None or other.value is None:
        return _content(one) == _content(other)
    if column == "count":
        return one.value == other.value
    pair = (_as_numbers(one), _as_numbers(other))
    return bool(agree(*pair)[1 if possible else 0][0])


def _as_numbers(claim: Claim) -> Numbers:
    numbers = read_numbers(["0"])
    return Numbers(
        np.array([claim.digits or 0]),
        np.array([claim.decimals]),
        numbers.known,
        numbers.relation,
        numbers.mark,
        {},
    )


def _content(claim: Claim) -> object:
    if claim.value is not None:
        return claim.value, claim.relation
    return claim.ends or claim.days or plain(claim.printed)


def _stands(same: Sequence[Claim], than: Claim) -> str:
    """Say where the same content stands: ``“Lack of funds” stands in Table 4 and 4.4.1.1``."""
    places = [c.where if c.section == than.section or not c.section else c.section for c in same]
    places = [place or f"row {c.row}" for place, c in zip(places, same, strict=True)]
    mark = ("“", "”") if same[0].kind == "label" else ("", "")
    return f"{mark[0]}{same[0].printed}{mark[1]} stands in {listed(list(dict.fromkeys(places)))}"


def _ranges(claims: Claims) -> Iterator[Conflict]:
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


def _months(claims: Claims) -> Iterator[Conflict]:
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


def _columns(claims: Claims) -> Iterator[Conflict]:
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


def _linked(claims: Claims) -> dict[int, set[int]]:
    linked: dict[int, set[int]] = {}
    for one, other in claims.ledger.relations.same:
        linked.setdefault(one, set()).add(other)
        linked.setdefault(other, set()).add(one)
    return linked


def _lists(claims: Claims, compared: Mapping[str, Compared]) -> Iterator[Conflict]:
    """Find counts that their lists do not have, and names that only one of two lists has."""
    linked = _linked(claims)
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


def _repeated(claims: Claims) -> Iterator[Conflict]:
    """Find names that a list has more than once."""
    linked = _linked(claims)
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


def _several_roles(claims: Claims) -> Iterator[Conflict]:
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


def _quoted_and_tabled(claims: Claims) -> Iterator[Conflict]:
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
