"""What each format owes its readers beyond the text."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from lxml import etree
from lxml import html as lxml_html

from analysis.manuscript import pandoc, render
from analysis.manuscript.jats import finished_jats
from analysis.manuscript.word import finished
from tests.manuscript.conftest import Rendered
from tests.manuscript.example import REPORT, STUDY, write_report
from tests.support.plaintext import pages, paragraphs

TABLES = REPORT / "filters" / "tables.lua"


@pytest.fixture
def page(rendered: Rendered) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(rendered.html.read_text(encoding="utf-8"))


@pytest.fixture
def article(rendered: Rendered) -> etree._Element:
    return etree.fromstring(rendered.jats.read_bytes(), etree.XMLParser(load_dtd=False))


def test_page_loads_nothing_from_elsewhere(rendered: Rendered) -> None:
    source = rendered.html.read_text(encoding="utf-8")
    root = lxml_html.document_fromstring(source)
    assert not root.xpath("//script | //link[@rel='stylesheet'] | //iframe")
    assert all(src.startswith("data:") for src in root.xpath("//@src"))
    assert not re.search(r"url\((?!\s*[\"']?data:)|@import", source)


def test_page_can_be_read_aloud(page: lxml_html.HtmlElement) -> None:
    assert page.get("lang") == "en"
    assert all(alt.strip() for alt in page.xpath("//img/@alt"))
    assert len(page.xpath("//img[@alt]")) == 1
    assert page.xpath("//table//th[@scope='col']")
    assert page.xpath("//tbody//th[@scope='rowgroup']")
    assert len(page.xpath("//h1")) == 1


def test_page_links_each_table_and_figure_to_its_notebook(page: lxml_html.HtmlElement) -> None:
    links = page.xpath("//*[contains(@class, 'notebook-link')]//a/@href")
    assert links == ["notebooks/choir.html"] * 3


def test_references_of_the_page_lead_somewhere(page: lxml_html.HtmlElement) -> None:
    targets = {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")}
    assert {"tbl-themes", "fig-themes", "sec-results", "ref-cage1961"} <= targets
    assert targets <= set(page.xpath("//@id"))


def test_word_repeats_heads_and_keeps_rows_whole(rendered: Rendered) -> None:
    tables = docx.Document(str(rendered.docx)).tables
    assert tables
    for table in tables:
        rows = list(table._tbl.iter(qn("w:tr")))
        assert rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_word_has_live_headings_and_captions(rendered: Rendered) -> None:
    document = docx.Document(str(rendered.docx))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles["2\tResults"].lower() == "heading 1"
    assert styles["2.1\tBreathing together"].lower() == "heading 2"
    assert styles["Figure\u00a01: Themes by codings"] == "Image Caption"
    assert any(style == "Table Caption" for style in styles.values())
    assert styles["SD = standard deviation."] == "Table Note"


def test_word_describes_its_pictures(rendered: Rendered) -> None:
    document = docx.Document(str(rendered.docx))
    described = [p.get("descr") for p in document.element.iter(qn("wp:docPr"))]
    assert described == ["Bars: breathing 41, listening 37, counting 3."]


def test_word_is_a4_with_numbered_pages(rendered: Rendered) -> None:
    section = docx.Document(str(rendered.docx)).sections[0]
    assert abs(section.page_width - Cm(21)) < Cm(0.1)
    assert abs(section.page_height - Cm(29.7)) < Cm(0.1)
    assert "PAGE" in section.footer._element.xpath("string()")


def test_word_runs_right_to_left(rendered: Rendered) -> None:
    root = docx.Document(str(rendered.docx)).element
    runs = [r for r in root.iter(qn("w:r")) if r.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None]
    assert any("صدای" in run.xpath("string()") for run in runs)
    languages = [run.find(f"{qn('w:rPr')}/{qn('w:lang')}") for run in runs]
    assert {language.get(qn("w:bidi")) for language in languages} == {"fa"}


def test_word_names_its_authors_and_theirs(rendered: Rendered) -> None:
    document = docx.Document(str(rendered.docx))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "Ada Alto1,2, Béla Bass1" in texts
    assert "2 Choir of the Town" in texts
    assert document.core_properties.author == "Ada Alto; Béla Bass"


def test_pdf_numbers_its_pages_and_repeats_heads_of_tables(rendered: Rendered) -> None:
    text = " ".join(pages(rendered.pdf))
    assert "Table 1: Singers by voice & *age* [n = 48]" in text
    assert "Figure 1: Themes by codings" in text
    raw = rendered.pdf.read_bytes()
    assert raw.startswith(b"%PDF")
    assert b"/Lang" in raw
    assert b"DejaVuSans" in raw


def test_jats_has_what_a_journal_asks_for(article: etree._Element) -> None:
    meta = article.find("front/article-meta")
    assert meta.findtext("title-group/article-title", "").startswith("Breathing and counting")
    names = [name.findtext("surname") for name in meta.iter("name")]
    assert names == ["Alto", "Bass"]
    assert (
        meta.find("contrib-group/contrib/contrib-id").text
        == "https://orcid.org/0000-0002-1825-0097"
    )
    assert [aff.findtext("institution") for aff in meta.iter("aff")] == [
        "School of Music",
        "Choir of the Town",
    ]
    assert len(meta.findall("abstract/p")) == 2
    assert [kwd.text for kwd in meta.iter("kwd")][:2] == ["choirs", "content analysis"]
    references = article.findall("back/ref-list/ref")
    assert [ref.get("id") for ref in references] == ["ref-cage1961", "ref-orff2003"]


def test_jats_wraps_each_table_and_figure(article: etree._Element, rendered: Rendered) -> None:
    wraps = list(article.iter("table-wrap"))
    assert [wrap.get("id") for wrap in wraps] == ["tbl-singers", "tbl-themes"]
    assert [wrap.findtext("label") for wrap in wraps] == ["Table\u00a01", "Table\u00a02"]
    assert [p.text for p in wraps[1].findall("table-wrap-foot/p")][-1] == "SD = standard deviation."
    figure = next(article.iter("fig"))
    assert figure.findtext("label") == "Figure\u00a01"
    href = figure.find("graphic").get("{http://www.w3.org/1999/xlink}href")
    assert (rendered.jats.parent / href).is_file()
    targets = {cross.get("rid") for cross in article.iter("xref")}
    assert targets <= set(article.xpath("//@id"))
    assert not list(article.iter("boxed-text"))


def test_sections_of_jats_bear_their_numbers(article: etree._Element) -> None:
    labels = {sec.get("id"): sec.findtext("label") for sec in article.iter("sec")}
    assert labels["sec-results"] == "2"
    assert labels["sec-first"] == "2.1"


def test_references_follow_vancouver(rendered: Rendered) -> None:
    assert (
        "1. Cage J, Ono Y, Tudor D, Brown E, Wolff C, Feldman M, et al. Silence in choirs. "
        "Journal of Sound. 1961;4(33):107-15. https://doi.org/10.1000/silence."
    ) in paragraphs(rendered.html)
    assert "2. Orff C. Schulwerk for grown-ups. 2nd ed. Munich: Notes; 2003." in paragraphs(
        rendered.html
    )
    assert any("seldom (1, 2)." in text for text in paragraphs(rendered.html))
    assert any("others (2, p. 12)." in text for text in paragraphs(rendered.html))


def test_word_file_holds_no_moment_of_making(rendered: Rendered) -> None:
    with zipfile.ZipFile(rendered.docx) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml")
    assert set(re.findall(rb"\d{4}-\d\d-\d\d", core)) == {b"1980-01-01"}


def test_an_alternative_text_with_signs_of_markup_leaves_the_jats_well_formed():
    from lxml import etree

    from analysis.manuscript.jats import finished_jats

    content = b"<article><fig><alt-text>R & D, a < b &amp; c</alt-text></fig></article>"
    root = etree.fromstring(finished_jats(content))
    assert root.findtext("fig/alt-text") == "R & D, a < b & c"


def test_a_paragraph_that_runs_right_to_left_begins_on_the_right(rendered: Rendered) -> None:
    root = docx.Document(str(rendered.docx)).element
    whole = [
        paragraph
        for paragraph in root.iter(qn("w:p"))
        if (runs := [run for run in paragraph.iter(qn("w:r")) if "".join(run.itertext()).strip()])
        and all(run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None for run in runs)
    ]
    assert whole
    assert all(p.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None for p in whole)


def test_word_keeps_the_notes_of_a_table_with_its_last_row(rendered: Rendered) -> None:
    table = docx.Document(str(rendered.docx)).tables[1]
    last = list(table._tbl.iter(qn("w:tr")))[-1]
    properties = [p.find(qn("w:pPr")) for p in last.iter(qn("w:p"))]
    assert all(p.find(qn("w:keepNext")) is not None for p in properties)


def test_a_manuscript_in_persian_runs_from_right_to_left(tmp_path: Path) -> None:
    people = [{"name": "سارا محمدی", "affiliations": ["دانشگاه تهران"]}, {"name": "رضا احمدی"}]
    study = {**STUDY, "lang": "fa", "title": "تحلیل محتوا", "author": people}
    report = write_report(tmp_path, study=study)
    report.joinpath("manuscript.qmd").write_text("# مقدمه\n\nاین یک بند است.\n", encoding="utf-8")
    files = render(report, report / "output", engine="pandoc").files
    page = lxml_html.document_fromstring(files["html"].read_text(encoding="utf-8"))
    assert (page.get("lang"), page.get("dir")) == ("fa", "rtl")
    assert page.xpath("string(//p[@class='authors'])") == "سارا محمدی1, رضا احمدی"
    body = docx.Document(str(files["docx"])).element.body
    turned = [
        ("".join(p.itertext()), p.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None)
        for p in body.iter(qn("w:p"))
    ]
    for text in ("تحلیل محتوا", "سارا محمدی", "مقدمه", "این یک بند است."):
        assert all(is_turned for shown, is_turned in turned if text in shown), text
    # what is in Latin letters as a whole runs from the left
    assert not any(is_turned for shown, is_turned in turned if "Choirs breathe" in shown)
    article = etree.fromstring(files["jats"].read_bytes(), etree.XMLParser(load_dtd=False))
    assert article.get("{http://www.w3.org/XML/1998/namespace}lang") == "fa"
    assert [name.text for name in article.iter("surname")] == ["محمدی", "احمدی"]


def test_a_raised_number_stands_behind_a_name_that_runs_right_to_left(tmp_path: Path) -> None:
    people = [{"name": "سارا محمدی", "affiliations": ["A"]}, {"name": "B C", "affiliations": "D"}]
    report = write_report(tmp_path, study={**STUDY, "author": people})
    report.joinpath("manuscript.qmd").write_text("Text.\n", encoding="utf-8")
    files = render(report, report / "output", ["html"], engine="pandoc").files
    page = lxml_html.document_fromstring(files["html"].read_text(encoding="utf-8"))
    # a mark of direction parts the number from the name
    assert page.xpath("string(//p[@class='authors'])") == "سارا محمدی\u200e1, B C2"


def test_names_below_others_hang_in_every_format() -> None:
    """Further lines of an indented name begin where the first does; heads stay with their rows."""
    source = (
        "<table><thead><tr><th>Code</th><th>n</th></tr></thead><tbody>"
        "<tr><th>Care</th><td>3</td></tr><tr><th>\u2003Continuity of care</th><td>2</td></tr>"
        "<tr><th>\u2003\u2003At home</th><td>1</td></tr></tbody></table>"
    )
    page = pandoc.run(["-f", "html", "-t", "html", f"--lua-filter={TABLES}"], source.encode())
    assert re.findall(r"indent-\d", page.decode()) == ["indent-1", "indent-2"]
    typst = pandoc.run(["-f", "html", "-t", "typst", f"--lua-filter={TABLES}"], source.encode())
    assert "#par(hanging-indent: 2em)[" in typst.decode()
    # both that head a row below them ask for the room of one more
    assert typst.decode().count("#lead;") == 2
    word = pandoc.run(["-f", "html", "-t", "docx", f"--lua-filter={TABLES}"], source.encode())
    document = docx.Document(io.BytesIO(finished(word)))
    cells = [row.cells[0].paragraphs[0] for row in document.tables[0].rows]
    hanging = [-(cell.paragraph_format.first_line_indent or 0) for cell in cells]
    assert hanging[:2] == [0, 0]
    assert hanging[3] == 2 * hanging[2] > 0
    assert [cell.paragraph_format.left_indent or 0 for cell in cells] == hanging


def test_the_heading_of_references_is_the_title_of_their_list() -> None:
    """Quarto leaves it behind as a section without text, and the list with an empty title."""
    article = (
        "<article><body><sec><title>Aims</title><p>Text.</p></sec><sec id='references'><title>"
        "<named-content content-type='references-title'>Literature</named-content></title></sec>"
        "</body><back><ref-list><title/><ref id='ref-a'><mixed-citation>A</mixed-citation></ref>"
        "</ref-list></back></article>"
    )
    root = etree.fromstring(finished_jats(article.encode()))
    assert root.findtext("back/ref-list/title") == "Literature"
    assert [title.text for title in root.findall("body/sec/title")] == ["Aims"]
