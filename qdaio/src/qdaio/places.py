"""Places in texts: positions, whatever a program counted, and what is quoted there.

Programs count code points, UTF-16 units or bytes, and line breaks and byte order marks in
their own ways. A :class:`Counter` says how; :func:`to_code_points` turns what was counted
into indices of a Python string. Where the file holds quotations they are compared with the
text; else the share of segment ends that fall on word boundaries tells a right counter from
a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import starmap
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.files.cells import text_series
from qdaio.model import labelled

__all__ = [
    "CORNERS",
    "COUNTERS",
    "MISSING",
    "STANDARD",
    "STATUSES",
    "Choice",
    "Counter",
    "Marked",
    "Passage",
    "Placed",
    "Positions",
    "choose_counter",
    "corners",
    "find_quote",
    "from_code_points",
    "is_boundary",
    "is_quote",
    "place",
    "placed_columns",
    "rectangle",
    "to_code_points",
]


Positions = npt.NDArray[np.int64]

MISSING = -(2**62)  # a position that the file does not state
OUTSIDE = -1

UNITS = ("code point", "utf-16", "byte")
LINE_BREAKS = ("as written", "one", "two")
BOM_SIZE = {"code point": 1, "utf-16": 1, "byte": 3}
CR, LF = 13, 10


@dataclass(frozen=True, slots=True)
class Counter:
    """How a program counts positions in a text.

    Parameters
    ----------
    unit : str
        ``"code point"``, ``"utf-16"`` (a character beyond U+FFFF counts two) or
        ``"byte"`` (of UTF-8).
    line_break : str
        ``"as written"``; ``"one"``, where CR LF counts one; or ``"two"``, where each
        line break counts two even if the text at hand has only LF.
    counts_bom : bool
        Whether a byte order mark, which the text at hand no longer has, was counted.
    """

    unit: str = "code point"
    line_break: str = "as written"
    counts_bom: bool = False

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.line_break not in LINE_BREAKS:
            raise ValueError(f"no such counter: {self.unit}, line break {self.line_break}")

    def __str__(self) -> str:
        unit = {"code point": "code points", "utf-16": "UTF-16 units", "byte": "bytes"}[self.unit]
        parts = [unit]
        if self.line_break != "as written":
            parts.append(f"each line break as {self.line_break}")
        if self.counts_bom:
            parts.append("the byte order mark included")
        return ", ".join(parts)


STANDARD = Counter()

COUNTERS: tuple[Counter, ...] = tuple(
    Counter(unit, line_break, bom)
    for bom in (False, True)
    for line_break in LINE_BREAKS
    for unit in UNITS
)


def to_code_points(text: str, positions: Positions, counter: Counter = STANDARD) -> Positions:
    r"""Turn counted positions into indices of `text`.

    Parameters
    ----------
    text : str
        Without its byte order mark, with its line breaks as they are.
    positions : array of int64, shape (n,)
        As the program wrote them, from 0.
    counter : Counter

    Returns
    -------
    array of int64, shape (n,)
        Indices from 0 to ``len(text)``; −1 where a position lies outside the text or
        inside a character.

    Examples
    --------
    >>> to_code_points("a\U0001F600b", np.array([0, 3, 4, 9]), Counter("utf-16")).tolist()
    [0, 2, 3, -1]
    """
    shifted = positions - (BOM_SIZE[counter.unit] if counter.counts_bom else 0)
    if _counts_itself(text, counter):
        return np.where((shifted >= 0) & (shifted <= len(text)), shifted, OUTSIDE)
    ends = _ends(text, counter)
    # The leftmost index wins: a position at a CR LF that counts one lies before the CR.
    indices = np.searchsorted(ends, shifted, side="left")
    inside = (shifted >= 0) & (indices < len(ends))
    exact = inside & (ends[np.minimum(indices, len(ends) - 1)] == shifted)
    return np.where(exact, indices, OUTSIDE)


def from_code_points(text: str, indices: Positions, counter: Counter = STANDARD) -> Positions:
    """Turn indices of `text` into the positions that a program would have counted.

    The inverse of :func:`to_code_points`, for indices from 0 to ``len(text)``.
    """
    bom = BOM_SIZE[counter.unit] if counter.counts_bom else 0
    return _ends(text, counter)[indices] + bom


def _counts_itself(text: str, counter: Counter) -> bool:
    """Whether each character of this text counts one."""
    if counter.unit != "code point" and not text.isascii():
        return False
    if counter.line_break == "one":
        return "\r\n" not in text
    return counter.line_break == "as written" or not ("\n" in text or "\r" in text)


def _ends(text: str, counter: Counter) -> Positions:
    """Where each index of the text lies, shape (length + 1,), in the counter's unit."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    sizes = np.ones(len(points), dtype=np.int64)
    if counter.unit == "utf-16":
        sizes += points > 0xFFFF
    elif counter.unit == "byte":
        sizes += points > 0x7F
        sizes += points > 0x7FF
        sizes += points > 0xFFFF
    if counter.line_break != "as written" and len(points):
        feeds, returns = points == LF, points == CR
        first_of_pair = np.append(returns[:-1] & feeds[1:], False)
        if counter.line_break == "one":
            sizes[first_of_pair] = 0
        else:
            second_of_pair = np.append(False, first_of_pair[:-1])
            sizes += (feeds & ~second_of_pair) | (returns & ~first_of_pair)
    return np.concatenate(([0], np.cumsum(sizes)))


NEARBY = 2_000
SLACK = 1_000
LONG_QUOTE = 30  # a name cut off without an ellipsis is at least this long

# Scripts that write no spaces between words: every place in them is a boundary.
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0xA4CF),  # Chinese, Japanese, Yi
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def is_boundary(text: str, index: int) -> bool:
    """Whether no word goes on across this index of the text; never for −1, no index."""
    if index < 0:
        return False
    if index in (0, len(text)):
        return True
    return not (_is_word(text[index - 1]) and _is_word(text[index]))


def _is_word(character: str) -> bool:
    if not character.isalnum():
        return False
    point = ord(character)
    return point < 0x0E00 or not any(first <= point <= last for first, last in UNSPACED)


def is_quote(quote: str, text: str, start: int, end: int) -> bool:
    """Whether `quote`, which may be cut off or spaced otherwise, stands at a place of the text."""
    last = min(end, start + 2 * len(quote) + SLACK)  # a quote of a whole book is not compared
    found = text[start:last]
    if quote == found:
        return True
    shown, whole = _bare(quote), _bare(found)
    if shown == whole and last == end:
        return True
    cut = shown.removesuffix("…").removesuffix("...")
    if len(cut) < len(shown):
        return bool(cut) and whole.startswith(cut)
    return len(shown) >= LONG_QUOTE and whole.startswith(shown)


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(text.split()))


def find_quote(text: str, quote: str, expected: int) -> int:
    """Where a quotation stands: nearest to `expected`, or once in the whole text."""
    low = max(0, min(expected, len(text)) - NEARBY)
    window = text[low : low + 2 * NEARBY + len(quote)]
    places = []
    at = window.find(quote)
    while at >= 0:
        places.append(low + at)
        at = window.find(quote, at + 1)
    if places:
        return min(places, key=lambda index: abs(index - expected))
    only = text.find(quote)
    return only if only >= 0 and text.find(quote, only + 1) < 0 else -1


STATUSES = ("ok", "repaired", "mismatch", "unchecked")
OK, REPAIRED, MISMATCH, UNCHECKED = range(4)

ENOUGH_QUOTES = 0.5  # below it, names of segments are labels and not quotations
ENOUGH_BOUNDARIES = 0.75  # places taken at random fall on word boundaries in some 40 %
CLEARLY_WRONG = 0.5
BETTER_BY, BETTER_BY_SHARE = 3, 0.1  # what another counter must show to be preferred
EVIDENCE_SEGMENTS, EVIDENCE_CHARACTERS = 5_000, 1_000_000
SEARCHES = 200


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A text and the segments that an export marks in it.

    Attributes
    ----------
    text : str
    starts, ends : array of int64, shape (n,)
        As written; :data:`~qdaio.places.MISSING` where nothing is stated.
    quotes : sequence of str or None, length n, optional
        What the export itself quotes for each segment, perhaps cut off.
    had_bom : bool
        Whether the text came with a byte order mark, which is not part of `text`.
    """

    text: str
    starts: Positions
    ends: Positions
    quotes: Sequence[str | None] | None = None
    had_bom: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The counter that was chosen for all passages of an export, and why.

    Attributes
    ----------
    counter, preferred : Counter
        The chosen one, and what the program's origin made us expect.
    by : str
        What it was checked against: ``quotations``, ``word boundaries``, or ``nothing``.
    held, checked : int
        How many of the checks held.
    """

    counter: Counter
    preferred: Counter
    by: str = "nothing"
    held: int = 0
    checked: int = 0

    @property
    def is_verified(self) -> bool:
        """Whether the text bears the counter out."""
        enough = ENOUGH_QUOTES if self.by == "quotations" else ENOUGH_BOUNDARIES
        return self.checked > 0 and self.held >= enough * self.checked


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where segments lie in their text.

    Attributes
    ----------
    start_cp, end_cp : array of int64, shape (n,)
        Indices of the text, end exclusive; −1 where the segment could not be placed.
    status : array of int8, shape (n,)
        Index of :data:`STATUSES`.
    """

    start_cp: Positions
    end_cp: Positions
    status: npt.NDArray[np.int8]


def choose_counter(passages: Iterable[Passage], preferred: Counter = STANDARD) -> Choice:
    """Choose the counter that fits the texts best.

    Parameters
    ----------
    passages : iterable of Passage
        All texts of one export: a program counts in one way throughout.
    preferred : Counter
        What the program is known to use. Another is taken only where the texts clearly
        speak for it.
    """
    sample = list(_sample(passages))
    by_quotes = _best(sample, preferred, _count_quotes, good_enough=0.98)
    if by_quotes.checked and by_quotes.held >= ENOUGH_QUOTES * by_quotes.checked:
        return _as_choice(by_quotes, "quotations")
    by_boundaries = _best(sample, preferred, _count_boundaries, good_enough=0.95)
    return _as_choice(by_boundaries, "word boundaries" if by_boundaries.checked else "nothing")


def place(passage: Passage, choice: Choice) -> Placed:
    """Place the segments of one text, and say of each how sure that is.

    ``ok``: where the file says, and the text bears it out. ``repaired``: placed in
    another way than the program's own would be, and borne out. ``mismatch``: outside
    the text, or not what the file quotes. ``unchecked``: nothing to check against.
    """
    starts, ends = _indices(passage, choice.counter)
    count = len(starts)
    inside = (starts >= 0) & (ends >= starts)
    status = np.full(count, OK if choice.is_verified else UNCHECKED, dtype=np.int8)
    if choice.is_verified and choice.counter != choice.preferred:
        usual_starts, usual_ends = _indices(passage, choice.preferred)
        status[(starts != usual_starts) | (ends != usual_ends)] = REPAIRED
    if choice.by == "word boundaries" and choice.is_verified:
        held, checked = _count_boundaries(passage, choice.counter)
        if checked >= 20 and held < CLEARLY_WRONG * checked:
            status[:] = MISMATCH
    status[~inside] = MISMATCH
    status[(passage.starts == MISSING) | (passage.ends == MISSING)] = UNCHECKED
    starts, ends = np.where(inside, starts, -1), np.where(inside, ends, -1)
    if choice.by == "quotations" and passage.quotes is not None:
        _check_quotes(passage, starts, ends, status)
    return Placed(starts, ends, status)


@dataclass(frozen=True, slots=True)
class _Score:
    counter: Counter
    preferred: Counter
    held: int
    checked: int


_Count = Callable[[Passage, Counter], tuple[int, int]]


def _as_choice(score: _Score, by: str) -> Choice:
    return Choice(score.counter, score.preferred, by, score.held, score.checked)


def _best(
    sample: Sequence[Passage],
    preferred: Counter,
    count: _Count,
    *,
    good_enough: float,
) -> _Score:
    best: _Score | None = None
    for counter in _candidates(sample, preferred):
        counts = [count(passage, counter) for passage in sample]
        held, checked = sum(held for held, _ in counts), sum(checked for _, checked in counts)
        if best is None:
            best = _Score(counter, preferred, held, checked)
            if held >= good_enough * checked:
                return best
        else:
            margin = (BETTER_BY, BETTER_BY_SHARE) if best.counter == preferred else (1, 0.0)
            if held - best.held >= max(margin[0], margin[1] * checked):
                best = _Score(counter, preferred, held, checked)
    assert best is not None
    return best


def _candidates(sample: Sequence[Passage], preferred: Counter) -> Iterator[Counter]:
    """Give the preferred counter, then those that count these texts in another way."""
    texts = [passage.text for passage in sample]
    units = {
        "code point": "code point",
        "utf-16": "utf-16"
        if any(text and max(text) > "\uffff" for text in texts)
        else "code point",
        "byte": "byte" if any(not text.isascii() for text in texts) else "code point",
    }
    pairs = any("\r\n" in text for text in texts)
    lone = any(text.count("\n") + text.count("\r") > 2 * text.count("\r\n") for text in texts)
    breaks = {"as written": True, "one": pairs, "two": lone}
    seen = set()
    for counter in (preferred, *COUNTERS):
        alike = Counter(
            units[counter.unit],
            counter.line_break if breaks[counter.line_break] else "as written",
            counter.counts_bom and any(passage.had_bom for passage in sample),
        )
        if alike not in seen:
            seen.add(alike)
            yield counter


def _sample(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Give passages up to a budget, those first in which counters can differ."""
    ordered = sorted(passages, key=lambda item: item.text.isascii() and "\n" not in item.text)
    segments = characters = 0
    for passage in ordered:
        if segments and (segments > EVIDENCE_SEGMENTS or characters > EVIDENCE_CHARACTERS):
            return
        segments += len(passage.starts)
        characters += len(passage.text)
        yield passage


def _indices(passage: Passage, counter: Counter) -> tuple[Positions, Positions]:
    if counter.counts_bom and not passage.had_bom:
        counter = replace(counter, counts_bom=False)
    both = to_code_points(passage.text, np.concatenate((passage.starts, passage.ends)), counter)
    return both[: len(passage.starts)], both[len(passage.starts) :]


def _count_quotes(passage: Passage, counter: Counter) -> tuple[int, int]:
    if passage.quotes is None:
        return 0, 0
    starts, ends = _indices(passage, counter)
    held = checked = 0
    for quote, start, end in zip(passage.quotes, starts.tolist(), ends.tolist(), strict=True):
        if quote and not quote.isspace():
            checked += 1
            held += 0 <= start <= end and is_quote(quote, passage.text, start, end)
    return held, checked


def _count_boundaries(passage: Passage, counter: Counter) -> tuple[int, int]:
    starts, ends = _indices(passage, counter)
    stated = (passage.starts != MISSING) & (passage.ends != MISSING)
    places = np.concatenate((starts[stated], ends[stated])).tolist()
    return sum(is_boundary(passage.text, index) for index in places), len(places)


def _check_quotes(
    passage: Passage, starts: Positions, ends: Positions, status: npt.NDArray[np.int8]
) -> None:
    """Compare with the quotations, in place; look for one that is not where it should be."""
    assert passage.quotes is not None
    searches = 0
    pairs = zip(passage.quotes, starts.tolist(), ends.tolist(), strict=True)
    for row, (quote, start, end) in enumerate(pairs):
        if not quote or quote.isspace() or passage.starts[row] == MISSING:
            continue
        if start >= 0 and is_quote(quote, passage.text, start, end):
            continue
        searches += 1
        expected = start if start >= 0 else int(passage.starts[row])
        found = find_quote(passage.text, quote, expected) if searches <= SEARCHES else -1
        if found >= 0:
            starts[row], ends[row], status[row] = found, found + len(quote), REPAIRED
        else:
            status[row] = MISMATCH


Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Marked:
    """Segments as a program marks them, shape (n,) each.

    Attributes
    ----------
    document : array of int
        Place of each segment's text in the list of texts.
    starts, ends : Series of Int64
        As written.
    quotes : Series of str
        What the export quotes.
    """

    document: npt.NDArray[np.int64]
    starts: pd.Series
    ends: pd.Series
    quotes: pd.Series


def placed_columns(
    marked: Marked, texts: Sequence[str | None], preferred: Counter = STANDARD
) -> tuple[dict[str, Any], list[str]]:
    """Place segments, and say of each whether its text stands there.

    Parameters
    ----------
    marked : Marked
    texts : sequence of str or None
        Text of each document, where there is one.
    preferred : Counter
        How the program is known to count.

    Returns
    -------
    columns : dict
        ``start, end, unit, start_cp, end_cp, text, offset_status`` of the frame of
        segments, n rows each. The text is what the export quotes, else what stands there.
    warnings : list of str
    """
    count = len(marked.document)
    starts, ends = (
        series.fillna(MISSING).to_numpy(dtype=np.int64) for series in (marked.starts, marked.ends)
    )
    start_cp, end_cp = np.full(count, -1), np.full(count, -1)
    status = np.full(count, UNCHECKED, dtype=np.int8)
    has_quote = marked.quotes.notna().to_numpy()
    said: dict[int, str] = {}
    by_document = [
        (text, rows)
        for rows in _by_document(marked.document)
        if (text := texts[marked.document[rows[0]]])
    ]
    passage = partial(_passage, starts=starts, ends=ends, quotes=marked.quotes)
    choice = choose_counter(starmap(passage, _texts_to_try(by_document)), preferred)
    is_sure = choice.by == "quotations" or not has_quote.any()
    if not is_sure:
        # These are no labels: where they stand nowhere, the places are wrong and not the words.
        choice = Choice(preferred, preferred, "quotations", held=1, checked=1)
    for text, rows in by_document:
        placed = place(passage(text, rows), choice)
        start_cp[rows], end_cp[rows] = placed.start_cp, placed.end_cp
        unproved = (placed.status == OK) & ~has_quote[rows] & (not is_sure)
        status[rows] = np.where(unproved, UNCHECKED, placed.status)
        for row in rows[~has_quote[rows] & (placed.start_cp >= 0)].tolist():
            said[row] = text[start_cp[row] : end_cp[row]]
    quotes = marked.quotes.reset_index(drop=True)
    if said:
        quotes = text_series([said.get(row, quote) for row, quote in enumerate(_listed(quotes))])
    columns = {
        "start": marked.starts.reset_index(drop=True),
        "end": marked.ends.reset_index(drop=True),
        "unit": pd.Series(choice.counter.unit, index=range(count), dtype="str"),
        "start_cp": _numbers(start_cp),
        "end_cp": _numbers(end_cp),
        "text": quotes,
        "offset_status": labelled(status, STATUSES),
    }
    warnings = []
    if choice.counter != choice.preferred:
        warnings.append(
            f"positions in texts are counted in {choice.counter}, as {choice.held} of "
            f"{choice.checked} {choice.by} show; {choice.preferred} were expected."
        )
    return columns, warnings


def _texts_to_try(by_document: list[tuple[str, Rows]]) -> Iterator[tuple[str, Rows]]:
    """Give texts in which counters can differ, then others, up to what a choice looks at.

    Quotations are large in Python: those of all texts are never there at one time.
    """
    segments = 0
    for text, rows in sorted(
        by_document, key=lambda item: item[0].isascii() and "\n" not in item[0]
    ):
        if segments > EVIDENCE_SEGMENTS:
            return
        segments += len(rows)
        yield text, rows


def _passage(
    text: str,
    rows: Rows,
    *,
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    quotes: pd.Series,
) -> Passage:
    return Passage(text, starts[rows], ends[rows], _listed(quotes.take(rows)))


def _listed(quotes: pd.Series) -> list[str | None]:
    return [quote if isinstance(quote, str) else None for quote in quotes.tolist()]


def _numbers(values: npt.NDArray[np.int64]) -> pd.Series:
    return pd.Series(values).astype("Int64").mask(values < 0)


def _by_document(document: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Return the rows of each document, in order."""
    if not len(document):
        return []
    order = np.argsort(document, kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(document[order])) + 1))


CORNERS = ("firstX", "firstY", "secondX", "secondY")
PLACE = re.compile(r"\((-?\d+), (-?\d+)\)–\((-?\d+), (-?\d+)\)")


def rectangle(attributes: Mapping[str, str]) -> str:
    """Return the corners of a selection as one text, such as ``(18, 45)–(577, 234)``."""
    first_x, first_y, second_x, second_y = (attributes.get(name, "?") for name in CORNERS)
    return f"({first_x}, {first_y})–({second_x}, {second_y})"


def corners(place: str | None) -> tuple[str, ...] | None:
    """Return the four numbers of :func:`rectangle`, or None where `place` is something else."""
    found = PLACE.fullmatch(place or "")
    return found.groups() if found else None
