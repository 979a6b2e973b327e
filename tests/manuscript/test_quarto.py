"""The engine for those who have Quarto."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from analysis.manuscript import quarto, render
from qdaio.faults import StudyError

FAKE = """#!{python}
import json, os, pathlib, sys
if sys.argv[1:] == ["--version"]:
    print("{version}")
    sys.exit()
form = sys.argv[4]
if form == "{broken}":
    said = "ERROR: a shortcode is wrong in n.singers"
    sys.exit("\\x1b[91m" + said + "\\x1b[39m\\n\\nStack trace:\\n  at x")
print("{warning}", file=sys.stderr)
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


def fake(folder: Path, version: str = "1.10.18", broken: str = "none", warning: str = "") -> Path:
    """A program that answers as Quarto does, and notes what it was given."""
    if os.name == "nt":
        pytest.skip("the stand-in for Quarto is a script with a first line")
    program = folder / "bin" / "quarto"
    program.parent.mkdir()
    text = FAKE.format(python=sys.executable, version=version, broken=broken, warning=warning)
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


def test_a_quarto_that_was_not_tested_is_left_alone_and_said(searched: Path, report: Path) -> None:
    fake(searched, version="1.99.1")
    result = render(report, report / "output", ["jats"])
    assert result.engine == "pandoc"
    assert "Quarto 1.99.1 was not tested" in result.note
    # who asks for it gets it
    assert quarto.find_quarto(required=True).version == (1, 99, 1)


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
    with pytest.raises(StudyError) as raised:
        render(report, searched / "out", ["html", "docx"], engine="quarto")
    (fault,) = raised.value.faults
    # the first line that says Error, without what traces it; and the row that it is about
    assert fault.found == "ERROR: a shortcode is wrong in n.singers"
    assert (fault.file, fault.row) == ("report/manuscript.qmd", 7)
    assert not (searched / "out").exists()


def test_what_quarto_warns_of_as_lost_is_a_fault(searched: Path, report: Path) -> None:
    fake(searched, warning="WARNING (/x/filters/main.lua:12) Unknown var n.basses specified")
    with pytest.raises(StudyError, match=r"Unknown var n\.basses specified") as raised:
        render(report, searched / "out", ["html"], engine="quarto")
    assert raised.value.faults[0].row == 8
    assert "/x/" not in str(raised.value)


def test_an_author_is_not_left_without_what_the_built_in_engine_can_make(
    searched: Path, report: Path
) -> None:
    fake(searched, broken="jats")
    result = render(report, searched / "out", ["jats"], engine="auto")
    assert result.engine == "pandoc"
    assert result.note.startswith("the built-in engine, as Quarto 1.10.18 said: ERROR: a shortcode")
    assert result.files["jats"].is_file()


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
