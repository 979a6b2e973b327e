"""Rows of totals, which people type and programs write below a table, are no codings."""

from __future__ import annotations

import pytest

from qdaio.labels import is_total
from qdaio.registry import ReadOptions, read_exports
from tests.support.written_tables import write_csv, write_xlsx

WORDS = ["Total", "TOTAL:", "Gesamt", "Somme", "Suma", "Итого", "Toplam", "جمع کل", "合計"]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_total_in_any_column_and_language_is_no_highlight(tmp_path, word, place):
    total = ["", "", "", 2]
    total[place] = word
    rows = [
        ["id", "document", "tag", "content"],
        [1, "Ann", "trust", "I trust the nurse."],
        [2, "Ben", "cost", "Who is to pay?"],
        total,
    ]
    project = read_exports([write_csv(tmp_path / "tags.csv", rows)])
    assert list(project.documents["name"]) == ["Ann", "Ben"]
    assert list(project.codes["name"]) == ["trust", "cost"]
    assert [(item.row, item.why) for item in project.set_aside] == [(4, "it sums up other rows")]
    assert project.warnings == ()


FORMS = {
    "a codebook": ["tag", "description", "number of highlights"],
    "frequencies": ["Code", "Segments", "%"],
    "variables": ["Document group", "Document name", "Age"],
    "codings": ["document", "code"],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_table_sets_its_totals_aside(tmp_path, form):
    width = len(FORMS[form])
    rows = [FORMS[form], ["A", "B", 1][:width], ["C", "D", 2][:width], ["Total", 3, None][:width]]
    if form == "frequencies":
        rows = [FORMS[form], ["A", 1, 50], ["C", 1, 50], ["Total", 2, 100]]
    if form == "a codebook":
        rows = [FORMS[form], ["A", "x", 1], ["C", "y", 1], ["Total", None, 2]]
    project = read_exports([write_xlsx(tmp_path / "t.xlsx", {"Sheet1": rows})])
    assert [item.row for item in project.set_aside] == [4]
    assert "Total" not in [*project.documents["name"], *project.codes["name"]]


def test_sums_of_each_code_are_none_of_its_codings(tmp_path):
    rows = [
        ["document", "tag", "content"],
        ["Ann", "trust", "Yes."],
        ["Ben", "trust", "No."],
        ["Total", "trust", 2],
    ]
    project = read_exports([write_csv(tmp_path / "tags.csv", rows)])
    assert len(project.codings) == 2
    assert [item.row for item in project.set_aside] == [4]


def test_marks_under_one_column_a_code_are_not_summed_into_codings(tmp_path):
    from qdaio import Columns

    rows = [["Person", "trust", "cost"], ["Ann", 1, 0], ["Ben", 1, 1], ["Sum", 2, 1]]
    path = write_xlsx(tmp_path / "marks.xlsx", {"Sheet1": rows})
    columns = Columns(participant="Person", codes=("trust", "cost"), layout="one column a code")
    project = read_exports([path], options=ReadOptions(columns=columns))
    assert len(project.codings) == 3
    assert [item.row for item in project.set_aside] == [4]


def test_a_document_that_is_called_total_stays_where_it_has_words_and_is_told(tmp_path):
    rows = [["document", "tag", "content"], ["Ann", "trust", "Yes."], ["Total", "trust", "No."]]
    project = read_exports([write_csv(tmp_path / "tags.csv", rows)])
    assert len(project.codings) == 2
    assert any('a document is called "Total"' in said for said in project.warnings)


@pytest.mark.parametrize("label", ["Total quality", "Sum of parts of me", "", None, 5, "Totally"])
def test_other_labels_are_no_totals(label):
    assert not is_total(label)
