"""Tables as papers print them, from samples that exist, with errors planted by a seed."""

from __future__ import annotations

import csv
import decimal
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

COLUMNS = (
    *("id", "table", "row", "column", "n", "mean", "sd", "count", "whole", "percent"),
    *("min", "max", "items", "data", "part_of"),
)
MODES = {
    "half-up": decimal.ROUND_HALF_UP,
    "half-even": decimal.ROUND_HALF_EVEN,
    "truncate": decimal.ROUND_DOWN,
}
ROWS_A_TABLE = 20


def write_table(
    path: Path, rows: int, seed: int, error_rate: float = 0.1
) -> dict[str, tuple[str, str]]:
    """Write a form with about `rows` rows; return the planted claims: true and printed value."""
    chance = random.Random(seed)
    planted: dict[str, tuple[str, str]] = {}
    lines: list[dict[str, str]] = []
    number = 0
    while len(lines) < rows:
        number += 1
        table = f"Table {number}"
        convention = chance.choice(["sample", "population"]), chance.choice(list(MODES))
        made: list[dict[str, str]] = []
        while len(made) < min(ROWS_A_TABLE, rows - len(lines)):
            make = chance.choice(MAKERS)
            made += make(chance, convention, f"{table}, {len(made)}")
        for row in made:
            row |= {"table": table, "row": row["id"]}
            for field in ("mean", "sd", "percent", "count"):
                if row.get(field) and chance.random() < error_rate:
                    true = row[field]
                    row[field] = _misprint(chance, true)
                    if row[field] != true:
                        planted[f"{row['id']}.{field}"] = true, row[field]
        lines += made
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(lines)
    return planted


def shown(value: Fraction, decimals: int, rounding: str) -> str:
    """Print a number under a convention, exactly."""
    with decimal.localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{exact.quantize(Decimal(1).scaleb(-decimals), MODES[rounding]):f}"


def shown_sd(sample: list[int], items: int, decimals: int, convention: tuple[str, str]) -> str:
    """Print the SD of a sample under a convention."""
    n, total = len(sample), sum(sample)
    divisor = n - 1 if convention[0] == "sample" else n
    spread = n * sum(number * number for number in sample) - total * total
    with decimal.localcontext(prec=60):
        variance = Decimal(spread) / (n * divisor * items * items)
        return f"{variance.sqrt().quantize(Decimal(1).scaleb(-decimals), MODES[convention[1]]):f}"


def _whole_numbers(chance: random.Random, convention: tuple[str, str], name: str) -> list[dict]:
    n, decimals = chance.choice([2, 3, 4, 5, 7, 12, 28, 60, 150]), chance.choice([0, 1, 2, 2])
    low, high, items = chance.choice([(1, 5, 1), (0, 10, 1), (18, 65, 1), (1, 7, 3), (18, 90, 1)])
    sample = [sum(chance.randint(low, high) for _ in range(items)) for _ in range(n)]
    row = {
        "id": name,
        "n": str(n),
        "mean": shown(Fraction(sum(sample), n * items), decimals, convention[1]),
        "sd": shown_sd(sample, items, decimals, convention),
        "data": "integer" if items == 1 or chance.random() < 0.5 else "",
        "items": str(items) if items > 1 else "",
    }
    if chance.random() < 0.5:
        row |= {"min": str(low), "max": str(high)}
    if chance.random() < 0.1:
        row[chance.choice(["mean", "sd"])] = ""
    return [row]


def _binary(chance: random.Random, convention: tuple[str, str], name: str) -> list[dict]:
    n = chance.randint(2, 60)
    sample = [chance.randint(0, 1) for _ in range(n)]
    mean = shown(Fraction(sum(sample), n), 2, convention[1])
    sd = shown_sd(sample, 1, 2, convention)
    return [{"id": name, "n": str(n), "mean": mean, "sd": sd, "data": "binary"}]


def _continuous(chance: random.Random, convention: tuple[str, str], name: str) -> list[dict]:
    # thousandths stand for numbers that are not whole
    sample = [chance.randint(1000, 5000) for _ in range(chance.randint(2, 60))]
    row = {
        "id": name,
        "n": str(len(sample)),
        "mean": shown(Fraction(sum(sample), 1000 * len(sample)), 2, convention[1]),
        "sd": shown_sd(sample, 1000, 2, convention),
        "data": chance.choice(["continuous", ""]),
    }
    return [row | ({"min": "1", "max": "5"} if chance.random() < 0.5 else {})]


def _share(chance: random.Random, convention: tuple[str, str], name: str) -> list[dict]:
    whole, decimals = chance.randint(2, 600), chance.choice([0, 1, 1, 2])
    count = chance.randint(0, whole)
    percent = shown(Fraction(100 * count, whole), decimals, convention[1])
    row = {"id": name, "whole": str(whole), "percent": percent}
    return [row | ({"count": str(count)} if chance.random() < 0.7 else {})]


def _parts(chance: random.Random, convention: tuple[str, str], name: str) -> list[dict]:
    counts = [chance.randint(0, 30) for _ in range(3)]
    whole = sum(counts) or 1
    counts[0] += whole - sum(counts)
    parts = [
        {
            "id": f"{name}, part {at}",
            "count": str(count),
            "whole": str(whole),
            "percent": shown(Fraction(100 * count, whole), 1, convention[1]),
            "part_of": f"{name} by kind",
        }
        for at, count in enumerate(counts)
    ]
    return [{"id": name, "n": str(whole)}, *parts]


def _misprint(chance: random.Random, text: str) -> str:
    """Change one digit, or swap two that stand side by side."""
    places = [at for at, letter in enumerate(text) if letter.isdigit()]
    at = chance.choice(places)
    letters = list(text)
    if chance.random() < 0.5 and at + 1 in places:
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    else:
        letters[at] = chance.choice([d for d in "0123456789" if d != letters[at]])
    return "".join(letters)


MAKERS = (
    _whole_numbers,
    _whole_numbers,
    _whole_numbers,
    _binary,
    _continuous,
    _share,
    _share,
    _parts,
)
