"""Find out under which convention the published ages can be those of real people.

``python data-raw/synthetic/find_ages.py`` prints, for each convention of standard deviation
and rounding, the sums and sums of squares of whole ages that print as published. A
convention without any for some group cannot be the paper's.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

__all__ = ["CONVENTIONS", "Age", "Convention", "published_ages", "sums"]

PUBLISHED = Path(__file__).resolve().parent.parent / "published" / "table2.csv"
YOUNGEST, OLDEST = 18, 100
UNIT = Fraction(1, 100)  # both values are printed with two decimals


@dataclass(frozen=True)
class Convention:
    """Divisor of the variance (n − 1 or n), and how the last digit comes about."""

    sd: str
    rounding: str

    def interval(self, printed: str) -> tuple[Fraction, Fraction]:
        """Return the values that print so: from the first up to the second."""
        value = Fraction(printed)
        if self.rounding == "truncate":
            return value, value + UNIT
        return value - UNIT / 2, value + UNIT / 2

    def prints(self, low: Fraction, value: Fraction, high: Fraction, printed: str) -> bool:
        """Say whether a value between two bounds is printed so, also at a tie."""
        if self.rounding == "half-even" and value in (low, high):
            return int(Fraction(printed) / UNIT) % 2 == 0
        return low <= value < high


@dataclass(frozen=True)
class Age:
    """Mean and standard deviation of a group as printed, and its size."""

    group: str
    mean: str
    sd: str
    n: int


CONVENTIONS = [
    Convention(sd, rounding)
    for sd in ("sample", "population")
    for rounding in ("half-up", "half-even", "truncate")
]


def published_ages(path: Path = PUBLISHED) -> list[Age]:
    """Read the ages, and the sizes of the groups from their gender counts."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sizes: dict[str, int] = {}
    for row in rows:
        if row["variable"] == "Gender":
            count = int(row["printed"].split()[0])
            sizes[row["group"]] = sizes.get(row["group"], 0) + count
    ages = []
    for row in rows:
        if row["variable"] == "Age":
            mean, _, sd = row["printed"].partition(" ± ")
            ages.append(Age(row["group"], mean, sd, sizes[row["group"]]))
    return ages


def sums(age: Age, convention: Convention) -> list[tuple[int, int]]:
    """Return the sums and sums of squares of whole ages that print as published.

    Parameters
    ----------
    age : Age
    convention : Convention

    Returns
    -------
    list of (int, int)
        Sum and sum of squares have the same parity, as have any number and its square.
        In exact fractions; no value is rounded on the way.
    """
    low, high = convention.interval(age.mean)
    sd_low, sd_high = convention.interval(age.sd)
    divisor = age.n - 1 if convention.sd == "sample" else age.n
    found = []
    for total in range(YOUNGEST * age.n, OLDEST * age.n + 1):
        if not convention.prints(low, Fraction(total, age.n), high, age.mean):
            continue
        around = Fraction(total * total, age.n)
        first, last = (around + bound**2 * divisor for bound in (sd_low, sd_high))
        for squares in range(floor(first), ceil(last) + 1):
            variance = (squares - around) / divisor
            even = convention.prints(sd_low**2, variance, sd_high**2, age.sd)
            if even and (squares - total) % 2 == 0:
                found.append((total, squares))
    return found


def main() -> None:
    """Print what fits."""
    for convention in CONVENTIONS:
        fitting = {age.group: sums(age, convention) for age in published_ages()}
        verdict = "fits" if all(fitting.values()) else "does not fit"
        print(f"SD of the {convention.sd}, {convention.rounding}: {verdict}")
        for group, pairs in fitting.items():
            print(f"  {group}: {', '.join(map(str, pairs)) or 'no whole ages'}")


if __name__ == "__main__":
    main()
