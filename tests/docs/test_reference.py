"""Pages of reference say what the code says: commands, keys, parameters, numbers."""

from __future__ import annotations

import importlib.util
import re
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import get_args

import click
import pytest
from pydantic import BaseModel

from analysis.build.notebooks import all_notebooks, study_notebooks
from analysis.check.rehearsal import rehearse
from analysis.cli import study
from analysis.newstudy import begin_study
from analysis.preparation import prepare
from analysis.settings import StudyFile
from analysis.studyfile import load_study
from qdaio.faults import FaultList
from tests.support.studies import replace_text

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDERS = {"NAME": r"[a-z0-9-]+", "N": r"\d+"}


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "notebook-parameters.md"])
def test_the_page_is_what_the_code_says_today(name):
    assert page(name) == reference().PAGES[name](), "run: python docs/reference.py"


def keys(model: type[BaseModel]) -> set[str]:
    """Return every key that a table of the study file knows, and those of its tables."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(name)
        for inner in models(field.annotation):
            found |= keys(inner)
    return found


def models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in models(inner)]


def test_every_key_of_the_study_file_is_explained():
    text = page("study-file.md")
    # a key stands in code, alone, after its table's name, or at the head of a table
    words = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`+([^`]+)`+", text))))
    words |= set(re.findall(r"^\[*([a-z_.]+)\]* *=?", text, re.MULTILINE))
    assert keys(StudyFile) - words == set()


def test_no_key_is_explained_that_does_not_exist():
    known = keys(StudyFile)
    rows = re.findall(r"^\| (`[^|]*`) \|", page("study-file.md"), re.MULTILINE)
    explained = {name for row in rows for name in re.findall(r"`([a-z_.]+)`", row)}
    assert {name for name in explained if not set(name.split(".")) <= known} == set()


def documented() -> list[str]:
    rows = re.findall(r"^\| (`[^|]*`) \|", page("numbers.md"), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def pattern(name: str) -> re.Pattern[str]:
    parts = re.split(r"(NAME|N)", name)
    return re.compile("".join(PLACEHOLDERS.get(part, re.escape(part)) for part in parts))


def numbers_of(folder: Path) -> set[str]:
    """Return the names of all numbers of a study, computed without a build."""
    study, faults = load_study(folder), FaultList()
    specs, _ = study_notebooks(all_notebooks(folder, faults), study)
    faults.raise_if_any()
    return set(rehearse(folder, study, prepare(folder, study), specs, {}).metrics)


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> set[str]:
    choir = ROOT / "examples" / "choir"
    folder = tmp_path_factory.mktemp("choir") / "study"
    begin_study(
        folder,
        [choir / "highlights.csv", choir / "codebook.csv"],
        participants=choir / "members.csv",
        framework=choir / "why-people-sing.csv",
    )
    talks = tmp_path_factory.mktemp("talks")
    (talks / "codings.csv").write_text("document,code\nFG,A\nFG,B\nI,A\n", encoding="utf-8")
    people = "Person,Talk,Age\nAnn,FG,30\nBen,FG,41\nCy,I,52\n"
    (talks / "people.csv").write_text(people, encoding="utf-8")
    focus = begin_study(
        talks / "study", [talks / "codings.csv"], participants=talks / "people.csv"
    ).folder
    replace_text(focus / "study.toml", 'kind = "integer"', 'kind = "integer"\nsummary = ["median"]')
    earlier = "document,code\nFG,A\nFG,C\nI,A\n"
    (focus / "data-raw" / "earlier.csv").write_text(earlier, encoding="utf-8")
    replace_text(
        focus / "study.toml",
        "\nexports = [",
        '\nprevious_exports = ["data-raw/earlier.csv"]\nexports = [',
    )
    return numbers_of(ROOT) | numbers_of(folder) | numbers_of(focus)


def test_every_number_is_documented(known):
    patterns = [pattern(name) for name in documented()]
    assert len(known) > 600
    assert sorted(name for name in known if not any(p.fullmatch(name) for p in patterns)) == []


def test_every_documented_number_exists(known):
    lost = [name for name in documented() if not any(map(pattern(name).fullmatch, known))]
    assert lost == []


def test_every_program_that_is_read_has_its_export_described():
    text = page("programs.md")
    software = {
        getattr(entry.load(), "software", None) for entry in entry_points(group="qdaio.readers")
    }
    named = {name for name in software if name}
    assert len(named) > 8
    assert {name for name in named if name.casefold() not in text.casefold()} == set()


def test_the_commands_of_the_readme_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:python start\.py|\bstudy) ([a-z]+)", text))
    named = {name for name in named if f"start.py {name}" in text or f"`study {name}" in text}
    known = set(study.list_commands(click.Context(study))) | {"test"}
    assert {"build", "check", "new", "inspect"} <= named
    assert named <= known
