"""Which counter fits a text, and whether each segment stands where the file says.

Where the file holds quotations they are compared with the text; else the share of
segment ends that fall on word boundaries tells a right counter from a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qdaio.evidence import find_quote, is_boundary, is_quote
from qdaio.offsets import COUNTERS, MISSING, STANDARD, Counter, Positions, to_code_points

__all__ = ["STATUSES", "Choice", "Passage", "Placed", "choose_counter", "place"]

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
        As written; :data:`~qdaio.offsets.MISSING` where nothing is stated.
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


def _is_astral(text: str) -> bool:
    return len(text.encode("utf-16-le", "surrogatepass")) != 2 * len(text)


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
