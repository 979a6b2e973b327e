"""Widths of columns in Word."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tables import PAGE, Column, Table, column_shares


def table_of(cells, headings, widths=None):
    names = [f"c{place}" for place in range(len(headings))]
    columns = tuple(
        Column(name, heading, width=width)
        for name, heading, width in zip(
            names, headings, widths or [None] * len(headings), strict=True
        )
    )
    return Table(pd.DataFrame([cells], columns=names), columns, caption="c", label="tbl-x")


def test_a_long_text_leaves_room_for_the_longest_words_beside_it():
    headings = ["Category", "Patients", "Caregivers", "Healthcare providers", "Policymakers"]
    shares = column_shares(table_of(["word " * 40, "1", "2", "3", "4"], headings))
    for heading, share in zip(headings, shares, strict=True):
        longest = max(len(word) for word in heading.split())
        assert share * PAGE / 100 > longest


def test_given_widths_are_kept():
    shares = column_shares(table_of(["a", "b", "c"], ["A", "B", "C"], [50, None, None]))
    assert shares == pytest.approx([50, 25, 25])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=20)), min_size=1, max_size=9))
def test_widths_add_up_to_the_table(pairs):
    shares = column_shares(table_of([cell for cell, _ in pairs], [head for _, head in pairs]))
    assert sum(shares) == pytest.approx(100)
    assert min(shares) > 0
