"""An alluvial diagram: from groups of people through categories to dimensions of a framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patches import PathPatch
from matplotlib.path import Path

from analysis.figures.figure import INK, MARGIN, QUIET, SEQUENCE, SMALL, Figure, styled
from analysis.figures.sheet import FOOT, PAGE, Sheet, balanced, line_inches
from analysis.forms import records
from analysis.languages import printed
from analysis.numbers import format_number
from analysis.phrases import CATEGORIES, CODINGS, GROUPS, counted, said

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flow_figure"]

BAR = 0.1  # inches: width of a bar
GAP = 0.07  # between two bars of one column
MOST = 24  # bars of a column, of which the last gathers the rest
STAGES = ("source", "middle", "target")
# shades of the groups, told apart in grey too
SHADES = (0.22, 0.48, 0.7, 0.92)


@dataclass(slots=True)
class _Bar:
    """One bar: its place in inches, and how far bands have filled it on either side."""

    label: list[str]
    top: float
    height: float
    into: float = 0.0
    out: float = 0.0


def flow_figure(
    flows: pd.DataFrame,
    *,
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 5.6,
    synthetic: bool,
) -> Figure:
    """Draw how codings flow from groups over categories to dimensions.

    Parameters
    ----------
    flows : DataFrame
        ``source``, ``middle``, ``target`` (in the order in which they first stand) and
        ``codings``, which may be a part of one where a category stands on two dimensions.
    label, caption : str
    width, height : float
        In inches; it grows in height where the labels need it.
    synthetic : bool
    """
    shown, left = _widest(flows)
    with styled():
        sheet = _drawn(shown, width, height, synthetic=synthetic)
    return Figure(sheet.drawing, flows, label, caption, _alt(flows, shown, left), synthetic)


def _widest(flows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Gather what a page has no room for, stage by stage, and say what was gathered."""
    gathered = []
    nouns = {
        "source": "more groups",
        "middle": "more categories",
        "target": "more dimensions",
    }
    for stage, noun in nouns.items():
        sums = flows.groupby(stage, sort=False)["codings"].sum()
        small = sums.sort_values(ascending=False, kind="stable").index[MOST - 1 :]
        if len(small) < 2:
            continue
        name = f"{format_number(len(small))} {noun}"
        place = flows[stage].isin(small)
        # what is gathered stands last
        flows = flows.assign(**{stage: flows[stage].where(~place, printed(name))})
        flows = flows.iloc[place.to_numpy().argsort(kind="stable")]
        gathered.append(name)
    return flows, f"Gathered in one: {'; '.join(gathered)}" if gathered else ""


def _alt(flows: pd.DataFrame, shown: pd.DataFrame, left: str) -> str:
    if flows.empty:
        return "An empty picture: there are no codings."
    total = round(float(flows["codings"].sum()))
    start = (
        f"Alluvial picture of {counted(total, CODINGS)}, from "
        f"{counted(flows['source'].nunique(), GROUPS)} over "
        f"{counted(flows['middle'].nunique(), CATEGORIES)} to "
        f"{counted(flows['target'].nunique(), ('dimension', 'dimensions'))}"
    )
    tops = []
    for name in shown["source"].drop_duplicates():
        by = shown[shown["source"] == name].groupby("target", sort=False)["codings"].sum()
        tops.append(f"{name} to {by.idxmax()}, {format_number(100 * by.max() / by.sum())}%")
    return said(
        start, f"Where most codings of each group lead, in % of them: {'; '.join(tops)}", left
    )


def _drawn(flows: pd.DataFrame, width: float, height: float, *, synthetic: bool) -> Sheet:
    if flows.empty:
        sheet = Sheet(width, height, synthetic=synthetic)
        sheet.text(width / 2, height / 2, printed("No codings"), colour=QUIET, ha="center")
        return sheet
    # groups stand left and dimensions right of their bars, categories inside a broad one
    sides, inner = 0.17 * width, 0.3 * width
    rooms = {"source": sides, "middle": inner, "target": 0.22 * width}
    sums = {stage: flows.groupby(stage, sort=False)["codings"].sum() for stage in STAGES}
    words = {
        stage: [balanced(str(name), rooms[stage] - 0.08, SMALL) for name in sums[stage].index]
        for stage in STAGES
    }
    total = float(flows["codings"].sum())
    foot = FOOT if synthetic else MARGIN
    # the least height at which the labels of the fullest column stand apart
    least = max(
        sum(line_inches(SMALL, len(lines)) + GAP for lines in words[stage]) for stage in STAGES
    )
    height = min(PAGE, max(height, least * 1.15 + MARGIN + foot))
    free = height - MARGIN - foot
    columns: dict[str, dict[str, _Bar]] = {}
    scale = min(_scale(sums[stage], words[stage], free, total) for stage in STAGES)
    for stage in STAGES:
        heights = [
            max(float(n) * scale, line_inches(SMALL, len(lines)) if stage == "middle" else 0.03)
            for n, lines in zip(sums[stage], words[stage], strict=True)
        ]
        between = (free - sum(heights)) / max(1, len(heights) - 1)
        between = min(between, 0.35) if len(heights) > 1 else 0.0
        top = MARGIN + (free - sum(heights) - between * (len(heights) - 1)) / 2
        bars = {}
        for name, lines, high in zip(sums[stage].index, words[stage], heights, strict=True):
            bars[str(name)] = _Bar(lines, top, high)
            top += high + between
        columns[stage] = bars
    sheet = Sheet(width, height, synthetic=synthetic)
    left = MARGIN + rooms["source"]
    right = width - MARGIN - rooms["target"] - BAR
    centre = (left + BAR + right) / 2 - inner / 2
    names = [str(name) for name in sums["source"].index]
    shade = {
        name: SEQUENCE(SHADES[at % len(SHADES)] if len(names) <= len(SHADES)
                       else 0.15 + 0.8 * at / len(names))
        for at, name in enumerate(names)
    }  # fmt: skip
    _bands(sheet, flows, columns, shade, scale, (left + BAR, centre), (centre + inner, right))
    for name, bar in columns["source"].items():
        sheet.box(left, bar.top, BAR, bar.height, facecolor=shade[name], edgecolor=INK,
                  linewidth=0.4)  # fmt: skip
        sheet.text(left - 0.06, bar.top + bar.height / 2, bar.label, size=SMALL, ha="right",
                   va="center")  # fmt: skip
    for bar in columns["middle"].values():
        sheet.box(centre, bar.top, inner, bar.height, facecolor="white", edgecolor=QUIET,
                  linewidth=0.5)  # fmt: skip
        sheet.text(centre + inner / 2, bar.top + bar.height / 2, bar.label, size=SMALL,
                   ha="center", va="center")  # fmt: skip
    for bar in columns["target"].values():
        sheet.box(right, bar.top, BAR, bar.height, facecolor=QUIET, edgecolor=INK, linewidth=0.4)
        sheet.text(right + BAR + 0.06, bar.top + bar.height / 2, bar.label, size=SMALL,
                   va="center")  # fmt: skip
    return sheet


def _scale(sums: pd.Series, words: list[list[str]], free: float, total: float) -> float:
    """Return inches a coding at which a column with room for its labels fills the height."""
    gaps = GAP * (len(sums) - 1)
    low, high = 0.0, free / total
    for _ in range(30):
        middle = (low + high) / 2
        heights = [
            max(float(n) * middle, line_inches(SMALL, len(lines)))
            for n, lines in zip(sums, words, strict=True)
        ]
        low, high = (middle, high) if sum(heights) + gaps <= free else (low, middle)
    return low


def _bands(
    sheet: Sheet,
    flows: pd.DataFrame,
    columns: dict[str, dict[str, _Bar]],
    shade: dict[str, tuple[float, float, float, float]],
    scale: float,
    first: tuple[float, float],
    second: tuple[float, float],
) -> None:
    """Draw the bands of both halves, in the order of the bars, so that few of them cross."""
    halves = (("source", "middle", first), ("middle", "target", second))
    for start, end, (x0, x1) in halves:
        keys = list(dict.fromkeys((start, end, "source")))
        parts = flows.groupby(keys, sort=False)["codings"].sum().reset_index()
        order = {stage: {name: at for at, name in enumerate(columns[stage])} for stage in STAGES}
        parts = parts.assign(
            a=parts[start].map(order[start]),
            b=parts[end].map(order[end]),
            c=parts["source"].map(order["source"]),
        )
        leave: dict[int, float] = {}
        enter: dict[int, float] = {}
        rows = records(parts.assign(at=range(len(parts))))
        for row in sorted(rows, key=lambda row: (row["a"], row["b"], row["c"])):
            bar = columns[start][row[start]]
            leave[row["at"]] = bar.out
            bar.out += row["codings"] * scale
        for row in sorted(rows, key=lambda row: (row["b"], row["a"], row["c"])):
            bar = columns[end][row[end]]
            enter[row["at"]] = bar.into
            bar.into += row["codings"] * scale
        for row in rows:
            one, other = columns[start][row[start]], columns[end][row[end]]
            y0 = one.top + (one.height - one.out) / 2 + leave[row["at"]]
            y1 = other.top + (other.height - other.into) / 2 + enter[row["at"]]
            _band(sheet, x0, y0, x1, y1, row["codings"] * scale, shade[row["source"]])


def _band(
    sheet: Sheet,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    high: float,
    colour: tuple[float, float, float, float],
) -> None:
    up = sheet.height
    middle = (x0 + x1) / 2
    points = [
        (x0, up - y0), (middle, up - y0), (middle, up - y1), (x1, up - y1),
        (x1, up - y1 - high), (middle, up - y1 - high), (middle, up - y0 - high),
        (x0, up - y0 - high), (x0, up - y0),
    ]  # fmt: skip
    marks = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    sheet.drawing.add_artist(
        PathPatch(
            Path(points, marks),
            facecolor=colour,
            alpha=0.75,
            edgecolor="none",
            transform=sheet.drawing.dpi_scale_trans,
        )
    )
