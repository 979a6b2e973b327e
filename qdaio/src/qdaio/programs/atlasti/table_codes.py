"""The codes of a code-document table, known again in the codebook where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qdaio.codes import CodeNames, code_id
from qdaio.programs.atlasti.levels import prefixed_paths
from qdaio.programs.atlasti.names import bare_name, has_bullet, label_parts
from qdaio.programs.atlasti.table_layout import CountTable

__all__ = ["Label", "marked_sums", "read_codes"]


@dataclass(frozen=True, slots=True)
class Label:
    """A row of codes: its name as printed, its path, and what the label states.

    Attributes
    ----------
    printed : str
    path : tuple of str
    reported : int, optional
        Groundedness.
    size : int, optional
        How many codes a group holds.
    is_codable : bool, optional
        What the codebook says; None without one.
    """

    printed: str
    path: tuple[str, ...]
    reported: int | None = None
    size: int | None = None
    is_codable: bool | None = None


def read_codes(table: CountTable, system: pd.DataFrame | None) -> tuple[list[Label], list[str]]:
    """Return the labels along the codes' side, and the identifier of the code of each."""
    printed = [table.code_label(place) for place in table.code_places]
    parts = [label_parts(label) for label in printed]
    names = [bare_name(name) for name, _, _ in parts]
    known = None if system is None else CodeNames(system)
    stated: dict[str, tuple[tuple[str, ...], object, bool]] = {}
    if system is not None:
        columns = (system[name] for name in ("path", "reported_n", "is_codable"))
        stated = dict(zip(system["code_id"], zip(*columns, strict=True), strict=True))
    labels: list[Label] = []
    ids: list[str] = []
    for label, name, (_, reported, size), path in zip(
        printed, names, parts, prefixed_paths(names), strict=True
    ):
        options = [code for code in known.all_of(name) if code not in ids] if known else []
        same = [code for code in options if _equal(stated[code][1], reported)]
        if found := (same or options)[:1]:
            way, _, codable = stated[found[0]]
            labels.append(Label(label, tuple(way), reported, size, bool(codable)))
            ids.append(found[0])
            continue
        way, again = path, 2
        while code_id(way) in ids:
            way, again = (*path[:-1], f"{path[-1]} ({again})"), again + 1
        labels.append(Label(label, way, reported, size))
        ids.append(code_id(way))
    return labels, ids


def marked_sums(labels: Sequence[Label]) -> tuple[list[str | None], bool]:
    """Return why each row is a sum, as far as its label or the codebook says it.

    Also whether they can tell at all: categories have no mark where codes have one.
    """
    marked = any(has_bullet(label.printed) for label in labels)

    def why(label: Label) -> str | None:
        if label.size is not None:
            return "it is a group of codes"
        if label.is_codable is False or (marked and not has_bullet(label.printed)):
            return "it is a category, which counts the codes in it"
        return None

    return [why(label) for label in labels], marked or any(
        label.is_codable is not None for label in labels
    )


def _equal(a: object, b: object) -> bool:
    return isinstance(a, int | np.integer) and isinstance(b, int) and int(a) == b
