"""Whether figures can be read: no text on text, in grey, by everyone."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from analysis.chapters.frequencies import code_frequencies, group_frequencies
from analysis.figures import figure as style
from analysis.figures import frequency_bars, group_heatmap, hierarchy_treemap, top_codes
from analysis.preparation import prepare
from analysis.studyfile import load_study
from tests.figures.sample import FIGURES, PARTS, STUDY, Study, outside, overlapping, shown_texts

STUDIES = Path(__file__).resolve().parents[1] / "studies"


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("width", [6.3, 4.5])
def test_no_text_lies_on_another_or_leaves_the_figure(name, width):
    figure = FIGURES[name](width=width)
    assert overlapping(figure) == []
    assert outside(figure) == []


WORDS = st.text("abcdefgh کمبوددارو-()", min_size=1, max_size=14)
LABELS = st.lists(WORDS, min_size=1, max_size=9).map(" ".join).filter(str.strip)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LABELS, min_size=2, max_size=9, unique=True))
def test_labels_of_any_length_and_script_find_room(names):
    study = Study(names=names, children=2)
    for figure in (study.bars(), study.treemap(), study.heatmap(1)):
        assert overlapping(figure) == []
        assert outside(figure) == []


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_printed_smaller_than_six_and_a_half_points(name):
    sizes = {
        artist.get_fontsize()
        for artist in FIGURES[name]().drawing.findobj(Text)
        if artist.get_text().strip()
    }
    assert min(sizes) >= 6.5


@pytest.mark.parametrize("name", FIGURES)
def test_only_synthetic_data_are_called_so(name):
    marks = [text for text, _ in shown_texts(FIGURES[name]()) if text == "Synthetic data"]
    assert len(marks) == 1
    original = FIGURES[name](synthetic=False)
    assert not [text for text, _ in shown_texts(original) if "ynthetic" in text]
    assert "ynthetic" not in original.alt


def test_bars_differ_in_lightness_and_not_in_colour_alone():
    dark, light = style.luminance(style.DARK), style.luminance(style.LIGHT)
    assert light - dark > 0.3
    assert style.luminance(style.FAINT) - light > 0.25


def test_colours_of_the_sequence_get_steadily_darker():
    steps = [style.luminance(style.SEQUENCE(place / 20)) for place in range(21)]
    assert all(one - other > 0.005 for one, other in itertools.pairwise(steps))


@pytest.mark.parametrize("count", [2, 4, 8, 12])
def test_shades_of_categories_can_be_told_apart_in_grey(count):
    shades = [style.luminance(shade) for shade in style.shades(count)]
    least = min(other - one for one, other in itertools.pairwise(shades))
    assert least > 0.4 / count


@pytest.mark.parametrize("place", range(0, 101, 5))
def test_text_on_every_colour_has_a_contrast_of_4_5(place):
    background = style.SEQUENCE(place / 100)
    assert style.contrast(style.readable_on(background), background) >= 4.5


def test_text_on_white_has_a_contrast_of_4_5():
    assert min(style.contrast(ink, "white") for ink in (style.INK, style.QUIET)) >= 4.5


def test_luminance_is_that_of_the_guidelines():
    assert style.luminance("white") == pytest.approx(1)
    assert style.luminance("black") == 0
    assert style.contrast("black", "white") == pytest.approx(21)
    # worked example: #777 on white falls just short of 4.5
    assert style.contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)


def test_figures_do_not_grow_longer_than_a_page_while_small_letters_fit():
    long = Study(names=[f"Category {place}" for place in range(12)], children=2)
    assert long.bars(2).size[1] <= 8.8
    assert STUDY.bars().size == (6.3, 3.9)


@pytest.mark.parametrize("name", ["figure-cropped", "wide-table"])
def test_figures_of_many_and_long_names_stay_on_their_page(name):
    study = STUDIES / name
    prepared = prepare(study, load_study(study))
    codings, codes = prepared.codings, prepared.codes
    codings["case_id"] = codings["document_id"].str.split(" / ").str[-1]
    groups = prepared.people.participants.set_index("case_id")["group"]
    frequencies = code_frequencies(codings, codes)
    for figure in (
        frequency_bars(codes, frequencies, level=1, cases=24, case_word="Participants", **PARTS),
        top_codes(codes, frequencies, n=15, case_word="Participants", **PARTS),
        hierarchy_treemap(codes, frequencies, depth=1, **PARTS),
        group_heatmap(codes, group_frequencies(codings, codes, groups), level=1, **PARTS),
    ):
        assert outside(figure) == []
        assert overlapping(figure) == []
        assert figure.size[0] <= 6.3
        # what is longer than a page is printed smaller, and can be read even so
        assert 6.5 * min(1, 8.8 / figure.size[1]) >= 5.9
