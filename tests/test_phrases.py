"""Sentences about numbers."""

from analysis.phrases import (
    CATEGORIES,
    CODINGS,
    SYNTHETIC_MARK,
    SYNTHETIC_NOTE,
    counted,
    of_whole,
    said,
)


def test_counts_agree_with_their_nouns():
    assert counted(1, CODINGS) == "1 coding"
    assert counted(1704, CODINGS) == "1,704 codings"
    assert counted(2, CATEGORIES) == "2 categories"


def test_sentences_get_their_full_stops_once():
    assert said("One", "", "Two.", "Three?") == "One. Two. Three?"
    assert of_whole(30, 1704, "people") == "30 of 1,704 people"


def test_filters_and_programs_say_the_notice_in_the_same_words(repository):
    filter_text = (repository / "report/filters/notice.lua").read_text(encoding="utf-8")
    assert f'"{SYNTHETIC_NOTE}"' in filter_text
    assert f'"{SYNTHETIC_MARK}"' in filter_text
