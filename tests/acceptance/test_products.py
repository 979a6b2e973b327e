"""One command makes everything that the manuscript needs, in all formats."""

from __future__ import annotations

import csv
import json
import re

import pytest

from analysis.studyfile import load_study
from tests.support.plaintext import normalised, pages, paragraphs, tables, words

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("built")]
FORMATS = ("html", "docx", "xml")
TABLES = (
    "cooccurrence", "corpus", "coverage", "criteria", "crosstab", "crosswalk", "durations",
    "framework", "frequencies", "groups", "guide", "hierarchy", "participants", "quotations",
    "sampling-grid", "trustworthiness", "coreq", "srqr",
)  # fmt: skip
FIGURES = (
    "codes", "cooccurrence", "flow", "frequencies", "groups-shares", "hierarchy", "network",
    "participants",
)  # fmt: skip


def metrics_of(folder):
    return json.loads((folder / "data-processed/metrics.json").read_text(encoding="utf-8"))


def table_rows(folder, name):
    path = folder / "report/output/tables" / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def published(folder, name):
    path = folder / "data-raw/published" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", ["csv", "html", "docx"])
def test_each_table_is_there_in_each_format(built_study, name, kind):
    assert (built_study / "report/output/tables" / f"{name}.{kind}").stat().st_size > 100


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_there_as_picture_and_drawing_with_its_meaning(built_study, name):
    folder = built_study / "report/output/figures"
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert "<desc" in (folder / f"{name}.svg").read_text(encoding="utf-8")


def test_every_notebook_can_be_read_as_a_page_with_nothing_to_fetch(built_study):
    for name in ("preparation", "participants", "frequencies", "hierarchy", "reporting"):
        page = (built_study / "report/output/notebooks" / f"{name}.html").read_text("utf-8")
        assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']https?://", page)


def test_executed_notebooks_hold_no_time_and_no_path_of_this_machine(built_study):
    paths = list((built_study / "report/output/notebooks").glob("*.ipynb"))
    assert len(paths) > 10
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert str(built_study) not in text
        assert "papermill" not in text


def test_the_formats_have_the_same_number_of_tables_with_the_same_cells(built_study):
    made = [tables(built_study / "report/output" / f"manuscript.{kind}") for kind in FORMATS]
    assert len(made[0]) > 0
    assert [len(found) for found in made] == [len(made[0])] * 3
    assert made[0] == made[1]
    assert made[0] == made[2]


def test_the_formats_have_the_same_text(built_study):
    html, word, jats = (
        paragraphs(built_study / "report/output" / f"manuscript.{kind}") for kind in FORMATS
    )
    own_line = load_study(built_study).study.subtitle  # shares a line with the notice elsewhere
    html, word, jats = ([text for text in one if text != own_line] for one in (html, word, jats))
    assert sorted(word) == sorted(html)
    assert sorted(jats) == sorted(html)


def test_the_pdf_has_the_words_and_numbers_of_the_page(built_study):
    output = built_study / "report/output"
    printed = words(" ".join(pages(output / "manuscript.pdf")))
    html = words(" ".join(paragraphs(output / "manuscript.html")))
    for cells in tables(output / "manuscript.html"):
        for cell, n in cells.items():
            for word, times in words(cell).items():
                html[word] += n * times
    missing = html - printed
    assert not {word for word in missing if word.isdigit()}
    assert sum(missing.values()) <= 0.01 * sum(html.values())


def test_table_2_equals_the_published_cells_but_for_the_concessions(built_study):
    rows = table_rows(built_study, "participants")
    metrics = metrics_of(built_study)
    study = load_study(built_study)
    conceded = {
        ("Role", "Healthcare providers", "Psychiatrist", ""): "1",
    }
    from analysis.numbers import mean_sd, n_percent

    for cell in published(built_study, "table2"):
        variable, group, level = cell["variable"], cell["group"], cell["level"]
        within = cell["within"]
        place = study.participants.group_order.index(group) + 1
        if variable == "Age":
            key = f"participants.age.group-{place}"
            text = mean_sd(metrics[f"{key}.mean"], metrics[f"{key}.sd"], 2, "truncate")
        else:
            here = [
                row for row in rows
                if (row["variable"], row["group"], row["level"]) == (variable, group, level)
                and row["within"] == within
            ]  # fmt: skip
            assert len(here) == 1, cell
            n, known = int(here[0]["n"]), int(here[0]["known"])
            text = str(n)
            if variable == "Gender":
                text = n_percent(n, known, decimals=1, rounding="truncate", trailing_zeros=False)
        expected = conceded.get((variable, group, level, within), cell["printed"])
        assert text == expected, cell


def test_each_concession_has_a_proof(built_study):
    rows = published(built_study, "concessions")
    assert rows
    assert all(row["proof"].strip() and row["printed"].strip() for row in rows)
    assert any("sychiatrist" in row["printed"] for row in rows)


def test_table_4_equals_the_published_hierarchy(built_study):
    rows = table_rows(built_study, "hierarchy")
    rebuilt = [(row["level_1"], row["level_2"], row["level_3"]) for row in rows]
    expected = [(r["generic"], r["main"], r["sub"]) for r in published(built_study, "table4")]
    assert rebuilt == expected


def test_the_published_counts_are_rebuilt(built_study):
    metrics = metrics_of(built_study)
    assert metrics["codings.total"] == 1704
    assert [metrics[f"level-{level}.count"] for level in (1, 2, 3)] == [8, 14, 35]
    assert (metrics["participants.total"], metrics["documents.total"]) == (32, 34)
    assert metrics["new-codes.last.case"] == "30"


def test_every_quotation_that_was_published_stands_in_the_results(built_study):
    rows = table_rows(built_study, "quotations")
    shown = {(row["heading"].casefold(), row["case_id"]) for row in rows}
    for quoted in published(built_study, "quotations"):
        if quoted["section"] == "4.8.1.3":  # Table 4 has no such subcategory
            continue
        assert (quoted["category"].casefold(), quoted["participant"]) in shown, quoted


def test_the_text_holds_every_number_it_uses(built_study):
    text = " ".join(paragraphs(built_study / "report/output/manuscript.html"))
    assert "?var" not in text
    assert "{{<" not in text
    assert "1,704 codings" in text


def test_persian_stands_in_text_table_and_figure_in_every_format(built_study):
    output = built_study / "report/output"
    metrics = metrics_of(built_study)
    label = normalised(metrics["level-4.top-1.label"])
    assert re.search("[\u0600-\u06ff]", label)
    for kind in FORMATS:
        text = " ".join(paragraphs(output / f"manuscript.{kind}"))
        assert label in text
        assert re.search("«[\u0600-\u06ff]", text)
    assert 'dir="rtl"' in (output / "manuscript.html").read_text(encoding="utf-8")


def test_synthetic_data_say_so_everywhere(built_study):
    output = built_study / "report/output"
    assert metrics_of(built_study)["data.status"] == "synthetic"
    for kind in ("html", "xml"):
        assert "ynthetic data" in (output / f"manuscript.{kind}").read_text(encoding="utf-8")
    for name in TABLES:
        if name != "guide":
            assert "data_status" in table_rows(built_study, name)[0]
    quoted = re.findall(r"— Participant [^\n]*", "\n".join(
        paragraphs(output / "manuscript.html")))  # fmt: skip
    assert quoted
    assert all("(synthetic)" in line for line in quoted)


def test_every_product_with_data_says_that_they_are_synthetic(built_study):
    """Every file that a reader may open alone, but for the guide, which holds questions."""
    import zipfile

    silent = []
    for path in sorted((built_study / "report/output").rglob("*")):
        if path.stem in ("guide", "build") or path.suffix in ("", ".png", ".ipynb", ".ttf"):
            continue  # pictures say it in their drawing, notebooks in their page
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as archive:
                text = archive.read("word/document.xml").decode("utf-8")
        elif path.suffix == ".pdf":
            text = " ".join(pages(path))
        else:
            text = path.read_text(encoding="utf-8-sig")
        if "synthetic" not in text.casefold():
            silent.append(path.relative_to(built_study).as_posix())
    assert silent == []


def test_the_abstract_says_that_the_data_are_synthetic(built_study):
    output = built_study / "report/output"
    for kind in FORMATS:
        abstract = next(
            text for text in paragraphs(output / f"manuscript.{kind}") if "Background:" in text
        )
        assert "The data are synthetic" in abstract
    assert "The data are synthetic" in " ".join(pages(output / "manuscript.pdf"))


def test_the_article_is_valid_after_its_definition(built_study):
    from tests.support.jats import dtd_faults

    assert dtd_faults((built_study / "report/output/manuscript.xml").read_bytes()) == []


@pytest.mark.parametrize("kind", ["html", "docx", "xml"])
def test_no_sentence_runs_into_the_next(built_study, kind):
    """Pandoc takes away a space that ends a part which is shown on a condition."""
    said = paragraphs(built_study / "report/output" / f"manuscript.{kind}")
    glued = [text for text in said if re.search(r"[a-z)\d]{2}[.!?][A-Z][a-z]* [a-z\d]", text)]
    assert glued == []
