import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit import audit_lines, audit_table, read_ledger
from analysis.audit.ledger import COLUMNS
from analysis.audit.ledger.cells import split_count, split_mean, split_n, split_percent, split_sd
from analysis.audit.ledger.workbook import printed_number
from qdaio.faults import StudyError


def form(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_ledger(path)


def faults(tmp_path, text):
    with pytest.raises(StudyError) as raised:
        form(tmp_path, text)
    return [(fault.kind, fault.row, fault.column) for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("split", "text", "fields"),
    [
        (split_mean, "36.57 ± 12.39", {"mean": "36.57", "sd": "12.39"}),
        (split_mean, "36.57±12.39", {"mean": "36.57", "sd": "12.39"}),
        (split_mean, "36.57 +/- 12.39", {"mean": "36.57", "sd": "12.39"}),
        (split_mean, "36.57 (12.39)", {"mean": "36.57", "sd": "12.39"}),
        (split_mean, "M = 36.57 (SD = 12.39)", {"mean": "36.57", "sd": "12.39"}),
        (split_mean, "-0.50 (1.20)", {"mean": "-0.50", "sd": "1.20"}),
        (split_mean, "36.57", {"mean": "36.57"}),
        (split_mean, "36.57 ± 12.39 years", {"mean": "36.57", "sd": "12.39"}),
        (split_mean, "36.57 (SD 12.39)", {"mean": "36.57", "sd": "12.39"}),
        (split_mean, "M = 36.57; SD = 12.39", {"mean": "36.57", "sd": "12.39"}),
        (split_mean, "36·57", {"mean": "36·57"}),
        (split_mean, "36 [30–45]", {"centre": "36", "low": "30", "high": "45"}),
        (split_mean, "median 36 (30–45)", {"median": "36", "low": "30", "high": "45"}),
        (split_mean, "36.5 (18-65)", {"centre": "36.5", "low": "18", "high": "65"}),
        (split_mean, "3.5 (95% CI 3.1 to 3.9)", {"mean": "3.5", "ci": "3.1 to 3.9"}),
        (split_count, "57.1% (4/7)", {"percent": "57.1", "count": "4", "whole": "7"}),
        (split_sd, "± 12.39", {"sd": "12.39"}),
        (split_sd, "(12.39)", {"sd": "12.39"}),
        (split_count, "4 (57.1)", {"count": "4", "percent": "57.1"}),
        (split_count, "4 [57.1%]", {"count": "4", "percent": "57.1"}),
        (split_count, "4/7", {"count": "4", "whole": "7"}),
        (split_count, "4 of 7 (57.1)", {"count": "4", "whole": "7", "percent": "57.1"}),
        (split_count, "n = 4", {"count": "4"}),
        (split_n, "n=7", {"n": "7"}),
        (split_n, "(N = 1,704)", {"n": "1,704"}),
        (split_percent, "(57.1%)", {"percent": "57.1"}),
        (split_percent, "4 (57.1)", {"count": "4", "percent": "57.1"}),
    ],
)
def test_a_cell_with_several_numbers_fills_several_fields(split, text, fields):
    assert split(text) == fields


def test_columns_come_in_any_order_case_and_separator(tmp_path):
    found = form(tmp_path, "SD;Mean;N;Data\n1.60;5.21;28;Integer\n")
    assert found.texts["mean"] == ["5.21"]
    assert found.n.digits.tolist() == [28]
    assert found.is_integer.tolist() == [True]


def test_cells_that_say_nothing_are_no_values_and_empty_rows_are_skipped(tmp_path):
    found = form(tmp_path, "n,mean,sd,percent\n28,5.21,–,NR\n,,,\n7,n.a.,,\n")
    assert found.rows == [2, 4]
    assert found.mean.known.tolist() == [True, False]
    assert not found.sd.known.any()


def test_a_row_without_an_id_is_called_by_its_place_in_the_file(tmp_path):
    assert form(tmp_path, "id,n\n,3\nx,4\n").ids == ["row 2", "x"]


def test_all_faults_come_at_once_with_their_rows(tmp_path):
    found = faults(
        tmp_path,
        "id,table,row,n,mean,sd,count,percent,items,data,part_of,same_as,min,max\n"
        "a,1,x,7,3.5,1,,,,,,,,\n"
        "a,1,y,7,3.5,1,,,,intger,,,,\n"  # id twice, kind of data
        "b,1,z,7,3.5,1,,,0,,nobody,b,,\n"  # items, unknown id, itself
        "c,1,v,3,3.5,1,4,50%,,,d,,5,1\n"  # scale
        "d,1,w,7,3.5,1,2,,,,c,,,\n"  # circle
        "e,1,w,8,,,,,2,continuous,,,,\n",  # place twice, items of continuous data
    )
    assert set(found) == {
        ("duplicate-id", 3, "id"),
        ("unknown-kind", 3, "data"),
        ("not-a-whole-number", 4, "items"),
        ("unknown-claim", 4, "part_of"),
        ("refers-to-itself", 4, "same_as"),
        ("empty-scale", 5, "min"),
        ("circular-part", 5, "part_of"),
        ("place-given-twice", 7, "n"),
        ("contradiction", 7, "items"),
    }
    assert len(found) == 9


def test_a_value_that_cannot_be_read_is_set_aside_and_the_rest_is_judged(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "n,mean,sd,count,data\n7,~36,1,,integer\n7.5,36.55,,,\n-3,,,x,\n28,5.19,,,integer\n",
        "utf-8",
    )
    found = audit_table(path).claims.set_index("id")
    for claim in ("row 2.mean", "row 3.n", "row 4.n", "row 4.count"):
        assert found.loc[claim, "verdict"] == "not computable from these data"
        assert found.loc[claim, "why"].startswith("Not read, and set aside")
    assert found.loc["row 5.mean", "verdict"] == "impossible"


def test_the_nearest_name_is_offered(tmp_path):
    with pytest.raises(StudyError, match='Did you mean "percent"'):
        form(tmp_path, "id,n,percnt\na,7,1\n")
    with pytest.raises(StudyError, match='Did you mean "patients"'):
        form(tmp_path, "id,n,part_of\npatients,7,\nb,3,patient\n")
    with pytest.raises(StudyError, match='Did you mean "binary"'):
        form(tmp_path, "n,mean,data\n7,0.3,binry\n")


def test_a_column_given_twice_is_a_fault_also_under_another_name(tmp_path):
    assert faults(tmp_path, "n,percent,%\n3,4,5\n") == [("duplicate-column", 1, "percent")]


def test_a_value_that_its_separator_tore_apart_is_a_fault(tmp_path):
    found = faults(tmp_path, "row,count,whole\nAll,1,704,2,000\n")
    assert {kind for kind, _, _ in found} == {"cell-without-column"}


def test_two_columns_that_state_one_value_differently_are_a_fault(tmp_path):
    assert faults(tmp_path, "mean,sd\n3.5 ± 1.2,1.3\n") == [("stated-twice", 2, "sd")]
    assert form(tmp_path, "mean,sd\n3.5 ± 1.2,1.2\n").texts["sd"] == ["1.2"]


def test_decimal_commas_are_read_where_the_whole_file_uses_them(tmp_path):
    found = form(tmp_path, "mean;sd;n\n36,57;1,704;7\n")
    assert found.mean.decimals.tolist() == [2]
    assert (found.sd.digits.tolist(), found.sd.decimals.tolist()) == ([1704], [3])


def test_a_comma_between_thousands_is_read_where_points_are_the_decimal_marks(tmp_path):
    found = form(tmp_path, 'mean,sd,n\n"1,704",12.5,7\n')
    assert (found.mean.digits.tolist(), found.mean.decimals.tolist()) == ([1704], [0])


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('mean,n\n"1,704",7\n', "mean"),
        ('mean,sd\n"36,57",12.39\n', "mean"),
        ("mean;sd\n36,57;1.704\n", "sd"),
    ],
)
def test_a_number_that_may_mean_two_things_is_set_aside(tmp_path, text, column):
    assert column in [name for _, name, _, _ in form(tmp_path, text).set_aside]


def test_counts_may_have_separators_of_thousands(tmp_path):
    assert form(tmp_path, 'count,whole\n"1,260","1 704"\n').count.digits.tolist() == [1260]
    assert [name for _, name, _, _ in form(tmp_path, "count\n1.260\n").set_aside] == ["count"]


def test_items_declare_whole_numbers_and_nothing_else_does(tmp_path):
    found = form(
        tmp_path, "n,mean,items,data\n7,3.5,3,\n7,3.5,,\n7,3.5,,binary\n7,3.5,,continuous\n"
    )
    assert found.is_integer.tolist() == [True, False, True, False]


@pytest.mark.parametrize("text", ["", "\n\n", "id,n\n", "id,note\na,b\n"])
def test_a_form_without_values_is_a_fault(tmp_path, text):
    assert {kind for kind, _, _ in faults(tmp_path, text)} == {"empty-file"}


def test_a_workbook_is_read_as_its_cells_are_shown(tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["n", "mean", "sd", "percent", "whole", "data"])
        two, share = (
            book.add_format({"num_format": "0.00"}),
            book.add_format({"num_format": "0.0%"}),
        )
        thousands = book.add_format({"num_format": "#,##0"})
        sheet.write_number(1, 0, 5)
        sheet.write_number(1, 1, 47.6, two)
        sheet.write_number(1, 2, 10.69, two)
        sheet.write_number(1, 3, 0.5, share)
        sheet.write_number(1, 4, 1704, thousands)
        sheet.write_string(1, 5, "integer")
        sheet.write_string(2, 1, "36.50")
    found = read_ledger(path)
    assert found.texts["mean"] == ["47.60", "36.50"]
    assert found.texts["percent"][0] == "50.0"
    assert found.texts["whole"][0] == "1,704"
    assert found.whole.digits[0] == 1704


@pytest.mark.parametrize(
    ("stored", "form_", "shown"),
    [
        ("47.6", "0.00", "47.60"),
        ("47.6", "General", "47.6"),
        ("2.675", "0.00", "2.68"),
        ("0.125", "0%", "13%"),
        ("-1.5", "0.0;(0.0)", "-1.5"),
        ("1234.5", "#,##0.00", "1,234.50"),
        ("12", '0" years"', "12"),
        ("3.5", "0.0#", "3.5"),
        ("0.1", "General", "0.1"),
        ("45000", "yyyy-mm-dd", "2023-03-15"),
    ],
)
def test_a_stored_number_is_printed_as_its_format_says(stored, form_, shown):
    assert printed_number(stored, form_) == shown


@pytest.mark.parametrize("damage", [b"PK\x03\x04nothing", b"PK\x05\x06" + b"\0" * 18])
def test_a_damaged_workbook_is_a_fault(tmp_path, damage):
    path = tmp_path / "table.xlsx"
    path.write_bytes(damage)
    with pytest.raises(StudyError):
        read_ledger(path)


def test_the_documentation_names_every_column(repository):
    text = (repository / "docs" / "claims.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in text] == []


TYPED = (
    *("", "NR", "–", "7", "0", "-1", "3.47", "36,57", "1,704", "1.704", ".5", "<0.1", ">5", "99%"),
    *("5 ± 2", "3 (42.9)", "3/7", "0/0", "n = 7", "integer", "binary", "continuous", "a", "b"),
    *("a; b", "a by x", "row 2", "999999999999", "1" * 40, "0.000000000001", "1e9", "=1+1"),
)
CELLS = st.one_of(st.sampled_from(TYPED), st.text(max_size=6))


@settings(deadline=None, max_examples=300)
@given(
    columns=st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=18, unique=True),
    data=st.data(),
)
def test_whatever_is_typed_gives_an_audit_or_faults_and_never_a_traceback(
    columns, data, tmp_path_factory
):
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), max_size=6)
    )
    path = tmp_path_factory.mktemp("fuzz") / "table.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])
    try:
        found = audit_table(path)
    except StudyError:
        return
    assert found.claims["why"].str.len().gt(5).all()
    assert sum(found.counts.values()) == len(found.claims)
    assert audit_lines(found)
