"""What a notebook says of itself: what it reads, makes, and needs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.build.cells import numbers_given, tables_named
from analysis.build.parameters import Parameter, read_parameters
from analysis.settings import StudyFile
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.labels import did_you_mean, nearest

__all__ = ["NotebookSpec", "all_notebooks", "check_notebooks", "read_notebook", "study_notebooks"]

LISTS = (
    "reads",
    "writes",
    "inputs",
    "needs",
    "tables",
    "figures",
    "reports",
    "pages",
    "metrics_of",
    "display",
)
# optional parts of a study, as a sentence names them
PARTS = {
    "agreement": "second coder",
    "attributes": "second attribute of participants",
    "criteria": "criteria of inclusion",
    "crosswalk": "second framework",
    "durations": "duration of interviews",
    "guide": "interview guide",
    "hierarchy": "names of levels",
    "numbers": "variable that is a number",
    "previous": "earlier exports",
    "published": "published values",
}
INPUTS = ("exports", "labels", "codebook", "participants", "framework", "guide", "published")


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
    display : tuple of str
        Parameters that change its tables and figures only, and nothing that other notebooks
        read: a variant of a study need not run these again.
    only_with : mapping
        Products that need an optional part of a study: their name to the part.
    metrics : bool
        Whether it gives numbers for the text.
    sources : tuple of str
        Its code cells.
    places : tuple of int
        Where each stands among all cells, from 1.
    parameters : mapping
        Its parameters, by name.
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
    display: tuple[str, ...]
    only_with: dict[str, str]
    metrics: bool
    sources: tuple[str, ...]
    places: tuple[int, ...]
    parameters: dict[str, Parameter]

    @property
    def file(self) -> str:
        """How faults call it."""
        return f"notebooks/{self.path.name}"


def read_notebook(path: Path) -> NotebookSpec:
    """Read the declaration of one notebook.

    Raises
    ------
    StudyError
        When the file is no notebook, its declaration has an unknown key, or the bounds of
        its parameters are none.
    """
    file = f"notebooks/{path.name}"
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
        declared: dict[str, Any] = raw["metadata"].get("study", {})
        numbered = [*enumerate(raw["cells"], start=1)]
        places = tuple(place for place, cell in numbered if cell["cell_type"] == "code")
        cells = [raw["cells"][place - 1] for place in places]
        sources = tuple("".join(cell["source"]) for cell in cells)
        tags = [tuple(cell.get("metadata", {}).get("tags", ())) for cell in cells]
        unknown = set(declared) - {*LISTS, "metrics", "only_with"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StudyError(
            Fault(
                kind="wrong-format",
                file=file,
                expected="a Jupyter notebook",
                remedy="Restore the notebook; it cannot be read.",
            )
        ) from error
    faults = FaultList()
    for key in sorted(unknown):
        near = nearest(key, [*LISTS, "only_with", "metrics"])
        faults.add(
            kind="unknown-key",
            file=file,
            column="metadata.study",
            found=key,
            expected=", ".join([*LISTS, "only_with", "metrics"]),
            remedy=did_you_mean(near, "Correct the key in the notebook's metadata."),
        )
    for key in LISTS:
        value = declared.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            faults.add(
                kind="bad-value",
                file=file,
                column=f"metadata.study.{key}",
                expected="a list of names",
                remedy="Correct it in the notebook's metadata.",
            )
    tagged = [source for source, marks in zip(sources, tags, strict=True) if "parameters" in marks]
    parameters = read_parameters("\n".join(tagged), file, faults)
    for name in declared.get("display", ()):
        if name not in parameters:
            near = nearest(str(name), parameters)
            faults.add(
                kind="unknown-parameter",
                file=file,
                column="metadata.study.display",
                found=str(name),
                expected=", ".join(parameters),
                remedy=did_you_mean(near, "Correct it in the notebook's metadata."),
            )
    faults.raise_if_any()
    name = path.stem.lstrip("0123456789").lstrip("-_ ") or path.stem
    lists = {key: tuple(declared.get(key, ())) for key in LISTS}
    # what the code itself says need not be declared
    read = [name for _, name in tables_named(sources, "read") if name not in lists["writes"]]
    lists["reads"] = tuple(dict.fromkeys([*lists["reads"], *read]))
    return NotebookSpec(
        name=name,
        path=path,
        only_with=dict(declared.get("only_with", {})),
        metrics=bool(declared.get("metrics", name in numbers_given(sources)[0])),
        sources=sources,
        places=places,
        parameters=parameters,
        **lists,
    )


def all_notebooks(folder: Path, faults: FaultList) -> list[NotebookSpec]:
    """Return every notebook of a study in the order of their names; what is wrong is told."""
    specs: list[NotebookSpec] = []
    for path in sorted((folder / "notebooks").glob("*.ipynb")):
        try:
            specs.append(read_notebook(path))
        except StudyError as error:
            faults.extend(error.faults)
    if not specs and not len(faults):
        faults.add(
            kind="missing-notebooks",
            file="notebooks/",
            found="no notebook",
            remedy="Put the notebooks of the project into the folder `notebooks`.",
        )
    return specs


def study_notebooks(
    specs: Iterable[NotebookSpec], study: StudyFile
) -> tuple[list[NotebookSpec], list[str]]:
    """Return the notebooks that a study runs, in their order, and what is left out.

    Returns
    -------
    notebooks : list of NotebookSpec
    left_out : list of str
        One sentence for each notebook whose optional input the study does not have.
    """
    has = study.has()
    kept: list[NotebookSpec] = []
    left_out: list[str] = []
    for spec in specs:
        lacking = [need for need in spec.needs if need not in has]
        if lacking:
            left_out.append(f"{spec.name} is left out: {_gives_no(lacking[0])}.")
            continue
        absent = {name: part for name, part in spec.only_with.items() if part not in has}
        left_out += [
            f"{name}, a product of {spec.name}, is left out: {_gives_no(part)}."
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


def _gives_no(part: str) -> str:
    return f"the study file gives no {PARTS.get(part, part)}"


def check_notebooks(specs: list[NotebookSpec], faults: FaultList) -> None:
    """Find declarations that cannot hold together.

    Two notebooks of one name, a table that none makes, a product that two make, notebooks
    that wait for each other.
    """
    makers: dict[str, NotebookSpec] = {}
    names: dict[str, NotebookSpec] = {}
    # what a notebook would give that cannot be read is not missing as well
    unread = any((fault.file or "").startswith("notebooks/") for fault in faults)
    for spec in specs:
        if spec.name in names:
            faults.add(
                kind="repeated-name",
                file=spec.file,
                found=f"the name {spec.name}, as {names[spec.name].file}",
                remedy="Give one of the two another name, besides the number in front.",
            )
        names[spec.name] = spec
        products = [
            *(f"data-processed/{name}.parquet" for name in spec.writes),
            *(f"tables/{name}" for name in spec.tables),
            *(f"figures/{name}" for name in spec.figures),
            *(f"report/{name}" for name in spec.reports),
            *(f"report/output/{name}" for name in spec.pages),
        ]
        for product in products:
            if product in makers and makers[product].name != spec.name:
                faults.add(
                    kind="made-twice",
                    file=spec.file,
                    column="metadata.study",
                    found=f"{product}, which {makers[product].file} makes",
                    remedy="Let one notebook make it.",
                )
            makers.setdefault(product, spec)
        for key, known in (("inputs", INPUTS), ("metrics_of", ("*", *(s.name for s in specs)))):
            for name in getattr(spec, key):
                if name not in known and not unread:
                    _unknown_name(spec, key, name, known, faults)
    tables = [name for spec in specs for name in spec.writes]
    tables += [name for spec in specs for _, name in tables_named(spec.sources, "write")]
    for spec in specs:
        cells = {name: spec.places[at] for at, name in tables_named(spec.sources, "read")}
        for name in spec.reads:
            if name not in tables and not unread:
                _unknown_name(spec, "reads", name, tables, faults, cells.get(name))
    _check_order(specs, faults)


def _unknown_name(
    spec: NotebookSpec,
    key: str,
    name: str,
    known: Iterable[str],
    faults: FaultList,
    cell: int | None = None,
) -> None:
    known = list(dict.fromkeys(known))
    where = "the cell" if cell else "this notebook's metadata"
    near = nearest(name, known)
    faults.add(
        kind="unknown-name",
        file=spec.file,
        row=cell,
        column="cell" if cell else f"metadata.study.{key}",
        found=f"the table {name}" if cell else name,
        expected=", ".join(known),
        remedy=did_you_mean(
            near,
            "Put the notebook that gives it back (`study new --update FOLDER` brings those of the "
            + f"skeleton), or correct the name in {where}.",
        ),
    )


def _check_order(specs: list[NotebookSpec], faults: FaultList) -> None:
    from graphlib import CycleError, TopologicalSorter

    waits: dict[str, set[str]] = {}
    for spec in specs:
        waits[spec.name] = {
            other.name
            for other in specs
            if set(spec.reads) & (set(other.writes) - set(spec.writes))
            or (
                other.metrics
                and other.name != spec.name
                and ("*" in spec.metrics_of or other.name in spec.metrics_of)
            )
        }
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        circle = list(dict.fromkeys(error.args[1]))
        faults.add(
            kind="circle",
            file="notebooks/",
            found=f"{', '.join(circle)} wait for each other",
            remedy="Let one of them read nothing that another makes: see `reads` and "
            "`metrics_of` in their metadata.",
        )
