"""What a notebook says of itself: what it reads, makes, and needs."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.settings import StudyFile
from qdaio.faults import Fault, StudyError

__all__ = ["NotebookSpec", "read_notebook", "study_notebooks"]


@dataclass(frozen=True)
class NotebookSpec:
    """A notebook's own declaration, from its metadata under ``study``.

    Attributes
    ----------
    name : str
        File name without the number in front and the suffix; parameters in the study
        file stand under it.
    path : Path
    reads, writes : tuple of str
        Tables in ``data-processed/`` (``codings`` for ``codings.parquet``).
    inputs : tuple of str
        Files of ``data-raw/`` that it reads, by their key in the study file.
    needs : tuple of str
        Optional parts of a study without which it is left out.
    tables, figures : tuple of str
        Products, without their suffix.
    reports : tuple of str
        Files that it makes in ``report/``.
    pages : tuple of str
        Files that it makes in ``report/output/``.
    metrics_of : tuple of str
        Notebooks whose numbers it uses; ``*`` for all that run.
    only_with : mapping
        Products that need an optional part of a study: their name to the part.
    metrics : bool
        Whether it gives numbers for the text.
    sources : tuple of str
        Its code cells.
    parameters : tuple of str
        Names of its parameters.
    """

    name: str
    path: Path
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    inputs: tuple[str, ...]
    needs: tuple[str, ...]
    tables: tuple[str, ...]
    figures: tuple[str, ...]
    reports: tuple[str, ...]
    pages: tuple[str, ...]
    metrics_of: tuple[str, ...]
    only_with: dict[str, str]
    metrics: bool
    sources: tuple[str, ...]
    parameters: tuple[str, ...]


def read_notebook(path: Path) -> NotebookSpec:
    """Read the declaration of one notebook.

    Raises
    ------
    StudyError
        When the file is no notebook, or its declaration has an unknown key.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        declared: dict[str, Any] = raw["metadata"].get("study", {})
        cells = [cell for cell in raw["cells"] if cell["cell_type"] == "code"]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise StudyError(
            Fault(
                kind="wrong-format",
                file=f"notebooks/{path.name}",
                expected="a Jupyter notebook",
                remedy="Restore the notebook; it cannot be read.",
            )
        ) from error
    known = (
        "reads",
        "writes",
        "inputs",
        "needs",
        "tables",
        "figures",
        "reports",
        "pages",
        "metrics_of",
    )
    if unknown := set(declared) - {*known, "metrics", "only_with"}:
        raise StudyError(
            Fault(
                kind="unknown-key",
                file=f"notebooks/{path.name}",
                column="metadata.study",
                found=", ".join(sorted(unknown)),
                expected=", ".join([*known, "only_with", "metrics"]),
                remedy="Correct the key in the notebook's metadata.",
            )
        )
    sources = tuple("".join(cell["source"]) for cell in cells)
    tagged = [
        "".join(cell["source"])
        for cell in cells
        if "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    lists = {key: tuple(declared.get(key, ())) for key in known}
    return NotebookSpec(
        name=path.stem.lstrip("0123456789").lstrip("-_ "),
        path=path,
        only_with=dict(declared.get("only_with", {})),
        metrics=bool(declared.get("metrics", False)),
        sources=sources,
        parameters=tuple(
            line.split("=")[0].split(":")[0].strip()
            for line in "\n".join(tagged).splitlines()
            if "=" in line and not line.startswith(("#", " "))
        ),
        **lists,
    )


def study_notebooks(folder: Path, study: StudyFile) -> tuple[list[NotebookSpec], list[str]]:
    """Return the notebooks that a study runs, in their order, and what is left out.

    Returns
    -------
    notebooks : list of NotebookSpec
    left_out : list of str
        One sentence for each notebook whose optional input the study does not have.
    """
    specs = [read_notebook(path) for path in sorted((folder / "notebooks").glob("*.ipynb"))]
    has = study.has()
    kept: list[NotebookSpec] = []
    left_out: list[str] = []
    for spec in specs:
        lacking = [need for need in spec.needs if need not in has]
        if lacking:
            left_out.append(f"{spec.name} is left out: the study file gives no {lacking[0]}.")
            continue
        absent = {name: part for name, part in spec.only_with.items() if part not in has}
        left_out += [
            f"{name}, a product of {spec.name}, is left out: the study file gives no {part}."
            for name, part in absent.items()
        ]
        kept.append(
            replace(
                spec,
                tables=tuple(name for name in spec.tables if name not in absent),
                figures=tuple(name for name in spec.figures if name not in absent),
            )
        )
    return kept, left_out
