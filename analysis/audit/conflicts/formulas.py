"""Numbers that follow from others by a formula, and are not what it gives."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.audit.arithmetic.formulas import NAME, Span, evaluate, names_of
from analysis.audit.arithmetic.printed import parse_number
from analysis.audit.conflicts.conflict import Claims, Conflict, Relation
from analysis.audit.ledger.cells import ends_of
from analysis.audit.ledger.links import Claim

__all__ = ["broken_formulas", "span_of"]

TOLERANCE = 1e-9


def span_of(digits: int, decimals: int) -> Span:
    """Return the true values that may print as a number, rounded or cut off."""
    unit = 10.0**-decimals
    value = digits * unit
    low = value - (unit if digits <= 0 else unit / 2)
    return low, value + (unit if digits >= 0 else unit / 2)


def broken_formulas(claims: Claims, agreed: list[Relation]) -> Iterator[Conflict]:
    """Find numbers that are not what their formula gives; two formulas are those of two ends."""
    texts = claims.ledger.texts["formula"]
    if not any(texts):
        return
    at = {name: row for row, name in reversed(list(enumerate(claims.ledger.ids)))}
    for row, text in enumerate(texts):
        if not text or row not in claims.by_row:
            continue
        claim = claims.only(row)
        members = {name: at[name] for name in names_of(text) if name in at}
        spans = {name: span for name in members if (span := _span(claims, at[name])) is not None}
        printed = _printed(claim)
        formulas = [part.strip() for part in text.split(";")]
        if len(printed) != len(formulas):
            continue
        try:
            given = [evaluate(formula, spans) for formula in formulas]
        except ValueError:
            continue
        pairs = zip(formulas, given, strict=True)
        said = [_said(claims, formula, members, span) for formula, span in pairs]
        others = [one.id for name in members if (one := _of(claims, at[name])) is not None]
        ids = tuple(dict.fromkeys((claim.id, *others)))
        fits = [
            own[0] - TOLERANCE <= span[1] and span[0] - TOLERANCE <= own[1]
            for own, span in zip(printed, given, strict=True)
        ]
        if all(fits):
            agreed.append(Relation((claim.id,), f"{' and '.join(said)}."))
            continue
        wrong = [one for one, fit in zip(said, fits, strict=True) if not fit]
        why = f"{' and '.join(wrong)}, not as in {claim.printed}. Check the numbers."
        yield Conflict(ids, (claim.id,), why, unknown=(claim.id,))


def _of(claims: Claims, row: int) -> Claim | None:
    found = claims.of(row, "count", "n", "percent", "mean", "sd", "printed")
    return found if found is not None and found.digits is not None else None


def _span(claims: Claims, row: int) -> Span | None:
    claim = _of(claims, row)
    if claim is None or claim.digits is None or claim.relation != "=":
        return None
    if claim.column in ("count", "n"):
        return float(claim.digits), float(claim.digits)
    return span_of(claim.digits, claim.decimals)


def _printed(claim: Claim) -> list[Span]:
    """Return what a number, or what each end of an interval, may be."""
    if claim.digits is not None:
        return [span_of(claim.digits, claim.decimals)] if claim.relation == "=" else []
    spans = []
    for end in ends_of(claim.printed) or ():
        try:
            number = parse_number(end, percent=True)
        except ValueError:
            return []
        if number is None or number.relation != "=":
            return []
        spans.append(span_of(number.digits, number.decimals))
    return spans


def _said(claims: Claims, formula: str, members: dict[str, int], span: Span) -> str:
    """Return ``5 / (36 + 46 - 5) = 0.0649``."""

    def shown(name: str) -> str:
        found = _of(claims, members[name.strip()]) if name.strip() in members else None
        return found.printed if found is not None else name

    text = NAME.sub(lambda match: shown(match[1]), formula)
    low, high = (f"{value:.4g}" for value in span)
    return f"{text} = {low}" if low == high else f"{text} = {low} to {high}"
