"""What a journal asks for: line numbers, tables at the end, blinding, styles, a Word file."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
import yaml
from docx.oxml.ns import qn
from lxml import html as lxml_html

from analysis.manuscript import RenderResult, render
from analysis.manuscript.quarto import find_quarto
from analysis.reporting import citation_style, title_page
from analysis.studyfile import STYLES, citation_styles, parse_study
from qdaio.faults import StudyError
from tests.manuscript.conftest import Rendered
from tests.manuscript.example import STUDY, write_report
from tests.support.plaintext import pages, paragraphs, tables

AUTHORS = ("Ada Alto", "Béla Bass", "ada@example.org", "0000-0002-1825-0097", "School of Music")


def study(more: str, language: str = "en") -> str:
    return (
        f'[study]\ntitle = "A study"\nlanguage = "{language}"\n'
        'authors = [{ name = "Ada Alto", affiliation = "School of Music", '
        'email = "ada@example.org", orcid = "0000-0002-1825-0097", corresponding = true }]\n'
        '[data]\nstatus = "synthetic"\nexports = ["data-raw/a.csv"]\n[manuscript]\n' + more
    )


def with_study(folder: Path, more: str, language: str = "en") -> Path:
    """Return the example's report as a study file with these lines would make it."""
    said = title_page(parse_study(study(more, language)))
    kept = {"title", "abstract", "keywords", "has"}
    made = {key: value for key, value in STUDY.items() if key in kept} | {
        key: value for key, value in said.items() if key not in kept
    }
    report = write_report(folder, study=made)
    text = report / "manuscript.qmd"
    # the language is that of the study file
    head = "---\nlang: en\n---\n"
    assert head in text.read_text(encoding="utf-8")
    text.write_text(text.read_text(encoding="utf-8").replace(head, "", 1), encoding="utf-8")
    return report


def faults(more: str) -> list[str]:
    with pytest.raises(StudyError) as caught:
        parse_study(study(more))
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> RenderResult:
    """Return the example for a journal that wants all of it."""
    more = 'line_numbers = true\nblind = true\ntables_and_figures = "end"\n'
    report = with_study(tmp_path_factory.mktemp("journal"), more)
    return render(report, report / "output", engine="pandoc", hidden=AUTHORS)


# ---------------------------------------------------------------- line numbers


def test_word_numbers_the_lines_of_every_part_and_leaves_no_mark(chosen: RenderResult) -> None:
    document = docx.Document(str(chosen.files["docx"]))
    parts = list(document.element.iter(qn("w:sectPr")))
    assert parts
    for part in parts:
        numbers = part.find(qn("w:lnNumType"))
        assert numbers is not None
        assert numbers.get(qn("w:countBy")) == "1"
        assert numbers.get(qn("w:restart")) == "continuous"
        order = [child.tag for child in part]
        # the standard wants it after the margins and before the columns
        assert order.index(qn("w:lnNumType")) > order.index(qn("w:pgMar"))
    marks = [style.get(qn("w:val")) for style in document.element.iter(qn("w:pStyle"))]
    assert "LineNumbers" not in marks


def test_the_pdf_numbers_its_lines(chosen: RenderResult, rendered: Rendered) -> None:
    numbers = " ".join(map(str, range(1, 30)))
    assert numbers in pages(chosen.files["pdf"])[0]
    assert "1 2 3 4" not in " ".join(pages(rendered.pdf))


def test_nothing_is_numbered_that_was_not_asked_for(rendered: Rendered) -> None:
    document = docx.Document(str(rendered.docx))
    assert not list(document.element.iter(qn("w:lnNumType")))


# ---------------------------------------------------------------- tables at the end


def test_tables_and_figures_stand_behind_the_references(chosen: RenderResult) -> None:
    said = paragraphs(chosen.files["docx"])
    end = next(at for at, text in enumerate(said) if text.startswith("References"))
    waiting = [text for text in said if "about here" in text]
    assert waiting == [
        "[Table 1 about here]",
        "[Table 2 about here]",
        "[Figure 1 about here]",
    ]
    captions = [at for at, text in enumerate(said) if re.match(r"(Table|Figure)\s\d:", text)]
    assert len(captions) == 3
    assert min(captions) > end
    body = docx.Document(str(chosen.files["docx"])).element.body
    kinds = [child.tag for child in body]
    assert kinds.index(qn("w:tbl")) > len(said) / 2


def test_each_begins_a_page_and_no_page_is_empty(chosen: RenderResult) -> None:
    document = docx.Document(str(chosen.files["docx"]))
    begins = [
        p for p in document.paragraphs if p._p.find(f".//{qn('w:pageBreakBefore')}") is not None
    ]
    assert len(begins) == 3
    shown = pages(chosen.files["pdf"])
    assert len(shown) == 4
    assert all(text.strip() for text in shown)
    assert "Table 1" in shown[1].replace("\u00a0", " ")


def test_numbers_and_references_stay(chosen: RenderResult, rendered: Rendered) -> None:
    assert tables(chosen.files["docx"]) == tables(rendered.docx)
    anchors = {
        mark.get(qn("w:name"))
        for mark in docx.Document(str(chosen.files["docx"])).element.iter(qn("w:bookmarkStart"))
    }
    targets = {
        link.get(qn("w:anchor"))
        for link in docx.Document(str(chosen.files["docx"])).element.iter(qn("w:hyperlink"))
    } - {None}
    assert {"tbl-themes", "fig-themes"} <= targets <= anchors


def test_the_page_and_jats_keep_them_in_the_text(chosen: RenderResult) -> None:
    page = chosen.files["html"].read_text(encoding="utf-8")
    assert "about here" not in page
    assert page.index("tbl-singers") < page.index('id="refs"')
    assert b"about here" not in chosen.files["jats"].read_bytes()


# ---------------------------------------------------------------- blinding


def walked(path: Path) -> str:
    """Return everything that a file says, its properties included."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        return "\n".join(parts)
    if path.suffix == ".pdf":
        return "\n".join(pages(path)) + path.read_bytes().decode("utf-16-be", "replace")
    return path.read_bytes().decode("utf-8", "replace")


def test_no_product_names_an_author(chosen: RenderResult, rendered: Rendered) -> None:
    for form, path in chosen.files.items():
        said = walked(path) + path.read_bytes().decode("latin-1")
        for name in (*AUTHORS, "Choir of the Town", str(path.parents[2])):
            assert name not in said, (form, name)
    # the same walk finds them where they are
    for form, path in rendered.result.files.items():
        assert "Ada" in walked(path) + path.read_bytes().decode("latin-1"), form


def test_a_blind_page_links_to_no_notebook(chosen: RenderResult) -> None:
    page = lxml_html.document_fromstring(chosen.files["html"].read_text(encoding="utf-8"))
    targets = [href for href in page.xpath("//@href") if not href.startswith(("#", "https://doi"))]
    assert targets == []
    assert not page.xpath("//*[contains(@class, 'notebook-link')]")


def test_a_name_in_the_text_is_told_with_its_row(tmp_path: Path) -> None:
    report = with_study(tmp_path, "blind = true\n")
    text = report / "manuscript.qmd"
    added = (
        "Ada Alto asked the singers.\n\n"
        '::: {.content-hidden when-meta="blind"}\nWe thank the School of Music.\n:::\n\n'
        "# References"
    )
    text.write_text(
        text.read_text(encoding="utf-8").replace("# References", added, 1), encoding="utf-8"
    )
    with pytest.raises(StudyError) as caught:
        render(report, report / "output", ["html"], "pandoc", hidden=AUTHORS)
    (fault,) = caught.value.faults
    assert fault.kind == "not-blind"
    assert fault.found == '"Ada Alto"'
    assert fault.row is not None
    assert "Ada Alto" in text.read_text(encoding="utf-8").splitlines()[fault.row - 1]
    assert not (report / "output" / "manuscript.html").exists()


def test_what_blind_review_does_not_see_is_seen_elsewhere(tmp_path: Path) -> None:
    thanks = '::: {.content-hidden when-meta="blind"}\nWe thank the choir.\n:::\n'
    for more, shown in (("", True), ("blind = true\n", False)):
        report = with_study(tmp_path / f"blind-{shown}", more)
        with (report / "manuscript.qmd").open("a", encoding="utf-8") as stream:
            stream.write(f"\n{thanks}")
        page = render(report, report / "output", ["html"], "pandoc").files["html"]
        assert ("We thank the choir" in page.read_text(encoding="utf-8")) is shown


def test_a_word_reference_with_a_name_in_its_header_is_told(tmp_path: Path) -> None:
    report = with_study(tmp_path, 'blind = true\nreference_doc = "report/mine.docx"\n')
    document = docx.Document(str(report / "reference.docx"))
    document.sections[0].header.paragraphs[0].text = "Alto, draft of Ada Alto"
    document.save(str(report / "mine.docx"))
    with pytest.raises(StudyError) as caught:
        render(report, report / "output", ["docx"], "pandoc", hidden=AUTHORS)
    (fault,) = caught.value.faults
    assert fault.kind == "not-blind"
    assert "reference_doc" in str(fault.remedy)


# ---------------------------------------------------------------- a Word file, and styles


def test_word_takes_the_styles_of_the_file_that_is_named(tmp_path: Path) -> None:
    report = with_study(tmp_path, 'reference_doc = "report/mine.docx"\n')
    document = docx.Document(str(report / "reference.docx"))
    document.styles["Body Text"].font.name = "Courier New"
    document.save(str(report / "mine.docx"))
    made = render(report, report / "output", ["docx"], "pandoc").files["docx"]
    assert docx.Document(str(made)).styles["Body Text"].font.name == "Courier New"


@pytest.mark.parametrize("name", citation_styles())
def test_a_style_that_ships_cites_by_its_own_rules(name: str, tmp_path: Path) -> None:
    report = write_report(tmp_path)
    shutil.copy(STYLES / f"{name}.csl", report / "_citation-style.csl")
    page = render(report, report / "output", ["html"], "pandoc").files["html"]
    root = lxml_html.document_fromstring(page.read_text(encoding="utf-8"))
    cited = " ".join(root.xpath("//section[@id='sec-background']//p[1]")[0].text_content().split())
    listed = root.xpath("//*[@id='refs']")[0].text_content()
    author_date = {"apa", "chicago-author-date", "harvard-cite-them-right", "sage-harvard"}
    if name in author_date:
        assert re.search(r"\(Cage et al\.?,? 1961[;,] Orff,? 2003\)", cited), cited
    else:
        assert re.search(r"seldom ?[(\[]?1[,–-] ?2[)\]]?|seldom\.?1,2", cited), cited
    assert "silence in choirs" in listed.casefold()
    assert "Schulwerk" in listed


def test_the_licence_of_each_style_is_named() -> None:
    listed = (STYLES / "LICENSE.md").read_text(encoding="utf-8")
    for name in citation_styles():
        assert f"`{name}`" in listed
        text = (STYLES / f"{name}.csl").read_text(encoding="utf-8")
        licence = "MIT" if name == "vancouver" else "creativecommons.org/licenses/by-sa/3.0"
        assert licence in text


DEPENDENT = (
    '<?xml version="1.0" encoding="utf-8"?><style xmlns="http://purl.org/net/xbiblio/csl" '
    'version="1.0"><info><title>A journal</title><link href="http://www.zotero.org/styles/apa" '
    'rel="independent-parent"/></info></style>'
)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (DEPENDENT, "only points to http://www.zotero.org/styles/apa"),
        ("<html/>", "no citation style"),
        ("no XML", "no citation style"),
    ],
)
def test_a_file_that_is_no_style_of_its_own_is_told(
    content: str, found: str, tmp_path: Path
) -> None:
    report = write_report(tmp_path)
    (report / "mine.csl").write_text(content, encoding="utf-8")
    made = parse_study(study('citation_style = "report/mine.csl"\n'))
    with pytest.raises(StudyError, match=re.escape(found)):
        citation_style(tmp_path, report, made)


def test_two_styles_are_one_too_many(tmp_path: Path) -> None:
    report = write_report(tmp_path)
    project = report / "_quarto.yml"
    settings = yaml.safe_load(project.read_text(encoding="utf-8")) | {"csl": "mine.csl"}
    project.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with pytest.raises(StudyError, match=r"mine\.csl, while study\.toml"):
        citation_style(tmp_path, report, parse_study(study('citation_style = "apa"\n')))
    # without a word in the study file, the style of the project stays
    assert citation_style(tmp_path, report, parse_study(study("")))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('citation_style = "chicago"', 'Did you mean "chicago-author-date"?'),
        ('citation_style = "AMA"', 'Did you mean "american-medical-association"?'),
        ('citation_style = "mine.csl"', "report/my-journal.csl"),
        ('reference_doc = "mine.docx"', "report/my-journal.docx"),
        ('reference_doc = "report/mine.doc"', "report/my-journal.docx"),
        ('blind = "yes"', "true or false"),
        ("line_numbers = 1", "true or false"),
        ('tables_and_figures = "appendix"', 'one of "text" or "end"'),
        ('language = "de"', "It belongs under [study]"),
        ("linenumbers = true", 'Did you mean "line_numbers"?'),
    ],
)
def test_a_wrong_value_is_told_with_its_line_and_a_remedy(line: str, said: str) -> None:
    (fault,) = faults(line + "\n")
    assert said in fault
    assert "row" in fault


# ---------------------------------------------------------------- the language of the text


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> RenderResult:
    report = with_study(tmp_path_factory.mktemp("german"), "", language="de")
    return render(report, report / "output", engine="pandoc")


def test_fixed_headings_and_kinds_are_printed_in_the_language(german: RenderResult) -> None:
    said = paragraphs(german.files["docx"])
    assert "1 Hintergrund" in [" ".join(text.split()) for text in said]
    assert any(text.startswith("Ergebnisse") or "Ergebnisse" in text for text in said)
    assert any(re.match(r"Tabelle\s1:", text) for text in said)
    assert any(re.match(r"Abbildung\s1:", text) for text in said)
    # the heading of an author, or of a category, stays
    assert any("Breathing together" in text for text in said)
    page = german.files["html"].read_text(encoding="utf-8")
    assert '<html lang="de"' in page
    assert "Synthetische Daten: eine Rekonstruktion" in page
    assert "Korrespondenz" in page
    assert "Synthetic data: a" not in page


def test_a_category_that_is_called_like_a_heading_keeps_its_name(tmp_path: Path) -> None:
    made = title_page(parse_study(study("", "de")), names={"Results", "Background"})
    printed = {item["english"] for item in made["headings"]}
    assert "Methods" in printed
    assert not {"Results", "Background"} & printed


def test_plain_english_needs_no_words() -> None:
    for tag in ("en", "en-GB"):
        made = title_page(parse_study(study("", tag)))
        assert not {"words", "headings", "language", "dir"} & made.keys()


def test_persian_runs_from_right_to_left_in_every_format(tmp_path: Path) -> None:
    report = with_study(tmp_path, "", language="fa")
    files = render(report, report / "output", ["html", "docx", "pdf"], "pandoc").files
    page = lxml_html.document_fromstring(files["html"].read_text(encoding="utf-8"))
    assert page.get("dir") == "rtl"
    # columns begin at the right edge, and numbers end there in any text
    heads = page.xpath("(//table)[2]//tbody/tr[td]")[0]
    assert "right" in heads[0].get("style")
    assert "right" in heads[1].get("style")
    # a paragraph in Latin letters runs from the left as a whole
    assert page.xpath("//main//div[@dir='ltr']/p")
    word = docx.Document(str(files["docx"]))
    assert all(t._tbl.find(f".//{qn('w:bidiVisual')}") is not None for t in word.tables)
    assert "جدول" in "\n".join(paragraphs(files["docx"]))


@pytest.mark.skipif(not find_quarto().is_tested, reason="needs a Quarto that the package knows")
@pytest.mark.parametrize("tag", ["de", "fa"])
def test_quarto_prints_the_same_words(tag: str, tmp_path: Path) -> None:
    report = with_study(tmp_path, "line_numbers = true\nblind = true\n", language=tag)
    texts = []
    for engine in ("quarto", "pandoc"):
        files = render(report, report / "output", ["docx", "jats"], engine).files
        texts.append([paragraphs(files[form]) for form in ("docx", "jats")])
    assert texts[0] == texts[1]
