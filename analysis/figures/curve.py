"""A curve: distinct codes found up to each interview, with a band of random orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from analysis.figures.figure import DARK, INK, LIGHT, MARGIN, QUIET, SIZE, SMALL, Figure, styled
from analysis.figures.sheet import FOOT, Sheet
from analysis.languages import printed
from analysis.phrases import counted, listing, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["accumulation_curve"]

LEFT, BOTTOM, TOP = 0.62, 0.5, 0.12


def accumulation_curve(
    band: pd.DataFrame,
    *,
    case_word: str,
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 3.4,
    marks: Sequence[int] = (),
    synthetic: bool,
) -> Figure:
    """Draw distinct codes after each case, in the order as it was and over random orders.

    Parameters
    ----------
    band : DataFrame
        As of :func:`analysis.chapters.saturation.accumulation_band`.
    case_word : str
        What a case is called, in the plural, as a heading.
    label, caption : str
    width, height : float
        In inches.
    marks : sequence of int
        Places after which the guide was refined; each gets a dotted line.
    synthetic : bool
    """
    import seaborn as sns

    foot = FOOT if synthetic else MARGIN
    with styled():
        sheet = Sheet(width, height, synthetic=synthetic)
        axes = sheet.axes(LEFT, TOP, width - LEFT - MARGIN, height - TOP - BOTTOM - foot)
        axes.fill_between(
            band["place"], band["lower"], band["upper"], color=LIGHT, alpha=0.5, linewidth=0,
            label=printed("Random orders, middle 95%"),
        )  # fmt: skip
        sns.lineplot(
            band, x="place", y="median", ax=axes, color=QUIET, linestyle="--", linewidth=1,
            label=printed("Random orders, median"),
        )  # fmt: skip
        sns.lineplot(
            band, x="place", y="cumulative", ax=axes, color=DARK, linewidth=1.6, marker="o",
            markersize=3.5, markeredgecolor=INK, markeredgewidth=0.4,
            label=printed("In the order in which they stand"),
        )  # fmt: skip
        for at, place in enumerate(marks):
            axes.axvline(
                place + 0.5, color=QUIET, linestyle=":", linewidth=1.2,
                label="_" if at else printed("The guide was refined"),
            )  # fmt: skip
        axes.legend(loc="lower right", fontsize=SMALL, frameon=False)
        axes.set_xlabel(printed(f"{case_word}, in order"), fontsize=SIZE)
        axes.set_ylabel(printed("Distinct codes"), fontsize=SIZE)
        axes.tick_params(labelsize=SMALL)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylim(bottom=0)
        axes.margins(x=0.02)
        axes.spines[["top", "right"]].set_visible(False)
    return Figure(sheet.drawing, band, label, caption, _alt(band, case_word, marks), synthetic)


def _alt(band: pd.DataFrame, case_word: str, marks: Sequence[int]) -> str:
    if band.empty:
        return "An empty curve: there is nothing to count."
    last = band.iloc[-1]
    if len(band) == 1:
        return said(f"One point, {counted(int(last['cumulative']), ('code', 'codes'))}: "
                    "nothing came after it")  # fmt: skip
    half = int(band.loc[band["cumulative"] * 2 >= last["cumulative"], "place"].iloc[0])
    return said(
        f"Curve of distinct codes over {len(band):,} {case_word.lower()}, which ends at "
        f"{counted(int(last['cumulative']), ('code', 'codes'))}",
        f"Half of them had come after the first {half:,}"
        if half > 1
        else "Half of them came with the first",
        "The dashed line and the band show the median and the middle 95% of random orders",
        *(
            [f"Dotted lines show where the guide was refined: after {listing(map(str, marks))}"]
            if marks
            else []
        ),
    )
