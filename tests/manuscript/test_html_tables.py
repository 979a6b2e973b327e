"""Tables that are HTML, without what only a page needs."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from analysis.manuscript.html_tables import NoTableError, clean_table, parse_tables
from analysis.manuscript.pandoc import plain_text
from tests.manuscript.example import themes_html
from tests.support.plaintext import normalised

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


FRAME = (
    '<div><style scoped>.dataframe {{}}</style><table border="1" class="dataframe"><thead>'
    '<tr style="text-align: right;"><th>{name}</th><th>code</th><th>n</th></tr></thead><tbody>'
    "<tr><th>{first}</th><td>Cost</td><td>1,200</td></tr><tr><th>1</th><td>Time</td><td>7</td></tr>"
    "</tbody></table>{after}</div>"
)


def test_a_frame_loses_its_row_numbers_and_has_its_numbers_at_the_right() -> None:
    made = clean_table(FRAME.format(name="", first="0", after=""))
    assert normalised(re.sub("<.*?>", " ", made)) == "code n Cost 1,200 Time 7"
    assert made.count("text-align: right") == 3


@pytest.mark.parametrize(("name", "first"), [("", "Cost"), ("place", "0")])
def test_an_index_that_says_something_is_kept(name: str, first: str) -> None:
    made = clean_table(FRAME.format(name=name, first=first, after=""))
    assert first in normalised(re.sub("<.*?>", " ", made)).split()


def test_a_frame_that_was_cut_short_is_refused() -> None:
    with pytest.raises(NoTableError, match="cut short"):
        clean_table(FRAME.format(name="", first="0", after="<p>100 rows × 3 columns</p>"))
