"""Claims against what a rebuilt study gives: numbers, ranges, dates, labels, attributions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from analysis.audit.arithmetic.conventions import rounding_words
from analysis.audit.ledger.links import Claim
from analysis.audit.verdicts import Verdict
from analysis.audit.words import by_number, listed, loose, most_like, number, plain
from analysis.numbers import format_number, round_exact
from qdaio.faults import FaultList
from qdaio.labels import closest, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from analysis.settings import Numbers

__all__ = [
    "UNKNOWN",
    "Compared",
    "Facts",
    "Known",
    "check_rebuilt",
    "compare",
    "compare_attributions",
]


@dataclass(frozen=True)
class Facts:
    """The results of a rebuilt study.

    Attributes
    ----------
    metrics : dict of str to int, float or str
        Every named result, as ``metrics.json`` holds them; percentages from 0 to 100, days
        as ``2023-03-04``.
    labels : dict of int to list of str
        The printed labels of the codes by level, from 1.
    groups : list of str
        The groups of participants.
    dimensions : list of str
        The names of the framework's dimensions, as the study prints them.
    guidance : DataFrame
        The contents of the framework's own publication: ``section``, ``parent``, ``title``,
        ``page``, ``kind``, ``dimension``.
    roles : dict of str to str
        By participant, the role printed beside quotations.
    quoted : set of (str, str)
        Label of the category at the quoted level, and participant: codings to be quoted.
    coded : set of (str, str)
        Label at any level, and participant: all codings.
    left_out : tuple of str
        Beginnings of keys, such as ``guide.``, of parts that the study does not have:
        claims about them cannot be computed, and are no mistake of the ledger.
    numbers : Numbers
        How the study rounds, and which standard deviation it uses.
    is_synthetic : bool
        Whether the data are made up: then they are no evidence for or against a value.
    """

    metrics: dict[str, int | float | str]
    labels: dict[int, list[str]]
    groups: list[str]
    dimensions: list[str]
    guidance: pd.DataFrame
    roles: dict[str, str]
    quoted: set[tuple[str, str]]
    coded: set[tuple[str, str]]
    numbers: Numbers
    left_out: tuple[str, ...] = ()
    is_synthetic: bool = False


class Names:
    """Labels to look up by what they say."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self._plain = {plain(label): label for label in reversed(self.labels)}
        self._loose = {loose(label): label for label in reversed(self.labels)}

    def find(self, label: str) -> str | None:
        """Return the label that is the same, or the same but for spaces and hyphens."""
        return self._plain.get(plain(label)) or self._loose.get(loose(label))

    def near(self, label: str) -> str | None:
        """Return the label that is most like it, if any is."""
        return most_like(label, self.labels)


@dataclass(frozen=True)
class Known:
    """A study's facts with their indexes; made once and used for many audits.

    Attributes
    ----------
    facts : Facts
    names : dict of str to Names
        By the word that a ledger uses: ``labels.1``, ``groups``, ``dimensions``.
    every : Names
        The labels of all levels.
    quoted, coded : set of (str, str)
        As in the facts, with plain labels.
    guidance : dict of str to str
        By dimension, its title in the framework's own contents.
    """

    facts: Facts
    names: dict[str, Names]
    every: Names
    quoted: set[tuple[str, str]]
    coded: set[tuple[str, str]]
    guidance: dict[str, str]

    @classmethod
    def of(cls, facts: Facts) -> Known:
        """Index the facts of a study."""
        names = {f"labels.{level}": Names(labels) for level, labels in facts.labels.items()}
        names["groups"] = Names(facts.groups)
        names["dimensions"] = Names(facts.dimensions)
        own = facts.guidance.reindex(columns=["title", "dimension"]).dropna()
        return cls(
            facts=facts,
            names=names,
            every=Names([label for labels in facts.labels.values() for label in labels]),
            quoted={(plain(label), case) for label, case in facts.quoted},
            coded={(plain(label), case) for label, case in facts.coded},
            guidance=dict(zip(own["dimension"].astype(str), own["title"].astype(str), strict=True)),
        )


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
    if loose(claim.printed) == loose(value):
        return Compared(Verdict.REPRODUCED, value, "The data say the same.")
    return Compared(Verdict.DIFFERS, value, f"The data say “{value}”.")


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
    others = [case for name, case in known.quoted if name == plain(label)]
    if here in known.coded and others:
        return Compared(
            Verdict.DIFFERS,
            role,
            f"The data have codings of {who} there, but the quotation is of "
            f"{listed(by_number(others))}.",
        )
    if here in known.coded:
        return Compared(
            Verdict.REPRODUCED, role, f"The data have a coding of {who} there, with this role."
        )
    if known.every.find(label) is None:
        near = most_like(label, known.every.labels)
        said = f"; nearest is “{near}”" if near else ""
        return Compared(Verdict.DIFFERS, role, f"The data have no category “{label}”{said}.")
    return Compared(Verdict.DIFFERS, role, f"The data have nothing of {who} under “{label}”.")


def check_rebuilt(
    text: str, kind: str, facts: Facts | None, file: str, row: int, faults: FaultList
) -> tuple[str, ...]:
    """Return what rebuilds a claim; a reference that cannot be followed is a fault."""
    if not text or facts is None:
        return ()
    place = {"file": file, "row": row}
    if kind == "attribution":
        if text.startswith("quotation:") and plain(text.removeprefix("quotation:")):
            return (text,)
        expected = "quotation: and the label of a category"
        _unknown(text, expected, ["quotation:LABEL"], place, faults)
        return ()
    if kind == "label":
        known = [*(f"labels.{level}" for level in facts.labels), "groups", "dimensions"]
        texts = [key for key, value in facts.metrics.items() if isinstance(value, str)]
        if text in known or text in texts:
            return (text,)
        _unknown(text, ", ".join(known), [*known, *texts], place, faults)
        return ()
    keys = tuple(text.split())
    most = 2 if kind == "range" else 1
    if len(keys) != most:
        faults.add(
            kind="wrong-number-of-keys",
            column="rebuilt",
            found=f"{len(keys)} keys",
            expected="two keys, for the two ends" if most == 2 else "one key",
            remedy="Name the keys of metrics.json, with a space between two.",
            **place,
        )
        return ()
    wants_text = kind == "date"
    fitting = {
        key: value for key, value in facts.metrics.items() if isinstance(value, str) == wants_text
    }
    if any(key.startswith(facts.left_out) for key in keys if key not in fitting):
        return ()
    missing = [key for key in keys if key not in fitting]
    for key in missing:
        what = "a day" if wants_text else "a number"
        _unknown(key, f"a key of metrics.json that holds {what}", fitting, place, faults)
    return () if missing else keys


def _unknown(
    found: str, expected: str, known: Iterable[str], place: dict[str, Any], faults: FaultList
) -> None:
    near = closest(found, list(known), count=3)
    faults.add(
        kind="unknown-metric",
        column="rebuilt",
        found=f'"{found}"',
        expected=expected,
        remedy=did_you_mean(near, otherwise="Leave the cell empty if nothing rebuilds the value."),
        **place,
    )
