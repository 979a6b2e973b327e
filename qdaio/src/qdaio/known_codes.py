"""Codes that codings name, held against the code system where the export has one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from qdaio.faults import FaultList
from qdaio.labels import nearest
from qdaio.project import CodedProject

__all__ = ["check_codes", "states_code_system"]

SHOWN = 3


def states_code_system(part: CodedProject) -> bool:
    """Say whether a part is a list of codes that claims to be whole."""
    return len(part.codes) > 0 and part.rows_read == 0 and part.matrix_cells.empty


def check_codes(parts: Sequence[CodedProject]) -> None:
    """Check that every code that was applied is in the code system, where there is one.

    Raises
    ------
    StudyError
        With one fault for each unknown code: where it is used first and how often, and
        the nearest code of the system.
    """
    systems = [part.codes for part in parts if states_code_system(part)]
    if not systems:
        return
    system = pd.concat(systems).drop_duplicates("code_id")
    known = dict(zip(system["code_id"], map(_shown, system["path"]), strict=True))
    lists = [item.name for part in parts if states_code_system(part) for item in part.info.files]
    faults = FaultList()
    for part in parts:
        used = part.codings[~part.codings["code_id"].astype("str").isin(known)]
        names = dict(zip(part.codes["code_id"], map(_shown, part.codes["path"]), strict=True))
        for code, rows in used.groupby(used["code_id"].astype("str"), sort=False):
            label = names[str(code)]
            first = rows.iloc[0]
            near = nearest(label, known.values())
            faults.add(
                kind="unknown-code",
                file=str(first["source_file"]),
                sheet=None if pd.isna(first["source_sheet"]) else str(first["source_sheet"]),
                row=int(first["source_row"]),
                found=f'code "{label}"' + (f", in {len(rows)} rows" if len(rows) > 1 else ""),
                expected=f"a code of the code system ({', '.join(lists)})",
                remedy=(f'Did you mean "{near}"? ' if near else "")
                + "Correct the code, or export code system and codings anew at one time.",
            )
    faults.raise_if_any()


def _shown(path: Iterable[str]) -> str:
    return " > ".join(path)
