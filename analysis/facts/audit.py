"""The outcome of the audit, in numbers."""

from __future__ import annotations

from analysis.metrics import Metric, slugs

__all__ = ["audit_facts"]


def audit_facts(counts: dict[str, int]) -> dict[str, Metric]:
    """Count claims in all, by verdict (``audit.differs.n``), and those that were not reproduced.

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
    quiet = counts.get("reproduced", 0) + counts.get("not computable from these data", 0)
    facts["audit.to-look-at.n"] = total - quiet
    return facts
