"""Variables of participants: from documents and from a table of their own, typed and checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.phrases import listing, natural_order, quoted, some
from analysis.settings import Participants, Variable
from qdaio.faults import FaultList, StudyError
from qdaio.files.source import open_source
from qdaio.headers import read_attribute_table
from qdaio.labels import JoinFailure, did_you_mean, join_labels, nearest, plain
from qdaio.model import CodedProject

__all__ = [
    "MISSING",
    "MOST_LEVELS",
    "AttributeFile",
    "check_ids",
    "document_links",
    "number_in",
    "participant_attributes",
    "read_attribute_file",
    "typed_variable",
]

NUMBER = re.compile(r"([+-]?\d{1,15})(?:([.,\u066b])(\d{1,15}))?")
MOST_LEVELS = 200  # of a category
MISSING = {"", "-9", "-", "–", "n/a", "na", "not reported"}


@dataclass(frozen=True)
class AttributeFile:
    """The table of participants, as it stands.

    Attributes
    ----------
    table : DataFrame of str
        One row per participant.
    ids : Series
        Of each row; missing where there is none.
    rows : Series of int
        Where each stands in the file.
    name, key : str
        The file, and its column with the ids.
    kept : tuple of str
        Columns that may be read.
    """

    table: pd.DataFrame
    ids: pd.Series
    rows: pd.Series
    name: str
    key: str
    kept: tuple[str, ...]

    def row_of(self, participants: Sequence[str]) -> pd.Series:
        """Return in which row of the file each participant stands."""
        known = pd.Series(self.rows.to_numpy(), index=self.ids.to_numpy(), dtype="object")
        return known[~known.index.duplicated()].reindex(list(participants))

    def values_of(self, participants: Collection[str]) -> pd.DataFrame:
        """Return what is known of some participants, one value a row.

        Returns
        -------
        DataFrame
            ``participant_id``, ``name``, ``value``, ``source_file``, ``source_row``.
        """
        kept = list(self.kept)
        values = self.table[kept].assign(participant_id=self.ids, source_row=self.rows)
        # of one who stands twice, which is told, the first row counts
        values = values[values["participant_id"].isin(participants) & ~self.ids.duplicated()]
        long = values.melt(["participant_id", "source_row"], kept, "name", "value")
        long = long.dropna(subset="value").assign(source_file=self.name)
        return long[["participant_id", "name", "value", "source_file", "source_row"]]


def read_attribute_file(
    folder: Path, spec: Participants, faults: FaultList
) -> AttributeFile | None:
    """Read a table with one row per participant.

    Parameters
    ----------
    folder : Path
    spec : Participants
        ``file``, ``file_id`` (the column that names the participant), ``omit`` (columns
        that are never read, as they could identify someone).
    faults : FaultList
        Gets a fault for a file that cannot be read and a column that is missing.

    Returns
    -------
    AttributeFile or None
        None where it cannot be used.
    """
    name, key = str(spec.file), str(spec.file_id)
    try:
        table, rows = read_attribute_table(open_source(folder / name, name))
    except StudyError as error:
        faults.extend(error.faults)
        return None
    for column, setting in ((key, "file_id"), (spec.file_document, "file_document")):
        if column is not None and column not in table:
            near = nearest(column, list(table.columns))
            faults.add(
                kind="missing-column",
                file=name,
                column=column,
                found=f"columns {', '.join(table.columns)}",
                remedy=did_you_mean(near, f"Correct `participants.{setting}` in study.toml."),
            )
    if key not in table:
        return None
    labels = table[key].str.strip()
    others = [column for column in table.columns if column not in (key, spec.file_document)]
    return AttributeFile(
        table=table,
        ids=labels.mask(labels.str.casefold().isin(MISSING)),
        rows=rows,
        name=name,
        key=key,
        kept=tuple(column for column in others if not _is_omitted(column, spec.omit)),
    )


def document_links(
    own: AttributeFile | None, spec: Participants, project: CodedProject, faults: FaultList
) -> pd.DataFrame:
    """Read from the table of participants in which documents each of them speaks.

    Parameters
    ----------
    own : AttributeFile or None
    spec : Participants
        ``file_document``, and ``separator`` where a cell names several documents.
    project : CodedProject
    faults : FaultList
        Gets a fault for each document that the export does not have.

    Returns
    -------
    DataFrame
        ``participant_id``, ``document_id``.
    """
    column = str(spec.file_document)
    nothing = pd.DataFrame({"participant_id": [], "document_id": []}, dtype="str")
    if own is None or column not in own.table:
        return nothing
    named = own.table[column].str.strip()
    named = named.mask(named.str.casefold().isin(MISSING))
    links = pd.DataFrame({"participant_id": own.ids, "document": named, "row": own.rows}).dropna()
    if spec.separator:
        links["document"] = links["document"].str.split(spec.separator, regex=False)
        links = links.explode("document", ignore_index=True)
        links["document"] = links["document"].str.strip()
    documents = project.documents
    known = dict(zip(documents["name"], documents["document_id"], strict=True))
    known |= {name: name for name in documents["document_id"]}
    for name, rows in links[~links["document"].isin(known)].groupby("document", sort=False):
        near = nearest(str(name), list(documents["name"]))
        faults.add(
            kind="unknown-document",
            file=own.name,
            row=int(rows["row"].iloc[0]),
            column=column,
            found=f'"{name}"',
            expected="a document of the export",
            remedy=did_you_mean(
                near, "Write the document as the export has it, or leave the cell empty."
            ),
        )
    links["document_id"] = links["document"].map(known)
    return links[["participant_id", "document_id"]].dropna()


def check_ids(
    own: AttributeFile, spec: Participants, participants: list[str], faults: FaultList
) -> list[str]:
    """Compare the ids of the table with the participants of the documents.

    Rows without an id, ids that stand twice, and those that look like another one are faults,
    each told once.

    Returns
    -------
    list of str
        Those who were asked, as the table has them, and of whom the export has no document.
        A person without a document is taken for one who was not coded only where most of
        the table are found in the export.
    """
    labels, rows, name, key = own.ids, own.rows, own.name, own.key
    nameless = [int(row) for row in rows[labels.isna()]]
    if nameless:
        faults.add(
            kind="missing-id",
            file=name,
            row=nameless[0],
            column=key,
            found=f"no participant in {_counted_rows(nameless)}",
            expected="the id of a participant in each row; NA and the like are none",
            remedy="Fill in the participant, or remove these rows from the table.",
        )
    for row, label in zip(rows[labels.duplicated()], labels[labels.duplicated()], strict=True):
        if not pd.isna(label):
            faults.add(
                kind="duplicate-participant",
                file=name,
                row=int(row),
                column=key,
                found=f'participant "{label}" a second time',
                remedy="Keep one row for each participant.",
            )
    joined = join_labels([str(label) for label in labels.dropna()], participants)
    places = dict(zip(labels, rows, strict=True))
    paired: dict[str, list[JoinFailure]] = {}
    for failure in joined.left:
        paired.setdefault(str(failure.why), []).append(failure)
    silent = [failure.label for failure in paired.get("None", ())]
    if joined.matches and len(silent) <= len(joined.matches):
        paired.pop("None", None)
    else:
        silent = []
    for why, failures in paired.items():
        told = [f'"{one.label}" for "{one.candidate}"' for one in failures]
        if failures[0].candidate is None:
            told = [f'"{one.label}"' for one in failures]
        faults.add(
            kind="participant-without-segments",
            file=name,
            row=int(places[failures[0].label]),
            column=key,
            found=f"{some(told)}" + (f": {why}" if failures[0].candidate else ""),
            expected="participants of the export",
            remedy="Write the ids as the export has them."
            if failures[0].candidate
            else "Correct these ids, or remove their rows.",
        )
    meant = {failure.candidate for failure in joined.left}
    alone = [f'"{failure.label}"' for failure in joined.right if failure.label not in meant]
    if alone:
        faults.add(
            kind="segment-without-participant",
            file=name,
            column=key,
            found=f"no row for {some(alone)}",
            expected="a row for each participant of the export",
            remedy="Add the rows, or correct the ids of others.",
        )
    return silent


def _counted_rows(rows: list[int]) -> str:
    numbers = some([str(row) for row in rows])
    return f"row {numbers}" if len(rows) == 1 else f"{len(rows)} rows: {numbers}"


def _is_omitted(column: str, omit: list[str]) -> bool:
    """Whether a column is left out; of several with one header, all are."""
    return column in omit or re.sub(r" \(\d+\)$", "", column) in omit


def participant_attributes(
    rows: pd.DataFrame,
    spec: Participants,
    order: list[str],
    faults: FaultList,
    *,
    is_whole: bool = True,
    columns: Collection[str] = (),
) -> pd.DataFrame:
    """Return one row per participant and one column per variable, as text.

    Parameters
    ----------
    rows : DataFrame
        ``participant_id``, ``name``, ``value``, ``source_file``, ``source_row``: one row
        for each value that a source states; several documents of one participant state
        the same value several times.
    spec : Participants
    order : list of str
        Participants in the order of the study.
    faults : FaultList
        Gets one fault for each participant whose sources contradict each other, and for
        each variable that no source has.
    is_whole : bool
        Whether all sources could be read; else it is not told what they lack.
    columns : collection of str
        Variables that a source has, though they may be empty.

    Returns
    -------
    DataFrame
        Index ``participant_id`` in `order`; columns are the variables named in the study
        file (and the one a variable counts within, the role and the group), plus
        ``<name> row`` and ``<name> file``, for messages.
    """
    wanted = wanted_variables(spec)
    have = sorted({*rows["name"], *columns})
    rows = rows[rows["name"].isin(wanted)].copy()
    rows["value"] = rows["value"].str.strip()
    rows = rows[~rows["value"].str.casefold().isin(MISSING) & rows["value"].notna()]
    known = set(rows["name"])
    for name, key in wanted.items() if is_whole else ():
        column = f"{key} ({name})" if key == "participants.variables" else key
        if name not in have:
            near = nearest(name, have)
            faults.add(
                kind="missing-column",
                file="study.toml",
                column=column,
                found=f"variables {', '.join(have) or 'none'}",
                expected=f'a variable "{name}"',
                remedy=did_you_mean(
                    near,
                    otherwise="Correct the name; a column that is empty for everybody "
                    "counts as none.",
                ),
            )
        elif name not in known:
            faults.add(
                kind="empty-variable",
                file="study.toml",
                column=column,
                found=f'a variable "{name}" that is empty for every participant',
                expected="a value for one participant at least",
                remedy="Fill in its column, or take it out of study.toml.",
            )
    counts = rows.groupby(["participant_id", "name"])["value"].nunique()
    for participant, name in counts[counts > 1].index:
        stated = rows.query("participant_id == @participant and name == @name")
        faults.add(
            kind="conflicting-attribute",
            file=str(stated["source_file"].iloc[-1]),
            row=_row(stated["source_row"].iloc[-1]),
            column=name,
            found=" and ".join(f'"{value}"' for value in stated["value"].unique()),
            expected=f"one value for participant {participant}",
            remedy="Documents of one participant must agree: correct one of them, or give "
            "the other document its own participant.",
        )
    first = rows.drop_duplicates(["participant_id", "name"])
    parts = [
        first.pivot(index="participant_id", columns="name", values=value)
        .astype("object")
        .reindex(index=order, columns=list(wanted))
        .add_suffix(suffix)
        for value, suffix in (("value", ""), ("source_row", " row"), ("source_file", " file"))
    ]
    return pd.concat([parts[0].astype("str"), *parts[1:]], axis="columns")


def wanted_variables(spec: Participants) -> dict[str, str]:
    """Return the names of the participants' variables that the study uses, in order.

    Returns
    -------
    dict
        Each name with the key of the study file that asks for it.
    """
    key = "participants.variables"
    names = dict.fromkeys((variable.name for variable in spec.variables), key)
    inner = (variable.within for variable in spec.variables if variable.within)
    names |= {name: key for name in inner if name not in names}
    for name, own in ((spec.role, "participants.role"), (spec.group, "participants.group")):
        if name and name not in names:
            names[name] = own
    return {name: key for name, key in names.items() if name not in spec.omit}


def typed_variable(
    texts: pd.Series,
    variable: Variable,
    groups: pd.Series | None,
    places: tuple[pd.Series, pd.Series],
    told: Collection[str],
    faults: FaultList,
) -> pd.Series:
    """Turn the texts of one variable into numbers or an ordered category.

    Parameters
    ----------
    texts : Series
        Index participant; missing where nothing is known.
    variable : Variable
    groups : Series, optional
        Group of each participant, for ranges that hold in one group only.
    places : tuple of Series
        File and row of each text, for messages.
    told : collection of str
        Participants of whom it is told already that they have no row.
    faults : FaultList
        Gets one fault for each value that is unreadable or outside its range, and one for
        all that are missing.

    Returns
    -------
    Series
        ``Int64`` for integers, ``Float64`` for numbers, else an ordered categorical.
    """
    files, lines = places
    typed: dict[str, object] = {}
    wrong: dict[tuple[str, str], list[str]] = {}
    for participant, text in texts.items():
        name = str(participant)
        if groups is not None and variable.groups and groups.get(name) not in variable.groups:
            continue
        if pd.isna(text):
            if not variable.missing and name not in told:
                wrong.setdefault(("missing-value", ""), []).append(name)
        elif variable.kind == "category":
            typed[name] = text
            if variable.order and text not in variable.order:
                wrong.setdefault(("unknown-level", str(text)), []).append(name)
        else:
            number = number_in(text)
            whole = variable.kind == "integer"
            low, high = _range(variable, None if groups is None else groups.get(name))
            if number is None or (whole and not number.is_integer()):
                wrong.setdefault(("bad-number", str(text)), []).append(name)
            elif (low is not None and number < low) or (high is not None and number > high):
                key = f"{text}, where {_bounds(low, high)} can be"
                wrong.setdefault(("out-of-range", key), []).append(name)
            else:
                typed[name] = int(number) if whole else number
    words = [text for kind, text in wrong if kind == "bad-number"]
    if len(words) > 1 and not typed and len(words) == len(wrong):
        faults.add(
            kind="bad-value",
            file="study.toml",
            column=f"participants.variables ({variable.name})",
            found=f'kind = "{variable.kind}", and no value in the file is a number',
            remedy='Take the line away, or write `kind = "category"`.',
        )
        wrong = {}
    for (kind, text), names in wrong.items():
        faults.add(
            kind=kind,
            file=_file(files.get(names[0])),
            row=_row(lines.get(names[0])),
            column=variable.name,
            **_what_is_wrong(kind, text, names, variable),
        )
    values = pd.Series(typed, dtype="object").reindex(texts.index)
    if variable.kind == "integer":
        return values.astype("Int64")
    if variable.kind == "number":
        return values.astype("Float64")
    levels = variable.order or sorted(values.dropna().unique())
    if len(levels) > MOST_LEVELS:
        faults.add(
            kind="too-many-levels",
            file="study.toml",
            column=f"participants.variables ({variable.name})",
            found=f"{len(levels):,} values",
            expected=f"at most {MOST_LEVELS}: a table gives each a row",
            remedy="Gather the values in the source file, or take the variable out; a number has "
            '`kind = "number"`.',
        )
    known = values.where(values.isin(levels))  # any other has its fault already
    return pd.Series(pd.Categorical(known, categories=levels, ordered=True), index=texts.index)


def _what_is_wrong(kind: str, text: str, names: list[str], variable: Variable) -> dict[str, str]:
    """Say what was found in the cells of these participants, expected, and to be done."""
    who = f"participant{'' if len(names) == 1 else 's'} {some(names)}"
    if kind == "missing-value":
        return {
            "found": f"nothing for {who}",
            "remedy": "Fill in the value, or allow `missing = true` for the variable in "
            "study.toml.",
        }
    if kind == "unknown-level":
        near = nearest(text, variable.order)
        return {
            "found": f'"{text}" for {who}',
            "expected": ", ".join(variable.order),
            "remedy": did_you_mean(near, "Correct the value, or add it to `order` in study.toml."),
        }
    if kind == "bad-number":
        return {
            "found": f'"{text}" for {who}',
            "expected": "a whole number" if variable.kind == "integer" else "a number",
            "remedy": "Correct the value in the source file; where it is not known, leave the cell "
            "empty and set `missing = true` for the variable in study.toml."
            + (" A comma may part thousands or decimals: write it without." if "," in text else ""),
        }
    return {
        "found": f"{text}, for {who}",
        "remedy": "Correct the value, or the range of the variable in study.toml.",
    }


def _range(variable: Variable, group: object) -> tuple[float | None, float | None]:
    if isinstance(group, str) and group in variable.ranges:
        return variable.ranges[group]
    return variable.minimum, variable.maximum


def number_in(text: str) -> float | None:
    """Read a number as people of many places write it; None where it is none.

    Digits may be Persian or Arabic, the decimal sign a point, a comma or the Arabic one.
    A comma before just three digits could part thousands as well, and is not read.

    Examples
    --------
    >>> number_in("12,5"), number_in("۳۴"), number_in("٣٫٥"), number_in("1,500")
    (12.5, 34.0, 3.5, None)
    """
    found = NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    whole, mark, rest = found.groups()
    if mark == "," and len(rest) == 3 and whole.lstrip("+-") != "0":
        return None
    number = float(f"{whole}.{rest}" if mark else whole)
    return number if abs(number) < 1e15 else None


def alike_values(title: str, values: pd.Series) -> list[str]:
    """Ask of values that differ in case, spaces or punctuation only whether they are one."""
    by_form: dict[str, list[str]] = {}
    for value in natural_order(values.dropna().astype("str").unique()):
        by_form.setdefault(plain(value), []).append(value)
    pairs = [listing(quoted(same)) for same in by_form.values() if len(same) > 1]
    if not pairs:
        return []
    return [
        f"Is it one value? {title}: {'; '.join(pairs)} differ in case or punctuation only, and "
        "are counted apart; if they are one, write it alike everywhere."
    ]


def _row(value: object) -> int | None:
    return None if value is None or pd.isna(value) else int(value)  # type: ignore[call-overload]


def _file(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def _bounds(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at most {high:g}" if low is None else f"at least {low:g}"
    return f"{low:g} to {high:g}"
