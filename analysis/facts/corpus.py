"""What was collected and coded, in numbers."""

from __future__ import annotations

import pandas as pd

from analysis.metrics import Metric
from analysis.phrases import listing

__all__ = ["corpus_facts"]


def corpus_facts(
    documents: pd.DataFrame,
    codings: pd.DataFrame,
    agreement: pd.DataFrame,
    set_aside: pd.DataFrame,
    membership: pd.Series | None,
) -> dict[str, Metric]:
    """Describe the corpus.

    Parameters
    ----------
    documents : DataFrame
        ``document_id``, ``case_id``, ``is_follow_up``, ``date``, ``minutes``.
    codings, agreement : DataFrame
        Codings that are counted, and those of the agreement coders.
    set_aside : DataFrame
        ``what``; rows called "coding" are codings that are not counted.
    membership : Series or None
        Index ``case_id``, values the group as an ordered categorical.

    Returns
    -------
    dict
        Flat metrics. Dates and minutes are there only where documents have them.
    """
    aside = int((set_aside["what"] == "coding").sum())
    facts: dict[str, Metric] = {
        "codings.total": len(codings),
        "codings.agreement": len(agreement),
        "codings.set-aside": aside,
        "codings.read": len(codings) + len(agreement) + aside,
        "codings.repeated": int(codings["is_repeat"].sum()),
        "documents.total": len(documents),
        "documents.follow-up": int(documents["is_follow_up"].sum()),
        "documents.first": int((~documents["is_follow_up"]).sum()),
        "documents.agreement": int(agreement["document_id"].nunique()),
    }
    if documents["date"].notna().any():
        facts["interviews.first.date"] = str(documents["date"].dropna().min())
        facts["interviews.last.date"] = str(documents["date"].dropna().max())
    minutes = documents.loc[~documents["is_follow_up"], ["case_id", "minutes"]].dropna()
    if len(minutes):
        facts |= _range("interviews", minutes["minutes"])
        if membership is not None:
            group = minutes["case_id"].map(membership)
            for at, name in enumerate(membership.cat.categories, start=1):
                values = minutes.loc[group == name, "minutes"]
                if len(values):
                    facts |= _range(f"interviews.group-{at}", values)
    if len(agreement):
        coders = sorted(agreement["coder_id"].astype("str").unique())
        facts["coders.agreement"] = listing(coders)
    return facts


def _range(key: str, values: pd.Series) -> dict[str, Metric]:
    return {
        f"{key}.shortest.minutes": float(values.min()),
        f"{key}.longest.minutes": float(values.max()),
    }
