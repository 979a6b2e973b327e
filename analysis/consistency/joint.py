"""The one convention that fits a whole table.

One value says little about how its table was made: a mean may print alike rounded or cut
off. All values of a table together often leave one pair of SD and rounding. Where they do,
each value is judged under it. Where no pair fits all, each is judged under the pair that
fits most; a value that fits under another pair only is a matter of rounding, and one that
fits under none is impossible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.consistency.conventions import CONVENTIONS, DEVIATIONS, Convention, rounding_words
from analysis.consistency.grim import ANY

__all__ = ["TableConvention", "convention_words", "each_convention", "joint"]

NEAREST = ("half-up", "half-even", "half-down")
# one value alone does not show that a table departs from ordinary rounding
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class TableConvention:
    """How one table was computed and rounded, as far as its values show.

    Attributes
    ----------
    table : str
    cells : int
        Values that can be tested and that some convention allows.
    telling : int
        Those of them that not every convention allows.
    choice : Convention
        What the values are judged under.
    fitting : tuple of Convention
        All conventions under which every value fits; none where they contradict each other.
    misses : int
        Values that do not fit under `choice`.
    has_sd : bool
        Whether the table has an SD that can be tested; else the kind of SD says nothing.
    """

    table: str
    cells: int
    telling: int
    choice: Convention
    fitting: tuple[Convention, ...]
    misses: int
    has_sd: bool

    @property
    def is_established(self) -> bool:
        """Whether the values themselves show the convention, one that fits them all."""
        return self.telling >= ENOUGH and bool(self.fitting)

    @property
    def sentence(self) -> str:
        """What the table shows, in one sentence or two."""
        if not self.cells:
            return "No value of this table can be tested."
        many = "Both" if self.cells == ENOUGH else f"All {self.cells}"
        count = "The one value" if self.cells == 1 else f"{many} values"
        fitting = convention_words(self.fitting, with_sd=self.has_sd)
        chosen = convention_words([self.choice], with_sd=self.has_sd)
        if not self.telling:
            return f"{count} that can be tested would print alike under every convention."
        if not self.fitting:
            return (
                f"No one convention fits all {self.cells} values that can be tested; "
                f"{chosen} fits most of them ({self.cells - self.misses})."
            )
        said = f"{count} that can be tested fit{'s' * (self.cells == 1)} {fitting}"
        if self.misses:
            return (
                f"{said}, and no other convention; a single telling value does not show "
                f"how a table was rounded, so it is held against {chosen}."
            )
        return f"{said}, and no other convention."


def each_convention(by_rounding: np.ndarray) -> np.ndarray:
    """Spread results of the roundings over the conventions, whose SD they do not depend on.

    Parameters
    ----------
    by_rounding : ndarray of bool, shape (5, cells)
        One row a rounding, the last for any of them.

    Returns
    -------
    ndarray of bool, shape (9, cells)
        One row a convention, the last for any of them.
    """
    from analysis.consistency.deviations import ROUNDING_AT

    return np.asarray(by_rounding[np.append(ROUNDING_AT[: len(CONVENTIONS)], ANY)])


def joint(
    fits: np.ndarray, table: np.ndarray, names: Sequence[str], is_sd: np.ndarray
) -> list[TableConvention]:
    """Find the convention of each table from all its values together.

    Parameters
    ----------
    fits : ndarray of bool, shape (8, cells)
        Whether each value fits under each of `CONVENTIONS`. Values that fit under none do
        not count: a single misprint must not hide how the rest was made.
    table : ndarray of int, shape (cells,)
        The position of each value's table in `names`.
    names : sequence of str
    is_sd : ndarray of bool, shape (cells,)
        Which values are standard deviations.

    Returns
    -------
    list of TableConvention
        One a name, in their order.
    """
    counts = fits.any(axis=0)
    size = len(names)
    cells = np.bincount(table[counts], minlength=size)
    telling = np.bincount(table[counts & ~fits.all(axis=0)], minlength=size)
    with_sd = np.bincount(table[counts & is_sd], minlength=size) > 0
    misses = np.stack([np.bincount(table[counts & ~row], minlength=size) for row in fits])
    best = np.where(telling >= ENOUGH, misses.argmin(axis=0), 0).tolist()
    fitting = (misses == 0).T.tolist()
    return [
        TableConvention(
            table=name,
            cells=int(cells[at]),
            telling=int(telling[at]),
            choice=CONVENTIONS[best[at]],
            fitting=tuple(
                pair for pair, fits in zip(CONVENTIONS, fitting[at], strict=True) if fits
            ),
            misses=int(misses[best[at], at]),
            has_sd=bool(with_sd[at]),
        )
        for at, name in enumerate(names)
    ]


def convention_words(conventions: Sequence[Convention], *, with_sd: bool = True) -> str:
    """Name conventions in as few words as say it.

    Examples
    --------
    >>> convention_words([Convention("sample", "truncate")])
    'the sample SD cut off (truncated)'
    >>> convention_words(CONVENTIONS[:3], with_sd=False)
    'rounding to the nearest'
    """
    said = []
    for deviation in DEVIATIONS if with_sd else DEVIATIONS[:1]:
        roundings = [c.rounding for c in conventions if c.deviation == deviation]
        words = [rounding_words(rounding) for rounding in roundings]
        if set(NEAREST) <= set(roundings):
            rest = [rounding_words(r) for r in roundings if r not in NEAREST]
            words = ["rounded to the nearest", *rest]
        if with_sd and words:
            said.append(f"the {deviation} SD {_alternatives(words)}")
        else:
            said += [
                word.replace("rounded", "rounding").replace("cut", "cutting") for word in words
            ]
    return _alternatives(said)


def _alternatives(words: Sequence[str]) -> str:
    return " or ".join(words)
