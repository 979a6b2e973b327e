"""Positions and dates of ATLAS.ti are read in the unit in which they are printed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from qdaio.dates import iso_dates
from qdaio.programs.atlasti.codebook import bare_name, label_parts
from qdaio.programs.atlasti.quotations import place_of


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (("¶\u20093\u2009–\u20094", 3, 4), (3, 4, "paragraph", "¶ 3 – 4")),
        (("¶ 12", None, None), (12, 12, "paragraph", "¶ 12")),
        ((None, "5", "6"), (5, 6, "paragraph", None)),
        (("p. 3 in report", 3, 3), (None, None, None, "p. 3 in report (3 – 3)")),
        ((None, "0:01:23", dt.time(0, 2)), (83_000, 120_000, "ms", "0:01:23 – 00:02:00")),
        (("0:00:05", dt.timedelta(seconds=5), None), (5_000, None, "ms", "0:00:05")),
        ((None, "3:120", "3:140"), (None, None, None, "3:120 – 3:140")),
        ((None, None, None), (None, None, None, None)),
    ],
)
def test_a_place_keeps_its_unit(cells: tuple[object, ...], place: tuple[object, ...]) -> None:
    assert place_of(*cells) == place


@pytest.mark.parametrize(
    ("dates", "iso"),
    [
        (["3/25/25", "4/1/25"], ["2025-03-25", "2025-04-01"]),
        (["25/3/2025", "1/4/2025 10:30"], ["2025-03-25", "2025-04-01T10:30"]),
        (["1.4.2025", None], ["2025-04-01", None]),
        (["1/4/25", "2/3/25"], ["1/4/25", "2/3/25"]),  # either could be the month
        (["25/3/25", "3/25/25"], ["25/3/25", "3/25/25"]),  # both together cannot be
        (["31/2/2025", "30/1/2025"], ["31/2/2025", "2025-01-30"]),
        ([dt.datetime(2025, 4, 1, 9), "soon"], ["2025-04-01T09:00:00", "soon"]),
    ],
)
def test_dates_are_read_in_the_order_that_the_whole_column_shows(
    dates: list[object], iso: list[str | None]
) -> None:
    assert [None if date is pd.NA or date != date else date for date in iso_dates(dates)] == iso


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("P1 (Pilot)\nGr=62;  GS=3", ("P1 (Pilot)", 62, 3)),
        ("○ Care: home, alone\nGr=1", ("○ Care: home, alone", 1, None)),
        ("P1 Gr=62; GS=3", ("P1", 62, 3)),
        ("Angst\nVk=7", ("Angst", 7, None)),
        ("Totals", ("Totals", None, None)),
        ("a = 5", ("a = 5", None, None)),
    ],
)
def test_a_label_is_parted_from_what_it_counts(
    label: str, parts: tuple[str, int | None, int | None]
) -> None:
    assert label_parts(label) == parts


def test_only_a_bullet_that_stands_apart_is_taken_off() -> None:
    assert [bare_name(name) for name in ("● Care", "○ Care", "●Care")] == ["Care", "Care", "●Care"]
