from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit.arithmetic import ROUNDINGS, parse_number, read_numbers
from analysis.audit.arithmetic.conventions import bounds
from tests.audit.arithmetic.brute_force import shown


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("36.57", "36.57", 2),
        ("47.60", "47.60", 2),
        ("7", "7", 0),
        ("1,704", "1704", 0),
        ("12,345,678.9", "12345678.9", 1),
        ("1 704", "1704", 0),
        ("1\u00a0704.5", "1704.5", 1),
        ("1\u202f704", "1704", 0),
        ("1'704", "1704", 0),
        (".36", "0.36", 2),
        ("−.50", "-0.50", 2),
        ("–3", "-3", 0),
        ("-0.0", "0.0", 1),
        ("+2.5", "2.5", 1),
        ("36,57", "36.57", 2),
        ("0,512", "0.512", 3),
        ("1.704,5", "1704.5", 1),
        ("۳۶٫۵۷", "36.57", 2),
        ("2.31*", "2.31", 2),
        ("36·55", "36.55", 2),
        ("36.55ᵃ", "36.55", 2),
        ("36.55a", "36.55", 2),
        ("36.55¹", "36.55", 2),
        (" 5 ", "5", 0),
    ],
)
def test_a_number_is_read_as_it_is_printed(text, value, decimals):
    number = parse_number(text)
    assert number.value == Decimal(value)
    assert number.decimals == decimals
    assert number.text == text


@pytest.mark.parametrize("text", ["", None, "–", "-", "—", "NR", "nr", "N/A", "…", " ", "n.a."])
def test_what_is_not_reported_is_no_number_and_no_fault(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    "text", ["abc", "1.2.3", "12-34", "1e5", "36.", "1,704 5", "5%", "12 34", "about 5", "=2"]
)
def test_what_is_no_number_is_a_fault_with_its_position(text):
    with pytest.raises(ValueError, match="no number"):
        parse_number(text)
    assert list(read_numbers(["1", text, "2"]).faults) == [1]


def test_a_percent_sign_is_read_where_percentages_stand():
    assert parse_number("57.1 %", percent=True).value == Decimal("57.1")


@pytest.mark.parametrize(("text", "relation"), [("<0.1", "<"), ("≤ 5", "<="), ("> 99", ">")])
def test_a_bound_is_kept_as_a_bound(text, relation):
    assert parse_number(text).relation == relation
    assert not read_numbers([text]).is_value[0]


def test_too_many_digits_are_a_fault_and_not_an_overflow():
    assert "12 digits" in read_numbers(["1234567890123"]).faults[0]


@settings(deadline=None, max_examples=300)
@given(
    digits=st.integers(-300, 300),
    decimals=st.integers(0, 2),
    numerator=st.integers(-4000, 4000),
    denominator=st.integers(1, 40),
)
def test_the_interval_of_a_printed_number_holds_just_what_prints_so(
    digits, decimals, numerator, denominator
):
    printed = f"{Decimal(digits).scaleb(-decimals):f}"
    limits = bounds(read_numbers([printed]))
    unit = Fraction(1, 2 * 10**decimals)
    # fractions near the number, and the ends of its interval: ties are cases of their own
    values = [
        Fraction(digits, 10**decimals) + Fraction(numerator, denominator * 2000),
        *(Fraction(digits, 10**decimals) + half * unit for half in (-2, -1, 0, 1, 2)),
    ]
    inside_any = []
    for value in values:
        inside = []
        for row, rounding in enumerate(ROUNDINGS):
            low, high = limits.low[row, 0] * unit, limits.high[row, 0] * unit
            above = value > low or (limits.has_low[row, 0] and value == low)
            below = value < high or (limits.has_high[row, 0] and value == high)
            inside.append(above and below)
            assert inside[-1] == (shown(value, decimals, rounding) == printed), (value, rounding)
        low, high = limits.low[4, 0] * unit, limits.high[4, 0] * unit
        above = value > low or (limits.has_low[4, 0] and value == low)
        below = value < high or (limits.has_high[4, 0] and value == high)
        inside_any.append((above and below, any(inside)))
    assert all(whole == some for whole, some in inside_any)


def test_many_numbers_are_read_as_each_alone():
    texts = ["1.50", None, "1.50", "x", "−2", "<3"]
    numbers = read_numbers(texts)
    assert numbers.digits.tolist() == [150, 0, 150, 0, -2, 3]
    assert numbers.known.tolist() == [True, False, True, False, True, True]
    assert list(numbers.faults) == [3]
    assert np.array_equal(numbers.take(np.array([4])).digits, [-2])
