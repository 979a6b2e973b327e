"""Hostile files of each kind end in a plain fault within 10 seconds of CPU and 1 GiB."""

from __future__ import annotations

import importlib.util
import json
import random
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.qdaio.test_hostile_tables import workbook
from tests.qdaio.test_rqda import small

MIB = 1 << 20
MOST_SECONDS = 10

# Reads a file with a limit of CPU time, and says what came of it and its peak of memory.
READ = """
import json, re, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
from qdaio.faults import StudyError
from qdaio.registry import read_exports
try:
    said = len(read_exports([Path(sys.argv[1])]).codings)
except StudyError as error:
    said = error.faults[0].kind
status = Path("/proc/self/status")
if status.is_file():  # the other measure counts what the parent held when it started us
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024
else:
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(json.dumps([said, peak]))
"""

LAUGHS = (
    '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
PROJECT = '<Project xmlns="urn:QDA-XML:project:1.0" origin="x"><CodeBook><Codes>'
PROJECT += '<Code guid="1" name="a"/></Codes></CodeBook>'
SOURCE = '<Sources><TextSource guid="2" name="t" plainTextPath="internal://a.txt">'
SOURCE += '<PlainTextSelection guid="3" startPosition="0" endPosition="9"><Coding guid="4">'
SOURCE += '<CodeRef targetGUID="1"/></Coding></PlainTextSelection></TextSource></Sources>'
DEEP = 100_000


def text(name: str, content: str) -> Callable[[Path], Path]:
    """Give what writes a file of this content."""

    def write(folder: Path) -> Path:
        path = folder / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


def archive(name: str, members: dict[str, tuple[str, int]]) -> Callable[[Path], Path]:
    """Give what writes a zip; of each member what it holds, and how often."""

    def write(folder: Path) -> Path:
        path = folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            for member, (content, times) in members.items():
                with file.open(member, "w", force_zip64=True) as stream:
                    for _ in range(times):
                        stream.write(content.encode())
        return path

    return write


def shared_texts(folder: Path) -> Path:
    strings = f'count="1" uniqueCount="1"><si><t>{"A" * 300 * MIB}</t></si>'
    return workbook(folder / "a.xlsx", strings=strings)


def laughing_workbook(folder: Path) -> Path:
    path = workbook(folder / "a.xlsx")
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/sharedStrings.xml", f"{LAUGHS}<sst><si><t>&j;</t></si></sst>")
    return path


def nothing_but_noise(folder: Path) -> Path:
    path = folder / "a.rqda"
    path.write_bytes(b"SQLite format 3\x00" + random.Random(1).randbytes(3 * MIB))
    return path


def endless_view(folder: Path) -> Path:
    path = small(folder / "a.rqda")
    with closing(sqlite3.connect(path)) as base:
        base.execute("ALTER TABLE coding RENAME TO other")
        base.execute(
            "CREATE VIEW coding AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r)"
            " SELECT 1 AS cid, 1 AS fid, 't' AS seltext, x AS selfirst, x AS selend, 1 AS status,"
            " 'o' AS owner, 'd' AS date, 'm' AS memo FROM r"
        )
        base.commit()
    return path


def grown_column(folder: Path) -> Path:
    path = small(folder / "a.rqda")
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            "ALTER TABLE coding RENAME TO other;"
            "CREATE TABLE coding (cid integer, fid integer, seltext text GENERATED ALWAYS AS"
            " (printf('%.*c', 90000000, 'x')) VIRTUAL, selfirst real, selend real,"
            " status integer, owner text, date text, memo text);"
            "INSERT INTO coding (cid, fid, selfirst, selend, status, owner, date, memo)"
            " SELECT cid, fid, selfirst, selend, status, owner, date, memo FROM other;"
        )
    return path


LEADING_OUT = {"../../../evil.txt": ("x", 1), "/evil.txt": ("x", 1)}
FILES: dict[str, Callable[[Path], Path]] = {
    "entities in a project": text("a.qde", f"{LAUGHS}{PROJECT}&j;</Project>"),
    "entities in a workbook": laughing_workbook,
    "an entity from a file": text(
        "a.qde",
        f'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hosts">]>{PROJECT}&x;</Project>',
    ),
    "elements without end": text("a.qde", PROJECT + "<a>" * 1_000_000),
    "a source of a gigabyte": archive(
        "a.qdpx",
        {
            "project.qde": (f"{PROJECT}{SOURCE}</Project>", 1),
            "sources/a.txt": ("a" * MIB, 1024),
        },
    ),
    "a project of a gigabyte": archive("a.qdpx", {"project.qde": (" " * MIB, 1024)}),
    "names that lead out of the archive": archive(
        "a.qdpx", {"project.qde": (f"{PROJECT}</Project>", 1), **LEADING_OUT}
    ),
    "one shared text of 300 MiB": shared_texts,
    "a database of noise": nothing_but_noise,
    "a table without end": endless_view,
    "a column that grows": grown_column,
    "arrays in arrays": text("a.json", "[" * 1_000_000),
    "objects in objects": text("a.jsonl", '{"text":' * 1_000_000),
    "arrays in a label": text("a.jsonl", '{"text": "a", "label": ' + "[" * DEEP + "]" * DEEP + "}"),
    "a number of a million digits": text(
        "a.jsonl", '{"text": "a", "label": [[0, ' + "9" * 1_000_000 + ', "A"]]}'
    ),
    "a deep code of Taguette": text(
        "a.csv", "id,document,tag,content\n1,d," + ".".join("a" * DEEP) + ",words\n"
    ),
    "a deep code of MAXQDA": text(
        "a.csv",
        "Document group;Document name;Code;Beginning;End;Segment\ng;d;"
        + " > ".join("a" * DEEP)
        + ";1;1;words\n",
    ),
}


# too deep for a tree, and so one code with a long name
ONE_CODE = {"a deep code of Taguette"}


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("resource") is None, reason="limits are set on Unix only"
)
@pytest.mark.parametrize("kind", FILES)
def test_a_hostile_file_ends_in_a_plain_fault(tmp_path, kind):
    folder = tmp_path / "here" / "is" / "it"
    folder.mkdir(parents=True)
    path = FILES[kind](folder)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), str(MOST_SECONDS)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-500:]
    said, peak = json.loads(done.stdout)
    assert peak < 1024 * MIB
    assert said == 1 if kind in ONE_CODE else isinstance(said, str), said
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [path.name]
