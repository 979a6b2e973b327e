"""Archives are read within bounds, and never unpacked."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import StudyError
from qdaio.files.archive import Limits, open_archive


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def read_all(path, content: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    path.write_bytes(content)
    with open_archive(path, "f.qdpx", limits) as archive:
        return {name: archive.read(name) for name in archive.names}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "f.qdpx"


def test_members_come_back_as_they_are_without_folders(path):
    members = {"project.qde": b"<a/>", "Sources/": b"", "Sources/ü.txt": b"x" * 1000}
    read = read_all(path, zipped(members))
    assert read == {"project.qde": b"<a/>", "Sources/ü.txt": b"x" * 1000}


def test_backslashes_in_names_are_slashes(path):
    assert list(read_all(path, zipped({"sources\\a.txt": b"x"}))) == ["sources/a.txt"]


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../up.txt", "sources/../../up.txt", "C:\\a.txt", "\\\\host\\a", "..\\a"],
)
def test_names_that_lead_out_of_the_archive_are_refused(path, name):
    with pytest.raises(StudyError) as caught:
        read_all(path, zipped({"project.qde": b"<a/>", name: b"x"}))
    assert caught.value.faults[0].kind == "unsafe-archive"
    assert list(path.parent.iterdir()) == [path]


def test_one_name_twice_is_refused(path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "2")
    with pytest.raises(StudyError, match="two members of one name"):
        read_all(path, stream.getvalue())


def test_a_bomb_is_stopped_long_before_it_fills_the_memory(path):
    with pytest.raises(StudyError) as caught:
        read_all(path, zipped({"project.qde": b"\0" * 100_000_000}))
    assert caught.value.faults[0].kind == "unsafe-archive"


def test_a_bomb_that_lies_about_its_size_is_stopped_too(path):
    content = bytearray(zipped({"project.qde": b"\0" * 100_000_000}))
    at = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 10)
    with pytest.raises(StudyError):
        read_all(path, bytes(content))


def test_the_total_of_all_members_is_bounded(path):
    members = {f"{n}.txt": bytes([n]) * 600 for n in range(10)}
    assert len(read_all(path, zipped(members), Limits(total=6000))) == 10
    with pytest.raises(StudyError):
        read_all(path, zipped(members), Limits(total=5999))


def test_a_list_of_members_that_fills_the_memory_is_not_loaded(path):
    members = {f"{n}.txt": b"" for n in range(1000)}
    with pytest.raises(StudyError, match="list of members"):
        read_all(path, zipped(members), Limits(directory=10_000))


def test_an_encrypted_member_is_told_as_such(path):
    content = bytearray(zipped({"project.qde": b"<a/>"}))
    for magic, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + flag] |= 1
    with pytest.raises(StudyError, match="encrypted"):
        read_all(path, bytes(content))


MEMBERS = {"project.qde": bytes(range(256)) * 40, "sources/a.txt": b"some words " * 50}
WHOLE = zipped(MEMBERS)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_an_archive_that_is_cut_off_is_told_as_such(path, share):
    with pytest.raises(StudyError) as caught:
        read_all(path, WHOLE[: int(len(WHOLE) * share)])
    assert caught.value.faults[0].kind == "truncated-file"


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_damaged_byte_is_an_error_or_changes_nothing_that_is_read(tmp_path_factory, at, change):
    damaged = bytearray(WHOLE)
    damaged[at] ^= change
    try:
        read = read_all(tmp_path_factory.mktemp("zip") / "f.qdpx", bytes(damaged))
    except StudyError:
        return
    assert list(read.values()) == list(MEMBERS.values()) or len(read) < len(MEMBERS)
