"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdaio.faults import StudyError
from qdaio.files.writing import replacing, sha256, write_text


def test_a_file_that_could_not_be_finished_leaves_the_old_one_and_nothing_beside_it(tmp_path):
    path = tmp_path / "made" / "a.txt"
    write_text(path, "old")

    def fail() -> None:
        with replacing(path) as beside:
            beside.write_text("half", encoding="utf-8")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert [item.name for item in path.parent.iterdir()] == ["a.txt"]


def test_a_file_that_another_program_holds_is_named_with_the_remedy(tmp_path, monkeypatch):
    def held(self: Path, target: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(StudyError) as caught:
        write_text(tmp_path / "manuscript.docx", "x")
    assert caught.value.faults[0].kind == "file-in-use"
    assert list(tmp_path.iterdir()) == []


def test_text_is_written_with_the_same_bytes_on_every_system(tmp_path):
    write_text(tmp_path / "a.txt", "é\nسلام\n")
    assert (tmp_path / "a.txt").read_bytes() == "é\nسلام\n".encode()


def test_the_hash_is_that_of_the_content(tmp_path):
    write_text(tmp_path / "a.txt", "x")
    assert sha256(tmp_path / "a.txt") == (
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    )
