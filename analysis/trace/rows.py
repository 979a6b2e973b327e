"""The tables of a study, and the rows of them that a selection holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.chapters.frequencies import by_person
from analysis.codes import lineage
from analysis.phrases import listing
from analysis.trace.selection import OF_CODINGS, Selection
from analysis.workspace import Workspace

__all__ = ["Tables", "found", "in_parts", "in_words"]


@dataclass(frozen=True)
class Index:
    """Codings as places in lists: of their code, their document and the people behind them.

    Attributes
    ----------
    ids : list of str
        Of the codings.
    code, document : ndarray
        For each coding the place of its code, and of its document; -1 where it is unknown.
    voice, person : ndarray
        For each person behind a coding the place of the coding, and of the person.
    people : list of str
        In the order in which they are first heard.
    documents : list of str
    """

    ids: list[str]
    code: npt.NDArray[np.int64]
    document: npt.NDArray[np.int64]
    voice: npt.NDArray[np.int64]
    person: npt.NDArray[np.int64]
    people: list[str]
    documents: list[str]


class Tables:
    """The tables of a study, and what is looked up in them again and again.

    Parameters
    ----------
    workspace : Workspace
        Of a study whose notebooks have run.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.codes = workspace.read("codes")
        self.codings = workspace.read("codings")
        self.documents = workspace.read("documents")
        self.agreement = workspace.read("agreement")
        self.cases = workspace.cases()
        self.groups = workspace.groups()
        self.above = lineage(self.codes)
        self.code_ids = list(self.codes["code_id"].astype("str"))
        self._levels: dict[str, dict[str, set[str]]] = {}

    @cached_property
    def voices(self) -> pd.DataFrame:
        """Codings, a row for each person behind one; the index is the place of the coding."""
        return by_person(self.codings)

    @cached_property
    def every(self) -> pd.DataFrame:
        """Codings of all coders."""
        return pd.concat([self.codings, self.agreement], ignore_index=True)

    @cached_property
    def counted(self) -> Index:
        """The codings that are counted, as places."""
        return self._index(self.codings)

    @cached_property
    def of_all(self) -> Index:
        """The codings of all coders, as places."""
        return self._index(self.every)

    def _index(self, codings: pd.DataFrame) -> Index:
        rows = codings.reset_index(drop=True)
        voices = by_person(rows)
        known = voices["case_id"].notna()
        person, people = pd.factorize(voices.loc[known, "case_id"].astype("str"))
        document, documents = pd.factorize(rows["document_id"].astype("str"))
        return Index(
            ids=list(rows["coding_id"].astype("str")),
            code=pd.Index(self.code_ids).get_indexer(pd.Index(rows["code_id"].astype("str"))),
            document=document.astype(np.int64),
            voice=voices.index.to_numpy(dtype=np.int64)[known.to_numpy()],
            person=person.astype(np.int64),
            people=[str(name) for name in people],
            documents=[str(name) for name in documents],
        )

    @cached_property
    def below(self) -> dict[str, list[str]]:
        """For each code, itself and all below it."""
        pairs = self.above[["ancestor_id", "code_id"]].astype("str")
        inside: dict[str, list[str]] = {}
        for ancestor, code in zip(pairs["ancestor_id"], pairs["code_id"], strict=True):
            inside.setdefault(ancestor, []).append(code)
        return inside

    @cached_property
    def dimensions(self) -> dict[str, set[str]]:
        """For each dimension of the framework, the codes whose codings stand on it."""
        roots = self.codes.loc[self.codes["level"] == 1, ["code_id", "name"]].astype("str")
        named = self.workspace.read("categories").astype("str").merge(
            roots, left_on="category", right_on="name"
        )  # fmt: skip
        pairs = zip(named["dimension"], named["code_id"], strict=True)
        found: dict[str, set[str]] = {}
        for dimension, root in pairs:
            found.setdefault(dimension, set()).update(self.under([root]))
        return found

    def under(self, code_ids: Sequence[str]) -> list[str]:
        """Return codes with all below them, in the order of the code system."""
        inside = {one for code in code_ids for one in self.below.get(str(code), ())}
        return [code for code in self.code_ids if code in inside]

    def codes_at(self, numbers: Sequence[str]) -> list[str]:
        """Return the codes that stand at places of the code system, counted from 1."""
        if any(int(number) < 1 for number in numbers):
            raise LookupError("places are counted from 1")
        return [self.code_ids[int(number) - 1] for number in numbers]

    def with_levels(self, title: str, levels: Sequence[str]) -> set[str]:
        """Return the cases with one of some values of an attribute.

        Raises
        ------
        LookupError
            When there is no such attribute.
        """
        if title not in self._levels:
            names = self.workspace.read("groupings")["variable"].unique()
            grouping = self.workspace.grouping
            named = [name for name in names if title in (str(name), grouping(str(name)))]
            values = self.workspace.groups(str(named[0])) if named else None
            if values is None:
                raise LookupError(f"no attribute {title}")
            held: dict[str, set[str]] = {}
            for case, level in zip(values.index, values.astype("str"), strict=True):
                held.setdefault(str(level), set()).add(str(case))
            self._levels[title] = held
        return set().union(*(self._levels[title].get(level, set()) for level in levels))

    def known(self, name: str) -> set[str]:
        """Return the cases of whom a variable is known.

        Raises
        ------
        LookupError
            When there is no such variable.
        """
        people = self.workspace.read("participants")
        if name not in people:
            raise LookupError(f"no variable {name}")
        return set(people.loc[people[name].notna(), "case_id"].astype("str"))


def found(tables: Tables, selection: Selection) -> tuple[str, ...]:
    """Return the identifiers of what a selection holds, in the order of the tables.

    Raises
    ------
    LookupError, ValueError
        When it names a code, group or attribute that the study does not have.
    """
    if selection.unit == "codes":
        return _codes(tables, selection)
    people = _people(tables, selection)
    if not any(selection.values(name) for name in OF_CODINGS) and selection.unit != "codings":
        if selection.unit == "documents":
            return _documents(tables, selection, people)
        return tuple(str(case) for case in tables.cases if people is None or str(case) in people)
    index = tables.of_all if selection.values("coder") else tables.counted
    kept = _on_codes(tables, selection, index)
    if again := selection.values("follow-up"):
        later = tables.documents["is_follow_up"].astype(bool) == (again == ["yes"])
        names = set(tables.documents.loc[later, "document_id"].astype("str"))
        kept &= np.array([name in names for name in index.documents], dtype=bool)[index.document]
    spoken = kept[index.voice]
    if people is not None:
        spoken &= np.array([name in people for name in index.people], dtype=bool)[index.person]
        heard = np.zeros(len(index.ids), dtype=bool)
        heard[index.voice[spoken]] = True
        kept &= heard
    if selection.unit == "cases":
        return tuple(index.people[at] for at in np.unique(index.person[spoken]))
    if selection.unit == "documents":
        return tuple(index.documents[at] for at in np.unique(index.document[kept]))
    return tuple(index.ids[at] for at in np.flatnonzero(kept))


def _codes(tables: Tables, selection: Selection) -> tuple[str, ...]:
    if items := selection.values("item"):
        return tuple(dict.fromkeys(_mapped(tables, items)))
    if numbers := selection.values("code"):
        return tuple(tables.under(tables.codes_at(numbers)))
    return tuple(tables.code_ids)


def _mapped(tables: Tables, items: list[str]) -> list[str]:
    """Return the codes that the map places on items of the second framework, or below them."""
    every, mapped = tables.workspace.read("crosswalk-items"), tables.workspace.read("crosswalk")
    wide = {*items, *every.loc[every["parent"].isin(items), "item"].astype("str")}
    return list(mapped.loc[mapped["item"].astype("str").isin(wide), "code"].astype("str"))


def _on_codes(tables: Tables, selection: Selection, index: Index) -> npt.NDArray[np.bool_]:
    """Say of each coding whether it stands on the codes that are asked for."""
    asked: list[set[str]] = []
    if numbers := selection.values("code"):
        asked.append(set(tables.under(tables.codes_at(numbers))))
    if numbers := selection.values("own"):
        asked.append(set(tables.codes_at(numbers)))
    if items := selection.values("item"):
        asked.append(set(tables.under(_mapped(tables, items))))
    if dimensions := selection.values("dimension"):
        known = tables.dimensions
        asked.append(set().union(*(known.get(name, set()) for name in dimensions)))
    wanted = np.array([all(code in one for one in asked) for code in tables.code_ids] + [False])
    kept = wanted[index.code] if asked else np.ones(len(index.ids), dtype=bool)
    if selection.values("coder"):
        shared = set(tables.agreement["document_id"].astype("str"))
        kept &= np.array([name in shared for name in index.documents], dtype=bool)[index.document]
    return kept


def _people(tables: Tables, selection: Selection) -> set[str] | None:
    """Return the cases that meet the conditions on people; None without such conditions."""
    parts: list[set[str]] = []
    if groups := selection.values("group"):
        if tables.groups is None:
            raise LookupError("the study has no groups")
        names = [str(tables.groups.cat.categories[int(number) - 1]) for number in groups]
        inside = tables.groups.astype("str").isin(names)
        parts.append({str(case) for case in tables.groups.index[inside]})
    if names := selection.values("case"):
        parts.append(set(names))
    parts += [
        tables.with_levels(title, selection.values(f"@{title}")) for title in selection.attributes()
    ]
    parts += [tables.known(name) for name in selection.values("has")]
    everyone = {str(case) for case in tables.cases}
    parts += [everyone - tables.known(name) for name in selection.values("lacks")]
    return set.intersection(*parts) if parts else None


def _documents(tables: Tables, selection: Selection, people: set[str] | None) -> tuple[str, ...]:
    documents = tables.documents
    if people is not None:
        speaking = by_person(documents)
        at = speaking.index[speaking["case_id"].astype("str").isin(people)].unique()
        documents = documents.loc[documents.index.isin(at)]
    if again := selection.values("follow-up"):
        documents = documents[documents["is_follow_up"].astype(bool) == (again == ["yes"])]
    return tuple(documents["document_id"].astype("str"))


def in_words(tables: Tables, selection: Selection) -> str:
    """Say in words what a selection holds: "codings of “Care continuity”, from patients".

    Names of codes stand in quotation marks, as they are in the study.
    """
    unit, *parts = in_parts(tables, selection)
    return ", ".join([unit if parts else f"all {unit}", *parts])


def in_parts(tables: Tables, selection: Selection) -> list[str]:
    """Return what a selection holds, and each of its conditions, in words."""
    words = {"cases": tables.workspace.study.case_words[1]}
    labels = dict(zip(tables.code_ids, tables.codes["label"], strict=True))
    parts = [words.get(selection.unit, selection.unit)]
    for name, what in (("code", "with all codes below it"), ("own", "itself")):
        if numbers := selection.values(name):
            named = [f"“{labels[code]}”" for code in tables.codes_at(numbers)]
            more = f" ({what})" if len(numbers) == 1 else ""
            parts.append(f"coded with {' or '.join(named)}{more}")
    if ids := selection.values("dimension"):
        dimensions = tables.workspace.read("dimensions").set_index("id")["name"]
        parts.append(f"on the dimension {listing(f'“{dimensions[at]}”' for at in ids)}")
    if ids := selection.values("item"):
        items = tables.workspace.read("crosswalk-items").set_index("item")["name"]
        parts.append(f"on the item {listing(f'“{items[at]}”' for at in ids)}")
    if groups := selection.values("group"):
        assert tables.groups is not None
        names = [str(tables.groups.cat.categories[int(number) - 1]) for number in groups]
        parts.append(f"of {listing(names)}")
    if cases := selection.values("case"):
        parts.append(f"of {tables.workspace.study.case_words[0]} {listing(cases)}")
    parts += [
        f"{title}: {' or '.join(selection.values(f'@{title}'))}" for title in selection.attributes()
    ]
    parts += [f"with a known {value}" for value in selection.values("has")]
    parts += [f"without a known {value}" for value in selection.values("lacks")]
    again = selection.values("follow-up")
    parts += ["follow-ups only" if again == ["yes"] else "without follow-ups"] if again else []
    parts += ["in documents that several coded, by all coders"] * bool(selection.values("coder"))
    return parts
