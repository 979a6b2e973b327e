"""A code that holds all others is no category; codes that are left out lose no coding."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.preparation import prepare
from analysis.studyfile import parse_study
from qdaio.faults import StudyError

ROWS = (
    "document,code,text",
    "D1,All > A > x,one",
    "D1,All > B,two",
    "D2,Interviewer,three",
    "D2,All > A,four",
)


def prepared(folder: Path, hierarchy: str, rows=ROWS):
    (folder / "codings.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return prepare(
        folder,
        parse_study(
            '[study]\ntitle = "T"\nauthors = [{ name = "A" }]\n[data]\nstatus = "original"\n'
            f'exports = ["codings.csv"]\n[hierarchy]\n{hierarchy}\n'
        ),
    )


def test_levels_are_counted_below_the_code_that_holds_all(tmp_path):
    made = prepared(
        tmp_path, 'levels = ["Category", "Code"]\nwithin = "All"\nomit = ["Interviewer"]'
    )
    codes = made.codes.set_index("name").sort_index()
    assert codes["level"].to_dict() == {"A": 1, "B": 1, "x": 2}
    assert [list(path) for path in codes["path"]] == [["A"], ["B"], ["A", "x"]]
    assert codes["parent_id"].isna().tolist() == [True, True, False]


def test_each_coding_of_a_code_that_is_left_out_is_listed_with_its_row(tmp_path):
    made = prepared(tmp_path, 'omit = ["Interviewer"]')
    assert len(made.codings) == 3
    (row,) = made.set_aside.query("what == 'coding'").to_dict("records")
    assert (row["code"], row["row"]) == ("Interviewer", 4)
    assert "study.toml leaves its code out" in row["why"]


def test_what_stands_below_is_left_out_too_and_a_short_name_is_enough(tmp_path):
    made = prepared(tmp_path, 'omit = ["A"]')
    assert list(made.codings["code_id"].astype("str")) == ["All > B", "Interviewer"]


@pytest.mark.parametrize(
    ("hierarchy", "column", "says"),
    [
        ('within = "All"', "hierarchy.within", "Interviewer"),
        ('within = "Al"\nomit = ["Interviewer"]', "hierarchy.within", 'Did you mean "All"?'),
        ('omit = ["Interviewr"]', "hierarchy.omit", 'Did you mean "Interviewer"?'),
        ('omit = ["All", "Interviewer"]', "hierarchy.omit", "leaves all codings out"),
    ],
)
def test_a_name_that_is_not_there_is_a_fault_with_the_nearest(tmp_path, hierarchy, column, says):
    with pytest.raises(StudyError) as caught:
        prepared(tmp_path, hierarchy)
    (fault,) = caught.value.faults
    assert fault.column == column
    assert says in str(fault)


def test_a_code_at_the_top_with_codings_of_its_own_stays(tmp_path):
    with pytest.raises(StudyError, match="made on"):
        prepared(tmp_path, 'within = "All"', (ROWS[0], "D1,All,zero", *ROWS[1:3]))
