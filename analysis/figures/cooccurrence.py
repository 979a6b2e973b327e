"""Codes that stand together, as a heat map of pairs and as a network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from analysis.codes import ordered_codes, told_apart
from analysis.figures.figure import (
    DARK,
    INK,
    MARGIN,
    QUIET,
    SEQUENCE,
    SIZE,
    SMALL,
    Figure,
    readable_on,
    styled,
)
from analysis.figures.sheet import FOOT, Sheet, balanced, line_inches, longest
from analysis.languages import printed
from analysis.numbers import format_number
from analysis.phrases import counted, said

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cooccurrence_heatmap", "cooccurrence_network"]

GAP = 0.1
DARKEST = 0.85
ROW, NUMBER = 0.2, 0.26  # inches: height of a row, room for its number
LABELS = 0.42  # share of the width that labels may take
LEAST, MOST_WIDTH = 0.4, 5.0  # points of a line
SMALLEST, LARGEST = 0.06, 0.2  # inches of a point


def _nodes(pairs: pd.DataFrame, codes: pd.DataFrame, most: int) -> list[str]:
    """Return the codes that stand together most, in the order of the code system."""
    import pandas as pd

    both = pd.concat([pairs[["first", "pairs"]].set_axis(["code", "pairs"], axis=1),
                      pairs[["second", "pairs"]].set_axis(["code", "pairs"], axis=1)])  # fmt: skip
    sums = both.groupby("code")["pairs"].sum().sort_values(ascending=False, kind="stable")
    kept = set(sums.head(most).index)
    return [code for code in ordered_codes(codes)["code_id"].astype("str") if code in kept]


def _alt(pairs: pd.DataFrame, labels: pd.Series, start: str, together: str) -> str:
    if pairs.empty:
        return said(start, "No two codes stand together")
    tops = [
        f"{labels[row['first']]} with {labels[row['second']]} ({row['pairs']:,})"
        for _, row in pairs.head(3).iterrows()
    ]
    return said(start, f"Together means {together}", f"Most often: {'; '.join(tops)}")


def cooccurrence_heatmap(
    pairs: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    together: str,
    most: int = 20,
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 3.5,
    synthetic: bool,
) -> Figure:
    """Draw how often each two codes stand together, each pair once, darker where more often.

    Parameters
    ----------
    pairs : DataFrame
        As of :func:`analysis.chapters.cooccurrence.cooccurrence`.
    codes : DataFrame
        ``code_id``, ``parent_id``, ``label``, ``position``.
    together : str
        What "together" means, for the alternative text.
    most : int
        Codes to draw, those first that stand together most.
    label, caption : str
    width, height : float
        In inches; it grows in height where the rows need it.
    synthetic : bool
    """
    names = _nodes(pairs, codes, most)
    labels = told_apart(codes, names)
    inside = pairs[pairs["first"].isin(names) & pairs["second"].isin(names)]
    place = {name: at for at, name in enumerate(names)}
    with styled():
        rows = [balanced(str(labels[name]), LABELS * width, SMALL) for name in names]
        deep = max((len(lines) for lines in rows), default=1)
        row = max(ROW, line_inches(SMALL, deep) + 0.04)
        high = MARGIN + line_inches(SIZE) + row * max(1, len(names)) + FOOT + 0.1
        sheet = Sheet(width, max(high, min(height, high)), synthetic=synthetic)
        top = MARGIN + line_inches(SIZE) + 0.05
        left = MARGIN + NUMBER + longest([line for lines in rows for line in lines], SMALL) + GAP
        cell = (width - left - MARGIN) / max(1, len(names))
        largest = int(inside["pairs"].max()) if len(inside) else 1
        counts = {
            tuple(sorted((place[a], place[b]))): int(n)
            for a, b, n in zip(inside["first"], inside["second"], inside["pairs"], strict=True)
        }
        size = SMALL if cell > 0.24 else 5.5
        for at in range(len(names)):
            y = top + row * at
            sheet.text(left - GAP - NUMBER, y + row / 2, rows[at], size=SMALL, ha="right",
                       va="center")  # fmt: skip
            sheet.text(left - GAP, y + row / 2, str(at + 1), size=SMALL, ha="right", va="center",
                       weight="bold")  # fmt: skip
            for other in range(at):
                n = counts.get((other, at), 0)
                fill = SEQUENCE(n / largest * DARKEST)
                sheet.box(left + cell * other, y, cell, row, facecolor=fill, edgecolor="white",
                          linewidth=0.8)  # fmt: skip
                text = format_number(n) if n else "·"
                sheet.text(left + cell * (other + 0.5), y + row / 2, text, size=size,
                           colour=readable_on(fill), ha="center", va="center")  # fmt: skip
            sheet.text(left + cell * (at + 0.5), y + row / 2, str(at + 1), size=SMALL,
                       weight="bold", ha="center", va="center")  # fmt: skip
        if not names:
            sheet.text(
                width / 2, top, printed("No two codes stand together"), colour=QUIET, ha="center"
            )
        else:
            sheet.text(left, MARGIN, printed(f"Times {together}"), colour=QUIET)
    start = f"Heat map of {counted(len(names), ('code', 'codes'))} by each other"
    return Figure(sheet.drawing, inside, label, caption, _alt(inside, labels, start, together),
                  synthetic)  # fmt: skip


def cooccurrence_network(
    pairs: pd.DataFrame,
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    *,
    together: str,
    most: int = 20,
    edges: int = 40,
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 4.6,
    synthetic: bool,
) -> Figure:
    """Draw codes on a circle, joined by lines that are thicker the more they stand together.

    The order on the circle is that of the code system, so that the picture does not hang on
    chance; points grow with the codings of a code.

    Parameters
    ----------
    pairs, codes, together, most, label, caption, width, height, synthetic
        As in :func:`cooccurrence_heatmap`.
    frequencies : DataFrame
        As of :func:`analysis.chapters.frequencies.code_frequencies`.
    edges : int
        Lines to draw, those first that stand for most.
    """
    names = _nodes(pairs, codes, most)
    labels = told_apart(codes, names)
    inside = pairs[pairs["first"].isin(names) & pairs["second"].isin(names)].head(edges)
    codings = frequencies.set_index(frequencies["code_id"].astype("str"))["codings"]
    with styled():
        room = 0.3 * width
        radius = max(0.3, min((height - FOOT - 0.8) / 2, width / 2 - room))
        height = min(height, 2 * radius + 0.8 + FOOT)
        sheet = Sheet(width, height, synthetic=synthetic)
        middle, centre = width / 2, MARGIN + 0.32 + radius
        places = {}
        for at, name in enumerate(names):
            angle = 2 * math.pi * at / max(1, len(names)) - math.pi / 2
            places[name] = (
                middle + radius * math.cos(angle),
                centre + radius * math.sin(angle),
                math.cos(angle),
                math.sin(angle),
            )
        largest = float(inside["pairs"].max()) if len(inside) else 1.0
        lines = zip(inside["first"], inside["second"], inside["pairs"], strict=True)
        for one, other, n in reversed(list(lines)):
            (x1, y1, *_), (x2, y2, *_) = places[one], places[other]
            share = float(n) / largest
            sheet.drawing.add_artist(
                Line2D(
                    [x1, x2],
                    [height - y1, height - y2],
                    color=DARK,
                    alpha=0.25 + 0.65 * share,
                    linewidth=LEAST + (MOST_WIDTH - LEAST) * share,
                    solid_capstyle="round",
                    transform=sheet.drawing.dpi_scale_trans,
                )
            )
        most_codings = max((int(codings.get(name, 0)) for name in names), default=1) or 1
        for name, (x, y, cos, sin) in places.items():
            share = math.sqrt(int(codings.get(name, 0)) / most_codings)
            size = SMALLEST + (LARGEST - SMALLEST) * share
            sheet.point(x, y, "o", "white", size)
            side = "center" if abs(cos) < 0.2 else "left" if cos > 0 else "right"
            wide = (width - 2 * MARGIN if side == "center" else
                    (width - x if side == "left" else x) - MARGIN - size)  # fmt: skip
            words = balanced(str(labels[name]), min(wide, 0.4 * width), SMALL)
            up = "center" if side != "center" else ("top" if sin > 0 else "bottom")
            sheet.text(x + cos * (size / 2 + 0.07), y + sin * (size / 2 + 0.05), words, size=SMALL,
                       colour=INK, ha=side, va=up)  # fmt: skip
        if not names:
            sheet.text(
                middle, centre, printed("No two codes stand together"), colour=QUIET, ha="center"
            )
    start = (
        f"Network of {counted(len(names), ('code', 'codes'))} with "
        f"{counted(len(inside), ('line', 'lines'))}"
    )
    return Figure(sheet.drawing, inside, label, caption, _alt(inside, labels, start, together),
                  synthetic)  # fmt: skip
