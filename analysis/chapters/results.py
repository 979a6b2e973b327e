"""The results section: headings, sentences and quotations that follow the coded hierarchy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.chapters.quotations import attribution, quotation_markdown
from analysis.forms import records
from analysis.metrics import bidi_markdown, printed
from analysis.phrases import counted
from analysis.settings import Numbers

__all__ = [
    "Words",
    "results_markdown",
]


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
    writer = _Writer(
        children={str(key): rows for key, rows in table.groupby("parent_id", sort=False)},
        quoted={str(key): rows for key, rows in quotations.groupby("category", sort=False)},
        sections=sections,
        prose=prose,
        words=words,
        numbers=numbers,
        cases=cases,
        depth=depth,
        examples=examples,
        synthetic=synthetic,
    )
    roots = records(table[table["level"] == 1])
    parts = [part for root in roots for part in writer.section(root, 1, alone=False)]
    return "\n".join(parts)


@dataclass(frozen=True)
class _Writer:
    """Writes the section of one code, and of those below it."""

    children: dict[str, pd.DataFrame]
    quoted: dict[str, pd.DataFrame]
    sections: Mapping[str, str]
    prose: Mapping[str, str]
    words: Words
    numbers: Numbers
    cases: int
    depth: int
    examples: int
    synthetic: bool

    def section(self, row: dict[str, Any], level: int, *, alone: bool) -> Iterator[str]:
        """Yield the paragraphs of a code; `alone` when it has no siblings to be told from."""
        section = self.sections.get(row["name"]) if level == 1 else None
        anchor = f" {{#sec-{section}}}" if section else ""
        yield f"{'#' * (level + 1)} {bidi_markdown(row['label'])}{anchor}\n"
        if section and section in self.prose:
            yield self.prose[section].strip() + "\n"
        below = self.children.get(row["code_id"])
        members = [] if below is None else records(below)
        yield self.sentence(row, members, level, alone=alone) + "\n"
        for item in records(self.quoted.get(row["code_id"], pd.DataFrame())):
            role = None if pd.isna(item["role"]) else item["role"]
            who = attribution(item["case_id"], role, self.words.case[0].capitalize())
            yield quotation_markdown(item["text"], who, synthetic=self.synthetic)
        if level < self.depth:
            for member in members:
                yield from self.section(member, level + 1, alone=len(members) == 1)

    def sentence(
        self, row: dict[str, Any], members: list[dict[str, Any]], level: int, *, alone: bool
    ) -> str:
        """Say how often and by how many a code was raised, and what stands below it."""
        share = ""
        if level == 1 and not pd.isna(row["share"]):
            share = f" ({printed('percent', 100 * float(row['share']), self.numbers)}% of all)"
        counts = (
            f"{counted(row['codings'], ('coding', 'codings'))}{share} from "
            f"{row['cases']:,} of the {self.cases:,} {self.words.case[1]}"
        )
        if not members:
            return f"{counts}."
        known = level < len(self.words.levels)
        kind = self.words.levels[level] if known else ("code", "codes")
        held = counted(len(members), kind)
        if level == self.depth:
            leading = sorted(members, key=lambda item: (-item["codings"], item["position"]))
            return (
                f"{counts}, under {held}. Applied most often: {_named(leading[: self.examples])}."
            )
        if len(members) == 1:  # the next section says the same numbers of its only member
            return f"{counts}, in {held}."
        if alone:  # the section above said the same numbers
            return f"In {held}: {_named(members)}."
        return f"{counts}, in {held}: {_named(members)}."


def _named(members: list[dict[str, Any]]) -> str:
    return "; ".join(f"{bidi_markdown(item['label'])} ({item['codings']:,})" for item in members)
