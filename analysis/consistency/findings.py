"""What the checks found, gathered into one verdict a claim."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.consistency.form import Form
from analysis.consistency.verdicts import SEVERITY, Verdict

__all__ = ["FIELDS", "KINDS", "Findings"]

# the reported values of a row, in the order of the claims; a whole is what others are held
# against, and so is an n unless rows refer to it
FIELDS = ("n", "count", "percent", "mean", "sd")
KINDS = {"n": "count", "count": "count", "percent": "percentage", "mean": "mean", "sd": "SD"}
RANK = {verdict: rank for rank, verdict in enumerate(SEVERITY)}


class Findings:
    """Collects verdicts on reported values; the most severe of each value holds."""

    def __init__(self) -> None:
        self._slots: list[np.ndarray] = []
        self._ranks: list[np.ndarray] = []
        self._reasons: list[str] = []

    def add(
        self, field: str, rows: np.ndarray | Sequence[int], verdict: Verdict, why: Sequence[str]
    ) -> None:
        """Add one verdict on one field of several rows, with a sentence for each.

        Parameters
        ----------
        field : str
            One of `FIELDS`.
        rows : sequence of int
            Positions in the form.
        verdict : Verdict
        why : sequence of str
            As many as rows.
        """
        at = np.asarray(rows, dtype=np.int64)
        if len(at) != len(why):
            raise ValueError(f"{len(at)} rows and {len(why)} sentences")
        self._slots.append(at * len(FIELDS) + FIELDS.index(field))
        self._ranks.append(np.full(len(at), RANK[verdict], dtype=np.int64))
        self._reasons += why

    def claims(self, form: Form) -> pd.DataFrame:
        """Return one row a value: id, place, kind, printed, rebuilt, verdict, why."""
        slots = np.concatenate([*self._slots, np.zeros(0, dtype=np.int64)])
        ranks = np.concatenate([*self._ranks, np.zeros(0, dtype=np.int64)])
        order = np.lexsort((np.arange(len(slots)), slots))
        slots, ranks = slots[order], ranks[order]
        is_first = np.diff(slots, prepend=-1) != 0
        starts = np.flatnonzero(is_first)
        worst = np.minimum.reduceat(ranks, starts) if len(starts) else ranks
        group = np.cumsum(is_first) - 1
        reasons: list[str] = [""] * len(starts)
        is_worst = ranks == worst[group]
        for claim, at in zip(group[is_worst].tolist(), order[is_worst].tolist(), strict=True):
            reasons[claim] += (" " if reasons[claim] else "") + self._reasons[at]
        rows = (slots[starts] // len(FIELDS)).tolist()
        fields = [FIELDS[at] for at in (slots[starts] % len(FIELDS)).tolist()]
        printed = [form.texts[field][row] for row, field in zip(rows, fields, strict=True)]
        verdicts = [SEVERITY[rank].value for rank in worst.tolist()]
        return pd.DataFrame(
            {
                "id": [f"{form.ids[r]}.{field}" for r, field in zip(rows, fields, strict=True)],
                "place": [form.places[row] for row in rows],
                "kind": [KINDS[field] for field in fields],
                "printed": printed,
                "rebuilt": [None] * len(rows),
                "verdict": verdicts,
                "why": reasons,
            },
            dtype="str",
        )
