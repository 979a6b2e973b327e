"""Word documents and web pages: what a reader sees of them, and what is refused."""

from __future__ import annotations

import zipfile

import pytest

import qdaio
from qdaio.faults import StudyError
from qdaio.files.pages import Paragraph, Table, page_sheets, read_page
from qdaio.files.source import open_source
from tests.support.pages import W, write_page


def of(path):
    return read_page(open_source(path))


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_paragraphs_headings_items_and_tables_stand_in_their_order(tmp_path, kind):
    blocks = ["a\nb", ("h2", "Head"), ("li", 2, "item"), [["1", "x & y"], ["2", "<z>"]], "end"]
    page = of(write_page(tmp_path / f"page.{kind}", blocks))
    assert page.blocks == [
        Paragraph("a\nb"),
        Paragraph("Head", heading=2),
        Paragraph("item", depth=2),
        Table([["1", "x & y"], ["2", "<z>"]]),
        Paragraph("end"),
    ]


def html(folder, text):
    path = folder / "page.html"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_source(path)


def test_spanned_cells_nested_tables_and_unseen_parts_keep_the_columns(tmp_path):
    (sheet,) = page_sheets(
        html(
            tmp_path,
            "<html><style>p{}</style><script>x</script><table><tr><td colspan=2>a<td>b"
            "<tr><td>1</td><td><table><tr><td>in</td></tr></table></td><td>&nbsp;</td></table>",
        )
    )
    assert sheet.rows == [["a", None, "b"], ["1", "in", None]]


@pytest.mark.parametrize(
    "content",
    [
        '<html><head><meta charset="windows-1252"></head><p>Müller'.encode("cp1252"),
        b"\xef\xbb\xbf" + "<html><p>Müller".encode(),
        "<html><p>Müller".encode("utf-16"),
        "<html><p>Müller".encode("cp1252"),
    ],
)
def test_the_encoding_is_found(tmp_path, content):
    assert [block.text for block in read_page(html(tmp_path, content)).paragraphs] == ["Müller"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<html><!--" + "x" * 3_000_000, "too-large"),
        ("<html><table><tr>" + "<td colspan=999>a" * 3, "too-large"),
        ("<html>" + "<table>" * 20_000, None),
        ("<html>" + "<ul><li>" * 20_000, None),
    ],
    ids=["open comment", "too wide", "deep tables", "deep lists"],
)
def test_pages_that_are_made_to_do_harm_end_soon(tmp_path, text, kind):
    source = html(tmp_path, text)
    if kind is None:
        read_page(source)
        return
    with pytest.raises(StudyError) as caught:
        read_page(source)
    assert caught.value.faults[0].kind == kind


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("<w:document {W}><w:t>" + "a" * 50_000_000, "unsafe-archive"),
        ("<!DOCTYPE x>", "unsafe-xml"),
    ],
    ids=["bomb", "entities"],
)
def test_a_word_document_that_is_made_to_do_harm_is_refused(tmp_path, start, kind):
    path = tmp_path / "page.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", start.replace("{W}", W))
    with pytest.raises(StudyError) as caught:
        of(path)
    assert caught.value.faults[0].kind == kind


def test_a_row_that_is_wider_or_narrower_than_the_others_is_told(tmp_path):
    rows = "".join(f"<tr><td>c{n}</td><td>meaning</td></tr>" for n in range(9))
    cut = "<tr><td>c9</td><td>mea</td><td>ning</td></tr>"
    path = tmp_path / "codebook.html"
    head = "<html><body><table><tr><td>Code</td><td>Definition</td></tr>"
    path.write_text(f"{head}{rows}{cut}</table></body></html>", encoding="utf-8")
    project = qdaio.read(path)
    assert any("nearly all rows of the table have 2 cells" in said for said in project.warnings)
    path.write_text(f"{head}{rows}</table></body></html>", encoding="utf-8")
    assert not any("cells" in said for said in qdaio.read(path).warnings)
