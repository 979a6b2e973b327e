"""Rows that say the same as an earlier one: kept, counted, and marked."""

from __future__ import annotations

import pandas as pd

from qdaio.project import CodedProject

__all__ = ["mark_repeats"]

PLACE = ["start", "end", "place", "text"]
LONG = ["place", "text"]


def mark_repeats(project: CodedProject) -> CodedProject:
    """Mark codings that repeat an earlier one, and warn where a second file repeats them.

    Two codings are the same when document, code, coder, position and text are. A table
    that holds neither position nor text cannot show a repetition: two codings of one code
    in a document are then no mistake.
    """
    codings = project.codings
    if codings.empty:
        return project
    what = _statements(project)
    placed = what[PLACE].notna().any(axis=1)
    # long texts are compared only where all else is the same
    alike = what.drop(columns=LONG).duplicated(keep=False) & placed
    candidates = what[alike]
    repeated = pd.Series(False, index=what.index)
    repeated[candidates.index[candidates.duplicated()]] = True
    codings = codings.assign(is_repeat=repeated | codings["is_repeat"])
    files = codings["source_file"].astype("category")
    warnings = []
    if repeated.any() and files.nunique() > 1:
        candidates = candidates.assign(source_file=files[candidates.index])
        inside = candidates.index[candidates.duplicated()]
        across = repeated & ~repeated.index.isin(inside)
        for file, count in files[across].value_counts(sort=False).items():
            if count:
                warnings.append(
                    f"{count} codings of {file} stand in a file before it as well; all are "
                    "counted. If one file is a part of the other, leave it out."
                )
    new = [warning for warning in warnings if warning not in project.warnings]
    return project.with_(codings=codings, warnings=(*project.warnings, *new))


def _statements(project: CodedProject) -> pd.DataFrame:
    """Return what each coding says; labels as numbers, which compare faster."""
    codings = project.codings
    segments = project.segments
    columns = segments[["document_id", *PLACE]]
    if not segments["segment_id"].equals(codings["segment_id"]):
        at = pd.Index(segments["segment_id"]).get_indexer(codings["segment_id"])
        columns = columns.iloc[at].reset_index(drop=True)
    return columns.assign(
        document_id=columns["document_id"].cat.codes,
        code_id=codings["code_id"].cat.codes.array,
        coder_id=codings["coder_id"].cat.codes.array,
    )
