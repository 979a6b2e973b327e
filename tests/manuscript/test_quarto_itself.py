"""Quarto itself makes the manuscript that the built-in engine makes.

Run wherever Quarto is found in a version that the package takes; skipped elsewhere.
"""

from __future__ import annotations

import base64
import html
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from lxml import html as lxml_html
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.build.builder import build
from analysis.manuscript import quarto, render
from analysis.manuscript.embeds import embed_copy
from analysis.metrics import bidi_markdown, escape_markdown
from qdaio.faults import StudyError
from tests.manuscript.conftest import Rendered
from tests.manuscript.example import STUDY, VARIABLES, figure_png, write_report
from tests.support.browser import PHONE, opened
from tests.support.jats import dtd_faults
from tests.support.plaintext import normalised, pages, paragraphs, tables, words
from tests.support.studies import make_study

PROGRAM = quarto.find_quarto()
pytestmark = [
    pytest.mark.skipif(
        not PROGRAM.is_tested, reason=f"needs a Quarto that it knows: {PROGRAM.name}"
    ),
    pytest.mark.xdist_group("quarto"),
]
FORMATS = ("html", "docx", "pdf", "jats")

# What a name may hold, and what must be printed as it stands.
NAMES = [
    "Care {{< env SECRET_TOKEN >}} now",
    "{{< var n.singers >}} and {{< meta title >}}",
    "as {{{< written >}}} here",
    "`x`{=html} raw",
    "<b>bold</b> & <i>",
    "@cage1961 cited",
    '[x]{.content-hidden when-meta="has.guide"} seen',
    "{{% x %}}",
    "{#fig-x} label",
    "- leading",
    "one -- two --- three...",
    "R&amp;D &lt;",
    "A. Something",
    "(2) two",
    "::: {.a} div",
    "![x](y.png)",
    "$x^2$ \\alpha *em* _em_",
    "<!-- comment -->",
]


@pytest.fixture(scope="module")
def by_quarto(tmp_path_factory: pytest.TempPathFactory, rendered: Rendered) -> Rendered:
    """Return the example study's manuscript as Quarto makes it."""
    out = tmp_path_factory.mktemp("quarto")
    return Rendered(rendered.report, render(rendered.report, out, engine="quarto"))


def said(path: Path) -> Counter[str]:
    """Count the words of a file, those of its tables with the others."""
    if path.suffix == ".pdf":
        return words(" ".join(pages(path)))
    cells = [cell for table in tables(path) for cell in table.elements()]
    return words(" ".join([*paragraphs(path), *cells]))


def straight(texts: list[str]) -> list[str]:
    """Return texts with quotation marks as they are typed."""
    table = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
    return [text.translate(table) for text in texts]


def test_tables_are_the_same(by_quarto: Rendered, rendered: Rendered) -> None:
    for form in ("html", "docx", "jats"):
        theirs, ours = tables(by_quarto.result.files[form]), tables(rendered.result.files[form])
        assert theirs == ours, form


def test_paragraphs_of_word_and_jats_are_the_same(by_quarto: Rendered, rendered: Rendered) -> None:
    for form in ("docx", "jats"):
        theirs = paragraphs(by_quarto.result.files[form])
        assert theirs == paragraphs(rendered.result.files[form]), form


def test_numbers_lead_to_the_same_places(by_quarto: Rendered, rendered: Rendered) -> None:
    theirs, ours = (
        re.findall(r'href="(?:\./)?trace\.html#([^"]+)"', each.html.read_text(encoding="utf-8"))
        for each in (by_quarto, rendered)
    )
    assert theirs == ours
    assert "n.singers" in ours


def test_the_pdf_has_the_same_words(by_quarto: Rendered, rendered: Rendered) -> None:
    assert said(by_quarto.pdf) == said(rendered.pdf)


def test_pictures_are_described(by_quarto: Rendered) -> None:
    alt = "Bars: breathing 41, listening 37, counting 3."
    with zipfile.ZipFile(by_quarto.docx) as archive:
        assert f'descr="{alt}"' in archive.read("word/document.xml").decode("utf-8")
    assert alt in by_quarto.html.read_text(encoding="utf-8")
    assert alt in by_quarto.jats.read_text(encoding="utf-8")
    assert alt.encode() in by_quarto.pdf.read_bytes()


def test_the_page_names_no_folder_and_says_the_notice_once(by_quarto: Rendered) -> None:
    page = by_quarto.html.read_text(encoding="utf-8")
    assert str(by_quarto.report.parent) not in page
    assert not re.search(r'(?:data-notebook|href|src)="(?:/|[A-Za-z]:)', page)
    body = page[page.index("<body") :]
    assert body.count("Synthetic data: a reconstruction") == 1


def test_jats_is_valid(by_quarto: Rendered) -> None:
    assert dtd_faults(by_quarto.jats.read_bytes()) == []


def test_two_folders_give_the_same_bytes(by_quarto: Rendered, tmp_path: Path) -> None:
    report = shutil.copytree(by_quarto.report, tmp_path / "another folder" / "report")
    again = render(report, tmp_path / "out", engine="quarto")
    for form in FORMATS:
        assert again.files[form].read_bytes() == by_quarto.result.files[form].read_bytes(), form


def test_a_part_of_several_blocks_is_shown_or_hidden_in_every_format(tmp_path: Path) -> None:
    shown = '::: {.content-visible when-meta="has.participants"}\nFirst.\n\n- item\n:::\n\n'
    text = (
        "# A\n\n" + shown + shown.replace("when", "unless").replace("First", "Never") + "Text "
        '[seen]{.content-visible unless-meta="has.guide"}'
        '[unseen]{.content-hidden unless-meta="has.guide"}.\n\n'
        '::: {.content-hidden when-format="html"}\nElsewhere.\n\nTwice.\n:::\n'
    )
    report = write_report(tmp_path)
    (report / "manuscript.qmd").write_text(text, encoding="utf-8")
    result = render(report, tmp_path / "out", engine="quarto")
    for form in FORMATS:
        path = result.files[form]
        all_ = " ".join(pages(path) if form == "pdf" else paragraphs(path))
        assert "First" in all_
        assert "Text seen" in all_
        assert "Never" not in all_
        assert "unseen" not in all_
        assert ("Twice" in all_) is (form != "html")


def test_what_only_quarto_can_find_lost_is_a_fault_with_its_row(tmp_path: Path) -> None:
    report = write_report(tmp_path)
    text = "# A\n\nFirst.\n\nText {{< env NOT_SET_ANYWHERE >}} and {{< nosuch thing-a >}}.\n"
    (report / "manuscript.qmd").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        render(report, tmp_path / "out", ["html"], engine="quarto")
    faults = raised.value.faults
    assert any("NOT_SET_ANYWHERE" in (fault.found or "") for fault in faults)
    assert any("nosuch" in (fault.found or "") for fault in faults)
    assert {(fault.kind, fault.row) for fault in faults} == {("quarto", 5)}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report whose names are full of what Markdown and Quarto give a meaning to."""
    study = dict(STUDY)
    study["title"] = escape_markdown(" / ".join(NAMES[:9]))
    study["subtitle"] = escape_markdown(" / ".join(NAMES[9:]))
    study["keywords"] = [escape_markdown(name) for name in NAMES]
    report = write_report(tmp_path_factory.mktemp("hostile"), study=study)
    rows = "".join(f"<tr><td>{html.escape(name)}</td><td>1</td></tr>" for name in NAMES)
    table = f"<table><thead><tr><th>Name</th><th>n</th></tr></thead><tbody>{rows}</tbody></table>"
    picture = base64.b64encode(figure_png()).decode("ascii")

    def cell(source: str, data: dict[str, str], study: dict[str, object]) -> object:
        output = new_output("display_data", data=data, metadata={"study": study})
        return new_code_cell(source, outputs=[output])

    notebook = new_notebook(
        cells=[
            cell("#| label: tbl-h\n0", {"text/html": table}, {"caption": " ; ".join(NAMES)}),
            cell(
                "#| label: fig-h\n0",
                {"image/png": picture},
                {"caption": " ; ".join(NAMES), "alt": " ; ".join(NAMES), "width_in": 5.0},
            ),
        ]
    )
    nbformat.write(embed_copy(notebook, "h.ipynb"), report / "output" / "embed" / "h.ipynb")
    text = "# Names {#sec-names}\n\nSee @tbl-h and @fig-h.\n\n"
    text += "".join(
        f"{{{{< embed output/embed/h.ipynb#{kind}-h >}}}}\n\n" for kind in ("tbl", "fig")
    )
    for at, name in enumerate(map(bidi_markdown, NAMES)):
        text += (
            f"## {name}\n\n{name}\n\n> {name}\n>\n> — {name}\n\nSaid: {{{{< var h.n-{at} >}}}}.\n\n"
        )
    (report / "manuscript.qmd").write_text(text, encoding="utf-8")
    variables = {
        **VARIABLES,
        "h": {f"n-{at}": bidi_markdown(name) for at, name in enumerate(NAMES)},
    }
    (report / "_variables.yml").write_text(yaml.safe_dump(variables), encoding="utf-8")
    return report


@pytest.mark.parametrize("engine", ["pandoc", "quarto"])
def test_names_are_text(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t-value")
    result = render(hostile, tmp_path / engine, engine=engine)
    names = straight([normalised(name) for name in NAMES])
    for form in ("html", "docx", "jats"):
        path = result.files[form]
        cells = straight(list(tables(path)[0]))
        blocks = straight(paragraphs(path))
        all_ = "\n".join(blocks)
        for name in names:
            assert name in cells, form
            # as a paragraph and as a quotation, under a heading, attributed, as a variable
            assert blocks.count(name) == 2, (form, name)
            assert any(block.endswith(f" {name}") and block[0] == "1" for block in blocks), name
            assert f"— {name}" in blocks
            assert f"Said: {name}." in blocks
        assert all_.count(" ; ".join(names)) == 2, form
        assert " / ".join(names[:9]) in all_
        raw = path.read_bytes()
        if form == "docx":
            with zipfile.ZipFile(path) as archive:
                raw = b"".join(archive.read(name) for name in archive.namelist())
        assert b"s3cr3t-value" not in raw, form
    printed = "".join(straight(pages(result.files["pdf"]))).replace(" ", "")
    for name in names:
        assert printed.count(name.replace(" ", "")) >= 6, name
    assert b"s3cr3t-value" not in result.files["pdf"].read_bytes()


def plainly(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Quarto as a person does, in the folder of a study."""
    return subprocess.run(
        [str(PROGRAM.path), *arguments],
        cwd=folder,
        env={**os.environ, "QUARTO_PYTHON": sys.executable},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def test_a_plain_render_of_a_built_study_gives_the_same_files(tmp_path: Path) -> None:
    report = write_report(tmp_path)
    before = {path for path in report.rglob("*") if path.is_file()}
    # hidden parts name a table of a notebook that this study does not have
    built = render(report, report / "output", engine="quarto")
    made = {form: path.read_bytes() for form, path in built.files.items()}
    for path in built.files.values():
        path.unlink()
    done = plainly(tmp_path, "render", "report")
    assert done.returncode == 0, done.stderr[-2000:]
    for form, path in built.files.items():
        assert path.read_bytes() == made[form], form
    left = {path for path in report.rglob("*") if path.is_file()} - before
    beside = {path.relative_to(report).parts[0] for path in left}
    assert beside <= {"output", ".quarto", ".gitignore"}, beside


def test_a_fresh_copy_is_told_to_build_first(tmp_path: Path) -> None:
    report = write_report(tmp_path)
    for name in ("_quarto-built.yml", "_study.yml", "_variables.yml", "_results.qmd"):
        (report / name).unlink()
    done = plainly(tmp_path, "render", "report")
    assert done.returncode != 0
    assert "run `study build` first" in done.stdout + done.stderr


def test_what_a_study_does_not_have_stops_a_plain_render_that_shows_it(tmp_path: Path) -> None:
    report = write_report(tmp_path)
    render(report, report / "output", ["html"], engine="pandoc")
    text = "# A\n\n{{< embed output/embed/guide.ipynb#tbl-guide >}}\n"
    (report / "manuscript.qmd").write_text(text, encoding="utf-8")
    done = plainly(tmp_path, "render", "report", "--to", "html")
    assert done.returncode != 0
    assert "tbl-guide is not part of this study" in done.stderr


# Words of the shipped study that one engine has and the other has not, each with its reason.
EXPLAINED = {
    # Quarto's page has its own title block: "Abstract" and "Keywords" are no paragraphs of it,
    # and authors are.
    "html": {"Abstract", "Keywords", "The", "study", "rebuild", "contributors"},
    "docx": set(),
    "pdf": set(),
    "jats": set(),
}


@pytest.fixture(scope="module")
def both(built_study: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Rendered]:
    """Return the manuscript of the study that comes with the package, from either engine."""
    report, out = built_study / "report", tmp_path_factory.mktemp("both")
    return [
        Rendered(report, render(report, out / engine, engine=engine))
        for engine in ("pandoc", "quarto")
    ]


def heads(page: Path) -> set[str]:
    """Return the words in the heads of the tables of a page."""
    root = lxml_html.document_fromstring(page.read_text(encoding="utf-8"))
    return set(words(" ".join(" ".join(cell.itertext()) for cell in root.xpath("//thead//th"))))


@pytest.mark.build
@pytest.mark.parametrize("form", FORMATS)
def test_the_engines_say_the_same_of_the_shipped_study(both: list[Rendered], form: str) -> None:
    ours, theirs = (said(one.result.files[form]) for one in both)
    differ = {word for word in {*ours, *theirs} if ours[word] != theirs[word]}
    if form == "pdf":
        # heads come again on each page of a table, and pages end elsewhere
        differ -= heads(both[0].html)
    assert differ <= EXPLAINED[form]
    assert len(differ) <= 0.02 * len({*ours, *theirs})


@pytest.mark.build
def test_the_page_of_the_shipped_study_is_as_wide_as_a_phone(
    both: list[Rendered],
    browser: Any,
) -> None:
    for made in both:
        with opened(browser, made.result.files["html"], PHONE) as watched:
            assert watched.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_word_has_as_many_tables_of_the_shipped_study(both: list[Rendered]) -> None:
    ours, theirs = (tables(one.docx) for one in both)
    assert len(ours) >= 6
    assert ours == theirs


@pytest.mark.build
def test_a_study_that_has_nothing_optional_is_rendered(tmp_path: Path) -> None:
    export = tmp_path / "codings.csv"
    export.write_text(
        "document,code,text\nA,Cost,It is dear.\nB,Cost,I pay it.\n", encoding="utf-8"
    )
    study = make_study(Path(__file__).parents[2], tmp_path / "study", [export])
    build(study, engine="quarto")
    output = study / "report" / "output"
    for name in ("manuscript.docx", "manuscript.html", "manuscript.xml"):
        text = " ".join(paragraphs(output / name))
        assert "All 2 codings stand under one code, “Cost”" in text
        assert "not part of this study" not in text
    assert "All 2 codings stand under one code" in " ".join(pages(output / "manuscript.pdf"))
    # and by the author's own Quarto: also the parts that are hidden are found
    done = plainly(study, "render", "report", "--to", "html")
    assert done.returncode == 0, done.stderr[-2000:]
