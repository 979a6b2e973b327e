"""The hierarchy: categories with what they gather, as a table."""

from __future__ import annotations

import pandas as pd

from analysis.codes import depth_of, lineage, told_apart
from analysis.forms import records
from analysis.tables import Column, Table
from analysis.trace.selection import behind, code_numbers

__all__ = [
    "depth_to_print",
    "hierarchy_frame",
    "hierarchy_table",
]

ITSELF = "(the category itself)"
NONE = "–"
MOST_ROWS = 25  # categories that the table prints
MOST_MEMBERS = 10  # that stand beside a category


def hierarchy_frame(codes: pd.DataFrame, frequencies: pd.DataFrame, depth: int) -> pd.DataFrame:
    """Return one row for each category at the deepest printed level, with those above it.

    Parameters
    ----------
    codes, frequencies : DataFrame
    depth : int
        Levels to print, 1 to 3.

    Returns
    -------
    DataFrame
        ``level_1`` to ``level_<depth>`` (labels; missing where a branch ends early),
        ``code_id``, ``codings``, ``cases``; in the order of the code system.
    """
    lines = lineage(codes)
    labels = codes.set_index("code_id")["label"]
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    shown = table[table["level"] <= depth]
    parents = set(shown["parent_id"].dropna())
    leaves = shown[~shown["code_id"].isin(parents)]
    columns = {}
    for level in range(1, depth + 1):
        above = lines[lines["level"] == level].set_index("code_id")["ancestor_id"]
        columns[f"level_{level}"] = leaves["code_id"].map(above).map(labels)
    return (
        pd.DataFrame(columns)
        .assign(code_id=leaves["code_id"], codings=leaves["codings"], cases=leaves["cases"])
        .reset_index(drop=True)
    )


def depth_to_print(
    codes: pd.DataFrame, frequencies: pd.DataFrame, levels: list[str], wanted: int
) -> int:
    """Return how many levels the table has.

    Parameters
    ----------
    codes, frequencies : DataFrame
    levels : list of str
        Names of the levels in the study file; may be empty.
    wanted : int
        As many as asked for, 3 at most; 0 for those above the primary codes, but two at least,
        and two where three would make a long list or most of the first level has nothing below.
    """
    depth = min(3, depth_of(codes, levels, wanted))
    if wanted:
        return depth
    depth = max(depth, min(2, int(codes["level"].max())))
    coded = codes[codes["code_id"].isin(frequencies.loc[frequencies["codings"] > 0, "code_id"])]
    roots, second = (coded[coded["level"] == level] for level in (1, 2))
    bare = int((~roots["code_id"].isin(second["parent_id"])).sum())
    return min(depth, 2) if len(second) + bare > MOST_ROWS or 2 * bare > len(roots) else depth


def hierarchy_table(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    level_names: list[str],
    depth: int,
    *,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out categories with their subcategories.

    With three levels the first makes headings, the second the rows and the third is
    listed beside it; with fewer levels the headings, then the list, fall away. A branch
    that ends early, and codings made on a heading itself, have a row of their own. What has
    no coding is left out, and of a long list the categories with fewest; a note says so.

    Parameters
    ----------
    codes, frequencies : DataFrame
    level_names : list of str
        Names of the levels, as many as `depth`.
    depth : int
        Levels to print, 1 to 3.
    case_word : str
        What a case is called: "Participants" or "Documents".
    label, caption : str
    synthetic : bool
    """
    frame = hierarchy_frame(codes, frequencies, depth)
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    row_level = max(1, depth - 1)
    roots = told_apart(codes, table.loc[table["level"] == 1, "code_id"])
    above = lineage(codes).query("level == 1").set_index("code_id")["ancestor_id"]
    parents = set(codes["parent_id"].dropna())
    counted: list[str] = []
    people: list[str] = []
    rows = []
    coded = table[table["codings"] > 0]
    ends = coded[(coded["level"] == row_level) | ~coded["code_id"].isin(coded["parent_id"])]
    ends = ends[ends["level"] <= row_level]
    listed = ends.sort_values(["codings", "position"], ascending=[False, True])
    left = set(listed["code_id"].iloc[MOST_ROWS:])
    members = coded[coded["level"] == depth].groupby("parent_id", sort=False)["label"].agg(list)
    for row in records(coded[coded["level"] <= row_level]):
        if row["code_id"] in left:
            continue
        below = members.get(row["code_id"], [])
        is_category = row["level"] == row_level
        if not is_category and row["code_id"] in parents and not row["own"]:
            continue  # a heading: what stands below it has rows of its own
        is_heading = not is_category and row["code_id"] in parents
        condition = "own" if is_heading else "code"
        (at,) = code_numbers(codes, [row["code_id"]])
        counted.append(behind("codings", (condition, at)))
        people.append(behind("cases", (condition, at)))
        rows.append(
            {
                "heading": roots[above[row["code_id"]]] if row_level > 1 else None,
                "category": row["label"] if is_category else ITSELF if is_heading else NONE,
                "members": (_listed(below) or NONE) if depth > row_level else None,
                "codings": f"{row['own' if is_heading else 'codings']:,}",
                "cases": f"{row['own_cases' if is_heading else 'cases']:,}",
            }
        )
    body = pd.DataFrame(rows, columns=["heading", "category", "members", "codings", "cases"])
    columns = [Column("category", level_names[row_level - 1], align="left")]
    if depth > row_level:
        columns.append(Column("members", level_names[depth - 1], align="left"))
    columns += [
        Column("codings", "Codings", align="right"),
        Column("cases", case_word, align="right"),
    ]
    notes = [f"{case_word}: distinct {case_word.lower()} with at least one coding."]
    if left:
        notes.append(
            f"Shown are the {MOST_ROWS} with most codings; the codebook has the other "
            f"{len(left):,}, too."
        )
    elif len(coded) < len(table):
        notes.append("What has no coding stands in the codebook alone.")
    return Table(
        body=body,
        columns=tuple(columns),
        groups="heading" if row_level > 1 else None,
        caption=caption,
        notes=tuple(notes),
        label=label,
        behind={"codings": counted, "cases": people},
        data=frame,
        synthetic=synthetic,
    )


def _listed(names: list[str]) -> str:
    """Join what stands below a category; of many the first, and how many more."""
    shown = names if len(names) <= MOST_MEMBERS else names[: MOST_MEMBERS - 2]
    more = [f"{len(names) - len(shown):,} more"] if len(shown) < len(names) else []
    return "; ".join([*shown, *more])
