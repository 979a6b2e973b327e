"""Bars: how often codes were applied, and by how many people they were raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.codes import ordered_codes, told_apart
from analysis.figures.figure import (
    DARK,
    FAINT,
    INK,
    LIGHT,
    MARGIN,
    QUIET,
    SIZE,
    SMALL,
    Figure,
    styled,
)
from analysis.figures.sheet import (
    FOOT,
    PAGE,
    Sheet,
    balanced,
    line_inches,
    longest,
    text_width,
    wrapped,
)
from analysis.languages import printed
from analysis.numbers import format_number
from analysis.phrases import CATEGORIES, CODINGS, counted, not_shown, of_whole, said

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Bar", "bar_chart", "frequency_bars", "top_codes"]


GAP = 0.12
NEAR = 0.05
# shares of the width: of the labels, and of the right panel in what they leave
LABELS = 0.46
RIGHT_PANEL = 0.4
MOST_BARS = 25  # that are drawn, those with most codings
THICKNESS = 0.17
# between rows in inches at the usual size of letters; smaller letters stand closer
PADDING = 0.09
# more than that between rows of a figure that has few, at most
SPARE = 0.3
SIZES = (SIZE, 7.0, SMALL)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what is counted, its codings and the cases behind them."""

    label: str
    codings: int
    cases: int


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the parts of a bar chart stand, in inches from the left and from the top."""

    size: float
    texts: list[list[str]]
    needs: list[float]
    titles: tuple[list[str], list[str]]
    starts: tuple[float, float]
    lengths: tuple[float, float]

    @property
    def head(self) -> float:
        lines = max(len(title) for title in self.titles)
        return MARGIN + line_inches(self.size, lines) + 0.05

    @property
    def height(self) -> float:
        return self.head + sum(self.needs) + FOOT


def _grid(rows: list[Bar | str], panels: tuple[str, str], width: float, size: float) -> _Grid:
    texts = [
        balanced(row, width - 2 * MARGIN, size, "bold")
        if isinstance(row, str)
        else balanced(row.label, LABELS * width, size)
        for row in rows
    ]
    padding = PADDING * (size / SIZE) ** 3
    bars = [(row, lines) for row, lines in zip(rows, texts, strict=True) if isinstance(row, Bar)]
    labels = max((longest(lines, size) for _, lines in bars), default=0.0)
    left = MARGIN + labels + GAP
    rest = width - left - GAP - MARGIN
    numbers = [
        max((text_width(format_number(n), size) for n in column), default=0.0) + NEAR
        for column in ([row.codings for row, _ in bars], [row.cases for row, _ in bars])
    ]
    # the right panel is as wide as its title where there is room for that
    second = max(RIGHT_PANEL * rest, min(text_width(panels[1], size, "bold"), 0.5 * rest))
    first = rest - second
    return _Grid(
        size=size,
        texts=texts,
        needs=[line_inches(size, len(lines)) + padding for lines in texts],
        titles=(
            wrapped(panels[0], first, size, "bold"),
            wrapped(panels[1], second, size, "bold"),
        ),
        starts=(left, left + first + GAP),
        lengths=(first - numbers[0], second - numbers[1]),
    )


def bar_chart(
    rows: list[Bar | str],
    panels: tuple[str, str],
    cases: int | None,
    width: float,
    height: float,
    *,
    synthetic: bool,
    foot: str = "",
) -> Sheet:
    """Lay out rows of a label and two bars; a text among them is a heading.

    Letters get smaller before the figure gets longer than a page.
    """
    for size in SIZES:
        grid = _grid(rows, panels, width, size)
        if grid.height <= max(height, PAGE):
            break
    # a few bars do not drift apart over a page's width of white
    spare = min(SPARE, max(0.0, height - grid.height) / max(1, len(rows)))
    high = grid.height + spare * len(rows) if rows else max(height, grid.height)
    sheet = Sheet(width, high, synthetic=synthetic)
    for start, lines in zip(grid.starts, grid.titles, strict=True):
        sheet.text(start, MARGIN, lines, size=size, weight="bold")
    if not rows:
        sheet.text(width / 2, height / 2, printed("No codings"), colour=QUIET, ha="center")
    most = max((row.codings for row in rows if isinstance(row, Bar)), default=0)
    widest = cases or max((row.cases for row in rows if isinstance(row, Bar)), default=0)
    thick = THICKNESS * size / SIZE
    y = grid.head
    for row, lines, need in zip(rows, grid.texts, grid.needs, strict=True):
        middle = y + (need + spare) / 2
        y += need + spare
        if isinstance(row, str):
            sheet.text(MARGIN, middle, lines, size=size, weight="bold", va="center")
            continue
        sheet.text(grid.starts[0] - GAP, middle, lines, size=size, ha="right", va="center")
        top = middle - thick / 2
        long = grid.lengths[0] * row.codings / max(1, most)
        part = grid.lengths[1] * row.cases / max(1, widest)
        sheet.box(grid.starts[0], top, long, thick, facecolor=DARK)
        if cases:
            sheet.box(grid.starts[1], top, grid.lengths[1], thick, facecolor=FAINT)
        sheet.box(grid.starts[1], top, part, thick, facecolor=LIGHT, edgecolor=INK, linewidth=0.4)
        ends = (grid.starts[0] + long, grid.starts[1] + (grid.lengths[1] if cases else part))
        for end, number in zip(ends, (row.codings, row.cases), strict=True):
            sheet.text(end + NEAR, middle, format_number(number), size=size, va="center")
    sheet.text(MARGIN, sheet.height - MARGIN, foot, size=SMALL, colour=QUIET, va="bottom")
    return sheet


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
    data = data[data["codings"] > 0] if data["codings"].any() else data
    rest = data.sort_values("codings", ascending=False, kind="stable").index[MOST_BARS:]
    data = data.drop(index=rest).reset_index(drop=True)
    foot = not_shown(len(rest))
    rows: list[Bar | str] = []
    for parent, members in data.groupby("parent", sort=False, dropna=False):
        if level > 1:
            rows.append(str(parent))
        rows += _bars(members)
    nouns = case_word.lower()
    alt = said(
        f"Bar chart of {counted(len(data), CATEGORIES)}: codings on the left, and "
        "on the right how many "
        + (f"of the {format_number(cases)} " if cases != 1 else "")
        + f"{nouns} they come from",
        _extremes(data, cases, nouns),
        foot,
    )
    panels = (printed("Codings"), printed(f"{case_word} (of {format_number(cases)})"))
    with styled():
        sheet = bar_chart(
            rows, panels, cases, width, height, synthetic=synthetic, foot=printed(foot)
        )
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
            more = f"more with {counted(last, CODINGS)}"
            foot = not_shown(left, (f"{more} is", f"{more} are"))
    nouns = case_word.lower()
    alt = said(
        f"Bar chart of the {counted(len(data), ('most frequent code', 'most frequent codes'))} of "
        f"{format_number(int((every['codings'] > 0).sum()))} that were used: codings on the "
        f"left, and on the right how many {nouns} they come from",
        _extremes(data, cases, nouns),
        foot,
    )
    whole = f"{case_word} (of {format_number(cases)})" if cases else case_word
    panels = (printed("Codings"), printed(whole))
    with styled():
        sheet = bar_chart(
            [*_bars(data)], panels, cases, width, height, synthetic=synthetic, foot=printed(foot)
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


def _people(people: int, cases: int | None, nouns: str) -> str:
    """Say how many people raised a code."""
    return of_whole(people, cases, nouns) if cases else f"{format_number(people)} {nouns}"


def _extremes(data: pd.DataFrame, cases: int | None, nouns: str) -> str:
    """Say which codes are the most and the least frequent, and which most people raised."""
    if not data["codings"].sum():
        return "There are no codings"
    ranked = data.sort_values("codings", ascending=False, kind="stable")
    items = [
        f"{name} ({counted(codings, CODINGS)}"
        + ("" if cases == 1 else f", {_people(people, cases, nouns)}")
        + ")"
        for name, codings, people in zip(
            ranked["label"], ranked["codings"], ranked["cases"], strict=True
        )
    ]
    if len(items) == 1:
        return f"It is {items[0]}"
    counts = ranked["codings"].to_numpy()
    first = min(3, len(items) - 1)
    tops = items[:first]
    if alike := int((counts[first:] == counts[first - 1]).sum()):
        tops.append(f"{format_number(alike)} more with {counted(int(counts[first - 1]), CODINGS)}")
    sentences = [f"Most codings: {'; '.join(tops)}"]
    least = int((counts == counts[-1]).sum())
    if counts[-1] < counts[first - 1]:
        few = f"{format_number(least)} with {counted(int(counts[-1]), CODINGS)} each"
        sentences.append(f"Fewest: {items[-1] if least == 1 else few}")
    most = data["cases"].max()
    widest = data.loc[data["cases"] == most, "label"]
    if len(widest) == 1 and widest.iloc[0] != ranked["label"].iloc[0]:
        sentences.append(f"Raised by most {nouns}: {widest.iloc[0]} ({format_number(most)})")
    return said(*sentences)
