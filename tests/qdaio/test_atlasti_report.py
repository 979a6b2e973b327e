"""The report of codes that ATLAS.ti writes as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import Fault, StudyError
from qdaio.registry import read_exports

REPORT = """Project: p (last version)
Report created by A on 01/01/2024
Code Report
(2) codes
  ○ code a
Comment:
What it means
2 Quotations:
  1:1 ¶ 1, in D1
one
  2:4 ¶ 3 – 4, in Interview, the second
At
  12:30 we sat down in Berlin:
  ● first point
  ○ code b
1 Quotations:
  1:1 ¶ 1, in D1
one
"""


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "report.txt"
    path.write_text(text, encoding=encoding)
    return path


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    with pytest.raises(StudyError) as caught:
        read_exports([write(folder, text)])
    return caught.value.faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_code_has_its_quotations(tmp_path: Path, encoding: str, newline: str) -> None:
    text = REPORT.replace("  12:30 we sat down in Berlin:\n", "")
    project = read_exports([write(tmp_path, text.replace("\n", newline), encoding)])
    assert project.info.format == "atlasti-code-report"
    assert project.documents["name"].tolist() == ["D1", "Interview, the second"]
    assert project.codings["code_id"].tolist() == ["code a", "code a", "code b"]
    assert project.codings["source_row"].tolist() == [9, 11, 16]
    assert len(project.segments) == 2  # one quotation has both codes
    assert project.segments["text"].tolist() == ["one", "At\n  ● first point"]
    assert project.segments[["start", "end"]].values.tolist() == [[1, 1], [3, 4]]
    assert project.codes["description"].dropna().tolist() == ["What it means"]
    assert project.warnings == ()


def test_the_words_of_other_languages_do_not_matter(tmp_path: Path) -> None:
    text = (
        REPORT.replace("(2) codes", "(2) Kodes")
        .replace("Quotations:", "Zitate:")
        .replace("Comment:", "Kommentar:")
        .replace("  12:30 we sat down in Berlin:\n", "")
    )
    project = read_exports([write(tmp_path, text)])
    assert len(project.codings) == 3
    assert project.codes["description"].notna().sum() == 1


def test_quotation_marks_in_the_words_are_no_damage(tmp_path: Path) -> None:
    text = REPORT.replace("\none\n", '\n"one", he said, "two;\n').replace(
        "  12:30 we sat down in Berlin:\n", ""
    )
    project = read_exports([write(tmp_path, text)])
    assert project.segments["text"][0] == '"one", he said, "two;'


def test_words_that_look_like_a_quotation_are_a_fault_not_a_coding(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, REPORT)
    assert (fault.kind, fault.row) == ("inconsistent-export", 5)
    assert '3 quotations of the code "code a"' in (fault.found or "")


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("2 Quotations:", "3 Quotations:", "inconsistent-export"),
        ("(2) codes", "(3) codes", "inconsistent-export"),
        ("1:1 ¶ 1, in D1\none\n  2:4", "1:1 ¶ 1\none\n  2:4", "missing-value"),
    ],
)
def test_a_report_that_is_not_complete_is_a_fault(
    tmp_path: Path, old: str, new: str, kind: str
) -> None:
    text = REPORT.replace("  12:30 we sat down in Berlin:\n", "").replace(old, new)
    (fault,) = faults_of(tmp_path, text)
    assert fault.kind == kind


def test_another_text_is_no_report(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "Interview\n\n○ first\n3 reasons\n1:1 we met in Berlin\n")
    assert fault.kind == "unknown-format"


names = st.text("abc ,:-", min_size=1, max_size=9).map(str.strip).filter(bool)
words = st.text("abc .?", min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(
    codes=st.dictionaries(
        names, st.lists(st.tuples(st.integers(1, 3), words), max_size=4), min_size=1, max_size=4
    )
)
def test_every_quotation_of_a_report_is_one_coding(
    codes: dict[str, list[tuple[int, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = ["Code Report", f"({len(codes)}) codes"]
    number = 0
    for name, quotations in codes.items():
        lines += [f"  ○ {name}", f"{len(quotations)} Quotations:"]
        for document, text in quotations:
            number += 1
            lines += [f"  {document}:{number} ¶ 2, in D{document}", text]
    if not number:
        return
    project = read_exports([write(tmp_path_factory.mktemp("r"), "\n".join(lines))])
    assert len(project.codings) == project.rows_read == number
    assert len(project.codes[project.codes["is_codable"]]) == len(codes)
