"""A build follows what changed, and nothing else; the same input gives the same bytes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from analysis.build.builder import build
from tests.support.in_process import without_kernels
from tests.support.plaintext import paragraphs
from tests.support.studies import column_of, copy_study, edit_sheet, replace_text

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("built")]
VARIABLES = "data-raw/exports/document-variables.xlsx"
SEGMENTS = "data-raw/exports/coded-segments.xlsx"
SYSTEM = "data-raw/exports/code-system.xlsx"
STRUCTURE = (
    "trust.",
    "framework.",
    "level-",
    "audit.",
)  # numbers of the code system, not of people
GONE = {f"Interview {number:02d}" for number in (2, 8, 11, 21, 22, 24, 28, 29)}


@pytest.fixture
def study(built_study: Path, tmp_path: Path) -> Path:
    """A copy of the built study that a test may change."""
    return Path(shutil.copytree(built_study, tmp_path / "study"))


def ran(folder: Path, **options) -> list[str]:
    result = build(folder, engine="pandoc", **options)
    return sorted(step.name for step in result.outcome.ran)


def text_of(folder: Path) -> str:
    return "\n".join(paragraphs(folder / "report/output/manuscript.html"))


def test_nothing_runs_when_nothing_changed_even_in_another_folder(study):
    assert ran(study) == []


@pytest.mark.slow
def test_two_builds_in_two_folders_give_the_same_bytes(repository, built_study, tmp_path):
    other = copy_study(repository, tmp_path / "elsewhere" / "other name")
    build(other, engine="pandoc", jobs=1)
    patterns = ["data-processed/metrics.json", "report/output/tables/*", "report/output/figures/*"]
    patterns += ["report/output/manuscript.*", "report/output/embed/*", "report/output/notebooks/*"]
    compared = 0
    for pattern in patterns:
        for path in sorted(built_study.glob(pattern)):
            same = other / path.relative_to(built_study)
            assert same.read_bytes() == path.read_bytes(), path.name
            compared += 1
    assert compared > 40


@pytest.mark.usefixtures("in_process")
def test_one_age_reruns_preparation_and_participants_and_changes_the_text(study):
    before = text_of(study)

    def older(rows):
        at = column_of(rows, "Age")
        for row in rows[1:]:
            if row[column_of(rows, "Participant")] in ("27", 27.0):
                row[at] = float(row[at]) + 1

    edit_sheet(study / VARIABLES, older)
    done = ran(study)
    assert {"preparation", "participants", "reporting", "manuscript"} <= set(done)
    assert not {"frequencies", "hierarchy"} & set(done)
    assert text_of(study) != before


@pytest.mark.usefixtures("in_process")
def test_a_renamed_category_shows_in_heading_table_and_figure_without_another_edit(study):
    old, new = "Information sources", "Where people learn of it"

    def renamed(rows):
        for row in rows:
            for at, cell in enumerate(row):
                if isinstance(cell, str) and old in cell:
                    row[at] = cell.replace(old, new)

    edit_sheet(study / SEGMENTS, renamed)
    edit_sheet(study / SYSTEM, renamed)
    build(study, engine="pandoc")
    output = study / "report/output"
    assert new in text_of(study)
    assert old not in text_of(study)
    assert new in (output / "tables/hierarchy.csv").read_text(encoding="utf-8-sig")
    embed = (output / "embed/frequencies.ipynb").read_text(encoding="utf-8")
    assert "groups-shares" in embed
    assert old not in embed


def test_bad_data_leave_earlier_products_untouched(study):
    from qdaio.faults import StudyError

    before = {path: path.read_bytes() for path in (study / "report/output").rglob("manuscript.*")}

    def spoil(rows):
        rows[3][column_of(rows, "Age")] = "old"
        rows[4][column_of(rows, "Group")] = "Nobody"

    edit_sheet(study / VARIABLES, spoil)
    with pytest.raises(StudyError) as caught:
        build(study, engine="pandoc")
    assert {fault.kind for fault in caught.value.faults} == {"bad-number", "unknown-group"}
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_original_data_say_the_word_nowhere(study):
    replace_text(study / "study.toml", 'status = "synthetic"', 'status = "original"')

    def without(rows):
        at = column_of(rows, "Comment")
        for row in rows[1:]:
            row[at] = ""

    edit_sheet(study / SEGMENTS, without)
    build(study, engine="pandoc")
    output = study / "report/output"
    said = [
        path.relative_to(output).as_posix()
        for path in sorted(output.rglob("*"))
        if path.suffix in (".html", ".xml", ".csv", ".svg")
        and path.parent.name != "notebooks"
        and "synthetic" in path.read_text(encoding="utf-8-sig").casefold()
    ]
    assert said == []
    from tests.support.plaintext import pages

    assert "synthetic" not in " ".join(pages(output / "manuscript.pdf")).casefold()
    assert "synthetic" not in " ".join(paragraphs(output / "manuscript.docx")).casefold()
    import zipfile

    for path in output.rglob("*.docx"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                assert b"ynthetic" not in archive.read(name), (path.name, name)


@pytest.fixture(scope="module")
def without_guide(built_study: Path, tmp_path_factory: pytest.TempPathFactory):
    """The study built again after its guide was taken out, and what the build said."""
    folder = Path(shutil.copytree(built_study, tmp_path_factory.mktemp("guide") / "study"))
    text = (folder / "study.toml").read_text(encoding="utf-8")
    start = text.index("[guide]")
    end = text.index("[published]")
    (folder / "study.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        without_kernels(patch)
        return folder, build(folder, engine="pandoc", formats=["html"])


def test_what_a_study_lacks_is_left_out_of_every_product_and_said(without_guide):
    folder, result = without_guide
    assert any("guide" in note for note in result.notes)
    assert not (folder / "report/output/tables/guide.csv").exists()
    assert "Interview guide" not in text_of(folder)


def test_numbers_of_a_notebook_that_runs_no_more_leave_the_text(without_guide):
    folder, _ = without_guide
    metrics = json.loads((folder / "data-processed/metrics.json").read_text("utf-8"))
    assert not [key for key in metrics if key.startswith("guide")]


@pytest.mark.usefixtures("in_process")
def test_every_result_number_in_the_text_changes_with_the_data(study):
    before = json.loads((study / "data-processed/metrics.json").read_text(encoding="utf-8"))

    def fewer(rows):
        at = column_of(rows, "Document name")
        kept = [row for n, row in enumerate(rows) if n == 0 or str(row[at])[:12] not in GONE]
        return [row for n, row in enumerate(kept) if n == 0 or n % 9]

    def without(rows):
        at = column_of(rows, "Document name")
        return [row for row in rows if str(row[at])[:12] not in GONE]

    edit_sheet(study / SEGMENTS, fewer)
    edit_sheet(study / VARIABLES, without)
    build(study, engine="pandoc")
    after = json.loads((study / "data-processed/metrics.json").read_text(encoding="utf-8"))
    changed = {key for key in before if before[key] != after.get(key)}
    used = set()
    for path in [*(study / "report").glob("*.*md"), *(study / "report/prose").glob("*.md")]:
        used |= set(re.findall(r"\{\{< var ([\w.-]+) >\}\}", path.read_text(encoding="utf-8")))
    same = {
        key for key in used & before.keys() - changed
        if not isinstance(before[key], str) and not key.startswith(STRUCTURE)
    }  # fmt: skip
    allowed = {"documents.agreement", "codings.set-aside", "new-codes.after"}
    structure = {key for key in same if key.endswith((".sub", ".main", ".minimum", ".minutes"))}
    assert same - allowed - structure == set()
