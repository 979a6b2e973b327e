"""Who took part: a number such as age by group, or how many are in each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.figure import Figure
from analysis.figures.stripplot import strip_plot
from analysis.figures.style import styled
from analysis.figures.words import counted, said
from analysis.numbers import format_number, range_text

if TYPE_CHECKING:
    import pandas as pd

    from analysis.settings import Deviation

__all__ = ["participants_figure"]

EVERYONE = "All"
UNKNOWN = "not reported"


def participants_figure(
    participants: pd.DataFrame,
    *,
    number: str | None,
    group: str | None,
    marker: str | None,
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 3.6,
    sd: Deviation = "sample",
    unit: str | None = None,
    synthetic: bool,
) -> Figure:
    """Draw every participant as a point, with mean and standard deviation of each group.

    Parameters
    ----------
    participants : DataFrame
        One row a participant.
    number : str or None
        Column to draw along the axis. Without one the participants of each group are
        lined up, so that they can be counted.
    group, marker : str or None
        Categoricals: the rows, and the shapes of the points.
    label, caption : str
    width, height : float
        In inches. The figure grows in height where the groups need it.
    sd : {"sample", "population"}
        Divisor of the variance: n − 1 or n.
    unit : str, optional
        Of the number.
    synthetic : bool

    Returns
    -------
    Figure
        Its data: ``group``, ``marker``, ``value`` (missing where unknown).
    """
    data = _tidy(participants, number, group, marker)
    alt = _described(data, number, unit)
    with styled():
        sheet = strip_plot(data, number, marker, width, height, sd, unit, synthetic=synthetic)
    return Figure(sheet.drawing, data, label, caption, alt, synthetic)


def _tidy(
    participants: pd.DataFrame, number: str | None, group: str | None, marker: str | None
) -> pd.DataFrame:
    import pandas as pd

    def levels(column: str | None) -> pd.Series:
        if column is None:
            return pd.Series([EVERYONE] * len(participants), dtype="category")
        values = participants[column].astype("category")
        names = [str(name) for name in values.cat.categories]
        texts = values.astype("object").where(values.notna(), UNKNOWN).astype("str")
        known = [*names, UNKNOWN] if values.isna().any() and UNKNOWN not in names else names
        return texts.astype(pd.CategoricalDtype(known)).reset_index(drop=True)

    # those lined up to be counted stand at 1, 2, 3 ...
    data = pd.DataFrame({"group": levels(group), "marker": levels(marker)})
    if number is None:
        data = data.sort_values(["group", "marker"], kind="stable").reset_index(drop=True)
        return data.assign(value=data.groupby("group", observed=True).cumcount() + 1.0)
    return data.assign(value=participants[number].astype("float64").to_numpy())


def _described(data: pd.DataFrame, number: str | None, unit: str | None) -> str:
    groups = [str(name) for name in data["group"].cat.categories]
    markers = [str(name) for name in data["marker"].cat.categories]
    start = f"{counted(len(data), 'participant')} as points, in {counted(len(groups), 'group')}"
    if groups == [EVERYONE]:
        start = f"{counted(len(data), 'participant')} as points"
    parts = []
    for name in groups:
        members = data[data["group"] == name]
        text = f"{name}, {counted(len(members), 'participant')}"
        if markers != [EVERYONE]:
            counts = [(mark, int((members["marker"] == mark).sum())) for mark in markers]
            text += f" ({', '.join(f'{mark} {n}' for mark, n in counts if n)})"
        values = members["value"].dropna()
        if number and len(values):
            mean = format_number(float(values.mean()))
            spread = range_text(values.min(), values.max(), 1, trailing_zeros=False)
            text += f", {number} {spread}, mean about {mean}"
        parts.append(text)
    missing = int(data["value"].isna().sum())
    return said(
        start + (f", placed by {number}" + (f" in {unit}" if unit else "") if number else ""),
        "; ".join(parts),
        f"{number} of {counted(missing, 'participant')} is not known" if missing else "",
    )
