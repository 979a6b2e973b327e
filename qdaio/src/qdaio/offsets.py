"""Positions in a text, whatever a program counted: code points, UTF-16 units or bytes.

Programs count line breaks and byte order marks in their own ways, too. A
:class:`Counter` says how; :func:`to_code_points` turns what was counted into indices of
a Python string; `qdaio.placing` chooses a counter and checks the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["COUNTERS", "MISSING", "STANDARD", "Counter", "Positions", "from_code_points"]
__all__ += ["to_code_points"]

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
