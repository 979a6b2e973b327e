"""A sample for each mean and SD that an audit finds possible, or the proof that there is none.

GRIMMER is exact where answers have no limits. On a scale it may let an SD pass that no sample
has; a full search settles that.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from analysis.consistency.checks import Check
from analysis.consistency.conventions import ANY_ROUNDING, CONVENTIONS, DEVIATIONS, Convention
from analysis.consistency.findings import Findings
from analysis.consistency.form import Form
from analysis.consistency.sprite import Sprite, sprite
from analysis.consistency.verdicts import Verdict

__all__ = ["judge_witnesses"]

MOST_STEPS = 20_000
# a longer sample is shortened in the sentence
MOST_SHOWN = 40
MIXED = tuple(Convention(deviation, ANY_ROUNDING) for deviation in DEVIATIONS)


def judge_witnesses(form: Form, check: Check, choice: np.ndarray, findings: Findings) -> None:
    """Add a sample, or the proof that there is none, to each SD that can be.

    Parameters
    ----------
    form : Form
    check : Check
        Of the SDs.
    choice : ndarray of int
        The convention, in `CONVENTIONS`, of the table of each row of `check`.
    findings : Findings
    """
    has_both = form.mean.is_value[check.rows] & check.sums.exist[-1]
    fits_chosen = check.under(choice)
    for at in np.flatnonzero(check.is_possible & has_both).tolist():
        row = int(check.rows[at])
        fitting = [pair for pair, fits in zip(CONVENTIONS, check.fits[:, at], strict=False) if fits]
        chosen = CONVENTIONS[choice[at]]
        order = sorted(fitting, key=lambda pair: pair != chosen)
        found = _search(form, check, at, (*order, *MIXED))
        verdict = Verdict.CONSISTENT if fits_chosen[at] else Verdict.ROUNDING
        if found.sample is not None:
            if verdict is Verdict.CONSISTENT and found.convention != chosen:
                verdict = Verdict.ROUNDING
            why = f"For example ({found.convention}): {_shown(found.sample)}."
        elif found.is_settled:
            verdict = Verdict.IMPOSSIBLE
            why = (
                f"No sample on its scale has the mean {form.texts['mean'][row]} and the SD "
                f"{form.texts['sd'][row]}, however they are rounded: a full search of "
                f"{found.steps} steps finds none. Check SD, mean, n and scale."
            )
        else:
            why = "A search for a sample was not finished."
        findings.add("sd", [row], verdict, [why])


def _search(form: Form, check: Check, at: int, conventions: tuple[Convention, ...]) -> Sprite:
    row, scale = int(check.rows[at]), check.scale
    items = int(scale.items[at])
    low, high = (
        Fraction(int(end), items) if np.isfinite(end) else None
        for end in (scale.low[at], scale.high[at])
    )
    mean, sd = form.texts["mean"][row] or "", form.texts["sd"][row] or ""
    n = int(scale.n[at])
    return sprite(
        mean, sd, n, low, high, items=items, conventions=conventions, most_steps=MOST_STEPS
    )


def _shown(sample: tuple[Fraction, ...]) -> str:
    numbers = [str(x) if x.denominator == 1 else f"{float(x):.4g}" for x in sample]
    if len(numbers) <= MOST_SHOWN:
        return ", ".join(numbers)
    counts = {number: numbers.count(number) for number in dict.fromkeys(numbers)}
    shown = [f"{count} × {number}" for number, count in counts.items()][:MOST_SHOWN]
    return ", ".join([*shown, "…"] if len(counts) > MOST_SHOWN else shown)
