"""The interview guide, in numbers."""

from __future__ import annotations

import pandas as pd

from analysis.metrics import Metric

__all__ = ["guide_facts"]


def guide_facts(guide: pd.DataFrame) -> dict[str, Metric]:
    """Count the questions, in all and by whom they were put to.

    Parameters
    ----------
    guide : DataFrame
        ``group``, ``question``.

    Returns
    -------
    dict
        ``guide.total``; for each audience in the order of the guide ``guide-1.group`` and
        ``guide-1.count``.
    """
    facts: dict[str, Metric] = {"guide.total": len(guide)}
    for at, group in enumerate(guide["group"].unique(), start=1):
        facts[f"guide-{at}.group"] = str(group)
        facts[f"guide-{at}.count"] = int((guide["group"] == group).sum())
    return facts
