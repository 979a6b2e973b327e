"""Each cell of a table leads to its rows, by the names that a reader sees."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from analysis.cli import study as command
from analysis.manuscript.embeds import embed_copy
from analysis.studyfile import load_study
from analysis.tables import Column, Table
from analysis.trace.cells import find_cell, read_tables
from analysis.trace.numbers import Tracer
from analysis.trace.rows import found
from analysis.trace.selection import Selection, behind
from analysis.workspace import Workspace
from qdaio.faults import StudyError

built = [pytest.mark.build, pytest.mark.xdist_group("built")]


@pytest.fixture
def printed(tmp_path, repository):
    """Return a workspace with one table: two groups of rows, and columns below a heading."""
    import nbformat
    import pandas as pd

    body = pd.DataFrame(
        {
            "name": ["Gender", "Female", "Male", "Role", "Male"],
            "n": ["", "4", "3", "", "1"],
            "of": ["", "5", "6", "", "2"],
            "level": [0, 1, 1, 0, 1],
        }
    )
    table = Table(
        body=body,
        columns=(
            Column("name", "Who"),
            Column("n", "Staff (n\u00a0=\u00a07)", spanner="Group"),
            Column("of", "Others", spanner="Group"),
        ),
        indent="level",
        caption="People",
        label="tbl-people",
        behind={"n": ["", behind("cases", ("@Gender", "Female & more")), "", "", "~cases"]},
    )
    data, metadata = table._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    cell = nbformat.v4.new_code_cell('#| label: tbl-people\n#| tbl-cap: "People"', outputs=[output])
    workspace = Workspace(tmp_path, load_study(repository))
    path = workspace.output / "embed" / "people.ipynb"
    path.parent.mkdir(parents=True)
    notebook = embed_copy(nbformat.v4.new_notebook(cells=[cell]), "people.ipynb")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return workspace


@pytest.mark.parametrize(
    ("row", "column", "text", "address"),
    [
        ("Female", "Staff", "4", "cases?@Gender=Female%20%26%20more"),
        ("female", "Group: Staff (n = 7)", "4", "cases?@Gender=Female%20%26%20more"),
        ("Role: Male", "Staff", "1", "~cases"),
        ("5", "Staff", "1", "~cases"),
        ("Gender: Male", "Others", "6", ""),
    ],
)
def test_a_cell_is_found_by_the_names_that_are_printed(printed, row, column, text, address):
    table, cell = find_cell(printed, "people", row, column)
    assert (table.notebook, cell.text, cell.address) == ("people", text, address)


@pytest.mark.parametrize(
    ("asked", "kind", "remedy"),
    [
        (("poeple", "Female", "Staff"), "unknown-table", "people"),
        (("people", "Femal", "Staff"), "unknown-row", "Female"),
        (("people", "Male", "Staff"), "several-rows", "Gender: Male; Role: Male"),
        (("people", "Female", "Staf"), "unknown-column", "Staff"),
        (("people", "9", "Staff"), "unknown-row", ""),
    ],
)
def test_what_is_misspelt_is_answered_with_the_nearest_names(printed, asked, kind, remedy):
    with pytest.raises(StudyError) as stopped:
        find_cell(printed, *asked)
    fault = stopped.value.faults[0]
    assert fault.kind == kind
    assert remedy in fault.remedy


def test_a_row_and_a_column_that_are_misspelt_are_said_at_once(printed):
    with pytest.raises(StudyError) as stopped:
        find_cell(printed, "people", "Femal", "Staf")
    assert [fault.kind for fault in stopped.value.faults] == ["unknown-row", "unknown-column"]


@pytest.mark.parametrize("value", ["Female", "a & b = c % d", "زن", "1–3", "<script>'\"#~"])
def test_an_address_holds_any_value_in_one_word(value):
    selection = Selection("cases", ((f"@{value}", value), ("group", "2")), computed=True)
    assert Selection.read(selection.address) == selection
    assert not re.search(r"[\s\"'<>#]", selection.address)


class TestTheShippedStudy:
    pytestmark = built

    def test_every_counted_cell_has_as_many_rows_as_it_prints(self, built_study):
        workspace = Workspace(built_study, load_study(built_study))
        tables = Tracer(workspace).tables
        wrong, counted = [], 0
        for label, table in read_tables(workspace).items():
            for cell in (cell for row in table.cells for cell in row if cell.address):
                selection = Selection.read(cell.address)
                rows = len(found(tables, selection))
                number = re.match(r"[\d,]+", cell.text)
                told = int(number[0].replace(",", "")) if number else 0
                counted += not selection.computed
                if not selection.computed and rows != told:
                    wrong.append((label, cell, rows))
        assert wrong == []
        assert counted > 1_500

    def test_every_link_leads_to_a_section_and_nothing_private_stands_there(self, built_study):
        output = built_study / "report/output"
        page = (output / "trace.html").read_text(encoding="utf-8")
        text = (output / "manuscript.html").read_text(encoding="utf-8")
        links = re.findall(r'href="trace\.html#([^"]+)"', text)
        assert len(links) > 1_000
        assert set(links) <= set(re.findall(r'<section id="([^"]+)"', page))
        assert "data-trace" not in text
        assert "trace.html" not in (output / "manuscript.xml").read_text(encoding="utf-8")
        workspace = Workspace(built_study, load_study(built_study))
        assert not any(name in page for name in workspace.read("documents")["name"])
        assert not any(said in page for said in workspace.read("quotations")["text"])
        # who is of which age is not shown on the page for readers, and so not here
        ages = re.findall(r'<section id="cases\?[^"]*@Age=[^"]*">.*?</section>', page, re.DOTALL)
        assert ages
        assert all("does not stand here" in part or "<h2>0 " in part for part in ages)
        assert len(page) < 1_500_000

    def test_the_command_lists_the_rows_of_a_cell(self, built_study):
        run = CliRunner().invoke
        asked = ["trace", "Table S4", "Law reform", "Codings: n", str(built_study), "--json"]
        told = json.loads(run(command, asked).output)
        assert told["count"] == int(told["cell"]) == len(told["rows"])
        assert told["table"] == "tbl-frequencies"
        assert {"file", "sheet", "row"} <= told["rows"][0].keys()
        assert run(command, ["trace", *"abcde"]).exit_code == 2


@pytest.mark.build
@pytest.mark.xdist_group("built")
def test_a_number_that_is_computed_leads_to_a_section_that_says_so(built_study):
    page = (built_study / "report/output/manuscript.html").read_text(encoding="utf-8")
    traces = (built_study / "report/output/trace.html").read_text(encoding="utf-8")
    computed = set(re.findall(r'href="trace\.html#(~[^"]+)"', page))
    assert any("coder=both" in address for address in computed)
    for address in computed:
        start = traces.index(f'<section id="{address}">')
        said = traces[start : traces.index("</section>", start)]
        assert "not a count of these rows, but computed from them" in said, address


@pytest.mark.build
@pytest.mark.xdist_group("built")
def test_links_hold_numbers_and_not_what_ends_a_part_of_a_sentence(built_study):
    page = (built_study / "report/output/manuscript.html").read_text(encoding="utf-8")
    links = re.findall(r'class="trace"[^>]*>([^<]+)</a>|<a [^>]*trace\.html[^>]*>([^<]+)</a>', page)
    texts = [one or other for one, other in links]
    assert len(texts) > 1_000
    assert [text for text in texts if text[-1] in ",.;:"] == []
