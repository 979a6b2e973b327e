"""p values from printed test statistics and degrees of freedom.

As Nuijten et al. (2016), The prevalence of statistical reporting errors in psychology,
Behavior Research Methods, 48(4), 1205–1226 (10.3758/s13428-015-0664-2) describe: the
statistic is rounded and so is p, and both leave room; a test may be one-sided. Only where
neither side can give the printed p do the two disagree. Distributions are SciPy's. Checked
against tables of critical values: t(10) = 2.228 and F(2, 20) = 3.49 are p = .05.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from analysis.audit.arithmetic.printed import Printed, parse_number

__all__ = ["Significance", "parse_statistic", "significance", "tail"]

# t(28), F(2, 57), χ²(3), X2 (3, N = 90), r(40), z
STATISTIC = re.compile(
    r"(?P<kind>t|F|r|z|Z|χ\s?[²2]|[χΧX]\s?[²2]|chi[- ]?squared?|chi2)\s*"
    r"(?:[(\[]\s*(?:df\s*=\s*)?(?P<first>\d+(?:\.\d+)?)\s*"
    r"(?:[,;]\s*(?P<second>(?:[Nn]\s*=\s*)?\d+(?:\.\d+)?)\s*)?[)\]])?"
    r"\s*(?P<relation>=|:)\s*(?P<value>[-−–]?\s?\d*\.?\d+)"
)
P_VALUE = re.compile(r"\s*[pP]\s*(?:-?value)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Significance:
    """What a printed statistic says of its p value.

    Attributes
    ----------
    low, high : float
        The least and the largest two-sided p that the statistic, as printed, allows.
    sides : int
        2 where a two-sided p can print so, 1 where only a one-sided one can, 0 for neither.
    is_larger : bool
        Whether the printed p is larger than that, as one corrected for many tests is.
    """

    low: float
    high: float
    sides: int
    is_larger: bool = False


def tail(kind: str, value: float, first: float = 0.0, second: float = 0.0) -> float:
    """Return the two-sided p of t, r and z, and the upper tail of F and χ².

    Parameters
    ----------
    kind : {"t", "F", "χ²", "r", "z"}
    value : float
    first, second : float
        Degrees of freedom; `second` of F only.

    Examples
    --------
    >>> round(tail("t", 2.228, 10), 3), round(tail("χ²", 3.841, 1), 3)
    (0.05, 0.05)
    """
    from scipy import special

    if kind == "r":
        if abs(value) >= 1:
            return 0.0
        value, kind = value * math.sqrt(first / (1 - value * value)), "t"
    if kind == "t":
        return float(2 * special.stdtr(first, -abs(value)))
    if kind == "z":
        return float(2 * special.ndtr(-abs(value)))
    if kind == "F":
        return float(special.fdtrc(first, second, max(value, 0.0)))
    return float(special.chdtrc(first, max(value, 0.0)))


def parse_statistic(text: str) -> tuple[str, str, float, float] | None:
    """Read ``t(28) = 2.31``, ``F(2, 57) = 4.10``, ``χ²(1, N = 90) = 3.2``, ``r(40) = .31``.

    Returns
    -------
    tuple or None
        Kind, value as printed, and degrees of freedom; None where the degrees of freedom
        that the statistic needs are not printed.

    Examples
    --------
    >>> parse_statistic("t(28) = 2.31")
    ('t', '2.31', 28.0, 0.0)
    """
    match = STATISTIC.search(text)
    if not match:
        return None
    kind = match["kind"]
    kind = kind if kind in ("t", "F", "r") else "z" if kind in ("z", "Z") else "χ²"
    first = float(match["first"] or 0)
    second = match["second"] or ""
    if kind != "z" and first <= 0:
        return None
    if kind == "F" and (not second or not second.replace(".", "").isdigit() or not float(second)):
        return None
    if kind in ("t", "r") and second:
        return None
    value = match["value"].replace(" ", "")
    return kind, value, first, float(second) if kind == "F" else 0.0


def significance(
    kind: str, value: str, printed: str, first: float = 0.0, second: float = 0.0
) -> Significance:
    """Hold a printed p against its statistic.

    Parameters
    ----------
    kind, first, second
        As in :func:`tail`.
    value : str
        The statistic as printed.
    printed : str
        The p value as printed: ``.028``, ``< .001``, ``p = 0.03``, ``n.s.`` is none.

    Raises
    ------
    ValueError
        When one of the two is no number.

    Examples
    --------
    >>> significance("t", "2.31", ".028", 28).sides
    2
    >>> significance("t", "2.31", ".28", 28).sides
    0
    """
    statistic = parse_number(value)
    p = parse_number(P_VALUE.sub("", printed, count=1).removeprefix("=").strip())
    if statistic is None or p is None or statistic.relation != "=":
        raise ValueError(f"statistic {value!r}, p {printed!r}: expected numbers")
    unit = 10.0**-statistic.decimals
    size = abs(float(statistic.value))
    # rounded to the nearest or cut off
    least, most = max(size - unit / 2, 0.0), size + unit
    low, high = (tail(kind, end, first, second) for end in (most, least))
    sides = 2 if _prints(p, low, high) else 0
    if not sides and kind in ("t", "r", "z") and _prints(p, low / 2, high / 2):
        sides = 1
    return Significance(low, high, sides, is_larger=float(p.value) > high)


def _prints(p: Printed, low: float, high: float) -> bool:
    """Whether a p between two values prints so: rounded, cut off, or within its bound."""
    value = Fraction(p.digits, 10**p.decimals)
    if p.relation == "<":
        return low < value
    if p.relation == "<=":
        return low <= value
    if p.relation == ">":
        return high > value
    if p.relation == ">=":
        return high >= value
    unit = Fraction(1, 10**p.decimals)
    if p.digits == 0:
        # .000, as SPSS prints it
        return low < unit
    if p.digits == 1 and p.decimals >= 3 and high < value:
        # .001 and .0001, the least that a program prints
        return True
    return low <= value + unit and high >= value - unit / 2
