"""A verdict on each claim of a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.claims import agreement
from analysis.claims.claim import KINDS, Claim
from analysis.claims.comparing import Compared, compare
from analysis.claims.conflict import Conflict, carriers
from analysis.claims.conjectures import conjectures
from analysis.claims.conventions import table_conventions
from analysis.claims.facts import Facts
from analysis.claims.impossible import proof
from analysis.claims.known import Known
from analysis.claims.linking import links_of
from analysis.claims.listing import lists, repeated
from analysis.claims.people import compare_attributions, quoted_and_tabled, several_roles
from analysis.claims.reading import read_claims
from analysis.claims.wording import plain
from analysis.consistency.verdicts import Verdict
from qdaio.faults import FaultList

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VERDICTS", "Audit", "Judgement", "audit_claims", "judge"]

VERDICTS = (
    Verdict.REPRODUCED,
    Verdict.DIFFERS,
    Verdict.ROUNDING,
    Verdict.INCONSISTENT,
    Verdict.IMPOSSIBLE,
    Verdict.NOT_COMPUTABLE,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one claim.

    Attributes
    ----------
    verdict : Verdict
    rebuilt : str
        What the data give, or nothing.
    why : str
        Sentences with the numbers of all sides.
    conjecture : str
        A reading that would explain the number, or nothing.
    """

    verdict: Verdict
    rebuilt: str
    why: str
    conjecture: str


@dataclass(frozen=True)
class Audit:
    """The verdicts on a ledger.

    Attributes
    ----------
    claims : DataFrame
        ``id``, ``section``, ``place``, ``kind``, ``printed``, ``rebuilt``, ``verdict``,
        ``why``, ``conjecture``, all text, and ``row`` of the file; in the ledger's order.
    conventions : DataFrame
        Which SD and rounding fit all values of a table, see
        :func:`analysis.claims.conventions.table_conventions`.
    """

    claims: pd.DataFrame
    conventions: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each of the six verdicts."""
        found = self.claims["verdict"].value_counts()
        return {verdict.value: int(found.get(verdict.value, 0)) for verdict in VERDICTS}

    @property
    def kinds(self) -> pd.DataFrame:
        """How many claims have each verdict, by kind: rows verdicts, columns kinds."""
        import pandas as pd

        table = pd.crosstab(self.claims["verdict"], self.claims["kind"])
        rows, columns = [verdict.value for verdict in VERDICTS], list(KINDS)
        return table.reindex(index=rows, columns=columns, fill_value=0)


def audit_claims(path: Path, name: str, facts: Facts, faults: FaultList | None = None) -> Audit:
    """Give each claim of a ledger a verdict.

    Parameters
    ----------
    path : Path
        CSV or spreadsheet, see ``docs/claims.md``.
    name : str
        How messages call the file.
    facts : Facts
        What the rebuilt study gives.
    faults : FaultList, optional
        Gets the faults of the ledger too.

    Returns
    -------
    Audit

    Raises
    ------
    StudyError
        With every fault of the ledger in one go.
    """
    import pandas as pd

    found = FaultList()
    claims = read_claims(path, name, facts, found)
    if faults is not None:
        faults.extend(found)
    found.raise_if_any()
    judged = judge(claims, Known.of(facts))
    rows = [
        {
            "id": claim.id,
            "section": claim.section,
            "place": claim.place,
            "kind": claim.kind,
            "printed": claim.printed,
            "rebuilt": judged[claim.id].rebuilt,
            "verdict": judged[claim.id].verdict.value,
            "why": judged[claim.id].why,
            "conjecture": judged[claim.id].conjecture,
            "row": claim.row,
        }
        for claim in claims
    ]
    columns = ["id", "section", "place", "kind", "printed"]
    columns += ["rebuilt", "verdict", "why", "conjecture", "row"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.astype(dict.fromkeys(columns[:-1], "str") | {"row": "int64"})
    return Audit(table, table_conventions(claims))


def judge(claims: Sequence[Claim], known: Known) -> dict[str, Judgement]:
    """Give each claim of a ledger without faults its verdict, by its id.

    The first of these that holds: impossible, inconsistent within the publication, differs,
    rounding only, reproduced, not computable. A value that the data give is not impossible,
    and is inconsistent only where nothing else can carry what does not agree.
    """
    by_id = {claim.id: claim for claim in claims}
    compared = compare_attributions(claims, known)
    for claim in claims:
        if claim.kind != "attribution":
            compared[claim.id] = compare(claim, known)
    _judge_columns(claims, compared)
    conflicts: dict[str, list[str]] = {}
    for conflict in _conflicts(claims, by_id, compared):
        for id_ in carriers(conflict, compared):
            conflicts.setdefault(id_, []).append(conflict.sentence(id_))
    for claim in claims:
        if said := _not_of_the_framework(claim, known):
            conflicts.setdefault(claim.id, []).append(said)
    proofs = {c.id: proof(c, by_id) for c in claims if not compared[c.id].fits}
    verdicts = {}
    for claim in claims:
        if proofs.get(claim.id):
            verdicts[claim.id] = Verdict.IMPOSSIBLE
        elif claim.id in conflicts:
            verdicts[claim.id] = Verdict.INCONSISTENT
        else:
            verdicts[claim.id] = compared[claim.id].verdict
    links = [(claim.id, other) for claim in claims for _, other in links_of(claim)]
    linked = {id_ for link in links for id_ in link}
    readings = conjectures(claims, by_id, compared, verdicts)
    return {
        claim.id: Judgement(
            verdicts[claim.id],
            compared[claim.id].rebuilt,
            _why(
                claim,
                [proofs.get(claim.id, ""), *conflicts.get(claim.id, []), compared[claim.id].why],
                verdicts[claim.id],
                claim.id in linked,
            ),
            readings.get(claim.id, ""),
        )
        for claim in claims
    }


def _conflicts(
    claims: Sequence[Claim], by_id: dict[str, Claim], compared: dict[str, Compared]
) -> list[Conflict]:
    return [
        *agreement.parts(claims, by_id),
        *agreement.repeats(claims, by_id),
        *agreement.shares(claims, by_id),
        *agreement.ranges(claims, by_id),
        *agreement.months(claims, by_id),
        *agreement.columns(claims, by_id),
        *lists(claims, by_id, compared),
        *repeated(claims),
        *several_roles(claims),
        *quoted_and_tabled(claims),
    ]


def _judge_columns(claims: Sequence[Claim], compared: dict[str, Compared]) -> None:
    """Accept a value in the column of people who are its whole group."""
    by_id = {claim.id: claim for claim in claims}
    for claim in claims:
        if claim.rule != "column":
            continue
        value = by_id[claim.beside[0]]
        people, group = by_id[claim.whole], by_id.get(value.whole)
        if group is not None and group.value == people.value and compared[value.id].fits:
            why = f"All {group.printed} of the group stand in this column."
            compared[claim.id] = Compared(Verdict.REPRODUCED, claim.printed, why)


def _not_of_the_framework(claim: Claim, known: Known) -> str:
    """Say how a dimension's name differs from the contents of the framework's publication."""
    if not claim.rule.startswith("guidance:"):
        return ""
    title = known.guidance.get(claim.rule.removeprefix("guidance:"))
    if title is None:
        return "The contents of the framework's own publication have no such dimension."
    if plain(title) == plain(claim.printed):
        return ""
    return (
        f"The contents of the framework's own publication call it “{title}”. Use that name, or say "
        "that the wording is your own."
    )


def _why(claim: Claim, said: list[str], verdict: Verdict, is_linked: bool) -> str:
    sentences = list(dict.fromkeys(text for text in said if text))
    note = "" if claim.note.casefold().startswith("conjecture:") else claim.note
    if verdict != Verdict.REPRODUCED and note:
        sentences.append(note if note.endswith((".", "?", "!")) else f"{note}.")
    if verdict == Verdict.NOT_COMPUTABLE and is_linked:
        sentences.append("What the publication says of it elsewhere agrees.")
    if not sentences:
        sentences = ["These data hold nothing from which it could be computed."]
    return " ".join(sentences).replace("….", "…")
