"""Verdicts of arithmetic: what n, count, percentage, mean, SD and p say of each other.

All values of a table are tested together first, to find the convention that they are judged
by (:mod:`analysis.audit.arithmetic.conventions`); then each gets its verdict and a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.audit.arithmetic.conventions import (
    ANY,
    CONVENTIONS,
    MANNERS,
    TableConvention,
    bounds,
    by_manner,
    convention_words,
    each_convention,
    joint,
)
from analysis.audit.arithmetic.grim import Sums, possible_sums
from analysis.audit.arithmetic.grimmer import (
    Scale,
    nearest_deviations,
    possible_deviations,
    surely_possible,
)
from analysis.audit.arithmetic.integers import LISTED_N, LISTED_RANGE
from analysis.audit.arithmetic.percentages import percent_counts, wholes_that_fit
from analysis.audit.arithmetic.printed import Numbers
from analysis.audit.arithmetic.significance import parse_statistic, significance
from analysis.audit.arithmetic.sprite import sprite
from analysis.audit.ledger import VALUES, Ledger, parse_range
from analysis.audit.verdicts import SEVERITY, Verdict
from analysis.audit.words import fraction_text

__all__ = ["Finding", "Findings", "judge_arithmetic", "limits_of"]

RANK = {verdict: rank for rank, verdict in enumerate(SEVERITY)}
SLACK = 1e-9
MOST_STEPS = 20_000
# samples are shown in sentences up to this many SDs and numbers
MOST_SHOWN_SAMPLES = 40
MOST_SHOWN = 20
MOST_MISSING = 10


class Finding(NamedTuple):
    """What arithmetic says of one claim.

    Attributes
    ----------
    verdict : Verdict
    why : str
    partners : tuple of (int, str)
        Rows and columns of the ledger that contradict it; none where it stands against itself.
    """

    verdict: Verdict
    why: str
    partners: tuple[tuple[int, str], ...] = ()


class Findings:
    """Verdicts on the values of a ledger; the most severe of each value holds."""

    def __init__(self, ledger: Ledger) -> None:
        size = len(ledger.rows)
        self._owned = {value: np.zeros(size, dtype=bool) for value in VALUES}
        for claim in ledger.claims:
            if claim.column in self._owned and claim.is_read:
                self._owned[claim.column][claim.at] = True
        self.by_claim: dict[tuple[int, str], Finding] = {}

    def owns(self, column: str) -> np.ndarray:
        """Tell which rows state a value of this column themselves."""
        return self._owned[column]

    def add(
        self,
        column: str,
        rows: np.ndarray | Sequence[int],
        verdict: Verdict,
        why: Callable[[int], str] | str,
        partners: Callable[[int], tuple[tuple[int, str], ...]] | None = None,
    ) -> None:
        """Add one verdict on one column of several rows, with a sentence for each.

        Parameters
        ----------
        column : str
        rows : sequence of int
            Positions in the ledger; those that do not state the value are left out.
        verdict : Verdict
        why : callable or str
            Takes the place in `rows`.
        partners : callable, optional
            Takes the same, gives what contradicts the value.
        """
        owned = self._owned[column]
        for place, row in enumerate(np.asarray(rows).tolist()):
            if not owned[row]:
                continue
            before = self.by_claim.get((row, column))
            if before is not None and RANK[before.verdict] < RANK[verdict]:
                continue
            said = why if isinstance(why, str) else why(place)
            if before is not None and before.verdict is verdict and said != before.why:
                said = f"{before.why} {said}"
            others = partners(place) if partners else ()
            self.by_claim[row, column] = Finding(verdict, said, others)


@dataclass(frozen=True, slots=True)
class Check:
    """Values of one kind, tested.

    Attributes
    ----------
    rows : ndarray of int, shape (k,)
        Positions in the ledger.
    fits : ndarray of bool, shape (9, k)
        One row a convention, the last for any, also a mixture of them.
    sums : Sums, shape (5, k)
        For percentages the counts, for means the totals that they allow.
    scale : Scale
        Of the same rows; of percentages one without limits.
    """

    rows: np.ndarray
    fits: np.ndarray
    sums: Sums
    scale: Scale

    @property
    def by_convention(self) -> np.ndarray:
        """The fits without the last row, shape (8, k)."""
        fits: np.ndarray = self.fits[: len(CONVENTIONS)]
        return fits

    @property
    def is_possible(self) -> np.ndarray:
        """Whether any convention allows the value."""
        fits: np.ndarray = self.fits[len(CONVENTIONS)]
        return fits

    def under(self, manner: np.ndarray) -> np.ndarray:
        """Return whether each value fits under one of `MANNERS` of its own; never under −1."""
        fits = by_manner(self.by_convention)
        held = fits[np.maximum(manner, 0), np.arange(len(self.rows))]
        return np.asarray(held & (manner >= 0))


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many answers each row is of: for means and SDs, and for counts and percentages."""

    n: np.ndarray
    has_n: np.ndarray
    whole: np.ndarray
    has_whole: np.ndarray


@dataclass(frozen=True, slots=True)
class Chosen:
    """What each row is judged by: places in `MANNERS`, that of a lone excuse, and in words."""

    manner: np.ndarray
    alone: np.ndarray
    words: np.ndarray


def judge_arithmetic(ledger: Ledger) -> tuple[Findings, list[TableConvention]]:
    """Judge every number of a ledger by arithmetic alone.

    Returns
    -------
    findings : Findings
    conventions : list of TableConvention
        How each section was computed and rounded, as far as its values show together.
    """
    sizes = _sizes(ledger)
    percents, fewer, largest = _check_percents(ledger, sizes)
    means, deviations = _check_means(ledger, sizes), _check_deviations(ledger, sizes)
    names = list(dict.fromkeys(ledger.sections))
    at = {name: position for position, name in enumerate(names)}
    table = np.array([at[name] for name in ledger.sections], dtype=np.int64)
    found = _conventions(ledger, (percents, means, deviations), fewer, table, names)
    chosen = Chosen(
        np.array([one.manner for one in found] or [0])[table],
        np.array([one.alone for one in found] or [0])[table],
        np.array([one.words for one in found] or [""], dtype=object)[table],
    )
    findings = Findings(ledger)
    _judge_counts(ledger, sizes, findings)
    _judge_percents(ledger, percents, fewer, largest, sizes, chosen, findings)
    good_means = _judge_means(ledger, means, chosen, findings)
    _judge_deviations(ledger, deviations, means, good_means, chosen, findings)
    _judge_medians(ledger, sizes, findings)
    _judge_errors(ledger, sizes, findings)
    _judge_tests(ledger, findings)
    return findings, [one for one in found if one.cells]


def _sizes(ledger: Ledger) -> Sizes:
    missing = np.where(ledger.missing.is_value, ledger.missing.digits, 0)
    n, whole = ledger.n, ledger.whole
    size = np.where(n.is_value, n.digits, whole.digits) - missing
    has_size = (n.is_value | (whole.is_value & ~n.known)) & (size > 0)
    of = np.where(whole.is_value, whole.digits, n.digits) - missing
    has_of = (whole.is_value | (n.is_value & ~whole.known)) & (of > 0)
    return Sizes(size, has_size, of, has_of)


def _check_percents(ledger: Ledger, sizes: Sizes) -> tuple[Check, np.ndarray, np.ndarray]:
    """Test percentages whose whole is known, against their count where there is one.

    Returns
    -------
    check : Check
    fewer : ndarray of bool, shape (9, k)
        Under which conventions some smaller whole fits, where the whole itself does not under
        all; without a count, where it never does as usual.
    largest : ndarray of int, shape (5, k)
        The largest such whole, by rounding.
    """
    is_weighted = np.array(["weighted" in rules for rules in ledger.rules], dtype=bool)
    rows = np.flatnonzero(ledger.percent.known & sizes.has_whole & ~is_weighted)
    printed, of = ledger.percent.take(rows), sizes.whole[rows]
    sums = percent_counts(printed, of)
    count, has_count = ledger.count.digits[rows], ledger.count.is_value[rows]
    fits = np.where(has_count, (sums.first <= count) & (count <= sums.last), sums.exist)
    for at in np.flatnonzero(~fits[0]).tolist():
        if "forced-sum" in ledger.rules[rows[at]] and has_count[at]:
            share = Fraction(int(count[at]) * 100, int(of[at]))
            near = abs(share - Fraction(int(printed.digits[at]), 10 ** int(printed.decimals[at])))
            fits[:, at] |= near < Fraction(3, 2 * 10 ** int(printed.decimals[at]))
    fewer = np.zeros_like(fits)
    largest = np.zeros(fits.shape, dtype=np.int64)
    # a larger whole is no question: printed below its share, a value is cut off or wrong
    is_odd = ~fits[:3].any(axis=0) | (has_count & ~fits[:ANY].all(axis=0))
    odd = np.flatnonzero(is_odd & ledger.percent.is_value[rows])
    if len(odd):
        most = np.maximum(of[odd] - 1, 1)
        small = wholes_that_fit(printed.take(odd), most, count[odd], has_count[odd])
        is_some = (of[odd] > 1) & (~has_count[odd] | (count[odd] < of[odd]))
        fewer[:, odd], largest[:, odd] = small[0] & is_some, small[1]
    check = Check(rows, each_convention(fits), sums, Scale.of(of))
    return check, each_convention(fewer), largest


def _scale_of(ledger: Ledger, rows: np.ndarray, n: np.ndarray) -> Scale:
    """Return the scales of rows with whole-number data and an n."""
    items, is_binary = ledger.items[rows], ledger.is_binary[rows]
    ends = []
    for end, sign in ((ledger.low.take(rows), -1), (ledger.high.take(rows), 1)):
        unit = 10**end.decimals
        product = end.digits.astype(object) * items
        inward = product // unit if sign > 0 else -(-product // unit)
        ends.append(np.where(end.is_value, inward.astype(np.float64), sign * np.inf))
    low = np.where(is_binary, 0.0, ends[0])
    high = np.where(is_binary, 1.0 * items, ends[1])
    return Scale(n[rows], items, low, high)


def _check_means(ledger: Ledger, sizes: Sizes) -> Check:
    """GRIM: test means of whole numbers whose n is known."""
    rows = np.flatnonzero(ledger.is_integer & sizes.has_n & ledger.mean.is_value)
    scale = _scale_of(ledger, rows, sizes.n)
    sums = scale.sums(ledger.mean.take(rows))
    return Check(rows, each_convention(sums.exist), sums, scale)


def _check_deviations(ledger: Ledger, sizes: Sizes) -> Check:
    """GRIMMER and DEBIT: test SDs of whole numbers whose n is known.

    An SD without a mean, or with one that cannot be, is tested against every total.
    """
    rows = np.flatnonzero(ledger.is_integer & sizes.has_n & ledger.sd.is_value)
    scale = _scale_of(ledger, rows, sizes.n)
    sums = scale.sums(ledger.mean.take(rows))
    has_mean = ledger.mean.is_value[rows]
    sums = Sums(np.where(has_mean, sums.first, 1), np.where(has_mean, sums.last, 0))
    fits = possible_deviations(sums, ledger.sd.take(rows), scale)
    count = len(CONVENTIONS)
    fits = np.concatenate([fits[:count], fits[count:].any(axis=0, keepdims=True)])
    return Check(rows, fits, sums, scale)


def _conventions(
    ledger: Ledger,
    checks: tuple[Check, Check, Check],
    fewer: np.ndarray,
    table: np.ndarray,
    names: list[str],
) -> list[TableConvention]:
    percents, means, deviations = checks
    shares = percents.by_convention
    # a percentage of those known tells how it was rounded as well
    smaller = fewer[: len(CONVENTIONS)]
    has_count = ledger.count.is_value[percents.rows]
    shares = np.where(has_count, shares | smaller, np.where(shares.any(axis=0), shares, smaller))
    fits = np.concatenate([shares, means.by_convention, deviations.by_convention], axis=1)
    # an SD whose mean cannot be was tested against every total, which says little of the table
    is_alone = ledger.mean.is_value[deviations.rows] & ~deviations.sums.exist[-1]
    if len(is_alone):
        fits[:, -len(is_alone) :][:, is_alone] = False
    # a mean that stands in the rows of others is tested once
    is_own = np.concatenate(
        [
            np.ones(len(percents.rows), dtype=bool),
            [ledger.texts["mean"][row] is not None for row in means.rows.tolist()],
            np.ones(len(deviations.rows), dtype=bool),
        ]
    ).astype(bool)
    rows = np.concatenate([check.rows for check in checks])
    is_sd = np.repeat([False, False, True], [len(check.rows) for check in checks])
    return joint(fits[:, is_own], table[rows][is_own], names, is_sd[is_own])


def _judge_counts(ledger: Ledger, sizes: Sizes, findings: Findings) -> None:
    """Hold each count against its whole."""
    count, text = ledger.count, ledger.texts["count"]
    of = sizes.whole
    is_tested = count.is_value & sizes.has_whole
    is_more = is_tested & (count.digits > of)
    rows = np.flatnonzero(is_tested & ~is_more)
    findings.add(
        "count",
        rows,
        Verdict.CONSISTENT,
        lambda at: f"{text[rows[at]]} is not more than its whole, {of[rows[at]]}.",
    )
    more = np.flatnonzero(is_more)
    findings.add(
        "count",
        more,
        Verdict.INCONSISTENT,
        lambda at: f"{text[more[at]]} is more than its whole, {of[more[at]]}. Check both numbers.",
        lambda at: _whole_of(ledger, int(more[at])),
    )
    bound = np.flatnonzero(count.known & ~count.is_value)
    findings.add(
        "count",
        bound,
        Verdict.NOT_COMPUTABLE,
        lambda at: f"{text[bound[at]]} is a bound, and counts are compared as numbers.",
    )


def _whole_of(ledger: Ledger, row: int) -> tuple[tuple[int, str], ...]:
    """Return the claim that states the whole of a row, where one does."""
    whole = int(ledger.wholes[row])
    if whole < 0:
        return ()
    return ((whole, "count" if ledger.count.is_value[whole] else "n"),)


@cache
def _manner_words(manner: int, with_sd: bool) -> str:
    # without SDs the kind of SD says nothing, and two manners are one
    shown = manner if with_sd else manner % 2
    return convention_words([CONVENTIONS[at] for at in MANNERS[shown]], with_sd=with_sd)


def _other_manners(check: Check, at: int, with_sd: bool) -> str:
    """Name the manners under which a value could be: ``cut off it could be``; or nothing."""
    fits = by_manner(check.by_convention[:, at : at + 1])[:, 0]
    words = [_manner_words(manner, with_sd) for manner in np.flatnonzero(fits).tolist()]
    return " or ".join(dict.fromkeys(words))


def _excuse(words: str) -> str:
    return f" By {words} it could be, which the rest of the table does not show." if words else ""


def _judge_percents(
    ledger: Ledger,
    check: Check,
    fewer: np.ndarray,
    largest: np.ndarray,
    sizes: Sizes,
    chosen: Chosen,
    findings: Findings,
) -> None:
    """Hold each percentage against its count and whole, or against all counts of the whole."""
    rows, texts, whole = check.rows, ledger.texts["percent"], sizes.whole[check.rows]
    manner, alone = chosen.manner[rows], chosen.alone[rows]
    shown = [(texts[row] or "").rstrip("% ").lstrip() for row in rows.tolist()]
    decimals = (ledger.percent.decimals[rows] + 2).tolist()
    has_count, counts = ledger.count.is_value[rows], ledger.count.digits[rows]
    first, last = check.sums.first[-1], check.sums.last[-1]
    every = np.asarray(check.by_convention.all(axis=0))
    smaller = by_manner(fewer[: len(CONVENTIONS)])
    held = np.asarray(smaller[manner, np.arange(len(rows))])
    excused = check.under(alone) | ((alone >= 0) & smaller[alone, np.arange(len(rows))])
    by_rounding = largest[np.where(np.isin(manner, (1, 3)), 3, 0), np.arange(len(rows))]
    known = np.where(by_rounding > 0, by_rounding, largest[-1]) if len(rows) else by_rounding
    is_good = check.under(manner)
    is_fewer = ~is_good & held
    is_excused = ~is_good & ~is_fewer & excused
    of_known = np.array(["of-known" in ledger.rules[row] for row in rows.tolist()], dtype=bool)
    is_wrong = ~(is_good | is_fewer | is_excused)
    is_twice = np.zeros(len(rows), dtype=bool)
    for one in np.flatnonzero(is_wrong & has_count & ledger.percent.is_value[rows]).tolist():
        share_of, printed = Fraction(100 * int(counts[one]), int(whole[one])), ledger.percent
        is_twice[one] = _is_rounded_twice(
            share_of, int(printed.digits[rows[one]]), int(printed.decimals[rows[one]])
        )
    is_wrong &= ~is_twice
    shared = _shared_wholes(ledger, check, whole, np.flatnonzero(is_fewer))

    def share(at: int, count: int, of: int) -> str:
        return f"{count} of {of} is {fraction_text(100 * count, of, decimals[at])}%"

    def lead(at: int) -> str:
        if has_count[at]:
            return share(at, int(counts[at]), int(whole[at]))
        if first[at] == last[at]:
            return share(at, int(first[at]), int(whole[at]))
        return f"Counts from {first[at]} to {last[at]} of {whole[at]} give it"

    def by(at: int) -> str:
        return "" if every[at] else f" by {_manner_words(int(manner[at]), False)}"

    def add(mask: np.ndarray, verdict: Verdict, why: Callable[[int], str]) -> None:
        at = np.flatnonzero(mask)
        findings.add("percent", rows[at], verdict, lambda place: why(int(at[place])))

    def of_those_known(at: int) -> str:
        column, rest = shared.get(at, (int(known[at]), 0))
        said = f"{shown[at]}% can be of {column}, and of {whole[at]} it cannot"
        if has_count[at]:
            said = f"{lead(at)}; {shown[at]}% is {counts[at]} of {column}"
        beside = f", as {rest} others of its column are" if rest > 1 else ""
        beside = beside or (", as another of its column is" if rest else "")
        return f"{said}{beside}"

    add(is_good, Verdict.CONSISTENT, lambda at: f"{lead(at)}; printed as {shown[at]}{by(at)}.")
    add(
        is_fewer & of_known,
        Verdict.CONSISTENT,
        lambda at: f"{of_those_known(at)}: of those known.",
    )
    add(
        is_fewer & ~of_known,
        Verdict.FEWER,
        lambda at: f"{of_those_known(at)}. Say whether the others are missing.",
    )
    add(
        is_excused,
        Verdict.ROUNDING,
        lambda at: (
            f"{lead(at)}: {shown[at]} comes of {_manner_words(int(alone[at]), False)}, which "
            "no other value of the table needs. Name the convention in a note."
        ),
    )
    add(
        is_twice,
        Verdict.ROUNDING,
        lambda at: f"{lead(at)}: {shown[at]} comes of rounding twice. Round once.",
    )
    at = np.flatnonzero(is_wrong & has_count)
    findings.add(
        "percent",
        rows[at],
        Verdict.INCONSISTENT,
        lambda place: _wrong_share(
            share(int(at[place]), int(counts[at[place]]), int(whole[at[place]])),
            shown[at[place]],
            _other_manners(check, int(at[place]), False),
            int(first[at[place]]),
            int(last[at[place]]),
            int(whole[at[place]]),
            int(counts[at[place]]),
        ),
        lambda place: (
            (int(rows[at[place]]), "count"),
            *_count_of(ledger, int(rows[at[place]])),
            *_whole_of(ledger, int(rows[at[place]])),
        ),
    )
    add(
        is_wrong & ~has_count,
        Verdict.IMPOSSIBLE,
        lambda at: (
            f"No count out of {whole[at]}, or of fewer, is {shown[at]}%: "
            + _share_neighbours(
                float(ledger.percent.digits[rows[at]]), decimals[at], int(whole[at])
            )
            + " Check the percentage and its whole."
            + _excuse(_other_manners(check, at, False))
        ),
    )
    is_tested = np.zeros(len(ledger.rows), dtype=bool)
    is_tested[rows] = True
    rest = np.flatnonzero(ledger.percent.known & ~is_tested)
    findings.add(
        "percent",
        rest,
        Verdict.NOT_COMPUTABLE,
        lambda place: (
            "It is weighted, as the ledger says, and the count beside it is not."
            if "weighted" in ledger.rules[rest[place]]
            else "Nothing to hold it against: no whole is given."
        ),
    )


def _is_rounded_twice(share: Fraction, digits: int, decimals: int) -> bool:
    """Whether 72.847 was printed as 72.9, by way of 72.85."""
    finer = math.floor(share * 10 ** (decimals + 1) + Fraction(1, 2))
    return bool((finer + 5) // 10 == digits and finer % 10 == 5)


def _count_of(ledger: Ledger, row: int) -> tuple[tuple[int, str], ...]:
    """Return the claim of another row that states the count of a percentage."""
    return tuple((other, "count") for other in ledger.relations.beside.get(row, ()))


def _shared_wholes(
    ledger: Ledger, check: Check, whole: np.ndarray, at: np.ndarray
) -> dict[int, tuple[int, int]]:
    """Return, for values of fewer, the whole that fits most of their column, and how many more."""
    columns: dict[tuple[str, str], list[int]] = {}
    for place in at.tolist():
        row = int(check.rows[place])
        if ledger.count.is_value[row] and ledger.count.digits[row] > 0:
            key = (ledger.sections[row], ledger.texts["column"][row] or "")
            columns.setdefault(key, []).append(place)
    result = {}
    for places in columns.values():
        fitting: dict[int, set[int]] = {}
        for place in places:
            at_row = np.array([check.rows[place]])
            count = int(ledger.count.digits[at_row[0]])
            smaller = np.arange(max(count, 1), int(whole[place]), dtype=np.int64)[-2000:]
            if not len(smaller):
                continue
            printed = ledger.percent.take(np.repeat(at_row, len(smaller)))
            sums = percent_counts(printed, smaller)
            holds = (sums.first[-1] <= count) & (count <= sums.last[-1])
            fitting[place] = set(smaller[holds].tolist())
        often: dict[int, int] = {}
        for wholes_of in fitting.values():
            for of in wholes_of:
                often[of] = often.get(of, 0) + 1
        for place, wholes_of in fitting.items():
            if wholes_of:
                best = max((often[of], of) for of in wholes_of)[1]
                result[place] = (best, often[best] - 1)
    return result


def _wrong_share(
    share: str, shown: str, other: str, first: int, last: int, whole: int, count: int
) -> str:
    said = f"{share}, not {shown}, and of no smaller whole. Check count, whole and percentage."
    if other:
        return said + _excuse(other)
    if first <= last:
        near = first if abs(first - count) < abs(last - count) else last
        return f"{said} Conjecture: {shown}% is {near} of {whole}."
    return said


def _share_neighbours(digits: float, decimals: int, whole: int) -> str:
    """Name the counts whose shares lie on either side of a percentage."""
    value = digits / 10 ** (decimals - 2)
    if not 0 <= value <= 100:
        return "a share lies between 0 and 100%."
    below = min(int(value * whole / 100), whole - 1)
    shares = [fraction_text(100 * count, whole, decimals) for count in (below, below + 1)]
    return f"{below}/{whole} = {shares[0]}% and {below + 1}/{whole} = {shares[1]}%."


def _numbers_words(ledger: Ledger, row: int, n: int) -> str:
    items = int(ledger.items[row])
    one = "zero or one" if ledger.is_binary[row] else "whole number"
    many = "zeros and ones" if ledger.is_binary[row] else "whole numbers"
    if items > 1:
        return f"{n} mean{'s' * (n != 1)} of {items} {many}"
    return f"{n} {one if n == 1 else many}"


def _judge_means(
    ledger: Ledger,
    check: Check,
    chosen: Chosen,
    findings: Findings,
) -> np.ndarray:
    """Say of each mean whether whole numbers, or its scale, allow it; return which can be."""
    outside = _is_outside(ledger)
    _judge_mean_ranges(ledger, check, outside, findings)
    texts, rows = ledger.texts["mean"], check.rows
    manner, alone = chosen.manner[rows], chosen.alone[rows]
    parts = check.scale.n * check.scale.items
    decimals = ledger.mean.decimals[rows]
    first, last = check.sums.first[ANY], check.sums.last[ANY]
    every = np.asarray(check.by_convention.all(axis=0))
    cannot_fail = parts >= 10.0**decimals
    is_good = check.under(manner)
    is_excused = ~is_good & check.under(alone)

    def subject(at: int) -> str:
        return _numbers_words(ledger, int(rows[at]), int(check.scale.n[at]))

    def good(at: int) -> str:
        shown, finer = texts[rows[at]], int(decimals[at]) + 2
        if first[at] == last[at]:
            total, of = int(first[at]), int(parts[at])
            said = f"{total} / {of} is {fraction_text(total, of, finer)}; printed as {shown}"
        else:
            said = f"Totals from {first[at]} to {last[at]} of {subject(at)} print as {shown}"
        if not every[at]:
            said += f" by {_manner_words(int(manner[at]), False)}"
        if cannot_fail[at]:
            said += ". (So large an n allows every mean with so few decimals)"
        return f"{said}."

    at_good = np.flatnonzero(is_good)
    findings.add("mean", rows[at_good], Verdict.CONSISTENT, lambda place: good(int(at_good[place])))
    at_odd = np.flatnonzero(is_excused)
    findings.add(
        "mean",
        rows[at_odd],
        Verdict.ROUNDING,
        lambda place: (
            f"{texts[rows[at_odd[place]]]} comes of "
            f"{_manner_words(int(alone[at_odd[place]]), False)}, which no other value of the table "
            "needs. Name the convention in a note."
        ),
    )
    at_wrong = np.flatnonzero(~is_good & ~is_excused & ~outside[rows])
    missing = _missing_answers(ledger, check, at_wrong)

    def wrong(place: int) -> str:
        at = int(at_wrong[place])
        shown, gone = texts[rows[at]], missing[place]
        how = "" if check.is_possible[at] else ", however it is rounded"
        said = f"{subject(at)} cannot have the mean {shown}{how}: "
        said += _neighbours(int(ledger.mean.digits[rows[at]]), int(decimals[at]), int(parts[at]))
        said += " Check the mean, the n, and whether every answer is a whole number."
        said += _excuse(_other_manners(check, at, False))
        if gone:
            said += f" Conjecture: it fits n = {check.scale.n[at] - gone}, {gone} fewer."
        return said

    findings.add("mean", rows[at_wrong], Verdict.IMPOSSIBLE, wrong)
    can_be = np.zeros(len(ledger.rows), dtype=bool)
    can_be[rows[is_good | is_excused]] = True
    return np.asarray(can_be & ~outside)


def _neighbours(digits: int, decimals: int, parts: int) -> str:
    below = digits * parts // 10**decimals
    near = [fraction_text(total, parts, decimals + 2) for total in (below, below + 1)]
    return f"{below}/{parts} = {near[0]} and {below + 1}/{parts} = {near[1]}."


def _missing_answers(ledger: Ledger, check: Check, at: np.ndarray) -> list[int]:
    """Return how many fewer answers each mean would fit, rounded; 0 if not a few."""
    found = np.zeros(len(at), dtype=np.int64)
    mean = ledger.mean.take(check.rows[at])
    n, items = check.scale.n[at], check.scale.items[at]
    for fewer in range(MOST_MISSING, 0, -1):
        smaller = n - fewer
        sums = possible_sums(mean, np.maximum(smaller, 1), items)
        found[sums.exist[0] & (smaller > 0)] = fewer
    result: list[int] = found.tolist()
    return result


def _judge_mean_ranges(
    ledger: Ledger, check: Check, outside: np.ndarray, findings: Findings
) -> None:
    texts = ledger.texts["mean"]
    rows = np.flatnonzero(outside)
    findings.add(
        "mean",
        rows,
        Verdict.IMPOSSIBLE,
        lambda at: (
            f"{texts[rows[at]]} lies outside its scale{_scale_words(ledger, int(rows[at]))}. "
            "Check the mean and the scale."
        ),
    )
    is_tested = np.zeros(len(ledger.rows), dtype=bool)
    is_tested[check.rows] = True
    has_range = ledger.low.is_value | ledger.high.is_value | ledger.is_binary
    rest = ledger.mean.is_value & ~is_tested & ~outside
    inside = np.flatnonzero(rest & has_range)
    findings.add(
        "mean",
        inside,
        Verdict.CONSISTENT,
        lambda at: f"{texts[inside[at]]} lies on its scale{_scale_words(ledger, int(inside[at]))}.",
    )
    untested = np.flatnonzero(rest & ~has_range)
    findings.add(
        "mean",
        untested,
        Verdict.NOT_COMPUTABLE,
        lambda at: _untested_reason(ledger, int(untested[at])),
    )
    bound = np.flatnonzero(ledger.mean.known & ~ledger.mean.is_value)
    findings.add(
        "mean",
        bound,
        Verdict.NOT_COMPUTABLE,
        lambda at: f"{texts[bound[at]]} is a bound, not a value.",
    )


def _untested_reason(ledger: Ledger, row: int) -> str:
    if ledger.is_continuous[row]:
        return "The data are continuous, and any value with so many decimals can occur."
    if not ledger.is_integer[row]:
        return (
            "The ledger does not say whether the answers are whole numbers (column data), and "
            "other data can give any value."
        )
    return "The n is not given."


def _scale_words(ledger: Ledger, row: int) -> str:
    if ledger.is_binary[row]:
        return ", 0 to 1"
    low, high = ledger.texts["min"][row], ledger.texts["max"][row]
    said = [f"from {low}"] if ledger.low.is_value[row] else []
    said += [f"to {high}"] if ledger.high.is_value[row] else []
    return f", {' '.join(said)}" if said else ""


def _judge_deviations(
    ledger: Ledger,
    check: Check,
    means: Check,
    can_be: np.ndarray,
    chosen: Chosen,
    findings: Findings,
) -> None:
    """Say of each SD whether whole numbers with its mean, or its scale, allow it."""
    rows, texts, sd = check.rows, ledger.texts["sd"], ledger.sd
    manner, alone, words = (part[rows] for part in (chosen.manner, chosen.alone, chosen.words))
    tested_means = np.zeros(len(ledger.rows), dtype=bool)
    tested_means[means.rows] = True
    is_blameless = ledger.mean.is_value[rows] & tested_means[rows] & ~can_be[rows]
    has_mean = ledger.mean.is_value & np.where(tested_means, can_be, ~_is_outside(ledger))
    largest = _largest_deviation(ledger, has_mean)
    unit = 10.0**-sd.decimals
    is_beyond = sd.is_value & (sd.digits * unit - unit > largest)
    is_negative = sd.is_value & (sd.digits < 0)
    _judge_untested(ledger, check, is_beyond, is_negative, largest, has_mean, findings)
    hidden = (is_beyond | is_negative)[rows] | is_blameless
    is_good = check.under(manner) & ~hidden
    is_excused = ~check.under(manner) & check.under(alone) & ~hidden
    witnesses = _witnesses(ledger, check, np.where(is_excused, alone, manner), is_good | is_excused)
    is_found, said = witnesses

    def sample(at: int) -> str:
        row = int(rows[at])
        return _numbers_words(ledger, row, int(check.scale.n[at])) + _with_mean(ledger, row)

    def add(mask: np.ndarray, verdict: Verdict, why: Callable[[int], str]) -> None:
        at = np.flatnonzero(mask)
        findings.add("sd", rows[at], verdict, lambda place: why(int(at[place])))

    add(
        is_blameless,
        Verdict.NOT_COMPUTABLE,
        lambda at: (
            f"The mean {_mean_text(ledger, int(rows[at]))}, which it goes with, cannot be itself."
        ),
    )
    every = np.asarray(check.by_convention.all(axis=0))
    add(
        is_good & (is_found == 1),
        Verdict.CONSISTENT,
        lambda at: (
            f"{sample(at)} can have the SD {texts[rows[at]]}"
            + ("" if every[at] else f" ({_manner_words(int(manner[at]), True)})")
            + f".{said.get(at, '')}"
        ),
    )
    add(
        is_excused & (is_found == 1),
        Verdict.ROUNDING,
        lambda at: (
            f"{sample(at)} can have the SD {texts[rows[at]]} as "
            f"{_manner_words(int(alone[at]), True)}, which no other value of the table needs. Name "
            "the convention in a note."
        ),
    )
    add(
        (is_good | is_excused) & (is_found == -1),
        Verdict.NOT_COMPUTABLE,
        lambda at: (
            f"The search for {sample(at)} and the SD {texts[rows[at]]} on the scale"
            f"{_scale_words(ledger, int(rows[at]))} was not finished."
        ),
    )
    add(
        (is_good | is_excused) & (is_found == 0),
        Verdict.IMPOSSIBLE,
        lambda at: (
            f"No {sample(at)} on the scale{_scale_words(ledger, int(rows[at]))} have the SD "
            f"{texts[rows[at]]}: a full search finds none. Check SD, mean, n and scale."
        ),
    )
    at_wrong = np.flatnonzero(~check.under(manner) & ~is_excused & ~hidden)
    sums = Sums(check.sums.first[:, at_wrong], check.sums.last[:, at_wrong])
    near = nearest_deviations(sums, sd.take(rows[at_wrong]), check.scale.take(at_wrong)).T.tolist()

    def wrong(place: int) -> str:
        at = int(at_wrong[place])
        how = f", {words[at].removeprefix('the ')}"
        if not check.is_possible[at]:
            how = ", of a sample or of a population, however it is rounded"
        return (
            f"{sample(at)} cannot have the SD {texts[rows[at]]}{how}"
            f"{_near(near[place], int(sd.decimals[rows[at]]))}. Check SD, mean and n, and whether "
            f"every answer is a whole number.{_excuse(_other_manners(check, at, True))}"
        )

    findings.add("sd", rows[at_wrong], Verdict.IMPOSSIBLE, wrong)


def _mean_text(ledger: Ledger, row: int) -> str:
    text = ledger.texts["mean"][row]
    if text is None:
        digits, decimals = int(ledger.mean.digits[row]), int(ledger.mean.decimals[row])
        sign = "−" if digits < 0 else ""
        whole, part = divmod(abs(digits), 10**decimals)
        text = f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"
    return text


def _with_mean(ledger: Ledger, row: int) -> str:
    return f" with the mean {_mean_text(ledger, row)}" if ledger.mean.is_value[row] else ""


def _near(four: list[float], decimals: int) -> str:
    said = []
    for kind, pair in (("sample", four[:2]), ("population", four[2:])):
        values = [f"{value:.{decimals + 2}f}" for value in pair if value == value]
        if values:
            said.append(f"{' and '.join(values)} ({kind})")
    return f"; the nearest are {', '.join(said)}" if said else ""


def _witnesses(
    ledger: Ledger, check: Check, manner: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, dict[int, str]]:
    """Search a sample for each SD on a scale that passes the usual tests.

    Without a scale, and for a few answers on a short one, the tests are exact.

    Returns
    -------
    found : ndarray of int
        1 where a sample exists, 0 where a full search finds none, −1 where it was not finished.
    said : dict of int to str
        The samples that are shown, as sentences.
    """
    scale = check.scale
    found = np.ones(len(check.rows), dtype=np.int64)
    span = scale.high - scale.low
    has_ends = np.isfinite(span)
    is_listed = (scale.n <= LISTED_N) & (np.where(has_ends, span, 0) <= LISTED_RANGE)
    has_mean = ledger.mean.is_value[check.rows] & check.sums.exist[-1]
    doubtful = np.flatnonzero(wanted & has_ends & ~is_listed & has_mean)
    is_shown = wanted & has_mean & (scale.n <= MOST_SHOWN)
    shown = (
        set(np.flatnonzero(is_shown).tolist()) if is_shown.sum() <= MOST_SHOWN_SAMPLES else set()
    )
    if len(doubtful):
        sums = Sums(check.sums.first[:, doubtful], check.sums.last[:, doubtful])
        sd = ledger.sd.take(check.rows[doubtful])
        first = np.array([MANNERS[one][0] for one in manner[doubtful].tolist()])
        is_sure = surely_possible(sums, sd, scale.take(doubtful), first)
        doubtful = doubtful[~is_sure]
    said = {}
    for at in sorted({*doubtful.tolist(), *shown}):
        conventions = tuple(CONVENTIONS[one] for one in MANNERS[int(manner[at])])
        result = sprite(
            _mean_text(ledger, int(check.rows[at])),
            _sd_text(ledger, int(check.rows[at])),
            int(scale.n[at]),
            *(
                Fraction(int(end), int(scale.items[at])) if np.isfinite(end) else None
                for end in (scale.low[at], scale.high[at])
            ),
            items=int(scale.items[at]),
            conventions=conventions,
            most_steps=MOST_STEPS,
        )
        if result.sample is not None and at in shown:
            numbers = [str(x) if x.denominator == 1 else f"{float(x):.4g}" for x in result.sample]
            said[at] = f" For example {', '.join(numbers)}."
        if result.sample is None and at in doubtful:
            found[at] = 0 if result.is_settled else -1
    return found, said


def _sd_text(ledger: Ledger, row: int) -> str:
    digits, decimals = int(ledger.sd.digits[row]), int(ledger.sd.decimals[row])
    whole, part = divmod(abs(digits), 10**decimals)
    return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)


def _judge_untested(
    ledger: Ledger,
    check: Check,
    is_beyond: np.ndarray,
    is_negative: np.ndarray,
    largest: np.ndarray,
    has_mean: np.ndarray,
    findings: Findings,
) -> None:
    texts, sd = ledger.texts["sd"], ledger.sd

    def limit(row: int) -> str:
        of = _with_mean(ledger, row) if has_mean[row] else ""
        return f"On its scale{of} an SD {{}} {largest[row]:.{sd.decimals[row] + 1}f}"

    negative = np.flatnonzero(is_negative)
    findings.add(
        "sd",
        negative,
        Verdict.IMPOSSIBLE,
        lambda at: f"{texts[negative[at]]} is below 0, and no SD is. Check the sign.",
    )
    beyond = np.flatnonzero(is_beyond & ~is_negative)
    findings.add(
        "sd",
        beyond,
        Verdict.IMPOSSIBLE,
        lambda at: (
            f"{limit(int(beyond[at])).format('is at most')}, and {texts[beyond[at]]} is "
            "printed. Check SD, mean and scale."
        ),
    )
    is_tested = is_beyond | is_negative
    is_tested[check.rows] = True
    inside = np.flatnonzero(sd.is_value & ~is_tested & np.isfinite(largest))
    findings.add(
        "sd",
        inside,
        Verdict.CONSISTENT,
        lambda at: f"{limit(int(inside[at])).format('can be as large as')}.",
    )
    rest = np.flatnonzero(sd.is_value & ~is_tested & ~np.isfinite(largest))
    findings.add(
        "sd", rest, Verdict.NOT_COMPUTABLE, lambda at: _untested_reason(ledger, int(rest[at]))
    )
    bound = np.flatnonzero(sd.known & ~sd.is_value)
    findings.add(
        "sd",
        bound,
        Verdict.NOT_COMPUTABLE,
        lambda at: f"{texts[bound[at]]} is a bound, not a value.",
    )


def _ends(ledger: Ledger) -> tuple[np.ndarray, np.ndarray]:
    """Return the scales' ends; those of continuous data were observed and rounded."""
    low, low_unit = _values(ledger.low)
    high, high_unit = _values(ledger.high)
    spare = np.where(ledger.is_continuous, 1.0, 0.0)
    low = np.where(ledger.low.is_value, low - spare * low_unit, -np.inf)
    high = np.where(ledger.high.is_value, high + spare * high_unit, np.inf)
    return np.where(ledger.is_binary, 0.0, low), np.where(ledger.is_binary, 1.0, high)


def _values(numbers: Numbers) -> tuple[np.ndarray, np.ndarray]:
    unit = 10.0**-numbers.decimals
    return numbers.digits * unit, unit * (1 + SLACK)


def _is_outside(ledger: Ledger) -> np.ndarray:
    """Whether each mean lies outside its scale under every rounding; binary data are 0 or 1."""
    low, high = _ends(ledger)
    mean, unit = _values(ledger.mean)
    return np.asarray(ledger.mean.is_value & ((mean + unit < low) | (mean - unit > high)))


def _largest_deviation(ledger: Ledger, has_mean: np.ndarray) -> np.ndarray:
    """Return the largest sample SD that mean, n and scale allow; infinite where something lacks.

    The variance of a population with mean m on a scale from a to b is at most (b − m)(m − a)
    (Bhatia & Davis 2000, 10.2307/2589180). A printed mean or SD may be off by one in its last
    decimal here, so that no rounding leads to an accusation.
    """
    low, high = _ends(ledger)
    mean, unit = _values(ledger.mean)
    with np.errstate(invalid="ignore"):
        middle = (low + high) / 2
        nearest = np.where(has_mean, np.clip(middle, mean - unit, mean + unit), middle)
        variance = np.maximum((high - nearest) * (nearest - low), 0.0)
    n = np.where(ledger.n.is_value & (ledger.n.digits > 1), ledger.n.digits, 2)
    largest = np.sqrt(variance * n / (n - 1)) * (1 + SLACK)
    return np.where(np.isfinite(high - low), largest, np.inf)


def _judge_medians(ledger: Ledger, sizes: Sizes, findings: Findings) -> None:
    """Test medians of whole numbers, which end in .0 or .5, and what lies between two ends."""
    texts = ledger.texts
    is_tested = ledger.is_integer & sizes.has_n & ledger.median.is_value
    rows = np.flatnonzero(is_tested)
    if len(rows):
        halves = np.where(sizes.n[rows] % 2 == 0, 2, 1)
        exist = possible_sums(ledger.median.take(rows), halves, ledger.items[rows]).exist[-1]
        good, wrong = rows[exist], rows[~exist]
        findings.add(
            "median",
            good,
            Verdict.CONSISTENT,
            lambda at: f"{sizes.n[good[at]]} whole numbers can have this median.",
        )
        findings.add(
            "median",
            wrong,
            Verdict.IMPOSSIBLE,
            lambda at: (
                f"The median of {_numbers_words(ledger, int(wrong[at]), int(sizes.n[wrong[at]]))}"
                f" is one of them, or halfway between two; {texts['median'][wrong[at]]} is neither."
                " Check the median and whether every answer is a whole number."
            ),
        )
    for column in ("median", "centre", "mean"):
        for row in np.flatnonzero(findings.owns(column)).tolist():
            value = _float(texts[column][row])
            for low, high, shown in _pairs_around(ledger, row, column):
                if value is None:
                    continue
                if low - SLACK <= value <= high + SLACK:
                    if column != "mean":
                        findings.add(
                            column, [row], Verdict.CONSISTENT, f"It lies between its ends, {shown}."
                        )
                else:
                    findings.add(
                        column,
                        [row],
                        Verdict.INCONSISTENT,
                        f"{texts[column][row]} does not lie between {shown}, printed beside it.",
                    )


def _pairs_around(ledger: Ledger, row: int, column: str) -> list[tuple[float, float, str]]:
    """Return the ends between which a value has to lie: of its range, its quartiles, its CI."""
    found = []
    texts = ledger.texts
    names = ("range", "ci") if column == "mean" else ("range",)
    for name in names:
        text = texts[name][row]
        if text and not texts["printed"][row]:
            try:
                low, high = parse_range(text)
            except ValueError:
                continue
            found.append((float(low), float(high), text))
    low_text, high_text = texts["low"][row], texts["high"][row]
    if column != "mean" and low_text and high_text:
        ends = _float(low_text), _float(high_text)
        if ends[0] is not None and ends[1] is not None:
            found.append((ends[0], ends[1], f"{low_text} and {high_text}"))
    return found


def _float(text: str | None) -> float | None:
    from analysis.audit.arithmetic.printed import parse_number

    try:
        number = parse_number(text)
    except ValueError:
        return None
    return None if number is None or number.relation != "=" else float(number.value)


def _judge_errors(ledger: Ledger, sizes: Sizes, findings: Findings) -> None:
    """Hold a standard error against its SD and n."""
    rows = np.flatnonzero(findings.owns("se") & ledger.se.is_value)
    sd_low, sd_high = limits_of(ledger.sd)
    se_low, se_high = limits_of(ledger.se)
    for row in rows.tolist():
        text = ledger.texts["se"][row]
        if not (ledger.sd.is_value[row] and sizes.has_n[row] and sizes.n[row] > 1):
            findings.add("se", [row], Verdict.NOT_COMPUTABLE, "No SD and n to hold it against.")
            continue
        n = int(sizes.n[row])
        least, most = sd_low[row] / n**0.5, sd_high[row] / (n - 1) ** 0.5
        said = f"{ledger.texts['sd'][row] or _sd_text(ledger, row)} / √{n} is about {least:.4g}"
        if least <= se_high[row] + SLACK and most >= se_low[row] - SLACK:
            findings.add("se", [row], Verdict.CONSISTENT, f"{said}; printed as {text}.")
        else:
            why = f"{said}, not {text}. Check SD, SE and n, and which of the two is printed."
            findings.add("se", [row], Verdict.INCONSISTENT, why, _partner(row, "sd"))


def _partner(row: int, column: str) -> Callable[[int], tuple[tuple[int, str], ...]]:
    return lambda _: ((row, column),)


def _judge_tests(ledger: Ledger, findings: Findings) -> None:
    """Compute p anew where a statistic and its degrees of freedom are printed."""
    for row in np.flatnonzero(findings.owns("p")).tolist():
        printed, statistic = ledger.texts["p"][row] or "", ledger.texts["statistic"][row]
        found = parse_statistic(statistic or "")
        if found is None:
            why = "No statistic with its degrees of freedom to compute it from."
            findings.add("p", [row], Verdict.NOT_COMPUTABLE, why)
            continue
        kind, value, first, second = found
        try:
            tested = significance(kind, value, printed, first, second)
        except ValueError:
            findings.add("p", [row], Verdict.NOT_COMPUTABLE, f"“{printed}” is no number.")
            continue
        sides = f"{tested.low:.3g} to {tested.high:.3g}"
        if tested.sides:
            how = "" if tested.sides == 2 else ", one-sided"
            why = f"{statistic} gives p from {sides}; {printed} fits{how}."
            findings.add("p", [row], Verdict.CONSISTENT, why)
            findings.add("statistic", [row], Verdict.CONSISTENT, why)
            continue
        if "corrected" in ledger.rules[row] and tested.is_larger:
            why = (
                f"{statistic} gives p from {sides}, which a correction of the text may have made "
                f"{printed}."
            )
            findings.add("p", [row], Verdict.NOT_COMPUTABLE, why)
            findings.add("statistic", [row], Verdict.NOT_COMPUTABLE, why)
            continue
        why = (
            f"{statistic} gives p from {sides}{', two-sided' if kind in 'trz' else ''}, not "
            f"{printed}. Check the statistic, its degrees of freedom and p."
        )
        findings.add("p", [row], Verdict.INCONSISTENT, why)
        findings.add("statistic", [row], Verdict.INCONSISTENT, why)


def limits_of(numbers: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest true value that printed numbers allow, as floats."""
    limits = bounds(numbers)
    unit = 10.0**-numbers.decimals / 2
    return limits.low[ANY] * unit, limits.high[ANY] * unit
