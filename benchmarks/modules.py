"""How much of the house a coding passes on its way: modules, lines, and modules entered.

A module is entered where one of its functions runs. What importing runs is not counted: each
way is walked once before it is traced. Readers that only look at a file and pass it on to the
next are counted apart: no coding goes through them.

    python benchmarks/modules.py [--names]
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from unittest.mock import patch

import qdaio
from analysis.chapters.frequencies import code_frequencies
from analysis.chapters.hierarchy import hierarchy_table
from analysis.codes import depth_of, level_names
from analysis.preparation import hand_over, prepare
from analysis.workspace import Workspace, open_study
from qdaio import registry

ROOT = Path(__file__).resolve().parent.parent
HOUSES = {"analysis": ROOT / "analysis", "qdaio": ROOT / "qdaio" / "src" / "qdaio"}
WORKBOOKS = ("coded-segments", "code-system", "document-variables")
GOALS = {"MAXQDA workbook to hierarchy in Word": 45}
QUALCODER = """
create table project (databaseversion text, date text, memo text, about text, bookmarkfile
  integer, bookmarkpos integer, codername text);
insert into project values ('v8', '2024-01-01 00:00:00', '', 'QualCoder 3.6', 0, 0, 'Ann');
create table source (id integer primary key, name text, fulltext text, mediapath text,
  memo text, owner text, date text, av_text_id integer, risid integer);
insert into source values (1, 'Interview 1', 'I trust them.', null, '', 'Ann', '', null, null);
create table code_cat (catid integer primary key, name text, owner text, date text, memo text,
  supercatid integer);
create table code_name (cid integer primary key, name text, memo text, catid integer,
  owner text, date text, color text);
insert into code_name values (1, 'trust', '', null, 'Ann', '', '#ff0000');
create table code_text (ctid integer primary key, cid integer, fid integer, seltext text,
  pos0 integer, pos1 integer, owner text, date text, memo text, avid integer,
  important integer);
insert into code_text values (1, 1, 1, 'I trust', 0, 7, 'Ann', '', '', null, null);
create table code_image (imid integer primary key, id integer, x1 integer, y1 integer,
  width integer, height integer, cid integer, memo text, date text, owner text,
  important integer, pdf_page integer);
create table code_av (avid integer primary key, id integer, pos0 integer, pos1 integer,
  cid integer, memo text, date text, owner text, important integer);
create table annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer,
  memo text, owner text, date text);
create table attribute_type (name text primary key, date text, owner text, memo text,
  caseOrFile text, valuetype text);
create table attribute (attrid integer primary key, name text, attr_type text, value text,
  id integer, date text, owner text);
create table cases (caseid integer primary key, name text, memo text, owner text, date text);
create table case_text (id integer primary key, caseid integer, fid integer, pos0 integer,
  pos1 integer, owner text, date text, memo text);
create table journal (jid integer primary key, name text, jentry text, date text, owner text);
"""


def prepared_study(folder: Path, exports: list[str]) -> Workspace:
    """Prepare the shipped study from other exports, given as TOML writes a list."""
    if not (folder / "study.toml").exists():
        shutil.copytree(ROOT / "data-raw", folder / "data-raw", dirs_exist_ok=True)
        text = (ROOT / "study.toml").read_text(encoding="utf-8")
        text = re.sub(r"(?m)^exports = \[[^\]]*\]", f"exports = {json.dumps(exports)}", text)
        (folder / "study.toml").write_text(text, encoding="utf-8")
    workspace = open_study(str(folder))
    hand_over(prepare(workspace.folder, workspace.study), workspace)
    return workspace


def workbook_to_word(folder: Path) -> None:
    """Take the shipped study from its workbooks to the table of categories in Word."""
    workspace = prepared_study(folder, [f"data-raw/exports/{name}.xlsx" for name in WORKBOOKS])
    codings, codes = workspace.read("codings"), workspace.read("codes")
    depth = min(3, depth_of(codes, workspace.study.hierarchy.levels, 0))
    table = hierarchy_table(
        codes,
        code_frequencies(codings, codes),
        level_names(workspace.study.hierarchy.levels, depth),
        depth,
        label="tbl-hierarchy",
        caption="Categories",
        synthetic=workspace.study.is_synthetic,
        case_word=workspace.study.case_word,
    )
    workspace.save(table)


def refi_to_frequencies(folder: Path) -> None:
    """Take the shipped study from a REFI-QDA project to its code frequencies."""
    path = folder / "data-raw" / "exports" / "study.qdpx"
    if not path.exists():
        path.parent.mkdir(parents=True)
        qdaio.convert(*(ROOT / "data-raw" / "exports").glob("*.xlsx"), to=path)
    workspace = prepared_study(folder, ["data-raw/exports/study.qdpx"])
    workspace.write(
        "frequencies", code_frequencies(workspace.read("codings"), workspace.read("codes"))
    )


def qualcoder_to_csv(folder: Path) -> None:
    """Take a database of QualCoder to tidy CSV."""
    import sqlite3

    path = folder / "data.qda"
    if not path.exists():
        database = sqlite3.connect(path)
        database.executescript(QUALCODER)
        database.close()
    qdaio.convert(path, to=folder / "tidy")


# each way with the formats that are read on it
WAYS: dict[str, tuple[Callable[[Path], None], frozenset[str]]] = {
    "MAXQDA workbook to hierarchy in Word": (
        workbook_to_word,
        frozenset(
            {"maxqda-coded-segments", "maxqda-code-system", "maxqda-document-variables"},
        ),
    ),
    ".qdpx to frequencies": (refi_to_frequencies, frozenset({"refi-qda-project"})),
    "QualCoder database to CSV": (qualcoder_to_csv, frozenset({"qualcoder-project"})),
}


def module_of(file: str) -> str | None:
    """Return the module of the house that a file is, if it is one."""
    for name, root in HOUSES.items():
        if Path(file).is_relative_to(root):
            parts = Path(file).relative_to(root).with_suffix("").parts
            return ".".join((name, *parts)).removesuffix(".__init__")
    return None


def entered(way: Callable[[Path], None], formats: frozenset[str] | None) -> list[str]:
    """Return the modules whose functions run on a way, in the order in which it comes there.

    With `formats`, no reader of another format looks at the files.
    """
    files: dict[str, None] = {}

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_flags & inspect.CO_OPTIMIZED:  # no class, no module
            files.setdefault(frame.f_code.co_filename)

    everyone = registry.readers()
    asked = tuple(reader for reader in everyone if formats is None or reader.format in formats)
    with tempfile.TemporaryDirectory() as name:
        way(Path(name))
        only_these = patch.object(registry, "readers", lambda: asked)
        only_these.start()
        threading.setprofile(look)
        sys.setprofile(look)
        try:
            way(Path(name))
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            only_these.stop()
    return [module for file in files if (module := module_of(file))]


def main() -> int:
    """Print the figures; exit 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", action="store_true", help="name the modules entered")
    shown = parser.parse_args().names
    everything = []
    for house, root in HOUSES.items():
        lines = [
            len(path.read_text(encoding="utf-8").splitlines())
            for path in root.rglob("*.py")
            if "skeleton" not in path.relative_to(root).parts[:-1]
        ]
        modules = [count for count in lines if count > 20]  # a docstring is none
        everything += modules
        print(f"{house}: {len(modules)} modules, {sum(lines):,} lines, median", end=" ")
        print(f"{statistics.median(modules):.0f}")
    print(f"both: {len(everything)} modules, median {statistics.median(everything):.0f}")
    missed = False
    for name, (way, formats) in WAYS.items():
        found, all_of_them = entered(way, formats), entered(way, None)
        goal = f" (goal: at most {GOALS[name]})" if name in GOALS else ""
        print(f"{name}: {len(found)} modules entered{goal}", end="")
        print(f", {len(all_of_them)} with readers that only look")
        missed |= len(found) > GOALS.get(name, len(found))
        if shown:
            print("".join(f"    {module}\n" for module in found), end="")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
