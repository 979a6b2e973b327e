"""Text that fits."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures.figure import styled
from analysis.figures.sheet import balanced, fitted, line_inches, longest, text_width, wrapped

TEXTS = st.text("abc defg کمبود دارو-", max_size=80)


@settings(deadline=None, max_examples=100)
@given(TEXTS, st.floats(0.4, 4))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text, width):
    with styled():
        for lines in (wrapped(text, width, 8), balanced(text, width, 8)):
            assert "".join("".join(lines).split()) == "".join(text.split())
            assert longest(lines, 8) <= width


@settings(deadline=None, max_examples=100)
@given(TEXTS, st.floats(0.4, 4))
def test_balanced_lines_are_as_few_and_no_wider(text, width):
    with styled():
        greedy, even = wrapped(text, width, 8), balanced(text, width, 8)
    assert len(even) == len(greedy)
    assert longest(even, 8) <= longest(greedy, 8)


def test_the_largest_size_that_fits_is_taken():
    with styled():
        width = text_width("Service integration", 7.0) + 0.01
        assert fitted("Service integration", width, line_inches(8), (8.0, 7.0, 6.5)) == (
            ["Service integration"],
            7.0,
        )
        assert fitted("Service", 0.05, 1.0, (8.0, 6.5)) is None


def test_arabic_letters_are_measured_as_they_join():
    with styled():
        joined = text_width("سلام", 8)
        apart = sum(text_width(letter, 8) for letter in "سلام")
    assert joined < 0.8 * apart
