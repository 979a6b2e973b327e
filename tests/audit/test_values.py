from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit.ledger import WORDS, parse_count, parse_days, parse_range
from analysis.audit.words import number


@pytest.mark.parametrize(("at", "word"), list(enumerate(WORDS)))
def test_counts_may_be_words_from_zero_to_twenty(at, word):
    assert parse_count(word.title()).value == at


def test_thousands_are_read():
    assert parse_count("1,704").value == 1704


@pytest.mark.parametrize("text", ["12.5", "-3", "some", "twenty-one"])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(ValueError, match="no"):
        parse_count(text)


@pytest.mark.parametrize("text", ["–", "", None])
def test_what_is_not_reported_is_no_count(text):
    assert parse_count(text) is None


@pytest.mark.parametrize("text", ["15 to 60", "15-60", "15 – 60", "15 and 60", "15 − 60"])
def test_ranges_have_a_word_or_any_dash_between_their_ends(text):
    assert parse_range(text) == (15, 60)


def test_a_range_may_be_words():
    assert parse_range("one or two") == (1, 2)


@pytest.mark.parametrize(
    "text", ["March 4, 2023", "Mar. 4 2023", "4 March 2023", "4th March, 2023", "2023-03-04"]
)
def test_days_are_read_in_the_usual_forms(text):
    assert parse_days(text) == (date(2023, 3, 4), date(2023, 3, 4))


def test_a_month_and_a_year_last_from_their_first_day_to_their_last():
    assert parse_days("February 2024") == (date(2024, 2, 1), date(2024, 2, 29))
    assert parse_days("2021") == (date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize("text", ["Marsh 4, 2023", "4", "February 30, 2023", "2023-13-01", ""])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_days(text)


@settings(deadline=None, max_examples=60)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_back_from_its_printed_form(day):
    assert parse_days(f"{day:%B} {day.day}, {day.year}") == (day, day)


def test_a_long_fraction_says_that_it_goes_on():
    assert number(Fraction(300, 7), 3) == "42.857…"
    assert number(Fraction(73, 2), 3) == "36.5"
    assert number(1704) == "1,704"
