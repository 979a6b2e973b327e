"""Whose codings are counted, whose measure agreement, and whose are set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.phrases import listing
from analysis.settings import Coders
from qdaio.faults import FaultList
from qdaio.join import mark_repeats
from qdaio.model import CodedProject, SetAside, make_frame

__all__ = ["SplitCodings", "name_coders", "split_codings"]


STANDS_TWICE = "stand in a file before it as well"  # of two files, before their coders are known


@dataclass(frozen=True)
class SplitCodings:
    """Codings by what becomes of them; together they are all that the project has."""

    counted: pd.DataFrame
    agreement: pd.DataFrame
    set_aside: tuple[SetAside, ...]
    warnings: tuple[str, ...]


def name_coders(
    project: CodedProject, coders: Mapping[str, str], faults: FaultList
) -> CodedProject:
    """Say whose the codings of an export are that names no coder itself.

    Parameters
    ----------
    project : CodedProject
    coders : mapping
        ``[data.coders]``: a file of ``exports``, or a folder, to its coder.
    faults : FaultList
        Gets a fault for a file whose codings name another coder.
    """
    if not coders:
        return project
    codings, listed = project.codings, project.coders
    names = listed.set_index("coder_id")["name"].to_dict()
    ids = {name: key for key, name in names.items()}
    own = codings["coder_id"].astype("object")
    files = codings["source_file"].astype("str")
    for file, coder in coders.items():
        here = (files == file) | files.str.startswith(f"{file}/")
        others = sorted({names[key] for key in own[here].dropna().unique()} - {coder})
        if others:
            faults.add(
                kind="conflicting-coder",
                file=file,
                found=f"codings of {listing(others)}",
                expected=f'codings of "{coder}", or of no coder that is named',
                remedy="Take the file out of [data.coders] in study.toml: it says itself whose "
                "its codings are.",
            )
        own = own.mask(here & own.isna(), ids.setdefault(coder, coder))
    added = [{"coder_id": key, "name": name} for name, key in ids.items() if key not in names]
    frame = make_frame("coders", pd.concat([listed, pd.DataFrame(added)], ignore_index=True))
    said = [text for text in project.warnings if STANDS_TWICE not in text]
    # two coders who agree do not repeat each other
    codings = codings.assign(coder_id=own.astype("category"), is_repeat=False)
    return mark_repeats(
        project.with_(codings=make_frame("codings", codings), coders=frame, warnings=tuple(said))
    )


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
    several = f"{shared:,} documents have" if shared > 1 else "one document has"
    if not shared:
        several = "no document has"
    return (
        f"{len(known)} coders are counted together, {several} codings of more than one; if a "
        "coder worked independently, name the main coder in study.toml.",
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
