"""Rows that say the same as an earlier one: kept, counted, and marked."""

from __future__ import annotations

from analysis.project import CodedProject

__all__ = ["mark_repeats"]

PLACE = ["start", "end", "place", "text"]


def mark_repeats(project: CodedProject) -> CodedProject:
    """Mark codings that repeat an earlier one, and warn where a second file repeats them.

    Two codings are the same when document, code, coder, position and text are. A table
    that holds neither position nor text cannot show a repetition: two codings of one code
    in a document are then no mistake.
    """
    codings = project.codings
    if codings.empty:
        return project
    segments = project.segments.set_index("segment_id")[["document_id", *PLACE]]
    what = segments.loc[codings["segment_id"]].reset_index(drop=True)
    what["code_id"], what["coder_id"] = codings["code_id"].array, codings["coder_id"].array
    placed = what[PLACE].notna().any(axis=1)
    repeated = what.duplicated() & placed
    codings = codings.assign(is_repeat=repeated | codings["is_repeat"])
    files = codings["source_file"].astype("str")
    warnings = []
    if files.nunique() > 1:
        across = repeated & ~what.assign(source_file=files).duplicated()
        for file, count in files[across].value_counts(sort=False).items():
            if count:
                warnings.append(
                    f"{count} codings of {file} stand in a file before it as well; all are "
                    "counted. If one file is a part of the other, leave it out."
                )
    new = [warning for warning in warnings if warning not in project.warnings]
    return project.with_(codings=codings, warnings=(*project.warnings, *new))
