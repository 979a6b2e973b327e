"""Tables that would fill the memory or end the process are refused before they are laid out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from qdaio.faults import StudyError
from qdaio.files import sheets, text, xlsx
from qdaio.files.sheets import read_sheets
from qdaio.files.source import open_source
from qdaio.registry import read_exports

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>document</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>code</t></is></c></row>'
)


def workbook(
    path: Path, rows: str = "", *, strings: str | None = None, parts: tuple[str, ...] = ("1",)
) -> Path:
    """Write a workbook by hand: a sheet for each of `parts`, all with the same rows."""
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(parts) + 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{part}.xml"/>'
        for n, part in enumerate(parts, 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        )
        for part in dict.fromkeys(parts):
            archive.writestr(
                f"xl/worksheets/sheet{part}.xml",
                f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B2"/>'
                f"<sheetData>{HEADER}{rows}</sheetData></worksheet>",
            )
        if strings is not None:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}" {strings}</sst>')
    return path


def refused(path: Path) -> str:
    with pytest.raises(StudyError) as caught:
        read_sheets(open_source(path))
    return caught.value.faults[0].kind


def test_a_plain_workbook_by_hand_is_read(tmp_path):
    rows = '<row r="2"><c r="A2" t="inlineStr"><is><t>d</t></is></c></row>'
    (sheet,) = read_sheets(open_source(workbook(tmp_path / "a.xlsx", rows)))
    assert sheet.head(2) == [["document", "code"], ["d", None]]


@pytest.mark.parametrize("count", ["4294967295", "99999999999999999999999"])
def test_a_count_of_texts_that_the_file_cannot_hold(tmp_path, count):
    strings = f'count="1" uniqueCount="{count}"><si><t>document</t></si>'
    assert refused(workbook(tmp_path / "a.xlsx", strings=strings)) == "unsafe-archive"


def test_a_tag_of_shared_texts_without_an_end(tmp_path):
    strings = "a" * 100_000 + '="1" uniqueCount="4294967295"><si><t>document</t></si>'
    assert refused(workbook(tmp_path / "a.xlsx", strings=strings)) == "unsafe-archive"


@pytest.mark.parametrize(
    "cell",
    [
        'r="A4294967297"',
        'r="AAAAAAAAAAAAAA3"',
        'r="XFD1048576"',
        'r="xfd1048576"',
        "r='A99999999999999999999999'",
    ],
)
def test_a_reference_beyond_every_sheet(tmp_path, cell):
    rows = f'<row r="3"><c {cell} t="str"><v>x</v></c></row>'
    assert refused(workbook(tmp_path / "a.xlsx", rows)) == "too-large"


def test_a_row_number_beyond_every_sheet(tmp_path):
    rows = '<row r="4294967297"><c t="str"><v>x</v></c></row>'
    assert refused(workbook(tmp_path / "a.xlsx", rows)) == "too-large"


def test_a_far_cell_behind_megabytes_of_near_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "CHUNK", 2_000)
    monkeypatch.setattr(xlsx, "THOROUGH", 1)
    near = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 3000))
    far = '<row r="3000"><c r="ZZ999999"><v>1</v></c><c r="A3000"><v>1</v></c></row>'
    assert refused(workbook(tmp_path / "a.xlsx", near + far + near)) == "too-large"


def test_two_sheets_that_share_one_part(tmp_path):
    assert refused(workbook(tmp_path / "a.xlsx", parts=("1", "1"))) == "unsafe-archive"


def test_more_sheets_than_any_workbook(tmp_path):
    parts = tuple(map(str, range(1, 600)))
    assert refused(workbook(tmp_path / "a.xlsx", parts=parts)) == "too-large"


@pytest.mark.parametrize("large", [10**9, 0], ids=["small", "checked before it is read"])
def test_a_text_that_too_many_cells_repeat(tmp_path, monkeypatch, large):
    monkeypatch.setattr(xlsx, "MAX_TEXT", 10_000_000)
    monkeypatch.setattr(xlsx, "MAX_POSSIBLE", 10_000_000)
    monkeypatch.setattr(xlsx, "LARGE", large)
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 20_000))
    strings = f'count="1" uniqueCount="1"><si><t>{"a" * 5_000}</t></si>'
    assert refused(workbook(tmp_path / "a.xlsx", rows, strings=strings)) == "too-large"


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_a_line_of_separators(tmp_path):
    path = written(tmp_path / "a.csv", "document,code\nd,A" + "," * 20_000 + "\n")
    assert refused(path) == "too-large"


def test_separators_inside_a_cell_are_words(tmp_path):
    words = "one, two, " * 20_000
    path = written(tmp_path / "a.csv", f'document,code,text\nd,A,"{words}"\ne,B,"x\n{words}"\n')
    (sheet,) = read_sheets(open_source(path))
    assert [len(cell or "") for cell in sheet.columns[2]] == [4, len(words), len(words) + 2]


def test_empty_lines_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "MOST_EMPTY", 1_000)
    assert refused(written(tmp_path / "a.csv", "document,code\n" + "\n" * 2_000)) == "too-large"
    few = written(tmp_path / "b.csv", "document,code\n" + "\n" * 900 + "d,A\n")
    assert len(read_exports([few]).codings) == 1


def test_cells_of_which_nearly_all_are_empty(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "FEW_CELLS", 10_000)
    header = ",".join(["document", "code", *(f"h{n}" for n in range(198))])
    empty = written(tmp_path / "a.csv", f"{header}\n" + ("d,A" + "," * 198 + "\n") * 1_000)
    assert refused(empty) == "too-large"
    full = written(tmp_path / "b.csv", f"{header}\n" + ("d,A" + ",1" * 198 + "\n") * 1_000)
    assert read_sheets(open_source(full))[0].height == 1_001


LIGATURE = "\ufdfa"  # one letter that compatibility forms make eighteen of


@pytest.mark.parametrize(
    "table",
    [
        f"document,code\nd,A\nd,{LIGATURE * 300_000}\n",
        f"document,code,{LIGATURE * 300_000}\nd,A,x\n",
        f"document,code,text\nd,A,{LIGATURE * 300_000}\n",
    ],
    ids=["code", "header", "text"],
)
def test_letters_that_compatibility_forms_blow_up_stay_as_they_are(tmp_path, table):
    project = read_exports([written(tmp_path / "a.csv", table)])
    assert len(project.codings) == table.count("\n") - 1


def test_a_code_of_a_hundred_thousand_levels(tmp_path):
    path = written(tmp_path / "a.csv", "document,code\nd," + " > ".join("a" * 100_000) + "\n")
    with pytest.raises(StudyError, match="100,000 levels"):
        read_exports([path])
