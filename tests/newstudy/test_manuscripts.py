"""From any export to a manuscript about that study: nothing odd, nothing empty, nothing foreign."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from analysis.build.notebooks import all_notebooks, study_notebooks
from analysis.check.rehearsal import rehearse
from analysis.manuscript.document import resolve
from analysis.newstudy import begin_study
from analysis.preparation import prepare
from analysis.studyfile import load_study
from qdaio import convert
from qdaio.faults import FaultList

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
CHOIR = (EXAMPLES / "choir" / "highlights.csv", EXAMPLES / "choir" / "codebook.csv")
TABLES = {
    "ten codings": "document,code,text\nInterview 1,Trust,a\nInterview 1,Cost,b\n"
    "Interview 2,Trust,c\nInterview 2,Distance,d\nInterview 3,Cost,e\nInterview 3,Cost,f\n"
    "Interview 3,Distance,g\nInterview 4,Trust,h\nInterview 4,Family,i\nInterview 5,Family,j\n",
    "one coding": "document,code\nDiary,A\n",
    "a wide sheet": "Participant,Quote,Trust,Cost,Time\nP1,I had to wait and pay.,0,1,1\n"
    "P2,They listened.,1,0,0\n",
    "a focus group": "document,case,code,text\nFG1,Ann,A > x,Yes.\nFG1,Ben,A > y,No.\n"
    "FG1,,B,Well.\nInterview 2,Cy,A > x,So.\n",
    "seven levels": "document,code\nPost 1,A > B > C > D > E > F > G\nPost 2,A > B2\n",
    "a row of many codes": "document,code\n"
    + "".join(f"Post {n % 3},Theme > Code {n}\n" for n in range(40)),
}
ODD = re.compile(
    r"\b(None|nan|NaN|NaT|<NA>)\b|\b1 (codings|codes|participants|documents|interviews|cases|"
    r"posts|categories)\b|\b(?<![\d,.])([2-9]|\d\d+) (coding|code|participant|document|interview|"
    r"case|post|category)\b|\(\)|“”|  +\S*\.|\b0 of 0\b"
)
FOREIGN = re.compile(r"Iran|Tehran|WHO|choir|garden", re.IGNORECASE)


def exports_of(name: str, folder: Path) -> list[Path]:
    if name in TABLES:
        path = folder / "codings.csv"
        path.write_text(TABLES[name], encoding="utf-8")
        return [path]
    if name == "a workbook of MAXQDA":
        return [Path(shutil.copy(EXAMPLES / "gardens" / "Coded Segments.xlsx", folder))]
    if name == "highlights of Taguette":
        return [Path(shutil.copy(path, folder)) for path in CHOIR]
    convert(*CHOIR, to=folder / "project.qdpx")
    return [folder / "project.qdpx"]


NAMES = [*TABLES, "a workbook of MAXQDA", "highlights of Taguette", "a project of REFI-QDA"]


@pytest.mark.parametrize("name", NAMES)
def test_a_manuscript_speaks_of_its_own_study_in_whole_sentences(tmp_path, monkeypatch, name):
    folder = begin_study(tmp_path / "Why people wait", exports_of(name, tmp_path)).folder
    study = load_study(folder)
    assert study.study.title == "Why people wait"
    said: list[str] = []

    def read(report: Path, *given: object, **options: object) -> object:
        said.append((report / "_results.qmd").read_text(encoding="utf-8"))
        return resolve(report, *given, **options)

    monkeypatch.setattr("analysis.manuscript.document.resolve", read)
    specs, _ = study_notebooks(all_notebooks(folder, FaultList()), study)
    done = rehearse(folder, study, prepare(folder, study), specs, {})
    assert list(done.faults) == []
    (results,) = said
    texts = [results, *(value for value in done.metrics.values() if isinstance(value, str))]
    for text in texts:
        assert not ODD.search(text), ODD.search(text)
    if name in TABLES:
        assert not FOREIGN.search("\n".join(texts))
    blocks = [block for block in results.split("\n\n") if block.strip()]
    for block, following in zip(blocks, [*blocks[1:], "# "], strict=True):
        if block.startswith("#"):
            level = len(block) - len(block.lstrip("#"))
            after = len(following) - len(following.lstrip("#"))
            assert not after or after > level, f"nothing stands under {block}"
    assert max(len(sentence) for sentence in re.split(r"[.!?]\s", results)) < 900
