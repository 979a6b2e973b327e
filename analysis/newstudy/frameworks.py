"""A framework handed to `study new`: its dimensions, and a first map of the categories."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from analysis.newstudy.proposal import Guess
from analysis.newstudy.studyfile import FrameworkFiles
from qdaio.faults import Fault, StudyError
from qdaio.files.writing import write_text

__all__ = ["place_framework"]

DIMENSIONS, MAP = "data-raw/framework/dimensions.csv", "data-raw/framework/map.csv"
NAME_WORDS = ("name", "dimension", "title", "label", "domain", "theme")
DEFINITION_WORDS = ("definition", "description", "meaning")
OUTSIDE = ("outside", "Not on the framework")


def place_framework(
    draft: Path, path: Path, categories: list[str]
) -> tuple[FrameworkFiles, list[Guess]]:
    """Write a framework's dimensions in the documented form, and a map of the categories.

    Parameters
    ----------
    draft : Path
        The study's folder.
    path : Path
        CSV or workbook with a column of names; ``id``, ``number`` and ``definition`` are
        taken where they stand.
    categories : list of str
        Names of the first level of the code system.

    Returns
    -------
    files : FrameworkFiles
    guesses : list of Guess
        On which dimension each category was put.

    Raises
    ------
    StudyError
        When no column holds names.
    """
    table = _dimensions(path)
    chosen, rest = _map(categories, table)
    if rest:
        row = {"id": OUTSIDE[0], "number": "", "name": OUTSIDE[1], "definition": ""}
        table = pd.concat([table, pd.DataFrame([row])], ignore_index=True)
    pairs = {**chosen, **dict.fromkeys(rest, OUTSIDE[0])}
    write_text(draft / DIMENSIONS, _csv(["id", "number", "name", "definition"], table.to_numpy()))
    write_text(
        draft / MAP,
        _csv(["category", "dimension"], [[name, pairs[name]] for name in categories]),
    )
    names = table.set_index("id")["name"]
    guesses = [
        Guess(MAP, f'"{category}" stands on "{names[slug]}"', "their names are alike")
        for category, slug in chosen.items()
    ]
    guesses += [
        Guess(MAP, f'"{category}" stands on no dimension yet', "no dimension has such a name")
        for category in rest
    ]
    words = re.sub(r"[-_]+", " ", path.stem).strip() or "framework"
    name = words[:1].upper() + words[1:]
    guesses.insert(0, Guess("[framework] name", f'the framework is called "{name}"', "its file is"))
    return FrameworkFiles(name, DIMENSIONS, MAP), guesses


def _dimensions(path: Path) -> pd.DataFrame:
    from qdaio.files.source import open_source
    from qdaio.headers import read_attribute_table

    rows, _ = read_attribute_table(open_source(path, path.name))
    by_word = {" ".join(str(column).casefold().split()): column for column in rows.columns}
    name = next((by_word[word] for word in NAME_WORDS if word in by_word), None)
    if name is None:
        raise StudyError(
            Fault(
                kind="missing-column",
                file=path.name,
                found=f"columns {', '.join(map(str, rows.columns))}",
                expected='a column "name" with the names of the dimensions',
                remedy="Name the column so; id, number and definition may stand beside it.",
            )
        )
    definition = next((by_word[word] for word in DEFINITION_WORDS if word in by_word), None)
    kept = rows[rows[name].notna() & (rows[name] != "")]
    taken: dict[str, None] = {}
    for at, label in enumerate(kept[by_word["id"]] if "id" in by_word else kept[name], start=1):
        taken.setdefault(_free(_slug(str(label), at), taken))
    numbers = (
        kept[by_word["number"]].fillna("")
        if "number" in by_word
        else pd.Series(range(1, len(kept) + 1), index=kept.index).astype("str")
    )
    return pd.DataFrame(
        {
            "id": list(taken),
            "number": numbers.to_numpy(),
            "name": kept[name].to_numpy(),
            "definition": "" if definition is None else kept[definition].fillna("").to_numpy(),
        }
    )


def _slug(label: str, at: int) -> str:
    words = re.findall(r"[a-z0-9]+", label.casefold())[:4]
    slug = "-".join(words)
    return slug if slug[:1].isalpha() else f"dimension-{at}"


def _free(slug: str, taken: dict[str, None]) -> str:
    name, count = slug, 2
    while name in taken:
        name, count = f"{slug}-{count}", count + 1
    return name


def _map(categories: list[str], dimensions: pd.DataFrame) -> tuple[dict[str, str], list[str]]:
    """Put each category on the dimension whose name is most like its own."""
    import difflib

    by_name = {str(name).casefold(): slug for slug, name in dimensions[["id", "name"]].to_numpy()}
    chosen: dict[str, str] = {}
    for category in categories:
        near = difflib.get_close_matches(category.casefold(), by_name, n=1, cutoff=0.6)
        if near:
            chosen[category] = by_name[near[0]]
    return chosen, [category for category in categories if category not in chosen]


def _csv(header: list[str], rows: object) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)  # type: ignore[arg-type]
    return stream.getvalue()
