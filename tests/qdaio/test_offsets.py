"""Positions counted in any unit come back to the same place of the text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.places import COUNTERS, MISSING, STANDARD, Counter, from_code_points, to_code_points

TEXTS = st.text(st.sampled_from("ab é\n\r漢\U0001f600\u0301م"), max_size=40)


def counted_by_hand(text: str, index: int, counter: Counter) -> int:
    """What a program that counts so would write for this index, computed by encoding."""
    head, tail = text[:index], text[index:]
    if counter.line_break == "one":
        head = head.replace("\r\n", "\n")
        if head.endswith("\r") and tail.startswith("\n"):
            head = head[:-1]
    elif counter.line_break == "two":
        split = head.endswith("\r") and tail.startswith("\n")
        unix = head.replace("\r\n", "\n").replace("\r", "\n")
        head = unix.replace("\n", "\r\n")
        if split:
            head = head[:-1]
    encoding = {"code point": "utf-32-le", "utf-16": "utf-16-le", "byte": "utf-8"}[counter.unit]
    width = {"code point": 4, "utf-16": 2, "byte": 1}[counter.unit]
    bom = len("\ufeff".encode(encoding)) // width if counter.counts_bom else 0
    return len(head.encode(encoding)) // width + bom


@settings(deadline=None, max_examples=200)
@given(TEXTS, st.sampled_from(COUNTERS))
def test_counters_agree_with_what_the_encodings_themselves_count(text, counter):
    expected = [counted_by_hand(text, index, counter) for index in range(len(text) + 1)]
    indices = np.arange(len(text) + 1)
    assert from_code_points(text, indices, counter).tolist() == expected


@settings(deadline=None, max_examples=200)
@given(TEXTS, st.sampled_from(COUNTERS))
def test_every_index_survives_being_counted_and_read_again(text, counter):
    indices = np.arange(len(text) + 1)
    again = to_code_points(text, from_code_points(text, indices, counter), counter)
    for index, back in zip(indices.tolist(), again.tolist(), strict=True):
        # Where CR LF counts one, the place inside the pair is the place before it.
        inside_pair = counter.line_break == "one" and text[index - 1 : index + 1] == "\r\n"
        assert back == (index - 1 if inside_pair else index)


def test_nvivo_for_windows_counts_utf16_units_and_two_for_a_line_break():
    text = "Hi \U0001f600\r\nyes"
    counter = Counter("utf-16", "two")
    start = to_code_points(text, np.array([7, 10]), counter)
    assert text[start[0] : start[1]] == "yes"
    unix = text.replace("\r\n", "\n")
    start = to_code_points(unix, np.array([7, 10]), counter)
    assert unix[start[0] : start[1]] == "yes"


@pytest.mark.parametrize("position", [-1, 4, 10**12, -(10**12), MISSING])
def test_a_position_outside_the_text_has_no_index(position):
    for counter in COUNTERS:
        if not counter.counts_bom:
            assert to_code_points("abc", np.array([position]), counter).tolist() == [-1]


def test_a_position_inside_a_character_has_no_index():
    assert to_code_points("\U0001f600", np.array([1]), Counter("utf-16")).tolist() == [-1]
    assert to_code_points("é", np.array([1]), Counter("byte")).tolist() == [-1]


def test_a_counter_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no such counter"):
        Counter("word")
    assert str(STANDARD) == "code points"
    assert str(Counter("utf-16", "two")) == "UTF-16 units, each line break as two"
