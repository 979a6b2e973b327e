"""Dates become ISO 8601 where it is certain what they mean, else stay as written."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.dates import iso_dates


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["30.11.2017 20:55:14"], ["2017-11-30T20:55:14"]),
        (["29.02.2024 08:00:00"], ["2024-02-29T08:00:00"]),
        (["1.2.24"], ["2024-02-01"]),
        (["3/25/25, 9:05 PM", "3/1/25"], ["2025-03-25T21:05", "2025-03-01"]),
        (["25/3/2025 12:30 a. m.", "1/3/2025"], ["2025-03-25T00:30", "2025-03-01"]),
        (["2024-5-6 9:00:01.5"], ["2024-05-06T09:00:01.5"]),
        (["Tue Apr  1 10:51:03 2014"], ["2014-04-01T10:51:03"]),
        (
            [dt.datetime(2024, 5, 6, 7, 8, 9), dt.date(2024, 1, 2)],
            ["2024-05-06T07:08:09", "2024-01-02"],
        ),
    ],
)
def test_dates_of_many_programs_are_read(column, expected):
    assert list(iso_dates(column)) == expected


@pytest.mark.parametrize(
    "column",
    [
        ["3/1/25", "4/2/25"],  # month or day first: nobody can tell
        ["25/3/25", "3/25/25"],  # both
        ["31.02.2024 10:00:00"],
        ["12.13.2024"],
        ["1.1.2024 25:00"],
        ["13:00 PM"],
        ["yesterday"],
        ["2024-05-06T07:08:09Z"],
    ],
)
def test_what_is_no_date_or_is_not_certain_stays_as_written(column):
    assert list(iso_dates(column)) == column


def test_blank_cells_stay_missing():
    assert iso_dates([None, "1.2.2024"]).isna().tolist() == [True, False]
    assert len(iso_dates([])) == 0


@settings(deadline=None)
@given(st.lists(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 1, 1)), min_size=1))
def test_the_quick_way_and_the_slow_way_say_the_same(times):
    written = [f"{time:%d.%m.%Y %H:%M:%S}" for time in times]
    quick = iso_dates(written)
    slow = iso_dates([*written, "?"])
    assert quick.tolist() == slow.tolist()[:-1]
    assert quick.tolist() == [f"{time:%Y-%m-%dT%H:%M:%S}" for time in times]
