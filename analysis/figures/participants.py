"""Participants by group: each a point, with the mean and its deviation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from analysis.figures.figure import DARK, INK, LIGHT, MARGIN, SIZE, Figure, styled
from analysis.figures.sheet import FOOT, Sheet, balanced, line_inches, longest, text_width
from analysis.languages import printed, spoken
from analysis.numbers import MINUS, format_number, range_text
from analysis.phrases import GROUPS, PARTICIPANTS, counted, said

if TYPE_CHECKING:
    import pandas as pd

    from analysis.settings import Deviation

__all__ = ["participants_figure", "strip_plot", "swarm"]


def swarm(places: Sequence[float], diameter: float) -> list[float]:
    """Return how far each point moves aside so that no two overlap.

    Points are taken from left to right; each stays as near the line as those before it
    allow, alternately on either side. The same places give the same swarm.

    Parameters
    ----------
    places : sequence of float
        Along the line.
    diameter : float
        Of a point, in the same unit.

    Returns
    -------
    list of float
        Offsets, in the order of `places`; whole multiples of `diameter`.
    """
    offsets = [0.0] * len(places)
    last: dict[int, float] = {}
    for index in sorted(range(len(places)), key=lambda index: (places[index], index)):
        step = 0
        # 0, -1, 1, -2, 2, ...
        while step in last and places[index] - last[step] < diameter:
            step = -step - 1 if step >= 0 else -step
        last[step] = places[index]
        offsets[index] = step * diameter
    return offsets


GAP = 0.15
LABELS = 0.34
POINT = 0.085
SUMMARY = 0.13
LEAST_ROW = 0.42
AXIS = 0.42
POINTS_AN_INCH = 72
# shape, fill and size differ, so that no reader depends on one of them
SHAPES = ("o", "^", "s", "D", "v")
FILLS = (DARK, LIGHT, "#ffffff", "#8c8c8c", "#d9d9d9")


@dataclass(frozen=True, slots=True)
class _Mark:
    shape: str
    fill: str
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    lines: list[str]
    members: pd.DataFrame
    offsets: list[float]

    @property
    def up(self) -> float:
        """How far the points reach above the line, and as far below it."""
        return max((abs(offset) for offset in self.offsets), default=0.0) + POINT / 2

    @property
    def height(self) -> float:
        text = line_inches(SIZE, len(self.lines)) + 0.06
        return max(LEAST_ROW, text, 2 * self.up + SUMMARY + 0.1)


def _rows(data: pd.DataFrame, room: float, an_inch: float) -> list[_Row]:
    made = []
    for name, members in data.groupby("group", observed=False):
        known = members.dropna(subset="value")
        lines = [*balanced(str(name), room, SIZE), f"n = {format_number(len(members))}"]
        places = [value / an_inch for value in known["value"]]
        made.append(_Row(str(name), lines, known, swarm(places, POINT * 1.08)))
    return made


def strip_plot(
    data: pd.DataFrame,
    number: str | None,
    marker: str | None,
    width: float,
    height: float,
    sd: Deviation,
    unit: str | None,
    *,
    synthetic: bool,
) -> Sheet:
    """Draw the points of each group on a line of its own.

    Parameters
    ----------
    data : DataFrame
        ``group`` and ``marker`` (categoricals), ``value``.
    number : str or None
        What the values are; without it they count the participants, and have no mean.
    marker : str or None
        What the shapes of the points are; without it they have no legend.
    width, height : float
        In inches, at least.
    sd : {"sample", "population"}
    unit : str or None
    synthetic : bool
    """
    names = [balanced(str(name), LABELS * width, SIZE) for name in data["group"].cat.categories]
    label_width = max(longest([*lines, "n = 000"], SIZE) for lines in names)
    left = MARGIN + label_width + GAP
    long = width - left - MARGIN - POINT
    low, high = _limits(data, number, sd)
    rows = _rows(data, label_width + 0.01, (high - low) / long)
    legend = _legend_rows(_legend(data, marker, number), width)
    head = MARGIN + line_inches(SIZE, len(legend)) + 0.05
    spare = max(0.0, height - head - AXIS - FOOT - sum(row.height for row in rows))
    sheet = Sheet(
        width, head + sum(row.height for row in rows) + spare + AXIS + FOOT, synthetic=synthetic
    )
    for place, items in enumerate(legend):
        for x, item in items:
            y = MARGIN + line_inches(SIZE, place)
            sheet.point(x + POINT, y + line_inches(SIZE) / 2, item.shape, item.fill, POINT)
            sheet.text(x + GAP * 1.3, y, item.text)
    deep = sheet.height - head - AXIS - FOOT
    axes = sheet.axes(left, head, long, deep)
    axes.set(xlim=(low, high), ylim=(deep, 0))
    axes.set_xticks(*_ticks(data, low, high))
    axes.tick_params(labelsize=SIZE, length=3)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_yticks([])
    said_unit = f", {unit}" if unit else ""
    title = f"{number}{said_unit}" if number else printed("Participants")
    sheet.text(left + long / 2, sheet.height - FOOT, title, ha="center", va="bottom")
    y = 0.0
    for place, row in enumerate(rows):
        each = row.height + spare / len(rows)
        _draw_row(axes, row, y + each / 2, number, sd)
        if place:
            axes.axhline(y, color="#d9d9d9", linewidth=0.5)
        sheet.text(left - GAP, head + y + each / 2, row.lines, ha="right", va="center")
        y += each
    return sheet


def _limits(data: pd.DataFrame, number: str | None, sd: Deviation) -> tuple[float, float]:
    """Return the ends of the axis: every point, every mean and its deviation lie between."""
    known = data.dropna(subset="value")
    if known.empty:
        return 0.0, 1.0
    ends = [float(known["value"].min()) if number else 0.0, float(known["value"].max())]
    if number:
        groups = known.groupby("group", observed=True)["value"]
        spread = groups.std(ddof=_ddof(sd)).fillna(0)
        ends += [float((groups.mean() - spread).min()), float((groups.mean() + spread).max())]
    margin = 0.04 * (max(ends) - min(ends)) or 1.0
    return min(ends) - margin, max(ends) + margin


def _ticks(data: pd.DataFrame, low: float, high: float) -> tuple[list[float], list[str]]:
    """Return where the axis has numbers, whole ones where the values are whole, and these."""
    is_whole = bool((data["value"].dropna() % 1 == 0).all())
    places = MaxNLocator(nbins=8, integer=is_whole).tick_values(low, high)
    ticks = [float(place) for place in places if low <= place <= high]
    decimals = max((len(f"{tick:.6g}".partition(".")[2]) for tick in ticks), default=0)
    shown = [spoken().number(f"{tick:.{decimals}f}".replace("-", MINUS)) for tick in ticks]
    return ticks, shown


def _ddof(sd: Deviation) -> int:
    return 1 if sd == "sample" else 0


def _draw_row(axes: Any, row: _Row, middle: float, number: str | None, sd: Deviation) -> None:
    import seaborn as sns

    # points above, their mean and deviation below, so that neither hides the other
    line = middle - (SUMMARY / 2 if number else 0.0)
    marks = [str(name) for name in row.members["marker"].cat.categories]
    if len(row.members):
        looks = list(zip(marks, cycle(SHAPES), cycle(FILLS), strict=False))
        sns.scatterplot(
            x=row.members["value"].to_numpy(),
            y=[line + offset for offset in row.offsets],
            style=row.members["marker"].to_numpy(),
            hue=row.members["marker"].to_numpy(),
            style_order=marks,
            hue_order=marks,
            markers={mark: shape for mark, shape, _ in looks},
            palette={mark: fill for mark, _, fill in looks},
            s=(POINT * POINTS_AN_INCH) ** 2,
            edgecolor=INK,
            linewidth=0.5,
            legend=False,
            ax=axes,
        )
    if number and len(row.members):
        values = row.members["value"]
        mean, spread = values.mean(), values.std(ddof=_ddof(sd))
        below = line + row.up + SUMMARY * 0.6
        if len(values) > 1:
            axes.plot([mean - spread, mean + spread], [below, below], color=INK, linewidth=1.0)
        axes.plot([mean], [below], marker="D", markersize=4.5, color=INK)


def _legend(data: pd.DataFrame, marker: str | None, number: str | None) -> list[_Mark]:
    """Return the marks that need a word."""
    marks = [str(name) for name in data["marker"].cat.categories]
    counts = data["marker"].value_counts()
    items = [
        _Mark(
            SHAPES[place % len(SHAPES)], FILLS[place % len(FILLS)], f"{mark} (n = {counts[mark]})"
        )
        for place, mark in enumerate(marks)
        if marker is not None
    ]
    return [*items, _Mark("D", INK, printed("Mean ± SD"))] if number is not None else items


def _legend_rows(items: list[_Mark], width: float) -> list[list[tuple[float, _Mark]]]:
    """Set marks beside each other from the left, in as many lines as they need."""
    rows: list[list[tuple[float, _Mark]]] = [[]]
    x = MARGIN
    for item in items:
        long = text_width(item.text, SIZE) + 2 * GAP
        if rows[-1] and x + long > width - MARGIN:
            rows.append([])
            x = MARGIN
        rows[-1].append((x, item))
        x += long + GAP
    return rows if items else []


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
    start = f"{counted(len(data), PARTICIPANTS)} as points, in {counted(len(groups), GROUPS)}"
    if groups == [EVERYONE]:
        start = f"{counted(len(data), PARTICIPANTS)} as points"
    parts = []
    for name in groups:
        members = data[data["group"] == name]
        text = f"{name}, {counted(len(members), PARTICIPANTS)}"
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
        f"{number} of {counted(missing, PARTICIPANTS)} is not known" if missing else "",
    )
