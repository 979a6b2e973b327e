"""The audit in the manuscript: its numbers, its tables, and what a notebook shows of it."""

from __future__ import annotations

import pandas as pd

from analysis.audit.verdicts import ASKING
from analysis.metrics import Metric, slugs
from analysis.tables import Column, Table

__all__ = ["audit_facts", "findings_table", "verdict_table"]

TOTAL = "All"


def audit_facts(counts: dict[str, int]) -> dict[str, Metric]:
    """Count claims in all, by verdict (``audit.differs.n``), and those that ask for a look.

    Parameters
    ----------
    counts : dict
        Claims of each verdict.
    """
    total = sum(counts.values())
    facts: dict[str, Metric] = {"audit.total": total}
    for verdict, key in zip(counts, slugs(counts), strict=True):
        facts[f"audit.{key}.n"] = counts[verdict]
        facts[f"audit.{key}.percent"] = 100 * counts[verdict] / total if total else 0.0
    facts["audit.to-look-at.n"] = sum(counts.get(verdict.value, 0) for verdict in ASKING)
    return facts


def verdict_table(
    claims: pd.DataFrame, verdicts: list[str], *, label: str, caption: str, synthetic: bool
) -> Table:
    """Lay out the number of claims by kind, in rows, and verdict, in columns.

    Parameters
    ----------
    claims : DataFrame
        ``kind``, ``verdict``.
    verdicts : list of str
        All verdicts, in the order in which they are told.
    label, caption : str
    synthetic : bool
    """
    counts = pd.crosstab(claims["kind"], claims["verdict"]).reindex(columns=verdicts, fill_value=0)
    counts[TOTAL] = counts.sum(axis=1)
    counts.loc[TOTAL] = counts.sum()
    body = counts.map(lambda n: f"{n:,}" if n else "–").reset_index(names="kind")
    columns = [Column("kind", "Kind of claim")]
    columns += [Column(name, name[:1].upper() + name[1:], align="right") for name in counts.columns]
    return Table(
        body=body,
        columns=tuple(columns),
        caption=caption,
        label=label,
        data=counts.reset_index(names="kind"),
        synthetic=synthetic,
    )


def findings_table(
    claims: pd.DataFrame, verdicts: list[str], *, label: str, caption: str, synthetic: bool
) -> Table:
    """Lay out the claims with certain verdicts, in the order of the publication.

    Parameters
    ----------
    claims : DataFrame
        ``section``, ``place``, ``printed``, ``verdict``, ``why``, ``conjecture``.
    verdicts : list of str
    label, caption : str
    synthetic : bool
    """
    chosen = claims[claims["verdict"].isin(verdicts)]
    guess = chosen["conjecture"].fillna("")
    body = pd.DataFrame(
        {
            "verdict": chosen["verdict"].str.capitalize(),
            "place": chosen["section"] + ": " + chosen["place"],
            "printed": chosen["printed"],
            "why": chosen["why"] + guess.where(guess == "", " " + guess),
        }
    ).fillna("")
    return Table(
        body=body.reset_index(drop=True),
        columns=(
            Column("place", "Place", width=22, computed=True),
            Column("printed", "Printed", width=18),
            Column("verdict", "Verdict", width=16),
            Column("why", "Why", width=44, computed=True),
        ),
        caption=caption,
        label=label,
        data=chosen,
        synthetic=synthetic,
    )
