"""The audit for a terminal: claims grouped by verdict, those that ask for something first."""

from __future__ import annotations

import textwrap

import pandas as pd

from analysis.forms import records

__all__ = ["audit_lines"]

QUIET = ("reproduced", "consistent", "not computable from these data", "not computable")


def audit_lines(
    claims: pd.DataFrame, counts: dict[str, int], *, width: int = 88, everything: bool = False
) -> list[str]:
    """Return the audit as lines of text.

    Parameters
    ----------
    claims : DataFrame
        As in :func:`analysis.audit.document.audit_document`.
    counts : dict
        Claims of each verdict, in the order in which verdicts are told.
    width : int
        Of a line.
    everything : bool
        List claims that ask for nothing as well; otherwise they are only counted.
    """
    lines = [f"{sum(counts.values()):,} claims"]
    widest = max(map(len, counts), default=0)
    lines += [f"  {verdict:{widest}}  {n:>6,}" for verdict, n in counts.items()]
    for verdict in counts:
        rows = claims[claims["verdict"] == verdict]
        if rows.empty or (verdict in QUIET and not everything):
            continue
        lines += ["", verdict.upper()]
        for row in records(rows):
            place = f"{row['section']}, {row['place']}" if row.get("section") else row["place"]
            lines += textwrap.wrap(
                f"{place}: {row['printed']}", width, initial_indent="  ", subsequent_indent="    "
            )
            lines += textwrap.wrap(
                str(row["why"]), width, initial_indent="      ", subsequent_indent="      "
            )
            conjecture = row.get("conjecture")
            if isinstance(conjecture, str) and conjecture:
                lines += textwrap.wrap(
                    conjecture,
                    width,
                    initial_indent="      ",
                    subsequent_indent="      ",
                )
    return lines
