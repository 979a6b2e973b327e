"""One name for each code and document, where the parts of a project write it differently.

Tables have no identifiers: a code is its path and a document its group and name, and not
every table shows all of either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from qdaio.known_codes import states_code_system
from qdaio.project import CodedProject, empty_frame

__all__ = ["align_codes", "align_documents", "stack_frames"]

DOCUMENT_COLUMNS = (
    ("documents", "document_id"),
    ("segments", "document_id"),
    ("case_documents", "document_id"),
    ("attributes", "entity_id"),
    ("matrix_cells", "entity_id"),
)
CODE_COLUMNS = (
    ("codes", "code_id"),
    ("codes", "parent_id"),
    ("codings", "code_id"),
    ("matrix_cells", "code_id"),
    ("attributes", "entity_id"),
    ("matrix_cells", "entity_id"),
)


def align_documents(parts: Sequence[CodedProject]) -> list[CodedProject]:
    """Recognise a document again in a table that leaves its group out.

    The name alone means the only document of that name, where there is but one. A label of a
    matrix that names no document, but a group that another part knows, is that group.
    """
    known = pd.concat([part.documents for part in parts]).drop_duplicates("document_id")
    grouped = known[known["group"].notna()]
    alone = grouped[~grouped["name"].duplicated(keep=False)]
    full = pd.Series(alone["document_id"].to_numpy(), index=alone["name"])
    aligned = []
    for part in parts:
        bare = part.documents[
            part.documents["group"].isna()
            & (part.documents["document_id"] == part.documents["name"])
            & part.documents["name"].isin(full.index)
        ]
        new = dict(zip(bare["document_id"], full.reindex(bare["name"]), strict=True))
        taken = set(part.documents["document_id"])
        new = {old: target for old, target in new.items() if target not in taken}
        unclear = _unclear(part, grouped)
        part = part.with_(warnings=(*part.warnings, *unclear)) if unclear else part
        aligned.append(_renamed(part, new, DOCUMENT_COLUMNS, "document") if new else part)
    return [_with_groups(part, aligned) for part in aligned]


def _unclear(part: CodedProject, grouped: pd.DataFrame) -> list[str]:
    """Warn of names without a group that documents of several groups have."""
    names = part.documents.loc[part.documents["group"].isna(), "name"]
    counts = grouped["name"].value_counts()
    several = [name for name in names if counts.get(name, 0) > 1]
    if not several:
        return []
    files = ", ".join(item.name for item in part.info.files)
    shown = ", ".join(f'"{name}"' for name in several[:5])
    return [
        f"{files}: {len(several)} documents have the name of documents in several groups "
        f"({shown}) and are taken for others; export the table with the column of groups."
    ]


def align_codes(parts: Sequence[CodedProject]) -> list[CodedProject]:
    """Give codes the identity that the code system gives them, where there is one.

    A code whose printed path is that of one code of the system is that code, though its
    names hold the sign that separates levels. The labels of a matrix may be last names
    only: one that a single code has means it.
    """
    systems = [part.codes for part in parts if states_code_system(part)]
    if not systems:
        return list(parts)
    system = pd.concat(systems).drop_duplicates("code_id")
    by_path = _only(" > ".join(path) for path in system["path"])
    by_name = _only(system["name"])
    paths = dict(zip(map(" > ".join, system["path"]), system["code_id"], strict=True))
    names = dict(zip(system["name"], system["code_id"], strict=True))
    known = set(system["code_id"])
    aligned = []
    for part in parts:
        unknown = part.codes[~part.codes["code_id"].isin(known)]
        if unknown.empty:
            aligned.append(part)
            continue
        only_counts = part.info.software == "MAXQDA" and not part.rows_read
        new = {}
        for code, path in zip(unknown["code_id"], unknown["path"], strict=True):
            printed = " > ".join(path)
            if printed in by_path:
                new[code] = paths[printed]
            elif only_counts and len(path) == 1 and path[0] in by_name:
                new[code] = names[path[0]]
        aligned.append(_without_unused(_renamed(part, new, CODE_COLUMNS, "code"), known))
    return aligned


def stack_frames(parts: Sequence[CodedProject], name: str) -> list[pd.DataFrame]:
    """Return one frame of the parts that have rows in it; of several, without categories."""
    frames = [frame for part in parts if len(frame := part.frames()[name])]
    if len(frames) < 2:
        return frames
    return [
        frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "str"))
        for frame in frames
    ]


def _only(labels: object) -> set[str]:
    """Return the labels that stand once."""
    counts = pd.Series(list(labels), dtype="str").value_counts()  # type: ignore[call-overload]
    return set(counts.index[counts == 1])


def _renamed(
    part: CodedProject,
    new: Mapping[str, str],
    columns: Sequence[tuple[str, str]],
    entity: str,
) -> CodedProject:
    """Replace identifiers wherever they stand."""
    if not new:
        return part
    for name, column in columns:
        frame = part.frames()[name]
        if frame.empty:
            continue
        values = frame[column].astype("str").replace(dict(new))
        if column == "entity_id":
            values = values.where(frame["entity"].astype("str") == entity, frame[column])
        kind = "category" if frame[column].dtype == "category" else "str"
        part = part.with_(**{name: frame.assign(**{column: values.astype(kind)})})  # type: ignore[call-overload]
    if entity == "code":
        part = part.with_(codes=part.codes.drop_duplicates("code_id", ignore_index=True))
    return part


def _without_unused(part: CodedProject, known: set[str]) -> CodedProject:
    """Drop codes that only the former spelling of a path made, such as its parents."""
    needed = set(part.codings["code_id"].astype("str")) | set(part.matrix_cells["code_id"])
    parents = dict(zip(part.codes["code_id"], part.codes["parent_id"], strict=True))
    for code in needed - known:
        above = parents.get(code)
        while isinstance(above, str) and above not in needed:
            needed.add(above)
            above = parents.get(above)
    kept = part.codes["code_id"].isin(needed | known)
    return part.with_(codes=part.codes[kept].reset_index(drop=True))


def _with_groups(part: CodedProject, parts: Sequence[CodedProject]) -> CodedProject:
    cells = part.matrix_cells
    if cells.empty or part.rows_read:
        return part
    others = [other for other in parts if other is not part and len(other.documents)]
    if not others:
        return part
    documents = pd.concat([other.documents for other in others])
    groups = set(documents["group"].dropna()) - set(documents["document_id"])
    is_group = (cells["entity"].astype("str") == "document") & cells["entity_id"].isin(groups)
    if not is_group.any():
        return part
    entity = cells["entity"].astype("str").mask(is_group, "group").astype("category")
    kept = part.documents[~part.documents["document_id"].isin(cells.loc[is_group, "entity_id"])]
    documents = kept.reset_index(drop=True) if len(kept) else empty_frame("documents")
    return part.with_(matrix_cells=cells.assign(entity=entity), documents=documents)
