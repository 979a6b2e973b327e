"""Names of authors are text, whatever they look like, in every format and by both engines."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from lxml import etree
from lxml import html as lxml_html

from analysis.manuscript import render
from analysis.manuscript.quarto import find_quarto
from analysis.reporting import title_page
from analysis.studyfile import parse_study
from tests.manuscript.example import STUDY, write_report
from tests.support.plaintext import normalised, pages

NAMES = [
    "Ann {{< env SECRET_TOKEN >}} One",
    "<script>alert(1)</script> Two",
    "#typst #set Three",
    "$math$ $x^2$ Four",
    "Quo\"te 'single' Five",
    "Back\\slash \\alpha Six",
    "*Star* _under_ `code` Seven",
    "[x](y) @cage1961 Eight",
    "A&amp;B & <i> Nine",
    "Very " + "long-" * 40 + "name Ten",
    "زهرا محمدی",
    "van der Berg",
]
ENGINES = [
    "pandoc",
    pytest.param(
        "quarto",
        marks=pytest.mark.skipif(
            not find_quarto().is_tested, reason="needs a Quarto that the package knows"
        ),
    ),
]


def plain(text: str) -> str:
    """Return a text without the marks of direction, and with straight quotation marks."""
    marks = str.maketrans("‘’“”", "''\"\"", "\u200e\u200f")
    return normalised(text.translate(marks))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    authors = ", ".join(
        f"{{ name = {json.dumps(name, ensure_ascii=False)}, affiliation = "
        f"{json.dumps(f'School {name}', ensure_ascii=False)} }}"
        for name in NAMES
    )
    study = parse_study(
        f'[study]\ntitle = "A study"\nauthors = [{authors}]\n'
        '[data]\nstatus = "original"\nexports = ["data-raw/a.csv"]\n'
    )
    kept = {"abstract", "keywords", "has"}
    said = title_page(study) | {key: value for key, value in STUDY.items() if key in kept}
    return write_report(tmp_path, study=said)


@pytest.mark.parametrize("engine", ENGINES)
def test_names_are_printed_as_they_stand(
    engine: str, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    files = render(report, report / "output", engine=engine).files
    source = files["html"].read_text(encoding="utf-8")
    page = lxml_html.document_fromstring(source)
    said = {
        "html": plain(page.xpath("string(//body)")),
        "docx": plain(" ".join(p.text for p in docx.Document(str(files["docx"])).paragraphs)),
        "pdf": plain(" ".join(pages(files["pdf"]))),
    }
    article = etree.fromstring(files["jats"].read_bytes(), etree.XMLParser(load_dtd=False))
    said["jats"] = plain(" ".join(str(text) for text in article.xpath("//contrib-group//text()")))
    for form, text in said.items():
        assert "hunter2" not in text, form
        # letters alone: lines break inside, and a name is parted in JATS
        letters = "".join(text.split())
        for name in NAMES[:9] if form in ("pdf", "jats") else NAMES:
            wanted = plain(f"School {name}").split()
            assert all("".join(word.split()) in letters for word in wanted), (form, name)
    assert "<script>alert" not in source
