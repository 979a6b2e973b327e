"""Damaged projects load with every coding accounted for, or are told to be damaged."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qdaio.faults import StudyError
from qdaio.registry import read_exports
from tests.qdaio import test_qualcoder, test_rqda, test_taguette

Writer = Callable[[Path], Path]
SMALL: dict[str, Writer] = {
    "taguette": test_taguette.small,
    "rqda": test_rqda.small,
    "qualcoder": test_qualcoder.small,
}
REAL = ("taguette/SERDIF_P2_ThematicAnalysis.sqlite3", "rqda/weise_OPCW.rqda")
TABLES = ("taguette/all_tags_20220303.csv", "taguette/codebook_20220303_8.csv")


def damaged(content: bytes, seed: int) -> bytes:
    """Overwrite, cut out, double or cut off a part, as copying and disks do."""
    chance = random.Random(seed)
    raw = bytearray(content)
    start = chance.randrange(len(raw))
    size = min(len(raw) - start, chance.choice([1, 2, 8, 100, 4096]))
    match seed % 5:
        case 0:
            raw[start : start + size] = chance.randbytes(size)
        case 1:
            raw[start : start + size] = bytes(size)
        case 2:
            del raw[start : start + size]
        case 3:
            raw[start:start] = raw[start : start + size]
        case _:
            del raw[start:]
    return bytes(raw)


def loads_or_is_told(path: Path) -> None:
    try:
        project = read_exports([path])
    except StudyError as error:
        faults = error.faults
    else:
        project.check()
        aside = sum(item.what == "coding" for item in project.set_aside)
        assert len(project.codings) + aside == project.rows_read
        faults = ()
    assert all(fault.file == path.name and fault.remedy for fault in faults)


@pytest.mark.parametrize("name", SMALL)
def test_a_small_project_that_is_damaged(tmp_path, name):
    whole = SMALL[name](tmp_path / "whole.db").read_bytes()
    path = tmp_path / "damaged.db"
    for seed in range(40):
        path.write_bytes(damaged(whole, seed))
        loads_or_is_told(path)


def test_an_archive_with_a_project_that_is_damaged(tmp_path):
    whole = test_qualcoder.small(tmp_path / "data.qda").read_bytes()
    path = tmp_path / "damaged.zip"
    for seed in range(20):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("p.qda/data.qda", damaged(whole, seed))
        loads_or_is_told(path)


@pytest.mark.parametrize("name", [*REAL, *TABLES, "dedoose/dedooser_demo_data.xlsx"])
def test_a_real_file_that_is_damaged(real_exports, tmp_path, name):
    whole = (real_exports / name).read_bytes()
    path = tmp_path / Path(name).name
    for seed in range(10):
        path.write_bytes(damaged(whole, seed))
        loads_or_is_told(path)


@pytest.mark.parametrize("name", REAL)
def test_a_real_database_that_was_cut_off_is_always_told(real_exports, tmp_path, name):
    whole = (real_exports / name).read_bytes()
    path = tmp_path / Path(name).name
    for share in (0.001, 0.01, 0.1, 0.5, 0.9, 0.999):
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(StudyError) as caught:
            read_exports([path])
        assert {fault.kind for fault in caught.value.faults} == {"truncated-file"}
