"""The columns of a ledger, the kinds of its claims, and the rules for them."""

from __future__ import annotations

__all__ = [
    "ALSO",
    "COLUMNS",
    "COLUMN_OF",
    "DATA_KINDS",
    "DECIMALS",
    "EXPECTED",
    "KINDS",
    "KIND_BY_NAME",
    "KIND_OF_VALUE",
    "OF_A_CLAIM",
    "RULES",
    "VALUES",
    "WHOLE_NUMBERS",
    "Texts",
]

# what a line of statistics may print, in the order in which its claims are told
VALUES = (
    *("n", "count", "percent", "mean", "sd", "se", "ci", "median", "centre", "low", "high"),
    *("range", "statistic", "p"),
)
COLUMNS = (
    *("id", "section", "place", "row", "column", "printed", "kind"),
    *("n", "count", "whole", "percent", "missing", "mean", "sd", "se", "ci"),
    *("median", "centre", "low", "high", "range", "statistic", "p"),
    *("data", "min", "max", "items"),
    *("part_of", "within", "same_as", "lists", "beside", "formula"),
    *("participant", "role", "rule", "rebuilt", "note"),
)
# other names that people give these columns
ALSO = {
    "%": "percent",
    "percentage": "percent",
    "m": "mean",
    "total": "whole",
    "label": "row",
    "group": "column",
    "minimum": "min",
    "maximum": "max",
    "table": "section",
    "q1": "low",
    "q3": "high",
    "test": "statistic",
    "p_value": "p",
}
# the kind of a claim by its column; rows with a kind of their own fill one of these or none
KIND_OF_VALUE = {
    **{"n": "count", "count": "count", "percent": "percentage", "mean": "mean", "sd": "SD"},
    **{"se": "SE", "ci": "interval", "median": "median", "centre": "value", "range": "range"},
    **{"statistic": "statistic", "p": "p"},
}
COLUMN_OF = {"count": "count", "percentage": "percent", "mean": "mean", "SD": "sd"}
COLUMN_OF |= {"SE": "se", "interval": "ci", "median": "median", "p": "p", "statistic": "statistic"}
KINDS = (
    *("count", "percentage", "mean", "SD", "range", "label", "attribution", "date"),
    *("SE", "interval", "median", "statistic", "p", "value"),
)
KIND_BY_NAME = {kind.casefold(): kind for kind in KINDS}
WHOLE_NUMBERS = ("n", "count", "whole")
DECIMALS = ("percent", "mean", "sd", "se", "median", "centre", "low", "high", "min", "max")
DATA_KINDS = ("integer", "binary", "continuous")
# what each rule is for; "guidance:" is followed by a dimension
RULES = {
    "exact": ("range",),
    "not-before": ("date",),
    "not-after": ("date",),
    "months": ("count",),
    "column": ("label",),
    "guidance:": ("label",),
    "weighted": ("count", "percentage", ""),
    "of-known": ("count", "percentage", ""),
    "forced-sum": ("count", "percentage", ""),
    "open-parts": ("count", "percentage", ""),
    "corrected": ("p", ""),
}
EXPECTED = {
    "count": "a whole number in digits, or a word from zero to twenty",
    "range": 'two numbers, such as "15 to 60"',
    "value": "a number",
    "interval": 'two numbers, such as "3.1 to 3.9"',
    "date": 'a date, such as "March 4, 2023", "2023-03-04" or "2021"',
}
Texts = dict[str, list[str | None]]
OF_A_CLAIM = ("participant", "role", "rule", "note")
