"""What docs/own-notebook.md shows is what an author gets."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from analysis.build.builder import build
from tests.support.plaintext import paragraphs, tables
from tests.support.studies import make_study, write_notebook

# one worker builds the study for all
pytestmark = pytest.mark.xdist_group("own")

ROOT = Path(__file__).parents[2]
NOTICE = "Synthetic data: a reconstruction, not observations of real participants."


def examples(language: str) -> list[str]:
    """Return the blocks of the page in one language."""
    text = (ROOT / "docs" / "own-notebook.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small study with the notebook of the page, built."""
    folder = tmp_path_factory.mktemp("own")
    export = folder / "codings.csv"
    export.write_text(
        "document,code,text\nA,Cost,It is dear.\nB,Cost,I pay it.\nB,Time,It takes long.\n",
        encoding="utf-8",
    )
    study = make_study(ROOT, folder / "study", [export])
    settings = study / "study.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('"original"', '"synthetic"'), encoding="utf-8"
    )
    write_notebook(
        study / "notebooks" / "07-mine.ipynb",
        *examples("python"),
        declared=json.loads(examples("json")[0])["study"],
    )
    manuscript = study / "report" / "manuscript.qmd"
    (text,) = examples("markdown")
    manuscript.write_text(
        manuscript.read_text(encoding="utf-8") + "\n# Mine\n\n" + text, encoding="utf-8"
    )
    build(study, engine="pandoc", formats=["html", "docx", "jats"])
    return study / "report" / "output"


@pytest.mark.build
@pytest.mark.parametrize("name", ["manuscript.html", "manuscript.docx", "manuscript.xml"])
def test_figures_and_tables_of_an_own_notebook_stand_in_the_manuscript(
    own: Path, name: str
) -> None:
    said = paragraphs(own / name)
    captions = [text for text in said if text.startswith(("Figure", "Table"))]
    assert any(text.endswith(f"Codings of each document. {NOTICE}") for text in captions)
    assert any(text.endswith(f"How often each code was applied. {NOTICE}") for text in captions)
    assert any(text.endswith(": Codings of each document") for text in captions)
    cells = next(table for table in tables(own / name) if "Document" in table)
    # without the row numbers, with the columns' names
    assert sorted(cells.elements()) == sorted(["Document", "Codings", "A", "1", "B", "2"])


@pytest.mark.build
def test_figures_of_an_own_notebook_are_described(own: Path) -> None:
    with zipfile.ZipFile(own / "manuscript.docx") as archive:
        text = archive.read("word/document.xml").decode("utf-8")
    assert 'descr="Bars, as long as the document has codings."' in text
    assert 'descr="Bars, as long as the code has codings."' in text
