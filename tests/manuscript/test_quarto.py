"""The engine for those who have Quarto."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from analysis.manuscript import quarto, render
from qdaio.faults import StudyError
from tests.manuscript.conftest import Rendered
from tests.support.plaintext import pages, paragraphs, tables, words

FAKE = """#!{python}
import json, os, pathlib, sys
if sys.argv[1:] == ["--version"]:
    print("{version}")
    sys.exit()
form = sys.argv[4]
if form == "{broken}":
    sys.exit("ERROR: a shortcode is wrong")
here = pathlib.Path.cwd()
(here / "output").mkdir(exist_ok=True)
suffix = {{"html": ".html", "docx": ".docx", "typst": ".pdf", "jats": ".xml"}}[form]
report = {{
    "arguments": sys.argv[1:],
    "fonts": os.environ["TYPST_FONT_PATHS"],
    "files": sorted(p.relative_to(here).as_posix() for p in here.rglob("*") if p.is_file()),
    "embeds": [
        cell["id"]
        for path in sorted(here.glob("output/embed/*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ],
}}
(here / "output" / ("manuscript" + suffix)).write_text(json.dumps(report), encoding="utf-8")
"""


def fake(folder: Path, version: str = "1.10.18", broken: str = "none") -> Path:
    """A program that answers as Quarto does, and notes what it was given."""
    if os.name == "nt":
        pytest.skip("the stand-in for Quarto is a script with a first line")
    program = folder / "bin" / "quarto"
    program.parent.mkdir()
    text = FAKE.format(python=sys.executable, version=version, broken=broken)
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that is searched for programs, and no other is."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def test_without_quarto_the_built_in_engine_renders(searched: Path, report: Path) -> None:
    assert render(report, report / "output", ["jats"]).engine == "pandoc"


def test_quarto_asked_for_and_absent_is_a_fault(searched: Path, report: Path) -> None:
    with pytest.raises(StudyError, match="no program named quarto"):
        render(report, report / "output", ["jats"], engine="quarto")


def test_an_old_quarto_is_not_used(searched: Path) -> None:
    fake(searched, version="1.4.550")
    assert not quarto.find_quarto().is_tested
    with pytest.raises(StudyError, match=r"found Quarto 1\.4\.550"):
        quarto.find_quarto(required=True)


def test_quarto_gets_a_copy_with_all_that_it_embeds(searched: Path, report: Path) -> None:
    fake(searched)
    before = {path: path.stat().st_mtime_ns for path in report.rglob("*")}
    result = render(report, searched / "out", ["html", "pdf"], engine="auto")
    assert result.engine == "quarto"
    seen = json.loads(result.files["html"].read_text(encoding="utf-8"))
    assert seen["arguments"] == ["render", "manuscript.qmd", "--to", "html"]
    assert {"_quarto.yml", "_variables.yml", "filters/rtl.lua"} <= set(seen["files"])
    assert "Quarto 1.10.18, which is installed" in result.note
    # Quarto embeds before it hides: what only a hidden part names has a stand-in.
    assert seen["embeds"] == ["tbl-singers", "tbl-themes", "fig-themes", "tbl-guide"]
    typst = json.loads(result.files["pdf"].read_text(encoding="utf-8"))
    assert typst["arguments"][-1] == "typst"
    assert (Path(typst["fonts"]) / "DejaVuSans.ttf").is_file()
    assert {path: path.stat().st_mtime_ns for path in report.rglob("*")} == before


def test_what_quarto_ends_with_is_a_fault_and_writes_nothing(searched: Path, report: Path) -> None:
    fake(searched, broken="docx")
    with pytest.raises(StudyError, match="a shortcode is wrong"):
        render(report, searched / "out", ["html", "docx"], engine="quarto")
    assert not (searched / "out").exists()


def test_unknown_variables_stop_quarto_too(searched: Path, report: Path) -> None:
    fake(searched)
    report.joinpath("manuscript.qmd").write_text("{{< var gone >}}\n", encoding="utf-8")
    with pytest.raises(StudyError, match="unknown variable"):
        render(report, searched / "out", ["html"], engine="quarto")


def test_quarto_may_make_what_the_built_in_engine_does_not(searched: Path, report: Path) -> None:
    fake(searched)
    text = "::: {.callout-note}\nx\n:::\n"
    report.joinpath("manuscript.qmd").write_text(text, encoding="utf-8")
    assert render(report, searched / "out", ["html"], engine="quarto").engine == "quarto"


@pytest.mark.skipif(not quarto.find_quarto().is_tested, reason="Quarto 1.10 or newer is absent")
class TestQuartoItself:
    """Both engines make the same manuscript; run where Quarto is installed."""

    @pytest.fixture(scope="class")
    def by_quarto(self, tmp_path_factory: pytest.TempPathFactory, rendered: Rendered) -> Rendered:
        out = tmp_path_factory.mktemp("quarto")
        return Rendered(rendered.report, render(rendered.report, out, engine="quarto"))

    def test_tables_are_the_same(self, by_quarto: Rendered, rendered: Rendered) -> None:
        for one, other in (
            (by_quarto.html, rendered.html),
            (by_quarto.docx, rendered.docx),
            (by_quarto.jats, rendered.jats),
        ):
            assert tables(one) == tables(other)

    def test_no_word_is_missing(self, by_quarto: Rendered, rendered: Rendered) -> None:
        body = [text for text in paragraphs(rendered.html) if not text.startswith("Keywords")]
        said = words(" ".join(body))
        assert not said - words(" ".join(paragraphs(by_quarto.html)))
        assert not set(said) - set(words(" ".join(pages(by_quarto.pdf))))
        assert not set(said) - set(words(" ".join(paragraphs(by_quarto.docx))))
