"""A verdict on each claim of a ledger: arithmetic, contradictions, and what the data give.

One engine for all that is audited. With a study behind it, a claim is held against what the
study gives as well; without one, against the publication alone.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.audit.arithmetic.conventions import TableConvention
from analysis.audit.compare import UNKNOWN, Compared, Facts, Known, compare, compare_attributions
from analysis.audit.conflicts import Claims, Conflict, carriers, conflicts
from analysis.audit.conjectures import conjectures
from analysis.audit.judge import Finding, judge_arithmetic
from analysis.audit.ledger import KINDS, Ledger, read_ledger
from analysis.audit.ledger.links import Claim
from analysis.audit.verdicts import ASKING, SEVERITY, Verdict
from analysis.audit.words import plain

if TYPE_CHECKING:
    import pandas as pd

    from qdaio.faults import FaultList

__all__ = ["Audit", "audit_claims", "audit_ledger", "audit_table"]

NAME_OF = {verdict: verdict.value for verdict in Verdict}
RANK = {verdict: rank for rank, verdict in enumerate(SEVERITY)}
# without a study nothing is rebuilt
COLUMNS = ("id", "section", "place", "kind", "printed", "rebuilt", "verdict", "why", "conjecture")


@dataclass(frozen=True, eq=False)
class Audit:
    """The verdicts on a ledger.

    Attributes
    ----------
    claims : DataFrame
        ``id``, ``section``, ``place``, ``kind``, ``printed``, ``rebuilt``, ``verdict``,
        ``why``, ``conjecture``, all text, and ``row`` of the file; in the ledger's order.
    conventions : tuple of TableConvention
        How each section was computed and rounded, as far as its values show together.
    is_study : bool
        Whether a rebuilt study was compared with.
    is_synthetic : bool
        Whether its data are made up, and no evidence.
    """

    claims: pd.DataFrame
    conventions: tuple[TableConvention, ...]
    is_study: bool = False
    is_synthetic: bool = False
    notes: tuple[str, ...] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each verdict, the most severe first.

        Of a study all verdicts that it can have; without one those that occur.
        """
        found = self.claims["verdict"].value_counts()
        if self.is_study:
            verdicts = [verdict for verdict in SEVERITY if verdict != Verdict.CONSISTENT.value]
        else:
            verdicts = [verdict for verdict in SEVERITY if verdict in found]
        return {verdict.value: int(found.get(verdict.value, 0)) for verdict in verdicts}

    @property
    def kinds(self) -> pd.DataFrame:
        """How many claims have each verdict, by kind: rows verdicts, columns kinds."""
        import pandas as pd

        table = pd.crosstab(self.claims["verdict"], self.claims["kind"])
        return table.reindex(index=list(self.counts), columns=list(KINDS), fill_value=0)

    @property
    def asking(self) -> int:
        """How many claims ask for a second look."""
        return int(self.claims["verdict"].isin([verdict.value for verdict in ASKING]).sum())


def audit_table(path: Path, name: str | None = None) -> Audit:
    """Audit a table that was typed in, or a paper's ledger: no study, only what is printed.

    Parameters
    ----------
    path : Path
        CSV or workbook, see ``docs/claims.md``.
    name : str, optional
        How messages call the file; by default its last part.

    Raises
    ------
    StudyError
        With every fault of the file, see :func:`analysis.audit.ledger.read_ledger`.
    """
    with _without_collection():
        return audit_ledger(read_ledger(path, name))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Leave many small objects alone while they are made: nothing of them is thrown away."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def audit_claims(path: Path, name: str, facts: Facts, faults: FaultList | None = None) -> Audit:
    """Audit the ledger of a study against what the study gives.

    Parameters
    ----------
    path : Path
        CSV or workbook, see ``docs/claims.md``.
    name : str
        How messages call the file.
    facts : Facts
        What the rebuilt study gives.
    faults : FaultList, optional
        Gets the faults of the ledger too.

    Raises
    ------
    StudyError
        With every fault of the ledger in one go.
    """
    return audit_ledger(read_ledger(path, name, facts, faults), Known.of(facts))


def audit_ledger(ledger: Ledger, known: Known | None = None) -> Audit:
    """Give each claim of a ledger its verdict.

    The first of :class:`Verdict` that holds. A value that observed data give is not
    impossible, and is inconsistent only where nothing else can carry what does not agree.
    Synthetic data are no evidence: they neither acquit nor accuse.
    """
    import pandas as pd

    claims = ledger.claims
    compared = _compare(ledger, known)
    is_evidence = known is not None and not known.facts.is_synthetic
    evidence = compared if is_evidence else dict.fromkeys(compared, UNKNOWN)
    findings, tables = judge_arithmetic(ledger)
    by_claim: dict[str, Finding] = {}
    found: list[Conflict] = []
    ids = {(claim.at, claim.column): claim.id for claim in claims}
    for claim in claims:
        finding = findings.by_claim.get((claim.at, claim.column))
        if finding is None:
            continue
        if finding.verdict is Verdict.INCONSISTENT:
            partners = tuple(ids[place] for place in finding.partners if place in ids)
            members = tuple(dict.fromkeys((claim.id, *partners)))
            own = (claim.id,) if known is None else None
            # where observed data give all of them, the table's convention is what misleads
            found.append(Conflict(members, (), finding.why, unknown=own or members[:2]))
        else:
            by_claim[claim.id] = finding
    index = Claims(ledger)
    contradicting, agreeing = conflicts(index, evidence)
    found += contradicting
    if known is not None:
        found += _of_the_framework(claims, known)
    said: dict[str, list[tuple[Verdict, str]]] = {}
    for conflict in found:
        for id_ in carriers(conflict, evidence):
            said.setdefault(id_, []).append((conflict.verdict, conflict.sentence(id_)))
    agreed: dict[str, list[str]] = {}
    for relation in agreeing:
        for id_ in relation.members:
            agreed.setdefault(id_, []).append(relation.why)
    judged = {
        claim.id: _alone(claim, by_claim.get(claim.id), agreed)
        if known is None and claim.id not in said and claim.ends is None
        else _verdict(
            claim,
            by_claim.get(claim.id),
            said.get(claim.id, []),
            agreed.get(claim.id, []),
            compared[claim.id],
            evidence[claim.id],
            known,
        )
        for claim in claims
    }
    linked = ledger.relations.linked | {int(row) for row in ledger.wholes if row >= 0}
    verdicts = {id_: verdict for id_, (verdict, _) in judged.items()}
    readings = conjectures(index, evidence, verdicts)
    set_aside = {(at, column): reason for at, column, _, reason in ledger.set_aside}
    kept = claims
    if known is None:
        # an n that nothing is held against makes no claim of its own
        kept = [
            claim
            for claim in claims
            if claim.column != "n"
            or claim.is_alone
            or not claim.is_read
            or claim.id in said
            or claim.id in agreed
        ]
    whys = []
    for claim in kept:
        verdict, why = judged[claim.id]
        if not claim.is_read:
            why = [f"Not read, and set aside: {set_aside[claim.at, claim.column]}."]
        whys.append(_sentences(claim, why, verdict, claim.at in linked, known))
    stated = ("id", "section", "place", "kind", "printed")
    cells: dict[str, list[str | None]] = {
        **{name: [getattr(claim, name) for claim in kept] for name in stated},
        "rebuilt": [compared[claim.id].rebuilt if known is not None else None for claim in kept],
        "verdict": [NAME_OF[verdicts[claim.id]] for claim in kept],
        "why": list(whys),
        "conjecture": [readings.get(claim.id, "") for claim in kept],
    }
    table = pd.DataFrame({name: pd.array(cells[name], dtype="str") for name in COLUMNS})
    table["row"] = np.array([claim.row for claim in kept], dtype=np.int64)
    return Audit(
        table,
        tuple(tables),
        is_study=known is not None,
        is_synthetic=known is not None and known.facts.is_synthetic,
    )


def _compare(ledger: Ledger, known: Known | None) -> dict[str, Compared]:
    if known is None:
        return {claim.id: UNKNOWN for claim in ledger.claims}
    compared = compare_attributions(ledger.claims, known)
    for claim in ledger.claims:
        if claim.kind != "attribution":
            compared[claim.id] = compare(claim, known)
    # a value in the column of people who are its whole group
    index = Claims(ledger)
    for claim in ledger.claims:
        if "column" not in claim.rule.split():
            continue
        row = ledger.relations.beside[claim.at][0]
        value, people = index.only(row), index.only(int(ledger.wholes[claim.at]))
        group = index.only(int(ledger.wholes[row])) if ledger.wholes[row] >= 0 else None
        if group is not None and group.value == people.value and compared[value.id].fits:
            why = f"All {group.printed} of the group stand in this column."
            compared[claim.id] = Compared(Verdict.REPRODUCED, claim.printed, why)
    if known.facts.is_synthetic:
        compared = {
            id_: Compared(one.verdict, one.rebuilt, _of_synthetic(one.why))
            for id_, one in compared.items()
        }
    return compared


def _of_synthetic(why: str) -> str:
    return why.replace("The data ", "The synthetic data ").replace(
        "In the data ", "In the synthetic data "
    )


def _of_the_framework(claims: list[Claim], known: Known) -> list[Conflict]:
    """Find dimensions whose names are not those of the framework's own publication."""
    found = []
    for claim in claims:
        for rule in claim.rule.split():
            if not rule.startswith("guidance:"):
                continue
            title = known.guidance.get(rule.removeprefix("guidance:"))
            if title is None:
                why = "The contents of the framework's own publication have no such dimension."
                found.append(Conflict((claim.id,), (claim.id,), why, (claim.id,)))
            elif plain(title) != plain(claim.printed):
                why = (
                    f"The contents of the framework's own publication call it “{title}”. Use that "
                    "name, or say that the wording is your own."
                )
                found.append(
                    Conflict((claim.id,), (claim.id,), why, (claim.id,), verdict=Verdict.WORDING)
                )
    return found


def _alone(
    claim: Claim, finding: Finding | None, agreed: dict[str, list[str]]
) -> tuple[Verdict, list[str]]:
    """Return the verdict on a claim that nothing contradicts, where there is no study."""
    agreeing = agreed.get(claim.id)
    if finding is not None and finding.verdict is not Verdict.NOT_COMPUTABLE:
        if agreeing and finding.verdict is Verdict.CONSISTENT:
            return finding.verdict, [finding.why, *agreeing]
        return finding.verdict, [finding.why]
    if agreeing:
        return Verdict.CONSISTENT, agreeing
    return Verdict.NOT_COMPUTABLE, [_nothing(claim) if finding is None else finding.why]


def _verdict(
    claim: Claim,
    finding: Finding | None,
    said: list[tuple[Verdict, str]],
    agreed: list[str],
    compared: Compared,
    evidence: Compared,
    known: Known | None,
) -> tuple[Verdict, list[str]]:
    """Return the verdict on one claim, and the sentences that go with it."""
    own = compared.why
    if claim.ends is not None and claim.ends[0] > claim.ends[1]:
        return Verdict.IMPOSSIBLE, [f"The range {claim.printed} ends below its start.", own]
    if finding is not None and finding.verdict is Verdict.IMPOSSIBLE and not evidence.fits:
        return Verdict.IMPOSSIBLE, [finding.why, *(why for _, why in said), own]
    if said:
        worst = min((verdict for verdict, _ in said), key=RANK.__getitem__)
        if worst is Verdict.INCONSISTENT or evidence.verdict is not Verdict.DIFFERS:
            sentences = [why for verdict, why in sorted(said, key=lambda one: RANK[one[0]])]
            if known is None and finding is not None and RANK[finding.verdict] < RANK[worst]:
                return finding.verdict, [finding.why, *sentences]
            return worst, [*sentences, own]
    if evidence.verdict is Verdict.DIFFERS:
        return Verdict.DIFFERS, [*(why for _, why in said), own]
    if compared.verdict is Verdict.DIFFERS:
        doubt = "They are no evidence for or against the printed value."
        own = f"{own} {doubt}"
    elif compared.verdict in (Verdict.ROUNDING, Verdict.REPRODUCED):
        return compared.verdict, [own]
    if finding is not None and finding.verdict in (Verdict.ROUNDING, Verdict.FEWER):
        return finding.verdict, [finding.why, own]
    if known is None:
        if finding is not None and finding.verdict is Verdict.CONSISTENT:
            return Verdict.CONSISTENT, [finding.why, *agreed]
        if agreed:
            return Verdict.CONSISTENT, agreed
        why = finding.why if finding is not None else _nothing(claim)
        return Verdict.NOT_COMPUTABLE, [why]
    return Verdict.NOT_COMPUTABLE, [own]


def _nothing(claim: Claim) -> str:
    if claim.kind in ("count", "percentage"):
        return "Nothing to hold it against: no whole is given."
    return "Nothing to hold it against."


def _sentences(
    claim: Claim, said: list[str], verdict: Verdict, is_linked: bool, known: Known | None
) -> str:
    if known is None and len(said) == 1 and said[0]:
        return said[0]
    sentences = list(dict.fromkeys(text for text in said if text))
    note = "" if claim.note.casefold().startswith("conjecture:") or known is None else claim.note
    if verdict != Verdict.REPRODUCED and note:
        sentences.append(note if note.endswith((".", "?", "!")) else f"{note}.")
    if verdict == Verdict.NOT_COMPUTABLE and is_linked and known is not None:
        sentences.append("What the publication says of it elsewhere agrees.")
    if not sentences:
        sentences = ["These data hold nothing from which it could be computed."]
    return " ".join(sentences).replace("….", "…")
