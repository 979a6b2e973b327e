"""Codes that stand together, as a heat map of pairs and as a network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.codes import ordered_codes, told_apart
from analysis.figures.figure import (
    DARK,
    MARGIN,
    QUIET,
    SIZE,
    SMALL,
    Figure,
    styled,
)
from analysis.figures.heatmap import draw_cells
from analysis.figures.sheet import FOOT, Sheet, balanced, line_inches, longest, text_width
from analysis.languages import printed
from analysis.numbers import format_number
from analysis.phrases import counted, not_shown, said

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

__all__ = ["cooccurrence_heatmap", "cooccurrence_network"]

GAP = 0.1
ROW, NUMBER = 0.2, 0.26  # inches: height of a row, room for its number
LABELS = 0.42  # share of the width that labels may take
LEAST, MOST_WIDTH = 0.4, 5.0  # points of a line
RADIUS, LEADER = 1.45, 0.3  # inches: of the circle, and from it to the labels
SPACE = 0.05  # inches between two labels
EVEN = 1e-9  # what is as good as the middle
CODES = ("code", "codes")
SMALLEST, LARGEST = 0.06, 0.2  # inches of a point


def _nodes(pairs: pd.DataFrame, codes: pd.DataFrame, most: int) -> list[str]:
    """Return the codes of the most frequent pairs, in the order of the code system."""
    kept: set[str] = set()
    for pair in zip(pairs["first"], pairs["second"], strict=True):
        if len(kept.union(pair)) <= most:
            kept.update(pair)
        if len(kept) == most:
            break
    return [code for code in ordered_codes(codes)["code_id"].astype("str") if code in kept]


def _alt(pairs: pd.DataFrame, labels: pd.Series, start: str, together: str) -> str:
    if pairs.empty:
        return said(start, "No two codes stand together")
    shown = _first(pairs, 3)
    tops = [
        f"{labels[row['first']]} with {labels[row['second']]} ({row['pairs']:,})"
        for _, row in shown.head(3).iterrows()
    ]
    often = int(pairs["pairs"].iloc[len(shown) - 1])
    alike = int((pairs["pairs"] == often).sum()) - int((shown["pairs"].head(3) == often).sum())
    if alike:
        tops.append(f"{alike:,} more as often as the last")
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
    width : float
        In inches; fewer codes are drawn where their numbers would not fit into it.
    synthetic : bool
    """
    every = _nodes(pairs, codes, most)
    with styled():
        names = _readable(every, pairs, codes, width)
        labels = told_apart(codes, names)
        inside = pairs[pairs["first"].isin(names) & pairs["second"].isin(names)]
        rows = [balanced(str(labels[name]), LABELS * width, SMALL) for name in names]
        left = _left(rows)
        deep = max((len(lines) for lines in rows), default=1)
        row = max(ROW, line_inches(SMALL, deep) + 0.04)
        top = MARGIN + line_inches(SIZE) + 0.05
        high = top + row * max(1, len(names)) + FOOT + 0.05
        sheet = Sheet(width, high, synthetic=synthetic)
        if names:
            cell = (width - left - MARGIN) / len(names)
            values, texts = _halved(inside, names)
            middles = draw_cells(
                sheet, values, texts, (left, top), cell, [row] * len(names), framed=False
            )
            for at, (lines, y) in enumerate(zip(rows, middles, strict=True)):
                number = format_number(at + 1)
                sheet.text(left - GAP - NUMBER, y, lines, size=SMALL, ha="right", va="center")
                sheet.text(left - GAP, y, number, size=SMALL, ha="right", va="center",
                           weight="bold")  # fmt: skip
                sheet.text(left + cell * (at + 0.5), y, number, size=SMALL, ha="center",
                           va="center", weight="bold")  # fmt: skip
            sheet.text(left, MARGIN, printed(f"Times {together}"), colour=QUIET)
        else:
            sheet.text(
                width / 2, top, printed("No two codes stand together"), colour=QUIET, ha="center"
            )
        foot = not_shown(len(every) - len(names), ("more code is", "more codes are"))
        sheet.text(MARGIN, high - MARGIN, printed(foot), size=SMALL, colour=QUIET, va="bottom")
    start = f"Heat map of {counted(len(names), CODES)} by each other"
    alt = _alt(inside, labels, start, together)
    return Figure(sheet.drawing, inside, label, caption, said(alt, foot), synthetic)


def _readable(
    names: list[str], pairs: pd.DataFrame, codes: pd.DataFrame, width: float
) -> list[str]:
    """Return as many of the codes as leave room for the numbers in their cells."""
    if not names:
        return []
    labels = told_apart(codes, names)
    left = _left([balanced(str(labels[name]), LABELS * width, SMALL) for name in names])
    inside = pairs[pairs["first"].isin(names) & pairs["second"].isin(names)]
    widest = max(int(inside["pairs"].max()) if len(inside) else 1, len(names))
    need = text_width(format_number(widest), SMALL, "bold") + 0.04
    room = int((width - left - MARGIN) / need)
    return names if len(names) <= room else _nodes(pairs, codes, max(2, room))


def _left(rows: list[list[str]]) -> float:
    """Return where the cells begin, behind labels and their numbers, in inches."""
    return MARGIN + NUMBER + longest([line for lines in rows for line in lines], SMALL) + GAP


def _halved(
    inside: pd.DataFrame, names: list[str]
) -> tuple[npt.NDArray[np.float64], list[list[str]]]:
    """Return the lower half of the matrix, and what is printed in it; "·" where there is none."""
    import numpy as np

    place = {name: at for at, name in enumerate(names)}
    values = np.full((len(names), len(names)), np.nan)
    values[np.tril_indices(len(names), k=-1)] = 0
    for one, other, n in zip(inside["first"], inside["second"], inside["pairs"], strict=True):
        low, high = sorted((place[one], place[other]))
        values[high, low] = n
    texts = [
        ["" if value != value else format_number(int(value)) if value else "·" for value in row]
        for row in values
    ]
    return values, texts


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
    pairs, codes, together, most, label, caption, width, synthetic
        As in :func:`cooccurrence_heatmap`.
    height : float
        In inches; it grows where the labels need it.
    frequencies : DataFrame
        As of :func:`analysis.chapters.frequencies.code_frequencies`.
    edges : int
        Lines to draw at most, those first that stand for most; of several that are as frequent
        either all are drawn or none.
    """
    names = _nodes(pairs, codes, most)
    labels = told_apart(codes, names)
    every = pairs[pairs["first"].isin(names) & pairs["second"].isin(names)]
    inside = _first(every, edges)
    codings = frequencies.set_index(frequencies["code_id"].astype("str"))["codings"]
    foot = ""
    if left := len(every) - len(inside):
        foot = f"{counted(left, ('more pair is', 'more pairs are'))} not drawn."
    with styled():
        radius = max(0.3, min(RADIUS, (height - FOOT - 0.4) / 2))
        room = width / 2 - radius - LEADER - 2 * MARGIN
        places = _around(names, radius)
        # labels stand in two columns beside the circle, from top to bottom as their points do
        columns: dict[bool, list[tuple[str, list[str]]]] = {False: [], True: []}
        for name in sorted(names, key=lambda name: places[name][1]):
            words = balanced(str(labels[name]), room, SMALL)
            columns[places[name][0] > -EVEN].append((name, words))
        needs = [
            sum(line_inches(SMALL, len(words)) + SPACE for _, words in column)
            for column in columns.values()
        ]
        free = max(2 * (radius + LARGEST), *needs)
        sheet = Sheet(width, free + 2 * MARGIN + FOOT, synthetic=synthetic)
        middle, centre = width / 2, MARGIN + free / 2
        largest = float(inside["pairs"].max()) if len(inside) else 1.0
        lines = zip(inside["first"], inside["second"], inside["pairs"], strict=True)
        for one, other, n in reversed(list(lines)):
            (x1, y1), (x2, y2) = places[one], places[other]
            share = float(n) / largest
            sheet.line(
                [middle + x1, middle + x2], [centre + y1, centre + y2], color=DARK,
                alpha=0.25 + 0.65 * share, linewidth=LEAST + (MOST_WIDTH - LEAST) * share,
                solid_capstyle="round",
            )  # fmt: skip
        most_codings = max((int(codings.get(name, 0)) for name in names), default=1) or 1
        for is_right, column in columns.items():
            sign = 1 if is_right else -1
            edge = middle + sign * (radius + LEADER)
            tops = _apart([(centre + places[name][1], words) for name, words in column], free)
            for (name, words), y in zip(column, tops, strict=True):
                x, own = middle + places[name][0], centre + places[name][1]
                share = math.sqrt(int(codings.get(name, 0)) / most_codings)
                sheet.line([x, edge - sign * 0.04], [own, y], color=QUIET, linewidth=0.4)
                sheet.point(x, own, "o", "white", SMALLEST + (LARGEST - SMALLEST) * share)
                sheet.text(edge, y, words, size=SMALL, ha="left" if is_right else "right",
                           va="center")  # fmt: skip
        if not names:
            sheet.text(
                middle, centre, printed("No two codes stand together"), colour=QUIET, ha="center"
            )
        bottom = sheet.height - MARGIN
        sheet.text(MARGIN, bottom, printed(foot), size=SMALL, colour=QUIET, va="bottom")
    start = (
        f"Network of {counted(len(names), CODES)} with "
        f"{counted(len(inside), ('line', 'lines'))}, thicker the more often two stand together"
    )
    alt = _alt(every, labels, start, together)
    return Figure(sheet.drawing, inside, label, caption, said(alt, foot), synthetic)


def _first(pairs: pd.DataFrame, edges: int) -> pd.DataFrame:
    """Return the first pairs, and none of those that are as frequent as one that is left out."""
    if len(pairs) <= edges:
        return pairs
    more = pairs[pairs["pairs"] > int(pairs["pairs"].iloc[edges])]
    return more if len(more) else pairs.head(edges)


def _around(names: list[str], radius: float) -> dict[str, tuple[float, float]]:
    """Return where each code stands on the circle, from its middle; the first at the top."""
    angles = [2 * math.pi * at / max(1, len(names)) - math.pi / 2 for at in range(len(names))]
    return {
        name: (radius * math.cos(angle), radius * math.sin(angle))
        for name, angle in zip(names, angles, strict=True)
    }


def _apart(wanted: list[tuple[float, list[str]]], free: float) -> list[float]:
    """Return the middles of labels, each as near to its point as those above and below allow."""
    highs = [line_inches(SMALL, len(words)) + SPACE for _, words in wanted]
    middles: list[float] = []
    low = MARGIN
    for (y, _), high in zip(wanted, highs, strict=True):
        middles.append(max(y, low + high / 2))
        low = middles[-1] + high / 2
    high_end = MARGIN + free
    for at in range(len(middles) - 1, -1, -1):
        middles[at] = min(middles[at], high_end - highs[at] / 2)
        high_end = middles[at] - highs[at] / 2
    return middles
