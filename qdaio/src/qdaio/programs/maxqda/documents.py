"""Documents as MAXQDA's tables name them: by group and name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import document_id
from qdaio.files.cells import label_series
from qdaio.model import make_frame

__all__ = ["documents_of", "repeated_groups"]


def documents_of(
    names: Sequence[Any], groups: Sequence[Any] | None = None
) -> tuple[pd.Series, pd.DataFrame]:
    """Give each row its document, and the documents in the order in which they come first.

    Parameters
    ----------
    names, groups : sequence
        Columns of the table; a row without a name has no document.

    Returns
    -------
    ids : Series
        Categorical, one a row, missing where there is no name.
    documents : DataFrame
        Frame ``documents`` of the model.
    """
    name_at, name_labels = label_series(names)
    if groups is None:
        group_at = np.zeros(len(name_at), dtype="int64")
        group_labels: list[str | None] = [None]
    else:
        group_at, group_labels = label_series(groups)
    both = name_at * len(group_labels) + group_at
    at, pairs = pd.factorize(both)
    rows = [
        (group_labels[pair % len(group_labels)], name_labels[pair // len(group_labels)])
        for pair in pairs
    ]
    ids = [None if name is None else document_id(group, name) for group, name in rows]
    kept = [index for index, key in enumerate(ids) if key is not None]
    place = np.full(len(ids), -1)
    place[kept] = np.arange(len(kept))
    keys = [ids[index] for index in kept]
    documents = make_frame(
        "documents",
        {
            "document_id": keys,
            "name": [rows[index][1] for index in kept],
            "group": [rows[index][0] for index in kept],
            "position": range(1, len(kept) + 1),
        },
    )
    categories = pd.Index(keys, dtype="str")
    return pd.Series(pd.Categorical.from_codes(place[at], categories)), documents


def repeated_groups(documents: pd.DataFrame, coders: pd.DataFrame) -> list[str]:
    """Warn of groups that look like one set of documents coded twice.

    To compare two coders, MAXQDA's users copy the documents into a second group, one a
    coder. Whether that was done cannot be known, so it is said and not acted upon.

    Parameters
    ----------
    documents : DataFrame
        Frame of the model.
    coders : DataFrame
        ``document_id`` and ``coder_id`` of each coding.
    """
    grouped = documents.dropna(subset="group")
    if grouped["group"].nunique() < 2:
        return []
    names: dict[str, frozenset[str]] = {
        str(group): frozenset(rows["name"]) for group, rows in grouped.groupby("group", sort=False)
    }
    by_group = grouped.set_index("document_id")["group"]
    pairs = coders.drop_duplicates().astype("str")
    worked = pairs.assign(group=pairs["document_id"].map(by_group).astype("str"))
    who: dict[str, frozenset[str]] = {
        str(group): frozenset(rows["coder_id"].dropna())
        for group, rows in worked.groupby("group", sort=False)
    }
    warnings = []
    for first in names:
        for second in names:
            inside = names[second] <= names[first] and (
                names[second] != names[first] or first < second
            )
            if first == second or len(names[second]) < 2 or not inside:
                continue
            one, other = who.get(first, frozenset()), who.get(second, frozenset())
            if one and other and one != other:
                warnings.append(
                    f'All documents of the group "{second}" have the names of documents of '
                    f'"{first}", and other coders ({_list(other)} against {_list(one)}): if they '
                    "are copies made to compare coders, name the main coder in study.toml, "
                    "else all of them are counted."
                )
    return warnings


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
