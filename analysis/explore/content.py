"""What the page shows: codes, codings, people and quotations, as columns of numbers.

Nothing stands in it that the study file does not allow. Of a segment's text there are the
quotations that coders marked, or none; of participants their group and the attributes that
are named; names of documents never.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.chapters.frequencies import code_frequencies
from analysis.languages import on_page, spoken
from analysis.phrases import NOT_REPORTED, level_words, natural_order
from analysis.settings import StudyFile
from analysis.trace.selection import behind
from analysis.workspace import Workspace

__all__ = [
    "GROUP",
    "page_addresses",
    "page_content",
    "shown_attributes",
    "small_combinations",
    "traced_levels",
]

GROUP = "group"
TRACED = 2_000  # codes, down to whose level numbers lead to their rows, at most


def page_content(workspace: Workspace) -> dict[str, Any]:
    """Gather what the page shows.

    Parameters
    ----------
    workspace : Workspace
        Of a study whose first notebook has run.

    Returns
    -------
    dict
        ``levels`` (names of each level, one and several), ``caseWords``, ``casesTitle``,
        ``thousands`` (the sign between them), ``mark``, ``traced`` (see :func:`traced_levels`),
        ``grouped`` (whether the first facet is the group);
        columns under ``codes`` (``label``, ``parent`` as a place or -1, ``level``, ``about``,
        and as counted for the tables ``own``, ``codings``, ``cases``, ``documents``),
        ``cases`` (``id``, ``address`` of their codings), ``documents`` (``case`` as a place,
        ``followUp``), ``codings`` (``code``, ``document``, ``company`` as a place or -1 for the
        document's case, ``file``, ``sheet``, ``row``, ``quote`` as a place or -1);
        ``companies`` (the places of cases who may together have said something);
        ``facets`` (``name``, ``values``, ``of``: the place of each case's value); ``quotes``,
        ``files`` and ``sheets``. A column whose values are all alike is that value alone.
    """
    study = workspace.study
    codes = workspace.read("codes").reset_index(drop=True)
    codings = workspace.read("codings")
    documents = workspace.read("documents").reset_index(drop=True)
    case_ids = natural_order(workspace.cases())
    place_of_code = pd.Series(codes.index, index=codes["code_id"])
    place_of_document = pd.Series(documents.index, index=documents["document_id"])
    place_of_case = pd.Series(range(len(case_ids)), index=case_ids)
    counted = code_frequencies(codings, codes)
    companies, company = _companies(codings, place_of_case)
    texts, quoted = _quotations(workspace)
    files, file = _named(codings["source_file"])
    sheets, sheet = _named(codings["source_sheet"])
    deepest = int(codes["level"].max())
    levels = level_words(study.hierarchy.levels, study.hierarchy.plurals, deepest)
    return {
        "levels": [tuple(map(on_page, words)) for words in levels],
        "caseWords": tuple(map(on_page, study.case_words)),
        "casesTitle": on_page(study.case_word),
        "thousands": spoken().number("1,000")[1],
        "mark": on_page("synthetic") if study.is_synthetic else "",
        "traced": traced_levels(workspace),
        "grouped": workspace.groups() is not None,
        "codes": {
            "label": codes["label"].tolist(),
            "parent": _places(codes["parent_id"], place_of_code),
            "level": codes["level"].astype("int64").tolist(),
            "about": _column(codes["description"].fillna("").tolist()),
            **{name: counted[name].tolist() for name in ("own", "codings", "cases", "documents")},
        },
        "cases": {
            "id": case_ids,
            "address": [behind("codings", ("case", name)) for name in case_ids],
        },
        "companies": companies,
        "documents": {
            "case": _places(documents["case_id"], place_of_case),
            "followUp": _column(documents["is_follow_up"].astype("int64").tolist()),
        },
        "codings": {
            "code": _places(codings["code_id"].astype("str"), place_of_code),
            "document": _places(codings["document_id"], place_of_document),
            "company": _column(company),
            "file": _column(file),
            "sheet": _column(sheet),
            "row": codings["source_row"].astype("int64").tolist(),
            "quote": _column(_places(codings["coding_id"], quoted)),
        },
        "facets": [
            _facet(title, groups, case_ids)
            for name, title in _facets(study)
            if (groups := _known(workspace, name)) is not None
        ],
        "quotes": texts,
        "files": files,
        "sheets": sheets,
    }


def traced_levels(workspace: Workspace) -> int:
    """Return the deepest level whose codes' numbers lead to ``trace.html``; 0 for none.

    A page that is to name nobody has no such links, and of very many codes those of the upper
    levels have them.
    """
    if workspace.study.manuscript.blind:
        return 0
    many = workspace.read("codes")["level"].value_counts().sort_index().cumsum()
    within = many.index[many <= TRACED]
    return int(within.max()) if len(within) else 0


def page_addresses(workspace: Workspace) -> list[str]:
    """Return the addresses of what the page's numbers count, for the page of traces."""
    deepest = traced_levels(workspace)
    if not deepest:
        return []
    found = ["codings", "codes.count", "cases"]
    if (groups := workspace.groups()) is not None:
        found += [
            behind(unit, ("group", at))
            for at in range(1, len(groups.cat.categories) + 1)
            for unit in ("codings", "cases")
        ]
    levels = workspace.read("codes")["level"]
    codes = [at for at, level in enumerate(levels, start=1) if level <= deepest]
    found += [behind(unit, ("code", at)) for at in codes for unit in ("codings", "cases")]
    found += [behind("codings", ("own", at)) for at in codes]
    found += [behind("codings", ("case", name)) for name in workspace.cases()]
    return found


def shown_attributes(study: StudyFile) -> list[str]:
    """Return the variables of participants that the page names, the group first."""
    return [name for name, _ in _facets(study)]


def small_combinations(workspace: Workspace) -> tuple[int, int]:
    """Count the cases that no other case is like in all that the page says of them.

    Returns
    -------
    tuple of int
        Cases that stand alone, and all cases.
    """
    found = [_known(workspace, name) for name in shown_attributes(workspace.study)]
    known = [groups.astype("str") for groups in found if groups is not None]
    cases = len(workspace.cases())
    if not known:
        return 0, cases
    alike = pd.concat(known, axis=1).value_counts()
    return int((alike == 1).sum()), cases


def _facets(study: StudyFile) -> list[tuple[str, str]]:
    """Return name and title of what codings can be filtered by."""
    people = study.participants
    if people is None:
        return []
    titles = {variable.name: variable.title for variable in people.variables}
    named = [(name, titles.get(name, name)) for name in study.explore.attributes]
    return [(GROUP, people.group_label), *named] if study.parts()["groups"] else named


def _companies(
    codings: pd.DataFrame, place_of_case: pd.Series
) -> tuple[list[list[int]], list[int]]:
    """Return each set of people once, and the place of each coding's set."""
    sets: dict[tuple[int, ...], int] = {}
    places = []
    for people in codings["people"]:
        if people is None or isinstance(people, float):
            places.append(-1)
        else:
            key = tuple(int(place_of_case[name]) for name in people)
            places.append(sets.setdefault(key, len(sets)))
    return [list(key) for key in sets], places


def _facet(title: str, groups: pd.Series, case_ids: list[str]) -> dict[str, Any]:
    names = [on_page(str(level)) if level == NOT_REPORTED else str(level)
             for level in groups.cat.categories]  # fmt: skip
    plain = [str(level) for level in groups.cat.categories]
    values = groups.astype("object").reindex(case_ids).fillna(NOT_REPORTED).astype("str")
    place = {level: at for at, level in enumerate(plain)}
    return {"name": title, "values": names, "of": [place[value] for value in values]}


def _known(workspace: Workspace, name: str) -> pd.Series | None:
    """Return the value of each case; None for what nobody has."""
    has_values = (workspace.read("groupings")["variable"] == name).any()
    return workspace.groups(name) if has_values else None


def _quotations(workspace: Workspace) -> tuple[list[str], pd.Series]:
    """Return each text once, and the place of its text for each coding that may be quoted."""
    if workspace.study.explore.quotations == "none":
        return [], pd.Series(dtype="int64")
    quotations = workspace.read("quotations")
    places, texts = pd.factorize(quotations["text"])
    return [str(text) for text in texts], pd.Series(places, index=quotations["coding_id"])


def _named(values: pd.Series) -> tuple[list[str], list[int]]:
    """Return the distinct names, and the place of each value's name; -1 for none."""
    places, names = pd.factorize(values.astype("object"))
    return [str(name) for name in names], [int(place) for place in places]


def _places(values: pd.Series, place: pd.Series) -> list[int]:
    """Return the place of each value; -1 for what has none."""
    return values.map(place).fillna(-1).astype("int64").tolist()


def _column(values: list[Any]) -> Any:
    """Return a column, or its value where all are alike."""
    return values[0] if values and all(value == values[0] for value in values) else values
