"""Printed labels that are longer than a program lets a code's name be."""

from __future__ import annotations

import difflib
from pathlib import Path

import pandas as pd

from analysis.forms import read_form
from qdaio.faults import FaultList

__all__ = ["printed_labels", "read_labels"]


def read_labels(path: Path, name: str, faults: FaultList) -> pd.DataFrame:
    """Read the labels file: ``code`` (path joined with " > "), ``label``, ``row``."""
    return read_form(path, name, ["code", "label"], faults, filled=["code", "label"])


def printed_labels(
    codes: pd.DataFrame, labels: pd.DataFrame | None, name: str, faults: FaultList
) -> pd.Series:
    """Return what to print for each code: its longer label, else its name.

    Parameters
    ----------
    codes : DataFrame
        ``code_id`` (the path), ``name``.
    labels : DataFrame or None
        See :func:`read_labels`.
    name : str
        How messages call the labels file.
    faults : FaultList
        Gets a fault for each label whose code is not in the code system.

    Returns
    -------
    Series
        Texts, aligned with `codes`.
    """
    if labels is None:
        return codes["name"]
    known = set(codes["code_id"])
    for row, code in zip(labels["row"], labels["code"], strict=True):
        if not pd.isna(code) and code not in known:
            near = difflib.get_close_matches(code, sorted(known), n=1)
            faults.add(
                kind="unknown-code",
                file=name,
                row=int(row),
                column="code",
                found=f'"{code}"',
                expected="the full path of a code, its names joined with >",
                remedy=f'Did you mean "{near[0]}"?' if near else "Correct or remove the row.",
            )
    longer = labels.drop_duplicates("code").set_index("code")["label"]
    return codes["code_id"].map(longer).fillna(codes["name"])
