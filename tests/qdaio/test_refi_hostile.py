"""Damaged and hostile files end in a clear error, or load with every coding accounted for."""

from __future__ import annotations

import importlib.util
import io
import json
import random
import subprocess
import sys
import zipfile

import pytest

from qdaio.faults import StudyError
from qdaio.files.source import open_source
from qdaio.model import CodedProject, ExportInfo, make_frame
from qdaio.programs.refi import write_qdpx
from qdaio.programs.refi.reader import PROJECT
from tests.qdaio.refi_files import codebook, guid, qde, read_qde, selection, text_source

GIB = 1024**3

# Reads a file in a process of its own and says what came of it, and its peak of memory.
READ = """
import json, re, sys
from pathlib import Path
from qdaio.programs.refi.reader import PROJECT
from qdaio.files.source import open_source
from qdaio.faults import StudyError
try:
    source = open_source(Path(sys.argv[1]))
    said = len(PROJECT.read(source, PROJECT.recognise(source)).codings)
except StudyError as error:
    said = error.faults[0].kind
status = Path("/proc/self/status")
if status.is_file():  # the other measure counts what the parent held when it started us
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024
elif sys.platform == "win32":
    peak = 0  # not measured there
else:
    import resource
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(json.dumps([said, peak]))
"""


def in_pieces(path, start: str, piece: str, count: int, end: str = "") -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("project.qde", "w") as member,
    ):
        member.write(start.encode())
        for _ in range(count // 10_000):
            member.write((piece * 10_000).encode())
        member.write(end.encode())


HEAD = '<Project xmlns="urn:QDA-XML:project:1.0" origin="x"><CodeBook><Codes>'
SOURCES = f'{HEAD}<Code guid="1" name="a"/></Codes></CodeBook><Sources><TextSource guid="2">'
CODING = '<Coding><CodeRef targetGUID="1"/></Coding>'
SELECTION = f'<PlainTextSelection startPosition="0" endPosition="9">{CODING}</PlainTextSelection>'
END = "</TextSource></Sources></Project>"
BOMBS = {
    "zeros": ("", "\0" * 1000, 500_000, "", "wrong-format"),
    "nested codes": (HEAD, '<Code guid="1" name="a">', 1_000_000, "", "too-large"),
    "flat codes": (HEAD, '<Code guid="1" name="a"/>', 3_000_000, "", "too-large"),
    "codings": (SOURCES, CODING, 500_000, END, 500_000),
    "selections": (SOURCES, SELECTION, 300_000, END, 300_000),
    "spaces": (HEAD, " " * 1000, 200_000, "</Codes></CodeBook></Project>", "unsafe-archive"),
    "text": (SOURCES + "<PlainTextContent>", "بعد " * 100, 400_000, END, "too-large"),
    "names": (
        SOURCES,
        f'<PlainTextSelection name="{"x" * 2000}"/>',
        100_000,
        END,
        0,
    ),
}


@pytest.mark.skipif(
    importlib.util.find_spec("resource") is None, reason="memory is measured on Unix only"
)
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_told_as_such_and_takes_at_most_one_gib(tmp_path, bomb):
    start, piece, count, end, expected = BOMBS[bomb]
    path = tmp_path / "b.qdpx"
    in_pieces(path, start, piece, count, end)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True
    )
    said, memory = json.loads(done.stdout)
    assert said == expected
    assert memory < GIB


def test_selections_that_each_cover_a_whole_book_do_not_fill_the_memory(tmp_path):
    text = "word " * 20_000
    many = selection(0, len(text), 1, name="word word…") * 3000
    inside = f"<PlainTextContent>{text}</PlainTextContent>{many}"
    content = qde(codebook((1, "a")) + f"<Sources>{text_source(5, inside)}</Sources>")
    project = read_qde(tmp_path, content)
    assert len(project.codings) == 3000
    assert project.segments["text"].isna().any()
    assert project.segments["end_cp"].notna().all()
    assert any("so long" in said for said in project.warnings)


def test_entities_are_refused_before_they_grow(tmp_path):
    lol = '<!DOCTYPE Project [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(StudyError) as caught:
        read_qde(tmp_path, f'<?xml version="1.0"?>{lol}<Project name="&b;"/>')
    assert caught.value.faults[0].kind == "unsafe-xml"


def test_a_code_below_itself_by_a_repeated_identifier_is_refused(tmp_path):
    code = f'<Code guid="{guid(1)}" name="a">'
    content = qde(f"<CodeBook><Codes>{code}{code}</Code></Code></Codes></CodeBook>")
    with pytest.raises(StudyError) as caught:
        read_qde(tmp_path, content)
    assert caught.value.faults[0].kind == "duplicate-code"


def test_a_file_that_only_begins_like_a_project_is_told_what_it_lacks(tmp_path):
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", "<CodeBook><Codes/></CodeBook>")
    source = open_source(path)
    with pytest.raises(StudyError, match="root element Project"):
        PROJECT.read(source, PROJECT.recognise(source))


def damaged(content: bytes, seed: int) -> bytes:
    """Change, drop, repeat or add some bytes."""
    chance = random.Random(seed)
    at = chance.randrange(len(content))
    kind = seed % 4
    if kind == 0:
        return content[:at] + bytes([content[at] ^ chance.randrange(1, 256)]) + content[at + 1 :]
    if kind == 1:
        return content[:at] + content[at + chance.randrange(1, 40) :]
    if kind == 2:
        return content[:at]
    return content[:at] + bytes(chance.randrange(256) for _ in range(3)) + content[at:]


def outcome(path, content: bytes) -> int | None:
    """Return how many codings were read, or None for a clear error."""
    path.write_bytes(content)
    try:
        source = open_source(path)
        match = PROJECT.recognise(source)
        if match is None:
            return None
        project = PROJECT.read(source, match)
        project.check()
    except StudyError as error:
        faults = error.faults
    else:
        return project.rows_read
    assert all(fault.remedy and fault.file for fault in faults)
    return None


@pytest.mark.parametrize("block", range(8))
def test_a_damaged_project_file_fails_clearly_or_loads_every_coding(real_exports, tmp_path, block):
    name = "atlasti_mac_8.4.0__Project_standard_annexA.qde"
    whole = (real_exports / "refi-qda" / name).read_bytes()
    for seed in range(block * 50, block * 50 + 50):
        content = damaged(whole, seed)
        read = outcome(tmp_path / "d.qde", content)
        # what was cut out whole cannot be missed; all that is left must be found
        left = content.count(b"<Coding ")
        assert read is None or read == left, seed


@pytest.mark.parametrize("block", range(4))
def test_a_damaged_archive_fails_clearly_or_loads_every_coding(real_exports, tmp_path, block):
    whole = (real_exports / "refi-qda" / "qc_1.3.2__demo.qdpx").read_bytes()
    for seed in range(block * 50, block * 50 + 50):
        assert outcome(tmp_path / "d.qdpx", damaged(whole, seed)) in (None, 205), seed


@pytest.mark.parametrize("block", range(4))
def test_a_damaged_project_in_a_sound_archive_loads_every_coding(real_exports, tmp_path, block):
    with zipfile.ZipFile(real_exports / "refi-qda" / "qc_1.3.2__demo.qdpx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for seed in range(block * 25, block * 25 + 25):
        stream = io.BytesIO()
        content = damaged(members["project.qde"], seed)
        with zipfile.ZipFile(stream, "w") as archive:
            for name, whole in members.items():
                archive.writestr(name, content if name == "project.qde" else whole)
        read = outcome(tmp_path / "d.qdpx", stream.getvalue())
        assert read is None or read == content.count(b"<Coding "), seed


@pytest.mark.parametrize("block", range(4))
def test_a_damaged_file_of_our_own_fails_clearly_or_loads_every_coding(tmp_path, block):
    by_table = {
        "segment_id": ["s1", "s2", "s3"],
        "document_id": ["I 1", "I 1", "I 2"],
        "start": [2, 5, 7],
        "end": [2, 6, 7],
        "unit": ["paragraph", "paragraph", "page"],
        "place": [None, None, "7:1–7:9"],
        "text": ["some words", "more words", "other words"],
        "offset_status": ["unchecked"] * 3,
    }
    codings = {
        "coding_id": [f"c{n}" for n in range(9)],
        "segment_id": ["s1", "s2", "s3"] * 3,
        "code_id": ["care", "cost", "care > need"] * 3,
        "coder_id": ["Anna"] * 9,
        "weight": [0.5 * n for n in range(9)],
        "created_at": ["2023-05-10"] * 9,
        "memo": [None, "sure?", None] * 3,
        "source_file": ["t.xlsx"] * 9,
        "source_row": range(2, 11),
    }
    codes = {
        "code_id": ["care", "care > need", "cost"],
        "parent_id": [None, "care", None],
        "name": ["care", "need", "cost"],
        "path": [("care",), ("care", "need"), ("cost",)],
        "level": [1, 2, 1],
    }
    documents = {"document_id": ["I 1", "I 2"], "name": ["I 1", "I 2"]}
    project = CodedProject(
        info=ExportInfo("tables", "by hand"),
        documents=make_frame("documents", documents),
        codes=make_frame("codes", codes),
        coders=make_frame("coders", {"coder_id": ["Anna"], "name": ["Anna"]}),
        segments=make_frame("segments", by_table),
        codings=make_frame("codings", codings),
        rows_read=9,
    )
    write_qdpx(project, tmp_path / "p.qdpx")
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        whole = archive.read("project.qde")
    for seed in range(block * 50, block * 50 + 50):
        content = damaged(whole, seed)
        read = outcome(tmp_path / "d.qde", content)
        assert read is None or read == content.count(b"<Coding "), seed


def test_notes_that_only_look_like_ours_are_memos(tmp_path):
    coding = f'<Coding><CodeRef targetGUID="{guid(1)}"/><NoteRef targetGUID="{guid(3)}"/></Coding>'
    place = f"paragraph {'9' * 5000}–1"
    content = qde(
        codebook((1, "a"))
        + f'<Sources><TextSource guid="{guid(2)}"><PlainTextContent>word</PlainTextContent>'
        f'<PlainTextSelection name="{place}" startPosition="0" endPosition="4">{coding}'
        "</PlainTextSelection></TextSource></Sources><Notes>"
        f'<Note guid="{guid(3)}" name="Weight"><PlainTextContent>heavy</PlainTextContent></Note>'
        "</Notes>",
        origin="study-rebuild 0.1.0",
    )
    project = read_qde(tmp_path, content)
    assert project.codings["weight"].isna().all()
    assert project.codings["memo"].tolist() == ["Weight\nheavy"]
    assert project.segments["text"].tolist() == ["word"]
