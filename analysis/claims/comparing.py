"""One claim against what the data give."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from analysis.claims.claim import Claim
from analysis.claims.known import Known
from analysis.claims.values import number
from analysis.consistency.conventions import rounding_words
from analysis.consistency.verdicts import Verdict
from analysis.numbers import format_number, round_exact

__all__ = ["Compared", "compare", "compare_ends"]

ROUNDINGS = ("half-up", "half-even", "half-down", "truncate")


@dataclass(frozen=True, slots=True)
class Compared:
    """How a printed value fares against the rebuilt one.

    Attributes
    ----------
    verdict : Verdict
        Reproduced, rounding only, differs or not computable.
    rebuilt : str
        What the data give, or nothing.
    why : str
        A sentence, or nothing where there is nothing to compare with.
    """

    verdict: Verdict
    rebuilt: str = ""
    why: str = ""

    @property
    def fits(self) -> bool:
        """Whether the data give the value, be it by another rounding."""
        return self.verdict in (Verdict.REPRODUCED, Verdict.ROUNDING)


UNKNOWN = Compared(Verdict.NOT_COMPUTABLE)


def compare(claim: Claim, known: Known) -> Compared:
    """Hold a count, percentage, mean, SD, range, date or label against the data."""
    if not claim.rebuilt:
        return UNKNOWN
    if claim.kind == "label":
        return _label(claim, known)
    metrics = known.facts.metrics
    if claim.kind == "range":
        low, high = (Fraction(str(metrics[key])) for key in claim.rebuilt)
        return _range(claim, low, high)
    value = metrics[claim.rebuilt[0]]
    if claim.kind == "date":
        return _date(claim, date.fromisoformat(str(value)))
    if isinstance(value, float) and not math.isfinite(value):
        return UNKNOWN
    return _number(claim, known)


def _number(claim: Claim, known: Known) -> Compared:
    assert claim.value is not None
    facts, key = known.facts, claim.rebuilt[0]
    value = facts.metrics[key]
    assert not isinstance(value, str)
    exact = Fraction(str(value))
    shown = number(exact, claim.decimals + 2)
    if claim.relation != "=":
        return _bound(claim, exact, shown)
    if claim.kind == "count":
        if claim.value == exact:
            return Compared(Verdict.REPRODUCED, shown, f"The data give {shown} as well.")
        return Compared(Verdict.DIFFERS, shown, _difference(claim, exact, shown))
    own = facts.numbers.rounding
    printed = round_exact(value, claim.decimals, own)
    if Fraction(printed) == claim.value and not _drops_digits(claim, known, value):
        said = f"The data give {shown}"
        if Fraction(round_exact(value, claim.decimals)) != claim.value:
            near = format_number(value, claim.decimals)
            said += (
                f", which the study's convention, {rounding_words(own)}, prints as "
                f"{claim.printed}; rounded to the nearest it is {near}"
            )
        return Compared(Verdict.REPRODUCED, shown, f"{said}.")
    if words := _other_convention(claim, known, exact):
        return Compared(
            Verdict.ROUNDING,
            shown,
            f"The data give {shown}; it prints as {claim.printed} {words}. Name the convention, or "
            f"print {format_number(value, max(claim.decimals, _own_decimals(claim, known)), own)}.",
        )
    return Compared(Verdict.DIFFERS, shown, _difference(claim, exact, shown))


def _own_decimals(claim: Claim, known: Known) -> int:
    numbers = known.facts.numbers
    if claim.kind == "percentage":
        return 0 if numbers.percent_trailing_zeros else numbers.percent_decimals
    return 0


def _drops_digits(claim: Claim, known: Known, value: float) -> bool:
    """Whether a percentage without decimals hides some, where only zeros may be left out."""
    decimals = _own_decimals(claim, known)
    if claim.decimals >= decimals:
        return False
    return Fraction(round_exact(value, decimals, known.facts.numbers.rounding)) != claim.value


def _other_convention(claim: Claim, known: Known, exact: Fraction) -> str:
    """Name the convention under which a value prints as the claim does, if there is one."""
    for rounding in ROUNDINGS:
        if _prints(exact, claim, rounding):
            decimals = f"to {claim.decimals} decimals" if claim.decimals else "to a whole number"
            return f"when it is {rounding_words(rounding)} {decimals}"
    if claim.kind == "SD" and (n := known.facts.metrics.get(_sibling(claim.rebuilt[0], "n"))):
        assert not isinstance(n, str)
        sample = known.facts.numbers.sd == "sample"
        if n > 1:
            other = float(exact) * math.sqrt((n - 1) / n if sample else n / (n - 1))
            for rounding in ROUNDINGS:
                if _prints(Fraction(str(round(other, 10))), claim, rounding):
                    words = "population" if sample else "sample"
                    return f"as the {words} SD, {rounding_words(rounding)}"
    return ""


def _sibling(key: str, last: str) -> str:
    return f"{key.rpartition('.')[0]}.{last}"


def _prints(exact: Fraction, claim: Claim, rounding: str) -> bool:
    assert claim.value is not None
    if rounding == "half-down":
        return abs(exact - claim.value) * 2 * 10**claim.decimals == 1 and abs(claim.value) < abs(
            exact
        )
    return Fraction(round_exact(exact, claim.decimals, rounding)) == claim.value  # type: ignore[arg-type]


def _bound(claim: Claim, exact: Fraction, shown: str) -> Compared:
    assert claim.value is not None
    holds = {
        "<": exact < claim.value,
        "<=": exact <= claim.value,
        ">": exact > claim.value,
        ">=": exact >= claim.value,
    }[claim.relation]
    if holds:
        return Compared(Verdict.REPRODUCED, shown, f"The data give {shown}.")
    return Compared(Verdict.DIFFERS, shown, f"The data give {shown}, beyond the bound.")


def _difference(claim: Claim, exact: Fraction, shown: str) -> str:
    assert claim.value is not None
    there = exact if claim.kind == "count" else Fraction(round_exact(exact, claim.decimals))
    gap = claim.value - there
    size = number(abs(gap), claim.decimals)
    if claim.kind == "count":
        return f"The data give {shown}: {size} {'fewer' if gap > 0 else 'more'} than is printed."
    return f"The data give {shown}: {size} {'less' if gap > 0 else 'more'} than is printed."


def _range(claim: Claim, low: Fraction, high: Fraction) -> Compared:
    assert claim.ends is not None
    first, last = claim.ends
    shown = f"{number(low)} to {number(high)}"
    said = f"The data lie between {number(low)} and {number(high)}"
    if (first, last) == (low, high):
        return Compared(Verdict.REPRODUCED, shown, f"{said}, as printed.")
    beyond = compare_ends(first, last, low, high)
    if not beyond and claim.rule != "exact":
        return Compared(Verdict.REPRODUCED, shown, f"{said}, within the printed limits.")
    ends = [
        f"the {word} end by {number(abs(one - other))}"
        for word, one, other in (("lower", first, low), ("upper", last, high))
        if (one != other if claim.rule == "exact" else (one > other) == (word == "lower"))
        and one != other
    ]
    return Compared(Verdict.DIFFERS, shown, f"{said}; the printed range differs at {_and(ends)}.")


def _and(words: Iterable[str]) -> str:
    return " and at ".join(words)


def compare_ends(first: Fraction, last: Fraction, low: Fraction, high: Fraction) -> bool:
    """Tell whether the range from `low` to `high` reaches beyond that from `first` to `last`."""
    return low < first or high > last


def _date(claim: Claim, day: date) -> Compared:
    assert claim.days is not None
    first, last = claim.days
    shown = day.isoformat()
    if claim.rule == "not-before":
        if first <= day:
            return Compared(
                Verdict.REPRODUCED, shown, f"The data begin on {shown}, not before {claim.printed}."
            )
        gap = (first - day).days
        return Compared(
            Verdict.DIFFERS, shown, f"The data begin on {shown}, {_days(gap)} before {first}."
        )
    if claim.rule == "not-after":
        if day <= last:
            return Compared(
                Verdict.REPRODUCED, shown, f"The data end on {shown}, not after {claim.printed}."
            )
        gap = (day - last).days
        return Compared(Verdict.DIFFERS, shown, f"The data end on {shown}, {_days(gap)} later.")
    if first <= day <= last:
        return Compared(Verdict.REPRODUCED, shown, f"The data give {shown}.")
    gap = (first - day if day < first else day - last).days
    return Compared(Verdict.DIFFERS, shown, f"The data give {shown}, {_days(gap)} away.")


def _days(n: int) -> str:
    return f"{n} day{'s' * (n != 1)}"


def _label(claim: Claim, known: Known) -> Compared:
    where = claim.rebuilt[0]
    if where not in known.names:
        return _text(claim, str(known.facts.metrics[where]))
    names = known.names[where]
    if found := names.find(claim.printed):
        return Compared(Verdict.REPRODUCED, found, "The data have this name.")
    if where.startswith("labels."):
        for level, others in known.names.items():
            if level.startswith("labels.") and (found := others.find(claim.printed)):
                there, here = level.removeprefix("labels."), where.removeprefix("labels.")
                return Compared(
                    Verdict.DIFFERS,
                    found,
                    f"The data have this name on level {there} of the categories, not on level "
                    f"{here}.",
                )
    near = names.near(claim.printed)
    if near:
        return Compared(Verdict.DIFFERS, near, f"The data have no such name; nearest is “{near}”.")
    return Compared(Verdict.DIFFERS, "", "The data have no such name, and none that is like it.")


def _text(claim: Claim, value: str) -> Compared:
    from analysis.claims.wording import loose

    if loose(claim.printed) == loose(value):
        return Compared(Verdict.REPRODUCED, value, "The data say the same.")
    return Compared(Verdict.DIFFERS, value, f"The data say “{value}”.")
