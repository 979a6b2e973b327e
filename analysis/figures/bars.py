"""Bars for frequencies: codings on the left, and the people behind them on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.codes import ordered_codes, told_apart
from analysis.figures.barchart import Bar, bar_chart
from analysis.figures.figure import Figure
from analysis.figures.style import styled
from analysis.figures.words import counted, of_whole, said
from analysis.numbers import format_number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frequency_bars", "top_codes"]


def frequency_bars(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    *,
    level: int,
    cases: int,
    case_word: str,
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 3.9,
    synthetic: bool,
) -> Figure:
    """Draw codings and cases of all codes at one level, the most frequent first.

    Below the first level the codes stand under the names of those above them.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``parent_id``, ``label``, ``level``, ``position``.
    frequencies : DataFrame
        As of :func:`analysis.chapters.frequencies.code_frequencies`.
    level : int
        Level of the code system, from 1.
    cases : int
        All cases: as long as the grey bars on the right.
    case_word : str
        What a case is called: "Participants" or "Documents".
    label, caption : str
    width, height : float
        In inches. The figure grows in height where the labels need it.
    synthetic : bool

    Returns
    -------
    Figure
        Its data: ``code_id``, ``label``, ``parent`` (label), ``codings``, ``cases``.
    """
    data = _counted(codes, frequencies, level)
    rows: list[Bar | str] = []
    for parent, members in data.groupby("parent", sort=False, dropna=False):
        if level > 1:
            rows.append(str(parent))
        rows += _bars(members)
    nouns = case_word.lower()
    alt = said(
        f"Bar chart of {counted(len(data), 'category', 'categories')}: codings on the left, and "
        f"on the right how many of the {format_number(cases)} {nouns} they come from",
        _extremes(data, cases, nouns),
    )
    panels = ("Codings", f"{case_word} (of {format_number(cases)})")
    with styled():
        sheet = bar_chart(rows, panels, cases, width, height, synthetic=synthetic)
    return Figure(sheet.drawing, data, label, caption, alt, synthetic)


def top_codes(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    *,
    n: int,
    case_word: str,
    cases: int | None = None,
    label: str,
    caption: str,
    width: float = 6.3,
    height: float = 3.9,
    synthetic: bool,
) -> Figure:
    """Draw the codes that were applied most often themselves, whatever their level.

    Codes of one name are told apart by their parent.
    Where codes that are as frequent as the last one shown did not fit among the `n`,
    the figure says how many.

    Parameters
    ----------
    codes, frequencies : DataFrame
        As in :func:`frequency_bars`.
    n : int
        How many codes to show, at most.
    cases : int, optional
        All cases; without them the bars on the right are as long as the largest.
    case_word, label, caption, width, height, synthetic
        As in :func:`frequency_bars`.

    Returns
    -------
    Figure
        Its data as in :func:`frequency_bars`.
    """
    applied = frequencies[frequencies["own"] > 0]
    every = ordered_codes(codes).merge(applied, on="code_id", validate="one_to_one")
    every["codings"], every["cases"] = every["own"], every["own_cases"]
    every["parent"] = every["parent_id"].map(codes.set_index("code_id")["label"])
    every["label"] = told_apart(codes, every["code_id"]).to_numpy()
    every = every.sort_values("codings", ascending=False, kind="stable")
    columns = ["code_id", "label", "parent", "codings", "cases"]
    data = every.head(n)[columns].reset_index(drop=True)
    foot = ""
    if len(data):
        last = int(data["codings"].iloc[-1])
        if left := int((every["codings"] == last).sum() - (data["codings"] == last).sum()):
            foot = (
                f"{format_number(left)} more with {counted(last, 'coding')} "
                f"{'is' if left == 1 else 'are'} not shown."
            )
    nouns = case_word.lower()
    alt = said(
        f"Bar chart of the {counted(len(data), 'most frequent code')} of "
        f"{format_number(int((every['codings'] > 0).sum()))} that were used: codings on the "
        f"left, and on the right how many {nouns} they come from",
        _extremes(data, cases, nouns),
        foot,
    )
    panels = ("Codings", f"{case_word} (of {format_number(cases)})" if cases else case_word)
    with styled():
        sheet = bar_chart(
            [*_bars(data)], panels, cases, width, height, synthetic=synthetic, foot=foot
        )
    return Figure(sheet.drawing, data, label, caption, alt, synthetic)


def _counted(codes: pd.DataFrame, frequencies: pd.DataFrame, level: int) -> pd.DataFrame:
    """Return the codes of one level in order of the parents, then of frequency."""
    ordered = ordered_codes(codes)
    labels = ordered.set_index("code_id")["label"]
    table = ordered[ordered["level"] == level].merge(
        frequencies[["code_id", "codings", "cases"]], on="code_id", validate="one_to_one"
    )
    table["parent"] = table["parent_id"].map(labels)
    rank = (
        table["parent_id"]
        .fillna("")
        .map({name: place for place, name in enumerate(table["parent_id"].fillna("").unique())})
    )
    table = table.assign(rank=rank).sort_values(
        ["rank", "codings"], ascending=[True, False], kind="stable"
    )
    return table[["code_id", "label", "parent", "codings", "cases"]].reset_index(drop=True)


def _bars(data: pd.DataFrame) -> list[Bar]:
    columns = zip(data["label"], data["codings"], data["cases"], strict=True)
    return [Bar(str(name), int(codings), int(cases)) for name, codings, cases in columns]


def _extremes(data: pd.DataFrame, cases: int | None, nouns: str) -> str:
    """Say which codes are the most and the least frequent, and which most people raised."""
    if not data["codings"].sum():
        return "There are no codings"
    ranked = data.sort_values("codings", ascending=False, kind="stable")
    items = [
        f"{name} ({counted(codings, 'coding')}, "
        + (of_whole(people, cases, nouns) if cases else f"{format_number(people)} {nouns}")
        + ")"
        for name, codings, people in zip(
            ranked["label"], ranked["codings"], ranked["cases"], strict=True
        )
    ]
    if len(items) == 1:
        return f"It is {items[0]}"
    sentences = [f"Most codings: {'; '.join(items[: min(3, len(items) - 1)])}"]
    sentences.append(f"Fewest: {items[-1]}")
    most = data["cases"].max()
    widest = data.loc[data["cases"] == most, "label"]
    if len(widest) == 1 and widest.iloc[0] != ranked["label"].iloc[0]:
        sentences.append(f"Raised by most {nouns}: {widest.iloc[0]} ({format_number(most)})")
    return said(*sentences)
