"""Cells come out as they stand in the file, and nothing that a file holds can do harm."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from qdaio.faults import StudyError
from qdaio.files.cells import as_text
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source, open_source
from qdaio.registry import read_exports
from tests.support.written_tables import write_xlsx

DATA = Path(__file__).parent / "data"


def sheets(path: Path):
    return read_sheets(open_source(path))


def text_file(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def kind_of_fault(path: Path) -> str:
    with pytest.raises(StudyError) as caught:
        sheets(path)
    return caught.value.faults[0].kind


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, separator):
    rows = [["document", "code", "text"], ["D1", "A", "one, two; three"], ["D2", "B", "x"]]
    content = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    (sheet,) = sheets(text_file(tmp_path, content))
    assert sheet.rows == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_letters_of_every_script_survive_each_encoding(tmp_path, encoding):
    (sheet,) = sheets(text_file(tmp_path, "document,code\nÄ,سلامت\nŁ,🙂\n", encoding))
    assert sheet.columns == [["document", "Ä", "Ł"], ["code", "سلامت", "🙂"]]
    assert sheet.warnings == ()


def test_western_european_text_is_read_with_a_warning(tmp_path):
    (sheet,) = sheets(text_file(tmp_path, "document,code\nMüller,Größe\n", "cp1252"))
    assert sheet.columns[1][1] == "Größe"
    assert "Windows-1252" in sheet.warnings[0]


def test_a_damaged_letter_in_utf_8_is_a_fault_with_its_row(tmp_path):
    content = "document,code\nMüller,Größe\nFähre,Öl\n".encode().replace(b"\xc3\x96", b"\xc3\x28")
    with pytest.raises(StudyError) as caught:
        sheets(text_file(tmp_path, content))
    (fault,) = caught.value.faults
    assert (fault.kind, fault.row) == ("wrong-encoding", 3)


def test_an_open_quotation_mark_at_the_end_is_a_truncated_file(tmp_path):
    assert kind_of_fault(text_file(tmp_path, 'document,code\nD1,"A\nD2,B\n')) == "truncated-file"


def test_blanks_of_every_kind_are_missing(tmp_path):
    (sheet,) = sheets(text_file(tmp_path, "a,b,c,d\n, ,\u00a0,x\n"))
    assert sheet.rows[1] == [None, None, None, "x"]


def test_a_line_that_names_the_separator_is_no_row(tmp_path):
    (sheet,) = sheets(text_file(tmp_path, "sep=;\na;b\n1;2\n"))
    assert sheet.rows == [["a", "b"], ["1", "2"]]
    assert sheet.row_number(1) == 3


def test_rows_count_as_a_person_counts_them_in_a_workbook(tmp_path):
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Late ")
        sheet.write(4, 2, "header")
        sheet.write(5, 2, 7)
    (found,) = sheets(path)
    assert found.name == "Late "
    assert found.columns == [[None] * 4 + ["header", 7]]
    assert found.row_number(5) == 6


def test_whole_numbers_are_whole_and_formulas_give_their_value(tmp_path):
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, value in enumerate(["n", 3, 0.5, True, "4"]):
            sheet.write(row, 0, value)
        sheet.write(0, 1, "f")
        sheet.write_formula(1, 1, "=1+1", value=2)
        sheet.write_formula(2, 1, "=1/0", value="#DIV/0!")
        sheet.write_formula(3, 1, '="=cmd()"', value="=cmd()")
    (found,) = sheets(path)
    assert found.columns[0] == ["n", 3, 0.5, True, "4"]
    assert [type(cell) for cell in found.columns[0]] == [str, int, float, bool, str]
    assert found.columns[1] == ["f", 2, None, "=cmd()", None]


@pytest.mark.parametrize("name", ["kinds.xls", None])
def test_cells_of_an_old_workbook_are_those_that_another_reader_finds(name, request):
    path = DATA / name if name else request.getfixturevalue("real_exports") / "maxqda"
    for file in [path] if name else sorted(path.glob("*.xls")):
        other = CalamineWorkbook.from_path(file)
        for sheet in sheets(file):
            rows = other.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            blank = {"", " ", "\u00a0"}
            theirs = [[None if cell in blank else cell for cell in row] for row in rows]
            assert sheet.rows == theirs


def test_an_old_workbook_holds_dates_long_texts_and_a_hidden_sheet():
    kinds, long, hidden = sheets(DATA / "kinds.xls")
    first = dict(zip(kinds.rows[0], kinds.rows[1], strict=True))
    assert as_text(first["date"]) == "2017-11-30 20:55:15"
    assert as_text(first["day"]) == "2020-02-29"
    assert first["persian"] == "سلامت روان"
    assert max(len(str(cell)) for cell in long.columns[0]) > 8224  # one record holds no more
    assert (hidden.name, hidden.is_visible) == ("Hidden ", False)


@settings(deadline=None, max_examples=200)
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_old_workbook_never_ends_the_program(place, value, cut, tmp_path_factory):
    content = bytearray((DATA / "kinds.xls").read_bytes())
    at = int(place * len(content))
    if cut:
        del content[at:]
    else:
        content[at] = value
    path = tmp_path_factory.getbasetemp() / "damaged.xls"
    path.write_bytes(content)
    with suppress(StudyError):
        sheets(path)


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(
        st.lists(
            st.none()
            | st.integers(-(2**50), 2**50)
            | st.floats(-1e15, 1e15)
            | st.booleans()
            | st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=12,
    )
)
def test_what_was_written_is_read(rows, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "cells.xlsx"
    rows = [["a", "b", "c"], *rows]
    (found,) = sheets(write_xlsx(path, rows))
    blank = {"", " ", "\u00a0"}
    expected = [
        [None if cell in blank and isinstance(cell, str) else cell for cell in row] for row in rows
    ]
    while not any(cell is not None for cell in expected[-1]):
        expected.pop()
    for ours, theirs in zip(found.rows, expected, strict=True):
        assert ours == pytest.approx(theirs)
        assert [type(cell) is bool for cell in ours] == [type(cell) is bool for cell in theirs]


def with_sheet(path: Path, xml: str) -> Path:
    """Write a workbook whose one sheet is the XML given."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = xml.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def with_spaces(path: Path, mebibytes: int) -> Path:
    """Write a workbook whose one sheet is nothing but spaces, a small file."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as member,
    ):
        for _ in range(mebibytes):
            member.write(b" " * (1 << 20))
    return path


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_xml(cells: str, dimension: str = "") -> str:
    data = f"{dimension}<sheetData>{cells}</sheetData>"
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{data}</worksheet>'


ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = {
    "far corner": ONE + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "cell outside of its row": ONE.replace("A1", "A1048576") + ONE.replace("A1", "ZZ2"),
    "17,000 columns without places": '<row r="1">' + "<c><v>1</v></c>" * 17_000 + "</row>",
    "prefixed names": '<x:row r="900000"><x:c r="BA900000"><x:v>1</x:v></x:c></x:row>',
}


@pytest.mark.parametrize("cells", FAR.values(), ids=FAR.keys())
@pytest.mark.parametrize("dimension", ["", '<dimension ref="A1:B2"/>'])
def test_a_sheet_that_reaches_too_far_is_refused(tmp_path, cells, dimension):
    xml = sheet_xml(cells, dimension)
    if "<x:row" in cells:
        xml = xml.replace("<sheetData>", "<x:sheetData>").replace("</sheetData>", "</x:sheetData>")
        xml = xml.replace("<worksheet xmlns=", "<x:worksheet xmlns:x=").replace(
            "</work", "</x:work"
        )
    assert kind_of_fault(with_sheet(tmp_path / "far.xlsx", xml)) == "too-large"


def test_a_million_empty_rows_below_a_table_are_no_rows(tmp_path):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row>' + "".join(
        f'<row r="{row}"><c r="A{row}" s="0"/><c r="B{row}" s="0"/></row>'
        for row in range(2, 200_000)
    )
    (found,) = sheets(with_sheet(tmp_path / "empty.xlsx", sheet_xml(cells)))
    assert found.columns == [[1]]


def test_a_member_that_unpacks_to_gigabytes_is_refused(tmp_path):
    path = with_spaces(tmp_path / "bomb.xlsx", 300)
    assert path.stat().st_size < 1 << 20
    assert kind_of_fault(path) == "unsafe-archive"


def test_a_text_that_a_million_cells_repeat_is_refused(tmp_path):
    path = tmp_path / "repeated.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(20_000):
            sheet.write_string(row, 0, "x" * 32_000)
    assert kind_of_fault(path) == "too-large"


def test_a_workbook_whose_checksum_does_not_hold_is_refused(tmp_path):
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, "header")
    with zipfile.ZipFile(path) as archive:
        item = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    end = item.header_offset + 30 + len(item.filename) + item.compress_size
    content[end - 3] ^= 0x40
    path.write_bytes(content)
    assert kind_of_fault(path) == "truncated-file"


def test_a_workbook_under_another_name_is_read_by_its_content(tmp_path):
    path = tmp_path / "table.csv"
    with xlsxwriter.Workbook(tmp_path / "table.xlsx") as book:
        book.add_worksheet().write(0, 0, "header")
    (tmp_path / "table.xlsx").rename(path)
    assert sheets(path)[0].columns == [["header"]]


def test_a_workbook_with_a_password_says_so(tmp_path):
    # a compound file whose directory names an encrypted package
    path = tmp_path / "locked.xlsx"
    content = bytearray((DATA / "kinds.xls").read_bytes())
    name = "Workbook".encode("utf-16-le") + b"\0\0"
    at = content.index(name)
    new = "EncryptedPackage".encode("utf-16-le") + b"\0\0"
    content[at : at + len(new)] = new
    content[at + 64] = len(new)
    path.write_bytes(content)
    with pytest.raises(StudyError, match="password"):
        sheets(path)


def test_sheets_are_read_once_for_all_readers(tmp_path):
    source = open_source(text_file(tmp_path, "a,b\n1,2\n"))
    assert isinstance(source, Source)
    assert read_sheets(source) is read_sheets(source)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
@pytest.mark.parametrize("case", ["far corner", "repeated", "empty rows", "bomb"])
def test_a_hostile_workbook_needs_less_than_a_gibibyte(case, tmp_path):
    path = tmp_path / "hostile.xlsx"
    if case == "far corner":
        with_sheet(
            path, sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="O1048576"><v>1</v></c></row>')
        )
    elif case == "repeated":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for row in range(100_000):
                sheet.write_string(row, 0, "x" * 32_000)
    elif case == "empty rows":
        with_sheet(path, sheet_xml("".join(f'<row r="{row}"/>' for row in range(1, 1_000_001))))
    else:
        with_spaces(path, 1500)
    program = (
        "import sys; from pathlib import Path\n"
        "from qdaio.files.source import open_source\n"
        "from qdaio.files.sheets import read_sheets\n"
        "from qdaio.faults import StudyError\n"
        "try: read_sheets(open_source(Path(sys.argv[1])))\n"
        "except StudyError: pass\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert int(done.stdout) < 1 << 20  # kibibytes


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("cp1256", "مصاحبه با بیمار درباره هزینه درمان"),
        ("cp1256", "مقابلة مع المريض عن تكلفة العلاج"),
        ("cp1251", "Разговор о лечении и его цене"),
        ("cp1252", "Überraschend schöne Gespräche"),
    ],
)
def test_code_pages_are_told_by_their_words(tmp_path, encoding, word):
    path = tmp_path / "t.csv"
    path.write_bytes(f"document,code\nInterview 1,{word}\n".encode(encoding, errors="replace"))
    (sheet,) = read_sheets(open_source(path))
    written = word.encode(encoding, errors="replace").decode(encoding)
    assert as_text(sheet.columns[1][1]) == written
    assert any(encoding.removeprefix("cp") in said for said in sheet.warnings)


def test_a_sheet_whose_rows_are_formatted_to_the_last_column_is_read(tmp_path):
    path = write_xlsx(tmp_path / "wide.xlsx", {"Codes": [["document", "code"], ["D1", "A"]]})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    empty = b'<c r="XFD2" s="0"/></row>'
    assert b"</row>" in sheet
    head, _, tail = sheet.rpartition(b"</row>")
    members["xl/worksheets/sheet1.xml"] = head + empty + tail
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert len(read_exports([path]).codings) == 1
