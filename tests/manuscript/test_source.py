"""Includes and shortcodes of the manuscript's text."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.manuscript.source import MARK, Place, read_source
from qdaio.faults import FaultList


def write(folder: Path, **files: str) -> Path:
    report = folder / "report"
    for name, text in files.items():
        path = report / name.replace("__", "/").replace("_qmd", ".qmd").replace("_md", ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return report


def faults_of(report: Path) -> list[tuple[str, str | None, int | None]]:
    faults = FaultList()
    read_source(report, faults)
    return [(fault.kind, fault.file, fault.row) for fault in faults]


def test_every_line_knows_where_it_comes_from(tmp_path: Path) -> None:
    report = write(
        tmp_path,
        manuscript_qmd="---\ntitle: T\n---\nfirst\n\n{{< include prose/a.md >}}\n\nlast\n",
        prose__a_md="one\n\n{{< include prose/b.md >}}\n",
        prose__b_md="two\n",
    )
    source = read_source(report, FaultList())
    assert source.front == {"title": "T"}
    places = {line: source.places[at] for at, line in enumerate(source.lines) if line}
    assert places == {
        "first": Place("report/manuscript.qmd", 4),
        "one": Place("report/prose/a.md", 1),
        "two": Place("report/prose/b.md", 1),
        "last": Place("report/manuscript.qmd", 8),
    }


def test_shortcodes_become_tokens_that_know_their_place(tmp_path: Path) -> None:
    report = write(tmp_path, manuscript_qmd="It is {{< var a.b >}}'s, {{<meta title>}}.\n")
    source = read_source(report, FaultList())
    assert source.lines[0] == f"It is {MARK}0{MARK}'s, {MARK}1{MARK}."
    assert [(s.name, s.argument, s.place.row) for s in source.shortcodes] == [
        ("var", "a.b", 1),
        ("meta", "title", 1),
    ]


def test_all_that_cannot_be_read_is_named_at_once(tmp_path: Path) -> None:
    report = write(
        tmp_path,
        manuscript_qmd=(
            "{{< vra a >}}\n{{< var a b >}}\n{{< var a\n{{< include nowhere.md >}}\n"
            "in text {{< include x.md >}}\n{{< include ../outside.md >}}\n"
            "see {{< embed a.ipynb#tbl-a >}} here\n{{{< var a >}}\n"
        ),
    )
    assert faults_of(report) == [
        ("unknown-shortcode", "report/manuscript.qmd", 1),
        ("shortcode-arguments", "report/manuscript.qmd", 2),
        ("open-shortcode", "report/manuscript.qmd", 3),
        ("missing-include", "report/manuscript.qmd", 4),
        ("include-inside-text", "report/manuscript.qmd", 5),
        ("include-outside-report", "report/manuscript.qmd", 6),
        ("embed-inside-text", "report/manuscript.qmd", 7),
        ("open-shortcode", "report/manuscript.qmd", 8),
    ]


def test_three_braces_print_a_shortcode(tmp_path: Path) -> None:
    report = write(tmp_path, manuscript_qmd=f"Write {{{{{{< var a >}}}}}}, not {MARK}0{MARK}.\n")
    faults = FaultList()
    source = read_source(report, faults)
    said = [(s.name, s.argument) for s in source.shortcodes]
    assert said == [("literal", "{{< var a >}}"), ("literal", MARK), ("literal", MARK)]
    assert not faults


def test_a_page_break_stands_alone(tmp_path: Path) -> None:
    report = write(tmp_path, manuscript_qmd="{{< pagebreak >}}\n\nnot {{< pagebreak >}} here\n")
    assert faults_of(report) == [("pagebreak-inside-text", "report/manuscript.qmd", 3)]


def test_files_that_include_each_other_are_a_fault(tmp_path: Path) -> None:
    report = write(
        tmp_path,
        manuscript_qmd="{{< include a.md >}}\n",
        a_md="x\n{{< include b.md >}}\n",
        b_md="{{< include a.md >}}\n",
    )
    assert faults_of(report) == [("include-cycle", "report/b.md", 1)]


def test_comments_hide_shortcodes_and_keep_rows(tmp_path: Path) -> None:
    report = write(
        tmp_path,
        manuscript_qmd="<!-- {{< nonsense >}}\n{{< include gone.md >}} -->\n{{< var a >}}\n",
    )
    source = read_source(report, FaultList())
    assert faults_of(report) == []
    assert source.shortcodes[0].place == Place("report/manuscript.qmd", 3)


@pytest.mark.parametrize(
    ("text", "row"), [("---\ntitle: [\n---\n", 1), ("---\ntitle: x\n", 1), ("---\n- a\n---\n", 1)]
)
def test_a_broken_head_is_a_fault(tmp_path: Path, text: str, row: int) -> None:
    assert faults_of(write(tmp_path, manuscript_qmd=text)) == [
        ("front-matter", "report/manuscript.qmd", row)
    ]


def test_a_missing_manuscript_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    assert faults_of(tmp_path / "report") == [("missing-manuscript", "report/manuscript.qmd", None)]


def test_windows_line_ends_and_a_mark_of_order_are_read(tmp_path: Path) -> None:
    report = write(tmp_path, manuscript_qmd="")
    (report / "manuscript.qmd").write_bytes(b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\ntext\r\n")
    source = read_source(report, FaultList())
    assert source.front == {"title": "T"}
    assert "text" in source.lines
