"""The framework with the map of categories to its dimensions, and the interview guide."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.forms import read_form
from analysis.settings import Framework
from qdaio.faults import FaultList
from qdaio.labels import did_you_mean, nearest

__all__ = ["FrameworkData", "check_map", "read_framework", "read_guide"]

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class FrameworkData:
    """A framework's parts.

    Attributes
    ----------
    dimensions : DataFrame
        ``id``, ``number``, ``name``, ``definition``; in the framework's order.
    categories : DataFrame
        ``category`` (name at the first level of the code system), ``dimension``, ``row``,
        ``is_primary`` (the first row of a category, which carries its prose).
    guidance : DataFrame
        ``section``, ``parent``, ``title``, ``page``, ``kind``, ``dimension``; may be empty.
    map_file : str
    items : DataFrame
        Of the second framework, in its order: ``item``, ``parent``, ``name``; may be empty.
    crosswalk : DataFrame
        ``code`` (its whole path), ``item``, ``row``; may be empty.
    """

    dimensions: pd.DataFrame
    categories: pd.DataFrame
    guidance: pd.DataFrame
    map_file: str
    items: pd.DataFrame
    crosswalk: pd.DataFrame


def read_framework(folder: Path, spec: Framework, faults: FaultList) -> FrameworkData:
    """Read the files of a framework and check them against each other.

    Parameters
    ----------
    folder : Path
        The study's folder.
    spec : Framework
    faults : FaultList
        Gets every fault of the files.
    """
    dimensions = read_form(
        folder / spec.dimensions,
        spec.dimensions,
        ["id", "number", "name", "definition"],
        faults,
        filled=["id", "name"],
    )
    for row, slug in zip(dimensions["row"], dimensions["id"], strict=True):
        if not pd.isna(slug) and not SLUG.fullmatch(slug):
            faults.add(
                kind="bad-value",
                file=spec.dimensions,
                row=int(row),
                column="id",
                found=f'"{slug}"',
                expected="a lower-case letter, then letters, digits and single hyphens",
                remedy="Choose an id such as law-reform; prose is filed under it.",
            )
    _no_repeats(dimensions, "id", spec.dimensions, faults)
    categories = read_form(
        folder / spec.map,
        spec.map,
        ["category", "dimension"],
        faults,
        filled=["category", "dimension"],
    )
    known = list(dimensions["id"].dropna())
    for row, slug in zip(categories["row"], categories["dimension"], strict=True):
        if known and not pd.isna(slug) and slug not in known:
            near = nearest(slug, known)
            faults.add(
                kind="unknown-dimension",
                file=spec.map,
                row=int(row),
                column="dimension",
                found=f'"{slug}"',
                expected=", ".join(known),
                remedy=did_you_mean(near, otherwise="Use an id of the dimensions file."),
            )
    guidance = pd.DataFrame(columns=["section", "parent", "title", "page", "kind", "dimension"])
    if spec.guidance:
        guidance = read_form(
            folder / spec.guidance,
            spec.guidance,
            ["section", "parent", "title", "page", "kind", "dimension"],
            faults,
            filled=["title", "kind"],
        )
    items, crosswalk = _read_crosswalk(folder, spec, faults)
    return FrameworkData(
        dimensions=dimensions.drop(columns="row"),
        categories=categories.assign(is_primary=~categories["category"].duplicated()),
        guidance=guidance.drop(columns="row", errors="ignore"),
        map_file=spec.map,
        items=items,
        crosswalk=crosswalk,
    )


def _read_crosswalk(
    folder: Path, spec: Framework, faults: FaultList
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the second framework and the map of codes on it; each item is known and stands once."""
    second = spec.crosswalk
    if second is None:
        return pd.DataFrame(columns=["item", "parent", "name"]), pd.DataFrame(
            columns=["code", "item", "row"]
        )
    columns = ["id", "parent", "name"]
    items = read_form(folder / second.items, second.items, columns, faults, filled=["id", "name"])
    _no_repeats(items, "id", second.items, faults)
    pairs = read_form(
        folder / second.map, second.map, ["code", "item"], faults, filled=["code", "item"]
    )
    known = [str(name) for name in items["id"].dropna()]
    for table, column, file in ((items, "parent", second.items), (pairs, "item", second.map)):
        for row, name in zip(table["row"], table[column], strict=True):
            if pd.isna(name) or name in known:
                continue
            near = nearest(str(name), known)
            faults.add(
                kind="unknown-item",
                file=file,
                row=int(row),
                column=column,
                found=f'"{name}"',
                expected=f"an id of {second.items}",
                remedy=did_you_mean(near, otherwise="Correct it, or add the item."),
            )
    above = dict(zip(items["id"], items["parent"], strict=True))
    for row, name in zip(items["row"], items["id"], strict=True):
        if not pd.isna(above.get(name)) and not pd.isna(above.get(above[name])):
            faults.add(
                kind="bad-value",
                file=second.items,
                row=int(row),
                column="parent",
                found=f'"{name}" below "{above[name]}", which stands below another item itself',
                expected="items of at most two levels",
                remedy="Let it stand below an item of the first level.",
            )
    named = items.rename(columns={"id": "item"})[["item", "parent", "name"]]
    return named, pairs


def check_map(framework: FrameworkData, first_level: list[str], faults: FaultList) -> None:
    """Check that each category of the first level stands in the map, and no other.

    Parameters
    ----------
    framework : FrameworkData
    first_level : list of str
        Names of the codes of level 1, in order.
    faults : FaultList
        Gets one fault for each category without a row, and for each row without a category.
    """
    mapped = list(dict.fromkeys(framework.categories["category"].dropna()))
    unused = [name for name in mapped if name not in first_level]
    for name in first_level:
        if name in mapped:
            continue
        near = difflib.get_close_matches(name, unused, n=1, cutoff=0.4)
        faults.add(
            kind="unmapped-category",
            file=framework.map_file,
            column="category",
            found=f'no row for "{name}"',
            expected="a row for each category of the first level",
            remedy=(f'If "{near[0]}" was renamed, change that row' if near else "Add a row")
            + f': "{name}" and the id of its dimension.',
        )
    rows = framework.categories.drop_duplicates("category").set_index("category")["row"]
    for name in unused:
        faults.add(
            kind="unknown-category",
            file=framework.map_file,
            row=int(rows[name]),
            column="category",
            found=f'"{name}"',
            expected="a category of the first level of the code system",
            remedy="Correct the name, or remove the row if the category is gone.",
        )


def read_guide(path: Path, name: str, faults: FaultList) -> pd.DataFrame:
    """Read the guide: ``group`` (whom it was put to), ``number``, ``question``, in order."""
    columns = ["group", "number", "question"]
    guide = read_form(path, name, columns, faults, filled=["group", "question"])
    return guide.drop(columns="row")


def _no_repeats(table: pd.DataFrame, column: str, name: str, faults: FaultList) -> None:
    repeated = table[table[column].duplicated() & table[column].notna()]
    for row, value in zip(repeated["row"], repeated[column], strict=True):
        faults.add(
            kind="duplicate-value",
            file=name,
            row=int(row),
            column=column,
            found=f'"{value}" a second time',
            remedy="Give each row its own id.",
        )
