"""Exports broken in many ways: the message alone is enough to mend each."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.newstudy import begin_study
from qdaio import convert
from qdaio.faults import StudyError
from tests.support.studies import column_of, edit_sheet

ROOT = Path(__file__).resolve().parents[2]
CHOIR = ROOT / "examples" / "choir"
WORKBOOK = "Coded Segments.xlsx"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports in order: a table and a codebook, a workbook, a project."""
    folder = tmp_path_factory.mktemp("whole")
    for path in (CHOIR / "highlights.csv", CHOIR / "codebook.csv"):
        shutil.copy(path, folder)
    shutil.copy(ROOT / "examples" / "gardens" / WORKBOOK, folder)
    convert(CHOIR / "highlights.csv", CHOIR / "codebook.csv", to=folder / "choir.qdpx")
    return folder


@dataclass(frozen=True)
class Broken:
    """What happens to an export, what must be said, and what a person does who reads it.

    Without a repair, the export is made anew.
    """

    files: tuple[str, ...]
    damage: Callable[[Path], None]
    says: tuple[str, ...]
    repair: Callable[[Path], None] | None = None


def lines(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        path = folder / "highlights.csv"
        rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(change(rows)) + "\n", encoding="utf-8")

    return damage


def bytes_of(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


def cell(row: int, column: str, value: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        def change(rows: list[list[object]]) -> None:
            rows[row - 1][column_of(rows, column)] = value

        edit_sheet(folder / WORKBOOK, change)

    return damage


def all_rows(change: Callable[[list[list[object]]], list[list[object]]]) -> Callable[[Path], None]:
    return lambda folder: edit_sheet(folder / WORKBOOK, change)


def project_file(change: Callable[[bytes], bytes | None]) -> Callable[[Path], None]:
    """Change the file `project.qde` in the project; None leaves it out."""

    def damage(folder: Path) -> None:
        path, made = folder / "choir.qdpx", io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                content: bytes | None = old.read(name)
                if name.endswith(".qde"):
                    content = change(old.read(name))
                if content is not None:
                    new.writestr(name, content)
        path.write_bytes(made.getvalue())

    return damage


def archive(name: str) -> Callable[[bytes], bytes]:
    """Put one file of a name into a zip archive."""

    def pack(data: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as new:
            new.writestr(name, b"x")
        return made.getvalue()

    return pack


TABLE = ("highlights.csv",)
BROKEN = {
    "a download that broke off": Broken(
        (WORKBOOK,), bytes_of(WORKBOOK, lambda data: data[: len(data) // 2]),
        (WORKBOOK, "end is missing", "Export or copy the file again"),
    ),
    "a PDF under another name": Broken(
        (WORKBOOK,), bytes_of(WORKBOOK, lambda data: b"%PDF-1.7\n%%EOF\n"), (WORKBOOK, "a PDF")
    ),
    "the page of a cloud in place of the file": Broken(
        TABLE, bytes_of("highlights.csv", lambda data: b"<!DOCTYPE html><html>Sign in</html>"),
        ("highlights.csv", "a web page", "Export the coded segments"),
    ),
    "an empty file": Broken(
        TABLE, bytes_of("highlights.csv", lambda data: b""),
        ("highlights.csv", "0 bytes", "Export the file again"),
    ),
    "a row that was cut": Broken(
        TABLE, lines(lambda rows: [*rows[:5], "9,P1 interview", *rows[5:]]),
        ("highlights.csv, row 6", "2 cells", "4, as in the header"),
        lines(lambda rows: [*rows[:5], *rows[6:]]),
    ),
    "a quotation mark that is not closed": Broken(
        TABLE, lines(lambda rows: [*rows[:5], '9,P1 interview,"trust,said', *rows[5:]]),
        ("highlights.csv, row 6", "quotation marks that do not match", "mend the row"),
        lines(lambda rows: [row.replace('"trust', "voice changes") for row in rows]),
    ),
    "two exports pasted together": Broken(
        TABLE, lines(lambda rows: [*rows[:5], *rows]),
        ("highlights.csv, row 6", "headers in the middle", "Delete the row"),
        lines(lambda rows: [*rows[:5], *rows[6:]]),
    ),
    "a code that the codebook lacks": Broken(
        ("highlights.csv", "codebook.csv"),
        lines(lambda rows: [rows[0], rows[1].replace("interview,", "interview,X", 1), *rows[2:]]),
        ("highlights.csv, row 2", "unknown code", "Correct the code"),
        lines(lambda rows: [rows[0], rows[1].replace("interview,X", "interview,", 1), *rows[2:]]),
    ),
    "a codebook without codings": Broken(
        ("codebook.csv",), lambda folder: None, ("no coding", "Export the coded segments too"),
        lambda folder: None,
    ),
    "a column with a name of one's own": Broken(
        (WORKBOOK,), cell(1, "Code", "My label"),
        (WORKBOOK, "row 1", 'column "Code"', "rename the header"), cell(1, "My label", "Code"),
    ),
    "a segment without a code": Broken(
        (WORKBOOK,), cell(4, "Code", ""),
        (WORKBOOK, "row 4", 'column "Code"', "Fill it in"), cell(4, "Code", "Other"),
    ),
    "a code that a formula lost": Broken(
        (WORKBOOK,), cell(4, "Code", "#REF!"),
        (WORKBOOK, "row 4", 'column "Code"', "#REF!", "Mend the formula"), cell(4, "Code", "Other"),
    ),
    "a document that a formula did not find": Broken(
        (WORKBOOK,), cell(4, "Document name", "#N/A"),
        (WORKBOOK, "row 4", "#N/A", "write the name itself"), cell(4, "Document name", "T1"),
    ),
    "a segment without a document": Broken(
        (WORKBOOK,), cell(4, "Document name", ""),
        (WORKBOOK, "row 4", 'column "Document name"', "Fill it in"), cell(4, "Document name", "T1"),
    ),
    "a row with a cell too many": Broken(
        TABLE, lines(lambda rows: [*rows[:5], rows[5] + ",more", *rows[6:]]),
        ("highlights.csv, row 6", "expected 4", "missing or too many"),
        lines(lambda rows: [*rows[:5], rows[5].removesuffix(",more"), *rows[6:]]),
    ),
    "a header that the program does not write": Broken(
        TABLE, lines(lambda rows: [rows[0].replace("tag", "label"), *rows[1:]]),
        ("highlights.csv", "Run the command without --yes", 'codes = ["label"]'),
        lines(lambda rows: [rows[0].replace("label", "tag"), *rows[1:]]),
    ),
    "a table of participants": Broken(
        TABLE, lines(lambda rows: ["Person,Age,Voice", "P1,30,alto", "P2,41,bass"]),
        ("highlights.csv", "--participants"),
    ),
    "a file of Apple Numbers": Broken(
        (WORKBOOK,), bytes_of(WORKBOOK, archive("Index/Document.iwa")),
        (WORKBOOK, "Apple Numbers", "export it as .xlsx"),
    ),
    "exports in an archive": Broken(
        (WORKBOOK,), bytes_of(WORKBOOK, archive("data/segments.xlsx")),
        (WORKBOOK, "Unpack the archive"),
    ),
    "an empty database": Broken(
        (WORKBOOK,), bytes_of(WORKBOOK, lambda data: b"SQLite format 3\0" + bytes(200)),
        (WORKBOOK, "not complete", "Export or copy the file again"),
    ),
    "a row of headers that was deleted": Broken(
        (WORKBOOK,), all_rows(lambda rows: rows[1:]),
        (WORKBOOK, "the row of headers were missing", "write the headers above it"),
    ),
    "a picture of the table": Broken(
        (WORKBOOK,), bytes_of(WORKBOOK, lambda data: b"\x89PNG\r\n\x1a\n" + bytes(90)),
        (WORKBOOK, "a picture", "Export the coded segments"),
    ),
    "headers without rows": Broken(
        (WORKBOOK,), all_rows(lambda rows: rows[:1]), ("no coding", "with all documents activated"),
    ),
    "a project whose list of codings is cut": Broken(
        ("choir.qdpx",), project_file(lambda data: data[: len(data) // 2]),
        ("choir.qdpx", "project.qde", "row", "Export or copy the file again"),
    ),
    "a project without its list of codings": Broken(
        ("choir.qdpx",), project_file(lambda data: None),
        ("choir.qdpx", "without its project.qde", "export it again as .qdpx"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_the_message_alone_is_enough_to_mend_an_export(whole, tmp_path, name):
    broken = BROKEN[name]
    folder = Path(shutil.copytree(whole, tmp_path / "exports"))
    files = [folder / file for file in broken.files]
    broken.damage(folder)
    with pytest.raises(StudyError) as caught:
        begin_study(tmp_path / "study", files)
    (fault,) = caught.value.faults
    for words in broken.says:
        assert words in str(fault)
    assert fault.remedy
    assert not (tmp_path / "study").exists()
    if broken.repair is None:
        for file in broken.files:
            shutil.copy(whole / file, folder)
    else:
        broken.repair(folder)
    if name == "a codebook without codings":
        files.append(folder / "highlights.csv")
    begin_study(tmp_path / "study", files)
