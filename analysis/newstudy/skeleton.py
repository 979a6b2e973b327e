"""The skeleton that every study starts from, and how it is updated later.

A study keeps the skeleton as it was given in `.study/skeleton/`. What the program ships later
is merged with what the author made of it by three-way merge (nbdime, which knows notebooks),
so that the author's edits stay, and what cannot be merged is listed and left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.studyfile import STUDY_FILE
from qdaio.faults import Fault, StudyError
from qdaio.files.writing import write_bytes

__all__ = ["PRISTINE", "Updated", "skeleton_files", "update_study"]

PRISTINE = ".study/skeleton"
OWN = Path(__file__).parent / "skeleton"  # files of the skeleton alone
SHIPPED = OWN / "shared"  # in an installed package: files that the shipped study has as well
# the shipped study's own words and what its build makes; all else in these folders is shared
SHARED_FOLDERS = ("notebooks", "report")
OWN_TO_THE_SHIPPED = (
    "report/manuscript.qmd",
    "report/abstract.md",
    "report/references.bib",
    "report/prose",
    "report/output",
    "report/make_reference.py",
)
HIDDEN = (".", "__")
RENAMED = {"gitignore.txt": ".gitignore"}  # a file of this name would be obeyed here too
SUFFIX_OF_NEW = ".new"


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did, as paths in the study's folder.

    Attributes
    ----------
    added, replaced, merged : tuple of str
        New files; files that the author had not touched; files where both had changes.
    not_merged : tuple of str
        Files where the changes contradict each other: the author's stays, and the new one
        stands beside it with `.new` in its name.
    """

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    merged: tuple[str, ...]
    not_merged: tuple[str, ...]


def skeleton_files() -> dict[str, bytes]:
    """Return every file of the skeleton: its path in a study, with ``/``, and its content."""
    found: dict[str, bytes] = {}
    root = SHIPPED if SHIPPED.is_dir() else Path(__file__).resolve().parents[2]
    for folder in SHARED_FOLDERS:
        for path in (root / folder).rglob("*"):
            name = path.relative_to(root).as_posix()
            if path.is_file() and _is_shared(name):
                found[name] = path.read_bytes()
    for path in sorted(OWN.rglob("*")):
        if path.is_file() and SHIPPED not in path.parents:
            name = path.relative_to(OWN).as_posix()
            found[RENAMED.get(name, name)] = path.read_bytes()
    return dict(sorted(found.items()))


def _is_shared(name: str) -> bool:
    parts = name.split("/")
    whole = {"/".join(parts[:count]) for count in range(1, len(parts) + 1)}
    generated = parts[-1].startswith("_") and parts[-1] != "_quarto.yml"
    hidden = any(part.startswith(HIDDEN) for part in parts)
    return not generated and not hidden and whole.isdisjoint(OWN_TO_THE_SHIPPED)


def update_study(folder: Path) -> Updated:
    """Bring the notebooks and the skeleton of a study up to date.

    Parameters
    ----------
    folder : Path
        A study that `study new` made.

    Raises
    ------
    StudyError
        When the folder has no skeleton to compare with.
    """
    pristine = folder / PRISTINE
    if not (folder / STUDY_FILE).is_file() or not pristine.is_dir():
        raise StudyError(
            Fault(
                kind="no-skeleton",
                file=PRISTINE,
                expected="the skeleton as `study new` laid it down",
                remedy="Only a study that `study new` made can be brought up to date. Make a "
                "new one from the same exports, and copy your text into it.",
            )
        )
    lists: dict[str, list[str]] = {"added": [], "replaced": [], "merged": [], "not_merged": []}
    for name, new in skeleton_files().items():
        base_path, mine_path = pristine / name, folder / name
        base = base_path.read_bytes() if base_path.is_file() else None
        mine = mine_path.read_bytes() if mine_path.is_file() else None
        if base == new:
            continue
        if mine is None:
            if base is None:  # else the author took it away
                write_bytes(mine_path, new)
                lists["added"].append(name)
        elif mine == new:
            pass
        elif mine == base:
            write_bytes(mine_path, new)
            lists["replaced"].append(name)
        else:
            merged = merge(name, base, mine, new) if base is not None else None
            if merged is None:
                beside = mine_path.with_name(f"{mine_path.stem}{SUFFIX_OF_NEW}{mine_path.suffix}")
                write_bytes(beside, new)
                lists["not_merged"].append(name)
            else:
                write_bytes(mine_path, merged)
                lists["merged"].append(name)
        write_bytes(base_path, new)
    return Updated(**{key: tuple(names) for key, names in lists.items()})


def merge(name: str, base: bytes, mine: bytes, new: bytes) -> bytes | None:
    """Merge three states of a file; None where they contradict each other, or are no text."""
    try:
        if name.endswith(".ipynb"):
            return _merged_notebooks(base, mine, new)
        texts = [content.decode("utf-8") for content in (base, mine, new)]
    except (UnicodeDecodeError, ValueError):
        return None
    import nbformat

    # a text is merged line by line as the one cell of a notebook
    books: list[Any] = []
    for text in texts:
        cell = nbformat.v4.new_raw_cell(text.replace("\r\n", "\n"), id="text")
        books.append(nbformat.v4.new_notebook(cells=[cell]))
    merged = _merged(*books)
    return None if merged is None else str(merged.cells[0].source).encode("utf-8")


def _merged_notebooks(base: bytes, mine: bytes, new: bytes) -> bytes | None:
    import json

    import nbformat

    books: list[Any] = []
    for content in (base, mine, new):
        book: Any = nbformat.reads(content.decode("utf-8"), as_version=4)
        for cell in book.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        books.append(book)
    merged = _merged(*books)
    if merged is None:
        return None
    return (json.dumps(merged, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _merged(base: Any, mine: Any, new: Any) -> Any | None:
    from nbdime.merging import merge_notebooks

    merged, decisions = merge_notebooks(base, mine, new)
    return None if any(decision.get("conflict") for decision in decisions) else merged
