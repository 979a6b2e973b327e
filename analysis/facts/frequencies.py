"""How often and by how many the codes were raised, in numbers."""

from __future__ import annotations

import pandas as pd

from analysis.metrics import Metric
from analysis.phrases import in_sentence, listing
from analysis.records import records

__all__ = ["frequency_facts", "novelty_facts"]


def frequency_facts(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    by_group: pd.DataFrame | None,
    levels: list[str],
    plurals: list[str],
    cases: int,
    top: int,
) -> dict[str, Metric]:
    """Give counts by level of the code system, and the codes that lead.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``label``, ``level``.
    frequencies : DataFrame
        As of :func:`analysis.frequencies.code_frequencies`.
    by_group : DataFrame or None
        As of :func:`analysis.frequencies.group_frequencies`.
    levels, plurals : list of str
        Names of the levels in the study file; may be empty.
    cases : int
        Number of participants (or documents, in a study without participants).
    top : int
        How many leading codes to name at each level.

    Returns
    -------
    dict
        ``level-1.count`` (codes with at least one coding, here or below), ``level-1.list``
        and for the leading codes ``level-1.top-1.label``, ``.codings``, ``.percent``,
        ``.cases`` and ``.cases-share.percent``; for each group
        ``group-1.codings.total``, ``.percent`` and ``.top.label``.
    """
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    used = table[table["codings"] > 0]
    facts: dict[str, Metric] = {"cases.total": cases, "level.count": int(used["level"].max())}
    for level in sorted(int(level) for level in used["level"].unique()):
        members = used[used["level"] == level]
        key = f"level-{level}"
        facts[f"{key}.count"] = len(members)
        facts[f"{key}.codings"] = int(members["codings"].sum())
        if level <= len(levels):
            facts[f"{key}.name"] = in_sentence(levels[level - 1])
            facts[f"{key}.names"] = in_sentence(plurals[level - 1] if plurals else "")
        if len(members) <= 20:
            facts[f"{key}.list"] = listing(in_sentence(label) for label in members["label"])
        leading = members.sort_values(["codings", "position"], ascending=[False, True]).head(top)
        for at, row in enumerate(records(leading), start=1):
            facts |= {
                f"{key}.top-{at}.label": row["label"],
                f"{key}.top-{at}.noun": in_sentence(row["label"]),
                f"{key}.top-{at}.codings": int(row["codings"]),
                f"{key}.top-{at}.percent": 100 * float(row["share"]),
                f"{key}.top-{at}.cases": int(row["cases"]),
                f"{key}.top-{at}.cases-share.percent": 100 * row["cases"] / cases,
            }
        widest = members.sort_values(["cases", "position"], ascending=[False, True]).iloc[0]
        facts[f"{key}.widest.label"] = str(widest["label"])
        facts[f"{key}.widest.cases"] = int(widest["cases"])
    if by_group is not None:
        facts |= _group_facts(codes, by_group)
    return facts


def _group_facts(codes: pd.DataFrame, by_group: pd.DataFrame) -> dict[str, Metric]:
    facts: dict[str, Metric] = {}
    first = codes.loc[codes["level"] == 1, "code_id"]
    roots = by_group[by_group["code_id"].isin(first)]
    total = int(roots["codings"].sum())
    labels = codes.set_index("code_id")["label"]
    for at, name in enumerate(by_group["group"].unique(), start=1):
        members = roots[roots["group"] == name]
        leading = members.sort_values("codings", ascending=False, kind="stable").iloc[0]
        sum_ = int(members["codings"].sum())
        facts[f"group-{at}.codings.total"] = sum_
        facts[f"group-{at}.codings.percent"] = 100 * sum_ / total if total else 0.0
        facts[f"group-{at}.top.label"] = str(labels[leading["code_id"]])
        facts[f"group-{at}.top.noun"] = in_sentence(str(labels[leading["code_id"]]))
        facts[f"group-{at}.top.codings"] = int(leading["codings"])
    return facts


def novelty_facts(novelty: pd.DataFrame) -> dict[str, Metric]:
    """Say which case was the last to bring a new code, and how many came after it.

    Parameters
    ----------
    novelty : DataFrame
        As of :func:`analysis.frequencies.new_codes`.
    """
    bringing = novelty.index[novelty["new"] > 0]
    last = int(bringing.max())
    return {
        "new-codes.last.case": str(novelty["case_id"].iloc[last]),
        "new-codes.last.place": last + 1,
        "new-codes.after": len(novelty) - last - 1,
    }
