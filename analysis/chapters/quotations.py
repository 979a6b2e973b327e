"""Quotations: which are shown, who said them, as Markdown and as a table."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.codes import at_level, told_apart
from analysis.direction import runs
from analysis.forms import records
from analysis.languages import printed, spoken
from analysis.metrics import LEFT_TO_RIGHT, bidi_markdown
from analysis.phrases import in_sentence
from analysis.settings import Quotations
from analysis.tables import Column, Table
from qdaio.faults import FaultList

__all__ = [
    "attribution",
    "category_quotations",
    "pick_quotations",
    "quotation_markdown",
    "quotation_table",
    "spread_quotations",
]


def category_quotations(quotations: pd.DataFrame, codes: pd.DataFrame, level: int) -> pd.DataFrame:
    """Put each quotation under the category that it illustrates.

    Parameters
    ----------
    quotations : DataFrame
        ``code_id``, ``case_id``, ``document_id``, ``text``; those that the coders marked.
    codes : DataFrame
    level : int

    Returns
    -------
    DataFrame
        The rows with ``category``, the code at `level`, or the code itself where its
        branch ends above; one row for each text in a category.
    """
    above = quotations["code_id"].map(at_level(codes, level))
    table = quotations.assign(category=above.fillna(quotations["code_id"]))
    return table.drop_duplicates(["category", "text"]).reset_index(drop=True)


def spread_quotations(
    quotations: pd.DataFrame, codes: pd.DataFrame, groups: pd.Series | None, each: int
) -> pd.DataFrame:
    """Choose quotations so that they come from many people and groups.

    For each category in the order of the code system, one after the other is chosen: of
    a participant who is not yet quoted on it; of these, who was quoted least so far; of
    these, from the group that was quoted least for its size; of these, on a code that the
    category did not yet illustrate; of these, the first in the order of the export.

    Parameters
    ----------
    quotations : DataFrame
        As of :func:`category_quotations`.
    codes : DataFrame
    groups : Series or None
        Index ``case_id``, values the group.
    each : int
        At most so many for a category.

    Returns
    -------
    DataFrame
        The chosen rows, by category.
    """
    group = {} if groups is None else dict(zip(groups.index, groups.astype("str"), strict=True))
    sizes = Counter(group.values())
    parents = codes.set_index("code_id")["parent_id"].to_dict()
    position = codes.set_index("code_id")["position"].to_dict()
    people: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    chosen: list[int] = []
    order = sorted(quotations["category"].unique(), key=lambda code: int(position[code]))
    for category in order:
        rows = records(quotations[quotations["category"] == category].reset_index())
        shown: set[object] = set()
        heard: set[object] = set()
        for _ in range(min(each, len(rows))):
            best = min(
                rows,
                key=lambda row: (
                    row["case_id"] in heard,
                    people[row["case_id"]],
                    _share(parts, sizes, group.get(row["case_id"], "")),
                    parents.get(row["code_id"]) in shown,
                    row["index"],
                ),
            )
            rows.remove(best)
            chosen.append(best["index"])
            heard.add(best["case_id"])
            people[best["case_id"]] += 1
            parts[group.get(best["case_id"], "")] += 1
            shown.add(parents.get(best["code_id"]))
    return quotations.loc[chosen].reset_index(drop=True)


def _share(quoted: Counter[str], sizes: Counter[str], group: str) -> float:
    """Return how often a group was quoted, for each of its members."""
    return quoted[group] / sizes[group] if sizes[group] else 0.0


def pick_quotations(
    quotations: pd.DataFrame, groups: pd.Series | None, rule: Quotations
) -> pd.DataFrame:
    """Choose what the table of quotations shows, by a rule that the study file states.

    Parameters
    ----------
    quotations : DataFrame
        As of :func:`category_quotations`, with ``source_file`` and ``source_row``.
    groups : Series or None
        Index ``case_id``, values the group.
    rule : Quotations
        "all"; "each group": in each category one of each group, then further ones, at most
        `each`; "longest": those with most words, of at most `words`, at most `each`; "named":
        the rows that are named.

    Returns
    -------
    DataFrame
        The chosen rows, in the order of the export.

    Raises
    ------
    StudyError
        For each named row that holds no segment that may be quoted.
    """
    if rule.table == "named":
        return _named(quotations, rule.named)
    if rule.table == "all" or quotations.empty:
        return quotations
    rows = quotations.assign(size=quotations["text"].str.count(r"\S+"))
    if rule.table == "longest":
        if rule.words is not None:
            rows = rows[rows["size"] <= rule.words]
        rows = rows.sort_values("size", ascending=False, kind="stable")
    elif groups is not None:
        group = rows["case_id"].map(groups.astype("str"))
        # the first of each group comes before the second of any
        turn = rows.groupby([rows["category"].astype("str"), group]).cumcount()
        rows = rows.assign(turn=turn).sort_values("turn", kind="stable").drop(columns="turn")
    kept = rows.groupby("category", sort=False).head(rule.each).index
    return quotations.loc[sorted(kept)]


def _named(quotations: pd.DataFrame, named: list[str]) -> pd.DataFrame:
    files = quotations["source_file"].astype("str").str.replace("\\", "/").str.split("/").str[-1]
    rows = quotations["source_row"].astype("str")
    faults, kept = FaultList(), pd.Series(False, index=quotations.index)
    for name in named:
        file, _, row = name.rpartition(":")
        found = (rows == row) & ((files == file) if file else True)
        if not found.any():
            faults.add(
                kind="unknown-row",
                file="study.toml",
                column="quotations.named",
                found=f'"{name}"',
                expected="the row of a segment that may be quoted, such as "
                + ", ".join(f"{f}:{r}" for f, r in zip(files.head(3), rows.head(3), strict=True)),
                remedy="Name the row as the export has it, or mark the segment as fit to quote.",
            )
        kept |= found
    faults.raise_if_any()
    return quotations[kept]


def attribution(case: str, role: str | None, case_word: str) -> str:
    """Return who said it: "Participant 10, head nurse"."""
    who = f"{printed(case_word)} {case}"
    return f"{who}, {in_sentence(role)}" if role else who


def quotation_markdown(text: str, who: str, beside: str = "", *, synthetic: bool) -> str:
    """Return a block quotation in Markdown, its source in a line of its own.

    Parameters
    ----------
    text : str
        The segment. It stands between quotation marks of the language that is spoken, or of its
        own script, if that runs from right to left, which is marked.
    who : str
    beside : str
        Markdown that stands behind the source.
    synthetic : bool
        Adds the mark that the words were not said by anyone.
    """
    parts = runs(text)
    rtl = len(parts) == 1 and parts[0].is_rtl
    words = " ".join(text.split())
    quoted = f"«{words}»" if rtl else spoken().quoted(words)
    mark = f" ({printed('synthetic')})" if synthetic else ""
    said = bidi_markdown(quoted).removesuffix(LEFT_TO_RIGHT)
    return f"> {said}\n>\n> — {bidi_markdown(who)}{beside}{mark}\n"


def quotation_table(
    quotations: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    case_name: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out one row per quotation, in the order of the code system.

    Parameters
    ----------
    quotations : DataFrame
        ``category``, ``text``, ``case_id``, ``role``, and where attributes of the person are
        to stand beside the source, ``more``.
    codes : DataFrame
        ``code_id``, ``label``, ``position``.
    case_name : str
        What one case is called, as in "Participant".
    label, caption : str
    synthetic : bool
    """
    labels = told_apart(codes, quotations["category"].unique())
    position = codes.set_index("code_id")["position"]
    rows = quotations.assign(
        heading=quotations["category"].map(labels),
        place=quotations["category"].map(position),
        who=[
            attribution(case, None if pd.isna(role) else role, case_name)
            + (f"; {more}" if more else "")
            for case, role, more in zip(
                quotations["case_id"],
                quotations["role"],
                quotations.get("more", pd.Series("", index=quotations.index)),
                strict=True,
            )
        ],
    ).sort_values("place", kind="stable")
    body = rows[["heading", "text", "who"]].reset_index(drop=True)
    return Table(
        body=body,
        columns=(
            Column("heading", "Category", width=25),
            Column("text", "Quotation", width=55),
            Column("who", "Source", width=20),
        ),
        caption=caption,
        label=label,
        data=rows[["category", "heading", "case_id", "role", "text"]],
        synthetic=synthetic,
    )
