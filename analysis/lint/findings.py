"""Numbers, number words, names of categories and participants in running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Finding", "find_typed"]

UNITS = "zero one two three four five six seven eight nine"
TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety"
)
LARGE = "hundred hundreds thousand thousands million millions dozen dozens half halves twice thrice"
WORDS = re.compile(rf"\b({'|'.join(f'{UNITS} {TEENS} {LARGE}'.split())})\b", re.IGNORECASE)
NUMBER = re.compile(r"[^\W_]*\d[\w]*(?:[.,٫٬]\d+)*%?|[¼-¾⅐-⅞⁰-₉]+")


@dataclass(frozen=True)
class Finding:
    """Something typed: what kind, the text itself, and where it begins."""

    kind: str
    text: str
    start: int


def find_typed(masked: str, names: Iterable[str], cases: Iterable[str]) -> list[Finding]:
    """Find typed values in text that was masked.

    Parameters
    ----------
    masked : str
        As of :func:`analysis.lint.masking.mask`.
    names : iterable of str
        Names of categories. A name of several words is found in any case; one of a
        single word only with its capital, as it may be an ordinary word.
    cases : iterable of str
        Ids of participants.

    Returns
    -------
    list of Finding
        In the order of the text; where two overlap, the longer one.
    """
    found = [Finding("typed-name", m[0], m.start()) for m in _names(masked, names)]
    found += [Finding("typed-participant", m[0], m.start()) for m in _cases(masked, cases)]
    found += [Finding("typed-number", m[0], m.start()) for m in NUMBER.finditer(masked)]
    found += [Finding("typed-number-word", m[0], m.start()) for m in WORDS.finditer(masked)]
    found.sort(key=lambda finding: (finding.start, -len(finding.text)))
    kept: list[Finding] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].start + len(kept[-1].text):
            kept.append(finding)
    return kept


def _names(masked: str, names: Iterable[str]) -> Iterator[re.Match[str]]:
    for name in dict.fromkeys(names):
        words = name.split()
        if not words:
            continue
        pattern = r"\s+".join(re.escape(word) for word in words)
        flags = re.IGNORECASE if len(words) > 1 else 0
        yield from re.finditer(rf"(?<!\w){pattern}(?!\w)", masked, flags)


def _cases(masked: str, cases: Iterable[str]) -> Iterator[re.Match[str]]:
    labels = [re.escape(case) for case in dict.fromkeys(cases) if case.strip()]
    if labels:
        joined = "|".join(sorted(labels, key=len, reverse=True))
        lead = r"(?:participants?|interviewees?|respondents?)\s+(?:no\.?\s*|number\s+)?"
        yield from re.finditer(rf"\b{lead}(?:{joined})\b", masked, re.IGNORECASE)
        plain = [label for label in labels if not label.isdigit()]
        if plain:
            yield from re.finditer(rf"(?<!\w)(?:{'|'.join(plain)})(?!\w)", masked)
