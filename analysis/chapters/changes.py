"""What changed between two states of a study: codes merged, renamed, moved, split, recoded.

Lincoln and Guba (1985, *Naturalistic inquiry*) ask for an audit trail so that a finding can be
confirmed. A coding is the same in both states where it marks the same words of the same
document, whatever its code is called; so a code that was renamed is told from one that is new.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.codes import told_apart
from analysis.metrics import Metric
from analysis.phrases import CODINGS, counted, listing
from analysis.tables import Column, Table
from analysis.trace.selection import behind, code_numbers

__all__ = ["KINDS", "change_facts", "change_table", "code_changes"]

KINDS = ("renamed", "moved", "merged", "split", "new", "removed", "recoded")
NONE = "–"
SHARE = 0.2  # of a code's codings that a part of it must have at least


def code_changes(
    before_codes: pd.DataFrame,
    after_codes: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
) -> pd.DataFrame:
    """Say of each code what became of it.

    Parameters
    ----------
    before_codes, after_codes : DataFrame
        ``code_id``, ``parent_id``, ``name``, ``level``; in the order of the code system.
    before, after : DataFrame
        ``code_id``, ``key`` (of the words that are marked); one row per coding.

    Returns
    -------
    DataFrame
        ``change`` (one of :data:`KINDS`, or "kept"), ``before``, ``after`` (code_id; missing
        where there is none), ``codings_before``, ``codings_after`` (of the code itself); a
        split has a row for each part, a merger one for each code that went into it.
    """
    old = {str(code): row for code, row in before_codes.set_index("code_id").iterrows()}
    new = {str(code): row for code, row in after_codes.set_index("code_id").iterrows()}
    counts = Counter(before["code_id"].astype("str"))
    counts_after = Counter(after["code_id"].astype("str"))
    went = _transitions(before, after)
    became = _mapping(old, new, counts, went)
    into = Counter(code for code in became.values() if code is not None)
    rows: list[tuple[str, str | None, str | None, int, int]] = []
    for code in old:
        target = became.get(code)
        n = int(counts.get(code, 0))
        parts = [part for part, moved in went.get(code, Counter()).most_common()
                 if moved >= max(1, SHARE * n) and part not in old]  # fmt: skip
        if code not in new and len(parts) > 1:
            rows += [("split", code, part, n, int(counts_after.get(part, 0))) for part in parts]
            continue
        if target is None:
            rows.append(("removed", code, None, n, 0))
            continue
        m = int(counts_after.get(target, 0))
        if code == target:
            change = "recoded" if went.get(code) or n != m else "kept"
        elif into[target] > 1 or target in old:
            change = "merged"
        elif str(old[code]["name"]) != str(new[target]["name"]):
            change = "renamed"
        elif became.get(_parent(old, code)) != _parent(new, target):
            change = "moved"
        else:
            change = "kept"  # its path changed with a code above it
        rows.append((change, code, target, n, m))
    reached = {row[2] for row in rows}
    rows += [
        ("new", None, code, 0, int(counts_after.get(code, 0)))
        for code in new
        if code not in reached
    ]
    return pd.DataFrame(
        rows, columns=["change", "before", "after", "codings_before", "codings_after"]
    )


def _parent(codes: dict[str, pd.Series], code: str) -> str:
    parent = codes[code]["parent_id"]
    return "" if pd.isna(parent) else str(parent)


def _transitions(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Counter[str]]:
    """Count, for words that lost a code and got another one, from which to which."""
    pairs = ["code_id", "key"]
    left = before[pairs].astype("str").drop_duplicates()
    right = after[pairs].astype("str").drop_duplicates()
    both = left.merge(right, on=pairs, how="outer", indicator="where")
    lost = both[both["where"] == "left_only"]
    gained = both[both["where"] == "right_only"]
    moved = lost.merge(gained, on="key", suffixes=("", "_after"))
    found: dict[str, Counter[str]] = {}
    for one, other in zip(moved["code_id"], moved["code_id_after"], strict=True):
        found.setdefault(one, Counter())[other] += 1
    return found


def _mapping(
    old: dict[str, pd.Series],
    new: dict[str, pd.Series],
    counts: Counter[str],
    went: dict[str, Counter[str]],
) -> dict[str, str | None]:
    """Return what each code became: itself, or where most of what it marked, or gathered, went."""
    became: dict[str, str | None] = {"": ""}
    children: dict[str, list[str]] = {}
    for code in old:
        children.setdefault(_parent(old, code), []).append(code)
    names = Counter(str(row["name"]) for code, row in new.items() if code not in old)
    for code in sorted(old, key=lambda code: -int(old[code]["level"])):
        if code in new:
            became[code] = code
            continue
        weights = Counter(went.get(code, Counter()))
        for child in children.get(code, []):
            target = became.get(child)
            if target is not None and (above := _parent(new, target)):
                weights[above] += 1 + counts.get(child, 0)
        best = weights.most_common(1)
        if best and 2 * best[0][1] >= sum(weights.values()):
            became[code] = best[0][0]
            continue
        name = str(old[code]["name"])
        alike = [other for other, row in new.items() if other not in old and row["name"] == name]
        became[code] = alike[0] if not weights and names[name] == 1 and alike else None
    return became


def change_table(
    changes: pd.DataFrame,
    before_codes: pd.DataFrame,
    after_codes: pd.DataFrame,
    *,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out what changed, kind by kind; the CSV has the codes that were kept, too.

    Parameters
    ----------
    changes : DataFrame
        As of :func:`code_changes`.
    before_codes, after_codes : DataFrame
        ``code_id``, ``parent_id``, ``label``.
    label, caption : str
    synthetic : bool
    """
    shown = changes[changes["change"] != "kept"].copy()
    place = {kind: at for at, kind in enumerate(KINDS)}
    shown = shown.assign(place=shown["change"].map(place)).sort_values("place", kind="stable")
    names = {
        side: told_apart(codes, shown[side].dropna().astype("str").unique())
        for side, codes in (("before", before_codes), ("after", after_codes))
    }
    body = pd.DataFrame(
        {
            "change": shown["change"].str.capitalize(),
            **{
                side: [NONE if pd.isna(code) else names[side][code] for code in shown[side]]
                for side in ("before", "after")
            },
            **{key: [f"{n:,}" for n in shown[key]] for key in ("codings_before", "codings_after")},
        }
    ).reset_index(drop=True)
    kept = int((changes["change"] == "kept").sum())
    now = shown["after"].iloc[: len(body)]
    rest_on = [
        ""
        if pd.isna(code)
        else behind("~codings", ("own", code_numbers(after_codes, [str(code)])[0]))
        for code in now
    ] or [""]
    if body.empty:
        body = pd.DataFrame(
            [["Nothing changed", NONE, NONE, "", ""]],
            columns=["change", "before", "after", "codings_before", "codings_after"],
        )
    return Table(
        body=body,
        columns=(
            Column("before", "Before"),
            Column("after", "Now"),
            Column("codings_before", "before", align="right", spanner="Codings"),
            Column("codings_after", "now", align="right", spanner="Codings"),
        ),
        groups="change",
        caption=caption,
        label=label,
        notes=(
            "1 code was kept as it was."
            if kept == 1
            else f"{kept:,} codes were kept as they were.",
        ),
        behind={"codings_after": rest_on},
        data=changes,
        synthetic=synthetic,
    )


def change_facts(
    changes: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame
) -> dict[str, Metric]:
    """Count what changed, and say it in a sentence.

    Returns
    -------
    dict
        ``changes.merged`` and so on for each of :data:`KINDS` (codes before; of "new" codes
        now), ``changes.codings.before``, ``changes.codings.now``, ``changes.codings.kept``
        (the same words under the same code) and ``changes.sentence``.
    """
    facts: dict[str, Metric] = {}
    said = []
    for kind in KINDS:
        rows = changes[changes["change"] == kind]
        n = int(rows["after" if kind == "new" else "before"].nunique())
        facts[f"changes.{kind}"] = n
        if n:
            said.append(f"{n:,} {'is' if n == 1 else 'are'} {kind}")
    pairs = ["code_id", "key"]
    same = before[pairs].astype("str").drop_duplicates().merge(
        after[pairs].astype("str").drop_duplicates(), on=pairs
    )  # fmt: skip
    facts |= {
        "changes.codings.before": len(before),
        "changes.codings.now": len(after),
        "changes.codings.kept": len(same),
    }
    codes = int(changes["before"].nunique())
    start = f"Since the earlier state, which had {counted(codes, ('code', 'codes'))} and "
    start += f"{counted(len(before), CODINGS)}, "
    facts["changes.sentence"] = start + (
        f"of codes {listing(said)}; now there are {counted(len(after), CODINGS)}."
        if said
        else "nothing changed."
    )
    return facts
