"""The corpus by group: interviews, their length, and what was coded in them."""

from __future__ import annotations

import pandas as pd

from analysis.tables import Column, Table

__all__ = ["corpus_table"]

NONE = "–"


def corpus_table(
    documents: pd.DataFrame,
    codings: pd.DataFrame,
    groups: pd.Series | None,
    *,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out interviews, follow-ups, minutes and codings by group, and in all.

    Parameters
    ----------
    documents : DataFrame
        ``document_id``, ``case_id``, ``is_follow_up``, ``minutes``.
    codings : DataFrame
        ``case_id``.
    groups : Series or None
        Index ``case_id``, values the group as an ordered categorical.
    label, caption : str
    synthetic : bool
    """
    rows = []
    names = [] if groups is None else [str(name) for name in groups.cat.categories]
    for name in [*names, "All"]:
        members = None if name == "All" or groups is None else groups.index[groups == name]
        own = documents if members is None else documents[documents["case_id"].isin(members)]
        coded = codings if members is None else codings[codings["case_id"].isin(members)]
        minutes = own.loc[~own["is_follow_up"], "minutes"].dropna()
        rows.append(
            {
                "group": name,
                "cases": own["case_id"].nunique(),
                "documents": len(own),
                "follow_ups": int(own["is_follow_up"].sum()),
                "shortest": minutes.min() if len(minutes) else None,
                "longest": minutes.max() if len(minutes) else None,
                "codings": len(coded),
            }
        )
    data = pd.DataFrame(rows)
    body = pd.DataFrame(
        {
            "group": data["group"],
            "documents": data["documents"].map("{:,}".format),
            "follow_ups": data["follow_ups"].map(lambda n: f"{n:,}" if n else NONE),
            "minutes": [
                _range(*pair) for pair in zip(data["shortest"], data["longest"], strict=True)
            ],
            "codings": data["codings"].map("{:,}".format),
        }
    )
    columns = [
        Column("group", "Group"),
        Column("documents", "Documents", align="right"),
        Column("follow_ups", "of these follow-ups", align="right"),
        Column("minutes", "Minutes, range", align="center"),
        Column("codings", "Codings", align="right"),
    ]
    if data["shortest"].isna().all():
        columns = [column for column in columns if column.name != "minutes"]
    if not data["follow_ups"].any():
        columns = [column for column in columns if column.name != "follow_ups"]
    return Table(
        body=body,
        columns=tuple(columns),
        caption=caption,
        label=label,
        data=data,
        synthetic=synthetic,
    )


def _range(shortest: float | None, longest: float | None) -> str:
    if shortest is None or longest is None or pd.isna(shortest):
        return NONE
    return f"{shortest:g}–{longest:g}" if shortest != longest else f"{shortest:g}"
