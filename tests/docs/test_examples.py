"""The examples: made again from their scripts, and a study builds from each by one command."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import shutil
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.cli import study

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
MADE = {
    "choir": ["codebook.csv", "highlights.csv", "members.csv"],
    "gardens": ["Coded Segments.xlsx"],
}
# words of the study that ships, which no other study may hold
SHIPPED = re.compile(r"Iran|\bWHO\b|World Health|[Pp]sychiatr|[Ss]takeholder|Tehran")


def content(path: Path) -> dict[str, bytes]:
    """Return what a file holds; of a workbook its parts, as an archive names its system."""
    if path.suffix != ".xlsx":
        # a checkout on Windows may end lines in its own way
        return {"": path.read_bytes().replace(b"\r\n", b"\n")}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_script_writes_the_same_files(name, tmp_path):
    script = runpy.run_path(str(EXAMPLES / name / "make_example.py"))
    script["main"](tmp_path)
    made = {path.name: content(path) for path in tmp_path.iterdir()}
    assert made == {file: content(EXAMPLES / name / file) for file in MADE[name]}


def test_the_codebook_of_the_choir_counts_its_highlights():
    codebook = pd.read_csv(EXAMPLES / "choir" / "codebook.csv").set_index("tag")
    highlights = pd.read_csv(EXAMPLES / "choir" / "highlights.csv")
    stated = codebook["number of highlights"]
    assert stated[stated > 0].to_dict() == highlights["tag"].value_counts().to_dict()
    assert set(codebook["parent"].dropna()) == set(stated[stated == 0].index)


def command() -> list[str]:
    """Return the one command that the README of the examples gives for the choir."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^study new .*$", text, re.MULTILINE)
    return shlex.split(line)[1:]


@pytest.mark.build
@pytest.mark.usefixtures("in_process")
def test_the_choir_is_begun_and_built_by_one_command_each(tmp_path, monkeypatch):
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples")
    done = CliRunner().invoke(study, command())
    assert done.exit_code == 0, done.output
    folder = tmp_path / "choir-study"
    done = CliRunner().invoke(study, ["build", str(folder), "--engine", "pandoc"])
    assert done.exit_code == 0, done.output

    output = folder / "report" / "output"
    document = docx.Document(str(output / "manuscript.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    numbers = json.loads((folder / "data-processed" / "metrics.json").read_text("utf-8"))
    codings = pd.read_csv(EXAMPLES / "choir" / "highlights.csv")
    people = pd.read_csv(EXAMPLES / "choir" / "members.csv")

    # counted by hand from the files that the example consists of
    assert numbers["codings.total"] == len(codings)
    assert numbers["participants.total"] == len(people)
    assert numbers["level.count"] == 2
    age = people.groupby("Group", sort=False)["Age"]
    assert [numbers[f"participants.age.group-{at}.mean"] for at in (1, 2)] == pytest.approx(
        age.mean().to_list()
    )
    assert f"all {len(codings)} codings that were read are counted" in text
    # nothing of another study, nothing without a framework about one, no heading of air
    assert not SHIPPED.search(text)
    assert "framework" not in text.casefold()
    headings = [p for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert "Belonging" in "\n".join(p.text for p in headings)
    assert all(p.text.strip() for p in headings)
    assert "synthetic" in text.casefold()
    assert sorted(path.suffix for path in output.glob("manuscript.*")) == [
        *(".docx", ".html", ".pdf", ".xml")
    ]
