"""Code frequencies of MAXQDA, and its tables that list no codings."""

from __future__ import annotations

import pytest

from qdaio.faults import StudyError
from qdaio.registry import read_exports
from tests.support.written_tables import write_csv, write_xlsx

TABLES = {
    "en": (
        ["Code", "Segments with code", "%", "Documents with code", "%", "Valid %"],
        ["TOTAL (valid)", 8, 80, None, None, 100],
        ["DOCUMENTS without code(s)", None, None, 1, 20, None],
    ),
    "de": (
        ["", "Häufigkeit", "Prozent", "Dokumente mit Code", "%", "Prozent (gültig)"],
        ["GESAMT (gültig)", 8, 80, None, None, 100],
        ["DOKUMENTE ohne Code(s)", None, None, 1, 20, None],
    ),
    "es": (
        ["Código", "Segmentos", "Porcentaje", "Documentos", "%", "Porcentaje (válido)"],
        ["Total", 8, 80, None, None, 100],
        ["Documentos sin código(s)", None, None, 1, 20, None],
    ),
}


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_code_frequencies_are_counts_of_codes_and_no_codings(tmp_path, language, kind):
    header, *sums = TABLES[language]
    rows = [header, ["Care > Time", 5, 50, 3, 60, 62.5], ["Cost", 3, 30, 2, 40, 37.5], *sums]
    rows = [["" if cell is None else cell for cell in row] for row in rows]
    path = (
        write_xlsx(tmp_path / "f.xlsx", {"Codes": rows})
        if kind == "xlsx"
        else write_csv(tmp_path / "f.csv", rows, ";", "utf-16")
    )
    project = read_exports([path])
    assert project.info.format == "maxqda-code-frequencies"
    counted = project.codes.dropna(subset="reported_n")
    assert dict(zip(counted["code_id"], counted["reported_n"], strict=True)) == {
        "Care > Time": 5,
        "Cost": 3,
    }
    assert list(project.attributes["value"]) == ["3", "2"]
    assert len(project.codings) == 0
    assert sorted(item.row for item in project.set_aside) == [4, 5]


OTHERS = {
    "summaries": [
        ["Document group", "Document name", "Code", "Summary"],
        ["G", "Ann", "trust", "She trusts nurses."],
        ["G", "Ben", "trust", "He does not."],
    ],
    "summaries de": [
        ["Dokumentgruppe", "Dokumentname", "Code", "Zusammenfassung"],
        ["G", "Ann", "Vertrauen", "Sie vertraut."],
        ["G", "Ben", "Vertrauen", "Er nicht."],
    ],
    "paraphrases": [["Document name", "Paraphrase", "Beginning"], ["Ann", "Trusts nurses", 3]],
    "words": [["Word", "Word length", "Frequency", "%", "Rank"], ["nurse", 5, 9, 1.2, 1]],
    "crosstab": [
        ["", "female", "male", "Total"],
        ["trust", 5, 3, 8],
        ["cost", 1, 1, 2],
        ["SUM", 6, 4, 10],
        ["N (Documents)", 3, 3, 6],
    ],
}


@pytest.mark.parametrize("table", OTHERS)
def test_tables_without_codings_are_named_with_the_export_to_make(tmp_path, table):
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "t.xlsx", {"Sheet1": OTHERS[table]})])
    (fault,) = caught.value.faults
    assert fault.kind == "no-codings"
    assert "Overview of Coded Segments" in fault.remedy
    assert "trust" not in str(fault)


def test_coded_segments_with_a_column_of_summaries_stay_codings(tmp_path):
    rows = [
        ["Document group", "Document name", "Code", "Beginning", "End", "Segment", "Summary"],
        ["G", "Ann", "trust", 1, 1, "I trust the nurse.", "She trusts."],
    ]
    project = read_exports([write_xlsx(tmp_path / "t.xlsx", {"Sheet1": rows})])
    assert len(project.codings) == 1


def test_a_table_of_the_authors_own_that_does_not_add_up_is_no_code_matrix(tmp_path):
    rows = [
        ["", "Efficiency", "Resilience", "TOTAL"],
        ["words in the law", 82, 10, 127],
        ["Goals", 4, 4, 10],
        ["Measures", 3, None, 16],
    ]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "own.xlsx", {"Sheet1": rows})])
    assert caught.value.faults[0].kind == "unknown-format"


def test_a_frequency_of_documents_is_none_of_segments(tmp_path):
    head = [None, "Frequency", "Percentage", "Percentage (valid)"]
    documents = [head, ["trust", 2, 100, 100], ["cost", 1, 50, 50]]
    documents += [["DOCUMENTS with code(s)", 2, 100, 100], ["ANALYZED DOCUMENTS", 2, 100, "-"]]
    segments = [head[:3], ["trust", 33, 75], ["cost", 11, 25], ["TOTAL", 44, 100]]
    path = write_xlsx(tmp_path / "one.xlsx", {"Documents with code": documents})
    project = read_exports([path])
    assert project.codes["reported_n"].isna().all()
    assert list(project.attributes["value"]) == ["2", "1"]
    sheets = {"Documents with code": documents, "Segments with code": segments}
    project = read_exports([write_xlsx(tmp_path / "both.xlsx", sheets)])
    assert list(project.codes["reported_n"]) == [33, 11]
    assert "Documents with code" in [item.sheet for item in project.set_aside]
