"""What the manuscript is made of: no text of an author vanishes."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.languages import find_language
from analysis.reporting import in_language, labelled, line_in_language, prose_sections, read_prose
from qdaio.faults import StudyError

CODES = pd.DataFrame({"name": ["Law reform", "Money", "fees"], "level": [1, 1, 2]})
MAP = pd.DataFrame(
    {
        "category": ["Law reform", "Money", "Money"],
        "dimension": ["law", "financing", "services"],
        "is_primary": [True, True, False],
    }
)


def write(folder, *names):
    (folder / "prose").mkdir()
    for name in names:
        (folder / "prose" / f"{name}.md").write_text(f"\ufeffOn {name}.\n", encoding="utf-8")
    return folder


def test_prose_is_filed_under_the_first_dimension_of_a_category(tmp_path):
    sections = prose_sections(CODES, MAP)
    assert sections == {"Law reform": "law", "Money": "financing"}
    assert read_prose(write(tmp_path, "law"), sections) == {"law": "On law.\n"}


def test_without_a_framework_prose_is_filed_under_the_name_of_the_category(tmp_path):
    sections = prose_sections(CODES, MAP.iloc[:0])
    assert sections == {"Law reform": "law-reform", "Money": "money"}
    assert read_prose(write(tmp_path, "money"), sections) == {"money": "On money.\n"}


@pytest.mark.parametrize(("name", "near"), [("lwa", "law"), ("financng", "financing")])
def test_a_text_named_after_no_section_is_told_with_the_nearest(tmp_path, name, near):
    with pytest.raises(StudyError) as caught:
        read_prose(write(tmp_path, name, "law"), prose_sections(CODES, MAP))
    (fault,) = caught.value.faults
    assert fault.kind == "unknown-section"
    assert fault.file.endswith(f"prose/{name}.md")
    assert f'"{near}.md"' in fault.remedy


def test_the_second_dimension_of_a_category_has_no_text_of_its_own(tmp_path):
    with pytest.raises(StudyError, match="unknown section"):
        read_prose(write(tmp_path, "services"), prose_sections(CODES, MAP))


# ---------------------------------------------------------------- other languages

MEANT = {
    "n": "1,704",
    "share": {"percent": "30.4"},
    "day": {"date": "7 March 2023"},
    "said": "The material comprises 8 interviews.",
    "name": "Wer nicht fragt, bleibt dumm.",
    "label": "Trust",
}


def test_a_german_text_has_german_numbers_and_says_which_sentences_are_english():
    found = in_language(MEANT, find_language("de"), names={MEANT["name"]})
    assert found == {
        "n": "1.704",
        "share": {"percent": "30,4"},
        "day": {"date": "7. März 2023"},
        "said": '[The material comprises 8 interviews.]{lang="en"}',
        "name": MEANT["name"],
        "label": "Trust",
    }


def test_a_persian_text_lets_sentences_and_names_in_latin_letters_run_from_the_left():
    found = in_language(MEANT | {"code": "اعتماد"}, find_language("fa"))
    assert found["n"] == "1,704"
    assert found["said"].endswith('.\u200e]{lang="en" dir="ltr"}')
    assert 'dir="ltr"' in found["label"]
    assert found["code"] == "اعتماد"
    # a sentence that names Persian codes is English still
    assert 'lang="en"' in in_language("One code was applied: اعتماد.", find_language("fa"))


def test_words_of_participants_and_headings_are_not_marked_as_english():
    german = find_language("de")
    for line in ("## Trust", "> „Ich habe gewartet.“", "", ">", "::: {.x}"):
        assert line_in_language(line, german) == line
    assert line_in_language("There are 3 codings.", german) == '[There are 3 codings.]{lang="en"}'


def test_labels_of_the_abstract_and_what_waits_to_be_written_follow_the_language():
    text = "**Background:** [To be written.]{.to-write} **Mine:** A."
    assert labelled(text, find_language("es")) == (
        "**Antecedentes:** [Por escribir.]{.to-write} **Mine:** A."
    )
    for tag in ("en", "en-US", "sv"):
        assert labelled(text, find_language(tag)) == text
