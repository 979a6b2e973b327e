"""Coded segments of one interview, with their places in the transcript."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from reconstruction.chance import Chance
from reconstruction.facts import Code, Interview, Quotation
from reconstruction.wording import expand, is_persian, opened

__all__ = ["MAIN_CODER", "Coding", "code_interview"]

MAIN_CODER = "Coder A"
QUOTABLE = 100  # weight of segments that the paper quotes
CHARACTERS_A_MINUTE = 640


@dataclass(frozen=True)
class Coding:
    """One row of the coded segments."""

    interview: Interview
    code: Code
    beginning: int
    end: int
    text: str
    length: int  # of the whole document, in characters
    coder: str
    created: datetime
    modified: datetime
    weight: int = 0
    comment: str = "synthetic"


def code_interview(
    interview: Interview, codes: list[Code], quotations: list[Quotation], chance: Chance
) -> list[Coding]:
    """Write the segments of an interview, in the order of its transcript.

    Parameters
    ----------
    interview : Interview
    codes : list of Code
        One for each coding.
    quotations : list of Quotation
        Those of this interview.
    chance : Chance
    """
    parts = _parts(interview, codes, quotations, chance)
    length = max(
        interview.minutes * CHARACTERS_A_MINUTE,
        sum(len(text) for _, text, _, _ in parts) * 5 // 4,
    )
    moment = datetime.combine(
        interview.day + timedelta(days=chance.number(2, 7)), time(17, chance.number(0, 59))
    )
    paragraph = 1
    codings: list[Coding] = []
    for members, text, weight, comment in parts:
        paragraph += chance.pick((1, 1, 2, 2, 3, 4))
        end = paragraph
        if text.count(". ") and weight == 0 and chance.hits(0.1):
            end += 1
        for code in members:
            moment += timedelta(seconds=chance.number(25, 210))
            first = Coding(
                interview,
                code,
                paragraph,
                end,
                text,
                length,
                MAIN_CODER,
                moment,
                moment,
                weight,
                comment,
            )
            codings.append(_revised(first, chance))
        paragraph = end
    return codings


def _revised(coding: Coding, chance: Chance) -> Coding:
    if not chance.hits(0.12):
        return coding
    later = timedelta(days=chance.number(1, 9), seconds=chance.number(60, 9000))
    return replace(coding, modified=coding.created + later)


def _parts(
    interview: Interview, codes: list[Code], quotations: list[Quotation], chance: Chance
) -> list[tuple[list[Code], str, int, str]]:
    """Order the topics, join some neighbours into one segment with two codes, and word them."""
    group = interview.participant.group
    quoted = {quotation.code: quotation for quotation in quotations}
    subs = chance.shuffled(list(dict.fromkeys(code.sub.path for code in codes)))
    topics = {
        path: chance.shuffled([code for code in codes if code.sub.path == path]) for path in subs
    }
    used: set[str] = set()
    parts: list[tuple[list[Code], str, int, str]] = []
    for path in subs:
        waiting = topics[path]
        while waiting:
            code = waiting.pop()
            quotation = quoted.pop(code.name, None)
            if quotation:
                parts.append(([code], quotation.text, QUOTABLE, quotation.comment))
                continue
            text = _saying(code.sayings(group), used, chance)
            members = [code]
            for partner in waiting:
                others = [item for item in partner.sayings(group) if not is_persian(item)]
                if partner is code or partner.name in quoted or is_persian(text) or not others:
                    continue
                if chance.hits(0.12):
                    waiting.remove(partner)
                    members.append(partner)
                    text = f"{text} {_saying(others, used, chance)}"
                break
            text = _rounded_off(text, members, group, used, chance)
            parts.append((members, text, 0, "synthetic"))
    return parts


def _saying(sayings: list[str], used: set[str], chance: Chance) -> str:
    """Word one of the phrases, if possible one that this interview has not used yet."""
    fresh = [text for text in sayings if text not in used]
    chosen = chance.pick(fresh or sayings)
    used.add(chosen)
    return expand(chosen, chance)


def _rounded_off(text: str, members: list[Code], group: str, used: set[str], chance: Chance) -> str:
    if is_persian(text):
        return text
    if len(members) == 1 and chance.hits(0.6):
        asides = [
            phrase.text
            for phrase in members[0].sub.more
            if group in phrase.groups and phrase.text not in used
        ]
        if asides:
            aside = chance.pick(asides)
            used.add(aside)
            text = f"{text} {expand(aside, chance)}"
    return opened(text, group, chance) if chance.hits(0.18) else text
