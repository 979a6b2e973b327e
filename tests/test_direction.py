"""Runs of Arabic script: where they begin and end."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.direction import first_direction, language, runs

LETTERS = st.sampled_from("abz آبپیک«»\"'()[]0123 .,:\n\u200c")


def rtl(text):
    return [run.text for run in runs(text) if run.is_rtl]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nothing here (at all)", []),
        ("سلام", ["سلام"]),
        ("He said «سلام دنیا» twice", ["«سلام دنیا»"]),
        ("گفت «سلام دنیا» she said", ["گفت «سلام دنیا»"]),
        ("lack (کمبود) of drugs (دارو)", ["(کمبود)", "(دارو)"]),
        ("«می‌خواهم به خانه بروم.»", ["«می‌خواهم به خانه بروم.»"]),
        ("one سلام, two", ["سلام"]),
        ("12 بار در 3 ماه", ["12 بار در 3 ماه"]),
        ("اول\nsecond\nسوم", ["اول", "سوم"]),
        ('she said "خوب" then', ['"خوب"']),
    ],
)
def test_runs_end_where_the_script_ends(text, found):
    assert rtl(text) == found


@settings(deadline=None, max_examples=300)
@given(st.text(LETTERS, max_size=40))
def test_runs_joined_are_the_text_and_hold_one_direction(text):
    pieces = runs(text)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        directions = {unicodedata.bidirectional(letter) for letter in piece.text}
        if piece.is_rtl:
            assert "AL" in directions
            assert "L" not in directions
            assert "\n" not in piece.text
        else:
            assert "AL" not in directions


def test_letters_tell_persian_from_arabic():
    assert language("کمبود دارو") == "fa"
    assert language("الصحة النفسية") == "ar"


@pytest.mark.parametrize(
    ("text", "direction"),
    [("12 (a) سلام", "L"), ("«سلام» a", "R"), ("12 – (3)", ""), ("", ""), ("שלום", "R")],
)
def test_the_first_strong_letter_sets_the_direction(text, direction):
    assert first_direction(text) == direction
