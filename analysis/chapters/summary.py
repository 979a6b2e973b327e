"""Sentences that hold for any study: what was read, how codes are arranged, what is most frequent.

They are the parts of a manuscript that every study needs and that no author should have to
adapt to the number of levels, groups or documents that a study happens to have.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.metrics import Metric
from analysis.phrases import CODINGS, counted, level_words, listing, of_all
from analysis.settings import Numbers

__all__ = ["summary_facts"]

MOST_NAMED = 3  # codes that a sentence names


def summary_facts(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    documents: pd.DataFrame,
    groups: pd.Series | None,
    numbers: Numbers,
    *,
    cases: int,
    levels: Sequence[str],
    plurals: Sequence[str],
    document_words: tuple[str, str],
    case_words: tuple[str, str],
    read: int,
    agreement: int,
    set_aside: int,
) -> dict[str, Metric]:
    """Write the sentences of a study's size, code system and leading categories.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``label``, ``level``, ``position``.
    frequencies : DataFrame
        As of :func:`analysis.chapters.frequencies.code_frequencies`.
    documents : DataFrame
        ``document_id``, ``case_id``, ``date``.
    groups : Series or None
        Index ``case_id``, values the group as an ordered categorical.
    numbers : Numbers
    cases : int
        Participants, or documents in a study without these.
    levels, plurals : sequence of str
        Names of the levels in the study file; may be empty.
    document_words : tuple of str
        What a document is called, in the singular and in the plural.
    case_words : tuple of str
        What a case is called, in the singular and in the plural.
    read, agreement, set_aside : int
        Codings read, kept for agreement and set aside.

    Returns
    -------
    dict
        ``summary.material``, ``summary.codings``, ``summary.levels``, ``summary.leading``.
    """
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    return {
        "summary.material": _material(documents, groups, cases, document_words, case_words),
        "summary.codings": _codings(read, agreement, set_aside),
        "summary.levels": _levels(table, levels, plurals),
        "summary.leading": _leading(table, cases, numbers, levels, plurals, case_words),
    }


def _material(
    documents: pd.DataFrame,
    groups: pd.Series | None,
    cases: int,
    document_words: tuple[str, str],
    case_words: tuple[str, str],
) -> str:
    said = f"The material comprises {counted(len(documents), document_words)}"
    if case_words != document_words:
        said += f" of {counted(cases, case_words)}"
    if groups is not None:
        sizes = groups.value_counts().reindex(groups.cat.categories)
        parts = [f"{name}, {size:,}" for name, size in sizes.items() if size]
        said += f" ({'; '.join(parts)})"
    dates = documents["date"].dropna().astype("str") if "date" in documents else pd.Series([])
    if len(dates) and dates.min() != dates.max():
        said += f", from {dates.min()} to {dates.max()}"
    elif len(dates):
        said += f", of {dates.min()}"
    return said + "."


def _codings(read: int, agreement: int, set_aside: int) -> str:
    total = read - agreement - set_aside
    if total == read:
        return (
            "the one coding that was read is counted."
            if read == 1
            else f"all {counted(read, CODINGS)} that were read are counted."
        )
    parts = [_are(total, "counted")]
    if agreement:
        parts.append(_are(agreement, "kept to measure agreement"))
    if set_aside:
        parts.append(_are(set_aside, "set aside"))
    return f"of {counted(read, CODINGS)} that were read, {listing(parts)}."


def _are(number: int, what: str) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'} {what}"


def _levels(table: pd.DataFrame, levels: Sequence[str], plurals: Sequence[str]) -> str:
    used = table[table["codings"] > 0]
    if used.empty:
        return "No code was applied."
    counts = used.groupby("level").size()
    names = level_words(levels, plurals, int(table["level"].max()))
    parts = [
        counted(int(size), names[level - 1])
        for level, size in zip(counts.index.astype("int"), counts, strict=True)
    ]
    if len(parts) == 1:
        were = "was" if len(used) == 1 else "were"
        return f"The code system is a list of {parts[0]} that {were} applied."
    return (
        f"The code system holds {listing(parts)} with at least one coding. A category gathers "
        "its own codings and those of everything below it."
    )


def _leading(
    table: pd.DataFrame,
    cases: int,
    numbers: Numbers,
    levels: Sequence[str],
    plurals: Sequence[str],
    case_words: tuple[str, str],
) -> str:
    used = table[(table["codings"] > 0) & (table["level"] == 1)]
    total = int(used["codings"].sum())
    if used.empty:
        return "No code was applied, so that there is nothing to count."
    noun, nouns = level_words(levels, plurals, int(table["level"].max()))[0]
    ordered = used.sort_values(["codings", "position"], ascending=[False, True])
    rows = [
        (f"“{label}”", int(codings), int(people))
        for label, codings, people in zip(
            ordered["label"], ordered["codings"], ordered["cases"], strict=True
        )
    ]
    label, codings, people = rows[0]
    whole = counted(cases, case_words)
    who = of_all(cases, case_words) if people == cases else f"{people:,} of {whole}"
    if len(rows) == 1:
        stand = "1 coding stands" if total == 1 else f"All {counted(total, CODINGS)} stand"
        return f"{stand} under one {noun}, {label}, from {who}."
    leaders = [name for name, count, _ in rows if count == codings]
    share = numbers.percent(codings, total)
    if len(leaders) > MOST_NAMED:
        return (
            f"Of {counted(total, CODINGS)}, {len(leaders):,} {nouns} share the largest number, "
            f"{codings:,} each ({share}%)."
        )
    if len(leaders) > 1:
        return (
            f"Of {counted(total, CODINGS)}, {listing(leaders)} have the largest number, "
            f"{codings:,} each ({share}%)."
        )
    after = listing(
        f"{name} with {count:,} ({numbers.percent(count, total)}%)"
        for name, count, _ in rows[1:MOST_NAMED]
    )
    return (
        f"Of {counted(total, CODINGS)}, {label} has the largest number, "
        f"{codings:,} ({share}%) from {who}, followed by {after}."
    )
