"""Frequencies: how often each code was applied, and by how many people it was raised.

The coding is the unit that is counted: one code, applied by one coder, to one segment
(see the definitions of Elo & Kyngäs 2008, 10.1111/j.1365-2648.2007.04569.x). A category
gathers the codings of all codes below it and those of its own; a person who is coded
below a category several times is one person.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.codes import told_apart
from analysis.coefficients import wilson_interval
from analysis.forms import records
from analysis.metrics import Metric
from analysis.numbers import format_number
from analysis.phrases import CODINGS, Words, counted, in_sentence, in_words, listing, natural_order
from analysis.settings import Hierarchy, Numbers
from analysis.tables import MOST_COLUMNS, Column, Table, more_columns
from analysis.tally import Tree, distinct, places, sums, tree_of
from analysis.trace.selection import behind, code_numbers

__all__ = [
    "by_person",
    "code_frequencies",
    "frequency_facts",
    "frequency_table",
    "group_frequencies",
    "group_table",
    "interview_order",
    "novelty_facts",
]

INDENT = "_indent"


def by_person(codings: pd.DataFrame) -> pd.DataFrame:
    """Return codings with one row for each person behind them.

    Parameters
    ----------
    codings : DataFrame
        ``case_id``, and ``people``, a list where several people may have said it.

    Returns
    -------
    DataFrame
        The codings themselves where each has one person; else those with several people
        stand as often, under one index, with the person as ``case_id``.
    """
    if "people" not in codings or not codings["people"].notna().any():
        return codings
    people = codings["people"].where(codings["people"].notna(), codings["case_id"])
    voices = codings.assign(case_id=people).explode("case_id")
    return voices.astype({"case_id": "str"})


def code_frequencies(codings: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Count codings, cases and documents for each code, with what stands below it.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``case_id``, ``document_id``; one row per coding. Where several people may
        have said it, they stand in ``people`` and are all counted as cases.
    codes : DataFrame
        ``code_id``, ``parent_id``, ``level``.

    Returns
    -------
    DataFrame
        One row per code, in the order of `codes`, unused ones with 0: ``code_id``,
        ``own`` (codings of the code itself), ``own_cases`` (distinct cases of these),
        ``codings`` (with those below), ``cases``, ``documents`` (distinct), ``share``
        (codings per codings of the same level, 0 to 1). Where some codings have several
        people, ``joint`` counts these among the codings.
    """
    tree = tree_of(codes)
    voices = by_person(codings)
    code = places(codings["code_id"], tree.ids)
    one = np.zeros(len(codings), dtype=np.int64)
    own, whole = sums(tree, code, one, 1)
    own_cases, cases = _members(tree, voices["code_id"], voices["case_id"])
    _, documents = _members(tree, codings["code_id"], codings["document_id"])
    result = codes[["code_id", "level"]].copy()
    for name, counts in (
        ("own", own), ("own_cases", own_cases), ("codings", whole), ("cases", cases),
        ("documents", documents),
    ):  # fmt: skip
        result[name] = counts[:, 0]
    if voices is not codings:
        joint = codings["people"].map(lambda names: names is not None and len(names) > 1)
        result["joint"] = sums(tree, code, np.where(joint, 0, -1), 1)[1][:, 0]
    totals = result.groupby("level")["codings"].transform("sum")
    result["share"] = (result["codings"] / totals.where(totals > 0)).astype("Float64")
    return result.drop(columns="level").reset_index(drop=True)


def group_frequencies(
    codings: pd.DataFrame, codes: pd.DataFrame, membership: pd.Series | None
) -> pd.DataFrame:
    """Count codings and cases for each code in each group of cases.

    Parameters
    ----------
    codings, codes : DataFrame
        As in :func:`code_frequencies`.
    membership : Series or None
        Index ``case_id``, values the group as an ordered categorical; None without groups.

    Returns
    -------
    DataFrame
        One row for each code and group (none without groups), in the order of `codes` and
        of the categories,
        also where nothing was coded: ``code_id``, ``group``, ``codings``, ``cases``,
        ``group_cases`` (cases in the group). A coding that people of several groups may have
        made stands in each of these.

    Raises
    ------
    ValueError
        When a coding's case has no group: nothing may get lost.
    """
    if membership is None:
        membership = pd.Series(pd.Categorical([]), dtype="category")
        codings = codings.iloc[:0]
    voices = by_person(codings.reset_index(drop=True))
    tree, people = tree_of(codes), pd.Index(membership.index.astype("str"))
    code, person = places(voices["code_id"], tree.ids), places(voices["case_id"], people)
    cell_of = membership.cat.codes.to_numpy().astype(np.int64)
    group = np.append(cell_of, -1)[person]
    if (lost := (group < 0) & (code >= 0)).any():
        raise ValueError(f"{int(lost.sum())} codings belong to a case without a group")
    names = [str(name) for name in membership.cat.categories]
    cells = len(names)
    once = np.ones(len(voices), dtype=bool)
    if len(voices) > len(codings):  # a coding counts once for a group, whoever said it
        coding = voices.index.to_numpy(dtype=np.int64)
        once[:] = False
        once[np.unique(coding * (cells + 1) + group, return_index=True)[1]] = True
    _, codings_of = sums(tree, code[once], group[once], cells)
    _, cases_of = distinct(tree, code, person, cell_of, cells)
    grid = pd.MultiIndex.from_product([codes["code_id"], names], names=["code_id", "group"])
    table = grid.to_frame(index=False).assign(codings=codings_of.ravel(), cases=cases_of.ravel())
    sizes = membership.astype("str").value_counts()
    table["group_cases"] = table["group"].map(sizes).fillna(0).astype("int64")
    return table


def interview_order(documents: pd.DataFrame) -> list[str]:
    """Return the cases in the order of their first interview.

    Parameters
    ----------
    documents : DataFrame
        ``case_id``, ``is_follow_up``, ``date``. Where the day of a case is not known, all
        are ordered by their names, "P2" before "P10".
    """
    known = documents.dropna(subset="case_id")
    names = natural_order(known["case_id"].unique())
    first = known[~known["is_follow_up"]].groupby("case_id")["date"].min().reindex(names)
    if first.isna().any():
        return names
    return list(first.sort_values(kind="stable").index)


def _members(
    tree: Tree, code_ids: pd.Series, members: pd.Series
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Count distinct members of each code, alone and with what stands below it."""
    if isinstance(members.dtype, pd.CategoricalDtype):
        at, size = members.cat.codes.to_numpy().astype(np.int64), len(members.cat.categories)
    else:
        numbers, kinds = pd.factorize(members)
        at, size = numbers.astype(np.int64), len(kinds)
    cell_of = np.zeros(size, dtype=np.int64)
    return distinct(tree, places(code_ids, tree.ids), at, cell_of, 1)


def frequency_facts(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    by_group: pd.DataFrame,
    hierarchy: Hierarchy,
    numbers: Numbers,
    cases: int,
    top: int,
) -> dict[str, Metric]:
    """Give counts by level of the code system, and the codes that lead.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``label``, ``level``.
    frequencies : DataFrame
        As of :func:`analysis.chapters.frequencies.code_frequencies`.
    by_group : DataFrame
        As of :func:`group_frequencies`; without rows in a study without groups.
    hierarchy : Hierarchy
        Names of the levels in the study file; may be empty.
    numbers : Numbers
    cases : int
        Number of participants (or documents, in a study without participants).
    top : int
        How many leading codes to name at each level.

    Returns
    -------
    dict
        ``codes.count`` (codes that were applied themselves), the leading of these,
        ``codes.top-1.label`` and so on, and a sentence of them, ``codes.leading``;
        ``level-1.count`` (codes with at least one coding, here or below), ``level-1.list``
        and for the leading codes ``level-1.top-1.label``,
        ``.codings``, ``.percent``, ``.cases`` and ``.cases-share.percent``; for each group
        ``group-1.codings.total``, ``.percent`` and ``.top.label``; ``group.topics``, a
        sentence of them.
    """
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    used = table[table["codings"] > 0]
    facts: dict[str, Metric] = {"cases.total": cases, "level.count": int(used["level"].max())}
    facts |= _code_facts(codes, used, cases, top)
    for level in sorted(int(level) for level in used["level"].unique()):
        members = used[used["level"] == level]
        members = members.assign(label=told_apart(codes, members["code_id"]).to_numpy())
        key = f"level-{level}"
        facts[f"{key}.count"] = len(members)
        facts[f"{key}.codings"] = int(members["codings"].sum())
        if level <= len(hierarchy.levels):
            plurals = hierarchy.plurals
            facts[f"{key}.name"] = in_sentence(hierarchy.levels[level - 1])
            facts[f"{key}.names"] = in_sentence(plurals[level - 1] if plurals else "")
        if len(members) <= 20:
            facts[f"{key}.list"] = listing(in_sentence(label) for label in members["label"])
        leading = members.sort_values(["codings", "position"], ascending=[False, True]).head(top)
        for at, row in enumerate(records(leading), start=1):
            facts |= {
                f"{key}.top-{at}.label": row["label"],
                f"{key}.top-{at}.noun": in_sentence(row["label"]),
                f"{key}.top-{at}.codings": int(row["codings"]),
                f"{key}.top-{at}.percent": 100 * float(row["share"]),
                f"{key}.top-{at}.cases": int(row["cases"]),
                f"{key}.top-{at}.cases-share.percent": 100 * row["cases"] / cases,
            }
        least = members.sort_values(["codings", "position"]).iloc[0]
        facts[f"{key}.least.label"] = str(least["label"])
        facts[f"{key}.least.noun"] = in_sentence(str(least["label"]))
        facts[f"{key}.least.codings"] = int(least["codings"])
        facts[f"{key}.least.percent"] = 100 * float(least["share"])
        widest = members.sort_values(["cases", "position"], ascending=[False, True]).iloc[0]
        facts[f"{key}.widest.label"] = str(widest["label"])
        facts[f"{key}.widest.cases"] = int(widest["cases"])
    if len(by_group):
        total = int(used.loc[used["level"] == 1, "codings"].sum())
        facts |= _group_facts(codes, by_group, numbers, total)
    return facts


def _code_facts(codes: pd.DataFrame, used: pd.DataFrame, cases: int, top: int) -> dict[str, Metric]:
    """Give the codes that were applied most often themselves, whatever their level."""
    applied = used[used["own"] > 0]
    applied = applied.assign(label=told_apart(codes, applied["code_id"]).to_numpy())
    facts: dict[str, Metric] = {"codes.count": len(applied)}
    leading = applied.sort_values(["own", "position"], ascending=[False, True]).head(top)
    for at, row in enumerate(records(leading), start=1):
        facts |= {
            f"codes.top-{at}.label": row["label"],
            f"codes.top-{at}.noun": in_sentence(row["label"]),
            f"codes.top-{at}.codings": int(row["own"]),
            f"codes.top-{at}.cases": int(row["own_cases"]),
            f"codes.top-{at}.cases-share.percent": 100 * row["own_cases"] / cases,
        }
    most = int(applied["own"].max())
    first = applied[applied["own"] == most].sort_values("position")
    names, each = [f"“{label}”" for label in first["label"]], counted(most, CODINGS)
    if len(names) == 1:
        said = f"The code applied most often is {names[0]}, with {each}."
    elif len(names) <= top:
        said = f"No code was applied more often than {listing(names)}, with {each} each."
    else:
        said = f"No code has more than {each}, which {len(names):,} codes share."
    facts["codes.leading"] = said
    return facts


def _group_facts(
    codes: pd.DataFrame, by_group: pd.DataFrame, numbers: Numbers, total: int
) -> dict[str, Metric]:
    facts: dict[str, Metric] = {}
    topics = []
    first = codes.loc[codes["level"] == 1, "code_id"]
    roots = by_group[by_group["code_id"].isin(first)]
    labels = told_apart(codes, first)
    for at, name in enumerate(by_group["group"].unique(), start=1):
        members = roots[roots["group"] == name]
        leading = members.sort_values("codings", ascending=False, kind="stable").iloc[0]
        sum_ = int(members["codings"].sum())
        facts[f"group-{at}.codings.total"] = sum_
        facts[f"group-{at}.codings.percent"] = 100 * sum_ / total if total else 0.0
        facts[f"group-{at}.top.label"] = str(labels[leading["code_id"]])
        facts[f"group-{at}.top.noun"] = in_sentence(str(labels[leading["code_id"]]))
        facts[f"group-{at}.top.codings"] = int(leading["codings"])
        if sum_:
            most = members.loc[members["codings"] == leading["codings"], "code_id"]
            names = [in_sentence(str(labels[code])) for code in most]
            topics.append((str(name), sum_, listing(names) if len(names) < 4 else ""))
    facts["group.topics"] = _topics(topics, total, numbers)
    return facts


def _topics(topics: list[tuple[str, int, str]], total: int, numbers: Numbers) -> str:
    """Say what part of the codings each group brought, and on what it brought most."""
    parts = []
    for at, (name, codings, label) in enumerate(topics):
        share = numbers.percent(codings, total)
        on = f", {'' if at else 'most often '}on {label}" if label else ""
        if at:
            parts.append(f"{in_sentence(name)} {share}%{on}")
        else:
            parts.append(f"{name} contributed {share}% of the codings{on}")
    return "; ".join(parts) + "." if parts else "No group has codings."


def novelty_facts(novelty: pd.DataFrame, case: Words) -> dict[str, Metric]:
    """Say which case was the last to bring a new code, and how many came after it.

    Parameters
    ----------
    novelty : DataFrame
        As of :meth:`analysis.chapters.saturation.Novelty.table`.
    case : tuple of str
        What a case is called, one and several.

    Returns
    -------
    dict
        ``new-codes.last.case``, ``new-codes.last.place``, ``new-codes.after``, and a
        sentence of them, ``new-codes.sentence``.
    """
    bringing = novelty.index[novelty["new"] > 0]
    last = int(bringing.max())
    name, after = str(novelty["case_id"].iloc[last]), len(novelty) - last - 1
    if after:
        sentence = (
            f"{case[0].capitalize()} {name} was the last to bring a code that no earlier "
            f"{case[0]} had brought; the {in_words(after)} after it brought none."
            if after > 1
            else f"{case[0].capitalize()} {name} was the last to bring a code that no earlier "
            f"{case[0]} had brought; the one after it brought none."
        )
    else:
        sentence = f"The last {case[0]}, {name}, still brought a code that no earlier one had."
    return {
        "new-codes.last.case": name,
        "new-codes.last.place": last + 1,
        "new-codes.after": after,
        "new-codes.sentence": sentence,
    }


def frequency_table(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    cases: int,
    *,
    numbers: Numbers,
    deepest: int,
    minimum: int,
    min_cases: int = 1,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out frequencies of all codes down to a level, indented by level.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``label``, ``level``.
    frequencies : DataFrame
        As of :func:`analysis.chapters.frequencies.code_frequencies`.
    cases : int
        All cases, the whole of the last percentage.
    numbers : Numbers
    deepest : int
        Last level to print; the CSV holds every level.
    minimum, min_cases : int
        Rows with fewer codings, or fewer people behind them, are left out of the printed
        table, and their number said.
    case_word, label, caption : str
    synthetic : bool
    """
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    printed = table[table["level"] <= deepest]
    shown = printed[(printed["codings"] >= minimum) & (printed["cases"] >= min_cases)]
    rows = [
        {
            "code": row["label"],
            "codings": f"{row['codings']:,}",
            "percent": numbers.in_percent(100 * row["share"]),
            "own": f"{row['own']:,}",
            "documents": f"{row['documents']:,}",
            "interval": _interval(int(row["cases"]), cases, numbers),
            "cases": numbers.n_percent(int(row["cases"]), cases),
            INDENT: row["level"] - 1,
        }
        for row in records(shown)
    ]
    on_categories = ((shown["own"] > 0) & shown["code_id"].isin(codes["parent_id"])).any()
    body = pd.DataFrame(
        rows,
        columns=["code", "codings", "own", "percent", "documents", "cases", "interval", INDENT],
    )
    columns = [
        Column("code", "Category" if codes["level"].max() > 1 else "Code", align="left"),
        Column("codings", "n", align="right", spanner="Codings"),
        Column("own", "own", align="right", spanner="Codings"),
        Column("percent", "%", align="right", spanner="Codings"),
        Column("documents", "Documents", align="right"),
        Column("cases", f"{case_word}, n (%)", align="right"),
        Column("interval", "95% interval", align="center"),
    ]
    at = code_numbers(codes, shown["code_id"])
    counted_by = {
        "codings": ("codings", "code"),
        "own": ("codings", "own"),
        "percent": ("~codings", "code"),
        "documents": ("documents", "code"),
        "cases": ("cases", "code"),
        "interval": ("~cases", "code"),
    }
    dull = set() if on_categories else {"own"}
    if (table["documents"] == table["cases"]).all():
        dull.add("documents")
    notes = ["%: share of the codings at the same level."]
    if cases > 1:
        notes.append(
            f"{case_word}: of {cases:,} in all. One can be behind several categories, so that "
            "these percentages do not add up to 100. Interval: Wilson, of that percentage."
        )
    else:
        dull |= {"cases", "interval"}  # all of it comes from the one
    if on_categories:
        notes.append("Codings made on a category itself, own, are in its number.")
    if joint := _joint(table):
        notes.append(
            f"{counted(joint, CODINGS)} of documents with several people "
            f"{'names' if joint == 1 else 'name'} no speaker: all people of the document are "
            "counted behind them."
        )
    if left := len(printed) - len(shown):
        what = "without a coding" if minimum == 1 else f"with fewer than {minimum:,} codings"
        if min_cases > 1:
            few = f"fewer than {min_cases:,} {case_word.lower()}"
            what = f"with {few}" if minimum < 2 else f"{what} or {few}"
        notes.append(f"{left:,} {what} {'is' if left == 1 else 'are'} not shown.")
    return Table(
        body=body,
        columns=tuple(column for column in columns if column.name not in dull),
        indent=INDENT,
        caption=caption,
        notes=tuple(notes),
        label=label,
        behind={
            name: [behind(unit, (condition, code)) for code in at]
            for name, (unit, condition) in counted_by.items()
        },
        data=table.drop(columns=["path", "description"], errors="ignore"),
        synthetic=synthetic,
    )


def _joint(table: pd.DataFrame) -> int:
    """Count the codings that belong to several people."""
    return int(table.loc[table["level"] == 1, "joint"].sum()) if "joint" in table else 0


def _interval(n: int, whole: int, numbers: Numbers) -> str:
    """Return Wilson's 95% interval of a share in percent, to whole numbers."""
    found = wilson_interval(n, whole)
    if found is None:
        return "–"
    low, high = (format_number(100 * bound, 0, numbers.rounding) for bound in
                 (found.lower, found.upper))  # fmt: skip
    return f"{low}–{high}"


def group_table(
    codes: pd.DataFrame,
    by_group: pd.DataFrame,
    *,
    deepest: int,
    min_cases: int = 0,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out frequencies by group: codings, and distinct cases in brackets.

    Parameters
    ----------
    codes : DataFrame
    by_group : DataFrame
        As of :func:`analysis.chapters.frequencies.group_frequencies`.
    deepest : int
    case_word, label, caption : str
    synthetic : bool
    """
    every = list(by_group["group"].unique())
    groups = every[:MOST_COLUMNS]
    sizes = by_group.drop_duplicates("group").set_index("group")["group_cases"]
    cells = by_group.assign(
        text=by_group["codings"].map("{:,}".format) + " (" + by_group["cases"].astype("str") + ")"
    ).pivot(index="code_id", columns="group", values="text")
    printed = codes[codes["level"] <= deepest]
    heard = by_group.groupby("code_id")["cases"].sum()
    shown = printed[printed["code_id"].map(heard) >= min_cases]
    notes = [f"Codings ({case_word.lower()} with at least one coding)."]
    if left := len(printed) - len(shown):
        few = f"with fewer than {min_cases:,} {case_word.lower()}"
        few = "without a coding" if min_cases == 1 else few
        notes.append(f"{left:,} {few} {'is' if left == 1 else 'are'} not shown.")
    notes += more_columns(len(every) - len(groups))
    body = cells.reindex(shown["code_id"])[groups].reset_index(drop=True)
    body.columns = pd.Index([f"group {at}" for at in range(len(groups))])
    body.insert(0, "code", shown["label"].to_numpy())
    body[INDENT] = shown["level"].to_numpy() - 1
    columns = [Column("code", "Category", align="left")]
    columns += [
        Column(f"group {at}", f"{name} (n\u00a0=\u00a0{sizes[name]:,})", align="center")
        for at, name in enumerate(groups)
    ]
    return Table(
        body=body,
        columns=tuple(columns),
        indent=INDENT,
        caption=caption,
        notes=tuple(notes),
        label=label,
        behind={
            f"group {at}": [
                behind("codings", ("code", code), ("group", at + 1))
                for code in code_numbers(codes, shown["code_id"])
            ]
            for at in range(len(groups))
        },
        data=codes[["code_id", "label", "level"]].merge(by_group, on="code_id"),
        synthetic=synthetic,
    )
