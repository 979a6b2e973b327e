"""Real files, damaged: each loads with every coding accounted for, or a clear fault comes.

Every file of the real exports that a reader knows is damaged several hundred times from fixed
seeds (eight times where slow tests are left out): cut off, bytes changed, deleted, doubled,
zeroed, swapped or inserted; in archives the members as well, behind checksums that hold.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qdaio.faults import StudyError
from qdaio.model import CodedProject
from qdaio.registry import read_exports

TIMES = int(os.environ.get("STUDY_DAMAGES", "200"))
ONCE = 8  # damages of each file, one of each kind, that are looked at every time
CUTS = 4  # places at which each file is cut off every time
FAMILY = 15  # files of the same kind that share the number of damages
INSERTED = (b'"', b",", b";", b"\n", b"\x00", b"<", b">", b"&", b"\xff", b"=", b"'")
UNKNOWN = {"unknown-format", "ambiguous-format"}


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def change(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 4, 16))):
        changed[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(changed)


def flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def delete(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice((1, 2, 16, 512, 4096)) :]


def double(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[: start + rng.choice((1, 16, 512, 4096))] + data[start:]


def zero(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    count = min(rng.choice((1, 16, 512)), len(data) - start)
    return data[:start] + bytes(count) + data[start + count :]


def insert(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + rng.choice(INSERTED) + data[start:]


def swap(data: bytes, rng: random.Random) -> bytes:
    first, second = sorted(rng.randrange(len(data)) for _ in range(2))
    width = min(second - first, len(data) - second, 256)
    one, other = data[first : first + width], data[second : second + width]
    return data[:first] + other + data[first + width : second] + one + data[second + width :]


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut,
    change,
    flip,
    delete,
    double,
    zero,
    insert,
    swap,
)


def damage(data: bytes, seed: int) -> bytes:
    """Damage a file; of an archive, two times of three a member of it."""
    rng = random.Random(seed)
    how = DAMAGES[seed % len(DAMAGES)]
    if not data.startswith(b"PK") or seed % 3 == 0:
        return how(data, rng)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name[-1] != "/"}
    chosen = rng.choice([name for name, content in members.items() if content])
    members[chosen] = how(members[chosen], rng)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def real_files() -> list[Path]:
    """Return the files beside the project, or a path that is not there, so that tests skip."""
    named = os.environ.get("STUDY_REAL_EXPORTS", "")
    files = sorted(Path(named).rglob("*")) if named else []
    return [path for path in files if path.is_file() and path.suffix != ".md"] or [Path("absent")]


def known(path: Path) -> CodedProject:
    """Read an undamaged file, or skip the test."""
    if not path.is_file():
        pytest.skip("real exports are absent: set STUDY_REAL_EXPORTS to their folder")
    try:
        return read_exports([path])
    except StudyError as error:
        if UNKNOWN & {fault.kind for fault in error.faults}:
            pytest.skip(f"{path.name} is no coded export")
        raise


def check_outcome(path: Path) -> None:
    """Read a damaged file: a project that adds up, or faults that say what to do."""
    try:
        project = read_exports([path])
    except StudyError as error:
        for fault in error.faults:
            assert fault.kind
            assert fault.remedy
            assert fault.file
    else:
        aside = sum(item.what == "coding" for item in project.set_aside)
        assert project.rows_read == len(project.codings) + aside


FILES = real_files()
WHOLE = [path for path in FILES if path.suffix in {".xls", ".xlsx", ".qdpx", ".rqda", ".sqlite3"}]


def damage_often(path: Path, folder: Path, seeds: range) -> None:
    """Damage a file from each seed, and read what is left of it."""
    known(path)
    data = path.read_bytes()
    target = folder / path.name
    for seed in seeds:
        target.write_bytes(damage(data, seed))
        try:
            check_outcome(target)
        except Exception as error:
            error.add_note(f"damage {seed} of {path.name}")
            raise


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_damaged_file_adds_up_or_is_a_fault(path, tmp_path):
    damage_often(path, tmp_path, range(min(ONCE, TIMES)))


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_damaged_in_hundreds_of_ways_adds_up_or_is_a_fault(path, tmp_path):
    alike = sum(other.parent == path.parent for other in FILES)
    damage_often(path, tmp_path, range(ONCE, TIMES // FAMILY if alike >= FAMILY else TIMES))


def cut_often(path: Path, folder: Path, times: range) -> None:
    """Cut a file off where a seed says so; what is read of it has all codings, or nothing is."""
    whole = len(known(path).codings)
    data = path.read_bytes()
    target = folder / path.name
    for seed in times:
        target.write_bytes(cut(data, random.Random(f"{path.name} {seed}")))
        try:
            found = read_exports([target])
        except StudyError:
            continue
        assert len(found.codings) + len(found.set_aside) >= whole, seed


@pytest.mark.parametrize("path", WHOLE or FILES, ids=lambda path: path.name)
def test_a_file_that_was_cut_off_is_never_read_as_a_smaller_one(path, tmp_path):
    cut_often(path, tmp_path, range(CUTS))


@pytest.mark.slow
@pytest.mark.parametrize("path", WHOLE or FILES, ids=lambda path: path.name)
def test_a_file_that_was_cut_off_anywhere_is_never_read_as_a_smaller_one(path, tmp_path):
    cut_often(path, tmp_path, range(CUTS, TIMES // 10))
