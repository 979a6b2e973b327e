"""The code system of a study: what an export holds, without what is no category of the study.

Programs put all codes under one, or projects do; and some codes are marks of the work, such as
who speaks or what is still to be read. The study file names both: what stands above all others
is taken away, and what is left out has its codings set aside, each with its row.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.codes import full_paths, lineage, ordered_codes
from analysis.preparation.coders import SplitCodings
from analysis.settings import Hierarchy
from qdaio.faults import FaultList
from qdaio.labels import did_you_mean, nearest
from qdaio.model import CodedProject, SetAside

__all__ = ["codes_of_study", "left_out", "without_codes"]

LEFT_OUT = "study.toml leaves its code out"


def codes_of_study(project: CodedProject, spec: Hierarchy, faults: FaultList) -> pd.DataFrame:
    """Return the codes that are categories of the study, in the order of the code system.

    Parameters
    ----------
    project : CodedProject
    spec : Hierarchy
        ``within`` and ``omit``.
    faults : FaultList
        Gets a fault for each code that is not in the code system, for a code that is not the
        only one at the top, and for one at the top that has codings of its own.

    Returns
    -------
    DataFrame
        As :attr:`CodedProject.codes`; levels are counted, and paths begin, below the code that
        was taken away.
    """
    codes = ordered_codes(project.codes).reset_index(drop=True)
    out = left_out(codes, spec, faults)
    codes = codes[~codes["code_id"].isin(out)].reset_index(drop=True)
    if spec.within is None or codes.empty:
        return codes
    top = codes[codes["level"] == 1]
    names = list(top["name"])
    if names != [spec.within]:
        others = [name for name in names if name != spec.within]
        is_there = spec.within in names
        faults.add(
            kind="not-at-the-top" if is_there else "unknown-code",
            file="study.toml",
            column="hierarchy.within",
            found=f'"{spec.within}"' + (f" beside {', '.join(others[:5])}" if is_there else ""),
            expected="the one code at the top of the code system"
            + ("" if is_there else f", of {', '.join(names[:5])}"),
            remedy="Take the line away, or name the others under `omit`."
            if is_there
            else did_you_mean(nearest(spec.within, names), "Take the line away."),
        )
        return codes
    root = top["code_id"].iloc[0]
    own = int((project.codings["code_id"].astype("str") == str(root)).sum())
    if own:
        faults.add(
            kind="codings-at-the-top",
            file="study.toml",
            column="hierarchy.within",
            found=f'{own:,} of the codings are made on "{spec.within}" itself',
            expected="a code that only holds others",
            remedy="Take the line away, so that they are counted.",
        )
        return codes
    rest = codes[codes["code_id"] != root]
    below: pd.DataFrame = rest.assign(
        level=rest["level"] - 1,
        path=rest["path"].map(lambda path: tuple(path)[1:]),
        parent_id=rest["parent_id"].where(rest["parent_id"] != root),
    )
    return below.reset_index(drop=True)


def left_out(codes: pd.DataFrame, spec: Hierarchy, faults: FaultList) -> set[str]:
    """Return the codes that the study file leaves out, with all that stands below them."""
    if not spec.omit:
        return set()
    named = full_paths(pd.DataFrame({"code": pd.Series(spec.omit, dtype="str")}), codes)["code"]
    known = codes["code_id"].astype("str").tolist()
    for name, code in zip(spec.omit, named, strict=True):
        if code not in known:
            faults.add(
                kind="unknown-code",
                file="study.toml",
                column="hierarchy.omit",
                found=f'"{name}"',
                expected="a code: its name, or its names from the top, joined with >",
                remedy=did_you_mean(nearest(name, known), "Take it out of the list."),
            )
    lines = lineage(codes)
    return set(lines.loc[lines["ancestor_id"].astype("str").isin(set(named)), "code_id"])


def without_codes(split: SplitCodings, codes: pd.DataFrame) -> SplitCodings:
    """Set aside the codings whose code is none of the study.

    Parameters
    ----------
    split : SplitCodings
    codes : DataFrame
        As of :func:`codes_of_study`.
    """
    kept = set(codes["code_id"])
    parts = {"counted": split.counted, "agreement": split.agreement}
    aside = [
        SetAside(
            what="coding",
            why=LEFT_OUT,
            file=str(file),
            row=None if pd.isna(row) else int(row),
            sheet=None if pd.isna(sheet) else str(sheet),
            code=str(code),
        )
        for part in parts.values()
        for file, row, sheet, code in part.loc[
            ~part["code_id"].isin(kept), ["source_file", "source_row", "source_sheet", "code_id"]
        ].itertuples(index=False, name=None)
    ]
    if not aside:
        return split
    return replace(
        split,
        counted=split.counted[split.counted["code_id"].isin(kept)],
        agreement=split.agreement[split.agreement["code_id"].isin(kept)],
        set_aside=(*split.set_aside, *aside),
    )
