"""Every construction of Quarto that an author may write: made in all formats, or refused.

``features.txt`` holds manuscripts, parted by ``%%% name -> outcome``. The outcome is ``done:``
with words that stand in every format, or ``refused:`` with kind, row and part of what was
found, each apart by ``|``.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from lxml import html as lxml_html

from analysis.manuscript.render import FORMATS, render_builtin
from qdaio.faults import StudyError
from tests.manuscript.example import figure_png, write_report
from tests.support.jats import dtd_faults
from tests.support.plaintext import normalised, pages

_PARTS = re.split(
    r"^%%% (.+) -> (done|refused): (.+)\n",
    Path(__file__).with_name("features.txt").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)[1:]
FEATURES = {
    name: (outcome, [part.strip() for part in said.split(" | ")], text)
    for name, outcome, said, text in zip(*(_PARTS[i::4] for i in range(4)), strict=True)
}
WORKS = """
@book{who2021, title = {Guidance}, author = {{World Health Organization}}, year = {2021}}
@article{elo2008, title = {Content analysis}, author = {Elo, S}, journal = {J}, year = {2008}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report with what the manuscripts name: a picture, prose, works, a notebook."""
    report = write_report(tmp_path_factory.mktemp("features"))
    (report / "own.png").write_bytes(figure_png())
    (report / "prose" / "own.md").write_text("Own words.\n", encoding="utf-8")
    with (report / "references.bib").open("a", encoding="utf-8") as bibliography:
        bibliography.write(WORKS)
    with (report / "_variables.yml").open("a", encoding="utf-8") as variables:
        variables.write('codings:\n  total: "1,704"\n')
    embed = report / "output" / "embed"
    text = (embed / "choir.ipynb").read_text(encoding="utf-8")
    text = text.replace("tbl-singers", "tbl-participants")
    (embed / "participants.ipynb").write_text(text, encoding="utf-8")
    return report


def made(report: Path, text: str, formats: tuple[str, ...] = tuple(FORMATS)) -> dict[str, bytes]:
    (report / "manuscript.qmd").write_text(text, encoding="utf-8")
    return render_builtin(report, formats)


def said(files: dict[str, bytes], folder: Path) -> dict[str, str]:
    """Return everything that each format prints, in one line."""
    found = {}
    for form, name in FORMATS.items():
        path = folder / name
        path.write_bytes(files[name])
        if form == "pdf":
            found[form] = " ".join(pages(path))
        elif form == "docx":
            with zipfile.ZipFile(path) as archive:
                parts = [
                    etree.fromstring(archive.read(part))
                    for part in ("word/document.xml", "word/footnotes.xml")
                    if part in archive.namelist()
                ]
            text = ""
            for part in parts:
                for node in part.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:p")):
                    text += node.text or "" if node.tag == qn("w:t") else " "
            found[form] = normalised(text)
        elif form == "html":
            page = lxml_html.document_fromstring(path.read_text(encoding="utf-8"))
            for style in page.xpath("//style | //nav"):
                style.drop_tree()
            found[form] = normalised(" ".join(page.itertext()))
        else:
            root = etree.fromstring(path.read_bytes(), etree.XMLParser(load_dtd=False))
            found[form] = normalised(" ".join(root.itertext()))
    return found


def squeezed(text: str) -> str:
    """Return text without spaces and delimiters of captions: formats space them apart."""
    return re.sub(r"[\s:]+", "", text)


@pytest.mark.parametrize(
    "name", [n for n, (outcome, _, _) in FEATURES.items() if outcome == "done"]
)
def test_it_is_made_in_every_format(folder: Path, tmp_path: Path, name: str) -> None:
    _, expected, text = FEATURES[name]
    files = made(folder, text)
    assert dtd_faults(files["manuscript.xml"]) == []
    for form, words in said(files, tmp_path).items():
        for part in expected:
            if form == "pdf" and re.search("[\u0600-\u06ff]", part):
                continue  # letters come out in the order of their glyphs
            wanted = squeezed(part)
            if form == "jats":
                wanted = squeezed(part.replace("Tab. 1. ", "Tab. 1 ").replace("van der ", ""))
                wanted = {"Vincent Berg": "Vincent"}.get(part.replace("van der ", ""), wanted)
            assert wanted in squeezed(words), (form, part)


@pytest.mark.parametrize(
    "name", [n for n, (outcome, _, _) in FEATURES.items() if outcome == "refused"]
)
def test_it_is_refused_with_its_row(folder: Path, name: str) -> None:
    _, expected, text = FEATURES[name]
    with pytest.raises(StudyError) as caught:
        made(folder, text)
    faults = caught.value.faults
    assert {fault.file for fault in faults} <= {"report/manuscript.qmd", "report/mine.bib"}
    for part in expected:
        kind, row, found = part.split(" ", maxsplit=2)
        here = [f for f in faults if f.kind == kind and str(f.row or "-") == row]
        assert any(found in (f.found or "") for f in here), (part, [str(f) for f in faults])


def test_a_landscape_part_is_a_turned_page_in_word_and_pdf(folder: Path, tmp_path: Path) -> None:
    text = (
        "# A\n\nBefore.\n\n::: {.landscape}\n\n"
        "{{< embed output/embed/participants.ipynb#tbl-participants >}}\n\n:::\n\nAfter.\n"
    )
    files = made(folder, text)
    path = tmp_path / "a.docx"
    path.write_bytes(files["manuscript.docx"])
    sections = docx.Document(str(path)).sections
    assert [s.page_width > s.page_height for s in sections] == [False, True, False]
    assert all("PAGE" in s.footer._element.xpath("string()") for s in sections)
    assert len(re.findall(rb"/MediaBox ?\[ ?0 0 841", files["manuscript.pdf"])) == 1
    root = etree.fromstring(files["manuscript.xml"], etree.XMLParser(load_dtd=False))
    assert [wrap.get("orientation") for wrap in root.iter("table-wrap")] == ["landscape"]


def test_turned_parts_leave_no_empty_page_between_and_after_them(
    folder: Path, tmp_path: Path
) -> None:
    part = "::: {.landscape}\nText.\n:::\n\n"
    path = tmp_path / "a.docx"
    path.write_bytes(made(folder, f"# A\n\n{part}{part}", ("docx",))["manuscript.docx"])
    sections = docx.Document(str(path)).sections
    assert [s.page_width > s.page_height for s in sections] == [False, True]


def test_a_table_wider_than_the_page_lies_on_its_side(folder: Path, tmp_path: Path) -> None:
    head = "| Topic |" + " Number |" * 12
    row = "| Talk |" + " 1,234 (56.7%) |" * 12
    text = f"# A\n\n{head}\n|---|{'---:|' * 12}\n{row}\n\n: Wide {{#tbl-wide}}\n\nAfter.\n"
    path = tmp_path / "a.docx"
    path.write_bytes(made(folder, text, ("docx",))["manuscript.docx"])
    sections = docx.Document(str(path)).sections
    assert [s.page_width > s.page_height for s in sections] == [False, True, False]


def test_column_widths_are_those_asked_for(folder: Path, tmp_path: Path) -> None:
    text = '# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n: T {#tbl-x tbl-colwidths="[20,80]"}\n'
    files = made(folder, text)
    path = tmp_path / "a.docx"
    path.write_bytes(files["manuscript.docx"])
    grid = docx.Document(str(path)).element.iter(qn("w:gridCol"))
    widths = [int(column.get(qn("w:w"))) for column in grid]
    assert widths[1] / sum(widths) == pytest.approx(0.8, abs=0.01)
    page = lxml_html.document_fromstring(files["manuscript.html"].decode("utf-8"))
    assert page.xpath("//col/@style") == ["width: 20%", "width: 80%"]


def test_a_picture_higher_than_the_page_is_whole(folder: Path, tmp_path: Path) -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (600, 3000), "white").save(out, "PNG")
    (folder / "high.png").write_bytes(out.getvalue())
    files = made(folder, "![High](high.png){#fig-high width=90% fig-alt='x'}\n", ("docx", "pdf"))
    path = tmp_path / "a.docx"
    path.write_bytes(files["manuscript.docx"])
    heights = [int(e.get("cy")) for e in docx.Document(str(path)).element.iter(qn("wp:extent"))]
    assert max(heights) / 914400 <= 8.1


def test_equations_are_numbered_at_their_side_in_word(folder: Path, tmp_path: Path) -> None:
    files = made(folder, "$$\nx = 1\n$$ {#eq-one}\n\nSee @eq-one.\n", ("docx",))
    path = tmp_path / "a.docx"
    path.write_bytes(files["manuscript.docx"])
    body = docx.Document(str(path)).element
    line = next(p for p in body.iter(qn("w:p")) if "(1)" in p.xpath("string()"))
    assert line.find(f"{qn('w:pPr')}/{qn('w:tabs')}") is not None
    assert len(list(body.iter("{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath")))


@pytest.fixture(autouse=True)
def _without_leftovers(folder: Path) -> None:
    shutil.rmtree(folder / "output" / "manuscript_files", ignore_errors=True)
