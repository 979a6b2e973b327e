"""A beginner's mistakes: each is found by a check, with its row, and its remedy works."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from analysis.check.study import find_faults
from analysis.newstudy import begin_study
from qdaio.faults import Fault, StudyError
from tests.support.studies import replace_text, write_rows

CODINGS, DOCUMENTS = "data-raw/exports/tidy/codings.csv", "data-raw/exports/tidy/documents.csv"
PEOPLE, MAP = "data-raw/participants/people.csv", "data-raw/framework/map.csv"
STUDY, TEXT = "study.toml", "report/manuscript.qmd"
EXPORT, FRAME = "data-raw/exports/tidy", "data-raw/framework/dimensions.csv"
BOOK = "notebooks/03-frequencies.ipynb"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study in order: four people in two groups, with dates, minutes and a framework."""
    folder = tmp_path_factory.mktemp("sound")
    tidy = folder / "tidy"
    tidy.mkdir()
    (tidy / "codings.csv").write_text(
        "document,code,text\nP1 talk,Care > Time,a\nP1 talk,Care > Trust,b\n"
        "P2 talk,Care > Time,c\nP3 talk,Money > Cost,d\nP3 talk,Care > Trust,e\n"
        "P4 talk,Money > Cost,f\n",
        encoding="utf-8",
    )
    (tidy / "documents.csv").write_text(
        "document,Date,Minutes\nP1 talk,2024-05-31,30\nP2 talk,2024-06-13,45\n"
        "P3 talk,2024-06-20,50\nP4 talk,2024-07-01,20\n",
        encoding="utf-8",
    )
    (folder / "people.csv").write_text(
        "Person,Group,Gender,Age\nP1,Staff,Female,30\nP2,Staff,Male,41\n"
        "P3,Patients,Female,52\nP4,Patients,Female,63\n",
        encoding="utf-8",
    )
    (folder / "frame.csv").write_text("name\nCare\nMoney\n", encoding="utf-8")
    begun = begin_study(
        folder / "study", [tidy], participants=folder / "people.csv", framework=folder / "frame.csv"
    )
    return begun.folder


Change = tuple[str, str, str]  # file, what stands there, what is written in its place


@dataclass(frozen=True)
class Mistake:
    """What a person does wrong, what a check must say of it, and what its remedy means."""

    does: Change | Callable[[Path], None]
    kind: str
    row: int | str | None  # the row, or words of the line of study.toml; None where there is none
    says: tuple[str, ...]
    remedy: Change | Callable[[Path], None] | None = None  # None: the change taken back
    file: str = STUDY
    also: tuple[str, ...] = field(default=())  # kinds of further faults that belong to it


def people(*rows: str) -> Callable[[Path], None]:
    """Write the table of participants as a workbook whose name says CSV, or add a sheet."""
    return lambda folder: write_rows(folder / PEOPLE, [row.split(",") for row in rows])


def empty(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(b"")


def latin(folder: Path) -> None:
    text = (folder / STUDY).read_text(encoding="utf-8").replace('"Study"', '"Étude"')
    (folder / STUDY).write_bytes(text.encode("cp1252"))


def as_utf8(folder: Path) -> None:
    text = (folder / STUDY).read_bytes().decode("cp1252")
    (folder / STUDY).write_text(text, encoding="utf-8")


def whole_people(folder: Path) -> None:
    (folder / PEOPLE).write_text(
        "Person,Group,Gender,Age\nP1,Staff,Female,30\nP2,Staff,Male,41\n"
        "P3,Patients,Female,52\nP4,Patients,Female,63\n",
        encoding="utf-8",
    )


MISTAKES = {
    "a key is misspelt": Mistake(
        (STUDY, "\ntitle =", "\ntitel ="), "unknown-key", "titel", ('Did you mean "title"?',)
    ),
    "a key stands twice": Mistake(
        (STUDY, 'title = "Study"', 'title = "Study"\ntitle = "Again"'),
        "bad-study-file", "Again", ("title a second time", "Keep one"),
    ),
    "a table stands twice": Mistake(
        (STUDY, "\n[manuscript]", '\n[numbers]\nsd = "sample"\n\n[manuscript]'),
        "bad-study-file", None, ("[numbers] a second time", "Keep one"),
    ),
    "a quotation mark is missing": Mistake(
        (STUDY, 'title = "Study"', 'title = "Study'),
        "bad-study-file", "title =", ("quotation mark without its partner",),
    ),
    "quotation marks are curly": Mistake(
        (STUDY, 'title = "Study"', "title = “Study”"),
        "bad-study-file", "title =", ("curly", "straight quotation marks"),
    ),
    "a path has backslashes": Mistake(
        (STUDY, f'"{PEOPLE}"', '"data-raw\\participants\\people.csv"'),
        "bad-study-file", "people.csv", ("Write paths with /",),
    ),
    "a path leads out of the folder": Mistake(
        (STUDY, f'"{PEOPLE}"', '"C:/Users/me/people.csv"'),
        "bad-value", "people.csv", ("Put the file below data-raw/",),
    ),
    "the study file is saved in an old encoding": Mistake(
        latin, "wrong-encoding", "tude", ("Save the file as UTF-8",), as_utf8
    ),
    "true stands in quotation marks": Mistake(
        (STUDY, 'name = "Gender"', 'name = "Gender"\nmissing = "true"'),
        "bad-value", "missing", ("true or false",),
        (STUDY, 'missing = "true"', "missing = true"),
    ),
    "an author is a text": Mistake(
        (STUDY, '[{ name = "Your Name" }]', '["Your Name"]'),
        "bad-value", "authors", ('{ name = "Your Name" }',),
    ),
    "the status is a word of one's own": Mistake(
        (STUDY, '"original"', '"real"'), "bad-value", "status", ('"synthetic" or "original"',)
    ),
    "an export lies elsewhere": Mistake(
        (STUDY, "exports/tidy", "export/tidy"),
        "missing-file", None, ("correct its path in study.toml",), file="data-raw/export/tidy",
    ),
    "a file that was moved is told once": Mistake(
        lambda folder: (folder / PEOPLE).rename(folder / "people.csv"),
        "missing-file", None, ("Put the file back",),
        lambda folder: None if (folder / PEOPLE).exists() else whole_people(folder), PEOPLE,
    ),
    "the column of the id is misspelt": Mistake(
        (STUDY, 'file_id = "Person"', 'file_id = "Persn"'),
        "missing-column", None, ('Did you mean "Person"?', "participants.file_id"), file=PEOPLE,
    ),
    "a variable is misspelt": Mistake(
        (STUDY, 'name = "Gender"', 'name = "Gendr"'),
        "missing-column", "Gendr", ('Did you mean "Gender"?',),
    ),
    "the group's column is misspelt": Mistake(
        (STUDY, 'group = "Group"', 'group = "Grup"'),
        "missing-column", "Grup", ('Did you mean "Group"?',),
    ),
    "a group is misspelt": Mistake(
        (PEOPLE, "P2,Staff", "P2,Staf"), "unknown-group", 3, ('Did you mean "Staff"?',), file=PEOPLE
    ),
    "a level is written otherwise": Mistake(
        (PEOPLE, "P4,Patients,Female", "P4,Patients,female"),
        "unknown-level", 5, ('Did you mean "Female"?',), file=PEOPLE,
    ),
    "a participant stands twice": Mistake(
        (PEOPLE, "P2,Staff", "P1,Staff"),
        "duplicate-participant", 3, ('"P1" a second time', "Keep one row"), file=PEOPLE,
        remedy=(PEOPLE, "P1,Staff,Male", "P2,Staff,Male"),
        also=("segment-without-participant",),
    ),
    "an id differs in case": Mistake(
        (PEOPLE, "P2,", "p2,"),
        "participant-without-segments", 3, ('"p2" for "P2"', "as the export has them"), file=PEOPLE,
    ),
    "an id has a zero in front": Mistake(
        (PEOPLE, "P2,", "P02,"),
        "participant-without-segments", 3, ('"P02" for "P2"', "as the export has them"),
        file=PEOPLE,
    ),
    "thousands are parted by a comma": Mistake(
        (PEOPLE, "Male,41", 'Male,"1,041"'), "bad-number", 3, ('"1,041"', "without"),
        (PEOPLE, '"1,041"', "41"), PEOPLE,
    ),
    "a number is a word": Mistake(
        (PEOPLE, "Male,41", "Male,forty-one"), "bad-number", 3, ("a whole number",), file=PEOPLE
    ),
    "a value is missing": Mistake(
        (PEOPLE, "P4,Patients,Female", "P4,Patients,"),
        "missing-value", 5, ("P4", "missing = true"),
        (STUDY, 'name = "Gender"', 'name = "Gender"\nmissing = true'), PEOPLE,
    ),
    "a row has a cell too many": Mistake(
        (PEOPLE, "Male,41", "Male,41,,"),
        "wrong-format", 3, ("6 cells", "4, as in the header"), file=PEOPLE,
    ),
    "a table is empty": Mistake(
        empty(PEOPLE), "empty-file", None, ("0 bytes",), whole_people, PEOPLE
    ),
    "a sheet of notes stands alone": Mistake(
        people("Notes", "ask Ann about P4"), "missing-column", None, ("Notes", "file_id"),
        whole_people, PEOPLE,
    ),
    "the days of a range are exchanged": Mistake(
        (STUDY, "\nduration", '\ndate_range = ["2024-12-31", "2024-01-01"]\nduration'),
        "bad-value", "date_range", ("Exchange the two days",),
        (STUDY, '["2024-12-31", "2024-01-01"]', '["2024-01-01", "2024-12-31"]'),
    ),
    "a day could be read in two ways": Mistake(
        (DOCUMENTS, "2024-05-31", "05/06/2024"),
        "ambiguous-date", None, ("2024-06-05 or 2024-05-06", 'date_order = "day-first"'),
        (STUDY, "\nduration", '\ndate_order = "day-first"\nduration'), DOCUMENTS,
    ),
    "a day is none": Mistake(
        (DOCUMENTS, "2024-05-31", "31 May"), "bad-date", 2, ("31.05.2023",),
        (DOCUMENTS, "31 May", "31.05.2024"), DOCUMENTS,
    ),
    "a level of the codes has no name": Mistake(
        (STUDY, 'levels = ["Category", "Code"]', 'levels = ["Category"]'),
        "bad-value", "[hierarchy]", ("`plurals` needs one word for each of `levels`",),
    ),
    "a dimension is misspelt": Mistake(
        (MAP, "Money,money", "Money,mony"), "unknown-dimension", 3, ('Did you mean "money"?',),
        file=MAP,
    ),
    "a category is misspelt": Mistake(
        (MAP, "Money,money", "Monney,money"),
        "unknown-category", 3, ("Correct the name",), file=MAP, also=("unmapped-category",),
    ),
    "a document is misspelt": Mistake(
        (CODINGS, "P2 talk", "P2 tlk"), "unknown-document", 4, ('Did you mean "P2 talk"?',),
        file=CODINGS,
    ),
    "a code is missing": Mistake(
        (CODINGS, "P1 talk,Care > Time,a", "P1 talk,,a"),
        "missing-value", 2, ("a code",), file=CODINGS,
    ),
    "a header is misspelt": Mistake(
        (CODINGS, "document,code", "documnt,code"),
        "missing-column", 1, ('"documnt"', '"document" and "code"'), file=CODINGS,
    ),
    "a coder whom nobody knows": Mistake(
        (STUDY, "\n# [coders]", '\n[coders]\nmain = "Ann"\n# [coders]'),
        "unknown-coder", "Ann", ("remove the key",), (STUDY, '\nmain = "Ann"', ""),
    ),
    "a number's name is misspelt": Mistake(
        (TEXT, "var summary.codings", "var summary.coding"),
        "unknown-variable", None, ('Did you mean "summary.codings"?',), file=TEXT,
    ),
    "a table is misspelt": Mistake(
        (STUDY, "[manuscript]", "[manuscrpt]"),
        "unknown-key", "manuscrpt", ('Did you mean "manuscript"?',),
    ),
    "one bracket is missing": Mistake(
        (
            STUDY,
            '[[participants.variables]]\nname = "Gender"',
            '[participants.variables]\nname = "Gender"',
        ),
        "bad-study-file", "participants.variables", ("[[participants.variables]]", "two brackets"),
    ),
    "a list is a text": Mistake(
        (STUDY, f'["{EXPORT}"]', f'"{EXPORT}"'),
        "bad-value", "exports", ("a list in square brackets",),
    ),
    "a decimal has a comma": Mistake(
        (STUDY, "percent_decimals = 1", "percent_decimals = 1,5"),
        "bad-study-file", "1,5", ("a decimal comma", "with a point"),
    ),
    "true has a capital": Mistake(
        (STUDY, 'name = "Gender"', 'name = "Gender"\nmissing = True'),
        "bad-study-file", "True", ("Write true or false, in small letters",),
    ),
    "a colon stands for the equals sign": Mistake(
        (STUDY, 'file_id = "Person"', 'file_id: "Person"'),
        "bad-study-file", "file_id", ("a key that no = follows",),
    ),
    "a text has no quotation marks": Mistake(
        (STUDY, 'file_id = "Person"', "file_id = Person"),
        "bad-study-file", "file_id", ("Write it in quotation marks",),
    ),
    "a list lacks a comma": Mistake(
        (STUDY, '"html", "docx"', '"html" "docx"'),
        "bad-study-file", "formats", ("Part its values by commas",),
    ),
    "a list is not closed": Mistake(
        (STUDY, '"pdf", "jats"]', '"pdf", "jats"'),
        "bad-study-file", "formats", ("close it by ]",),
    ),
    "a note begins otherwise": Mistake(
        (STUDY, "\n[data]", "\n// my data\n[data]"), "bad-study-file", "//", ("Begin notes with #",)
    ),
    "a path of Windows in single marks": Mistake(
        (STUDY, f'"{EXPORT}"', "'data-raw\\exports\\tidy'"),
        "bad-value", "exports", (f"Write {EXPORT}",),
    ),
    "the study file ends in .txt": Mistake(
        lambda folder: (folder / STUDY).rename(folder / "study.toml.txt"),
        "missing-study", None, ('"study.toml.txt"',),
        lambda folder: (folder / "study.toml.txt").rename(folder / STUDY),
    ),
    "a group stands twice": Mistake(
        (STUDY, '["Staff", "Patients"]', '["Staff", "Patients", "Staff"]'),
        "bad-value", "[participants]", ("each group once",),
    ),
    "a group is empty": Mistake(
        (PEOPLE, "P2,Staff", "P2,"),
        "unknown-group", None, ("nothing for participant P2", "Fill in"),
        file=PEOPLE,
    ),
    "a number has its unit": Mistake(
        (PEOPLE, "Male,41", "Male,41 years"), "bad-number", 3, ("missing = true",), file=PEOPLE
    ),
    "a sign stands for what is not known": Mistake(
        (PEOPLE, "Male,41", "Male,?"), "bad-number", 3, ("leave the cell empty", "missing = true"),
        file=PEOPLE,
    ),
    "a day is a number of a spreadsheet": Mistake(
        (DOCUMENTS, "2024-06-13", "45456"),
        "bad-date", 3, ("45456 is 2024-06-13", "as dates"), file=DOCUMENTS,
    ),
    "minutes are written as hours": Mistake(
        (DOCUMENTS, ",45", ",1:30"), "bad-number", 3, ("minutes, as a number",), file=DOCUMENTS
    ),
    "a category is called a number": Mistake(
        (STUDY, 'name = "Gender"', 'name = "Gender"\nkind = "number"'),
        "bad-value", "Gender", ("no value in the file is a number", '`kind = "category"`'),
        (STUDY, 'kind = "number"', 'kind = "category"'),
    ),
    "a pattern lacks a bracket": Mistake(
        (STUDY, 'pattern = "', 'pattern = "('),
        "bad-value", "pattern", ("a regular expression, such as", "missing )"),
    ),
    "the ends of a range are exchanged": Mistake(
        (STUDY, 'name = "Age"', 'name = "Age"\nminimum = 90\nmaximum = 18'),
        "bad-value", "[[participants.variables]]", ("exchange the two",),
        (STUDY, "minimum = 90\nmaximum = 18", "minimum = 18\nmaximum = 90"),
    ),
    "two paths stand in one text": Mistake(
        (STUDY, f'["{EXPORT}"]', f'["{EXPORT}/codings.csv, {EXPORT}/documents.csv"]'),
        "bad-value", "exports", ("each path in quotation marks of its own",),
    ),
    "the first part of a table's name is misspelt": Mistake(
        (STUDY, "\n[manuscript]", "\n[parameter.frequencies]\ntop = 5\n\n[manuscript]"),
        "unknown-key", "parameter.frequencies", ('Did you mean "parameters"?',),
    ),
    "a document is described twice": Mistake(
        lambda folder: append(folder / DOCUMENTS, "P1 talk,2024-05-31,30\n"),
        "duplicate-document", 6, ("P1 talk", "second time"),
        (DOCUMENTS, "P1 talk,2024-05-31,30\nP2", "P2"), DOCUMENTS,
    ),
    "a column of the framework is misspelt": Mistake(
        (FRAME, "id,number,name", "id,no,name"),
        "missing-column", 1, ('Rename "no" to "number"',), file=FRAME, also=("unknown-column",),
    ),
    "a category is on no dimension": Mistake(
        (MAP, "Money,money\n", ""),
        "unmapped-category", None, ('Add a row: "Money"',),
        (MAP, "Care,care\n", "Care,care\nMoney,money\n"), MAP,
    ),
    "a path of codes is deeper": Mistake(
        (CODINGS, "Money > Cost,d", "Money > Cost > Bus,d"),
        "wrong-levels", "levels", ("Money > Cost > Bus", "Name each level"),
    ),
    "the brackets of a number are not whole": Mistake(
        (TEXT, "{{< var summary.codings >}}", "{{ var summary.codings }}"),
        "broken-shortcode", 57, ("all its brackets",), file=TEXT,
    ),
    "a notebook was taken away": Mistake(
        lambda folder: (folder / BOOK).rename(folder / "book"),
        "unknown-name", None, ("study new --update",),
        lambda folder: (folder / "book").rename(folder / BOOK), "notebooks/05-audit.ipynb",
    ),
    "a notebook is cut off": Mistake(
        lambda folder: shutil.copy(folder / BOOK, folder / "book")
        and (folder / BOOK).write_bytes((folder / BOOK).read_bytes()[:500]),
        "wrong-format", None, ("Restore the notebook",),
        lambda folder: (folder / "book").replace(folder / BOOK), BOOK,
    ),
    "a variant has a value that is none": Mistake(
        lambda folder: append(folder / STUDY, '\n[variants.gender]\ngroup_by = "Gendre"\n'),
        "bad-parameter", "Gendre", ('Did you mean "gender"?',), (STUDY, "Gendre", "gender"),
    ),
    "a parameter is misspelt": Mistake(
        lambda folder: append(folder / STUDY, '\n[parameters]\ngroup_by = "gendr"\n'),
        "bad-parameter", "gendr", ('Did you mean "gender"?',), (STUDY, "gendr", "gender"),
    ),
}  # fmt: skip


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def do(folder: Path, change: Change | Callable[[Path], None]) -> None:
    if callable(change):
        change(folder)
    else:
        name, old, new = change
        replace_text(folder / name, old, new)


def faults_of(folder: Path) -> list[Fault]:
    try:
        return find_faults(folder)[0]
    except StudyError as error:
        return list(error.faults)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_and_goes_when_its_remedy_is_followed(sound, tmp_path, name):
    mistake = MISTAKES[name]
    folder = Path(shutil.copytree(sound, tmp_path / "study"))
    do(folder, mistake.does)
    faults = faults_of(folder)
    assert sorted(fault.kind for fault in faults) == sorted([mistake.kind, *mistake.also]), faults
    fault = next(fault for fault in faults if fault.kind == mistake.kind)
    assert fault.file == mistake.file
    assert fault.remedy
    for words in mistake.says:
        assert words in str(fault)
    if isinstance(mistake.row, int):
        assert fault.row == mistake.row
    elif mistake.row is not None:
        content = (folder / STUDY).read_bytes().decode("utf-8", errors="replace")
        assert mistake.row in content.splitlines()[fault.row - 1]
    if mistake.remedy is not None:
        do(folder, mistake.remedy)
    else:
        file, old, new = mistake.does
        replace_text(folder / file, new, old)
    assert faults_of(folder) == []


def as_workbook(folder: Path) -> None:
    """Save the table as Excel does, behind a sheet of notes, under its old name."""
    import xlsxwriter

    text = (folder / PEOPLE).read_text(encoding="utf-8")
    with xlsxwriter.Workbook(str(folder / PEOPLE)) as book:
        book.add_worksheet("Notes").write(0, 0, "ask Ann about P4")
        sheet = book.add_worksheet("People")
        for at, line in enumerate(text.splitlines()):
            sheet.write_row(at, 0, line.split(","))


def rewritten(change: Callable[[str], bytes]) -> Callable[[Path], None]:
    def rewrite(folder: Path) -> None:
        path = folder / PEOPLE
        path.write_bytes(change(path.read_text(encoding="utf-8")))

    return rewrite


@pytest.mark.parametrize(
    "does",
    [
        pytest.param(rewritten(lambda text: b"\xef\xbb\xbf" + text.encode()), id="byte order mark"),
        pytest.param(rewritten(lambda text: text.replace(",", ";").encode()), id="semicolons"),
        pytest.param(rewritten(lambda text: text.replace(",", "\t").encode()), id="tabs"),
        pytest.param(rewritten(lambda text: text.encode("utf-16")), id="UTF-16"),
        pytest.param(rewritten(lambda text: text.replace("\n", "\r\n").encode()), id="Windows"),
        pytest.param(rewritten(lambda text: text.replace("41", '"41,0"').encode()), id="comma"),
        pytest.param(
            rewritten(lambda text: text.replace("41", "۴۱").encode()), id="Persian digits"
        ),
        pytest.param(
            rewritten(lambda text: b"Participants of the study,,,\n,,,\n" + text.encode()),
            id="a title above",
        ),
        pytest.param(as_workbook, id="a workbook with a sheet of notes in front"),
    ],
)
def test_what_programs_make_of_a_table_is_no_mistake(sound, tmp_path, does):
    folder = Path(shutil.copytree(sound, tmp_path / "study"))
    does(folder)
    assert faults_of(folder) == []
