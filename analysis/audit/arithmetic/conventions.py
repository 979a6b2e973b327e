"""How a publication computed an SD and rounded its numbers, as far as its values show.

A printed number stands for an interval of true values. Which one depends on the rounding;
which end belongs to it decides whether a tie may have gone that way.

One value says little about how its table was made: a mean may print alike rounded or cut
off, and says nothing of the SD beside it. A convention other than the usual one (sample SD,
rounded to the nearest, a tie in either direction) is taken for a table's only where it fits
every value that can be tested and at least two values need it, for the kind of SD two SDs.
Where none does, values are judged by the usual one: of 300 tables of 20 random means, a bare
majority took 113 for cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from analysis.audit.arithmetic.printed import Numbers

__all__ = [
    "ANY",
    "ANY_ROUNDING",
    "CONVENTIONS",
    "DEVIATIONS",
    "MANNERS",
    "ROUNDINGS",
    "Bounds",
    "Convention",
    "TableConvention",
    "bounds",
    "by_manner",
    "convention_words",
    "each_convention",
    "joint",
    "rounding_words",
]

# "half-even" and "half-up" are what software does; "half-down" is a tie that went the other
# way, as binary floats let it: 2.675 is stored as a little less
ROUNDINGS = ("half-up", "half-even", "half-down", "truncate")
# the row after the roundings: what any of them allows
ANY = len(ROUNDINGS)
DEVIATIONS = ("sample", "population")
# no rounding of its own: a mean and an SD that may each be rounded in any way
ANY_ROUNDING = "any"
WORDS = {
    "half-up": "rounded half up",
    "half-even": "rounded half to even",
    "half-down": "rounded half down",
    "truncate": "cut off (truncated)",
    ANY_ROUNDING: "rounded in any way",
}
NEAREST = ("half-up", "half-even", "half-down")
# one value alone does not show that a table departs from ordinary rounding
ENOUGH = 2
# beside so many values that allow it, one that needs another convention is no proof of error
AMONG = 5


@dataclass(frozen=True, slots=True)
class Convention:
    """A standard deviation and a rounding.

    Attributes
    ----------
    deviation : {"sample", "population"}
        Sum of squared deviations divided by n − 1, or by n.
    rounding : {"half-up", "half-even", "half-down", "truncate"}
    """

    deviation: str
    rounding: str

    def __str__(self) -> str:
        return f"{self.deviation} SD, {WORDS[self.rounding]}"


# the order is that of preference: of several that fit a table, the first is named first
CONVENTIONS = (
    *(Convention(deviation, r) for deviation in DEVIATIONS for r in NEAREST),
    *(Convention(deviation, "truncate") for deviation in DEVIATIONS),
)
# what a table is judged by: an SD, and rounding to the nearest (ties either way) or cutting off
MANNERS: tuple[tuple[int, ...], ...] = ((0, 1, 2), (6,), (3, 4, 5), (7,))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Intervals of true values, one row per rounding and one column per number.

    The rows are `ROUNDINGS`, then their union: what any rounding allows.

    Attributes
    ----------
    low, high : ndarray of int, shape (5, numbers)
        In halves of the last printed decimal: 5.19 cut off allows 1038 to 1040.
    has_low, has_high : ndarray of bool, shape (5, numbers)
        Whether the end itself belongs to the interval.
    """

    low: np.ndarray
    high: np.ndarray
    has_low: np.ndarray
    has_high: np.ndarray


def bounds(numbers: Numbers) -> Bounds:
    """Return the true values that printed numbers allow under each rounding.

    Parameters
    ----------
    numbers : Numbers
        Their relation (``<0.1``) is left aside.

    Notes
    -----
    Half up and half down are away from zero and towards it, as in the decimal arithmetic
    standard; truncation is towards zero. For −2 they mirror what they do for 2.
    """
    twice = 2 * numbers.digits
    sign = np.sign(numbers.digits)
    is_even = numbers.digits % 2 == 0
    is_positive, is_negative, is_zero = sign > 0, sign < 0, sign == 0
    cut_low = twice - np.where(is_positive, 0, 2)
    cut_high = twice + np.where(is_negative, 0, 2)
    union_low = twice - np.where(is_positive, 1, 2)
    union_high = twice + np.where(is_negative, 1, 2)
    return Bounds(
        low=np.stack([twice - 1] * 3 + [cut_low, union_low]),
        high=np.stack([twice + 1] * 3 + [cut_high, union_high]),
        has_low=np.stack(
            [is_positive, is_even, is_negative | is_zero, is_positive, is_positive]
        ).astype(bool),
        has_high=np.stack(
            [is_negative, is_even, is_positive | is_zero, is_negative, is_negative]
        ).astype(bool),
    )


def rounding_words(rounding: str) -> str:
    """Return a rounding as people say it: ``cut off (truncated)``."""
    return WORDS[rounding]


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
    manner : int
        The place in `MANNERS` of what the values are judged by.
    fitting : tuple of Convention
        All conventions under which every value fits; none where they contradict each other.
    misses : int
        Values that do not fit under it.
    has_sd : bool
        Whether the table has an SD that can be tested; else the kind of SD says nothing.
    alone : int
        The place in `MANNERS` of one that fits every value, of at least five, while too few
        need it to be taken; −1 where there is none.
    """

    table: str
    cells: int
    telling: int
    manner: int
    fitting: tuple[Convention, ...]
    misses: int
    has_sd: bool
    alone: int = -1

    @property
    def choice(self) -> Convention:
        """What the values are judged by, with the rounding that is named first."""
        return CONVENTIONS[MANNERS[self.manner][0]]

    @property
    def is_established(self) -> bool:
        """Whether the values themselves show the convention, one that fits them all."""
        return self.telling >= ENOUGH and bool(self.fitting) and not self.misses

    @property
    def words(self) -> str:
        """What the values are judged by: ``the sample SD rounded to the nearest``."""
        chosen = [CONVENTIONS[at] for at in MANNERS[self.manner]]
        return convention_words(chosen, with_sd=self.has_sd)

    @property
    def sentence(self) -> str:
        """What the table shows, in one sentence or two."""
        if not self.cells:
            return "No value of this table can be tested."
        many = "Both" if self.cells == ENOUGH else f"All {self.cells}"
        count = "The one value" if self.cells == 1 else f"{many} values"
        if not self.telling:
            return f"{count} that can be tested would print alike under every convention."
        if self.alone >= 0:
            other = [CONVENTIONS[at] for at in MANNERS[self.alone]]
            return (
                f"{count} that can be tested fit {convention_words(other, with_sd=self.has_sd)}, "
                f"but too few of them need it; they are judged by {self.words}."
            )
        if self.misses:
            fit = f"{self.cells - self.misses} of the {self.cells} values that can be tested"
            if self.cells == 1:
                fit = "0 of the 1 value that can be tested"
            would = convention_words(self.fitting, with_sd=self.has_sd)
            other_words = (
                f" {would[:1].upper()}{would[1:]} would, but too few values need it."
                if self.fitting
                else " No one convention fits all of them."
            )
            return f"{self.words[:1].upper()}{self.words[1:]} fits {fit}.{other_words}"
        fitting = convention_words(self.fitting, with_sd=self.has_sd)
        return (
            f"{count} that can be tested fit{'s' * (self.cells == 1)} {fitting}, and no other "
            "convention."
        )


def each_convention(by_rounding: np.ndarray) -> np.ndarray:
    """Spread results of the roundings over the conventions, whose SD they do not depend on.

    Parameters
    ----------
    by_rounding : ndarray of bool, shape (5, cells)
        One row per rounding, the last for any of them.

    Returns
    -------
    ndarray of bool, shape (9, cells)
        One row per convention, the last for any of them.
    """
    rows = [*(ROUNDINGS.index(convention.rounding) for convention in CONVENTIONS), ANY]
    return np.asarray(by_rounding[np.array(rows)])


def by_manner(fits: np.ndarray) -> np.ndarray:
    """Return whether values fit under each of `MANNERS`, shape (4, cells), from (8, cells)."""
    return np.stack([fits[list(rows)].any(axis=0) for rows in MANNERS])


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
        Which values are standard deviations: they alone tell sample from population.

    Returns
    -------
    list of TableConvention
        One a name, in their order.
    """
    size = len(names)

    def count(mask: Any) -> np.ndarray:
        return np.bincount(table[mask], minlength=size)

    counts = fits.any(axis=0)
    cells, telling = count(counts), count(counts & ~fits.all(axis=0))
    with_sd = count(counts & is_sd) > 0
    fitting = np.stack([count(counts & ~row) == 0 for row in fits]).T.tolist()
    manners = by_manner(fits)
    misses = np.stack([count(counts & ~row) for row in manners])
    usual, cut, population, _ = manners
    # how many values need the rounding, and how many SDs the kind of SD, of each manner
    rounding = [np.full(size, ENOUGH), count(counts & ~usual)]
    rounding += [rounding[0], count(counts & ~population)]
    kind = [np.full(size, ENOUGH)] * 2
    kind += [count(counts & is_sd & ~usual), count(counts & is_sd & ~cut)]
    result = []
    for at, name in enumerate(names):
        chosen, alone = 0, -1
        if misses[0, at]:
            whole = [m for m in range(1, len(MANNERS)) if not misses[m, at]]
            shown = [m for m in whole if min(rounding[m][at], kind[m][at]) >= ENOUGH]
            if shown:
                chosen = shown[0]
            elif whole and cells[at] >= AMONG:
                alone = whole[0]
                if whole == [3]:
                    # cutting off may be shown, and the kind of SD not, or the other way round
                    is_cut, is_kind = rounding[3][at] >= ENOUGH, kind[3][at] >= ENOUGH
                    chosen = 1 if is_cut else 2 if is_kind else 0
        result.append(
            TableConvention(
                table=name,
                cells=int(cells[at]),
                telling=int(telling[at]),
                manner=chosen,
                fitting=tuple(
                    pair for pair, holds in zip(CONVENTIONS, fitting[at], strict=True) if holds
                ),
                misses=int(misses[chosen, at]),
                has_sd=bool(with_sd[at]),
                alone=alone,
            )
        )
    return result


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
            said.append(f"the {deviation} SD {' or '.join(words)}")
        else:
            said += [
                word.replace("rounded", "rounding").replace("cut", "cutting") for word in words
            ]
    return " or ".join(dict.fromkeys(said))
