"""Days of interviews: order and calendar are recognised, stated, or asked for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.preparation.interviews import read_days
from analysis.settings import Participants
from qdaio.faults import Fault, FaultList


def read(*texts: str, **spec: object) -> tuple[list[date | None], list[Fault], tuple[str, ...]]:
    faults = FaultList()
    days, notes = read_days(
        list(texts), Participants(**spec), faults, [{"row": at} for at in range(len(texts))]
    )
    return days, list(faults), notes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-05-31", date(2023, 5, 31)),
        ("2023-5-1 10:30:00", date(2023, 5, 1)),
        ("2023/05/31", date(2023, 5, 31)),
        ("31.05.2023", date(2023, 5, 31)),
        ("05.06.2023", date(2023, 6, 5)),  # points are written by those who put the day first
        ("۲۰۲۳-۰۵-۳۱", date(2023, 5, 31)),
        ("06/06/2024", date(2024, 6, 6)),
    ],
)
def test_days_that_can_be_read_in_one_way_are_read(text, day):
    assert read(text) == ([day], [], ())


def test_a_day_that_could_be_a_month_is_asked_for_once():
    days, faults, _ = read("05/06/2024", "07/06/2024")
    assert days == [None, None]
    (fault,) = faults
    assert fault.kind == "ambiguous-date"
    assert "2024-06-05 or 2024-05-06" in str(fault.expected)


def test_another_day_of_the_same_column_decides_the_order():
    assert read("05/06/2024", "25/06/2024")[0] == [date(2024, 6, 5), date(2024, 6, 25)]
    assert read("05/06/2024", "06/25/2024")[0] == [date(2024, 5, 6), date(2024, 6, 25)]


def test_the_range_allowed_decides_the_order_where_one_alone_fits():
    days, faults, _ = read("05/06/2024", date_range=("2024-06-01", "2024-06-30"))
    assert (days, faults) == ([date(2024, 6, 5)], [])
    assert read("05/06/2024", date_range=("2024-01-01", "2024-12-31"))[1]


@pytest.mark.parametrize(
    ("order", "day"), [("day-first", date(2024, 6, 5)), ("month-first", date(2024, 5, 6))]
)
def test_the_study_file_may_state_the_order(order, day):
    assert read("05/06/2024", date_order=order) == ([day], [], ())


@pytest.mark.parametrize("text", ["31/31/2024", "2023-02-29", "soon", "31.05.23", "2023-5"])
def test_what_is_no_day_is_a_fault_of_its_row(text):
    days, faults, _ = read("2023-01-01", text)
    assert days == [date(2023, 1, 1), None]
    assert [(fault.kind, fault.row) for fault in faults] == [("bad-date", 1)]


@pytest.mark.parametrize("text", ["2566-05-31", "1445-11-12", "0023-05-31"])
def test_a_year_of_no_calendar_that_is_known_is_a_fault(text):
    assert [fault.kind for fault in read(text)[1]] == ["unknown-calendar"]


def test_a_year_of_another_calendar_than_the_study_file_says_is_a_fault():
    assert [fault.kind for fault in read("2023-05-31", calendar="persian")[1]] == [
        "unknown-calendar"
    ]


# first days of Persian years, as almanacs of those years had them
NEW_YEARS = {1375: date(1996, 3, 20), 1380: date(2001, 3, 21), 1399: date(2020, 3, 20),
             1400: date(2021, 3, 21), 1403: date(2024, 3, 20), 1404: date(2025, 3, 21)}  # fmt: skip


@pytest.mark.parametrize(("year", "day"), NEW_YEARS.items())
def test_persian_new_years_are_those_of_the_calendar(year, day):
    pytest.importorskip("persiantools", reason="converts Persian dates")
    days, faults, notes = read(f"{year}-01-01")
    assert (days, faults) == ([day], [])
    assert notes == (f"Dates are read in the Persian calendar: {year}-01-01 is {day}.",)


@given(st.dates(date(1950, 1, 1), date(2039, 12, 31)))
def test_a_day_in_either_calendar_is_the_same_day(day):
    jalali = pytest.importorskip("persiantools.jdatetime", reason="converts Persian dates")
    persian = jalali.JalaliDate(day)
    assert read(persian.isoformat())[0] == [day]
    assert read(day.isoformat())[0] == [day]
