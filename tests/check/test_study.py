"""Check finds what a build would refuse, in one go, with row and remedy, each cause once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from analysis.build.notebooks import all_notebooks, study_notebooks
from analysis.check.rehearsal import rehearse
from analysis.check.study import check_study, find_faults, told_once
from analysis.preparation import prepare
from analysis.studyfile import load_study, parse_study
from qdaio.faults import Fault, FaultList, StudyError
from tests.support.studies import (
    column_of,
    copy_study,
    edit_sheet,
    replace_text,
    small_study,
    write_notebook,
)

VARIABLES = "data-raw/exports/document-variables.xlsx"


@pytest.fixture
def study(repository: Path, tmp_path: Path) -> Path:
    return copy_study(repository, tmp_path / "study")


def faults_of(folder: Path) -> list[Fault]:
    faults, _ = find_faults(folder)
    assert all(fault.kind != "not-computed" for fault in faults), faults
    return faults


def test_the_shipped_study_has_no_fault(repository):
    check_study(repository)


@pytest.mark.build
@pytest.mark.xdist_group("built")
def test_the_numbers_of_a_check_are_those_of_the_build(built_study):
    study = load_study(built_study)
    specs, _ = study_notebooks(all_notebooks(built_study, FaultList()), study)
    found = rehearse(built_study, study, prepare(built_study, study), specs, {})
    assert list(found.faults) == []
    metrics = json.loads((built_study / "data-processed/metrics.json").read_text("utf-8"))
    assert set(found.metrics) == set(metrics)
    # a check draws no samples for an interval, and needs the name of the sentence only
    compared = metrics.keys() - {"agreement.sentence"}
    assert all(found.metrics[key] == pytest.approx(metrics[key]) for key in compared)


def test_what_is_wrong_with_the_text_is_told_in_one_go_with_its_rows(study):
    report = study / "report"
    replace_text(
        report / "manuscript.qmd",
        "# Background {#sec-background}\n",
        "# Background {#sec-background}\n\n{{< var codings.totl >}} and [@nobody2020] and "
        "@tbl-nothing.\n\n![Missing](images/missing.png)\n\n"
        "{{< embed output/embed/hierarchy.ipynb#tbl-hierarchi >}}\n",
    )
    (report / "prose/law.md").write_text("They said {{< var dimension.lawn.cases >}}.\n", "utf-8")
    abstract = report / "abstract.md"
    abstract.write_text("Known.\n\nThere were {{< var cases.totals >}}.\n", encoding="utf-8")
    told = "\n".join(map(str, faults_of(study)))
    for words in (
        "report/manuscript.qmd, row 3: unknown variable (found codings.totl",
        'Did you mean "codings.total"?',
        "nobody2020",
        "tbl-nothing",
        "missing.png",
        'Did you mean "tbl-hierarchy"?',
        "dimension.lawn.cases",
        "report/abstract.md, row 3: unknown variable (found cases.totals",
    ):
        assert words in told, told


def test_what_is_wrong_with_the_study_file_has_its_line(study):
    settings = study / "study.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + "\n[parameters.frequencies]\ntop = 0\ntip = 1\n", "utf-8")
    found = {fault.column: fault for fault in faults_of(study)}
    row = len(text.splitlines()) + 3
    assert found["parameters.frequencies.top"].row == row
    assert '"top"' in found["parameters.frequencies.tip"].remedy


def test_missing_files_are_told_once_each(study):
    for name in ("report/manuscript.qmd", "data-raw/labels.csv", "notebooks/06-reporting.ipynb"):
        (study / name).unlink()
    replace_text(study / "study.toml", '"data-raw/interview-guide.csv"', '"data-raw/guide.csv"')
    files = [fault.file for fault in faults_of(study)]
    for name in ("report/manuscript.qmd", "data-raw/labels.csv", "data-raw/guide.csv"):
        assert files.count(name) == 1, files


def test_a_study_without_notebooks_is_told_so(tmp_path):
    folder = small_study(tmp_path / "study")
    assert "missing-notebooks" in {fault.kind for fault in faults_of(folder)}


def test_one_wrong_group_in_many_rows_is_one_fault(study):
    def spoil(rows):
        for row in rows[1:6]:
            row[column_of(rows, "Group")] = "Patient"

    edit_sheet(study / VARIABLES, spoil)
    faults = faults_of(study)
    assert len([fault for fault in faults if "Patient" in (fault.found or "")]) == 1, faults


def test_faults_that_differ_in_their_row_only_are_one():
    rows = [Fault(kind="k", file="a.csv", row=row, found="x", remedy="r") for row in range(2, 12)]
    (told,) = told_once([*rows, rows[0]])
    assert (told.row, told.found) == (2, "x, also in rows 3, 4, 5, 6, 7 and 4 more")
    others = [Fault(kind="k", file=name, row=1, remedy="r") for name in ("a.csv", "b.csv")]
    assert told_once(others) == others


@pytest.mark.parametrize(
    ("line", "found", "remedy"),
    [
        ("title = “A study”", "curly quotation marks", "straight"),
        ('file = "data\\raw\\x.csv"', "a backslash", "with /"),
        ("title = A study", "a text without quotation marks", "quotation marks"),
    ],
)
def test_what_word_processors_and_paths_of_windows_do_to_a_study_file_is_named(line, found, remedy):
    with pytest.raises(StudyError) as caught:
        parse_study(f"[study]\n{line}\n")
    (fault,) = caught.value.faults
    assert fault.row == 2
    assert found in fault.found
    assert remedy in fault.remedy


def test_a_mark_at_the_head_of_a_text_is_read_over(study):
    for name in ("study.toml", "report/abstract.md", "report/prose/law.md"):
        path = study / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert faults_of(study) == []


def test_a_text_in_another_encoding_is_named_with_its_row(study):
    (study / "report/prose/law.md").write_bytes("Plain.\n\nCafé\n".encode("latin-1"))
    assert [
        (fault.kind, fault.row) for fault in find_faults(study)[0] if "law.md" in (fault.file or "")
    ] == [("wrong-encoding", 3)]


def test_a_level_that_differs_in_case_is_a_fault_with_the_level_that_is_meant(study):
    def other(rows):
        rows[2][column_of(rows, "Gender")] = "female"

    edit_sheet(study / VARIABLES, other)
    (fault,), _ = find_faults(study)
    assert fault.kind == "unknown-level"
    assert fault.remedy.startswith('Did you mean "Female"?')


def test_a_typed_number_is_offered_the_number_that_fits_its_place(study):
    metrics = {"audit.total": 33, "participants.total": 33, "level-1.top-1.codings": 33}
    from analysis.check.typed import lint_report

    (study / "report/abstract.md").write_text("We asked 33 participants.\n", encoding="utf-8")
    faults = [
        fault
        for fault in lint_report(study, (), (), (), metrics)
        if fault.file == "report/abstract.md"
    ]
    assert [re.search(r"var ([\w.-]+)", fault.remedy)[1] for fault in faults] == [
        "participants.total"
    ]


def test_the_numbers_of_an_own_notebook_are_known_without_running_it(study):
    write_notebook(
        study / "notebooks/07-own.ipynb",
        "from analysis.workspace import open_study\n\nworkspace = open_study()",
        "facts = {'own.total': 1}\nworkspace.write_metrics('own', facts)\nraise SystemExit",
        declared={"metrics": True, "reads": ["codes"]},
    )
    path = study / "report/prose/law.md"
    path.write_text("There were {{< var own.total >}}, {{< var own.totl >}}.\n", encoding="utf-8")
    found = [fault.found for fault in faults_of(study)]
    assert found == ["own.totl"]


def test_passages_that_wait_to_be_written_are_a_note_with_their_rows(study):
    text = study / "report/manuscript.qmd"
    text.write_text(
        text.read_text(encoding="utf-8") + "\n::: {.to-write}\nThe conclusion.\n:::\n",
        encoding="utf-8",
    )
    row = text.read_text(encoding="utf-8").split("\n").index("::: {.to-write}") + 1
    faults, notes = find_faults(study)
    assert faults == []
    assert f"report/manuscript.qmd: 1 passage still to be written, in row {row}." in notes
