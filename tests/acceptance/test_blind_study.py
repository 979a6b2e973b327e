"""A whole study for blind review, in German: no product says whose it is, or where it lay."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from analysis.build.builder import build
from analysis.newstudy import begin_study
from tests.support.plaintext import pages
from tests.support.studies import replace_text

ROOT = Path(__file__).resolve().parents[2]
EXPORT = ROOT / "examples" / "gardens" / "Coded Segments.xlsx"
AUTHOR = (
    '{ name = "Ada Example", affiliation = "School of Examples", email = "ada@example.org", '
    'orcid = "0000-0002-1825-0097", corresponding = true }'
)
NAMES = ("Ada Example", "School of Examples", "ada@example.org", "0000-0002-1825-0097")
# the study lies in a folder that is called after its author
FOLDER = "Example-Ada-Paper"


def walked(path: Path) -> str:
    """Return everything that a file says, its properties included."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    text = path.read_bytes().decode("utf-8", "replace")
    return text + "\n".join(pages(path)) if path.suffix == ".pdf" else text


@pytest.mark.build
@pytest.mark.slow
def test_no_product_of_a_blind_study_says_whose_it_is(tmp_path: Path) -> None:
    folder = begin_study(tmp_path / FOLDER, [EXPORT], title="Was ein Garten lehrt").folder
    settings = folder / "study.toml"
    replace_text(settings, '{ name = "Your Name" }', AUTHOR)
    replace_text(settings, 'language = "en"', 'language = "de"')
    replace_text(settings, "# blind = true", "blind = true")
    replace_text(settings, "# line_numbers = true", "line_numbers = true")
    replace_text(settings, "# tables_and_figures =", "tables_and_figures =")
    replace_text(settings, '# citation_style = "apa"', 'citation_style = "apa"')
    replace_text(
        folder / "report" / "manuscript.qmd",
        "Who paid for the study, and that they had no part in it, or which.",
        "The School of Examples paid.",
    )
    build(folder, engine="pandoc")
    output = folder / "report" / "output"
    products = [path for path in output.rglob("*") if path.is_file()]
    assert {".html", ".docx", ".pdf", ".xml", ".ipynb", ".csv", ".svg"} <= {
        path.suffix for path in products
    }
    found = [
        (path.relative_to(output).as_posix(), name)
        for path in products
        if path.suffix not in (".png", ".ttf")
        for name in (*NAMES, FOLDER)
        if name in walked(path)
    ]
    assert found == []

    page = (output / "manuscript.html").read_text(encoding="utf-8")
    for said in ("Hintergrund", "Tabelle", "Kodierungen", "Teilnehmende", "Noch zu schreiben:"):
        assert said in page, said
    table = (output / "tables" / "corpus.html").read_text(encoding="utf-8")
    assert "Interviews und Kodierungen nach Gruppe" in table
    drawing = (output / "figures" / "frequencies.svg").read_text(encoding="utf-8")
    assert "Kodierungen je Kategorie" in drawing
