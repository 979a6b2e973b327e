"""Every kind of table in the forms in which people have it: language, columns, separators, files.

One small project is written in every form, and each must give the same documents, codes and
codings, or (where a form cannot hold a column) say so. Headers of languages whose files nobody
could look at are those that the program's manual or interface gives.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from qdaio.model import CodedProject
from qdaio.programs.maxqda.words import HEADERS
from qdaio.registry import read_exports
from tests.support.written_tables import write_xlsx

LANGUAGES = sorted({language for labels in HEADERS.values() for language in labels})
ORDER = ["colour", "comment", "group", "document", "code", "start", "end", "weight", "text"]
CODINGS = [
    ("G1", "Ann", "Care > Time", 3, "There was no time for anything at all."),
    ("G1", "Ann", "Care > Cost", 4, "Who is to pay, I asked; nobody knew."),
    ("G2", "Ben", "Care > Time", 7, "They came, too late, and left again."),
]
FORMS = ["xlsx", "comma", "semicolon", "tab", "utf-16", "blank rows", "title", "extra", "empty"]
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "utf-16": "\t"}


def segments(language: str, order: list[str] = ORDER) -> list[list[object]]:
    """Give the header of a language, and the codings in an order of columns."""
    have = [name for name in order if language in HEADERS[name]]
    rows: list[list[object]] = [[HEADERS[name][language][0] for name in have]]
    for group, document, code, place, text in CODINGS:
        row = {"colour": "●", "comment": "\u00a0", "group": group, "document": document}
        row |= {"code": code, "start": place, "end": place, "weight": 0, "text": text}
        rows.append([row[name] for name in have])
    return rows


def written(folder: Path, form: str, rows: list[list[object]]) -> Path:
    """Write rows in one of the forms."""
    if form in SEPARATORS:
        path = folder / "export.csv"
        encoding = "utf-16" if form == "utf-16" else "utf-8-sig"
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream, delimiter=SEPARATORS[form]).writerows(rows)
        return path
    if form == "blank rows":
        rows = [[], [], *rows]
    elif form == "title":
        rows = [["Project of ours"], [], *rows]
    elif form == "extra":
        rows = [[*rows[0], "Xyz"], *([*row, f"x{n}"] for n, row in enumerate(rows[1:]))]
    elif form == "empty":
        rows = [[*row, None, None, None] for row in rows]
    return write_xlsx(folder / "export.xlsx", {"Sheet1": rows})


def content(project: CodedProject) -> list[tuple[str, str, str]]:
    """Return document, code and words of each coding."""
    segments = project.segments.set_index("segment_id").loc[project.codings["segment_id"]]
    names = project.documents.set_index("document_id")["name"]
    documents = segments["document_id"].astype("str").map(names)
    codes = project.codings["code_id"].astype("str")
    return list(zip(documents, codes, segments["text"], strict=True))


EXPECTED = [(document, code, text) for _, document, code, _, text in CODINGS]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_segments_of_maxqda(tmp_path, language, form):
    project = read_exports([written(tmp_path, form, segments(language))])
    assert project.info.format == "maxqda-coded-segments"
    assert content(project) == EXPECTED


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("language", LANGUAGES)
def test_segments_of_maxqda_in_any_order_of_columns(tmp_path, language, seed):
    order = random.Random(seed).sample(ORDER, len(ORDER))
    project = read_exports([written(tmp_path, "xlsx", segments(language, order))])
    assert content(project) == EXPECTED


CODE_PAGES = [
    ("cp1252", "Müller", "Größe"),
    ("cp1256", "مصاحبه اول", "اعتماد"),
    ("cp1251", "Анна", "Время"),
]


@pytest.mark.parametrize(("encoding", "document", "code"), CODE_PAGES)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_code_pages_of_windows_are_told(tmp_path, encoding, document, code, separator):
    path = tmp_path / "export.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        rows = [["document", "code"], [document, code], [document, code]]
        csv.writer(stream, delimiter=separator).writerows(rows)
    project = read_exports([path])
    assert list(project.documents["name"]) == [document]
    assert list(project.codes["name"]) == [code]
    assert any("not UTF-8" in said for said in project.warnings)


TABLES = {
    "taguette": (
        "taguette-highlights",
        [
            ["id", "document", "tag", "content"],
            *([n, d, c, t] for n, (_, d, c, _, t) in enumerate(CODINGS)),
        ],
    ),
    "atlas.ti web": (
        "atlasti-quotations",
        [
            ["document", "quotation", "codes", "comment"],
            *([d, t, c, ""] for _, d, c, _, t in CODINGS),
        ],
    ),
    "tidy": (
        "tidy-table",
        [["document", "code", "text"], *([d, c, t] for _, d, c, _, t in CODINGS)],
    ),
    "qualcoder": (
        "qualcoder-report",
        [
            ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo"],
            *([d, "ann", t, f"ctid:{n}", c, ""] for n, (_, d, c, _, t) in enumerate(CODINGS)),
        ],
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", TABLES)
def test_tables_of_other_programs(tmp_path, kind, form):
    known_as, rows = TABLES[kind]
    project = read_exports([written(tmp_path, form, rows)])
    assert project.info.format == known_as
    leaves = project.codes.set_index("code_id")["name"]
    found = [(d, leaves[c], t) for d, c, t in content(project)]
    assert [(d, t) for d, _, t in found] == [(d, t) for d, _, t in EXPECTED]
    assert [c.rpartition(" > ")[2] for _, c, _ in found] == ["Time", "Cost", "Time"]
