"""Runs of Arabic script inside a text, to be marked as running from right to left."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Run", "anchored", "first_direction", "language", "mostly_latin", "runs"]

# Arabic letters and marks, with the supplements and presentation forms
LETTERS = "\u0620-\u065f\u066e-\u06d5\u06da-\u06ef\u06fa-\u06ff\u0750-\u077f\u0870-\u08ff"
FORMS = "\ufb50-\ufdff\ufe70-\ufefc"
RTL = re.compile(f"[{LETTERS}{FORMS}]")
LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
# what may stand between two words of a run: anything without a left-to-right letter
RUN = re.compile(f"[{LETTERS}{FORMS}](?:[^\n]*[{LETTERS}{FORMS}])?")
PAIRS = {"«": "»", "(": ")", "[": "]", '"': '"', "“": "”", "‘": "’", "'": "'", "‹": "›"}
RIGHT_TO_LEFT_MARK = "\u200f"
OPENERS = {close: opened for opened, close in PAIRS.items()}
# letters that Arabic writes and Persian does not
ARABIC_ONLY = re.compile("[\u0629\u064a\u0643\u0649]")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text with one direction."""

    text: str
    is_rtl: bool


def language(text: str) -> str:
    """Return the language tag of a run in Arabic script: Persian, unless letters say Arabic."""
    return "ar" if ARABIC_ONLY.search(text) else "fa"


def mostly_latin(text: str) -> bool:
    """Whether a text has more Latin letters than letters that run from right to left."""
    return len(LATIN.findall(text)) > len(RTL.findall(text))


def first_direction(text: str) -> str:
    """Return the direction of the first letter that has one: "L", "R", or "" for none."""
    for character in text:
        found = unicodedata.bidirectional(character)
        if found in ("L", "R", "AL"):
            return "L" if found == "L" else "R"
    return ""


def anchored(run: str) -> str:
    """Put invisible marks of direction around a right-to-left run that ends in none.

    Programs that know no runs would move quotation marks at its ends to the wrong side.
    """
    before = "" if first_direction(run[:1]) else RIGHT_TO_LEFT_MARK
    return before + run + ("" if first_direction(run[-1:]) else RIGHT_TO_LEFT_MARK)


def runs(text: str) -> list[Run]:
    """Cut a text into runs that are, and that are not, in Arabic script.

    A run begins and ends with a letter of the script and holds no left-to-right letter.
    Quotation marks and brackets that close around it belong to it, and in a text
    without left-to-right letters so does everything on its line.

    Returns
    -------
    list of Run
        In the order of the text; joined they give it back.

    Examples
    --------
    >>> [run.is_rtl for run in runs("He said «سلام دنیا» twice")]
    [False, True, False]
    """
    found: list[Run] = []
    start = 0
    for low, high in _spans(text):
        if low > start:
            found.append(Run(text[start:low], False))
        found.append(Run(text[low:high], True))
        start = high
    if start < len(text):
        found.append(Run(text[start:], False))
    return found


def _spans(text: str) -> list[tuple[int, int]]:
    if not RTL.search(text):
        return []
    spans: list[tuple[int, int]] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        spans += [(offset + low, offset + high) for low, high in _line_spans(line)]
        offset += len(line)
    return spans


def _line_spans(line: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    first = 0
    # a run cannot reach across a left-to-right letter
    for piece in [*re.finditer(r".", line, re.DOTALL), None]:
        if piece is None or _is_ltr(piece[0]):
            end = piece.start() if piece else len(line)
            if match := RUN.search(line, first, end):
                spans.append((match.start(), match.end()))
            first = end + 1
    if not any(_is_ltr(character) for character in line) and spans:
        stripped = line.strip()
        low = line.index(stripped)
        return [(low, low + len(stripped))]
    return [_with_pairs(line, low, high) for low, high in spans]


def _with_pairs(line: str, low: int, high: int) -> tuple[int, int]:
    """Take in the marks around a run that close each other, or one opened inside it."""
    while True:
        before = line[low - 1] if low else ""
        after = line[high] if high < len(line) else ""
        inside = line[low:high]
        if before and after and PAIRS.get(before) == after:
            low, high = low - 1, high + 1
        elif after in OPENERS and _open(inside, OPENERS[after], after):
            high += 1
        elif before in PAIRS and _open(inside, PAIRS[before], before):
            low -= 1
        else:
            return low, high


def _open(text: str, mark: str, other: str) -> bool:
    """Say whether `mark` stands in `text` without its `other`."""
    if mark == other:
        return text.count(mark) % 2 == 1
    return text.count(mark) > text.count(other)


def _is_ltr(character: str) -> bool:
    return unicodedata.bidirectional(character) == "L"
