"""Tables as honest papers print them, from samples that exist; and one error among true values."""

from __future__ import annotations

import decimal
import random
from decimal import Decimal
from fractions import Fraction

from analysis.audit.arithmetic import CONVENTIONS as KNOWN
from analysis.audit.arithmetic import grim, grimmer

# the SD, and how numbers are rounded: as Excel and SPSS do it, as R prints doubles, exactly, or cut
CONVENTIONS = [
    (deviation, rounding)
    for deviation in ("sample", "population")
    for rounding in ("half up", "binary floats", "half even", "cut off")
]
MODES = {
    "half up": decimal.ROUND_HALF_UP,
    "half even": decimal.ROUND_HALF_EVEN,
    "cut off": decimal.ROUND_DOWN,
}
HEADER = "section,row,column,n,mean,sd,count,whole,percent,data,min,max\n"
USUAL = KNOWN[:3]


def shown(value: Fraction | Decimal, decimals: int, rounding: str) -> str:
    if rounding == "binary floats":
        return f"{float(value):.{decimals}f}"
    with decimal.localcontext(prec=60):
        exact = value
        if isinstance(value, Fraction):
            exact = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{exact.quantize(Decimal(1).scaleb(-decimals), MODES[rounding]):f}"


def moments(sample: list[int], deviation: str) -> tuple[Fraction, Decimal]:
    n, total = len(sample), sum(sample)
    divisor = n - 1 if deviation == "sample" else n
    with decimal.localcontext(prec=60):
        variance = Decimal(n * sum(x * x for x in sample) - total * total) / (n * divisor)
        return Fraction(total, n), variance.sqrt()


def a_sample(chance: random.Random) -> tuple[list[int], int, int]:
    low, high = chance.choice([(1, 5), (1, 7), (0, 10), (18, 80), (0, 40)])
    middle, spread = chance.uniform(low, high), (high - low) / chance.uniform(2, 8)
    n = chance.randint(8, 90)
    draw = [round(chance.gauss(middle, spread)) for _ in range(n)]
    return [min(max(number, low), high) for number in draw], low, high


def mean_row(chance: random.Random, convention: tuple[str, str], at: int, decimals: int) -> str:
    deviation, rounding = convention
    sample, low, high = a_sample(chance)
    mean, sd = moments(sample, deviation)
    ends = f"{low},{high}" if chance.random() < 0.5 else ","
    return (
        f"T,score {at},A,{len(sample)},{shown(mean, decimals, rounding)},"
        f"{shown(sd, decimals, rounding)},,,,integer,{ends}\n"
    )


def share_rows(chance: random.Random, convention: tuple[str, str], decimals: int) -> str:
    """A variable with levels, some answers missing: percentages of those known."""
    whole = chance.randint(10, 300)
    known = whole - (chance.randint(1, whole // 4) if chance.random() < 0.5 else 0)
    cut = sorted(chance.randint(0, known) for _ in range(2))
    counts = [cut[0], cut[1] - cut[0], known - cut[1]]
    name = f"kind {chance.random():.9f}"
    return "".join(
        f"T,{name} {at},B,,,,{count},{whole},"
        f"{shown(Fraction(100 * count, known), decimals, convention[1])},,,\n"
        for at, count in enumerate(counts)
    )


def honest_table(chance: random.Random, convention: tuple[str, str]) -> str:
    """Return a table of one paper as CSV: means with SDs, and counts with percentages."""
    decimals = chance.choice([1, 2, 2])
    rows = [mean_row(chance, convention, at, decimals) for at in range(chance.randint(3, 12))]
    rows += [share_rows(chance, convention, 1) for _ in range(chance.randint(1, 5))]
    return HEADER + "".join(rows)


def planted_table(chance: random.Random, kind: str) -> tuple[str, str]:
    """Return a table of ten true rows and one with an error that arithmetic can tell."""
    usual = ("sample", "half up")
    rows = [mean_row(chance, usual, at, 2) for at in range(10)]
    while True:
        sample, _, _ = a_sample(chance)
        mean, sd = (shown(value, 2, "half up") for value in moments(sample, "sample"))
        true = mean if kind == "mean" else sd
        digits = [at for at, letter in enumerate(true) if letter.isdigit()]
        at = chance.choice(digits)
        wrong = true[:at] + chance.choice("0123456789") + true[at + 1 :]
        n = len(sample)
        pair = (wrong, sd) if kind == "mean" else (mean, wrong)
        is_told = wrong != true and (
            not set(grim(wrong, n).fits) & {"half-up", "half-even", "half-down"}
            if kind == "mean"
            else not set(grimmer(*pair, n).fits) & set(USUAL)
        )
        if is_told:
            break
    place = chance.randint(0, 10)
    rows.insert(place, f"T,wrong,A,{n},{pair[0]},{pair[1]},,,,integer,,\n")
    return HEADER + "".join(rows), f"row {place + 2}.{kind}"
