"""Of studies drawn at random, those that check finds clean build in all formats, and read well.

``STUDY_RANDOM`` says how many are drawn, ``STUDY_RANDOM_FROM`` the first seed; 200 take a night.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from analysis.build.builder import build
from analysis.build.manifest import out_of_step
from analysis.check.study import check_study
from qdaio.faults import StudyError
from tests.support.in_process import without_kernels
from tests.support.plaintext import pages, paragraphs, tables
from tests.support.random_studies import draw_study

pytestmark = [pytest.mark.build, pytest.mark.slow]
MANY = int(os.environ.get("STUDY_RANDOM", "10"))
FIRST = int(os.environ.get("STUDY_RANDOM_FROM", "0"))
SPOILED = ("variable", "citation", "embed", "group", "levels", "parameter", "prose")
NEVER = (
    re.compile(r"\bNone\b"),
    re.compile(r"\bnan\b", re.IGNORECASE),
    re.compile(r"\?var"),
    re.compile(r"\blevel \d+s\b"),
    re.compile(r"(?<![\w.,–-])1 (?:codings|participants|documents|codes|interviews|people)\b"),
    re.compile(r"(?<![\w,.)\]–-])[−-]\d+(?![\d-]*\w)"),
    re.compile(r"\{[a-z_]+\}|\{\{<"),
)


def said_wrongly(texts: list[str]) -> list[str]:
    """Return what no text may say, with some of what stands around it."""
    return [
        text[max(0, found.start() - 50) : found.end() + 30]
        for text in texts
        for pattern in NEVER
        if (found := pattern.search(text))
    ]


@pytest.fixture(autouse=True)
def _without_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    without_kernels(monkeypatch)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + MANY))
def test_a_study_that_check_finds_clean_builds_and_reads_well(repository, tmp_path: Path, seed):
    folder = tmp_path / "study"
    drawn = draw_study(repository, folder, seed)
    try:
        check_study(folder)
    except StudyError as error:
        pytest.fail(f"{drawn}: refused by check:\n{error}")
    build(folder, engine="pandoc")
    output = folder / "report/output"
    for kind in ("html", "docx", "xml"):
        made = output / f"manuscript.{kind}"
        cells = [cell for found in tables(made) for cell in found]
        assert said_wrongly([*paragraphs(made), *map(str, cells)]) == [], (kind, drawn)
    assert said_wrongly(pages(output / "manuscript.pdf")) == [], ("pdf", drawn)
    assert out_of_step(folder) == []


@pytest.mark.parametrize("seed", range(FIRST, FIRST + max(1, MANY // 2)))
def test_what_build_refuses_check_refuses_with_the_same_faults(repository, tmp_path: Path, seed):
    folder = tmp_path / "study"
    spoiled = SPOILED[seed % len(SPOILED)]
    drawn = draw_study(repository, folder, 1000 + seed, spoiled)
    told: list[list[str]] = []
    for command in (check_study, lambda folder: build(folder, engine="pandoc")):
        with pytest.raises(StudyError) as caught:
            command(folder)
        told.append(sorted(map(str, caught.value.faults)))
    assert told[0] == told[1], drawn
    assert len(told[0]) == 1, (drawn, told[0])
