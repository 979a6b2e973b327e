"""What was done so that findings can be trusted, by the criteria of Lincoln and Guba.

Credibility, dependability, confirmability and transferability (Lincoln & Guba 1985,
*Naturalistic inquiry*). Each line rests on the data where they know it, else on what the study
file says, and else is open; none is claimed that neither of them bears out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from analysis.chapters.sampling import sampling_grid
from analysis.metrics import Metric, printed
from analysis.phrases import CODINGS, counted, in_words, listing
from analysis.settings import Numbers, StudyFile, Trustworthiness
from analysis.tables import Column, Table
from analysis.trace.selection import behind
from analysis.workspace import Workspace

__all__ = [
    "Known",
    "Line",
    "known_in",
    "known_of",
    "trust_facts",
    "trust_lines",
    "trust_table",
]

Source = Literal["data", "study file", "open"]
CRITERIA = ("Credibility", "Dependability", "Confirmability", "Transferability")
OPEN = "open"
# the rows that a line rests on where the data know of it
RESTS_ON = {
    "Prolonged engagement": behind("~documents"),
    "Variation of sources": behind("~cases"),
    "Second coder": behind("~codings", ("coder", "both")),
    "Trail to the source": behind("~codings"),
    "Sampling": behind("~cases"),
}
WEEK = 7  # days; interviews of fewer say nothing of a long engagement


@dataclass(frozen=True)
class Known:
    """What the data know of how a study was done.

    Attributes
    ----------
    cases, documents, follow_ups : int
    days : tuple of str, optional
        First and last day of an interview, as YYYY-MM-DD.
    minutes : tuple of float, optional
        Shortest and longest first interview.
    groups : tuple of str
    variables : tuple of str
        Titles of what is known of participants.
    cells : tuple of int, optional
        Combinations of attributes that were reached, and all.
    coders : tuple of str
        Main coder first; empty where the export names none.
    second : int
        Documents that another coder worked on too.
    codes, system, described : int
        Codes that were applied, all of the code system, and those of it with a definition.
    levels : int
    categories : tuple of int
        Categories with codings, level by level.
    codings, traced : int
        Codings that are counted, and those of which file and row are known.
    set_aside : int
    quotations, quoted : int
        Segments that may be quoted, and the cases they are from.
    questions : int
        Of the interview guide.
    changes : bool
        Whether an earlier export is compared.
    """

    cases: int
    documents: int
    follow_ups: int
    days: tuple[str, str] | None
    minutes: tuple[float, float] | None
    groups: tuple[str, ...]
    variables: tuple[str, ...]
    cells: tuple[int, int] | None
    coders: tuple[str, ...]
    second: int
    codes: int
    system: int
    described: int
    levels: int
    categories: tuple[int, ...]
    codings: int
    traced: int
    set_aside: int
    quotations: int
    quoted: int
    questions: int
    changes: bool


def known_of(
    tables: dict[str, pd.DataFrame],
    study: StudyFile,
    groups: pd.Series | None,
    grid: pd.DataFrame | None,
) -> Known:
    """Gather what the prepared tables know.

    Parameters
    ----------
    tables : dict
        ``documents``, ``participants``, ``codes``, ``codings``, ``agreement``, ``set-aside``,
        ``quotations``, ``guide``, by name.
    study : StudyFile
    groups : Series or None
    grid : DataFrame or None
        As of :func:`analysis.chapters.sampling.sampling_grid`.
    """
    documents, codings, codes = tables["documents"], tables["codings"], tables["codes"]
    days = documents["date"].dropna()
    minutes = documents.loc[~documents["is_follow_up"], "minutes"].dropna()
    agreement = tables["agreement"]
    main = sorted(codings["coder_id"].dropna().astype("str").unique())
    others = sorted(agreement["coder_id"].dropna().astype("str").unique())
    used = set(codings["code_id"].astype("str"))
    path = codes.loc[codes["code_id"].astype("str").isin(used), "path"]
    at = [len({tuple(names[:level]) for names in path if len(names) >= level})
          for level in range(1, int(codes["level"].max() or 0) + 1)]  # fmt: skip
    people = study.participants
    titles = [item.title for item in people.variables] if people else []
    aside = tables["set-aside"]
    marked = tables["quotations"]
    return Known(
        cases=int(documents["case_id"].nunique()),
        documents=len(documents),
        follow_ups=int(documents["is_follow_up"].sum()),
        days=(str(days.min()), str(days.max())) if len(days) else None,
        minutes=(float(minutes.min()), float(minutes.max())) if len(minutes) else None,
        groups=() if groups is None else tuple(str(name) for name in groups.cat.categories),
        variables=tuple(titles),
        cells=None if grid is None or grid.empty else (int((grid["n"] > 0).sum()), len(grid)),
        coders=(*main, *(name for name in others if name not in main)),
        second=int(agreement["document_id"].nunique()),
        codes=len(used),
        system=len(codes),
        described=int(codes["description"].fillna("").astype("str").str.strip().ne("").sum()),
        levels=int(codes["level"].max() or 0),
        categories=tuple(at),
        codings=len(codings),
        traced=int(codings["source_row"].notna().sum()),
        set_aside=int((aside["what"] == "coding").sum()),
        quotations=len(marked),
        quoted=int(marked["case_id"].nunique()),
        questions=len(tables["guide"]),
        changes=bool(study.data.previous_exports),
    )


def known_in(workspace: Workspace) -> Known:
    """Gather what the tables of a workspace know; see :func:`known_of`."""
    names = (
        "documents", "participants", "codes", "codings", "agreement", "set-aside", "quotations",
        "guide",
    )  # fmt: skip
    study = workspace.study
    grid = sampling_grid(workspace.attributes([])) if study.parts()["attributes"] else None
    tables = {name: workspace.read(name) for name in names}
    return known_of(tables, study, workspace.groups(), grid)


@dataclass(frozen=True)
class Line:
    """One thing that is done for a criterion, how it was done, and who says so."""

    criterion: str
    what: str
    how: str
    source: Source


def trust_lines(
    known: Known, said: Trustworthiness, case: Sequence[str], numbers: Numbers
) -> list[Line]:
    """Return a line for each thing that is commonly done, in the order of the criteria.

    Parameters
    ----------
    known : Known
    said : Trustworthiness
        What the study file says; it stands before what the data know.
    case : sequence of str
        What a case is called, one and several.
    numbers : Numbers
        For how days are printed.
    """
    credible, dependable, confirmable, transferable = CRITERIA
    days = weeks = ""
    if known.days:
        first, last = (printed("x.date", day, numbers) for day in known.days)
        span = (date.fromisoformat(known.days[1]) - date.fromisoformat(known.days[0])).days
        weeks = counted(round(span / WEEK), ("week", "weeks"))
        days = f"Interviews were held over {weeks}, from {first} to {last}"
        if span < WEEK:
            days = ""
        elif known.follow_ups:
            again = counted(known.follow_ups, ("follow-up interview", "follow-up interviews"))
            days += f", with {again}"
    second = ""
    if known.second:
        coders = listing(known.coders[1:]) or "another coder"
        work = counted(known.second, ("document", "documents"))
        second = f"{coders} coded {work}, too"
    groups = ""
    if len(known.groups) > 1:
        groups = f"{counted(known.cases, case)} of {in_words(len(known.groups))} groups were heard"
        if case[0] != "participant":
            groups = f"{counted(known.cases, case)} are from {in_words(len(known.groups))} groups"
    described = ""
    if known.described:
        has = "has" if known.described == 1 else "have"
        described = f"{known.described:,} of {counted(known.system, ('code', 'codes'))} {has} a "
        described += "written definition"
    traced = ""
    if known.traced:
        of = "each" if known.traced == known.codings else f"{known.traced:,}"
        aside = f"{known.set_aside:,} more were set aside, each with its reason"
        if known.set_aside == 1:
            aside = "1 more was set aside, with its reason"
        traced = f"Of {counted(known.codings, CODINGS)}, {of} can be followed to file and row; "
        traced += aside if known.set_aside else "none was set aside"
    people = ""
    if known.variables:
        people = f"Known of participants: {listing(known.variables)}"
    grid = ""
    if known.cells:
        grid = f"{known.cells[0]:,} of {known.cells[1]:,} combinations of attributes were reached"
    quoted = ""
    if known.quotations:
        quoted = (
            f"{counted(known.quotations, ('segment is', 'segments are'))} marked for quotation, "
            f"from {counted(known.quoted, case)}"
        )
    changes = "An earlier state of the codings is compared with this one" if known.changes else ""
    rebuilt = "Tables, figures and numbers are computed from the coded exports by a program"
    rows: list[tuple[str, str, str | None, str]] = [
        (credible, "Prolonged engagement", said.prolonged_engagement, days),
        (credible, "Variation of sources", said.triangulation, groups),
        (credible, "Second coder", said.peer_check, second),
        (credible, "Member check", said.member_check, ""),
        (dependable, "External observer", said.external_observer, ""),
        (dependable, "Definitions of codes", said.codebook, described),
        (dependable, "Repeatable analysis", None, rebuilt),
        (confirmable, "Trail to the source", None, traced),
        (confirmable, "Changes of the code system", said.records, changes),
        (confirmable, "Reflexivity", said.reflexivity, ""),
        (transferable, "Description of participants", None, people),
        (transferable, "Sampling", said.sampling, grid),
        (transferable, "Setting", said.setting, ""),
        (transferable, "Words of participants", None, quoted),
    ]
    lines = []
    for criterion, what, stated, found in rows:
        parts = [part.strip().rstrip(".") for part in (stated or "", found) if part.strip()]
        source: Source = "data" if found else "study file" if stated else "open"
        lines.append(Line(criterion, what, ". ".join(parts) + "." if parts else OPEN, source))
    return lines


def trust_table(lines: Sequence[Line], *, label: str, caption: str, synthetic: bool) -> Table:
    """Lay out what was done under each criterion, and what is open.

    Parameters
    ----------
    lines : sequence of Line
    label, caption : str
    synthetic : bool
    """
    body = pd.DataFrame(
        [(line.criterion, line.what, line.how, line.source) for line in lines],
        columns=["criterion", "what", "how", "source"],
    )
    return Table(
        body=body,
        columns=(
            Column("what", "What is done", width=25),
            Column("how", "How", width=60, computed=True),
            Column("source", "Known from", width=15),
        ),
        groups="criterion",
        behind={
            "how": [RESTS_ON.get(line.what, "") if line.source == "data" else "" for line in lines]
        },
        caption=caption,
        label=label,
        notes=("Open: neither the data nor the study file say anything of it.",)
        if any(line.source == OPEN for line in lines)
        else (),
        synthetic=synthetic,
    )


def trust_facts(lines: Sequence[Line]) -> dict[str, Metric]:
    """Count what was done and what is open, and say it criterion by criterion.

    Returns
    -------
    dict
        ``trust.lines``, ``trust.done``, ``trust.open``, ``trust.open-list`` (what is open),
        ``trust.sentence`` (all that was done), and
        for each criterion, such as ``trust.credibility``, what was done for it in sentences.
    """
    left = [line for line in lines if line.source == OPEN]
    facts: dict[str, Metric] = {
        "trust.lines": len(lines),
        "trust.done": len(lines) - len(left),
        "trust.open": len(left),
        "trust.open-list": listing(line.what.lower() for line in left) or "nothing",
        "trust.sentence": " ".join(line.how for line in lines if line.source != OPEN),
    }
    for name in CRITERIA:
        said = [line.how for line in lines if line.criterion == name and line.source != OPEN]
        facts[f"trust.{name.lower()}"] = " ".join(said) or f"What makes for {name.lower()} is open."
    return facts
