"""A second coder, who codes some interviews without seeing the first one's codes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from reconstruction.chance import Chance
from reconstruction.facts import Code
from reconstruction.transcript import Coding

__all__ = ["INTERVIEWS", "SECOND_CODER", "code_again"]

SECOND_CODER = "Coder B"
INTERVIEWS = ("Interview 06", "Interview 12", "Interview 21", "Interview 28")  # one a group
SENTENCES = re.compile(r"(?<=[.?!؟]) ")


def code_again(codings: list[Coding], chance: Chance) -> list[Coding]:
    """Code an interview anew: mostly alike, sometimes with other ends or codes, more or fewer.

    Parameters
    ----------
    codings : list of Coding
        The main coder's, of one interview.
    chance : Chance

    Returns
    -------
    list of Coding
    """
    in_use = list({coding.code.path: coding.code for coding in codings}.values())
    shift = timedelta(days=chance.number(9, 15), minutes=chance.number(-90, 120))
    again: list[Coding] = []
    for coding in codings:
        moment = coding.created + shift
        seen = replace(
            coding,
            coder=SECOND_CODER,
            created=moment,
            modified=moment,
            weight=0,
            comment="synthetic",
        )
        kind = chance.weighted(("same", "ends", "code", "both", "missed"), (67, 12, 9, 4, 8))
        if kind == "missed":
            continue
        if kind == "code":
            seen = replace(seen, code=_neighbour(coding.code, in_use, chance))
        elif kind == "ends":
            seen = _cut(seen, chance)
        elif kind == "both":
            again.append(replace(seen, code=_neighbour(coding.code, in_use, chance)))
        again.append(seen)
    return _without_repeats(again)


def _neighbour(code: Code, in_use: list[Code], chance: Chance) -> Code:
    """Choose a code that one may well take instead: of the same category, if there is one."""
    for depth in (3, 2, 1):
        near = [item for item in in_use if item.path[:depth] == code.path[:depth] != item.path]
        near = [item for item in near if item is not code]
        if near:
            return chance.pick(near)
    return code


def _cut(coding: Coding, chance: Chance) -> Coding:
    """Let the segment begin later or end earlier, at a sentence or else at a comma."""
    pieces = SENTENCES.split(coding.text)
    if len(pieces) > 1:
        text = " ".join(pieces[:-1] if chance.hits(0.7) else pieces[1:])
    else:
        text = coding.text.rpartition(", ")[0] or coding.text
    return replace(coding, text=text)


def _without_repeats(codings: list[Coding]) -> list[Coding]:
    """Keep one coding where two have come to have the same code and place."""
    places: dict[tuple[tuple[str, ...], int, int], Coding] = {}
    for coding in codings:
        places.setdefault((coding.code.path, coding.beginning, coding.end), coding)
    return list(places.values())
