"""The table audit again, row by row and as plainly as possible.

Plain on purpose: one value, one convention, one candidate at a time, in exact fractions. The
fast audit is tested, and timed, against it. It knows what `random_tables` makes: plain cells,
parts as counts.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from math import ceil, floor, isqrt
from pathlib import Path

from analysis.audit.arithmetic import Convention, sprite

ROUNDINGS = ["half-up", "half-even", "half-down", "truncate"]
NEAREST = ["half-up", "half-even", "half-down"]
PAIRS = [
    *(("sample", rounding) for rounding in NEAREST),
    *(("population", rounding) for rounding in NEAREST),
    ("sample", "truncate"),
    ("population", "truncate"),
]
# what a table is judged by: an SD, and rounding to the nearest or cutting off
MANNERS = [
    {("sample", rounding) for rounding in NEAREST},
    {("sample", "truncate")},
    {("population", rounding) for rounding in NEAREST},
    {("population", "truncate")},
]
SEVERITY = [
    "impossible",
    "inconsistent within the publication",
    "rounding only",
    "of fewer than its whole",
    "consistent",
    "not computable from these data",
]


def audit(path: Path) -> dict[str, str]:
    """Return the verdict of each claim, by its id."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for number, row in enumerate(rows, start=2):
        row["id"] = row["id"] or f"row {number}"
    cells = {}
    for row in rows:
        if row["percent"]:
            cells[row["id"], "percent"] = percent_fits(row)
        if row["mean"]:
            cells[row["id"], "mean"] = mean_fits(row)
        if row["sd"]:
            cells[row["id"], "sd"] = sd_fits(row)
    tables = {row["id"]: row["table"] for row in rows}
    counted = {row["id"]: bool(row["count"]) for row in rows}
    choices = {table: choice(cells, tables, table, counted) for table in set(tables.values())}
    verdicts: dict[str, list[str]] = {}
    for row in rows:
        chosen = choices[row["table"]]
        for field in ("count", "percent", "mean", "sd"):
            if row[field]:
                fits = cells.get((row["id"], field))
                verdicts[f"{row['id']}.{field}"] = [judge(row, field, fits, chosen)]
    for claim, verdict in part_verdicts(rows):
        verdicts.setdefault(claim, []).append(verdict)
    return {claim: min(found, key=SEVERITY.index) for claim, found in verdicts.items()}


def interval(printed: str, rounding: str) -> tuple[Fraction, Fraction, bool, bool]:
    """Return the true values that print so: both ends, and whether they belong to it."""
    unit = Fraction(1, 10 ** len(printed.partition(".")[2]))
    value = Fraction(printed)
    if rounding == "truncate":
        return value if value > 0 else -unit, value + unit, value > 0, False
    low, high = value - unit / 2, value + unit / 2
    if rounding == "half-even":
        is_even = int(value / unit) % 2 == 0
        return low, high, is_even, is_even
    if rounding == "half-up":
        return low, high, value > 0, False
    return low, high, value == 0, True


def whole_numbers(ends: tuple[Fraction, Fraction, bool, bool], factor: Fraction | int) -> range:
    """Return the whole numbers in an interval whose ends are multiplied by a factor."""
    low, high, has_low, has_high = ends[0] * factor, ends[1] * factor, ends[2], ends[3]
    first = ceil(low) if has_low else floor(low) + 1
    last = floor(high) if has_high else ceil(high) - 1
    return range(first, last + 1)


def rounded(value: Fraction, decimals: int, rounding: str) -> int:
    """Round as the convention says; return the digits without their point."""
    whole, rest = divmod(abs(value) * 10**decimals, 1)
    half = Fraction(1, 2)
    if (
        (rounding == "half-up" and rest >= half)
        or (rounding == "half-down" and rest > half)
        or (rounding == "half-even" and (rest > half or (rest == half and whole % 2 == 1)))
    ):
        whole += 1
    return -whole if value < 0 else whole


def that_print(printed: str, parts: Fraction | int, rounding: str) -> list[int]:
    """Return the whole numbers that print so once divided by `parts`, by trying all near."""
    decimals = len(printed.partition(".")[2])
    digits = Fraction(printed) * 10**decimals
    first = ceil((digits - 1) * parts / 10**decimals)
    last = floor((digits + 1) * parts / 10**decimals)
    return [
        number
        for number in range(first, last + 1)
        if rounded(Fraction(number) / parts, decimals, rounding) == digits
    ]


def percent_fits(row: dict[str, str]) -> list[set] | None:
    """Return under which pairs the percentage can be, of its whole and of a smaller one."""
    whole = int(row["whole"] or row["n"] or 0)
    if not whole:
        return None
    strict = shares_of(row, whole)
    fewer: set[str] = set()
    is_telling = bool(row["count"]) and len(strict) < len(ROUNDINGS)
    if is_telling or not strict & set(NEAREST):
        least = int(row["count"] or 0) or 1
        for smaller in range(whole - 1, least - 1, -1):
            fewer |= shares_of(row, smaller)
            if len(fewer) == len(ROUNDINGS):
                break
    pairs = {pair for pair in PAIRS if pair[1] in strict}
    return [pairs, strict, False, {pair for pair in PAIRS if pair[1] in fewer}]


def shares_of(row: dict[str, str], whole: int) -> set[str]:
    fits = set()
    for rounding in ROUNDINGS:
        counts = that_print(row["percent"], Fraction(whole, 100), rounding)
        counts = [count for count in counts if 0 <= count <= whole]
        if (int(row["count"]) in counts) if row["count"] else counts:
            fits.add(rounding)
    return fits


def ends(row: dict[str, str]) -> tuple[int | None, int | None]:
    items = int(row["items"] or 1)
    if row["data"] == "binary":
        return 0, items
    return tuple(int(row[end]) * items if row[end] else None for end in ("min", "max"))


def is_whole(row: dict[str, str]) -> bool:
    return row["data"] in ("integer", "binary") or (not row["data"] and bool(row["items"]))


def totals(row: dict[str, str]) -> dict[str, list[int]]:
    """Return the totals that print as the mean, by rounding."""
    n, items = int(row["n"]), int(row["items"] or 1)
    low, high = ends(row)
    return {
        rounding: [
            total
            for total in that_print(row["mean"], n * items, rounding)
            if (low is None or total >= n * low) and (high is None or total <= n * high)
        ]
        for rounding in ROUNDINGS
    }


def mean_fits(row: dict[str, str]) -> list[set[str]] | None:
    if not is_whole(row) or not row["n"]:
        return None
    fits = {rounding for rounding, found in totals(row).items() if found}
    return [{pair for pair in PAIRS if pair[1] in fits}, fits]


def sd_fits(row: dict[str, str]) -> list[set[str]] | None:
    if not is_whole(row) or not row["n"]:
        return None
    n = int(row["n"])
    low, high = ends(row)
    every = range(n) if low is None or high is None else range(n * low, n * high + 1)
    found = totals(row) if row["mean"] else {rounding: [] for rounding in ROUNDINGS}
    any_total = sorted({total for each in found.values() for total in each})
    is_blameless = bool(row["mean"]) and not any_total
    fits = set()
    for deviation, rounding in PAIRS:
        for total in found[rounding] or any_total or every:
            if sample_exists(row, total, deviation, rounding):
                fits.add((deviation, rounding))
                break
    mixed = bool(fits) or any(
        sample_exists(row, total, deviation, rounding)
        for deviation, rounding in PAIRS
        for total in any_total
    )
    return [fits, {"any"} if mixed else set(), is_blameless]


def sample_exists(row: dict[str, str], total: int, deviation: str, rounding: str) -> bool:
    n, items, printed = int(row["n"]), int(row["items"] or 1), row["sd"]
    divisor = n - 1 if deviation == "sample" else n
    if not divisor:
        return False
    least, most, has_least, has_most = interval(printed, rounding)
    variances = max(least, 0) ** 2, most**2, has_least or least < 0, has_most
    factor, base = divisor * items**2, Fraction(total * total, n)
    limits = variances[0] * factor + base, variances[1] * factor + base, *variances[2:]
    low, high = ends(row)
    fewest, most = square_limits(n, total, low, high)
    found = whole_numbers(limits, 1)
    found = range(max(found.start, fewest), min(found.stop, most + 1))
    return any(
        (squares - total) % 2 == 0 and exists(n, total, squares, low, high) for squares in found
    )


def square_limits(n: int, total: int, low: int | None, high: int | None) -> tuple[int, int]:
    """Return the least sum of squares, of even numbers, and the largest, of numbers at the ends."""
    part, rest = divmod(total, n)
    least = n * part * part + rest * (2 * part + 1)
    if low is None or high is None:
        return least, 10**30
    full, over = divmod(total - n * low, high - low)
    between = (low + over) ** 2 + (n - full - 1) * low * low if full < n else 0
    return least, full * high * high + between


def exists(n: int, total: int, squares: int, low: int | None, high: int | None) -> bool:
    """Tell whether n whole numbers have this total and sum of squares, as far as is listed."""
    if low is not None and high is not None and n <= 8 and high - low <= 12:
        shifted = squares - 2 * low * total + n * low * low
        return (total - n * low, shifted) in all_samples(n, high - low)
    # from five numbers on every sum of squares of the right parity occurs
    part = total // n
    return n > 4 or searched(n, total - n * part, squares - 2 * part * total + n * part * part)


@cache
def searched(n: int, total: int, squares: int) -> bool:
    if n * squares < total * total:
        return False
    if n == 1:
        return squares == total * total
    if n == 2:
        # x and y from x + y and x² + y²: (x − y)² is a square
        difference = 2 * squares - total * total
        return isqrt(difference) ** 2 == difference
    reach = isqrt(squares)
    return any(
        searched(n - 1, total - number, squares - number * number)
        for number in range(-reach, reach + 1)
    )


@cache
def all_samples(n: int, span: int) -> frozenset[tuple[int, int]]:
    if n == 0:
        return frozenset({(0, 0)})
    return frozenset(
        (total + number, squares + number * number)
        for total, squares in all_samples(n - 1, span)
        for number in range(span + 1)
    )


def choice(
    cells: dict, tables: dict[str, str], table: str, counted: dict[str, bool]
) -> tuple[int, int | None]:
    """Return the manner that the table is judged by, and one that a single value needs."""
    tested = []
    for (row, field), fits in cells.items():
        if tables[row] != table or fits is None or fits[2:3] == [True]:
            continue
        pairs = fits[0]
        if field == "percent":
            pairs = fits[0] | fits[3] if counted[row] else fits[0] or fits[3]
        if pairs:
            tested.append((pairs, field == "sd"))

    def misses(manner: int) -> list[bool]:
        return [is_sd for pairs, is_sd in tested if not pairs & MANNERS[manner]]

    if not misses(0):
        return 0, None
    whole = [manner for manner in (1, 2, 3) if not misses(manner)]
    # what a manner adds to another: cutting off to rounding, the population's SD to a sample's
    without = {1: [(0, False)], 2: [(0, True)], 3: [(2, False), (1, True)]}
    for manner in whole:
        needs = [
            sum(misses(other)) if sds else len(misses(other)) for other, sds in without[manner]
        ]
        if min(needs) >= 2:
            return manner, None
    if not whole or len(tested) < 5:
        return 0, None
    if whole == [3]:
        return (1 if len(misses(2)) >= 2 else 2 if sum(misses(1)) >= 2 else 0), 3
    return 0, whole[0]


def judge(row: dict[str, str], field: str, fits: list | None, chosen: tuple) -> str:
    value = Fraction(row[field])
    if field == "count":
        whole = row["whole"] or row["n"]
        if not whole:
            return "not computable from these data"
        return "consistent" if value <= int(whole) else "inconsistent within the publication"
    row = row | ({"min": "0", "max": "1"} if row["data"] == "binary" else {})
    if field in ("mean", "sd") and row["min"] and row["max"] and beyond(row, field, chosen):
        return "impossible"
    if fits is None:
        has_scale = row["min"] and row["max"] and field in ("mean", "sd")
        return "consistent" if has_scale else "not computable from these data"
    if field == "sd" and row["mean"] and not mean_can_be(row, chosen):
        return "not computable from these data"
    manner, alone = chosen
    verdict = "impossible"
    if field == "percent" and row["count"]:
        verdict = "inconsistent within the publication"
    excusing = fits[0] | (fits[3] if field == "percent" else set())
    if alone is not None and excusing & MANNERS[alone]:
        verdict, used = "rounding only", alone
    if field == "percent" and fits[3] & MANNERS[manner]:
        verdict = "of fewer than its whole"
    if fits[0] & MANNERS[manner]:
        verdict, used = "consistent", manner
    if field == "sd" and verdict in ("consistent", "rounding only") and not found(row, used):
        return "impossible"
    return verdict


def mean_can_be(row: dict[str, str], chosen: tuple) -> bool:
    fits = mean_fits(row)
    if fits is None:
        return not beyond(row, "mean", chosen)
    allowed = MANNERS[chosen[0]] | (MANNERS[chosen[1]] if chosen[1] is not None else set())
    return bool(fits[0] & allowed) and not (
        row["min"] and row["max"] and beyond(row, "mean", chosen)
    )


def found(row: dict[str, str], manner: int) -> bool:
    """Search a sample where the quick test is not exact: on long scales, or of many answers."""
    n, items = int(row["n"]), int(row["items"] or 1)
    low, high = ends(row)
    if not row["mean"] or low is None or high is None or (n <= 8 and high - low <= 12):
        return True
    pairs = tuple(Convention(*pair) for pair in PAIRS if pair in MANNERS[manner])
    ends_ = (Fraction(low, items), Fraction(high, items))
    return not sprite(
        row["mean"], row["sd"], n, *ends_, items=items, conventions=pairs
    ).is_impossible


def beyond(row: dict[str, str], field: str, chosen: tuple) -> bool:
    """Tell whether a mean lies off its scale, or an SD is larger than the scale allows."""
    low, high = (Fraction(row[end]) for end in ("min", "max"))
    if row["data"] == "continuous":
        low, high = (
            end + sign * Fraction(1, 10 ** len(row[name].partition(".")[2]))
            for end, sign, name in ((low, -1, "min"), (high, 1, "max"))
        )
    unit = Fraction(1, 10 ** len(row[field].partition(".")[2]))
    value = Fraction(row[field])
    if field == "mean":
        return value + unit < low or value - unit > high
    middle = (low + high) / 2
    # an SD is not blamed for a mean that cannot be
    if row["mean"] and mean_can_be(row, chosen):
        mean = Fraction(row["mean"])
        spare = Fraction(1, 10 ** len(row["mean"].partition(".")[2]))
        middle = min(max(middle, mean - spare), mean + spare)
    n = max(int(row["n"] or 2), 2)
    variance = max((high - middle) * (middle - low), 0) * n / (n - 1)
    return value - unit > 0 and (value - unit) ** 2 > variance * Fraction(1_000_001, 1_000_000)


def part_verdicts(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    by_id = {row["id"]: row for row in rows}
    splits: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row["part_of"]:
            splits.setdefault(row["part_of"], []).append(row)
    sums = {}
    for split, parts in splits.items():
        whole = by_id[split.partition(" by ")[0]]
        values = [part["count"] or part["n"] for part in [*parts, whole]]
        if all(values):
            sums[split] = sum(map(int, values[:-1])) == int(values[-1])
    confirmed = {split.partition(" by ")[0] for split, adds_up in sums.items() if adds_up}
    result = []
    for split, adds_up in sums.items():
        whole = by_id[split.partition(" by ")[0]]
        members = list(splits[split])
        if adds_up or whole["id"] not in confirmed:
            members.append(whole)
        verdict = "consistent" if adds_up else "inconsistent within the publication"
        result += [(f"{row['id']}.{'count' if row['count'] else 'n'}", verdict) for row in members]
    return result
