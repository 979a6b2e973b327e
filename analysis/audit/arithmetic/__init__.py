"""Numeric consistency of published values: arithmetic that needs no data, and nothing else.

One value (:func:`grim`, :func:`grimmer`, :func:`debit`, :func:`percent`,
:func:`significance`), many (:func:`grim_map`, :func:`grimmer_map`, :func:`debit_map`), a whole
table under one convention (:func:`joint`), and a sample that would print so
(:func:`sprite`). It imports nothing of the package around it.
"""

from analysis.audit.arithmetic.conventions import (
    CONVENTIONS,
    ROUNDINGS,
    Convention,
    TableConvention,
    joint,
)
from analysis.audit.arithmetic.grim import Grim, grim, grim_map
from analysis.audit.arithmetic.grimmer import Grimmer, debit, debit_map, grimmer, grimmer_map
from analysis.audit.arithmetic.percentages import Percent, percent
from analysis.audit.arithmetic.printed import Numbers, Printed, parse_number, read_numbers
from analysis.audit.arithmetic.significance import Significance, significance
from analysis.audit.arithmetic.sprite import Sprite, sprite

__all__ = [
    "CONVENTIONS",
    "ROUNDINGS",
    "Convention",
    "Grim",
    "Grimmer",
    "Numbers",
    "Percent",
    "Printed",
    "Significance",
    "Sprite",
    "TableConvention",
    "debit",
    "debit_map",
    "grim",
    "grim_map",
    "grimmer",
    "grimmer_map",
    "joint",
    "parse_number",
    "percent",
    "read_numbers",
    "significance",
    "sprite",
]
