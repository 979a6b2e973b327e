"""Copies of the shipped study, changed as a person would change them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter

Rows = list[list[object]]


def copy_study(source: Path, target: Path) -> Path:
    """Copy what people made of a study; nothing that a build makes."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("study.toml",):
        shutil.copy(source / name, target / name)
    shutil.copytree(
        source / "data-raw", target / "data-raw", ignore=shutil.ignore_patterns("synthetic")
    )
    shutil.copytree(source / "notebooks", target / "notebooks")
    shutil.copytree(
        source / "report",
        target / "report",
        ignore=shutil.ignore_patterns(
            *("output", "_variables.yml", "_study.yml", "_results.qmd", "_quarto-built.yml"),
            "_citation-style.csl",
            ".quarto",
        ),
    )
    return target


def read_rows(path: Path) -> Rows:
    """Return the cells of the first sheet."""
    sheet = python_calamine.load_workbook(str(path)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python(skip_empty_area=False)]


def write_rows(path: Path, rows: Rows, sheet: str = "Sheet1") -> None:
    """Write cells as one sheet."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        page = workbook.add_worksheet(sheet)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value not in ("", None):
                    if isinstance(value, str):
                        page.write_string(at, column, value)
                    else:
                        page.write(at, column, value)


def edit_sheet(path: Path, change: Callable[[Rows], Rows | None]) -> None:
    """Change the cells of a workbook's first sheet, in place or by a new list."""
    rows = read_rows(path)
    changed = change(rows)
    write_rows(path, rows if changed is None else changed)


def column_of(rows: Rows, name: str) -> int:
    """Return the position of a column by its header in the first row."""
    return rows[0].index(name)


def replace_text(path: Path, old: str, new: str) -> None:
    """Replace a piece of a text file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")


SKELETON = Path(__file__).resolve().parent / "skeleton"


def make_study(repository: Path, target: Path, exports: list[Path], more: str = "") -> Path:
    """Make a study from exports and a few lines of settings; no code, no notebook is edited.

    Parameters
    ----------
    repository : Path
        Where notebooks and the manuscript's settings come from.
    target : Path
    exports : list of Path
        Copied into ``data-raw/``.
    more : str
        What the study file says besides title, status and exports.
    """
    (target / "data-raw").mkdir(parents=True)
    for path in exports:
        shutil.copy(path, target / "data-raw" / path.name)
    shutil.copytree(repository / "notebooks", target / "notebooks")
    report = target / "report"
    report.mkdir()
    for name in ("filters", "templates", "typst"):
        shutil.copytree(repository / "report" / name, report / name)
    for name in ("_quarto.yml", "style.css", "reference.docx", "references.bib"):
        shutil.copy(repository / "report" / name, report / name)
    shutil.copy(SKELETON / "manuscript.qmd", report / "manuscript.qmd")
    listed = ", ".join(f'"data-raw/{path.name}"' for path in exports)
    (target / "study.toml").write_text(
        '[study]\ntitle = "A second study"\nauthors = [{ name = "A. Author" }]\n\n'
        f'[data]\nstatus = "original"\nexports = [{listed}]\n\n{more}',
        encoding="utf-8",
    )
    return target


def write_notebook(
    path: Path, *cells: str, parameters: str = "", declared: dict[str, object] | None = None
) -> Path:
    """Write a notebook of code cells, as a person keeps it: without outputs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [_cell("one", parameters, ["parameters"])] if parameters else []
    made += [_cell(f"cell-{at}", source, []) for at, source in enumerate(cells, start=1)]
    notebook = {
        "cells": made,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "study": declared or {},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def _cell(name: str, source: str, tags: list[str]) -> dict[str, object]:
    return {
        "id": name,
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": tags},
        "outputs": [],
        "source": source,
    }


def small_study(folder: Path, more: str = "") -> Path:
    """Make a study of two codings without notebooks, and a manuscript of one line."""
    raw, report = folder / "data-raw", folder / "report"
    raw.mkdir(parents=True)
    report.mkdir()
    (raw / "codings.csv").write_text(
        "document,code,text\nA,Cost,It is dear.\nB,Cost,I pay it.\n", encoding="utf-8"
    )
    (report / "manuscript.qmd").write_text("---\ntitle: A study\n---\n\nText.\n", encoding="utf-8")
    (report / "_quarto.yml").write_text("project:\n  type: default\n", encoding="utf-8")
    (folder / "study.toml").write_text(
        '[study]\ntitle = "A small study"\nauthors = [{ name = "A. Author" }]\n\n'
        '[data]\nstatus = "original"\nexports = ["data-raw/codings.csv"]\n\n' + more,
        encoding="utf-8",
    )
    return folder
