"""The codebook says what codes mean and how often they were used, and whose words it shows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.codebook import codebook, codebook_table, write_codebook
from analysis.chapters.frequencies import code_frequencies
from analysis.codes import parts_of
from analysis.preparation import Prepared, prepare
from analysis.studyfile import parse_study
from qdaio.faults import Fault, StudyError
from qdaio.registry import read_exports

HEAD = '[study]\ntitle = "T"\nauthors = [{ name = "A" }]\n[data]\nstatus = "original"\n'
CODINGS = "document,code,text,weight\nP1,Cost,It is dear.,100\nP2,Cost > Fares,Two buses.,\n"
CODES = (
    "code,description\nCost,\"What it costs.\nInclude: money\nExclude: time\nExample: 'I pay.'\"\n"
    "Cost > Fares,\n"
)


def prepared_study(folder: Path, book: str = "", more: str = "") -> Prepared:
    tidy = folder / "tidy"
    tidy.mkdir()
    (tidy / "codings.csv").write_text(CODINGS, encoding="utf-8")
    (tidy / "codes.csv").write_text(CODES, encoding="utf-8")
    settings = 'exports = ["tidy"]\n'
    if book:
        (folder / "codebook.csv").write_text(book, encoding="utf-8")
        settings += 'codebook = "codebook.csv"\n'
    return prepare(folder, parse_study(HEAD + settings + more))


def book_of(prepared: Prepared, *, with_examples: bool = False) -> pd.DataFrame:
    frequencies = code_frequencies(prepared.codings, prepared.codes)
    return codebook(
        prepared.codes, frequencies, prepared.definitions, prepared.quotations,
        with_examples=with_examples,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Only a meaning.", {"definition": "Only a meaning."}),
        ("Definition: a\nInclusion criteria: b", {"definition": "a", "inclusion": "b"}),
        ("a\n- Exclude: b\n  c", {"definition": "a", "exclusion": "b c"}),
        ("Einschluss: a\nAnkerbeispiel: b", {"inclusion": "a", "example": "b"}),
        ("It includes: nothing here", {"definition": "It includes: nothing here"}),
        ("", {}),
    ],
)
def test_the_parts_of_a_definition_are_told_by_their_heads(text, parts):
    assert parts_of(text) == parts


def test_definitions_come_from_the_export_with_the_counts(tmp_path):
    book = book_of(prepared_study(tmp_path)).set_index("code_id")
    assert book.loc["Cost", ["definition", "inclusion", "exclusion"]].tolist() == [
        "What it costs.", "money", "time",
    ]  # fmt: skip
    assert book.loc["Cost", ["own", "codings", "cases"]].tolist() == [1, 2, 2]
    assert pd.isna(book.loc["Cost > Fares", "definition"])


def test_a_file_of_definitions_goes_before_the_export(tmp_path):
    own = "code,definition\nCost > Fares,What the way costs.\nCost,Money.\n"
    book = book_of(prepared_study(tmp_path, own)).set_index("code_id")
    assert book["definition"].to_dict() == {"Cost": "Money.", "Cost > Fares": "What the way costs."}
    assert book.loc["Cost", "inclusion"] == "money"


def faults_of(folder: Path, book: str) -> list[Fault]:
    with pytest.raises(StudyError) as caught:
        prepared_study(folder, book)
    return list(caught.value.faults)


def test_codes_of_the_file_that_are_unknown_or_stand_twice_are_faults(tmp_path):
    faults = faults_of(tmp_path, "code,definition\nCost,a\nCost,b\nCosts > Fares,c\n")
    found = [(fault.kind, fault.row) for fault in faults]
    assert found == [("duplicate-code", 3), ("unknown-code", 4)]
    assert 'Did you mean "Cost > Fares"?' in faults[1].remedy


def test_no_words_of_a_participant_are_shown_unless_the_study_allows_it(tmp_path):
    prepared = prepared_study(tmp_path)
    options = {
        "deepest": 2, "case_word": "Participants", "label": "tbl-codebook", "caption": "Codebook",
        "synthetic": False,
    }  # fmt: skip
    silent = codebook_table(book_of(prepared), **options)
    assert "example" not in silent.body
    for words in ("dear", "I pay"):
        assert words not in silent.body.to_string() + silent.data.to_string()
    shown = codebook_table(book_of(prepared, with_examples=True), **options)
    assert shown.body["example"].tolist() == ["'I pay.'", ""]
    assert "1 code has no definition." in shown.notes


def test_the_codebook_is_read_again_by_the_form_for_other_programs(tmp_path):
    prepared = prepared_study(tmp_path)
    path = tmp_path / "codebook.qdc"
    write_codebook(prepared.codes, book_of(prepared), path, "original")
    assert "ynthetic" not in path.read_text(encoding="utf-8")
    codes = read_exports([path]).codes
    assert [" > ".join(names) for names in codes["path"]] == ["Cost", "Cost > Fares"]
    said = codes["description"].iloc[0]
    assert said == "What it costs.\nUse it for: money\nDo not use it for: time"
    assert "dear" not in path.read_text(encoding="utf-8")
    write_codebook(prepared.codes, book_of(prepared), path, "synthetic")
    assert "Synthetic data" in path.read_text(encoding="utf-8")
    assert read_exports([path]).codes.equals(codes)
