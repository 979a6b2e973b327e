"""Join the parts of a project that several files hold, by identifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from qdaio.align import align_codes, align_documents, stack_frames
from qdaio.known_codes import check_codes, states_code_system
from qdaio.project import CodedProject, ExportInfo, empty_frame, make_frame
from qdaio.reconcile import reconcile
from qdaio.repeats import mark_repeats

__all__ = ["combine"]

KEYS = {"documents": "document_id", "codes": "code_id", "coders": "coder_id", "cases": "case_id"}


def combine(parts: Sequence[CodedProject]) -> CodedProject:
    """Join parts into one project, and hold it against the counts that it reports.

    Documents, codes, coders and cases are joined by identifier; of each attribute the
    first value that is there wins. Codings are put one after another in the order of the
    parts, and those that repeat an earlier one are marked. Nothing is dropped.

    Parameters
    ----------
    parts : sequence of CodedProject
        At least one.

    Returns
    -------
    CodedProject
        Checked (`CodedProject.check`); counts that disagree are among its warnings.

    Raises
    ------
    StudyError
        When a code is not in the code system that another part states, or a part is not
        consistent in itself.
    """
    if not parts:
        raise ValueError("there is nothing to combine")
    parts = align_codes(align_documents(parts))
    check_codes(parts)
    # a code system comes first: it has the order and the descriptions
    systems = sorted(parts, key=lambda part: not states_code_system(part))
    segments, codings = _numbered(parts)
    project = CodedProject(
        info=_info(parts),
        documents=_union(parts, "documents"),
        codes=_union(systems, "codes"),
        coders=_union(parts, "coders"),
        segments=segments,
        codings=codings,
        cases=_union(parts, "cases"),
        case_documents=_stack(parts, "case_documents").drop_duplicates(ignore_index=True),
        attributes=_stack(parts, "attributes"),
        matrix_cells=_stack(parts, "matrix_cells"),
        rows_read=sum(part.rows_read for part in parts),
        set_aside=tuple(item for part in parts for item in part.set_aside),
        warnings=tuple(dict.fromkeys(said for part in parts for said in part.warnings)),
    )
    project.check()
    return reconcile(mark_repeats(project))


def _info(parts: Sequence[CodedProject]) -> ExportInfo:
    main = max(parts, key=lambda part: part.rows_read).info
    infos = [part.info for part in parts]
    return ExportInfo(
        format=main.format,
        software=main.software,
        version=main.version or _first(info.version for info in infos),
        language=main.language or _first(info.language for info in infos),
        files=tuple(item for info in infos for item in info.files),
        is_partial=any(info.is_partial for info in infos),
    )


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value is not None), None)


def _stack(parts: Sequence[CodedProject], name: str) -> pd.DataFrame:
    """Put one frame of all parts underneath each other."""
    frames = stack_frames(parts, name)
    if len(frames) < 2:
        return frames[0].reset_index(drop=True) if frames else empty_frame(name)
    return make_frame(name, pd.concat(frames, ignore_index=True))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "str"))


def _union(parts: Sequence[CodedProject], name: str) -> pd.DataFrame:
    """Join the rows of one identifier; the first value that is there wins."""
    stacked = _stack(parts, name)
    key = KEYS[name]
    if not stacked[key].duplicated().any():
        return stacked
    plain = _plain(stacked)
    joined = plain.groupby(key, sort=False, dropna=False).first().reset_index()
    return make_frame(name, joined[list(stacked.columns)])


def _numbered(parts: Sequence[CodedProject]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stack segments and codings; where several parts have some, tell their ids apart."""
    if sum(len(part.segments) > 0 for part in parts) < 2:
        return _stack(parts, "segments"), _stack(parts, "codings")
    renamed = []
    for number, part in enumerate(parts, start=1):
        mark = f"{number}-"
        segments = part.segments.assign(segment_id=mark + part.segments["segment_id"])
        codings = part.codings.assign(
            coding_id=mark + part.codings["coding_id"],
            segment_id=mark + part.codings["segment_id"],
        )
        renamed.append(part.with_(segments=segments, codings=codings))
    return _stack(renamed, "segments"), _stack(renamed, "codings")
