"""HTML tables without what only a page needs."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from analysis.manuscript.parse import parse_tables
from analysis.manuscript.tablehtml import NoTableError, clean_table
from analysis.manuscript.tree import plain_text
from tests.manuscript.example import themes_html

TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\ufeff"),
    min_size=1,
    max_size=12,
).map(str.strip)


def cleaned(source: str) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(clean_table(source))


def test_groups_of_rows_are_bodies_of_their_own() -> None:
    table = cleaned(themes_html())
    heads = [body.xpath("string(.//th[@scope='rowgroup'])") for body in table.findall("tbody")]
    assert heads == ["Sopranos and altos", "Tenors and basses"]
    assert [len(body.findall("tr")) for body in table.findall("tbody")] == [4, 3]


def test_only_meaning_is_left() -> None:
    table = cleaned(themes_html())
    kept = {name for element in table.iter() for name in element.attrib}
    assert kept == {"colspan", "rowspan", "scope", "style", "lang", "dir"}
    assert set(table.xpath("//@style")) == {
        "text-align: left",
        "text-align: center",
        "text-align: right",
    }
    assert not table.xpath("//style")


def test_an_indent_becomes_space_that_every_format_keeps() -> None:
    table = cleaned('<table><tr><td class="gt_row gt_indent_2">a</td></tr></table>')
    assert table.xpath("string(.//td)") == "\u2003\u2003a"


def test_widths_in_percent_are_kept() -> None:
    table = cleaned(
        '<table><colgroup><col style="width:30%;"><col></colgroup>'
        "<tr><td>a</td><td>b</td></tr></table>"
    )
    assert table.xpath("//col/@style") == ["width: 30%"]


@pytest.mark.parametrize("source", ["", "text", "<p>x</p>", "<table></table><table></table>"])
def test_not_one_table_is_an_error(source: str) -> None:
    with pytest.raises(NoTableError):
        clean_table(source)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_every_cell_survives_into_pandocs_table(rows: list[tuple[str, str]]) -> None:
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    table = parse_tables([], {0: f"<table><tbody>{body}</tbody></table>"}).of_embeds[0]
    printed = [
        plain_text(cell[4])
        for _, _, _, body_rows in table["c"][4]
        for row in body_rows
        for cell in row[1]
    ]
    assert ["".join(text.split()) for text in printed] == [
        "".join(cell.split()) for row in rows for cell in row
    ]
