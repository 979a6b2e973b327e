"""What is coded at one node of NVivo, as text and as a web page; and its printed reports."""

from __future__ import annotations

import pytest

import qdaio
from qdaio.faults import StudyError

REPORT = r"""Name: Codes\\Barriers\Time

<Files\\Interviews\\Ann> - § 2 references coded  [1.93% Coverage]

Reference 1 - 0.62% Coverage

There was no time,
not on a single day.

Reference 2 - 1.31% Coverage

I came too late.

<Files\\Interviews\\Ben> - § 1 reference coded  [0,84 % Coverage]

Reference 1 - 0,84 % Coverage

It took 3 - 4 hours.
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_references_of_a_node_are_read_with_their_files(tmp_path, encoding):
    path = tmp_path / "Time.txt"
    path.write_text(REPORT, encoding=encoding)
    project = qdaio.read(path)
    assert project.info.format == "nvivo-references"
    assert list(project.codes["path"]) == [("Barriers",), ("Barriers", "Time")]
    assert list(project.documents["name"]) == ["Ann", "Ben"]
    assert project.segments["text"].tolist() == [
        "There was no time,\nnot on a single day.",
        "I came too late.",
        "It took 3 - 4 hours.",
    ]
    assert list(project.codings["code_id"]) == ["Barriers > Time"] * 3
    assert list(project.codings["source_row"]) == [5, 10, 16]


def test_a_web_page_says_the_same(tmp_path):
    lines = "".join(
        f"<p>{line.replace('<', '&lt;').replace('>', '&gt;')}</p>" for line in REPORT.split("\n")
    )
    path = tmp_path / "Time.htm"
    path.write_text(f'<html><meta charset="utf-8"><body>{lines}</body></html>', encoding="utf-8")
    assert len(qdaio.read(path).codings) == 3


def test_without_a_name_the_file_names_the_code(tmp_path):
    path = tmp_path / "Hope.txt"
    path.write_text(REPORT.partition("\n")[2], encoding="utf-8")
    project = qdaio.read(path)
    assert list(project.codes["code_id"]) == ["Hope"]
    assert any("name of the file" in said for said in project.warnings)


def test_a_reference_that_is_missing_is_told(tmp_path):
    path = tmp_path / "Time.txt"
    path.write_text(REPORT.replace("Reference 2 - 1.31% Coverage", ""), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        qdaio.read(path)
    (fault,) = caught.value.faults
    assert (fault.kind, fault.row, fault.found) == ("inconsistent-export", 3, "1 references")


def test_a_printed_summary_is_named_with_what_to_export(tmp_path):
    path = tmp_path / "Coding Summary By Code.txt"
    path.write_text(
        "Reports\\\\Coding Summary By Code Report\nPage 1 of 2\nAggregate\tCoverage\t"
        "Number Of Coding References\tCoded By Initials\nCode\nCodes\\\\Time\nNo\t0.01\t2\tA\n",
        encoding="utf-8",
    )
    with pytest.raises(StudyError) as caught:
        qdaio.read(path)
    (fault,) = caught.value.faults
    assert fault.kind == "native-file"
    assert "REFI-QDA" in fault.remedy


def test_a_file_that_stands_twice_is_told(tmp_path):
    path = tmp_path / "Time.txt"
    path.write_text(REPORT + "\n" + REPORT.partition("\n\n")[2], encoding="utf-8")
    project = qdaio.read(path)
    assert len(project.codings) == 6
    assert any("2 files stand in it more than once" in said for said in project.warnings)


@pytest.mark.parametrize(
    ("was", "now"), [("Reference 2 - 1.31%", "Reference 2 - 0.31%"), ("Reference 2", "Reference 3")]
)
def test_shares_and_numbers_that_do_not_add_up_are_told(tmp_path, was, now):
    path = tmp_path / "Time.txt"
    path.write_text(REPORT, encoding="utf-8")
    assert not any("add up" in warning for warning in qdaio.read(path).warnings)
    path.write_text(REPORT.replace(was, now), encoding="utf-8")
    assert any("below row 3" in warning for warning in qdaio.read(path).warnings)
