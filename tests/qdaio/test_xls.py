"""Values of old workbooks, against what the format's description says."""

from __future__ import annotations

import datetime as dt
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdaio.files.xls import Pieces, as_date, is_date_format, packed_number, text_at


@pytest.mark.parametrize(
    ("packed", "value"),
    # the four kinds of a packed number, as in the description of RK
    [(0x3FF00000, 1.0), (0x3FF00001, 0.01), (0x004B5646, 1234321.0), (0x004B5647, 12343.21)],
)
def test_packed_numbers(packed, value):
    assert packed_number(packed) == pytest.approx(value)


@given(st.integers(-(2**29), 2**29 - 1))
def test_packed_whole_numbers_keep_their_sign(number):
    assert packed_number(((number << 2) & 0xFFFFFFFF) | 2) == number


@pytest.mark.parametrize(
    ("number", "code", "is_date"),
    [
        (14, None, True),
        (0, None, False),
        (164, "DD.MM.YYYY HH:MM", True),
        (164, "[h]:mm", True),
        (164, '#,##0.00 "days"', False),
        (164, "[Red]0.00", False),
        (164, "0.00\\d", False),
        (164, '0;"yes";"no"', False),
    ],
)
def test_formats_of_dates_are_told_from_those_of_numbers(number, code, is_date):
    assert is_date_format(number, code) is is_date


def test_dates_count_from_either_of_two_days():
    assert as_date(43069.75, is_1904=False) == dt.datetime(2017, 11, 30, 18)
    assert as_date(43069.75 - 1462, is_1904=True) == dt.datetime(2017, 11, 30, 18)
    assert as_date(43069, is_1904=False) == dt.date(2017, 11, 30)
    assert as_date(0.25, is_1904=False) == dt.time(6)
    assert as_date(-1.0, is_1904=False) == -1.0
    assert as_date(1e9, is_1904=False) == 1e9


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), st.integers(1, 39)
)
def test_a_text_that_crosses_into_a_continuation_reads_whole(text, cut):
    wide = text.encode("utf-16-le")
    units = len(wide) // 2
    cut = min(cut, units)
    header = struct.pack("<HB", units, 1)
    whole = Pieces([header + wide])
    assert whole.text() == text
    parts = [header + wide[: 2 * cut], b"\x01" + wide[2 * cut :]]
    if cut < units:
        assert Pieces(parts).text() == text


def test_a_text_longer_than_its_record_is_an_error():
    with pytest.raises(ValueError, match="without end"):
        text_at(struct.pack("<HB", 9, 0) + b"abc", 0)
    with pytest.raises(ValueError, match="without end"):
        Pieces([struct.pack("<HB", 9, 0) + b"abc"]).text()
