"""The corpus: what was collected and coded, in numbers and as a table."""

from __future__ import annotations

import pandas as pd

from analysis.chapters.frequencies import by_person
from analysis.metrics import Metric
from analysis.phrases import listing
from analysis.tables import Column, Table
from analysis.trace.selection import behind

__all__ = [
    "corpus_facts",
    "corpus_table",
]


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
        Flat metrics. Dates and minutes are there only where documents have them; where several
        people speak in a document there are ``documents.joint``, ``codings.speaker`` (codings
        of these documents whose speaker is known) and ``codings.joint`` (whose is not).
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
    facts |= _joint_facts(documents, codings)
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


def _joint_facts(documents: pd.DataFrame, codings: pd.DataFrame) -> dict[str, Metric]:
    """Count the codings of documents in which several speak, with and without their speaker."""
    if "people" not in documents or not documents["people"].notna().any():
        return {}
    sizes = codings["people"].dropna().map(len)
    return {
        "documents.joint": int(documents["people"].notna().sum()),
        "codings.speaker": int((sizes == 1).sum()),
        "codings.joint": int((sizes > 1).sum()),
    }


def _range(key: str, values: pd.Series) -> dict[str, Metric]:
    return {
        f"{key}.shortest.minutes": float(values.min()),
        f"{key}.longest.minutes": float(values.max()),
    }


NONE = "–"


def corpus_table(
    documents: pd.DataFrame,
    codings: pd.DataFrame,
    groups: pd.Series | None,
    *,
    head: str = "Group",
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
    head : str
        What the groups are called.
    label, caption : str
    synthetic : bool
    """
    rows = []
    voices, spoken = by_person(documents), by_person(codings)
    parts = [] if groups is None else [(str(name), name) for name in groups.cat.categories]
    for name, group in [*parts, ("All", None)]:
        members = None if group is None or groups is None else groups.index[groups == group]
        # what people of several groups said together stands in each of these
        own, coded = documents, codings
        cases = voices["case_id"].nunique()
        if members is not None:
            speaking = voices[voices["case_id"].isin(members)]
            cases = speaking["case_id"].nunique()
            own = documents.loc[speaking.index.unique()]
            coded = codings.loc[spoken.index[spoken["case_id"].isin(members)].unique()]
        minutes = own.loc[~own["is_follow_up"], "minutes"].dropna()
        rows.append(
            {
                "group": name,
                "cases": cases,
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
                _minutes(*pair) for pair in zip(data["shortest"], data["longest"], strict=True)
            ],
            "codings": data["codings"].map("{:,}".format),
        }
    )
    columns = [
        Column("group", head),
        Column("documents", "Documents", align="right"),
        Column("follow_ups", "of these follow-ups", align="right"),
        Column("minutes", "Minutes, range", align="center"),
        Column("codings", "Codings", align="right"),
    ]
    if data["shortest"].isna().all():
        columns = [column for column in columns if column.name != "minutes"]
    if not data["follow_ups"].any():
        columns = [column for column in columns if column.name != "follow_ups"]
    number = [*range(1, len(parts) + 1), ""]
    return Table(
        body=body,
        columns=tuple(columns),
        caption=caption,
        label=label,
        behind={
            "documents": [behind("documents", ("group", at)) for at in number],
            "follow_ups": [
                behind("documents", ("group", at), ("follow-up", "yes")) for at in number
            ],
            "minutes": [behind("~documents", ("group", at), ("follow-up", "no")) for at in number],
            "codings": [behind("codings", ("group", at)) for at in number],
        },
        data=data,
        synthetic=synthetic,
    )


def _minutes(shortest: float | None, longest: float | None) -> str:
    if shortest is None or longest is None or pd.isna(shortest):
        return NONE
    return f"{shortest:g}–{longest:g}" if shortest != longest else f"{shortest:g}"
