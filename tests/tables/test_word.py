"""Tables as Word documents, read back by python-docx."""

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn

from analysis.chapters.participants import choose_columns, participants_table
from analysis.manuscript.word import REFERENCE
from analysis.phrases import SYNTHETIC_NOTE
from analysis.preparation import prepare
from analysis.studyfile import load_study
from analysis.tables import Column, table_docx
from tests.tables.sample import PERSIAN, sample


@pytest.fixture(scope="module")
def document():
    return Document(io.BytesIO(table_docx(sample())))


def test_caption_and_notes_stand_around_one_real_table(document):
    assert len(document.tables) == 1
    assert document.paragraphs[0].style.name == "Table Caption"
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert texts == ["Themes & <counts>", "First <note>.", "Second note.", SYNTHETIC_NOTE]


def test_every_cell_is_there_in_its_row(document):
    rows = document.tables[0].rows
    # two rows of headings, two groups, three rows
    assert len(rows) == 7
    assert [cell.text for cell in rows[3].cells] == ["Time & <space>", "1,704", "57.1"]
    assert [cell.text for cell in rows[6].cells] == ["Cost\nof travel", "", "-2"]


def test_headings_repeat_and_rows_stay_whole(document):
    marks = [{child.tag for child in row._tr.get_or_add_trPr()} for row in document.tables[0].rows]
    repeated = [qn("w:tblHeader") in mark for mark in marks]
    assert repeated == [True, True, False, False, False, False, False]
    assert all(qn("w:cantSplit") in mark for mark in marks)


def test_spanners_and_groups_are_merged_cells(document):
    rows = document.tables[0].rows
    spans = [[cell.grid_span for cell in row._tr.tc_lst] for row in rows]
    assert spans[0] == [1, 2]
    assert spans[2] == [3]
    assert rows[2].cells[0].text == "Needs"
    assert rows[0].cells[0]._tc is rows[1].cells[0]._tc


def test_arabic_script_runs_from_right_to_left(document):
    cell = document.tables[0].rows[4].cells[0]
    marked = {True: "", False: ""}
    for run in cell.paragraphs[0].runs:
        marked[run._r.rPr is not None and run._r.rPr.find(qn("w:rtl")) is not None] += run.text
    assert marked == {True: PERSIAN, False: "\u2003 she said"}
    first = next(r for r in cell.paragraphs[0].runs if r._r.rPr is not None)
    assert first._r.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "fa"


def test_a_cell_of_arabic_script_alone_keeps_the_edge_of_its_column():
    table = sample(
        body=pd.DataFrame({"x": [PERSIAN]}), columns=(Column("x", "X"),), groups=None, indent=None
    )
    cell = Document(io.BytesIO(table_docx(table))).tables[0].rows[1].cells[0]
    properties = cell.paragraphs[0]._p.pPr
    assert properties.find(qn("w:bidi")) is not None
    # in such a paragraph the leading edge is the right one, and "right" is the left
    assert properties.find(qn("w:jc")).get(qn("w:val")) == "right"


def test_indents_are_spaces_that_no_format_loses(document):
    texts = [row.cells[0].text for row in document.tables[0].rows]
    assert not texts[3].startswith("\u2003")
    assert texts[4].startswith("\u2003")


def test_the_same_table_gives_the_same_bytes_without_a_clock():
    first, second = table_docx(sample()), table_docx(sample())
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_say_that_data_are_synthetic(document):
    assert document.core_properties.keywords == "Synthetic data"
    assert document.core_properties.author == ""
    original = Document(io.BytesIO(table_docx(sample(synthetic=False))))
    assert original.core_properties.keywords == ""


def test_properties_stand_in_the_order_of_the_schema(document):
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblLook"]
    found = [child.tag.split("}")[1] for child in document.tables[0]._tbl.tblPr]
    assert found == [name for name in order if name in found]


def test_a_table_of_many_columns_lies_on_its_side():
    names = [f"c{place}" for place in range(8)]
    body = pd.DataFrame([names], columns=names)
    wide = sample(
        body=body, columns=tuple(Column(name, name) for name in names), groups=None, indent=None
    )
    section = Document(io.BytesIO(table_docx(wide))).sections[0]
    assert section.page_width > section.page_height


def test_eight_groups_of_participants_lie_on_their_side_and_no_head_is_lost():
    folder = Path(__file__).parents[1] / "studies/wide-table"
    study = load_study(folder)
    people = prepare(folder, study).people.participants
    chosen = choose_columns(people, study.participants, "group", "")
    table = participants_table(
        people, chosen.variables, chosen.group, numbers=study.numbers,
        label="tbl-wide", caption="Participants", synthetic=False,
    )  # fmt: skip
    document = Document(io.BytesIO(table_docx(table)))
    section = document.sections[0]
    assert section.page_width > section.page_height
    heads = " ".join(cell.text for cell in document.tables[0].rows[0].cells)
    for name in study.participants.group_order:
        assert name in heads
    width = sum(column.width for column in document.tables[0].columns)
    assert width <= section.page_width - section.left_margin - section.right_margin


def test_tables_take_the_styles_of_the_manuscript():
    report = Path(__file__).parents[2] / "report"
    assert REFERENCE.read_bytes() == (report / "reference.docx").read_bytes()
