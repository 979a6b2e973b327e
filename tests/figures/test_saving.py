"""What is saved and shown: the same bytes, with words for those who cannot see them."""

import base64
import hashlib
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from analysis.figures import Figure
from tests.figures.sample import FIGURES, STUDY

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_data_give_the_same_bytes(name):
    first, second = FIGURES[name](), FIGURES[name]()
    assert first.png == second.png
    assert first.svg == second.svg
    assert first.alt == second.alt


def test_another_process_with_another_hash_seed_gives_the_same_bytes():
    program = (
        "import hashlib\n"
        "from tests.figures.sample import STUDY\n"
        "for make in (STUDY.bars, STUDY.treemap, STUDY.participants):\n"
        "    figure = make()\n"
        "    content = figure.png + figure.svg.encode()\n"
        "    print(hashlib.sha256(content).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "123", "MPLBACKEND": "svg"},
    )  # fmt: skip
    here = [
        hashlib.sha256(figure.png + figure.svg.encode()).hexdigest()
        for figure in (STUDY.bars(), STUDY.treemap(), STUDY.participants())
    ]
    assert done.stdout.split() == here


@pytest.mark.parametrize("name", FIGURES)
def test_the_svg_carries_caption_and_alternative_text_and_no_date(name):
    figure = FIGURES[name]()
    root = etree.fromstring(figure.svg.encode())
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert [child.text for child in root[:2]] == [figure.caption, figure.alt]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [child.get("id") for child in root[:2]]
    assert "dc:date" not in figure.svg
    assert "Matplotlib v" not in figure.svg


def test_a_notebook_shows_the_png_that_is_saved(tmp_path):
    figure = STUDY.bars()
    svg, png = figure.save(tmp_path)
    assert (svg.name, png.name) == ("sample.svg", "sample.png")
    data, metadata = figure._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == png.read_bytes() == figure.png
    assert svg.read_text(encoding="utf-8") == figure.svg
    assert metadata["image/png"] == {
        "width": round(figure.size[0] * 96),
        "height": round(figure.size[1] * 96),
        "alt": figure.alt,
    }
    assert metadata["study"]["alt"] == figure.alt
    assert metadata["study"]["caption"] == "A <caption> & more"
    assert metadata["study"]["width_in"] == 6.3


def test_the_png_has_300_dots_an_inch_and_no_word_about_its_maker():
    png = STUDY.bars().png
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (1890, 1170)
    assert b"tEXt" not in png


def test_the_figure_is_drawn_once():
    figure = STUDY.bars()
    assert figure.png is figure.png
    assert figure.svg is figure.svg


def test_settings_of_the_session_do_not_change_a_figure():
    import matplotlib

    before = STUDY.bars().png
    with matplotlib.rc_context({"font.size": 20, "savefig.facecolor": "red", "text.color": "red"}):
        assert STUDY.bars().png == before
        assert matplotlib.rcParams["font.size"] == 20


@pytest.mark.parametrize(("label", "alt"), [("sample", "words"), ("fig-a/b", "x"), ("fig-a", " ")])
def test_a_label_that_cannot_name_a_file_or_no_words_are_refused(label, alt):
    drawn = STUDY.bars()
    with pytest.raises(ValueError, match=r"is not like fig-name|needs an alternative text"):
        Figure(drawn.drawing, drawn.data, label, "c", alt, False)


@pytest.mark.parametrize("package", ["analysis.tables", "analysis.figures"])
def test_importing_is_light(package):
    program = (
        f"import sys, {package}\n"
        "heavy = {'seaborn', 'matplotlib.pyplot', 'great_tables', 'docx', 'scipy', 'lxml'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
