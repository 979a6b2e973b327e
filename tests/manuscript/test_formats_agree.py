"""All formats say the same."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.manuscript.conftest import Rendered
from tests.support.plaintext import pages, paragraphs, tables, words


def test_word_has_the_paragraphs_of_the_page(rendered: Rendered) -> None:
    assert Counter(paragraphs(rendered.docx)) == Counter(paragraphs(rendered.html))


def test_jats_has_the_paragraphs_of_the_page(rendered: Rendered) -> None:
    assert Counter(paragraphs(rendered.jats)) == Counter(paragraphs(rendered.html))


def test_page_and_word_have_them_in_one_order(rendered: Rendered) -> None:
    assert paragraphs(rendered.docx) == paragraphs(rendered.html)


def test_pdf_has_the_words_and_numbers_of_the_page(rendered: Rendered) -> None:
    cells = [cell for table in tables(rendered.html) for cell in table.elements()]
    said = words(" ".join([*paragraphs(rendered.html), *cells]))
    printed = words(" ".join(pages(rendered.pdf)))
    assert not said - printed
    more = set(printed - said)
    # Authors, notice, mark of the footnote and the second line of an address are on the page
    # but not among its words.
    head = "Ada Alto Béla Bass School of Music Choir of the Town Correspondence ada example org"
    head += " ORCID 0000 0002 1825 0097"
    notice = "Synthetic data a reconstruction not observations of real participants"
    assert more <= {*words(f"{head} {notice} https doi 10.1000 silence"), "1", "2", "1,2"}


def test_every_format_has_the_same_cells(rendered: Rendered) -> None:
    html = tables(rendered.html)
    assert len(html) == 2
    assert html == tables(rendered.docx) == tables(rendered.jats)
    printed = "".join(pages(rendered.pdf)).replace(" ", "")
    for table in html:
        for cell in table:
            if cell.isascii():
                assert cell.replace(" ", "") in printed


def test_notes_below_tables_are_in_every_format(rendered: Rendered) -> None:
    note = "SD = standard deviation."
    for path in (rendered.html, rendered.docx, rendered.jats):
        assert note in paragraphs(path)
    assert note in " ".join(pages(rendered.pdf))


@pytest.mark.parametrize("form", ["html", "docx", "jats"])
def test_persian_is_in_every_format(rendered: Rendered, form: str) -> None:
    text = " ".join(paragraphs(rendered.result.files[form]))
    assert "«صدای ما»" in text
    assert "این یک بند فارسی است که از راست به چپ خوانده می‌شود." in text
    assert any("شمردن سکوت" in cell for cell in tables(rendered.result.files[form])[1])


def test_persian_letters_are_in_the_pdf(rendered: Rendered) -> None:
    letters = Counter(c for c in "این یک بند فارسی است" if c != " ")
    assert not letters - Counter("".join(pages(rendered.pdf)))
