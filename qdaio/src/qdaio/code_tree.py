"""Codes and categories of a database as one tree, with identifiers that no two share."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pandas as pd

from qdaio.notes import Notes
from qdaio.parents import paths_from_parents
from qdaio.paths import code_id
from qdaio.project import make_frame

__all__ = ["CodeTree", "Node", "code_tree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A code, or a category, which cannot be applied.

    Attributes
    ----------
    key, parent : hashable
        How the database calls this node, and the one above it; None at the root.
    """

    key: Hashable
    name: str
    parent: Hashable | None = None
    is_codable: bool = True
    colour: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CodeTree:
    """The frame ``codes`` of the model, and the identifier of each node."""

    frame: pd.DataFrame
    ids: dict[Hashable, str]


def code_tree(nodes: Sequence[Node], notes: Notes) -> CodeTree:
    """Build the codes; each category before what it holds.

    The identifier is the path. A category that has the name of a code beside it gets
    " (category)" behind it, and a second code of one path a number.

    Parameters
    ----------
    nodes : sequence of Node
        No key twice; in the order of the program.
    notes : Notes
        Gets a fault for nodes below themselves, a warning for codes of one path.
    """
    by_key = {node.key: node for node in nodes}
    paths = paths_from_parents(
        {node.key: node.name for node in nodes},
        {node.key: node.parent for node in nodes},
        notes.faults,
        file=notes.file,
    )
    ids: dict[Hashable, str] = {}
    taken: set[str] = set()
    twice = 0
    for key in sorted(paths, key=lambda item: not by_key[item].is_codable):
        plain = code_id(paths[key])
        if plain in taken and not by_key[key].is_codable:
            plain = f"{plain} (category)"
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain} #{number}", number + 1
        twice += name != plain
        ids[key] = name
        taken.add(name)
    if twice:
        notes.warn(
            f"{twice} codes have name and place of another; they are told apart by a number."
        )
    order = _depth_first([node for node in nodes if node.key in paths])
    frame = make_frame(
        "codes",
        {
            "code_id": [ids[node.key] for node in order],
            "parent_id": pd.Series(
                [ids.get(node.parent) if node.parent is not None else None for node in order],
                dtype="str",
            ),
            "name": [node.name for node in order],
            "path": [paths[node.key] for node in order],
            "level": [len(paths[node.key]) for node in order],
            "position": range(1, len(order) + 1),
            "is_codable": [node.is_codable for node in order],
            "colour": pd.Series([node.colour for node in order], dtype="str"),
            "description": pd.Series([node.description for node in order], dtype="str"),
        },
    )
    return CodeTree(frame, ids)


def _depth_first(nodes: Sequence[Node]) -> list[Node]:
    known = {node.key for node in nodes}
    below: dict[Hashable | None, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent if node.parent in known else None, []).append(node)
    order: list[Node] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(reversed(below.get(node.key, [])))
    return order
