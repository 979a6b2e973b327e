"""What stands in the text and what in the supplement, and how both are numbered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from analysis.manuscript.document import assemble
from analysis.manuscript.pandoc import attributes, elements, plain_text
from analysis.manuscript.supplement import HEADING
from analysis.settings import Manuscript
from qdaio.faults import StudyError
from tests.manuscript.example import write_report

TABLE = "\n| a |\n|---|\n| 1 |\n\n: {name} {{#tbl-{name}}}\n"
TEXT = (
    "# Text\n\nSee @tbl-one, @tbl-two and [@tbl-three; @tbl-four].\n"
    + "".join(TABLE.format(name=name) for name in ("one", "two"))
    + "\n# Supplement: more {.supplement}\n"
    + TABLE.format(name="three")
    + "\n# After\n"
    + TABLE.format(name="four")
)


def made(tmp_path: Path, **asked: object):
    report = write_report(tmp_path)
    (report / "manuscript.qmd").write_text(TEXT, encoding="utf-8")
    if asked:
        path = report / "_study.yml"
        meta = yaml.safe_load(path.read_text(encoding="utf-8"))
        path.write_text(yaml.safe_dump({**meta, "supplement": asked}), encoding="utf-8")
    return assemble(report)


def captions(document) -> list[tuple[str, str]]:
    return [
        (document.numbers.caption(attributes(e)[0], before=False), plain_text(e["c"][1][1]))
        for e in elements(document.tree["blocks"])
        if e["t"] == "Table"
    ]


def text_of(document) -> str:
    return plain_text(document.tree["blocks"]).replace("\u00a0", " ")


def test_tables_of_a_supplementary_section_have_numbers_of_their_own(tmp_path):
    document = made(tmp_path)
    assert captions(document) == [
        ("Table\u00a01", "one"),
        ("Table\u00a02", "two"),
        ("Table S1", "three"),
        ("Table\u00a03", "four"),
    ]
    assert "See Table 1, Table 2 and Table S1, Table 3." in text_of(document)


def test_what_the_study_file_names_moves_to_the_end_and_references_follow(tmp_path):
    document = made(tmp_path, move=["tbl-one"])
    assert captions(document)[-1] == ("Table S2", "one")
    assert HEADING in text_of(document)
    assert "See Table S2, Table 1 and Table S1, Table 2." in text_of(document)


def test_no_more_tables_and_figures_stay_in_the_text_than_a_journal_takes(tmp_path):
    document = made(tmp_path, most=1)
    assert [number for number, _ in captions(document)] == [
        "Table\u00a01",
        "Table S1",
        "Table S2",
        "Table S3",
    ]


def test_a_label_that_is_nowhere_is_told_with_the_nearest_one(tmp_path):
    with pytest.raises(StudyError) as stopped:
        made(tmp_path, move=["tbl-onee"])
    fault = stopped.value.faults[0]
    assert fault.column == "manuscript.supplement"
    assert "tbl-one" in fault.remedy


def test_both_engines_say_the_same_heading():
    root = Path(__file__).resolve().parents[2]
    lua = (root / "report/filters/supplement.lua").read_text(encoding="utf-8")
    assert re.search(r'HEADING = "(.+)"', lua)[1] == HEADING


def test_what_the_study_file_calls_into_the_text_stands_behind_what_refers_to_it(tmp_path):
    document = made(tmp_path, text=["tbl-three"])
    assert captions(document) == [
        ("Table\u00a01", "three"),
        ("Table\u00a02", "one"),
        ("Table\u00a03", "two"),
        ("Table\u00a04", "four"),
    ]
    assert "See Table 2, Table 3 and Table 1, Table 4." in text_of(document)


def test_what_was_called_into_the_text_stays_there_whatever_a_journal_takes(tmp_path):
    document = made(tmp_path, text=["tbl-three"], most=2)
    assert captions(document)[:2] == [("Table\u00a01", "three"), ("Table\u00a02", "one")]
    assert [number for number, _ in captions(document)[2:]] == ["Table S1", "Table S2"]


def test_what_the_text_does_not_refer_to_cannot_be_called_into_it(tmp_path):
    (tmp_path / "one").mkdir()
    with pytest.raises(StudyError) as stopped:
        made(tmp_path / "one", text=["tbl-five", "tbl-three"])
    fault = stopped.value.faults[0]
    assert (fault.column, fault.found) == ("manuscript.in_text", "tbl-five")


def test_a_study_file_names_a_float_in_one_place_and_keeps_to_its_own_limit():
    for wrong in (
        {"supplement": ["tbl-a"], "in_text": ["tbl-a"]},
        {"in_text": ["tbl-a", "tbl-b"], "max_floats": 1},
    ):
        with pytest.raises(ValueError, match="in_text"):
            Manuscript(**wrong)
