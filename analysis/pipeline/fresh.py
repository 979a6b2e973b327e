"""Which steps are out of date, and why, from the record that the last build left.

The record is pytask's lock file, which holds the hash of each input, value and product.
It is read here without pytask, whose import alone takes longer than finding out that
nothing changed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.pipeline.step import Step
from qdaio.files.writing import sha256

__all__ = ["LOCK", "Record", "all_fresh", "left_behind", "node_id", "reasons", "value_id"]

LOCK = "pytask.lock"


@dataclass(frozen=True)
class Record:
    """What the last build recorded.

    Attributes
    ----------
    steps : dict
        For each step the hash of each of its inputs, values and products, by name.
    products : dict
        For each step the names of the files that it made.
    is_complete : bool
        False when the last build was cut off before it could put its record in order.
    """

    steps: dict[str, dict[str, str]]
    products: dict[str, set[str]]
    is_complete: bool

    @classmethod
    def read(cls, root: Path) -> Record:
        """Read the record of a study's folder; an unreadable one counts as none."""
        is_complete = not (root / f"{LOCK}.journal").exists()
        try:
            raw = tomllib.loads((root / LOCK).read_text(encoding="utf-8"))
            entries = raw.get("task", [])
            steps = {
                entry["id"]: {**entry.get("depends_on", {}), **entry.get("produces", {})}
                for entry in entries
            }
            products = {entry["id"]: set(entry.get("produces", {})) for entry in entries}
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError):
            steps, products, is_complete = {}, {}, False
        return cls(steps=steps, products=products, is_complete=is_complete)


def node_id(path: Path, root: Path) -> str:
    """Return the name under which the record holds a file."""
    return Path(os.path.relpath(path, root)).as_posix()


def value_id(step: str, key: str) -> str:
    """Return the name under which the record holds a value of a step."""
    return f"{step}:{key}"


def reasons(
    step: Step, record: Record, root: Path, hashes: dict[Path, str | None] | None = None
) -> list[str]:
    """Say why a step has to run; an empty list when it is up to date.

    Parameters
    ----------
    step : Step
    record : Record
    root : Path
        The study's folder.
    hashes : dict, optional
        Hashes found so far, which several steps can share.
    """
    known = record.steps.get(step.name)
    if known is None:
        return ["it did not run before"]
    hashes = {} if hashes is None else hashes
    found: list[str] = []
    for key, value in step.values.items():
        if known.get(value_id(step.name, key)) != value:
            found.append(f"the {key} changed")
    for path in step.outputs:
        if not path.is_file():
            found.append(f"{node_id(path, root)} is missing")
        elif _hash(path, hashes) != known.get(node_id(path, root)):
            found.append(f"{node_id(path, root)} is not as the last build left it")
    for path in step.inputs:
        name = node_id(path, root)
        if name not in known:
            found.append(f"{name} is new")
        elif _hash(path, hashes) != known[name]:
            found.append(f"{name} changed")
    gone = set(known) - {node_id(path, root) for path in (*step.inputs, *step.outputs)}
    gone -= {value_id(step.name, key) for key in step.values}
    found += [f"{name} is no longer part of it" for name in sorted(gone)]
    return found


def all_fresh(steps: Sequence[Step], root: Path) -> bool:
    """Say whether nothing has to run."""
    record = Record.read(root)
    hashes: dict[Path, str | None] = {}
    return record.is_complete and not any(reasons(step, record, root, hashes) for step in steps)


def left_behind(steps: Sequence[Step], record: Record, root: Path) -> list[Path]:
    """List files that the last build made and this one does not make any more.

    A manuscript in a format that was not asked for this time is not among them.
    """
    kept = {node_id(path, root) for step in steps for path in step.outputs}
    formats = {"manuscript"}
    return [
        root / name
        for step, names in sorted(record.products.items())
        if step not in formats
        for name in sorted(names - kept)
        if (root / name).is_file()
    ]


def _hash(path: Path, hashes: dict[Path, str | None]) -> str | None:
    if path not in hashes:
        hashes[path] = sha256(path) if path.is_file() else None
    return hashes[path]
