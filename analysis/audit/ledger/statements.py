"""The claims of a ledger: one for each value that its rows print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.audit.arithmetic.printed import NOT_REPORTED, Numbers, parse_number
from analysis.audit.ledger.columns import (
    COLUMN_OF,
    EXPECTED,
    KIND_OF_VALUE,
    OF_A_CLAIM,
    RULES,
    VALUES,
    Texts,
)
from analysis.audit.ledger.links import Claim
from analysis.audit.ledger.values import parse_days, parse_range
from qdaio.faults import FaultList

if TYPE_CHECKING:
    from analysis.audit.compare import Facts

__all__ = ["state_claims"]


def _place_alone(place: str, section: str | None) -> str:
    """Return a place without the section in front of it."""
    return "" if place == section else place.removeprefix(f"{section}, ")


def state_claims(
    texts: Texts,
    kinds: Sequence[str],
    ids: Sequence[str],
    rows: Sequence[int],
    places: Sequence[str],
    numbers: Mapping[str, Numbers],
    is_odd: set[tuple[int, str]],
    facts: Facts | None,
    file: str,
    faults: FaultList,
) -> list[Claim]:
    """Return one claim for each value that the rows print, in their order."""
    from analysis.audit.compare import check_rebuilt

    claims = []
    valued = [value for value in VALUES if value in KIND_OF_VALUE]
    valued = [value for value in valued if any(texts[value])]
    arrays = {
        value: [
            column.tolist()
            for column in (found.digits, found.decimals, found.known, found.relation)
        ]
        for value, found in numbers.items()
    }
    columns = [
        (value, texts[value], KIND_OF_VALUE[value], arrays.get(value, [])) for value in valued
    ]
    for at, row in enumerate(rows):
        kind = kinds[at]
        if kind:
            column = COLUMN_OF.get(kind, "printed")
            values = _value_of(kind, texts["printed"][at] or "", rows[at], file, faults)
            cells: dict[str, Any] = {name: texts[name][at] or "" for name in OF_A_CLAIM}
            _check_rule(cells["rule"], kind, row, file, faults)
            if kind == "attribution" and not cells["participant"]:
                faults.add(
                    kind="missing-value",
                    file=file,
                    row=row,
                    column="participant",
                    found="an empty cell",
                    expected="the participant to whom the role is given",
                    remedy="Fill in the participant's number or name.",
                )
            rebuilt = check_rebuilt(texts["rebuilt"][at] or "", kind, facts, file, row, faults)
            claims.append(
                Claim(
                    id=ids[at],
                    at=at,
                    column=column,
                    kind=kind,
                    printed=texts["printed"][at] or "",
                    row=row,
                    section=texts["section"][at] or "",
                    place=_place_alone(places[at], texts["section"][at]),
                    rebuilt=rebuilt,
                    is_alone=True,
                    **_number(arrays.get(column, ()), at),
                    **values,
                    **cells,
                )
            )
            continue
        if texts["rule"][at]:
            _check_rule(texts["rule"][at] or "", "", row, file, faults)
        section, place = texts["section"][at] or "", _place_alone(places[at], texts["section"][at])
        note, role = texts["note"][at] or "", texts["role"][at] or ""
        for value, cells_of, kind_of, number in columns:
            text = cells_of[at]
            if text is None or (
                (text.isalpha() or not text.isalnum()) and (text.casefold() in NOT_REPORTED)
            ):
                continue
            is_known = bool(number) and number[2][at]
            claims.append(
                Claim(
                    f"{ids[at]}.{value}",
                    at,
                    row,
                    value,
                    kind_of,
                    text,
                    section,
                    place,
                    role=role,
                    note=note,
                    digits=number[0][at] if is_known else None,
                    decimals=number[1][at] if is_known else 0,
                    relation=number[3][at] if is_known else "=",
                    is_read=(at, value) not in is_odd,
                )
            )
    return claims


def _number(columns: Sequence[Sequence[Any]], at: int) -> dict[str, Any]:
    """Return the fields of a claim's number, from the columns of its ledger."""
    if not columns or not columns[2][at]:
        return {}
    return {"digits": columns[0][at], "decimals": columns[1][at], "relation": columns[3][at]}


def _value_of(kind: str, printed: str, row: int, file: str, faults: FaultList) -> dict[str, Any]:
    """Read what is no single number: a range, a day."""
    try:
        if kind == "range":
            return {"ends": parse_range(printed)}
        if kind == "date":
            return {"days": parse_days(printed)}
        if kind == "value" and (number := parse_number(printed)) is not None:
            return {name: getattr(number, name) for name in ("digits", "decimals", "relation")}
    except ValueError:
        if printed:
            faults.add(
                kind="not-a-value",
                file=file,
                row=row,
                column="printed",
                found=f'"{printed}"',
                expected=f"{EXPECTED[kind]}, as its kind is {kind}",
                remedy="Write the value as it is printed, without its unit, or correct the kind.",
            )
    return {}


def _check_rule(rule: str, kind: str, row: int, file: str, faults: FaultList) -> None:
    for one in rule.split():
        start = "guidance:" if one.startswith("guidance:") else one
        if kind in RULES.get(start, ()):
            continue
        here = [name for name, kinds in RULES.items() if kind in kinds]
        faults.add(
            kind="unknown-rule",
            file=file,
            row=row,
            column="rule",
            found=f'"{one}"',
            expected=", ".join(here) or f"an empty cell, as its kind is {kind}",
            remedy="Correct the rule, or leave the cell empty.",
        )
