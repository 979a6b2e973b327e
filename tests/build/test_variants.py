"""Variants of a study stand beside it, and what they share with it is made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.build.builder import build
from analysis.build.notebooks import NotebookSpec, all_notebooks, study_notebooks
from analysis.build.parameters import choose_parameters, study_words, variant_parameters
from analysis.build.plan import plan_build
from analysis.build.steps import Step
from analysis.newstudy import begin_study
from analysis.studyfile import load_study
from qdaio.faults import FaultList, StudyError

CODINGS = (
    "document,code,text\nP1 talk,Care > Time,a\nP1 talk,Care > Trust,b\nP2 talk,Care > Time,c\n"
    "P3 talk,Money,d\nP3 talk,Care > Trust,e\nP4 talk,Money,f\n"
)
PEOPLE = (
    "Person,Group,Gender,Role,Age\nP1,Staff,Female,nurse,30\nP2,Staff,Male,nurse,41\n"
    "P3,Patients,Female,none,52\nP4,Patients,Female,none,63\n"
)
VARIANTS = (
    '\n[variants.by-gender]\ngroup_by = "gender"\n\n[variants.first-level]\nlevel = "category"\n'
)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("variants")
    (folder / "codings.csv").write_text(CODINGS, encoding="utf-8")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    begun = begin_study(
        folder / "study", [folder / "codings.csv"], participants=folder / "people.csv"
    )
    return begun.folder


@pytest.fixture
def study(pristine: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(pristine, tmp_path / "study"))


def write(folder: Path, more: str) -> None:
    path = folder / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


def specs_of(folder: Path) -> dict[str, NotebookSpec]:
    return {spec.name: spec for spec in all_notebooks(folder, FaultList())}


def planned(folder: Path) -> dict[str, Step]:
    study, faults = load_study(folder), FaultList()
    known = all_notebooks(folder, faults)
    specs, _ = study_notebooks(known, study)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    chosen = choose_parameters(known, study.parameters, {}, text, faults, words=study_words(study))
    variants = variant_parameters(known, study, chosen, text, faults)
    faults.raise_if_any()
    steps = plan_build(
        folder, study, specs, lambda *given: None, formats=["docx"], engine="pandoc",
        parameters=chosen, variants=variants,
    )  # fmt: skip
    return {step.name: step for step in steps}


def test_a_variant_runs_what_its_parameters_change_and_shares_the_rest(study):
    write(study, VARIANTS)
    steps = planned(study)
    own = {name for name in steps if name.endswith("(first-level)")}
    having = {name for name, spec in specs_of(study).items() if "level" in spec.parameters}
    assert {"frequencies", "hierarchy"} < having
    assert own - {f"{name} (first-level)" for name in having} == {
        f"{name} (first-level)" for name in ("explore", "trace", "manuscript")
    }
    assert "preparation (by-gender)" in steps, "the table of the corpus is by group"
    assert "hierarchy (by-gender)" not in steps
    inputs = {
        path.relative_to(study).as_posix() for path in steps["frequencies (by-gender)"].inputs
    }
    assert "data-processed/variants/by-gender/codings.parquet" in inputs
    shared = {path.relative_to(study).as_posix() for path in steps["manuscript (by-gender)"].inputs}
    assert "report/output/embed/hierarchy.ipynb" in shared
    assert "report/output/variants/by-gender/embed/frequencies.ipynb" in shared


def test_no_two_steps_make_one_file(study):
    write(study, VARIANTS)
    made = [path for step in planned(study).values() for path in step.outputs]
    assert len(made) == len(set(made))
    folders = {path.relative_to(study).parts[:4] for path in made if "by-gender" in path.parts}
    assert {parts[:2] for parts in folders} == {
        ("data-processed", "variants"),
        ("report", "output"),
    }


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ('[variants.a]\ngroup_by = "gendr"', "variants.a.group_by", 'Did you mean "gender"?'),
        ('[variants.a]\nlevel = "subcategry"', "variants.a.level", "category"),
        ("[variants.a]\nlevl = 1", "variants.a.levl", 'Did you mean "level"?'),
        ("[variants.a.frequencies]\ntop = 0", "variants.a.frequencies.top", "at least 1"),
        ('[parameters]\ngroup_by = "Age"', "parameters.group_by", "study.toml"),
    ],
)
def test_what_a_variant_may_not_be_is_told_with_its_line(study, line, column, words):
    write(study, f"\n{line}\n")
    with pytest.raises(StudyError) as caught:
        planned(study)
    (fault,) = caught.value.faults
    assert (fault.column, fault.file) == (column, "study.toml")
    row = len((study / "study.toml").read_text(encoding="utf-8").splitlines())
    assert fault.row == row
    assert words in f"{fault.expected} {fault.remedy}"


@pytest.mark.parametrize("name", ["By gender", "con", "../x"])
def test_a_variant_has_a_name_that_every_system_takes(study, name):
    write(study, f'\n[variants."{name}"]\ngroup_by = "gender"\n')
    with pytest.raises(StudyError):
        load_study(study)


@pytest.mark.slow
def test_variants_are_built_beside_the_study_and_go_when_they_are_taken_out(study):
    plain = (study / "study.toml").read_text(encoding="utf-8")
    write(study, VARIANTS)
    build(study, formats=["docx"], engine="pandoc")
    output = study / "report" / "output"
    made = output / "variants" / "by-gender"
    assert (made / "manuscript.docx").is_file()
    table = (made / "tables" / "groups.csv").read_text(encoding="utf-8-sig")
    assert "Female" in table
    assert "Staff" in (output / "tables" / "groups.csv").read_text(encoding="utf-8-sig")
    again = build(study, formats=["docx"], engine="pandoc")
    assert again.outcome.ran == []
    (study / "study.toml").write_text(plain, encoding="utf-8")
    build(study, formats=["docx"], engine="pandoc")
    assert not list((output / "variants").rglob("*.docx"))
