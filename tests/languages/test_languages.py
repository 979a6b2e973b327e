"""Fixed words: every language says the same phrases, and only those that the program prints."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.checklists import COREQ, SRQR
from analysis.languages import (
    FOLDER,
    LanguageError,
    find_language,
    known_languages,
    printed,
    speaking,
)
from analysis.manuscript.supplement import HEADING
from analysis.studyfile import parse_study
from analysis.tables import Column, Table
from qdaio.faults import StudyError

ROOT = Path(__file__).resolve().parents[2]
WHOLE = ("de", "es", "fa", "pt")
PLACE = re.compile(r"\{\w+\}")
ENGLISH_DAY = "7 March 2023"
# signs and abbreviations that are the same everywhere
# what studies call the levels of their codes
LEVELS = {"Main category", "Generic category", "Subcategory", "Primary code", "Theme", "Subtheme"}
SAME = {"n", "%", "α", "αU", "κ", "AC1", "c"}


def read(tag: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{tag}.toml").read_text(encoding="utf-8"))


def constants() -> list[str]:
    """Return the texts that stand in the program, and in the cells of its notebooks."""
    found = []
    for path in (ROOT / "analysis").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    found = [text for text in found if isinstance(text, str)]
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found += ["".join(cell["source"]) for cell in cells]
    return found


def runs(text: str, said: str) -> bool:
    """Whether two words of a phrase that follow each other do so in the program."""
    pieces = [re.sub(r"^[–:]|,? by $", "", piece).split() for piece in PLACE.split(text)]
    pairs = [" ".join(words[at : at + 2]) for words in pieces for at in range(len(words) - 1)]
    single = [" ".join(words) for words in pieces if words]
    return any(pair.strip(".,:()").casefold() in said for pair in pairs or single)


@pytest.mark.parametrize("tag", WHOLE)
def test_each_language_says_every_phrase(tag):
    own, first = read(tag), read("de")
    assert own["page"].keys() == read("en")["page"].keys()
    for table in ("headings", "words", "cells", "pages"):
        assert list(own[table]) == list(first[table]), table
        assert all(text.strip() for text in own[table].values())


@pytest.mark.parametrize("tag", WHOLE)
def test_a_translation_has_no_place_that_the_english_lacks(tag):
    for table in ("headings", "words", "cells", "pages"):
        for english, said in read(tag)[table].items():
            lacking = set(PLACE.findall(said)) - set(PLACE.findall(english))
            assert not lacking, (english, said)
    for key, english in read("en")["page"].items():
        assert set(PLACE.findall(read(tag)["page"][key])) == set(PLACE.findall(english)), key


def test_no_file_has_a_phrase_that_nothing_prints():
    said = "\n".join(constants()).casefold()
    lost = [
        text
        for table in ("words", "cells", "pages")
        for text in read("de")[table]
        if not runs(text, said)
    ]
    assert set(lost) - LEVELS == set()
    texts = [
        ROOT / "report/manuscript.qmd",
        ROOT / "analysis/newstudy/skeleton/report/manuscript.qmd",
    ]
    heads = {
        re.sub(r"\s*\{.*\}$", "", head)
        for path in texts
        for head in re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    } | {HEADING}
    for path in texts:  # labels of the abstract
        labels = path.with_name("abstract.md").read_text(encoding="utf-8")
        heads |= set(re.findall(r"\*\*([\w ]+):\*\*", labels))
    assert set(read("de")["headings"]) - heads == set()
    assert heads - set(read("de")["headings"]) == set()


def test_every_head_of_a_column_has_a_word():
    lacking = []
    for path in sorted((ROOT / "analysis" / "chapters").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Column"):
                continue
            labels = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "spanner")]
            lacking += [
                (path.name, label.value)
                for label in labels
                if isinstance(label, ast.Constant)
                and isinstance(label.value, str)
                and label.value not in {*read("de")["words"], *SAME}
            ]
    assert lacking == [], "add them to every whole language in analysis/languages/"


def test_every_caption_has_a_word():
    words = find_language("de").words
    lacking = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for found in re.findall(
                r'^#\| (?:tbl|fig)-cap: "(.*)"$', "".join(cell["source"]), re.M
            ):
                shown = found.replace("{by}", " by group")
                if words.said(shown) == shown:
                    lacking.append((path.name, found))
    assert lacking == [], "add them to every whole language in analysis/languages/"


def test_computed_sentences_are_spelt_alike_on_both_sides_of_the_ocean():
    british = set(read("en-US")["spelling"])
    paths = [*(ROOT / "analysis" / "chapters").glob("*.py"), ROOT / "analysis" / "phrases.py"]
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in documented
            ):
                assert not british & set(re.findall(r"[a-z]+", node.value)), (path.name, node.value)


# ---------------------------------------------------------------- looking up


def test_what_stands_in_a_place_is_put_back_as_it_was():
    said = find_language("de").words.said
    assert said("Codings by group") == "Kodierungen nach Gruppe"
    assert said("Codings by school district") == "Kodierungen nach school district"
    assert said("Participants, n (%)") == "Teilnehmende, n (%)"
    assert said("1,204 more are in the CSV file.") == "1.204 weitere stehen in der CSV-Datei."
    assert said("Age is counted among nurses and doctors only.") == (
        "Age ist nur gezählt bei: nurses und doctors."
    )


@pytest.mark.parametrize(
    ("tag", "text", "said"),
    [
        ("de", "1,204 (36.5)", "1.204 (36,5)"),
        ("es", "51.14 ± 15.83", "51,14 ± 15,83"),
        ("fr", "12,345,678", "12\u202f345\u202f678"),
        ("fa", "1,204 (36.5)", "1,204 (36.5)"),
        ("en-US", "1,204 (36.5)", "1,204 (36.5)"),
        # no numbers alone: a list, a version, a date, a name
        ("de", "1.2.3", "1.2.3"),
        ("de", "2023-03-04", "2023-03-04"),
        ("de", "Dose 2.5", "Dose 2.5"),
    ],
)
def test_numbers_have_the_signs_of_their_language(tag, text, said):
    assert find_language(tag).number(text) == said


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("de", "7. März 2023"),
        ("es", "7 de marzo de 2023"),
        ("fa", "7 مارس 2023"),
        ("sv", ENGLISH_DAY),
    ],
)
def test_days_are_written_as_their_language_does(tag, said):
    assert find_language(tag).value(ENGLISH_DAY) == said
    assert find_language(tag).value("7 lives 2023") == "7 lives 2023"


def test_days_of_the_persian_calendar_have_their_months():
    assert find_language("fa").value("16 Esfand 1401") == "16 اسفند 1401"
    assert find_language("es").value("16 Esfand 1401") == "16 Esfand 1401"


@pytest.mark.parametrize("tag", WHOLE)
def test_every_item_of_the_checklists_is_asked_in_the_language(tag):
    cells = find_language(tag).cells.exact
    assert [item.asks for item in (*COREQ, *SRQR) if item.asks not in cells] == []
    assert [item.part for item in (*COREQ, *SRQR) if item.part not in cells] == []


def test_a_text_that_no_file_knows_stays_as_it_is():
    for tag in (*WHOLE, "en", "en-US", "fr", "sv"):
        assert find_language(tag).said("What my own notebook shows") == "What my own notebook shows"


def test_american_spelling_changes_phrases_and_never_what_fills_them(monkeypatch):
    american = find_language("en-US")
    assert american.headings == {"Organisation": "Organization"}
    assert american.said("Codings by centre") == "Codings by centre"
    assert not find_language("en-GB").headings


def test_a_language_of_a_region_takes_the_words_of_its_language():
    assert find_language("pt-BR").said("Category") == "Categoria"
    assert find_language("DE").tag == "DE"
    assert find_language("fa-IR").is_right_to_left


@pytest.mark.parametrize(("tag", "hint"), [("German", '"de"'), ("english", '"en"'), ("d", '"de"')])
def test_what_is_no_tag_is_refused_with_those_that_are_known(tag, hint):
    with pytest.raises(LanguageError, match=hint):
        find_language(tag)
    text = (
        f'[study]\ntitle = "A"\nauthors = [{{ name = "B C" }}]\nlanguage = "{tag}"\n'
        '[data]\nstatus = "original"\nexports = ["data-raw/a.csv"]\n'
    )
    with pytest.raises(StudyError, match="a language tag"):
        parse_study(text)


def test_a_language_without_a_file_prints_english_and_has_no_name():
    language = find_language("sv")
    assert language.name == ""
    assert language.page == find_language("en").page
    assert "sv" not in known_languages()


def test_figures_speak_inside_of_the_block_only():
    with speaking(find_language("es")):
        assert printed("Codings") == "Codificaciones"
    assert printed("Codings") == "Codings"


# ---------------------------------------------------------------- tables


def table() -> Table:
    return Table(
        body=pd.DataFrame({"code": ["All", "Total", "Trust"], "n": ["1", "2", "3"]}),
        columns=(
            Column("code", "Category"),
            Column("n", "Group", align="right", spanner="Codings"),
        ),
        caption="Codings by group",
        label="tbl-codes",
        notes=("–: none.", "A note of my own."),
        synthetic=True,
    )


def test_a_table_prints_heads_notes_caption_and_fixed_cells_in_its_language():
    made = table().said_in(find_language("de"), but={"Total", "Group"})
    html = made.html()
    assert made.caption == "Kodierungen nach Gruppe"
    assert [column.label for column in made.columns] == ["Kategorie", "Group"]
    assert made.columns[1].spanner == "Kodierungen"
    # a category that is called so is a name, and no fixed word
    assert [row.cells[0] for row in made.rows] == ["Alle", "Total", "Trust"]
    assert made.all_notes[:2] == ("–: keine.", "A note of my own.")
    assert made.all_notes[2].startswith("Synthetische Daten")
    assert "Synthetic data" not in html
    # the values for programs keep their names
    assert "data_status" in made.csv()


def test_a_persian_table_runs_from_right_to_left(tmp_path):
    table().said_in(find_language("fa")).save(tmp_path)
    page = (tmp_path / "codes.html").read_text(encoding="utf-8")
    assert '<html lang="fa" dir="rtl">' in page
    assert '<table dir="rtl">' in page
    assert "مقوله" in page
    # a name in Latin letters keeps its direction, and begins where lines do
    assert '<th scope="row" style="text-align: right"><span dir="ltr">Trust</span></th>' in page
    assert "text-align: left" not in page.split("</style>")[-1]


def test_sentences_that_the_program_computes_are_marked_as_english():
    found = replace(
        table(),
        body=pd.DataFrame({"code": ["Trust", "Hope"], "n": ["open", "14 participants"]}),
        columns=(Column("code", "Category"), Column("n", "In this study", computed=True)),
    )
    html = found.said_in(find_language("de")).html()
    assert '<span lang="en">14 participants</span>' in html
    assert ">offen<" in html
    assert "lang=" not in found.html()
