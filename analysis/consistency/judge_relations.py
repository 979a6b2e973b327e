"""Verdicts on values that must agree with other rows: parts, wholes and repeats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.consistency.conventions import bounds
from analysis.consistency.findings import Findings
from analysis.consistency.form import Form
from analysis.consistency.grim import ANY
from analysis.consistency.parts import add_up, pooled
from analysis.consistency.printed import Numbers
from analysis.consistency.repeats import agree
from analysis.consistency.verdicts import Verdict

__all__ = ["judge_parts", "judge_repeats"]

SLACK = 1e-9
# the parts of a long list are not all named
MOST_NAMED = 12


def judge_parts(form: Form, findings: Findings) -> None:
    """Hold the parts of each split against their whole, as counts, percentages and means."""
    if not len(form.relations.parts):
        return
    field = np.where(form.count.is_value, "count", "n")
    value = np.where(form.count.is_value, form.count.digits, form.n.digits).astype(np.float64)
    known = form.count.is_value | form.n.is_value
    counts = _Sums(form, field.tolist(), value, value, known)
    counts.judge(findings)
    low, high = _limits(form.percent)
    fields = ["percent"] * len(form.rows)
    percents = _Sums(form, fields, low, high, form.percent.is_value)
    percents.judge(findings, counts.tested)
    _judge_pooled(form, findings)


class _Sums:
    """One quantity of every row, and the splits that it is known for."""

    def __init__(
        self, form: Form, fields: list[str], low: np.ndarray, high: np.ndarray, known: np.ndarray
    ) -> None:
        links = form.relations.parts
        self.form, self.fields = form, fields
        self.tested, self.adds_up = add_up(links, low, high, known)
        self.least = links.total(np.where(known, low, 0.0)).tolist()
        self.most = links.total(np.where(known, high, 0.0)).tolist()

    def judge(self, findings: Findings, skipped: np.ndarray | None = None) -> None:
        """Judge every part, and the whole; a whole that another split confirms is not blamed."""
        links = self.form.relations.parts
        tested = self.tested if skipped is None else self.tested & ~skipped
        wholes: list[int] = links.whole.tolist()
        by = links.by
        confirmed = {wholes[at] for at in np.flatnonzero(tested & self.adds_up).tolist()}
        gathered: dict[tuple[str, Verdict], tuple[list[int], list[str]]] = {}
        for at in np.flatnonzero(tested).tolist():
            whole, parts, fits = wholes[at], links.parts_of(at), bool(self.adds_up[at])
            said = f"{self._named(parts)} add up to {self._total(at)}"
            target = self._named([whole]) + (f" (by {by[at]})" if by[at] else "")
            why = f"{said}, in agreement with {target}."
            if not fits:
                why = f"{said}, not to {target}. Check the numbers, or name what is left out."
            verdict = Verdict.CONSISTENT if fits else Verdict.INCONSISTENT
            for row in parts if not fits and whole in confirmed else [*parts, whole]:
                rows, reasons = gathered.setdefault((self.fields[row], verdict), ([], []))
                rows.append(row)
                reasons.append(why)
        for (field, verdict), (rows, reasons) in gathered.items():
            findings.add(field, rows, verdict, reasons)

    def _named(self, rows: list[int]) -> str:
        texts = [
            f"{self.form.ids[row]}: {self.form.texts[self.fields[row]][row]}"
            for row in rows[:MOST_NAMED]
        ]
        more = len(rows) - len(texts)
        return " + ".join([*texts, f"{more} more"] if more else texts)

    def _total(self, split: int) -> str:
        low, high = self.least[split], self.most[split]
        return f"{low:.0f}" if low == high else f"between {low:.6g} and {high:.6g}"


def _judge_pooled(form: Form, findings: Findings) -> None:
    """Hold a whole's mean against the weighted mean of its parts."""
    low, high = _limits(form.mean)
    known = form.mean.is_value & form.n.is_value
    weight = form.n.digits.astype(np.float64)
    tested, least, most = pooled(form.relations.parts, low, high, weight, known)
    wholes = form.relations.parts.whole
    for at in np.flatnonzero(tested).tolist():
        whole = int(wholes[at])
        slack = SLACK * max(abs(most[at]), 1.0)
        fits = least[at] <= high[whole] + slack and most[at] >= low[whole] - slack
        parts = ", ".join(form.ids[row] for row in form.relations.parts.parts_of(at)[:MOST_NAMED])
        said = f"The means of its parts ({parts}) give one from {least[at]:.6g} to {most[at]:.6g}"
        if fits:
            findings.add("mean", [whole], Verdict.CONSISTENT, [f"{said}."])
        else:
            why = f"{said}, not {form.texts['mean'][whole]}. Check the means and the n."
            findings.add("mean", [whole], Verdict.INCONSISTENT, [why])


def judge_repeats(form: Form, findings: Findings) -> None:
    """Hold statements of the same quantity against each other."""
    pairs = np.array(form.relations.same, dtype=np.int64).reshape(-1, 2)
    if not len(pairs):
        return
    columns: dict[str, Numbers] = {
        "n": form.n,
        "count": form.count,
        "percent": form.percent,
        "mean": form.mean,
        "sd": form.sd,
    }
    # a count in one place can be the n of another
    stands_for = replace(
        form.count,
        digits=np.where(form.count.known, form.count.digits, form.n.digits),
        known=form.count.is_value | form.n.is_value,
        relation=np.full(len(form.rows), "=", dtype="<U2"),
    )
    for field, numbers in columns.items():
        first, second = pairs[:, 0], pairs[:, 1]
        is_stated = numbers.is_value[first] & numbers.is_value[second]
        pair = pairs[is_stated]
        fields = [(field, field)] * len(pair)
        if field == "count":
            mixed = form.count.known[first] != form.count.known[second]
            mixed &= stands_for.known[first] & stands_for.known[second]
            fields += [
                ("count", "n") if form.count.known[one] else ("n", "count")
                for one in first[mixed].tolist()
            ]
            pair, numbers = np.concatenate([pair, pairs[mixed]]), stands_for
        if len(pair):
            alike, possible = agree(*(numbers.take(side) for side in pair.T))
            if field in ("n", "count"):
                # people are counted, not rounded
                possible = alike
            _judge_pairs(form, pair, fields, alike, possible, findings)


def _judge_pairs(
    form: Form,
    pairs: np.ndarray,
    fields: list[tuple[str, str]],
    alike: np.ndarray,
    possible: np.ndarray,
    findings: Findings,
) -> None:
    for at, (one, other) in enumerate(pairs.tolist()):
        verdict = Verdict.CONSISTENT if alike[at] else Verdict.ROUNDING
        if not possible[at]:
            verdict = Verdict.INCONSISTENT
        for row, beside, (field, its) in (
            (one, other, fields[at]),
            (other, one, fields[at][::-1]),
        ):
            where = f"{form.texts[its][beside]} in {form.places[beside]} ({form.ids[beside]})"
            text = form.texts[field][row]
            why = {
                Verdict.CONSISTENT: f"It agrees with {where}.",
                Verdict.ROUNDING: f"{text} and {where} can be one number, rounded in different "
                "ways. Print both alike.",
                Verdict.INCONSISTENT: f"{text} stands against {where}. Check both places.",
            }[verdict]
            findings.add(field, [row], verdict, [why])


def _limits(numbers: Numbers) -> tuple[np.ndarray, np.ndarray]:
    limits = bounds(numbers)
    unit = 10.0**-numbers.decimals / 2
    return limits.low[ANY] * unit, limits.high[ANY] * unit
