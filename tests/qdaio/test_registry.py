"""Files are known by their content; what is unknown, missing or given twice is told."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from analysis.build.code import code_hash
from qdaio import registry
from qdaio.faults import StudyError
from qdaio.files.source import open_source
from qdaio.registry import GROUP, find_reader, open_exports, read_exports, readers
from tests.qdaio.tables import SEGMENTS, segment_rows
from tests.support.written_tables import write_csv, write_xlsx

ROOT = Path(__file__).resolve().parents[2]
ROWS = [SEGMENTS["en"], *segment_rows([{"document": "D1", "code": "A"}])]


def kinds_of(*paths):
    with pytest.raises(StudyError) as caught:
        read_exports(paths)
    return [fault.kind for fault in caught.value.faults]


def test_every_reader_can_be_imported_and_has_a_format_of_its_own():
    formats = [reader.format for reader in readers()]
    assert len(formats) == len(set(formats)) > 20


def test_entry_points_are_named_for_the_formats_that_they_read():
    declared = tomllib.loads((ROOT / "qdaio/pyproject.toml").read_text(encoding="utf-8"))
    names = declared["project"]["entry-points"][GROUP]
    assert set(names) == {entry.name for entry in entry_points(group=GROUP)}
    assert set(names) == {reader.format for reader in readers()}


TOY = """
from qdaio.tables import CodingTable, headers


class Toy(CodingTable):
    format = "toy-codings"
    software = "Toy"
    required = headers(document="Toy file", code="Toy code", text="Toy text")
    reason = "the columns of a toy"
"""

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "toy-reader"
version = "1.0"
[project.entry-points."qdaio.readers"]
toy-codings = "toy_reader:Toy"
[tool.hatch.build.targets.wheel]
include = ["toy_reader.py"]
"""

READ = """
import sys
from analysis.build.code import code_hash
import qdaio
project = qdaio.read(sys.argv[1])
print(project.info.format, len(project.codings), code_hash(["import qdaio.registry"]))
"""


def test_a_reader_of_another_package_is_found_when_it_is_installed(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "toy_reader.py").write_text(TOY, encoding="utf-8")
    (source / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--target", str(target), str(source)], check=True)
    rows = [["Toy file", "Toy code", "Toy text"], ["P1", "trust", "yes"], ["P2", "trust", "no"]]
    file = write_csv(tmp_path / "toy.csv", rows)
    environment = {**os.environ, "PYTHONPATH": str(target), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    name, codings, digest = done.stdout.split()
    assert (name, codings) == ("toy-codings", "2")
    assert digest != code_hash(["import qdaio.registry"])


def test_a_reader_that_cannot_be_imported_is_named_with_its_package(monkeypatch):
    broken = EntryPoint("x", "no_such_module:READER", GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [broken])
    readers.cache_clear()
    try:
        with pytest.raises(StudyError) as caught:
            readers()
        monkeypatch.setattr(registry, "entry_points", lambda group: [])
        with pytest.raises(StudyError) as none:
            readers()
    finally:
        readers.cache_clear()
    assert caught.value.faults[0].kind == "broken-reader"
    assert "no_such_module" in caught.value.faults[0].found
    assert none.value.faults[0].kind == "no-readers"


def test_a_file_is_known_by_its_content_whatever_its_name(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"S": ROWS}).rename(tmp_path / "holiday.txt")
    reader, match = find_reader(open_source(path))
    assert reader.format == "maxqda-coded-segments"
    assert match.score > 0.5


def test_all_files_that_are_at_fault_are_told_in_one_go(tmp_path):
    (tmp_path / "empty.csv").write_text("")
    write_xlsx(tmp_path / "whole.xlsx", {"S": ROWS})
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes((tmp_path / "whole.xlsx").read_bytes()[:-100])
    paths = [tmp_path / "missing.csv", tmp_path / "empty.csv", cut]
    assert kinds_of(*paths) == ["missing-file", "empty-file", "truncated-file"]


def test_an_unknown_table_is_described_with_the_way_to_the_tidy_form(tmp_path):
    rows = [["Speaker", "Theme", "What was said"], ["P1", "Trust", "a secret of the interview"]]
    with pytest.raises(StudyError) as caught:
        read_exports([write_csv(tmp_path / "mine.csv", rows)])
    (fault,) = caught.value.faults
    assert fault.kind == "unknown-format"
    assert '"Speaker", "Theme", "What was said"' in fault.found
    assert "tidy form" in fault.remedy


def test_messages_hold_no_words_of_participants(tmp_path):
    secret = "My mother was ill for years and nobody in the village knew of it, nobody at all"
    with pytest.raises(StudyError) as caught:
        read_exports([write_csv(tmp_path / "mine.csv", [["P1", secret], ["P2", secret]])])
    assert secret not in str(caught.value)


def test_one_file_given_twice_is_a_fault(tmp_path):
    path = write_csv(tmp_path / "a.csv", ROWS)
    (tmp_path / "copy.csv").write_bytes(path.read_bytes())
    assert kinds_of(path, tmp_path / "copy.csv") == ["duplicate-file"]
    assert kinds_of(path, path) == ["duplicate-file"]


def test_files_of_one_name_in_two_folders_stay_apart(tmp_path):
    paths = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        rows = [SEGMENTS["en"], *segment_rows([{"document": folder, "code": "A"}])]
        paths.append(write_csv(tmp_path / folder / "a.csv", rows))
    project = read_exports(paths)
    assert project.documents["name"].tolist() == ["one", "two"]
    assert [source.name for source in open_exports(paths)] == ["one/a.csv", "two/a.csv"]


def test_a_folder_stands_for_the_files_in_it(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    write_csv(folder / "a.csv", ROWS)
    write_csv(folder / "b.csv", [SEGMENTS["en"], *segment_rows([{"document": "E", "code": "B"}])])
    (folder / "README.md").write_text("how it was made")
    project = read_exports([folder], names=["data-raw/exports"])
    assert project.codings["source_file"].tolist() == [
        "data-raw/exports/a.csv",
        "data-raw/exports/b.csv",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><table><tr><td>Code</td></tr></table></html>", "web page"),
        (b"%PDF-1.7\n\x00\x01", "a PDF"),
        (b"{\\rtf1 text of an interview}", "Rich Text"),
        (b'<?xml version="1.0"?><note>text</note>', "XML"),
        (b"I: How are you?\nP1: I am ill.\n", "text without columns"),
    ],
)
def test_files_of_other_kinds_are_named(tmp_path, content, said):
    path = tmp_path / "export.xls"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=said):
        read_exports([path])


def test_of_an_unknown_table_with_numbers_of_rows_the_header_is_shown(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('"","memo_title","memo_id","user"\n"1","Secret",1,"ann"\n', encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert "Secret" not in str(caught.value)
    assert '"memo_title"' in str(caught.value)


@pytest.mark.parametrize("inside", ["study/segments.xlsx", "project.qdpx", "a.csv"])
def test_exports_in_an_archive_are_to_be_unpacked(tmp_path, inside):
    path = tmp_path / "exports.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside, "x")
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    (fault,) = caught.value.faults
    assert inside in fault.found
    assert fault.remedy.startswith("Unpack the archive")


TALK = (
    "Interviewer: Well, how did it go, then?\n"
    "Interviewee: Well, understanding code, I mean, that is, hard.\n\n"
    "Interviewer: Go on.\n"
    "Interviewee: We tried, first, to read it, and then, after a while, to write it.\n"
)


@pytest.mark.parametrize("text", [TALK, TALK + 'She said, "no.\n', 'She said "no.\n' + TALK])
@pytest.mark.parametrize("name", ["interview.txt", "interview.csv"])
def test_of_an_interview_with_commas_no_word_is_told(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    (fault,) = caught.value.faults
    assert fault.found == "text without columns"
    assert "nterview" not in str(fault).replace(name, "").replace("an interview", "")
    assert "understanding" not in str(fault)


def test_a_web_page_is_called_one_and_not_a_page_under_another_name(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html><html><body><p>Words.</p></body></html>", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert caught.value.faults[0].found == "a web page without a table or report of a program"
