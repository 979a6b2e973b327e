"""Where a number comes from: the codings, documents, people or codes that it counts.

`origins` walks the same tables in the same order as the chapters that compute the numbers. A
test holds it against them for every key of every study that ships, and so does each trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.chapters.frequencies import by_person, code_frequencies
from analysis.chapters.participants import choose_columns, group_members
from analysis.metrics import Metric, printed, slugs
from analysis.settings import Variable
from analysis.trace.rows import Tables, found, in_words
from analysis.trace.selection import Selection, Unit
from analysis.workspace import Workspace
from qdaio.faults import Fault, StudyError
from qdaio.labels import did_you_mean, nearest

__all__ = ["Origin", "Trace", "Tracer", "origins", "trace"]

TOP = 20  # leading codes that have a number of their own, at most
# what is computed from rows rather than counted, by the beginning of its name
DERIVED: tuple[tuple[str, Unit, str], ...] = (
    ("agreement.", "codings", "from the codings of both coders in the documents that both coded"),
    ("saturation.", "codings", "from the codes of each case in the order of the interviews"),
    ("new-codes.", "codings", "from the codes of each case in the order of the interviews"),
    ("cooccurrence.", "codings", "pairs of codes whose codings stand together"),
    ("crosswalk.", "codings", "items of the second framework, by the codings its map places"),
    ("coverage.", "codings", "dimensions of the framework, by the codings that stand on them"),
    ("crosstab.", "cases", "combinations of two attributes"),
    ("sampling.", "cases", "combinations of attributes, and those that someone has"),
    ("criteria.", "cases", "criteria of the study file, and people who miss one"),
    ("codebook.", "codes", "codes, by what is written of them"),
    ("level.", "codes", "the deepest level of a code that was applied"),
    ("group.", "cases", "the groups of the participants"),
    ("quotations.shown", "codings", "those of these segments that the manuscript prints"),
    ("quotations.cases", "codings", "people whom the manuscript quotes with one of these segments"),
    ("quotations.", "codings", "distinct texts of segments marked as fit to quote, by category"),
    ("interviews.", "documents", "from the minutes or the days of the interviews"),
    ("participants.", "cases", "from the values of those for whom it is known"),
    ("dimension.", "codes", "codes of that level below the dimension's categories"),
)
FIGURES = re.compile(r"[−-]?\d[\d.,]*|\d{4}-\d\d-\d\d")  # a text that is a number or a day
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# texts of the program, and the numbers that may stand in them
TEXTS = (
    (r"summary\.codings", r"codings\.(read|total|agreement|set-aside)"),
    (r"summary\.levels", r"level-\d+\.count"),
    (r"summary\.leading", r"codings\.total|level-1\.top-1\.(codings|percent|cases)"),
    (r"summary\.material", r"documents\.(total|follow-up)|cases\.total|group-\d+\.n"),
    (r"group\.list", r"group-\d+\.n"),
    (r"group\.topics", r"group-\d+\.codings\.percent"),
    (r"codes\.leading", r"codes\.top-1\.codings"),
    (r"agreement\.sentence", r"agreement\.(documents|units|codes|percent|alpha)"),
    (r"saturation\.sentence", r"saturation\.(settings|reached|codes)|cases\.total"),
    (r"sampling\.sentence", r"sampling\.(cells|reached)"),
    (r"criteria\.sentence", r"criteria\.(count|not-met)"),
    (r"coverage\.sentence", r"coverage\..*|framework\.dimensions"),
    (r"crosswalk\.sentence", r"crosswalk\.(codings|percent|items|silent)"),
    (r"cooccurrence\.sentence", r"cooccurrence\.pairs"),
    (r"trust\..*", r"codings\.total|documents\.follow-up|participants\.total|quotations\.total"
                   r"|sampling\.(cells|reached)"),
)  # fmt: skip
# of a file that the study names, not of the data
FILES = {
    "framework.": "framework",
    "guidance.": "guidance",
    "guide.": "guide",
    "guide-": "guide",
    "audit.": "published",
}


@dataclass(frozen=True)
class Origin:
    """What a number is made of.

    Attributes
    ----------
    unit : {"codings", "documents", "cases", "codes"}
    ids : tuple of str
        Their identifiers; codings and documents of the main coder unless they say otherwise.
    how : str
        Empty for a plain count of `ids`; else how the number follows from them.
    whole : int or None
        For a percentage: of how many.
    """

    unit: Unit
    ids: tuple[str, ...]
    how: str = ""
    whole: int | None = None

    @property
    def counted(self) -> float | None:
        """The number itself, where it is a count or a share of rows; None where it is not."""
        if self.whole is not None:
            return 100 * len(self.ids) / self.whole if self.whole else 0.0
        return None if self.how else len(self.ids)


@dataclass(frozen=True)
class Trace:
    """A number with the rows behind it.

    Attributes
    ----------
    key : str
    value : int, float or str
    origin : Origin or None
        None for what rests on a file that the study names, or is a text.
    rows : DataFrame
        ``file``, ``sheet``, ``row`` of the export, and what tells the rows apart. No text of
        a segment.
    how : str
    parts : tuple of str
        Of a text, the keys of the numbers in it.
    """

    key: str
    value: Metric
    origin: Origin | None
    rows: pd.DataFrame
    how: str
    parts: tuple[str, ...] = ()


class _Tables(Tables):
    """The tables of a study, with how often each code was applied."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.frequencies = self.codes.merge(
            code_frequencies(self.codings, self.codes), on="code_id", validate="one_to_one"
        )

    def codings_of(self, code_ids: list[str]) -> tuple[str, ...]:
        rows = self.codings["code_id"].astype("str").isin(code_ids)
        return tuple(self.codings.loc[rows, "coding_id"])

    def cases_of(self, code_ids: list[str]) -> tuple[str, ...]:
        rows = self.voices["code_id"].astype("str").isin(code_ids)
        return tuple(self.voices.loc[rows, "case_id"].dropna().unique())


def origins(workspace: Workspace) -> dict[str, Origin]:
    """Return what each number of a study counts.

    Parameters
    ----------
    workspace : Workspace
        Of a study whose notebooks have run.

    Returns
    -------
    dict
        By key; numbers that are made in other ways are not in it.
    """
    return _origins(_Tables(workspace))


def _origins(tables: _Tables) -> dict[str, Origin]:
    found: dict[str, Origin] = {}
    for part in (_corpus, _levels, _groups, _dimensions, _second_framework, _people):
        found |= dict(part(tables))
    return found


class Tracer:
    """Finds the rows behind the numbers of one study, whose tables it reads once.

    Parameters
    ----------
    workspace : Workspace
        Of a study that was built.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.tables = _Tables(workspace)
        self.values = workspace.read_metrics() | _gathered(workspace)
        self._origins = _origins(self.tables)

    def of(self, key: str) -> Trace:
        """Find the rows behind a number.

        Parameters
        ----------
        key : str
            As in ``metrics.json``, or an address as of :class:`analysis.trace.selection.Selection`.

        Raises
        ------
        StudyError
            When there is no such number, or the rows do not give it: then the tables are of
            another build than the number.
        """
        selection = Selection.read(key)
        if selection is not None and key not in self.values:
            return self._of_selection(key, selection)
        if key not in self.values:
            near = nearest(key, sorted(self.values))
            raise StudyError(
                Fault(
                    kind="unknown-number",
                    found=f'"{key}"',
                    expected="a number of this study, as listed in data-processed/metrics.json",
                    remedy=did_you_mean(near, otherwise="Look it up in that file."),
                )
            )
        value = self.values[key]
        origin = self._origins.get(key) or _derived(self.tables, key, value)
        if origin is None:
            parts = self.parts(key)
            how = _rest(self.workspace, key, value)
            return Trace(key, value, None, pd.DataFrame(), how, parts)
        told = origin.counted
        if told is not None and isinstance(value, int | float) and abs(told - value) > 1e-6:
            raise StudyError(
                Fault(
                    kind="different-number",
                    found=f"{key} is {value}, and {len(origin.ids)} {origin.unit} behind it",
                    expected="as many as the number says",
                    remedy="The tables are of another build than the numbers: run `study build`.",
                )
            )
        return Trace(key, value, origin, _rows(self.tables, origin), self._said(origin))

    def _of_selection(self, address: str, selection: Selection) -> Trace:
        try:
            ids = found(self.tables, selection)
            words = in_words(self.tables, selection)
        except (LookupError, ValueError) as error:
            raise StudyError(
                Fault(
                    kind="unknown-number",
                    found=f'"{address}"',
                    expected="codes, groups and attributes of this study",
                    remedy="The address is of another build or study: run `study build`, and "
                    "take the address from its pages.",
                )
            ) from error
        how = f"not a count of these rows, but computed from them: {words}"
        origin = Origin(selection.unit, ids, how if selection.computed else "")
        rows = _rows(self.tables, origin)
        return Trace(address, len(ids), origin, rows, how if selection.computed else words)

    def _said(self, origin: Origin) -> str:
        words = {"cases": self.workspace.study.case_words[1]}
        return _said(origin, words.get(origin.unit, origin.unit))

    def parts(self, key: str) -> tuple[str, ...]:
        """Return the numbers that a text of the program is made of, as far as they have names."""
        value = self.values.get(key)
        patterns = [parts for name, parts in TEXTS if re.fullmatch(name, key)]
        if not isinstance(value, str) or not patterns:
            return ()
        tokens = set(NUMBER.findall(value))
        numbers = self.workspace.study.numbers
        return tuple(
            name
            for name, part in self.values.items()
            if name != key
            and re.fullmatch(patterns[0], name)
            and (not isinstance(part, str) or part.replace(".", "", 1).isdigit())
            and printed(name, part, numbers) in tokens
        )


def trace(workspace: Workspace, key: str) -> Trace:
    """Find the rows behind one number, see :meth:`Tracer.of`."""
    return Tracer(workspace).of(key)


def _gathered(workspace: Workspace) -> dict[str, Metric]:
    import json

    path = workspace.processed / "metrics.json"
    if not path.is_file():
        return {}
    found: dict[str, Metric] = json.loads(path.read_text(encoding="utf-8"))
    return found


Found = Iterator[tuple[str, Origin]]


def _corpus(tables: _Tables) -> Found:
    codings, documents, agreement = tables.codings, tables.documents, tables.agreement
    counted, second = tuple(codings["coding_id"]), tuple(agreement["coding_id"])
    yield "codings.total", Origin("codings", counted)
    yield "codings.agreement", Origin("codings", second)
    aside = tables.workspace.read("set-aside")
    places = [f"set aside {at}" for at in aside.index[aside["what"] == "coding"]]
    yield "codings.set-aside", Origin("codings", tuple(places))
    yield "codings.read", Origin("codings", (*counted, *second, *places))
    repeated = codings.loc[codings["is_repeat"].astype(bool), "coding_id"]
    yield "codings.repeated", Origin("codings", tuple(repeated))
    later = documents["is_follow_up"].astype(bool)
    yield "documents.total", Origin("documents", tuple(documents["document_id"]))
    yield "documents.follow-up", Origin("documents", tuple(documents.loc[later, "document_id"]))
    yield "documents.first", Origin("documents", tuple(documents.loc[~later, "document_id"]))
    both = tuple(agreement["document_id"].unique())
    yield "documents.agreement", Origin("documents", both)
    yield "cases.total", Origin("cases", tuple(tables.cases))
    yield "participants.total", Origin("cases", tuple(tables.cases))
    spoken = documents.dropna(subset="minutes") if "minutes" in documents else documents.iloc[:0]
    for key, group in _interviews(tables):
        kept = spoken if group is None else spoken[spoken["case_id"].isin(group)]
        ids = tuple(kept.loc[~kept["is_follow_up"].astype(bool), "document_id"])
        for name, how in (("shortest", "the least"), ("longest", "the most")):
            said = f"{how} of the minutes of these documents"
            yield f"{key}.{name}.minutes", Origin("documents", ids, said)


def _interviews(tables: _Tables) -> Iterator[tuple[str, set[str] | None]]:
    yield "interviews", None
    if tables.groups is not None:
        for at, name in enumerate(tables.groups.cat.categories, start=1):
            yield f"interviews.group-{at}", set(tables.groups.index[tables.groups == name])


def _levels(tables: _Tables) -> Found:
    used = tables.frequencies[tables.frequencies["codings"] > 0]
    applied = used[used["own"] > 0]
    whole = len(tables.cases)
    yield "codes.count", Origin("codes", tuple(applied["code_id"]))
    yield "saturation.codes", Origin("codes", tuple(applied["code_id"]))
    leading = applied.sort_values(["own", "position"], ascending=[False, True]).head(TOP)
    for at, code in enumerate(leading["code_id"], start=1):
        yield from _of_codes(tables, f"codes.top-{at}", [code], None, whole)
    for level in sorted(int(level) for level in used["level"].unique()):
        members = used[used["level"] == level]
        key = f"level-{level}"
        below = tables.codings_of(tables.under(list(members["code_id"])))
        yield f"{key}.count", Origin("codes", tuple(members["code_id"]))
        yield f"{key}.codings", Origin("codings", below)
        by_size = members.sort_values(["codings", "position"], ascending=[False, True])
        places = {f"top-{at}": code for at, code in enumerate(by_size["code_id"].head(TOP), 1)}
        places["least"] = members.sort_values(["codings", "position"])["code_id"].iloc[0]
        widest = members.sort_values(["cases", "position"], ascending=[False, True])
        places["widest"] = widest["code_id"].iloc[0]
        for name, code in places.items():
            inside = tables.under([code])
            yield from _of_codes(tables, f"{key}.{name}", inside, len(below), whole)


def _of_codes(
    tables: _Tables, key: str, code_ids: list[str], codings: int | None, cases: int
) -> Found:
    """Yield codings and cases of some codes, with their shares."""
    mine, people = tables.codings_of(code_ids), tables.cases_of(code_ids)
    yield f"{key}.codings", Origin("codings", mine)
    yield f"{key}.cases", Origin("cases", people)
    yield f"{key}.cases-share.percent", Origin("cases", people, whole=cases)
    if codings is not None:
        yield f"{key}.percent", Origin("codings", mine, whole=codings)


def _groups(tables: _Tables) -> Found:
    if tables.groups is None:
        return
    groups, voices = tables.groups, tables.voices
    used = tables.frequencies[tables.frequencies["level"] == 1]
    everyone = len(tables.codings)
    sizes: dict[str, tuple[str, ...]] = {}
    for at, name in enumerate(groups.cat.categories, start=1):
        key = f"group-{at}"
        members = tuple(groups.index[groups == name])
        sizes[key] = members
        yield f"{key}.n", Origin("cases", members)
        yield f"{key}.percent", Origin("cases", members, whole=len(tables.cases))
        mine = voices[voices["case_id"].isin(members)]
        ids = tuple(mine["coding_id"].unique())
        yield f"{key}.codings.total", Origin("codings", ids)
        yield f"{key}.codings.percent", Origin("codings", ids, whole=everyone)
        best: tuple[str, ...] = ()
        for code in used["code_id"]:
            inside = mine["code_id"].astype("str").isin(tables.under([code]))
            here = tuple(mine.loc[inside, "coding_id"].unique())
            best = here if len(here) > len(best) else best
        yield f"{key}.top.codings", Origin("codings", best)
    largest = max(sizes.values(), key=len, default=())
    yield "group.largest.n", Origin("cases", largest)
    yield "group.largest.percent", Origin("cases", largest, whole=len(tables.cases))


def _dimensions(tables: _Tables) -> Found:
    if tables.workspace.study.framework is None:
        return
    categories = tables.workspace.read("categories")
    roots = tables.frequencies[tables.frequencies["level"] == 1].set_index("name")["code_id"]
    whole, people = len(tables.codings), len(tables.cases)
    for dimension in tables.workspace.read("dimensions")["id"]:
        named = categories.loc[categories["dimension"] == dimension, "category"]
        tops = [str(roots[name]) for name in named if name in roots.index]
        inside = tables.under(tops)
        key = f"dimension.{dimension}"
        yield from _of_codes(tables, key, inside, whole, people)
        below = tables.frequencies[tables.frequencies["code_id"].isin(inside)]
        for level, name in ((2, "main"), (3, "sub")):
            here = below[below["level"] == level]
            yield f"{key}.{name}", Origin("codes", tuple(here["code_id"]))
            here = here[here["codings"] > 0]
            if len(here):
                order = here.sort_values(["codings", "position"], ascending=[False, True])
                top = tables.under([order["code_id"].iloc[0]])
                yield from _of_codes(tables, f"{key}.top-{name}", top, None, people)


def _second_framework(tables: _Tables) -> Found:
    framework = tables.workspace.study.framework
    if framework is None or not framework.crosswalk:
        return
    named = tables.workspace.read("crosswalk")["code"].dropna().astype("str")
    placed = tables.codings_of(tables.under(list(named)))
    yield "crosswalk.codings", Origin("codings", placed)
    yield "crosswalk.percent", Origin("codings", placed, whole=len(tables.codings))


def _people(tables: _Tables) -> Found:
    spec = tables.workspace.study.participants
    if spec is None:
        return
    people = tables.workspace.read("participants")
    own = choose_columns(people, spec, "group", "")
    present = [variable for variable in own.variables if variable.name in people]
    members = group_members(people, own.group)
    places = [f".group-{at}" for at in range(1, len(members))] + [""]
    for variable, slug in zip(present, slugs(item.title for item in present), strict=True):
        for place, (_, everyone) in zip(places, members, strict=True):
            those = everyone
            if variable.groups and "group" in everyone:
                those = everyone[everyone["group"].isin(variable.groups)]
            yield from _of_variable(those, variable, f"participants.{slug}", place, people)


def _of_variable(
    those: pd.DataFrame, variable: Variable, key: str, place: str, people: pd.DataFrame
) -> Found:
    known = those[those[variable.name].notna()]
    if variable.kind != "category":
        ids = tuple(known["case_id"])
        yield f"{key}{place}.n", Origin("cases", ids)
        for name in ("mean", "sd", "minimum", "maximum", "median", "q1", "q3"):
            said = f"the {name} of {variable.title} of these participants"
            yield f"{key}{place}.{name}", Origin("cases", ids, said)
        return
    levels = [str(level) for level in people[variable.name].cat.categories]
    for level, slug in zip(levels, slugs(levels), strict=True):
        here = known[known[variable.name] == level]
        ids = tuple(here["case_id"])
        yield f"{key}.{slug}{place}.n", Origin("cases", ids)
        yield f"{key}.{slug}{place}.percent", Origin("cases", ids, whole=len(known))
        if variable.within and variable.within in people and place:
            inner = [str(name) for name in people[variable.within].cat.categories]
            for name, inside in zip(inner, slugs(inner), strict=True):
                both = tuple(here.loc[here[variable.within] == name, "case_id"])
                yield f"{key}.{slug}.{inside}{place}.n", Origin("cases", both)


def _derived(tables: _Tables, key: str, value: Metric) -> Origin | None:
    """Return the rows on which a number, or a day, rests that is no count of rows."""
    if isinstance(value, str) and not FIGURES.fullmatch(value):
        return None
    for start, unit, how in DERIVED:
        if key.startswith(start):
            ids = {
                "codings": tuple(tables.codings["coding_id"]),
                "documents": tuple(tables.documents["document_id"]),
                "cases": tuple(tables.cases),
                "codes": tuple(tables.codes["code_id"]),
            }[unit]
            if start.startswith("quotations."):
                ids = tuple(tables.workspace.read("quotations")["coding_id"])
            if start == "agreement.":
                here = tables.codings["document_id"].isin(tables.agreement["document_id"])
                first = tables.codings.loc[here, "coding_id"]
                ids = (*first, *tables.agreement["coding_id"])
            return Origin(unit, ids, f"not a count of these rows, but computed: {how}")
    return None


def _rest(workspace: Workspace, key: str, value: Metric) -> str:
    study = workspace.study
    for start, name in FILES.items():
        if key.startswith(start):
            files = {
                "framework": study.framework and study.framework.dimensions,
                "guidance": study.framework and study.framework.guidance,
                "guide": study.guide and study.guide.file,
                "published": study.published and study.published.folder,
            }
            section = "framework" if name == "guidance" else name
            place = f": {files[name]}" if files[name] else ""
            return f"counted in what the study file names under [{section}]{place}"
    if key.startswith("checklist."):
        return "counted in the checklist, see the table with its items"
    if isinstance(value, str):
        return "a text, made of numbers of the study and of names in it"
    return "a number of a notebook of the study's own: look there"


def _said(origin: Origin, unit: str) -> str:
    if origin.whole is not None:
        return f"100 × {len(origin.ids):,} / {origin.whole:,} {unit}"
    return origin.how or f"the number of these {unit}"


def _rows(tables: _Tables, origin: Origin) -> pd.DataFrame:
    """Return what a person needs to find each row in the export."""
    every = tables.every
    if origin.unit == "codings":
        return _coding_rows(tables, every, origin.ids)
    ids = list(origin.ids)
    if origin.unit == "documents":
        case = tables.documents.set_index("document_id")["case_id"]
        shown = pd.DataFrame({"document": ids, "case": case.reindex(ids).to_numpy()})
        of, name = every, "document_id"
    elif origin.unit == "codes":
        shown = pd.DataFrame({"code": ids})
        mine = tables.codings.astype({"code_id": "str"})
        # a category has the codings of all below it
        of, name = mine.merge(tables.above.astype({"code_id": "str"}), on="code_id"), "ancestor_id"
    else:
        shown = pd.DataFrame({"case": ids})
        of, name = by_person(every), "case_id"
    at = of.drop_duplicates(name).set_index(name).reindex(ids)
    n = of.drop_duplicates(["coding_id", name]).groupby(name).size().reindex(ids)
    return shown.assign(
        codings=n.fillna(0).astype("int64").to_numpy(),
        file=at["source_file"].astype("object").fillna("").to_numpy(),
        sheet=at["source_sheet"].astype("object").fillna("").to_numpy(),
        first_row=at["source_row"].astype("Int64").to_numpy(),
    )


def _coding_rows(tables: _Tables, every: pd.DataFrame, ids: tuple[str, ...]) -> pd.DataFrame:
    kept = every[every["coding_id"].isin(set(ids))]
    frame = pd.DataFrame(
        {
            "code": kept["code_id"].astype("str").to_numpy(),
            "case": kept["case_id"].to_numpy(),
            "document": kept["document_id"].to_numpy(),
            "coder": kept["coder_id"].astype("object").to_numpy(),
            "file": kept["source_file"].astype("object").to_numpy(),
            "sheet": kept["source_sheet"].astype("object").fillna("").to_numpy(),
            "row": kept["source_row"].astype("Int64").to_numpy(),
        }
    )
    aside = tables.workspace.read("set-aside")
    places = [int(name.rsplit(" ", 1)[1]) for name in ids if name.startswith("set aside ")]
    if places:
        rows = aside.loc[places]
        more: dict[str, Any] = {name: rows[name].to_numpy() for name in ("code", "file", "row")}
        frame = pd.concat([frame, pd.DataFrame(more)], ignore_index=True)
    return frame
