"""What is in an export, in numbers: the answer of `study inspect`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

from qdaio.ids import propose_pattern
from qdaio.model import CodedProject
from qdaio.registry import ReadOptions, read

__all__ = ["inspect", "summary"]


def inspect(
    *files: str | os.PathLike[str],
    names: Sequence[str] | None = None,
    options: ReadOptions | None = None,
) -> dict[str, Any]:
    r"""Read exports that belong together and say what is in them.

    Parameters
    ----------
    *files, names, options
        As for `qdaio.read`.

    Returns
    -------
    dict
        Plain values: ``format``, ``software``, ``version``, ``language``, ``files``; the
        numbers of ``documents``, ``codes``, ``codings``, ``coders``, ``segments``,
        ``cases``, ``attributes``, ``matrix_cells``, ``repeats`` and ``set_aside``;
        ``rows_read``, which is codings plus codings set aside; ``is_partial``;
        ``offsets``, the number of segments by outcome; ``warnings``; and
        ``participants``, a pattern that finds their ids in names of documents, if any.

    Raises
    ------
    StudyError
        With every fault of every file at once.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> file = Path(mkdtemp()) / "codings.csv"
    >>> _ = file.write_text("document,code\nAnn,trust\nBen,trust\n", encoding="utf-8")
    >>> found = inspect(file)
    >>> found["format"], found["codings"], found["set_aside"]
    ('tidy-table', 2, 0)
    """
    return summary(read(*files, names=names, options=options))


def summary(project: CodedProject) -> dict[str, Any]:
    """Say what is in a project, as `inspect` does."""
    info = project.info
    offsets = project.segments["offset_status"].astype("str").value_counts()
    aside = Counter((item.what, item.why) for item in project.set_aside)
    proposal = None if len(project.cases) else propose_pattern(list(project.documents["name"]))
    return {
        "format": info.format,
        "software": info.software,
        "version": info.version,
        "language": info.language,
        "files": [
            {"name": item.name, "format": item.format, "sheet": item.sheet, "sha256": item.sha256}
            for item in info.files
        ],
        "documents": len(project.documents),
        "codes": len(project.codes),
        "codings": len(project.codings),
        "coders": len(project.coders),
        "segments": len(project.segments),
        "cases": len(project.cases),
        "attributes": int(project.attributes["name"].nunique()),
        "matrix_cells": len(project.matrix_cells),
        "repeats": int(project.codings["is_repeat"].sum()),
        "rows_read": project.rows_read,
        "set_aside": len(project.set_aside),
        "set_aside_reasons": [
            {"what": what, "why": why, "count": count} for (what, why), count in aside.items()
        ],
        "is_partial": info.is_partial,
        "offsets": {str(status): int(count) for status, count in offsets.items()},
        "warnings": list(project.warnings),
        "participants": None
        if proposal is None
        else {"pattern": proposal.pattern, "documents": proposal.found},
    }
