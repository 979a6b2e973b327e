"""Parameters of notebooks have bounds where they stand, and the type of their default."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.build.notebooks import NotebookSpec, all_notebooks
from analysis.build.parameters import (
    Parameter,
    choose_parameters,
    read_parameters,
    save_parameters,
    study_words,
)
from analysis.studyfile import parse_study
from qdaio.faults import FaultList, StudyError
from qdaio.labels import plain

CELL = """
study_dir = ""  # folder of the study
top = 15  # at least 1: how many codes to draw
width = 6.3  # more than 0: inches
level = 0  # from 0 to 3: deepest level
share = 0.5  # at most 1: part of them
shares = "column"  # one of "column", "row": what a square shows
deep = False  # down to the last level
verdicts = [  # which verdicts are listed
    "differs",
    "impossible",
]
years = [2020, 2021]  # at least 1900: years
"""


def parameters(cell: str = CELL) -> dict[str, Parameter]:
    faults = FaultList()
    found = read_parameters(cell, "notebooks/a.ipynb", faults)
    faults.raise_if_any()
    return found


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("top", "20", 20),
        ("top", "20.0", 20),
        ("width", "5", 5.0),
        ("shares", "row", "row"),
        ("deep", "True", True),
        ("study_dir", "5", "5"),
        ("verdicts", "differs, rounding only", ["differs", "rounding only"]),
        ("verdicts", '["differs, but", "x"]', ["differs, but", "x"]),
        ("years", "1999,2000", [1999, 2000]),
    ],
)
def test_what_is_typed_takes_the_type_of_the_default(name, typed, value):
    read = parameters()[name].value(typed, is_text=True)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("top", "0", "a whole number, at least 1"),
        ("top", "five", "a whole number, at least 1"),
        ("top", "1.5", "a whole number, at least 1"),
        ("top", "true", "a whole number, at least 1"),
        ("top", "nan", "a whole number, at least 1"),
        ("width", "0", "a number, more than 0"),
        ("width", "inf", "a number, more than 0"),
        ("level", "4", "a whole number from 0 to 3"),
        ("level", "-1", "a whole number from 0 to 3"),
        ("share", "1.01", "a number, at most 1"),
        ("shares", "columns", 'one of "column", "row"'),
        ("deep", "yes", "true or false"),
        ("years", "1999,x", "a list, each a whole number"),
        ("years", "1800", "a list, each a whole number"),
        ("years", "[1999", "a list, each a whole number"),
    ],
)
def test_what_is_out_of_bounds_or_of_another_type_is_refused(name, typed, expected):
    parameter = parameters()[name]
    assert parameter.value(typed, is_text=True) is None
    assert parameter.expected.startswith(expected)


def test_values_of_the_study_file_are_typed_already():
    found = parameters()
    assert found["top"].value("15", is_text=False) is None
    assert found["top"].value(True, is_text=False) is None
    assert found["top"].value([15], is_text=False) is None
    assert found["verdicts"].value(["differs"], is_text=False) == ["differs"]
    assert found["verdicts"].value("differs", is_text=False) is None


def test_words_that_begin_as_bounds_and_are_none_are_a_fault():
    faults = FaultList()
    read_parameters("top = 3  # at least one: codes", "notebooks/a.ipynb", faults)
    assert [(fault.kind, fault.column) for fault in faults] == [("bad-parameters", "top")]


def spec(name: str, cell: str) -> NotebookSpec:
    lists = dict.fromkeys(
        ("reads", "writes", "inputs", "needs", "tables", "figures", "reports", "pages"), ()
    )
    return NotebookSpec(
        name=name,
        path=Path(f"01-{name}.ipynb"),
        metrics_of=(),
        display=(),
        only_with={},
        metrics=False,
        sources=(cell,),
        places=(1,),
        parameters=parameters(cell),
        **lists,
    )


def chosen(in_file, given, text=""):
    faults = FaultList()
    specs = [spec("codes", "top = 3  # at least 1: codes"), spec("people", "group = 'a'")]
    values = choose_parameters(specs, in_file, given, text, faults)
    return values, list(faults)


def test_the_command_line_goes_before_the_study_file():
    values, faults = chosen({"codes": {"top": 4}}, {"top": "5"})
    assert values == {"codes": {"top": 5}, "people": {}}
    assert faults == []


def test_the_folder_of_the_study_is_no_parameter_that_anybody_gives():
    faults = FaultList()
    values = choose_parameters([spec("codes", CELL)], {"study_dir": "x"}, {"study_dir": "/etc"}, "",
                               faults)  # fmt: skip
    assert values == {"codes": {}}
    assert [fault.kind for fault in faults] == ["unknown-parameter"] * 2
    assert all("study_dir" not in fault.expected for fault in faults)


@pytest.mark.parametrize("typed", ["1e99", "9007199254740993.0e3", "inf", "nan", "1.5"])
def test_no_whole_number_is_made_of_what_is_none_without_doubt(typed):
    assert parameters()["top"].value(typed, is_text=True) is None


def test_unknown_notebooks_and_parameters_are_faults_with_the_nearest_name_and_line():
    text = "[parameters.code]\ntop = 4\n\n[parameters.codes]\ntops = 4\n"
    _, faults = chosen({"code": {"top": 4}, "codes": {"tops": 4}}, {"groups": "x"}, text)
    assert [(fault.kind, fault.row) for fault in faults] == [
        ("unknown-notebook", 1),
        ("unknown-parameter", 5),
        ("unknown-parameter", None),
    ]
    assert ['"codes"' in faults[0].remedy, '"top"' in faults[1].remedy] == [True, True]
    assert '"group"' in faults[2].remedy


def test_a_value_that_may_not_be_names_its_line_and_its_bounds():
    _, (fault,) = chosen({"codes": {"top": 0}}, {}, "[parameters.codes]\ntop = 0\n")
    assert (fault.kind, fault.row) == ("bad-parameter", 2)
    assert fault.expected == "a whole number, at least 1"
    assert "codes" in fault.remedy


@pytest.mark.parametrize(
    "given",
    [{"top": "0"}, {"minimum": "-1"}, {"level": "1.5"}, {"top": "five"}, {"normalise": "rows"}],
)
def test_the_shipped_notebooks_bound_their_parameters(repository, given):
    specs = all_notebooks(repository, FaultList())
    faults = FaultList()
    choose_parameters(specs, {}, given, "", faults)
    assert {fault.kind for fault in faults} == {"bad-parameter"}


STUDY = """[study]
title = "T"
authors = [{ name = "A" }]

[data]
status = "original" # mine
exports = ["a.csv"]

[hierarchy]
levels = ["Category", "Subcategory", "Code"]

[participants]
pattern = "(.+)"
group = "Arm"
[[participants.variables]]
name = "sex_at_birth"
label = "Gender"
"""


@pytest.mark.parametrize(
    ("name", "word", "meaning"),
    [
        ("level", "subcategory", 2), ("level", "Subcategories", 2), ("level", "code", 3),
        ("group_by", "gender", "sex_at_birth"), ("group_by", "Sex at birth", "sex_at_birth"),
        ("group_by", "group", "group"),
    ],
)  # fmt: skip
def test_levels_and_variables_are_named_as_the_study_names_them(name, word, meaning):
    assert study_words(parse_study(STUDY))[name][plain(word)] == meaning


@pytest.mark.parametrize(
    ("more", "values"),
    [
        ("", {"group_by": "Gender", "level": 2}),
        ("[parameters]\nlevel = 1 # deep\n", {"level": 2, "top": 20}),
        ("[parameters.frequencies]\nlevel = 1\n", {"level": 2}),
        ("[parameters.frequencies]\ntop = 1\n[parameters]\nlevel = 1\n", {"level": 2}),
        ('[parameters]\nverdicts = ["a", "b"]\n', {"verdicts": ["c"], "deep": True}),
    ],
)
def test_saved_parameters_leave_all_else_as_it_was(tmp_path, more, values):
    path = tmp_path / "study.toml"
    path.write_text(f"{STUDY}\n{more}", encoding="utf-8")
    save_parameters(tmp_path, values)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(STUDY)
    saved = parse_study(text).parameters
    assert all(saved[name] == value for name, value in values.items())
    own = saved.get("frequencies", {})
    assert all(own[name] == values[name] for name in own if name in values)
    assert ("# deep" in text) == ("# deep" in more)


def test_a_study_file_that_cannot_be_changed_line_by_line_stays_as_it_is(tmp_path):
    path = tmp_path / "study.toml"
    written = f"parameters = {{ level = 1 }}\n{STUDY}"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(StudyError, match="level = 2"):
        save_parameters(tmp_path, {"level": 2})
    assert path.read_text(encoding="utf-8") == written
