"""Standard deviations of whole numbers (GRIMMER, DEBIT), and on their scale."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from analysis.audit.arithmetic.conventions import CONVENTIONS, MANNERS, Convention
from analysis.audit.arithmetic.grim import Sums
from analysis.audit.arithmetic.grimmer import (
    nearest_deviations,
    possible_deviations,
    surely_possible,
)
from analysis.audit.arithmetic.integers import LISTED_N, LISTED_RANGE
from analysis.audit.arithmetic.sprite import Sprite, sprite
from analysis.audit.judge.findings import (
    SLACK,
    Check,
    Chosen,
    Findings,
    Sizes,
    excuse,
    manner_words,
    mean_text,
    numbers_words,
    other_manners,
    sd_text,
    values_of,
    with_mean,
)
from analysis.audit.judge.means import (
    is_outside,
    scale_ends,
    scale_of,
    scale_words,
    untested_reason,
)
from analysis.audit.ledger import Ledger
from analysis.audit.verdicts import Verdict

__all__ = ["check_deviations", "judge_deviations"]

MOST_STEPS = 20_000
# samples are shown in sentences up to this many SDs and numbers
MOST_SHOWN_SAMPLES = 40
MOST_SHOWN = 20


def check_deviations(ledger: Ledger, sizes: Sizes) -> Check:
    """GRIMMER and DEBIT: test SDs of whole numbers whose n is known.

    An SD without a mean, or with one that cannot be, is tested against every total.
    """
    rows = np.flatnonzero(ledger.is_integer & sizes.has_n & ledger.sd.is_value)
    scale = scale_of(ledger, rows, sizes.n)
    sums = scale.sums(ledger.mean.take(rows))
    has_mean = ledger.mean.is_value[rows]
    sums = Sums(np.where(has_mean, sums.first, 1), np.where(has_mean, sums.last, 0))
    fits = possible_deviations(sums, ledger.sd.take(rows), scale)
    count = len(CONVENTIONS)
    fits = np.concatenate([fits[:count], fits[count:].any(axis=0, keepdims=True)])
    return Check(rows, fits, sums, scale)


def judge_deviations(
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
    has_mean = ledger.mean.is_value & np.where(tested_means, can_be, ~is_outside(ledger))
    largest = _largest_deviation(ledger, has_mean)
    unit = 10.0**-sd.decimals
    is_beyond = sd.is_value & (sd.digits * unit - unit > largest)
    is_negative = sd.is_value & (sd.digits < 0)
    _judge_untested(ledger, check, is_beyond, is_negative, largest, has_mean, findings)
    hidden = (is_beyond | is_negative)[rows] | is_blameless
    is_good = check.under(manner) & ~hidden
    is_excused = ~check.under(manner) & check.under(alone) & ~hidden
    by = np.where(is_excused, alone, manner)
    is_found, said = _witnesses(ledger, check, by, alone, is_good | is_excused)

    def sample(at: int) -> str:
        row = int(rows[at])
        return numbers_words(ledger, row, int(check.scale.n[at])) + with_mean(ledger, row)

    def add(mask: np.ndarray, verdict: Verdict, why: Callable[[int], str]) -> None:
        at = np.flatnonzero(mask)
        findings.add("sd", rows[at], verdict, lambda place: why(int(at[place])))

    add(
        is_blameless,
        Verdict.NOT_COMPUTABLE,
        lambda at: (
            f"The mean {mean_text(ledger, int(rows[at]))}, which it goes with, cannot be itself."
        ),
    )
    every = np.asarray(check.by_convention.all(axis=0))
    add(
        is_good & (is_found == 1),
        Verdict.CONSISTENT,
        lambda at: (
            f"{sample(at)} can have the SD {texts[rows[at]]}"
            + ("" if every[at] else f" ({manner_words(int(manner[at]), True)})")
            + f".{said.get(at, '')}"
        ),
    )
    add(
        is_excused & (is_found == 1),
        Verdict.ROUNDING,
        lambda at: (
            f"{sample(at)} can have the SD {texts[rows[at]]} as "
            f"{manner_words(int(alone[at]), True)}, which no other value of the table needs. Name "
            "the convention in a note."
        ),
    )
    add(
        (is_good | is_excused) & (is_found == -1),
        Verdict.NOT_COMPUTABLE,
        lambda at: (
            f"The search for {sample(at)} and the SD {texts[rows[at]]} on the scale"
            f"{scale_words(ledger, int(rows[at]))} was not finished."
        ),
    )
    add(
        (is_good | is_excused) & (is_found == 2),
        Verdict.ROUNDING,
        lambda at: (
            f"No {sample(at)} on the scale{scale_words(ledger, int(rows[at]))} have the SD "
            f"{texts[rows[at]]} by {words[at]}; by {manner_words(int(alone[at]), True)} some do, "
            "and no other value of the table needs that. Name the convention in a note."
        ),
    )
    add(
        (is_good | is_excused) & (is_found == 0),
        Verdict.IMPOSSIBLE,
        lambda at: (
            f"No {sample(at)} on the scale{scale_words(ledger, int(rows[at]))} have the SD "
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
            f"every answer is a whole number.{excuse(other_manners(check, at, True))}"
        )

    findings.add("sd", rows[at_wrong], Verdict.IMPOSSIBLE, wrong)


def _near(four: list[float], decimals: int) -> str:
    said = []
    for kind, pair in (("sample", four[:2]), ("population", four[2:])):
        values = [f"{value:.{decimals + 2}f}" for value in pair if value == value]
        if values:
            said.append(f"{' and '.join(values)} ({kind})")
    return f"; the nearest are {', '.join(said)}" if said else ""


def _witnesses(
    ledger: Ledger, check: Check, manner: np.ndarray, alone: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, dict[int, str]]:
    """Search a sample for each SD on a scale that passes the usual tests.

    Without a scale, and for a few answers on a short one, the tests are exact.

    Returns
    -------
    found : ndarray of int
        1 where a sample exists, 0 where a full search finds none, −1 where it was not finished,
        2 where one exists only by the convention that fits the table without being needed.
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
        result = _search(ledger, check, at, conventions)
        if result.sample is not None and at in shown:
            numbers = [str(x) if x.denominator == 1 else f"{float(x):.4g}" for x in result.sample]
            said[at] = f" For example {', '.join(numbers)}."
        if result.sample is None and at in doubtful:
            found[at] = 0 if result.is_settled else -1
            if result.is_settled and alone[at] >= 0:
                others = tuple(CONVENTIONS[one] for one in MANNERS[int(alone[at])])
                if _search(ledger, check, at, others).sample is not None:
                    found[at] = 2
    return found, said


def _search(ledger: Ledger, check: Check, at: int, conventions: tuple[Convention, ...]) -> Sprite:
    """Search a sample that prints as the mean and the SD of one row."""
    scale = check.scale
    return sprite(
        mean_text(ledger, int(check.rows[at])),
        sd_text(ledger, int(check.rows[at])),
        int(scale.n[at]),
        *(
            Fraction(int(end), int(scale.items[at])) if np.isfinite(end) else None
            for end in (scale.low[at], scale.high[at])
        ),
        items=int(scale.items[at]),
        conventions=conventions,
        most_steps=MOST_STEPS,
    )


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
        of = with_mean(ledger, row) if has_mean[row] else ""
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
        "sd", rest, Verdict.NOT_COMPUTABLE, lambda at: untested_reason(ledger, int(rest[at]))
    )
    bound = np.flatnonzero(sd.known & ~sd.is_value)
    findings.add(
        "sd",
        bound,
        Verdict.NOT_COMPUTABLE,
        lambda at: f"{texts[bound[at]]} is a bound, not a value.",
    )


def _largest_deviation(ledger: Ledger, has_mean: np.ndarray) -> np.ndarray:
    """Return the largest sample SD that mean, n and scale allow; infinite where something lacks.

    The variance of a population with mean m on a scale from a to b is at most (b − m)(m − a)
    (Bhatia & Davis 2000, 10.2307/2589180). A printed mean or SD may be off by one in its last
    decimal here, so that no rounding leads to an accusation.
    """
    low, high = scale_ends(ledger)
    mean, unit = values_of(ledger.mean)
    with np.errstate(invalid="ignore"):
        middle = (low + high) / 2
        nearest = np.where(has_mean, np.clip(middle, mean - unit, mean + unit), middle)
        variance = np.maximum((high - nearest) * (nearest - low), 0.0)
    n = np.where(ledger.n.is_value & (ledger.n.digits > 1), ledger.n.digits, 2)
    largest = np.sqrt(variance * n / (n - 1)) * (1 + SLACK)
    return np.where(np.isfinite(high - low), largest, np.inf)
