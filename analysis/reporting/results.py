"""The results section: headings, counts and quotations that follow the coded hierarchy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.metrics import printed
from analysis.phrases import counted
from analysis.records import records
from analysis.reporting.quotations import attribution, bidi_markdown, quotation_markdown
from analysis.study.model import Numbers

__all__ = ["Words", "results_markdown"]


@dataclass(frozen=True)
class Words:
    """What the levels and the cases of a study are called, singular and plural."""

    levels: list[tuple[str, str]]
    case: tuple[str, str]


def results_markdown(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    quotations: pd.DataFrame,
    sections: Mapping[str, str],
    prose: Mapping[str, str],
    words: Words,
    numbers: Numbers,
    *,
    cases: int,
    depth: int,
    examples: int,
    synthetic: bool,
) -> str:
    """Write the results as Markdown.

    Parameters
    ----------
    codes, frequencies : DataFrame
    quotations : DataFrame
        ``category``, ``text``, ``case_id``, ``role`` (missing where unknown).
    sections : mapping
        Name of a category of the first level to the id of its framework dimension.
    prose : mapping
        Id of a dimension to the text that its author wrote; it may hold shortcodes.
    words : Words
    numbers : Numbers
    cases : int
        All cases.
    depth : int
        Last level that gets a heading; codes below are named as examples.
    examples : int
        How many codes below `depth` to name for each category.
    synthetic : bool
    """
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    table = table[table["codings"] > 0]
    children = dict(iter(table.groupby("parent_id", sort=False)))
    quoted = dict(iter(quotations.groupby("category", sort=False)))
    parts: list[str] = []

    def write(row: dict[str, Any], level: int) -> None:
        code, label = str(row["code_id"]), str(row["label"])
        section = sections.get(str(row["name"])) if level == 1 else None
        anchor = f" {{#sec-{section}}}" if section else ""
        parts.append(f"{'#' * (level + 1)} {bidi_markdown(label)}{anchor}\n")
        if section and section in prose:
            parts.append(prose[section].strip() + "\n")
        below = children.get(code, table.iloc[:0])
        parts.append(_sentence(row, below, level) + "\n")
        parts.extend(
            quotation_markdown(
                item["text"],
                attribution(
                    item["case_id"],
                    None if pd.isna(item["role"]) else item["role"],
                    words.case[0].capitalize(),
                ),
                synthetic=synthetic,
            )
            for item in records(quoted.get(code, quotations.iloc[:0]))
        )
        if level < depth:
            for child in records(below):
                write(child, level + 1)

    def _sentence(row: dict[str, Any], below: pd.DataFrame, level: int) -> str:
        n, people = int(row["codings"]), int(row["cases"])
        share = ""
        if level == 1 and not pd.isna(row["share"]):
            percent = 100 * float(row["share"])
            share = f" ({printed('percent', percent, numbers)}% of all)"
        whose = f"{people:,} of the {cases:,} {words.case[1]}"
        said = f"{counted(n, ('coding', 'codings'))}{share} from {whose}"
        if below.empty:
            return f"{said[:1].upper()}{said[1:]}."
        if level < depth:
            kind = words.levels[level] if level < len(words.levels) else ("code", "codes")
            held = counted(len(below), kind)
            members = "; ".join(
                f"{bidi_markdown(str(item['label']))} ({item['codings']:,})"
                for item in records(below)
            )
            return f"{said[:1].upper()}{said[1:]}, in {held}: {members}."
        leading = below.sort_values(["codings", "position"], ascending=[False, True])
        named = "; ".join(
            f"{bidi_markdown(str(item['label']))} ({item['codings']:,})"
            for item in records(leading.head(examples))
        )
        kind = words.levels[level] if level < len(words.levels) else ("code", "codes")
        return (
            f"{said[:1].upper()}{said[1:]}, under {counted(len(below), kind)}. "
            f"Applied most often: {named}."
        )

    for root in records(table[table["level"] == 1]):
        write(root, 1)
    return "\n".join(parts)
