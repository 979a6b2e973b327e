"""Tables as CSV: for spreadsheets, and harmless in them."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tables import frame_csv
from tests.tables.sample import sample

DANGEROUS = set("=+-@\t\r\n＝＋－＠")


def rows_of(text):
    assert text.startswith("\ufeff"), "Excel on Windows needs the mark"
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_synthetic_data_say_so_in_the_last_column():
    rows = rows_of(frame_csv(pd.DataFrame({"a": [1, 2]}), synthetic=True))
    assert rows == [["a", "data_status"], ["1", "synthetic"], ["2", "synthetic"]]
    assert rows_of(frame_csv(pd.DataFrame({"a": [1]}), synthetic=False)) == [["a"], ["1"]]


@pytest.mark.parametrize(
    "text", ["=cmd()", "+1+2", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]
)
def test_what_a_spreadsheet_would_run_becomes_text(text):
    rows = rows_of(frame_csv(pd.DataFrame({text: [text]}), synthetic=False))
    assert rows == [[f"'{text}"], [f"'{text}"]]


def test_negative_numbers_stay_numbers():
    data = pd.DataFrame({"whole": [-1, 2], "part": [-0.25, None], "mixed": [-3, "=x"]})
    rows = rows_of(frame_csv(data, synthetic=False))
    assert rows[1:] == [["-1", "-0.25", "-3"], ["2", "", "'=x"]]


def test_without_raw_values_the_printed_cells_are_written():
    rows = rows_of(sample().csv())
    assert rows[0] == [
        "part", "Theme {{m^2}} | *a*", "Codings <all>: n", "Codings <all>: %", "data_status"
    ]  # fmt: skip
    assert rows[1] == ["Needs", "Time & <space>", "1,704", "57.1", "synthetic"]
    assert rows[2][3] == "'=cmd()"


def test_raw_values_go_before_printed_cells():
    rows = rows_of(sample(data=pd.DataFrame({"n": [1704]}), synthetic=False).csv())
    assert rows == [["n"], ["1704"]]


def test_floats_are_cut_where_machines_differ():
    rows = rows_of(frame_csv(pd.DataFrame({"x": [0.1 + 0.2, 1 / 3]}), synthetic=False))
    assert rows[1:] == [["0.3"], ["0.3333333333"]]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1))
def test_any_text_is_read_back_and_none_is_a_formula(cells):
    rows = rows_of(frame_csv(pd.DataFrame({"a": cells, "z": "z"}), synthetic=False))[1:]
    found = [row[0] for row in rows]
    assert found == [f"'{text}" if text[:1] in DANGEROUS and text else text for text in cells]


def test_columns_of_the_same_name_are_all_written():
    data = pd.DataFrame([["1", "2"]], columns=["a", "a"])
    assert rows_of(frame_csv(data, synthetic=False)) == [["a", "a"], ["1", "2"]]


def test_categories_and_missing_values_are_written_plainly():
    data = pd.DataFrame({"c": pd.Categorical(["x", None]), "b": [True, False]})
    assert rows_of(frame_csv(data, synthetic=False))[1:] == [["x", "True"], ["", "False"]]
