"""Tables as HTML: what a browser, a screen reader and Pandoc find in it."""

import json
import re
from collections import Counter

import pandas as pd
import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from analysis.tables import Column, Table, cell_text
from tests.tables.sample import PERSIAN, sample


@pytest.fixture(scope="module")
def root():
    return html.fragment_fromstring(sample().html())


def texts(elements):
    return [" ".join(element.text_content().split()) for element in elements]


def test_headings_say_what_they_are_headings_of(root):
    assert texts(root.xpath(".//thead//th[@scope='col']")) == ["Theme {{m^2}} | *a*", "n", "%"]
    spanner = root.xpath(".//thead//th[@scope='colgroup']")
    assert texts(spanner) == ["Codings <all>"]
    assert spanner[0].get("colspan") == "2"
    assert len(root.xpath(".//tbody//th[@scope='row']")) == 3


def test_each_group_of_rows_is_a_body_under_a_heading(root):
    bodies = root.xpath(".//tbody")
    assert [len(body.findall("tr")) for body in bodies] == [3, 2]
    headings = root.xpath(".//tbody/tr[1]/th[@scope='rowgroup']")
    assert texts(headings) == ["Needs", "Barriers"]
    assert {heading.get("colspan") for heading in headings} == {"3"}


def test_notes_stand_in_the_foot_over_all_columns(root):
    cells = root.xpath(".//tfoot/tr/td")
    assert texts(cells)[:2] == ["First <note>.", "Second note."]
    assert len(cells) == 3
    # notebooks align cells to the right unless told otherwise
    assert {cell.get("style") for cell in cells} == {"text-align: left"}
    assert {cell.get("colspan") for cell in cells} == {"3"}


def test_arabic_script_is_marked_with_direction_and_language(root):
    runs = root.xpath(".//span[@dir='rtl']")
    assert texts(runs) == [PERSIAN]
    assert runs[0].get("lang") == "fa"


def test_line_breaks_and_indents_are_kept(root):
    cell = root.xpath(".//th[contains(., 'Cost')]")[0]
    assert [child.tag for child in cell] == ["br"]
    indented = root.xpath(".//th[contains(., 'she said')]")[0]
    assert indented.text_content().startswith("\u2003")


def test_alignments_are_written_into_the_cells(root):
    row = root.xpath(".//tbody/tr")[1]
    aligns = [re.search(r"text-align: (\w+)", cell.get("style"))[1] for cell in row]
    assert aligns == ["left", "right", "center"]


def test_nothing_in_it_comes_from_the_web_or_touches_the_page(root):
    source = sample().html()
    assert not re.search(r"https?:|url\(|@import|<script|<link", source)
    assert not root.xpath(".//@id | .//@class[. != 'study-table']")
    rules = re.sub(r"\{[^}]*\}", "", root.find("style").text)
    selectors = [part.strip() for part in re.split(r"[,\n]", rules) if part.strip()]
    assert len(selectors) > 5
    assert all(selector.startswith("div.study-table") for selector in selectors)


def test_the_caption_can_be_left_to_others(root):
    assert texts(root.xpath(".//caption")) == ["Themes & <counts>"]
    assert "<caption" not in sample().html(caption=False)


def test_markup_in_labels_stays_text():
    hostile = "<img src=x onerror=alert(1)>"
    table = sample(
        body=pd.DataFrame({"g": [hostile], "x": [hostile]}),
        columns=(Column("x", hostile, spanner=hostile),),
        groups="g", indent=None, caption=hostile, notes=(hostile,),
    )  # fmt: skip
    made = html.fragment_fromstring(table.html())
    assert not made.xpath(".//img")
    assert texts(made.xpath(".//th | .//td | .//caption")).count(hostile) == 6


def test_widths_of_columns_are_kept():
    table = sample(columns=(Column("what", "Theme", width=70), Column("n", "n", width=30)))
    columns = html.fragment_fromstring(table.html()).xpath(".//col/@style")
    assert [re.sub(r"[ ;]", "", style) for style in columns] == ["width:70%", "width:30%"]


def pandoc_tables(source):
    document = json.loads(pypandoc.convert_text(source, "json", format="html"))
    blocks = document["blocks"]
    while blocks and blocks[0]["t"] == "Div":
        blocks = blocks[0]["c"][1]
    return [block["c"] for block in blocks if block["t"] == "Table"]


def test_pandoc_reads_head_bodies_and_foot():
    (table,) = pandoc_tables(sample().html())
    _, caption, columns, head, bodies, foot = table
    assert caption[1]
    assert len(columns) == 3
    assert len(head[1]) == 2
    # each body: attributes, columns of row headings, its own head, its rows
    assert [(len(body[2]), len(body[3])) for body in bodies] == [(1, 2), (1, 1)]
    assert len(foot[1]) == 3


def test_pandoc_carries_every_cell_into_word(tmp_path):
    from docx import Document

    path = tmp_path / "table.docx"
    pypandoc.convert_text(sample().html(), "docx", format="html", outputfile=str(path))
    (table,) = Document(str(path)).tables
    found = Counter(" ".join(cell.text.split()) for row in table.rows for cell in row.cells)
    for row in sample().rows:
        for cell in row.cells:
            assert found[" ".join(cell.split())], cell


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_text_comes_out_of_a_cell_as_it_went_in(cells):
    body = pd.DataFrame({"a": ["x"] * len(cells), "b": cells})
    columns = (Column("a", "A"), Column("b", "B"))
    made = html.fragment_fromstring(Table(body, columns, caption="c", label="tbl-x").html())
    found = []
    for cell in made.xpath(".//tbody/tr/td"):
        for line in cell.xpath(".//br"):
            line.tail = "\n" + (line.tail or "")
        found.append("".join(cell.itertext()))
    expected = [cell_text(text).strip("\n ") for text in cells]
    assert [re.sub(r"\s+", " ", text).strip() for text in found] == [
        re.sub(r"\s+", " ", text).strip() for text in expected
    ]
