"""Reporting checklists: what the data and the study file can fill in, and what is open.

COREQ for interviews and focus groups (Tong, Sainsbury & Craig 2007, 10.1093/intqhc/mzm042) has 32
items, SRQR (O'Brien et al. 2014, 10.1097/ACM.0000000000000388) 21. What an item asks is said here
in our own words; a journal wants its own form filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.chapters.saturation import BASES, RUNS
from analysis.chapters.trustworthiness import Known
from analysis.metrics import Metric, printed
from analysis.phrases import CODINGS, counted, listing
from analysis.settings import Numbers, StudyFile
from analysis.tables import Column, Table
from analysis.trace.selection import behind

__all__ = ["COREQ", "SRQR", "Item", "checklist_facts", "checklist_table", "filled"]

OPEN = "open"
# the rows that an answer rests on, by the key of the item
RESTS_ON = {
    "cases": behind("~cases"),
    "sampling": behind("~cases"),
    "again": behind("~documents", ("follow-up", "yes")),
    "minutes": behind("~documents", ("follow-up", "no")),
    "days": behind("~documents"),
    "tree": behind("~codings"),
    "trail": behind("~codings"),
    "processing": behind("~codings"),
    "major": behind("~codings"),
    "minor": behind("~codings"),
}


@dataclass(frozen=True)
class Item:
    """One item: its number, the part that it belongs to, what it asks, and what can fill it."""

    number: int
    part: str
    asks: str
    key: str = ""


def _items(parts: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> tuple[Item, ...]:
    flat = [(part, asks, key) for part, items in parts for asks, key in items]
    return tuple(Item(at, part, asks, key) for at, (part, asks, key) in enumerate(flat, start=1))


COREQ = _items(
    [
        (
            "Research team and reflexivity",
            [
                ("Who held the interviews", ""),
                ("Their degrees", ""),
                ("Their occupation at the time", ""),
                ("Their gender", ""),
                ("Their experience and training", ""),
                ("Whether they knew participants before", ""),
                ("What participants knew of them", ""),
                ("Their own interests and assumptions", "reflexivity"),
            ],
        ),
        (
            "Study design",
            [
                ("Methodological orientation", "framework"),
                ("How participants were selected", "sampling"),
                ("How they were approached", ""),
                ("How many took part", "cases"),
                ("How many declined or left, and why", ""),
                ("Where data were collected", "setting"),
                ("Whether anybody else was present", ""),
                ("Who the participants are", "people"),
                ("The interview guide, and whether it was tried out", "guide"),
                ("Whether interviews were repeated", "again"),
                ("Whether they were recorded", ""),
                ("Whether field notes were taken", ""),
                ("How long they were", "minutes"),
                ("Whether data came to saturation", "saturation"),
                ("Whether transcripts went back to participants", ""),
            ],
        ),
        (
            "Analysis and findings",
            [
                ("How many people coded", "coders"),
                ("The coding tree", "tree"),
                ("Where themes came from", "framework"),
                ("The software that was used", ""),
                ("Whether participants commented on findings", "member"),
                ("Quotations, each with its participant", "quotations"),
                ("Whether findings agree with the data", "trail"),
                ("Whether major themes are clear", "major"),
                ("Whether minor themes are clear", "minor"),
            ],
        ),
    ]
)
SRQR = _items(
    [
        (
            "Title and abstract",
            [("A title that says what kind of study it is", "title"), ("An abstract", "")],
        ),
        (
            "Introduction",
            [("The problem, and what is known of it", ""), ("The purpose or question", "")],
        ),
        (
            "Methods",
            [
                ("The approach, its paradigm and reasons", "framework"),
                ("The researchers and their reflexivity", "reflexivity"),
                ("The context", "setting"),
                ("The sampling, and why it ended", "sampling"),
                ("Ethics approval and consent", ""),
                ("How and when data were collected", "days"),
                ("Guides and devices, and how they changed", "guide"),
                ("Participants and documents: how many and of what kind", "cases"),
                ("How data were processed and secured", "processing"),
                ("How they were worked through, and by whom", "tree"),
                ("What was done for trustworthiness", "trust"),
            ],
        ),
        (
            "Results",
            [
                ("What was found, and what it means together", "major"),
                ("Evidence from the data for each finding", "quotations"),
            ],
        ),
        (
            "Discussion",
            [
                ("Links to earlier work, and where findings may hold", ""),
                ("Limitations", ""),
            ],
        ),
        ("Other", [("Conflicts of interest", ""), ("Funding", "")]),
    ]
)


def filled(
    known: Known, study: StudyFile, case: Sequence[str], trust: Mapping[str, Metric]
) -> dict[str, str]:
    """Return what can fill an item in, by the key of the item; what is not known is absent.

    Parameters
    ----------
    known : Known
    study : StudyFile
    case : sequence of str
        What a case is called, one and several.
    trust : mapping
        As of :func:`analysis.chapters.trustworthiness.trust_facts`.
    """
    said, numbers = study.trustworthiness, study.numbers
    found: dict[str, str | None] = {
        "title": ": ".join(filter(None, (study.study.title, study.study.subtitle))),
        "reflexivity": said.reflexivity,
        "setting": said.setting,
        "member": said.member_check,
        "framework": f"Directed by a framework: {study.framework.name}" if study.framework else "",
        "cases": _cases(known, case),
        "sampling": _joined(
            said.sampling,
            f"{known.cells[0]:,} of {known.cells[1]:,} combinations of attributes were reached"
            if known.cells
            else "",
        ),
        "people": f"Known of them: {listing(known.variables)}" if known.variables else "",
        "guide": _guide(known, study, case),
        "again": counted(known.follow_ups, ("follow-up interview", "follow-up interviews"))
        if known.follow_ups
        else "",
        "minutes": _minutes(known),
        "days": _days(known, numbers),
        "saturation": "New codes from case to case, under each setting of a stated rule, are shown"
        if known.cases >= BASES[0] + RUNS[0]  # with fewer, no setting can be judged
        else "",
        "coders": f"{counted(len(known.coders), ('coder', 'coders'))}; more than one worked on "
        f"{counted(known.second, ('document', 'documents'))}"
        if known.second
        else counted(len(known.coders), ("coder", "coders"))
        if known.coders
        else "",
        "tree": f"{counted(known.codes, ('code', 'codes'))} on "
        f"{counted(known.levels, ('level', 'levels'))}",
        "quotations": f"{counted(known.quotations, ('segment', 'segments'))} of "
        f"{counted(known.quoted, case)}, each with its source"
        if known.quotations
        else "",
        "trail": f"Each number is computed from {counted(known.codings, CODINGS)}",
        "major": _categories(known, 1),
        "minor": _categories(known, 2),
        "processing": f"{counted(known.codings, CODINGS)} counted, "
        + (
            f"{known.set_aside:,} set aside with the reason"
            if known.set_aside
            else "none set aside"
        ),
        "trust": f"{trust['trust.done']} of {trust['trust.lines']} usual steps are stated or shown",
    }
    return {key: text.strip() for key, text in found.items() if text and text.strip()}


def _joined(*parts: str | None) -> str:
    return ". ".join(part.strip().rstrip(".") for part in parts if part and part.strip())


def _cases(known: Known, case: Sequence[str]) -> str:
    said = counted(known.cases, case)
    if known.documents != known.cases:
        said += f", {counted(known.documents, ('document', 'documents'))}"
    return said


def _guide(known: Known, study: StudyFile, case: Sequence[str]) -> str:
    if not known.questions:
        return ""
    said = counted(known.questions, ("question", "questions"))
    if study.guide and study.guide.refined_after:
        said += f"; refined after {case[0]} {listing(study.guide.refined_after)}"
    return said


def _minutes(known: Known) -> str:
    if not known.minutes:
        return ""
    low, high = known.minutes
    return f"{low:g} minutes" if low == high else f"{low:g} to {high:g} minutes"


def _days(known: Known, numbers: Numbers) -> str:
    if not known.days:
        return ""
    first, last = (printed("x.date", day, numbers) for day in known.days)
    return f"Interviews from {first} to {last}"


def _categories(known: Known, level: int) -> str:
    if len(known.categories) < level or not known.categories[level - 1]:
        return ""
    if len(known.categories) == 1:
        return f"{counted(known.codes, ('code', 'codes'))}, each with its counts"
    number = counted(known.categories[level - 1], ("category", "categories"))
    return f"{number} of level {level}, each with its counts"


def checklist_table(
    items: Sequence[Item],
    found: Mapping[str, str],
    stated: Mapping[str, str],
    *,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out a checklist.

    Parameters
    ----------
    items : sequence of Item
        :data:`COREQ` or :data:`SRQR`.
    found : mapping
        As of :func:`filled`.
    stated : mapping
        Number of an item to what the study file says of it, which stands first.
    label, caption : str
    synthetic : bool
    """
    rows = [
        {
            "part": item.part,
            "number": f"{item.number}",
            "asks": item.asks,
            "answer": _joined(stated.get(f"{item.number}"), found.get(item.key)) or OPEN,
        }
        for item in items
    ]
    return Table(
        body=pd.DataFrame(rows),
        columns=(
            Column("number", "No.", align="right", width=7),
            Column("asks", "What is asked", width=43),
            Column("answer", "In this study", width=50, computed=True),
        ),
        groups="part",
        behind={
            "answer": [
                RESTS_ON.get(item.key, "") if any(map(str.isdigit, found.get(item.key, ""))) else ""
                for item in items
            ]
        },
        caption=caption,
        label=label,
        notes=("Open: neither the data nor the study file say anything of it.",),
        synthetic=synthetic,
    )


def checklist_facts(
    name: str, items: Sequence[Item], found: Mapping[str, str], stated: Mapping[str, str]
) -> dict[str, Metric]:
    """Count the items of a checklist, and those that are open.

    Returns
    -------
    dict
        ``checklist.NAME.items``, ``checklist.NAME.open``.
    """
    left = [item for item in items if f"{item.number}" not in stated and item.key not in found]
    return {f"checklist.{name}.items": len(items), f"checklist.{name}.open": len(left)}
