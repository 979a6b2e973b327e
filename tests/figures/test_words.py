"""Sentences about numbers."""

from analysis.figures.words import counted, in_list, of_whole, said


def test_counts_agree_with_their_nouns():
    assert counted(1, "coding") == "1 coding"
    assert counted(1704, "coding") == "1,704 codings"
    assert counted(2, "category", "categories") == "2 categories"


def test_lists_read_as_sentences():
    assert in_list([]) == ""
    assert in_list(["one", "two", "three"]) == "one, two and three"
    assert in_list(["a, b", "c", "d"]) == "a, b; c and d"


def test_sentences_get_their_full_stops_once():
    assert said("One", "", "Two.", "Three?") == "One. Two. Three?"
    assert of_whole(30, 1704, "people") == "30 of 1,704 people"
