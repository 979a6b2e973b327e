"""The interviews: when each took place, how long it lasted, and who speaks in it.

Where several people speak in one document, a coding belongs to the person whom the export names
as its speaker. Where it names none, a name and a colon at the head of the segment, as transcripts
of focus groups have them, name the speaker. Where neither does, the coding belongs to all people
of the document: it is one coding, and each of them is counted among those behind its code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.forms import records
from analysis.phrases import CODINGS, counted, some
from analysis.preparation.variables import MISSING, number_in
from analysis.settings import Calendar, DateOrder, Participants
from qdaio.faults import FaultList
from qdaio.labels import did_you_mean, nearest, plain
from qdaio.model import CodedProject

__all__ = ["Interviews", "Voices", "add_interviews", "find_voices", "read_days"]

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]|$)")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ]|$)")
# Years of the two calendars that days are read in; they have none in common. Later years of
# the lunar calendar, and those of the Buddhist one, belong to neither.
GREGORIAN_YEARS = range(1900, 2100)
PERSIAN_YEARS = range(1300, 1420)
FORM = "a day such as 2023-05-31, 31.05.2023 or 1402-03-10"


@dataclass(frozen=True)
class Interviews:
    """Documents with ``date`` (ISO text) and ``minutes`` (Float64), and what to know of them."""

    documents: pd.DataFrame
    notes: tuple[str, ...]


def add_interviews(
    documents: pd.DataFrame, project: CodedProject, spec: Participants, faults: FaultList
) -> Interviews:
    """Add the day and the minutes to the documents.

    Parameters
    ----------
    documents : DataFrame
        With ``document_id``.
    project : CodedProject
    spec : Participants
        ``date``, ``date_order``, ``calendar``, ``date_range`` and ``duration``.
    faults : FaultList
        Gets a fault for a variable that the export does not have, for days whose order or
        calendar nothing decides, and for each value that cannot be read or lies outside
        the range.
    """
    stated = _values(project, spec.date, "participants.date", faults)
    days, notes = read_days([row["value"] for row in stated], spec, faults, _places(stated))
    first, last = _range(spec, faults)
    dates: dict[str, str] = {}
    for row, day in zip(stated, days, strict=True):
        if day is None:
            continue
        if first and last and not first <= day <= last:
            faults.add(
                **_place(row),
                kind="out-of-range",
                found=_shown(row["value"], day),
                expected=f"{first} to {last}",
                remedy="Correct the date, or `date_range` in study.toml.",
            )
        else:
            dates[row["entity_id"]] = day.isoformat()
    minutes: dict[str, float] = {}
    for row in _values(project, spec.duration, "participants.duration", faults):
        number = _minutes(row["value"])
        if number is None:
            faults.add(
                **_place(row),
                kind="bad-number",
                found=repr(row["value"]),
                expected="minutes, as a number above 0",
                remedy="Correct the duration in the source file.",
            )
        else:
            minutes[row["entity_id"]] = number
    ids = documents["document_id"]
    return Interviews(
        documents.assign(
            date=ids.map(dates).astype("str"), minutes=ids.map(minutes).astype("Float64")
        ),
        notes,
    )


def read_days(
    texts: list[str], spec: Participants, faults: FaultList, places: list[dict[str, Any]]
) -> tuple[list[date | None], tuple[str, ...]]:
    """Read the days of one variable together, so that one may decide how another is read.

    Parameters
    ----------
    texts : list of str
        ``2023-05-31``, ``31.05.2023``, ``05/31/2023`` and the like, with or without a time
        behind; digits of any script.
    spec : Participants
        ``date_order`` and ``calendar``, where the study file names them.
    faults : FaultList
    places : list of dict
        File, row and column of each, for faults.

    Returns
    -------
    days : list of date or None
        None where a text is no day; its fault is told.
    notes : tuple of str
        What was recognised and is worth a look.

    Examples
    --------
    >>> from analysis.settings import Participants
    >>> days, notes = read_days(["1402-03-05"], Participants(), FaultList(), [{}])
    >>> str(days[0]), notes
    ('2023-05-26', ('Dates are read in the Persian calendar: 1402-03-05 is 2023-05-26.',))
    """
    parts = [_parts(text) for text in texts]
    order = spec.date_order or _order(parts, spec)
    open_ = [at for at, part in enumerate(parts) if part is not None and part.is_open]
    if open_ and order is None:
        example = texts[open_[0]]
        one, two = (_day(parts[open_[0]], way, spec) for way in ("day-first", "month-first"))
        faults.add(
            **{key: value for key, value in places[open_[0]].items() if key != "row"},
            kind="ambiguous-date",
            found=f'{len(open_)} such as "{example}"',
            expected=f"days that can be read in one way: {one} or {two}?",
            remedy='Write `date_order = "day-first"` or `"month-first"` under [participants] '
            "in study.toml.",
        )
        return [None] * len(texts), ()
    days = [_day(part, order, spec) for part in parts]
    for text, part, day, place in zip(texts, parts, days, places, strict=True):
        if day is None:
            faults.add(**place, **_what_is_wrong(text, part, spec))
    persian = [
        (text, day)
        for text, part, day in zip(texts, parts, days, strict=True)
        if day is not None and part is not None and _calendar(part, spec) == "persian"
    ]
    if not persian or spec.calendar == "persian":
        return days, ()
    text, day = persian[0]
    few = "" if len(persian) == len(texts) else f"{len(persian)} of {len(texts)} "
    said = f"{few}{'dates' if few else 'Dates'} are read in the Persian calendar"
    return days, (f"{said}: {text} is {day}.",)


@dataclass(frozen=True)
class _Parts:
    """The numbers of a date: its year, and the two others as they stand."""

    year: int
    first: int
    second: int
    year_first: bool
    dotted: bool

    @property
    def is_open(self) -> bool:
        """Whether day and month could be either way round."""
        return not (self.year_first or self.dotted or self.first == self.second) and (
            self.first <= 12 and self.second <= 12
        )


def _parts(text: str) -> _Parts | None:
    if found := YEAR_FIRST.match(text.strip()):
        year, mark, month, day = found.groups()
        return _Parts(int(year), int(day), int(month), year_first=True, dotted=mark == ".")
    if found := YEAR_LAST.match(text.strip()):
        first, mark, second, year = found.groups()
        return _Parts(int(year), int(first), int(second), year_first=False, dotted=mark == ".")
    return None


def _order(parts: Iterable[_Parts | None], spec: Participants) -> DateOrder | None:
    """Return the order that other days of the variable, or the range allowed, decide."""
    loose = [part for part in parts if part and not (part.year_first or part.dotted)]
    day_first = any(part.first > 12 for part in loose)
    month_first = any(part.second > 12 for part in loose)
    if day_first != month_first:
        return "day-first" if day_first else "month-first"
    if day_first or not spec.date_range:
        return None
    low, high = (_single(text, spec) for text in spec.date_range)
    if low is None or high is None:
        return None
    ways: tuple[DateOrder, ...] = ("day-first", "month-first")
    fits = [
        way
        for way in ways
        if all((day := _day(part, way, spec)) and low <= day <= high for part in loose)
    ]
    return fits[0] if len(fits) == 1 else None


def _calendar(part: _Parts, spec: Participants) -> Calendar | None:
    found: Calendar | None = None
    if part.year in GREGORIAN_YEARS:
        found = "gregorian"
    elif part.year in PERSIAN_YEARS:
        found = "persian"
    return found if spec.calendar in (None, found) else None


def _day(part: _Parts | None, order: DateOrder | None, spec: Participants) -> date | None:
    if part is None or (calendar := _calendar(part, spec)) is None:
        return None
    month_first = order == "month-first" and not (part.year_first or part.dotted)
    day, month = (part.second, part.first) if month_first else (part.first, part.second)
    try:
        if calendar == "gregorian":
            return date(part.year, month, day)
        from persiantools.jdatetime import JalaliDate

        converted: date = JalaliDate(part.year, month, day).to_gregorian()
    except ValueError:
        return None
    return converted


def _single(text: str, spec: Participants) -> date | None:
    """Read a day of the study file, which may be of either calendar."""
    part = _parts(text)
    either = spec.model_copy(update={"calendar": None})
    return _day(part, None, either) if part and not part.is_open else None


def _what_is_wrong(text: str, part: _Parts | None, spec: Participants) -> dict[str, str]:
    if part is not None and _calendar(part, spec) is None:
        named = f", the `calendar` of the study file ({spec.calendar})" if spec.calendar else ""
        return {
            "kind": "unknown-calendar",
            "found": f'"{text}"',
            "expected": f"a year of the Gregorian (1900 to 2099) or Persian (1300 to 1419) "
            f"calendar{named}",
            "remedy": "Correct the date, or write it in one of these calendars.",
        }
    return {
        "kind": "bad-date",
        "found": f'"{text}"',
        "expected": FORM,
        "remedy": "Correct the date in the source file." + _as_counted(text),
    }


def _as_counted(text: str) -> str:
    """Say which day a number is by which spreadsheet programs count days."""
    if not re.fullmatch(r"[2-5]\d{4}", text.strip()):
        return ""
    day = date(1899, 12, 30) + timedelta(days=int(text))
    return f" Spreadsheet programs count days: {text.strip()} is {day}; show the column as dates."


def _range(spec: Participants, faults: FaultList) -> tuple[date | None, date | None]:
    if spec.date_range is None:
        return None, None
    first, last = (_single(text, spec) for text in spec.date_range)
    for text, day in zip(spec.date_range, (first, last), strict=True):
        if day is None:
            faults.add(
                file="study.toml",
                column="participants.date_range",
                kind="bad-date",
                found=f'"{text}"',
                expected="a day as YYYY-MM-DD",
                remedy="Correct the day.",
            )
    if first and last and first > last:
        faults.add(
            file="study.toml",
            column="participants.date_range",
            kind="bad-value",
            found=f"{first} to {last}",
            expected="the first day, then the last",
            remedy="Exchange the two days.",
        )
        return None, None
    return first, last


def _minutes(text: str) -> float | None:
    number = number_in(text)
    return number if number is not None and 0 < number < 100_000 else None


def _values(
    project: CodedProject, variable: str | None, key: str, faults: FaultList
) -> list[dict[str, Any]]:
    if variable is None:
        return []
    rows = project.attributes.query("entity == 'document'")
    known = sorted(rows["name"].dropna().unique())
    if variable not in known:
        near = nearest(variable, known)
        faults.add(
            kind="missing-column",
            file="study.toml",
            column=key,
            found=f"document variables {', '.join(known)}"
            if known
            else "exports without document variables",
            expected=f'a document variable "{variable}"',
            remedy=did_you_mean(near, "Name a variable that the export has, or remove the key."),
        )
    rows = rows[rows["name"] == variable].dropna(subset="value")
    return records(rows[~rows["value"].str.strip().str.casefold().isin(MISSING)])


def _place(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "file": None if pd.isna(row["source_file"]) else str(row["source_file"]),
        "row": None if pd.isna(row["source_row"]) else int(row["source_row"]),
        "column": row["name"],
    }


def _places(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_place(row) for row in rows]


def _shown(text: str, day: date) -> str:
    return str(day) if str(day) in text else f"{text} ({day})"


HEAD = re.compile(r"[\s\[(<*]*([^:\n]{1,60}?)[\])>*]*\s*:")


class Voices:
    """The people behind the codings of documents in which several speak.

    Parameters
    ----------
    people : Series of list
        Index ``coding_id``; only codings of documents with several people.
    notes : tuple of str
        How many of them name their speaker.
    """

    def __init__(self, people: pd.Series, notes: tuple[str, ...]) -> None:
        self.people = people
        self.notes = notes

    def of(self, codings: pd.DataFrame) -> pd.Series:
        """Return the people behind each coding: a list, or None in a document of one person."""
        found = codings["coding_id"].map(self.people)
        return found.astype("object").where(found.notna(), None)


def find_voices(project: CodedProject, documents: pd.DataFrame) -> Voices:
    """Find the people behind each coding of a document in which several speak.

    Parameters
    ----------
    project : CodedProject
    documents : DataFrame
        ``document_id``, ``name``, ``people`` (a list, missing in a document of one person).
    """
    several = documents.dropna(subset="people")
    if several.empty:
        return Voices(pd.Series(dtype="object"), ())
    members = dict(zip(several["document_id"], several["people"], strict=True))
    names = dict(zip(several["document_id"], several["name"], strict=True))
    segments = project.segments.set_index("segment_id")
    cases = project.cases.set_index("case_id")["name"].to_dict()
    found: dict[str, list[str]] = {}
    counts: dict[str, tuple[int, int, int]] = {}
    strange: dict[str, list[str]] = {}
    codings = project.codings
    places = codings["segment_id"].map(segments["document_id"].astype("str"))
    texts = codings["segment_id"].map(segments["text"])
    for coding, document, case, text in zip(
        codings["coding_id"], places, codings["case_id"], texts, strict=True
    ):
        if document not in members:
            continue
        people = list(members[document])
        named = None if pd.isna(case) else cases.get(case)
        if named is not None and named not in people:
            strange.setdefault(document, []).append(str(named))
            named = None
        speaker = named or _at_the_head(None if pd.isna(text) else str(text), people)
        found[coding] = [speaker] if speaker else people
        own, joint, _ = counts.get(document, (0, 0, 0))
        counts[document] = (own + bool(speaker), joint + (not speaker), len(people))
    notes = [_note(names[document], *count) for document, count in counts.items()]
    for document, others in strange.items():
        notes.append(
            f"{names[document]}: {some(sorted(set(others)))} speak in it as the export has it, "
            "and are not among its participants in the study file; what they say belongs to all "
            "of them."
        )
    return Voices(pd.Series(found, dtype="object"), tuple(notes))


def _at_the_head(text: str | None, people: list[str]) -> str | None:
    """Return the one person whose name and a colon begin a text."""
    head = HEAD.match(text or "")
    if head is None:
        return None
    said = [name for name in people if plain(name) == plain(head[1])]
    return said[0] if len(said) == 1 else None


def _note(name: str, own: int, joint: int, people: int) -> str:
    if not joint:
        return f"{name}: {people} participants; every coding names its speaker."
    belongs = "belongs" if joint == 1 else "belong"
    if not own:
        return (
            f"{name}: {people} participants, and no coding names its speaker; "
            f"{counted(joint, CODINGS)} {belongs} to all of them."
        )
    return (
        f"{name}: {people} participants; {counted(own, CODINGS)} with a speaker, "
        f"{joint:,} without, which {belongs} to all of them."
    )
