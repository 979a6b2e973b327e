"""The participants table as numbers: counts by level, means and deviations by group."""

from __future__ import annotations

import pandas as pd

from analysis.settings import Deviation, Variable

__all__ = ["OVERALL", "category_counts", "number_summary"]

OVERALL = "Total"


def category_counts(
    participants: pd.DataFrame, variable: Variable, group: str | None
) -> pd.DataFrame:
    """Count participants by level of a variable, in each group and overall.

    Parameters
    ----------
    participants : DataFrame
        One row a participant, with the variable and, if given, the group as categoricals.
    variable : Variable
    group : str or None
        Column that holds the group.

    Returns
    -------
    DataFrame
        Columns ``group``, ``level``, ``within`` (level of the second variable, or
        missing for the count of the whole level), ``n``, ``whole`` (participants of the
        group) and ``known`` (participants of the group for whom the variable is known).
        Levels and groups without anyone are there, with 0.
    """
    frames = []
    for name, members in _groups(participants, group):
        values = members[variable.name]
        whole, known = len(members), int(values.notna().sum())
        counts = values.value_counts().reindex(values.cat.categories, fill_value=0)
        frames.append(
            pd.DataFrame(
                {
                    "group": name,
                    "level": counts.index.astype("str"),
                    "within": None,
                    "n": counts.to_numpy(),
                    "whole": whole,
                    "known": known,
                }
            )
        )
        if variable.within and known:
            inner = members.groupby([variable.name, variable.within], observed=True).size()
            nested = inner.rename("n").reset_index()
            nested.columns = pd.Index(["level", "within", "n"])
            frames.append(
                nested.astype({"level": "str", "within": "str"}).assign(
                    group=name, whole=whole, known=known
                )
            )
    return pd.concat(frames, ignore_index=True)[
        ["group", "level", "within", "n", "whole", "known"]
    ].astype({"within": "str"})


def number_summary(
    participants: pd.DataFrame, variable: str, group: str | None, sd: Deviation
) -> pd.DataFrame:
    """Summarise a number by group and overall.

    Parameters
    ----------
    participants : DataFrame
    variable : str
    group : str or None
    sd : {"sample", "population"}
        Divisor of the variance: n − 1 or n.

    Returns
    -------
    DataFrame
        Columns ``group``, ``n`` (participants with a value), ``mean``, ``sd``,
        ``minimum``, ``median``, ``maximum``; the deviation of a single value is missing
        under "sample".
    """
    ddof = 1 if sd == "sample" else 0
    rows = []
    for name, members in _groups(participants, group):
        values = members[variable].dropna().astype("float64")
        rows.append(
            {
                "group": name,
                "n": len(values),
                "mean": values.mean(),
                "sd": values.std(ddof=ddof),
                "minimum": values.min(),
                "median": values.median(),
                "maximum": values.max(),
            }
        )
    return pd.DataFrame(rows)


def _groups(participants: pd.DataFrame, group: str | None) -> list[tuple[str, pd.DataFrame]]:
    names: list[str] = list(participants[group].cat.categories) if group else []
    parts = [(str(name), participants[participants[group] == name]) for name in names]
    return [*parts, (OVERALL, participants)]
