"""An earlier state of a study beside the present one: the same words, and what they were called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.codes import ordered_codes
from analysis.preparation.coders import split_codings
from analysis.settings import StudyFile
from qdaio.faults import FaultList, StudyError
from qdaio.model import CodedProject

__all__ = ["Earlier", "States", "compared", "read_earlier"]


@dataclass(frozen=True)
class Earlier:
    """An earlier state as it was read: the project, and its counted codings."""

    project: CodedProject
    codings: pd.DataFrame


@dataclass(frozen=True)
class States:
    """Two states of a study that can be compared.

    Attributes
    ----------
    codes : DataFrame
        The earlier code system: ``code_id``, ``parent_id``, ``name``, ``label``, ``level``.
    before, after : DataFrame
        ``code_id``, ``key``: a hash of the document and of the words, or of the place where
        an export has no words. No text.
    """

    codes: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame


def read_earlier(folder: Path, study: StudyFile, faults: FaultList) -> Earlier | None:
    """Read the earlier exports; None where that is not possible, with its faults.

    Parameters
    ----------
    folder : Path
        The study's folder.
    study : StudyFile
    faults : FaultList
    """
    from qdaio.registry import ReadOptions, read_exports

    names = study.data.previous_exports
    columns = study.data.columns
    options = ReadOptions(columns=columns.mapping() if columns else None)
    try:
        project = read_exports([folder / name for name in names], names=names, options=options)
    except StudyError as error:
        faults.extend(error.faults)
        return None
    # coders who left before the present state are no fault of the study file
    told = FaultList()
    split = split_codings(project, study.coders, told)
    return Earlier(project, project.codings if len(told) else split.counted)


def compared(project: CodedProject, codings: pd.DataFrame, earlier: Earlier) -> States:
    """Give each coding of both states a key by which the same words are found again.

    Parameters
    ----------
    project : CodedProject
    codings : DataFrame
        Those of `project` that are counted: ``code_id``, ``segment_id``.
    earlier : Earlier
    """
    both = (project, earlier.project)
    # by words where both states have them: places move when a transcript is corrected
    by_words = all(len(state.segments) and state.segments["text"].notna().all() for state in both)
    codes = ordered_codes(earlier.project.codes).reset_index(drop=True)
    return States(
        codes=codes.assign(label=codes["name"]),
        before=_keys(earlier.project, earlier.codings, by_words=by_words),
        after=_keys(project, codings, by_words=by_words),
    )


def _keys(project: CodedProject, codings: pd.DataFrame, *, by_words: bool) -> pd.DataFrame:
    segments = project.segments
    names = project.documents.set_index("document_id")["name"].astype("str")
    parts = [segments["document_id"].astype("str").map(names)]
    parts += (
        [segments["text"].astype("str").str.split().str.join(" ")]
        if by_words
        else [segments[column].astype("str") for column in ("start", "end", "unit")]
    )
    joined = ("\0".join(map(str, row)) for row in zip(*parts, strict=True))
    keys = [hashlib.sha256(text.encode("utf-8")).hexdigest()[:24] for text in joined]
    of_segment = pd.Series(keys, index=segments["segment_id"].astype("str"))
    return pd.DataFrame(
        {
            "code_id": codings["code_id"].astype("str").to_numpy(),
            "key": codings["segment_id"].astype("str").map(of_segment).to_numpy(),
        }
    )
