"""Text on the sheet: where its lines stand, and which way they run."""

import itertools

import pytest
from matplotlib.text import Text

from analysis.figures.figure import styled
from analysis.figures.sheet import Sheet, line_inches
from analysis.languages import find_language, speaking


def lines_of(block, **options):
    with styled():
        sheet = Sheet(4, 2, synthetic=False)
        sheet.text(1, 1, block, size=8, **options)
        return [artist for artist in sheet.drawing.findobj(Text) if artist.get_text()]


def test_every_line_of_a_text_runs_the_way_of_its_first_letter():
    mixed = [artist.get_text() for artist in lines_of(["Support («سلامت", "روان») at home"])]
    assert mixed == ["Support («سلامت", "\u200eروان») at home"]
    mixed = [artist.get_text() for artist in lines_of("Said گفت «سلام» twice")]
    assert mixed == ["Said گفت «سلام»\u200f twice"]
    mixed = [artist.get_text() for artist in lines_of(["کمبود دارو", "(medicine) در شهر"])]
    assert mixed == ["کمبود دارو", "\u200f(medicine) در شهر"]


@pytest.mark.parametrize(("va", "first"), [("top", 1.0), ("center", 0.5), ("bottom", 0.0)])
def test_lines_are_evenly_spaced_whatever_their_letters(va, first):
    baselines = [artist.get_position()[1] for artist in lines_of(["ace", "لگآ", "Égj"], va=va)]
    steps = [one - other for one, other in itertools.pairwise(baselines)]
    assert steps == pytest.approx([line_inches(8)] * 2)
    # the place is the top, the middle or the bottom of the block
    above = baselines[0] - 1
    assert above == pytest.approx(line_inches(8, 3) * (1 - first) - 0.77 * line_inches(8))


def test_counts_follow_the_language_and_places_of_categories_do_not():
    with speaking(find_language("de")):
        lines = lines_of(["1,204", "3.4", "Trust, 1.5"])
    assert [artist.get_text() for artist in lines] == ["1.204", "3.4", "Trust, 1.5"]
