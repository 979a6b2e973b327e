"""Whose codings are counted, whose measure agreement, and whose are set aside."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.settings import Coders
from qdaio.faults import FaultList
from qdaio.model import CodedProject, SetAside

__all__ = ["SplitCodings", "split_codings"]


@dataclass(frozen=True)
class SplitCodings:
    """Codings by what becomes of them; together they are all that the project has."""

    counted: pd.DataFrame
    agreement: pd.DataFrame
    set_aside: tuple[SetAside, ...]
    warnings: tuple[str, ...]


def split_codings(project: CodedProject, spec: Coders, faults: FaultList) -> SplitCodings:
    """Split a project's codings by coder.

    Parameters
    ----------
    project : CodedProject
    spec : Coders
        Without a main coder all codings are counted.
    faults : FaultList
        Gets a fault for each coder of the study file whom the export does not name.
    """
    codings = project.codings
    names = project.coders.set_index("coder_id")["name"].astype("str")
    coder = codings["coder_id"].astype("str").map(names)
    known = sorted(names.unique())
    for key, name in [("main", spec.main), *(("agreement", name) for name in spec.agreement)]:
        if name is not None and name not in known:
            faults.add(
                kind="unknown-coder",
                file="study.toml",
                column=f"coders.{key}",
                found=f'"{name}"',
                expected=", ".join(known) or "no coder: the export names none",
                remedy="Write the coder as the export does, or remove the key.",
            )
    nothing = codings.iloc[:0]
    if spec.main is None:
        return SplitCodings(codings, nothing, (), _warn_of_several(codings, known, project))
    main = coder.eq(spec.main).fillna(False).astype(bool)
    second = coder.isin(spec.agreement)
    other = ~(main | second)
    return SplitCodings(
        counted=codings[main],
        agreement=codings[second],
        set_aside=tuple(_aside(codings[other], coder[other])),
        warnings=(),
    )


def _warn_of_several(
    codings: pd.DataFrame, known: list[str], project: CodedProject
) -> tuple[str, ...]:
    if len(known) < 2:
        return ()
    documents = codings["segment_id"].map(project.segments.set_index("segment_id")["document_id"])
    pairs = pd.DataFrame({"document": documents, "coder": codings["coder_id"]}).drop_duplicates()
    shared = int((pairs.groupby("document", observed=True).size() > 1).sum())
    return (
        f"{len(known)} coders are counted together, {shared} documents have codings of more "
        "than one; if a coder worked independently, name the main coder in study.toml.",
    )


def _aside(codings: pd.DataFrame, coder: pd.Series) -> list[SetAside]:
    return [
        SetAside(
            what="coding",
            why=f"coder {name} is neither main nor agreement coder in study.toml"
            if isinstance(name, str)
            else "the row names no coder, and study.toml names the main coder",
            file=str(file),
            row=None if pd.isna(row) else int(row),
            sheet=None if pd.isna(sheet) else str(sheet),
            code=str(code),
        )
        for name, file, row, sheet, code in zip(
            coder,
            codings["source_file"],
            codings["source_row"],
            codings["source_sheet"],
            codings["code_id"],
            strict=True,
        )
    ]
