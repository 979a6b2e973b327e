"""The code system: its order as a tree, its levels, its printed labels, what each code means.

A memo or description may name its parts, as codebooks do: "Include: …", "Exclude: …",
"Example: …", each at the head of a line. What stands before the first of them is the
definition. A file of definitions, where the study has one, goes before the export.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.forms import read_form
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.labels import did_you_mean, nearest

__all__ = [
    "PARTS",
    "at_level",
    "children_counts",
    "code_definitions",
    "depth_of",
    "full_paths",
    "level_names",
    "lineage",
    "ordered_codes",
    "parts_of",
    "printed_labels",
    "read_labels",
    "refuse_unknown",
    "sub_level",
    "told_apart",
]


USUAL = 3  # a deeper table is asked for, not made by itself


def lineage(codes: pd.DataFrame) -> pd.DataFrame:
    """List every code with itself and all codes above it.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``parent_id``, ``level`` (1 at the root).

    Returns
    -------
    DataFrame
        Columns ``code_id``, ``ancestor_id``, ``level`` (of the ancestor). A code of level
        4 has four rows.

    Raises
    ------
    ValueError
        When parents form a circle.
    """
    ids = codes["code_id"].tolist()
    parents = {
        code: parent
        for code, parent in zip(ids, codes["parent_id"].tolist(), strict=True)
        if isinstance(parent, str)
    }
    levels = dict(zip(ids, codes["level"].tolist(), strict=True))
    current = [(code, code) for code in ids]
    found: list[tuple[str, str]] = []
    for _ in range(len(ids)):
        found += current
        current = [(code, parents[above]) for code, above in current if above in parents]
        if not current:
            break
    if current:
        raise ValueError("codes stand above each other in a circle")
    own, above = ([pair[at] for pair in found] for at in (0, 1))
    kind = codes["code_id"].dtype
    return pd.DataFrame(
        {
            "code_id": pd.Series(own, dtype=kind),
            "ancestor_id": pd.Series(above, dtype=kind),
            "level": [levels[code] for code in above],
        }
    ).astype({"level": codes["level"].dtype})


def at_level(codes: pd.DataFrame, level: int) -> pd.Series:
    """Map each code to its ancestor at `level`.

    Returns
    -------
    Series
        Index ``code_id``, values the ancestor's ``code_id``; codes above `level` are absent.
    """
    table = lineage(codes)
    return table[table["level"] == level].set_index("code_id")["ancestor_id"]


def ordered_codes(codes: pd.DataFrame) -> pd.DataFrame:
    """Return the codes in the order of the code system, each parent before its children."""
    ranks = codes["position"].fillna(len(codes) + 1)
    by_id = pd.Series(ranks.to_numpy(), index=codes["code_id"])
    table = lineage(codes).assign(rank=lambda rows: rows["ancestor_id"].map(by_id))
    table = table.sort_values(["code_id", "level"], kind="stable")
    keys = table.groupby("code_id", observed=True)["rank"].agg(tuple)
    order = codes["code_id"].map(keys)
    return codes.assign(_key=order).sort_values("_key", kind="stable").drop(columns="_key")


def children_counts(codes: pd.DataFrame, level: int) -> pd.Series:
    """Count the codes of `level` below each code above it.

    Returns
    -------
    Series
        Index ``code_id`` of all codes above `level`, 0 where there is none below.
    """
    table = lineage(codes)
    below = codes.loc[codes["level"] == level, "code_id"]
    counts = table[table["code_id"].isin(below)].groupby("ancestor_id").size()
    above = codes.loc[codes["level"] < level, "code_id"]
    return counts.reindex(above, fill_value=0)


def told_apart(codes: pd.DataFrame, shown: Iterable[str]) -> pd.Series:
    """Return labels for codes that stand in one list: those of one label name their parent.

    Parameters
    ----------
    codes : DataFrame
        The whole code system: ``code_id``, ``parent_id``, ``label``.
    shown : iterable of str
        ``code_id`` of those in the list.

    Returns
    -------
    Series
        Index ``code_id``: "Cost", or "Cost (Barriers)" where another code of the list is
        called Cost too; more of the path where their parents are called alike.

    Examples
    --------
    >>> codes = pd.DataFrame({"code_id": ["a", "a>c", "b", "b>c"], "parent_id": [None, "a", None,
    ...     "b"], "label": ["A", "Cost", "B", "Cost"]})
    >>> list(told_apart(codes, ["a>c", "b>c", "b"]))
    ['Cost (A)', 'Cost (B)', 'B']
    """
    ids = codes["code_id"].tolist()
    parents = dict(zip(ids, codes["parent_id"].tolist(), strict=True))
    labels = dict(zip(ids, codes["label"].astype("str").tolist(), strict=True))
    names = {code: labels[code] for code in shown}
    above = dict.fromkeys(names, "")
    place = {code: parents[code] for code in names}
    for _ in range(len(ids)):
        said = Counter((names[code], above[code]) for code in names)
        alike = [
            code
            for code in names
            if said[names[code], above[code]] > 1 and isinstance(place[code], str)
        ]
        if not alike:
            break
        for code in alike:
            parent = str(place[code])
            above[code] = labels[parent] + (f" > {above[code]}" if above[code] else "")
            place[code] = parents[parent]
    return pd.Series(
        [f"{name} ({above[code]})" if above[code] else name for code, name in names.items()],
        index=list(names),
        dtype="str",
    )


def sub_level(codes: pd.DataFrame, levels: list[str]) -> int:
    """Return the deepest level that is a category rather than a primary code.

    With four named levels this is the third; a code system of one level has level 1.
    """
    depth = len(levels) or int(codes["level"].max() or 1)
    return max(1, depth - 1)


def depth_of(codes: pd.DataFrame, levels: list[str], wanted: int) -> int:
    """Return the deepest level to print.

    Parameters
    ----------
    codes : DataFrame
        ``level``.
    levels : list of str
        Names of the levels in the study file; may be empty.
    wanted : int
        A parameter: a level from 1, or 0 for the last one above the primary codes, but
        not below the third.

    Raises
    ------
    StudyError
        When the code system has no such level.
    """
    deepest = int(codes["level"].max())
    if not 0 <= wanted <= deepest:
        raise StudyError(
            Fault(
                kind="bad-value",
                column="level",
                found=str(wanted),
                expected=f"0 to {deepest}, the levels of the code system",
                remedy="Choose one of these levels.",
            )
        )
    return wanted or min(deepest, sub_level(codes, levels), USUAL)


def level_names(levels: list[str], depth: int) -> list[str]:
    """Return a name for each level down to `depth`; "Level 2" where the study gives none."""
    if depth == 1 and not levels:
        return ["Code"]
    return [levels[at] if at < len(levels) else f"Level {at + 1}" for at in range(depth)]


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
    refuse_unknown(labels, codes["code_id"].astype("str").tolist(), name, faults)
    longer = labels.drop_duplicates("code").set_index("code")["label"]
    return codes["code_id"].map(longer).astype("str").fillna(codes["name"])


def full_paths(table: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Complete the codes of a typed table that are written by the end of their path.

    Whoever renames or moves a category above them need not touch the table.

    Parameters
    ----------
    table : DataFrame
        ``code``: a code's identifier, or the last names of its path, joined with ">", where no
        other code ends so.
    codes : DataFrame
        ``code_id``, ``path``.

    Returns
    -------
    DataFrame
        The table; what is unknown, or fits several codes, is left as it is.
    """
    ends: dict[str, list[str]] = {}
    for key, path in zip(codes["code_id"].astype("str"), codes["path"], strict=True):
        for start in range(len(path)):
            ends.setdefault(" > ".join(path[start:]), []).append(key)
    known = set(codes["code_id"].astype("str"))
    only = {end: keys[0] for end, keys in ends.items() if len(keys) == 1 and end not in known}
    return table.assign(code=table["code"].map(lambda code: only.get(code, code)).astype("str"))


def refuse_unknown(table: pd.DataFrame, codes: list[str], name: str, faults: FaultList) -> None:
    """Add a fault for each row of a typed table whose code is not in the code system.

    Parameters
    ----------
    table : DataFrame
        ``row``, ``code``.
    codes : list of str
        Identifiers of all codes.
    name : str
        How messages call the file.
    faults : FaultList
    """
    known = set(codes)
    for row, code in zip(table["row"], table["code"], strict=True):
        if not pd.isna(code) and code not in known:
            near = nearest(code, sorted(known))
            faults.add(
                kind="unknown-code",
                file=name,
                row=int(row),
                column="code",
                found=f'"{code}"',
                expected="a code: its names from the top, joined with >",
                remedy=did_you_mean(near, otherwise="Correct or remove the row."),
            )


PARTS = ("definition", "inclusion", "exclusion", "example")
# how codebooks head the parts of a definition, in some languages
HEADS = {
    "definition": r"definition|meaning|definición|definição|تعریف",
    "inclusion": r"inclu(?:de|des|sion)(?: criteria)?|use when|when to use|"
    r"einschluss(?:kriterien)?|kodierregel|incluir|inclusión",
    "exclusion": r"exclu(?:de|des|sion)(?: criteria)?|do not use(?: when)?|when not to use|"
    r"ausschluss(?:kriterien)?|excluir|exclusión",
    "example": r"examples?|anchor examples?|ankerbeispiele?|beispiele?|ejemplos?|exemplos?|مثال",
}
HEAD = re.compile(
    r"(?im)^[\s\-*•]*(?:"
    + "|".join(f"(?P<{part}>{words})" for part, words in HEADS.items())
    + r")\s*[:：]\s*"
)


def parts_of(text: str) -> dict[str, str]:
    r"""Cut a description into the parts of a definition.

    Parameters
    ----------
    text : str
        As the export holds it.

    Returns
    -------
    dict
        Of :data:`PARTS`, those that it has.

    Examples
    --------
    >>> parts_of("What it costs.\nInclude: fares\nExclude: time")
    {'definition': 'What it costs.', 'inclusion': 'fares', 'exclusion': 'time'}
    """
    found: dict[str, list[str]] = {}
    part, start = "definition", 0
    for head in HEAD.finditer(text):
        found.setdefault(part, []).append(text[start : head.start()])
        part, start = str(head.lastgroup), head.end()
    found.setdefault(part, []).append(text[start:])
    plain = {name: " ".join(" ".join(pieces).split()) for name, pieces in found.items()}
    return {name: plain[name] for name in PARTS if plain.get(name)}


def code_definitions(
    codes: pd.DataFrame, folder: Path, name: str | None, faults: FaultList
) -> pd.DataFrame:
    """Return what each code means.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``path`` (tuple), ``description``.
    folder : Path
        The study's.
    name : str or None
        A table ``code`` (the whole path, "A > B"), ``definition``, ``inclusion``,
        ``exclusion``, ``example``; all but the first may be missing.
    faults : FaultList
        Gets codes that stand twice or are not in the code system.

    Returns
    -------
    DataFrame
        ``code_id`` and :data:`PARTS`, one row per code, in the order of the code system;
        missing where nothing is said.
    """
    said = {
        str(key): parts_of(str(text)) if isinstance(text, str) else {}
        for key, text in zip(codes["code_id"], codes["description"], strict=True)
    }
    if name is not None:
        by_path = {
            " > ".join(path): str(key)
            for key, path in zip(codes["code_id"], codes["path"], strict=True)
        }
        form = read_form(
            folder / name, name, ["code"], faults, optional=list(PARTS), filled=["code"]
        )
        seen: set[str] = set()
        for row, label in zip(form["row"], form["code"], strict=True):
            if label in seen or label not in by_path:
                near = nearest(str(label), list(by_path))
                faults.add(
                    kind="duplicate-code" if label in seen else "unknown-code",
                    file=name,
                    row=int(row),
                    column="code",
                    found=f'"{label}"' + (" a second time" if label in seen else ""),
                    expected="one row for a code of the code system, as its whole path",
                    remedy="Keep one of the rows."
                    if label in seen
                    else did_you_mean(near, "Correct the code."),
                )
            seen.add(label)
        for part in PARTS:
            if part not in form:
                continue
            for label, text in zip(form["code"], form[part], strict=True):
                if label in by_path and isinstance(text, str) and text.strip():
                    said[by_path[label]][part] = " ".join(text.split())
    table = pd.DataFrame({"code_id": list(said)})
    for part in PARTS:
        table[part] = pd.Series([said[key].get(part) for key in said], dtype="str")
    return table
