"""Rendering: whole or not at all, the same bytes each time, and honest about its data."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pypandoc
import pytest

from analysis.manuscript import pdf as pdf_module
from analysis.manuscript import render
from qdaio.faults import StudyError
from tests.manuscript.conftest import Rendered
from tests.manuscript.example import STUDY, write_report
from tests.support.plaintext import pages

WORDS = ("synthetic", "reconstruction")


def test_two_folders_give_the_same_bytes(rendered: Rendered, report: Path) -> None:
    again = render(report, report / "output", engine="pandoc")
    for form, path in rendered.result.files.items():
        assert again.files[form].read_bytes() == path.read_bytes(), form


def test_a_fault_leaves_earlier_products_as_they_were(report: Path) -> None:
    output = report / "output"
    output.joinpath("manuscript.html").write_text("before", encoding="utf-8")
    report.joinpath("manuscript.qmd").write_text("{{< var gone >}}\n", encoding="utf-8")
    with pytest.raises(StudyError):
        render(report, output, engine="pandoc")
    assert output.joinpath("manuscript.html").read_text(encoding="utf-8") == "before"
    assert {path.name for path in output.iterdir()} == {"embed", "manuscript.html"}


def test_only_the_formats_asked_for_are_made(report: Path, tmp_path: Path) -> None:
    result = render(report, tmp_path / "out", ["docx", "docx"], engine="pandoc")
    assert list(result.files) == ["docx"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["manuscript.docx"]


@pytest.mark.parametrize(("formats", "engine"), [(["epub"], "auto"), (["html"], "latex")])
def test_unknown_formats_and_engines_are_refused(
    report: Path, formats: list[str], engine: str
) -> None:
    with pytest.raises(ValueError, match="no such format or engine"):
        render(report, report / "output", formats, engine)


def test_a_missing_filter_is_a_fault(report: Path) -> None:
    report.joinpath("filters", "rtl.lua").unlink()
    with pytest.raises(StudyError, match="missing filter"):
        render(report, report / "output", engine="pandoc")


def test_a_missing_font_is_a_fault(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "FONT", "NoSuchFont.ttf")
    with pytest.raises(StudyError, match="matplotlib"):
        render(report, report / "output", ["pdf"], engine="pandoc")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_citation-style.csl", "<style>"),
        ("filters/rtl.lua", "return {"),
        ("reference.docx", "no zip"),
    ],
)
def test_a_file_that_pandoc_refuses_is_a_fault(report: Path, name: str, content: str) -> None:
    report.joinpath(name).write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match="not rendered"):
        render(report, report / "output", ["docx"], engine="pandoc")


def test_a_picture_that_is_none_is_a_fault(report: Path) -> None:
    report.joinpath("a.png").write_bytes(b"\x89PNG no")
    report.joinpath("manuscript.qmd").write_text("![A](a.png)\n", encoding="utf-8")
    with pytest.raises(StudyError, match="which is no picture"):
        render(report, report / "output", ["pdf"], engine="pandoc")


def test_pdf_is_accessible(rendered: Rendered) -> None:
    assert b"pdfuaid" in rendered.pdf.read_bytes()


def said_everywhere(rendered_files: dict[str, Path]) -> dict[str, str]:
    """Everything in the files that a person or a program can read, in lower case."""
    everything = {
        "html": rendered_files["html"].read_text(encoding="utf-8"),
        "jats": rendered_files["jats"].read_text(encoding="utf-8"),
        "pdf": " ".join(pages(rendered_files["pdf"]))
        + rendered_files["pdf"].read_bytes().decode("latin-1"),
    }
    with zipfile.ZipFile(rendered_files["docx"]) as archive:
        everything["docx"] = " ".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )
    return {form: text.lower() for form, text in everything.items()}


def test_synthetic_data_say_so_in_every_format(rendered: Rendered) -> None:
    for form, text in said_everywhere(rendered.result.files).items():
        for word in WORDS:
            assert word in text, form


def test_synthetic_data_say_so_at_the_top(rendered: Rendered) -> None:
    source = rendered.html.read_text(encoding="utf-8")
    assert source.index('class="data-notice"') < source.index("<h1")
    texts = [p.text for p in docx.Document(str(rendered.docx)).paragraphs[:2]]
    assert texts[1].startswith("Synthetic data:")
    assert "Synthetic data:" in pages(rendered.pdf)[0][:250]
    properties = docx.Document(str(rendered.docx)).core_properties
    assert "synthetic data" in properties.keywords
    assert properties.subject == "Synthetic data"
    assert b"synthetic data" in rendered.pdf.read_bytes()


def test_original_data_leave_no_such_word_behind(tmp_path: Path) -> None:
    study = {**STUDY, "data": {"status": "original"}}
    report = write_report(tmp_path, study=study)
    result = render(report, report / "output", engine="pandoc")
    for form, text in said_everywhere(result.files).items():
        for word in WORDS:
            assert word not in text, form


def test_a_subtitle_stands_beside_the_notice(tmp_path: Path) -> None:
    report = write_report(tmp_path, study={**STUDY, "subtitle": "A second look"})
    result = render(report, report / "output", ["docx", "html"], engine="pandoc")
    subtitle = docx.Document(str(result.files["docx"])).paragraphs[1].text
    assert subtitle.startswith("A second look\nSynthetic data:")
    assert "A second look" in result.files["html"].read_text(encoding="utf-8")


def test_a_study_without_authors_abstract_or_works_renders(tmp_path: Path) -> None:
    report = write_report(tmp_path, study={"title": "Bare"})
    report.joinpath("manuscript.qmd").write_text("# One\n\nText.\n", encoding="utf-8")
    result = render(report, report / "output", engine="pandoc")
    assert all(path.stat().st_size > 200 for path in result.files.values())


def test_the_notice_has_its_attributes_in_one_order_in_every_run() -> None:
    """Lua walks named keys in an order of its own, which is another one in each process."""
    text = "---\ntitle: A\ndata:\n  synthetic: true\n---\n\nText\n"
    notice = Path(__file__).parents[2] / "report/filters/notice.lua"
    pages = {
        pypandoc.convert_text(
            text, "html", format="markdown", extra_args=["--standalone", f"--lua-filter={notice}"]
        )
        for _ in range(8)
    }
    assert len(pages) == 1
    assert 'role="region"' in pages.pop()


def test_no_row_of_a_table_stands_on_two_pages(report: Path) -> None:
    def words(n: int) -> str:
        return " ".join(f"row{n}word{k}" for k in range(30))

    rows = [f"| {n} | {words(n)} |" for n in range(40)]
    table = ["| Row | Words |", "|---|----------|", *rows, "", ": Rows {#tbl-rows}", ""]
    report.joinpath("manuscript.qmd").write_text("\n".join(["# Rows", "", *table]), "utf-8")
    made = render(report, report / "output", ["pdf"], engine="pandoc").files["pdf"]
    texts = pages(made)
    assert len(texts) > 2
    for n in range(40):
        sought = re.compile(rf"\brow{n}word(0|29)\b")
        ends = [at for at, text in enumerate(texts) for _ in sought.findall(text)]
        assert [*ends[:1] * 2] == ends, n
