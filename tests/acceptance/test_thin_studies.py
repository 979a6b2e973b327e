"""Studies that lack nearly everything are rebuilt: what cannot be said is left out, in words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from analysis.build.builder import build
from analysis.check.study import find_faults
from analysis.newstudy import begin_study
from qdaio.faults import StudyError
from tests.support.plaintext import paragraphs

HEAD = "document,code,text\n"
TWO = HEAD + "P1,Care > Time,a\nP1,Care > Trust,b\nP2,Care > Time,c\nP2,Money,d\n"
PLACES = "document,code,text,start,end\n"
PEOPLE = "Person,Group,Gender,Age\nP1,Staff,,30\nP2,Patients,Female,\n"
# name of the study: its codings and, where it has some, its participants
STUDIES: dict[str, tuple[str, str]] = {
    "one coder": ("document,code,text,coder\nP1,A,a,Mia\nP2,B,b,Mia\nP2,A,c,Mia\n", ""),
    "one code": (HEAD + "P1,A,a\nP2,A,b\nP3,A,c\n", ""),
    "one document": (HEAD + "P1,A > x,a\nP1,A > y,b\nP1,B,c\n", ""),
    "one coding": (HEAD + "P1,A,a\n", ""),
    "no group": (TWO, "Person,Gender\nP1,Male\nP2,Female\n"),
    "one participant": (HEAD + "P1,A > x,a\nP1,B,b\n", "Person,Group,Age\nP1,Staff,41\n"),
    "missing values": (TWO, PEOPLE),
    "spans without length, twice, and beyond the text": (
        PLACES + "P1,A,abc,0,0\nP1,A,abc,0,0\nP1,A,abc,5,8\nP1,B,abc,5,8\nP2,B,z,900000,900001\n",
        "",
    ),
}
NO_NUMBER = re.compile(r"\b(?:NaN|nan|None|inf|NaT|<NA>)\b")


def begun(folder: Path, codings: str, people: str) -> Path:
    (folder / "codings.csv").write_text(codings, encoding="utf-8")
    participants = folder / "people.csv" if people else None
    if participants:
        participants.write_text(people, encoding="utf-8")
    return begin_study(
        folder / "study", [folder / "codings.csv"], participants=participants, title="A study"
    ).folder


@pytest.mark.parametrize("name", STUDIES)
def test_nothing_is_wrong_with_a_study_that_has_little(tmp_path, name):
    faults, notes = find_faults(begun(tmp_path, *STUDIES[name]))
    assert faults == []
    assert not any(NO_NUMBER.search(note) for note in notes)


@pytest.mark.parametrize("codings", ["", HEAD, "\ufeff" + HEAD])
def test_an_export_without_codings_is_a_fault_in_words(tmp_path, codings):
    with pytest.raises(StudyError) as stopped:
        begun(tmp_path, codings, "")
    assert all(fault.found or fault.expected for fault in stopped.value.faults)


@pytest.mark.build
@pytest.mark.slow
@pytest.mark.parametrize("name", STUDIES)
def test_a_study_that_has_little_is_built_and_prints_no_empty_number(tmp_path, name):
    folder = begun(tmp_path, *STUDIES[name])
    result = build(folder, formats=["html"], engine="pandoc")
    output = folder / "report/output"
    for page in ("manuscript.html", "trace.html"):
        assert not NO_NUMBER.search("\n".join(paragraphs(output / page)))
    for path in [*output.glob("tables/*.html"), *output.glob("tables/*.csv")]:
        assert not NO_NUMBER.search(path.read_text(encoding="utf-8")), path.name
    text = (output / "manuscript.html").read_text(encoding="utf-8")
    page = (output / "trace.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="trace\.html#([^"]+)"', text))
    assert links <= set(re.findall(r'<section id="([^"]+)"', page))
    content = (output / "supplement.html").read_text(encoding="utf-8")
    json.loads(re.search(r'id="content">(.*?)</script>', content, re.DOTALL)[1])
    if not STUDIES[name][1]:
        assert any("participants" in note for note in result.notes)


@pytest.mark.slow
def test_ten_thousand_codes_are_a_study(tmp_path):
    rows = "".join(
        f"P{at % 40},Theme {at % 10} > Topic {at % 100} > Code {at},x\n" for at in range(10_000)
    )
    faults, _ = find_faults(begun(tmp_path, HEAD + rows, ""))
    assert faults == []
