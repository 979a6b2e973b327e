"""An audit as people and programs read it: lines for a terminal, and one JSON document."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import phrases
from analysis.audit.verdicts import ASKING, QUIET
from analysis.forms import records

if TYPE_CHECKING:
    from analysis.audit.audit import Audit

__all__ = ["audit_document", "audit_lines", "synthetic_note", "where_of"]

KEYS = ("id", "place", "row", "kind", "printed", "rebuilt", "verdict", "why")
NO_EVIDENCE = (
    "They are no evidence for or against a published value: only what the publication prints is."
)


def synthetic_note() -> str:
    """Return what every output says of an audit whose data are synthetic."""
    return f"{phrases.SYNTHETIC_NOTE} {NO_EVIDENCE}"


def where_of(row: dict[str, Any], *, with_row: bool = True) -> str:
    """Return where a claim stands: ``Table 2, Age, Patients (row 4)``."""
    parts = [row.get("section") or "", row.get("place") or ""]
    place = ", ".join(part for part in parts if part)
    if not with_row or place.startswith("row "):
        return place
    return f"{place} (row {row['row']})"


def audit_document(audit: Audit) -> dict[str, Any]:
    """Return an audit as plain values.

    Returns
    -------
    dict
        ``data_status`` (synthetic, original, or nothing without a study) and, of synthetic
        data, ``note``; ``claims``, a list with one mapping a claim; ``counts`` by verdict;
        ``conventions``, what each table's values are judged by.
    """
    document: dict[str, Any] = {}
    if audit.is_study:
        document["data_status"] = "synthetic" if audit.is_synthetic else "original"
    if audit.is_synthetic:
        document["note"] = synthetic_note()
    rows = []
    for row in records(audit.claims):
        item = {key: None if pd.isna(row.get(key)) else row[key] for key in KEYS}
        if row["section"] and row["place"]:
            item["place"] = f"{row['section']}: {row['place']}"
        elif row["section"]:
            item["place"] = row["section"]
        if row["conjecture"]:
            item["conjecture"] = row["conjecture"]
        rows.append(item)
    document["claims"] = rows
    document["counts"] = dict(audit.counts)
    document["conventions"] = [
        {"table": found.table, "judged_by": found.words, "why": found.sentence}
        for found in audit.conventions
    ]
    if audit.notes:
        document["notes"] = list(audit.notes)
    return document


def audit_lines(audit: Audit, *, width: int = 88, everything: bool = False) -> list[str]:
    """Return the audit as lines of text; what asks for a second look stands first.

    Parameters
    ----------
    audit : Audit
    width : int
        Of a line.
    everything : bool
        List claims that ask for nothing as well; otherwise they are only counted.
    """
    lines: list[str] = []
    if audit.is_synthetic:
        lines += [*textwrap.wrap(synthetic_note(), width), ""]
    counts = audit.counts
    total = sum(counts.values())
    lines.append(f"{total:,} claim{'s' * (total != 1)}")
    widest = max(map(len, counts), default=0)
    lines += [f"  {verdict:{widest}}  {n:>6,}" for verdict, n in counts.items()]
    for verdict in (*ASKING, *(QUIET if everything else ())):
        rows = audit.claims[audit.claims["verdict"] == verdict.value]
        if rows.empty:
            continue
        lines += ["", f"{verdict.value.upper()} ({len(rows):,})"]
        before = ""
        for row in records(rows):
            lines += _wrapped(f"{where_of(row)}: {row['kind']} {row['printed']}", width, 2, 4)
            said = row["why"] if row["why"] != before else "(as above)"
            before = row["why"]
            lines += _wrapped(said, width, 6, 6)
            if row["conjecture"]:
                lines += _wrapped(row["conjecture"], width, 6, 6)
    if audit.conventions:
        lines += ["", "HOW THE NUMBERS WERE COMPUTED AND ROUNDED"]
        for found in audit.conventions:
            lead = f"{found.table}: " if found.table else ""
            lines += _wrapped(f"{lead}{found.sentence}", width, 2, 4)
    for note in audit.notes:
        lines += ["", *textwrap.wrap(note, width)]
    return lines


def _wrapped(text: str, width: int, first: int, rest: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=" " * first, subsequent_indent=" " * rest) or [
        ""
    ]
