"""Codebooks typed by hand: in a document, a page or a spreadsheet, in several languages."""

from __future__ import annotations

import pytest

from qdaio.faults import StudyError
from qdaio.registry import read_exports
from tests.support.pages import write_page
from tests.support.written_tables import write_csv, write_xlsx

HEADERS = {
    "en": ["Code", "Definition", "Example", "n"],
    "de": ["Kode", "Beschreibung", "Ankerbeispiel", "Häufigkeit"],
    "es": ["Código", "Definición", "Ejemplo", "Frecuencia"],
    "fr": ["Code", "Définition", "Exemple", "Nombre"],
    "pl": ["Kod", "Opis", "Przykład", "Liczba"],
    "pt": ["Código", "Descrição", "Exemplo", "Frequência"],
    "tr": ["Kod", "Tanım", "Örnek", "Sıklık"],
    "fa": ["کد", "تعریف", "مثال", "فراوانی"],
}
CODES = [
    ["Time", "Hours that are lacking", "There was none.", 12],
    ["Cost", "What it takes", "Who is to pay?", 3],
]


def write(folder, kind, rows):
    if kind in {"docx", "html"}:
        return write_page(folder / f"codebook.{kind}", ["Table S1. Codebook", rows, "Note: ours."])
    if kind == "csv":
        return write_csv(folder / "codebook.csv", rows)
    return write_xlsx(folder / "codebook.xlsx", {"Codes": rows})


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("kind", ["docx", "html", "csv", "xlsx"])
def test_codes_come_with_definition_example_and_count(tmp_path, kind, language):
    project = read_exports([write(tmp_path, kind, [HEADERS[language], *CODES])])
    assert project.info.format == "codebook-table"
    assert list(project.codes["name"]) == ["Time", "Cost"]
    assert list(project.codes["description"]) == ["Hours that are lacking", "What it takes"]
    assert list(project.codes["reported_n"]) == [12, 3]
    assert list(project.attributes["value"]) == ["There was none.", "Who is to pay?"]
    assert set(project.attributes["name"]) == {HEADERS[language][2]}


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_a_theme_stands_over_the_codes_below_it(tmp_path, kind, order):
    rows = [
        ["Theme", "Sub-theme", "Description"],
        ["Care", "Time", "Hours"],
        ["", "Cost", "Money"],
        ["Trust", "", "To rely on somebody"],
    ]
    rows = [[row[place] for place in order] for row in rows]
    project = read_exports([write(tmp_path, kind, rows)])
    assert list(project.codes["code_id"]) == ["Care", "Care > Time", "Care > Cost", "Trust"]
    assert list(project.codes["is_codable"]) == [False, True, True, True]


def test_every_table_of_a_document_is_read_and_others_are_listed(tmp_path):
    head = ["Code", "Definition"]
    tables = [
        [head, ["Time", "Hours"], ["Cost", "Money"]],
        [["Who", "Age"], ["A", 31], ["B", 40]],
        [head, ["Trust", "To rely"], ["Time", "again"]],
    ]
    project = read_exports([write_page(tmp_path / "codebook.docx", tables)])
    assert list(project.codes["name"]) == ["Time", "Cost", "Trust"]
    assert [(item.what, item.sheet) for item in project.set_aside] == [
        ("code", "table 3"),
        ("sheet", "table 2"),
    ]


def test_a_codebook_beside_codings_is_left_to_the_person(tmp_path):
    sheets = {
        "Codes": [["Code", "Definition"], ["Time", "Hours"], ["Cost", "Money"]],
        "Coding": [["Person", "Quote", "Code"], ["Ann", "There was no time.", "Time"]],
    }
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "study.xlsx", sheets)])
    assert [fault.kind for fault in caught.value.faults] == ["unknown-format"]


@pytest.mark.parametrize(
    "rows",
    [
        [["Participant", "Code", "Definition"], ["A", "Time", "x"], ["B", "Cost", "y"]],
        [["Code", "Description", "Quote"], ["Time", "x", "one"], ["Time", "x", "two"]],
        [["Variable", "Description"], ["Age", "years"], ["Sex", "as stated"]],
    ],
    ids=["people", "repeated", "no code"],
)
def test_a_list_of_codings_is_no_codebook(tmp_path, rows):
    with pytest.raises(StudyError) as caught:
        read_exports([write(tmp_path, "csv", rows)])
    assert {fault.kind for fault in caught.value.faults} == {"unknown-format"}


def test_a_count_with_a_share_is_kept_as_it_is_written(tmp_path):
    rows = [["Code", "Definition", "n (%)"], ["Time", "Hours", "12 (8%)"], ["Cost", "Money", "3"]]
    project = read_exports([write(tmp_path, "docx", rows)])
    assert project.codes["reported_n"].isna().all()
    assert list(project.attributes["value"]) == ["12 (8%)", "3"]


def test_levels_of_any_number_stand_over_the_code_and_each_has_a_definition(tmp_path):
    rows = [
        ["Theme", "Category", "Low-level category", "Description", "Code", "Description"],
        ["Care", "People", "Nurses", "Who is there", "trust", "To rely on somebody"],
        ["", "", "", "", "other", "What is left"],
        ["", "Money", "Bills", "Who pays", "other", "What is left"],
    ]
    project = read_exports([write(tmp_path, "xlsx", rows)])
    codes = project.codes[project.codes["is_codable"]]
    assert list(codes["code_id"]) == [
        "Care > People > Nurses > trust",
        "Care > People > Nurses > other",
        "Care > Money > Bills > other",
    ]
    assert list(codes["description"]) == ["To rely on somebody", "What is left", "What is left"]
    assert list(project.attributes["value"]) == ["Who is there", "Who pays"]


def test_examples_alone_make_a_codebook_where_a_column_is_called_code(tmp_path):
    rows = [
        ["Theme", "Subtheme", "codes", "Example Quote"],
        ["Care", "People", "trust", "I rely on her."],
        ["", "", "cost", "Who is to pay?"],
    ]
    project = read_exports([write(tmp_path, "xlsx", rows)])
    assert list(project.codes["name"]) == ["Care", "People", "trust", "cost"]
    assert list(project.attributes["value"]) == ["I rely on her.", "Who is to pay?"]


def test_headers_that_stand_again_on_the_next_page_are_no_code(tmp_path):
    header = ["Code", "Definition"]
    rows = [header, ["trust", "To rely"], header, ["cost", "To pay"]]
    project = read_exports([write(tmp_path, "docx", rows)])
    assert list(project.codes["name"]) == ["trust", "cost"]


def test_a_document_with_other_tables_says_how_a_codebook_would_be_known(tmp_path):
    rows = [["ICAP", "Adapted", "Reading"], ["Passive", "None", "I just sat there."]]
    with pytest.raises(StudyError) as caught:
        read_exports([write(tmp_path, "docx", rows)])
    (fault,) = caught.value.faults
    assert fault.found.startswith("a Word document with a table")
    assert "one column Code, Theme or Category" in fault.remedy
    assert "sat there" not in str(fault)


def test_codings_beside_a_codebook_keep_a_workbook_from_being_a_codebook(tmp_path):
    book = [["Code", "Definition"], ["trust", "To rely"], ["cost", "To pay"]]
    codings = [["Participant", "Quote", "Code"], ["P1", "I rely.", "trust"], ["P2", "Hm.", "cost"]]
    path = write_xlsx(tmp_path / "both.xlsx", {"Codebook": book, "Coding": codings})
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert 'sheet = "Coding"' in caught.value.faults[0].remedy
    notes = [["How to use this"], ["Read it."]]
    path = write_xlsx(tmp_path / "notes.xlsx", {"Introduction": notes, "Codebook": book})
    project = read_exports([path])
    assert list(project.codes["name"]) == ["trust", "cost"]
    assert [item.sheet for item in project.set_aside] == ["Introduction"]


def test_a_label_beside_a_number_of_a_code_is_no_level_nor_is_a_related_code(tmp_path):
    rows = [
        ["Code", "Code Label", "Related RQ Code", "Definition"],
        ["GD1", "Trust", "x", "To rely"],
        ["GD2", "Cost", "", "To pay"],
    ]
    project = read_exports([write(tmp_path, "xlsx", rows)])
    assert list(project.codes["code_id"]) == ["GD1", "GD2"]
    assert {"Code Label", "Related RQ Code"} <= set(project.attributes["name"])


def test_two_tables_side_by_side_are_a_fault(tmp_path):
    rows = [["Code", "Definition", "Code", "Definition"], ["a", "x", "b", "y"], ["c", "z", "d", ""]]
    with pytest.raises(StudyError) as caught:
        read_exports([write(tmp_path, "xlsx", rows)])
    assert caught.value.faults[0].kind == "duplicate-column"
