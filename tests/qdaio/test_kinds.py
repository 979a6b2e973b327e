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
    ("cp1250", "Wywiad z Pawłem", "Troska > Ciężar i żal"),
    ("cp1250", "Rozhovor s Jiřím", "Péče > Příliš málo času"),
    ("cp1250", "Beszélgetés Gergővel", "Idő > Űr és csönd"),
    ("cp1250", "Łódź", "Łódź"),
    ("cp1254", "Ayşe ile görüşme", "Bakım > İlgi eksikliği"),
    ("cp1252", "Entretien à Besançon", "Coût > Dépenses très élevées"),
    ("cp1252", "Søren på Ærø", "Omsorg > Også tid"),
    ("cp1252", "¿Quién pagó?", "Atención > Años"),
    ("cp1252", "Perché è così", "Cura > Più tempo"),
    ("cp1252", "A room of 5 m³", "Size > 12 m²"),
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
    assert list(project.codes["name"]) == code.split(" > ")
    assert any("not UTF-8" in said for said in project.warnings)


# of a language: the root of the code system, headers of memos and of counts, a matrix's sum
CODE_SYSTEMS = {
    "en": ("Code System", "Memo", "Frequency", "SUM"),
    "de": ("Codesystem", "Code-Memo", "Häufigkeit", "SUMME"),
    "pl": ("Lista kodów", "Notatka", "Częstość", "SUMA"),
    "es": ("Sistema de códigos", "Memo", "Frecuencia", "SUMA"),
    "fr": ("Système de codes", "Mémo", "Fréquence", "SOMME"),
    "pt": ("Sistema de códigos", "Memorando", "Frequência", "SOMA"),
    "it": ("Sistema di codici", "Memo", "Frequenza", "SOMMA"),
    "nl": ("Codesysteem", "Notitie", "Frequentie", "SOM"),
    "ru": ("Система кодов", "Заметка", "Частота", "СУММА"),
    "tr": ("Kod sistemi", "Not", "Sıklık", "TOPLAM"),
    "zh": ("代码系统", "备忘录", "频率", "总和"),
    "ja": ("コードシステム", "メモ", "頻度", "合計"),
    "fa": ("سیستم کدها", "یادداشت", "فراوانی", "جمع"),
}
TREE = [(1, "Care", 0), (2, "Time", 2), (2, "Cost", 1), (1, "Trust", 1)]
TREE_PATHS = [("Care",), ("Care", "Time"), ("Care", "Cost"), ("Trust",)]
ROWS = [["", "Interview 1", "Interview 2"], ["Time", 2, 0], ["Cost", 1, 0], ["Trust", 0, 1]]


def code_system(language: str, order: str = "names memo count") -> list[list[object]]:
    """Give the code system of a language: dots of colour, then names, memos, counts."""
    root, memo, count, _ = CODE_SYSTEMS[language]
    parts: dict[str, list[list[object]]] = {
        "names": [[root, "", ""], [root, "", ""]],
        "memo": [[memo], [""]],
        "count": [[count], [4]],
    }
    for level, name, own in TREE:
        names: list[object] = ["", "", ""]
        names[level] = name
        parts["names"].append(names)
        parts["memo"].append([f"all about {name}" if name in {"Care", "Trust"} else ""])
        parts["count"].append([own])
    rows = zip(*(parts[name] for name in order.split()), strict=True)
    return [[None if cell == "" else cell for part in row for cell in part] for row in rows]


def told_of_codes(project: CodedProject) -> list[tuple[object, ...]]:
    """Return path, stated count and memo of each code."""
    codes = project.codes
    memos = [memo if isinstance(memo, str) else None for memo in codes["description"]]
    return list(zip(codes["path"], codes["reported_n"], memos, strict=True))


# every language in a workbook, and every form in one language whose headers real files have
KINDS = [(language, "xlsx") for language in LANGUAGES] + [("de", form) for form in FORMS[1:]]
CODES = [
    (path, own, f"all about {name}" if name in {"Care", "Trust"} else None)
    for path, (_, name, own) in zip(TREE_PATHS, TREE, strict=True)
]


@pytest.mark.parametrize(("language", "form"), KINDS)
def test_code_systems_of_maxqda(tmp_path, language, form):
    project = read_exports([written(tmp_path, form, code_system(language))])
    assert project.info.format == "maxqda-code-system"
    assert told_of_codes(project) == CODES
    assert len(project.documents) == len(project.codings) == 0


@pytest.mark.parametrize("form", ["xlsx", "semicolon"])
@pytest.mark.parametrize(
    "order", ["names count memo", "count names memo", "memo count names", "memo names count"]
)
@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_code_systems_with_columns_in_another_order(tmp_path, language, order, form):
    project = read_exports([written(tmp_path, form, code_system(language, order))])
    assert told_of_codes(project) == CODES


@pytest.mark.parametrize(("language", "form"), KINDS)
def test_document_variables_of_maxqda(tmp_path, language, form):
    words = {name: HEADERS[name][language][0] for name in ("group", "document", "created", "coder")}
    counts = CODE_SYSTEMS[language][2]
    rows: list[list[object]] = [[*words.values(), counts, "Age"]]
    rows += [["G", f"Interview {n}", "01.05.24 09:00:00", "anna", n, 30 + n] for n in (1, 2)]
    project = read_exports([written(tmp_path, form, rows)])
    assert project.info.format == "maxqda-document-variables"
    assert list(project.documents["name"]) == ["Interview 1", "Interview 2"]
    assert len(project.codes) == len(project.codings) == 0
    ages = project.attributes[project.attributes["name"] == "Age"]
    assert list(ages["value"]) == ["31", "32"]


@pytest.mark.parametrize(("language", "seed"), list(zip(LANGUAGES, range(99), strict=False)))
def test_document_variables_in_any_order_of_columns(tmp_path, language, seed):
    cells = {HEADERS["group"][language][0]: "G", HEADERS["document"][language][0]: "Interview 1"}
    cells |= {HEADERS["created"][language][0]: "01.05.24", "Age": 31}
    order = random.Random(seed).sample(list(cells), len(cells))
    rows: list[list[object]] = [list(order), [cells[name] for name in order]]
    project = read_exports([written(tmp_path, "xlsx", rows)])
    assert project.info.format == "maxqda-document-variables"
    assert list(project.documents["name"]) == ["Interview 1"]
    assert "31" in set(project.attributes["value"])


@pytest.mark.parametrize(("language", "form"), [kind for kind in KINDS if kind[1] != "extra"])
def test_code_matrices_of_maxqda(tmp_path, language, form):
    root, _, _, total = CODE_SYSTEMS[language]
    rows: list[list[object]] = [[root, *ROWS[0][1:], total]]
    rows += [[name, *cells, sum(cells)] for name, *cells in ROWS[1:]]
    rows += [[total, 3, 1, 4]]
    project = read_exports([written(tmp_path, form, rows)])
    assert project.info.format == "maxqda-code-matrix"
    assert list(project.documents["name"]) == ["Interview 1", "Interview 2"]
    assert list(project.codes["name"]) == ["Time", "Cost", "Trust"]
    cells = project.matrix_cells
    assert cells.loc[~cells["is_total"], "n"].sum() == 4


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
