"""The results section: headings, sentences and quotations that follow the coded hierarchy.

A paragraph for each category with a heading: what its author wrote leads, then how much was
coded and from how many, once, then what stands below it in order of weight. The counts of
what has no heading stand in the table of frequencies. Every word that speaks of order or
amount ("most", "more than half", "equally often") is chosen by the counts themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.chapters.quotations import attribution, quotation_markdown
from analysis.forms import records
from analysis.metrics import bidi_markdown, printed
from analysis.phrases import CODINGS, counted, in_words, listing, of_all
from analysis.settings import Numbers
from analysis.trace.selection import behind, code_numbers

__all__ = [
    "Words",
    "results_markdown",
]

FIGURES = re.compile(r"(\d[\d,.]*)")
MOST_NAMED = 12  # codes that a sentence lists; of more it names the first and counts the others
MOST_SECTIONS = 15  # categories under one heading that get headings of their own
FEW = 3  # so many of the first level with nothing below them get headings, too
ALIKE = 1.25  # counts whose largest is at most so many times the smallest are nearly even


@dataclass(frozen=True)
class Words:
    """What the levels and the cases of a study are called, singular and plural."""

    levels: Sequence[tuple[str, str]]
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
    headings: int,
    examples: int,
    anchored: bool = True,
    traced: bool = False,
    synthetic: bool,
) -> str:
    """Write the results as Markdown.

    Parameters
    ----------
    codes, frequencies : DataFrame
    quotations : DataFrame
        ``category`` (a code with a heading), ``text``, ``case_id``, ``role`` (missing where
        unknown).
    sections : mapping
        Name of a category of the first level to the id under which its prose is filed.
    prose : mapping
        Such an id to the text that its author wrote; it may hold shortcodes.
    words : Words
    numbers : Numbers
    cases : int
        All cases.
    headings : int
        Levels that get headings; 0 for a list of codes, which has none.
    examples : int
        How many codes to name as examples of what stands below the last heading.
    anchored : bool
        Whether headings of the first level can be referred to by their id.
    traced : bool
        Whether counts carry what they count, so that the page can lead to it.
    synthetic : bool

    Examples
    --------
    >>> codes = pd.DataFrame({"code_id": ["A", "A > x", "A > y"], "parent_id": [None, "A", "A"],
    ...     "name": ["A", "x", "y"], "label": ["A", "x", "y"], "level": [1, 2, 2],
    ...     "position": [1, 2, 3]})
    >>> from analysis.chapters.frequencies import code_frequencies
    >>> codings = pd.DataFrame({"code_id": ["A > x", "A > x", "A > y"],
    ...     "case_id": ["1", "2", "2"]}).assign(document_id="d")
    >>> print(results_markdown(codes, code_frequencies(codings, codes), pd.DataFrame(
    ...     columns=["category"]), {}, {}, Words([], ("participant", "participants")), Numbers(),
    ...     cases=3, headings=1, examples=0, synthetic=False))
    ## A
    <BLANKLINE>
    There are 3 codings (100.0% of all) from 2 of the 3 participants. More than half concern *x* \
(2 codings), the others *y*.
    <BLANKLINE>
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
        headings=headings,
        examples=examples,
        anchored=anchored,
        number_of=dict(zip(codes["code_id"], code_numbers(codes, codes["code_id"]), strict=True))
        if traced
        else {},
        synthetic=synthetic,
    )
    roots = records(table[table["level"] == 1])
    if not headings:
        return "\n".join(writer.flat(roots))
    titled, others = writer.parted(roots, 1)
    parts = [*writer.untitled(others, 1)]
    parts += [part for root in titled for part in writer.section(root, 1, alone=False)]
    return "\n".join(parts)


@dataclass
class _Writer:
    """Writes the section of one code, and of those below it."""

    children: dict[str, pd.DataFrame]
    quoted: dict[str, pd.DataFrame]
    sections: Mapping[str, str]
    prose: Mapping[str, str]
    words: Words
    numbers: Numbers
    cases: int
    headings: int
    examples: int
    anchored: bool
    number_of: Mapping[str, int]
    synthetic: bool
    written: int = field(default=0)  # sentences with counts so far

    def flat(self, codes: list[dict[str, Any]]) -> Iterator[str]:
        """Yield the paragraph of a code system that is a list, and the quotations."""
        kind = self.words.levels[0] if self.words.levels else ("code", "codes")
        wide = sum(2 * int(code["cases"]) > self.cases for code in codes)
        single = sum(int(code["cases"]) == 1 for code in codes)
        whole = f"more than half of the {self.cases:,} {self.words.case[1]}"
        if len(codes) == 1:
            yield f"One {kind[0]} was applied: {self.weighed(codes[0])}.\n"
        elif self.cases > 1 and single == len(codes):
            one = f"one {self.words.case[0]} alone"
            yield f"Each of the {counted(len(codes), kind)} comes from {one}.\n"
        elif self.cases > 1:
            alone = f"{_come(single)} from one alone" if single else ""
            yield (
                f"Of the {counted(len(codes), kind)} that were applied, "
                + listing(part for part in (f"{_come(wide)} from {whole}", alone) if part)
                + ".\n"
            )
        for code in _by_weight(codes):
            yield from self.quotations(code, beside=f", on {_name(code)}")

    def parted(
        self, members: list[dict[str, Any]], level: int
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Part categories into those with a heading of their own and the others.

        Without one are those with nothing below them, of the first level where these are many,
        and of a long list those with fewest codings. What its author wrote of has a heading always.
        """
        kept = {
            str(item["code_id"])
            for item in members
            if level == 1 and self.sections.get(item["name"]) in self.prose
        }
        bare = [
            item
            for item in members
            if item["code_id"] not in self.children and item["code_id"] not in self.quoted
        ]
        if level == 1 and len(bare) <= FEW:
            bare = []
        out = {str(item["code_id"]) for item in bare}
        full = [item for item in members if str(item["code_id"]) not in out]
        out |= {str(item["code_id"]) for item in _by_weight(full)[MOST_SECTIONS:]}
        out -= kept
        titled = [item for item in members if str(item["code_id"]) not in out]
        return titled, [item for item in members if str(item["code_id"]) in out]

    def untitled(self, others: list[dict[str, Any]], level: int) -> Iterator[str]:
        """Yield a paragraph on the categories without a heading, and their quotations."""
        if not others:
            return
        ordered = _by_weight(others)
        named = ordered if len(ordered) <= MOST_NAMED else ordered[: MOST_NAMED // 2]
        rest = ordered[len(named) :]
        said = f"{counted(len(others), self.kind(level))} have no section of their own"
        said += f"{', among them' if rest else ':'} {listing(map(self.weighed, named))}"
        if rest:
            least, most = rest[-1]["codings"], rest[0]["codings"]
            each = counted(most, CODINGS)
            if least != most:
                each = f"{least:,} to {each}"
            said += f"; the other {len(rest):,}, with {each} each, stand in the codebook"
        yield f"{said}.\n"
        for item in ordered:
            yield from self.quotations(item, beside=f", on {_name(item)}")

    def behind(self, unit: str, item: dict[str, Any], text: str) -> str:
        """Return a text whose number says which codings or people of a code it counts."""
        number = self.number_of.get(item["code_id"])
        if number is None:
            return text
        if not FIGURES.search(text):
            return text
        start, figures, rest = FIGURES.split(text, maxsplit=1)
        return f'{start}[{figures}]{{trace="{behind(unit, ("code", number))}"}}{rest}'

    def codings(self, item: dict[str, Any]) -> str:
        """Return the number of codings of a code, with the word."""
        return self.behind("codings", item, counted(item["codings"], CODINGS))

    def weighed(self, item: dict[str, Any]) -> str:
        """Return a code with its counts."""
        people = self.behind("cases", item, counted(item["cases"], self.words.case))
        return f"{_name(item)} ({self.codings(item)} from {people})"

    def section(self, row: dict[str, Any], level: int, *, alone: bool) -> Iterator[str]:
        """Yield the paragraphs of a code; `alone` when its parent said the same counts."""
        section = self.sections.get(row["name"]) if level == 1 else None
        anchor = f" {{#sec-{section}}}" if section and self.anchored else ""
        yield f"{'#' * (level + 1)} {bidi_markdown(row['label'])}{anchor}\n"
        if section and section in self.prose:
            yield self.prose[section].strip() + "\n"
        below = self.children.get(row["code_id"])
        members = [] if below is None else records(below)
        titled, others = self.parted(members, level + 1)
        goes_on = level < self.headings and bool(titled)
        said = [] if alone and members else [self.counts(row, level)]
        if goes_on:
            said.append(self.parts(members, level))
        elif members:
            said.append(self.weights(members, alone=alone))
        if row["own"] and members:
            itself = "is" if row["own"] == 1 else "are"
            said.append(f"{counted(row['own'], CODINGS)} {itself} on the category itself.")
        yield " ".join(said) + "\n"
        yield from self.quotations(row)
        if goes_on:
            yield from self.untitled(others, level + 1)
            for member in titled:
                single = len(members) == 1 and not row["own"]
                yield from self.section(member, level + 1, alone=single)

    def counts(self, row: dict[str, Any], level: int) -> str:
        """Say how much was coded and from how many, in one of a few ways that take turns."""
        share = ""
        if level == 1 and not pd.isna(row["share"]):
            part = printed("percent", 100 * float(row["share"]), self.numbers)
            share = f" ({self.behind('~codings', row, part)}% of all)"
        codings = f"{self.codings(row)}{share}"
        n, case = int(row["cases"]), self.words.case
        if n == self.cases:
            people = self.behind("cases", row, of_all(n, case))
        elif level == 1:
            people = self.behind("cases", row, f"{n:,} of the {self.cases:,} {case[1]}")
        else:
            people = self.behind("cases", row, counted(n, case))
        are = "is" if row["codings"] == 1 else "are"
        ways = (
            f"There {are} {codings} from {people}.",
            f"This {self.kind(level)[0]} gathers {codings}, from {people}.",
        )
        self.written += 1
        return ways[(self.written - 1) % len(ways)]

    def parts(self, members: list[dict[str, Any]], level: int) -> str:
        """Name the categories that get headings of their own."""
        if len(members) > MOST_NAMED:
            return f"They fall into {len(members):,} {self.kind(level + 1)[1]}."
        names = listing(_name(item) for item in members)
        if len(members) == 1:
            return f"All belong to one {self.kind(level + 1)[0]}, {names}."
        return f"They fall into {in_words(len(members))} {self.kind(level + 1)[1]}: {names}."

    def weights(self, members: list[dict[str, Any]], *, alone: bool) -> str:
        """Name what stands below the last heading, in order of weight."""
        ordered = _by_weight(members)
        first, others = ordered[0], ordered[1:]
        most, least = int(first["codings"]), int(ordered[-1]["codings"])
        these = "these codings" if alone else "them"
        if not others:
            if most == 1 and not alone:
                return f"It concerns {self.named([first])}."
            return f"All of {these} concern {self.named([first])}."
        if most == least and len(ordered) == 2:
            they = "These codings" if alone else "They"
            return f"{they} are divided evenly between {self.named(ordered)}."
        if most <= ALIKE * least and len(ordered) > 2:
            nearly = "" if most == least else "almost "
            they = "These codings" if alone else "They"
            return f"{they} are spread {nearly}evenly over {self.named(ordered)}."
        level = [item for item in ordered if item["codings"] == most]
        rest = ordered[len(level) :]
        after = f", followed by {self.named(rest)}" if rest else ""
        if len(level) > 1:
            each = counted(most, CODINGS)
            return f"First come {self.named(level)}, with {each} each{after}."
        leader = f"{_name(first)} ({self.codings(first)}{self.example(first, '; for example ')})"
        if 2 * most > sum(int(item["codings"]) for item in members):
            start = f"More than half of {these} concern" if alone else "More than half concern"
            others_ = f", the others {self.named(rest)}" if len(rest) == 1 else after
            return f"{start} {leader}{others_}."
        return f"First comes {leader}{after}."

    def named(self, items: list[dict[str, Any]]) -> str:
        """List codes, each with examples of what it gathers in brackets."""
        texts = []
        shown = items if len(items) <= MOST_NAMED else items[: MOST_NAMED - 2]
        for item in shown:
            example = self.example(item, "")
            texts.append(f"{_name(item)} ({example})" if example else _name(item))
        if left := len(items) - len(shown):
            texts.append(f"{left:,} others")
        return listing(texts)

    def example(self, row: dict[str, Any], before: str) -> str:
        """Return the codes applied most often below a code, if any."""
        below = self.children.get(row["code_id"])
        if below is None or not self.examples:
            return ""
        leading = _by_weight(records(below))[: self.examples]
        names = listing(f"“{bidi_markdown(item['label'])}”" for item in leading)
        return f"{before}{names}"

    def quotations(self, row: dict[str, Any], beside: str = "") -> Iterator[str]:
        """Yield the quotations of a code."""
        for item in records(self.quoted.get(row["code_id"], pd.DataFrame())):
            role = None if pd.isna(item["role"]) else item["role"]
            who = attribution(item["case_id"], role, self.words.case[0].capitalize())
            yield quotation_markdown(item["text"], who, beside, synthetic=self.synthetic)

    def kind(self, level: int) -> tuple[str, str]:
        """Return what the codes of a level are called."""
        known = level <= len(self.words.levels)
        return self.words.levels[level - 1] if known else ("category", "categories")


def _come(number: int) -> str:
    """Say how many codes come from somewhere: "none comes", "2 come"."""
    return f"{number:,} come" if number > 1 else f"{number or 'none'} comes"


def _by_weight(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (-item["codings"], item["position"]))


def _name(item: dict[str, Any]) -> str:
    """Return a code's name as the code system has it, set off in italics."""
    return f"*{bidi_markdown(str(item['label']))}*"
