"""Codes and their categories. A code of RQDA can be in several categories."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from qdaio.codes import CodeTree, Node, code_tree
from qdaio.database import Database, Rows
from qdaio.database_keys import rows_by_number
from qdaio.model import Notes, make_frame
from qdaio.programs.rqda.tables import TABLES, is_live

__all__ = ["Codes", "category_names", "read_codes"]

SHOWN = 5
CATEGORY = "category"


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """The codes of a project.

    Attributes
    ----------
    frame, attributes : DataFrame
        Frames of the model; the attributes name every category of a code in several.
    ids : dict of int to str
        Identifier of each live code, by its number.
    deleted : set of int
        Numbers of the codes that are deleted in the program.
    """

    frame: pd.DataFrame
    attributes: pd.DataFrame
    ids: dict[int, str]
    deleted: set[int]


def read_codes(database: Database, notes: Notes) -> Codes:
    """Read the codes; one in several categories stands under the first of them."""
    rows = TABLES.read(database, "freecode")
    places = rows_by_number(rows, "id", notes)
    notes.faults.raise_if_any()
    deleted = {number for number, place in places.items() if not is_live(rows["status"][place])}
    live = {number: place for number, place in places.items() if number not in deleted}
    for number in deleted:
        name = rows["name"][places[number]]
        why = "deleted in the program"
        notes.aside("code", why, rows.ids[places[number]], "freecode", code=name)
    categories = TABLES.read(database, "codecat")
    names = category_names(categories)
    members = _members(TABLES.read(database, "treecode"), live, names)
    nodes = [Node(key=("category", number), name=name, is_codable=False)
             for number, name in names.items()]  # fmt: skip
    for number, place in live.items():
        above = members.get(number)
        nodes.append(
            Node(
                key=number,
                name=rows["name"][place] or f"code {number}",
                parent=("category", above[0]) if above else None,
                colour=rows["color"][place] or None,
                description=rows["memo"][place] or None,
            )
        )
    tree = code_tree(nodes, notes)
    notes.faults.raise_if_any()
    several = {number: above for number, above in members.items() if len(above) > 1}
    if several:
        shown = ", ".join(f'"{rows["name"][live[number]]}"' for number in list(several)[:SHOWN])
        notes.warn(
            f"{len(several)} codes are in several categories ({shown}). Each stands under the "
            f'first, so that its codings count once; attribute "{CATEGORY}" names them all.'
        )
    return Codes(tree.frame, _attributes(several, names, tree, notes), _numbers(tree), deleted)


def category_names(rows: Rows) -> dict[int, str]:
    """Return the names of the live categories, of codes or of files, by number."""
    return {
        number: name or f"category {number}"
        for number, name, status in zip(rows["catid"], rows["name"], rows["status"], strict=True)
        if number is not None and is_live(status)
    }


def _members(rows: Rows, live: dict[int, int], names: dict[int, str]) -> dict[int, list[int]]:
    """Return the categories of each live code, each once, in the order of the links."""
    members: dict[int, list[int]] = {}
    for code, category, status in zip(rows["cid"], rows["catid"], rows["status"], strict=True):
        if is_live(status) and code in live and category in names:
            above = members.setdefault(code, [])
            if category not in above:
                above.append(category)
    return members


def _numbers(tree: CodeTree) -> dict[int, str]:
    return {key: code for key, code in tree.ids.items() if isinstance(key, int)}


def _attributes(
    several: dict[int, list[int]], names: dict[int, str], tree: CodeTree, notes: Notes
) -> pd.DataFrame:
    pairs = [(code, names[category]) for code, above in several.items() for category in above]
    return make_frame(
        "attributes",
        {
            "entity": ["code"] * len(pairs),
            "entity_id": [tree.ids[code] for code, _ in pairs],
            "name": [CATEGORY] * len(pairs),
            "value": [name for _, name in pairs],
            "source_file": [notes.file] * len(pairs),
        },
    )
