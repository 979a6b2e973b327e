"""Coded segments of one interview, with their places in the transcript."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from reconstruction.chance import Chance
from reconstruction.facts import Code, Interview, Participant, Phrase, Quotation
from reconstruction.wording import expand, is_persian, opened

__all__ = ["MAIN_CODER", "Coding", "code_interview"]

MAIN_CODER = "Coder A"
QUOTABLE = 100  # weight of segments that the paper quotes
CHARACTERS_A_MINUTE = 640


@dataclass(frozen=True)
class Part:
    """A piece of the transcript with its codes."""

    codes: list[Code]
    text: str
    weight: int = 0
    comment: str = "synthetic"


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
        sum(len(part.text) for part in parts) * 5 // 4,
    )
    moment = datetime.combine(
        interview.day + timedelta(days=chance.number(2, 7)), time(17, chance.number(0, 59))
    )
    paragraph = 1
    codings: list[Coding] = []
    for part in parts:
        paragraph += chance.pick((1, 1, 2, 2, 3, 4))
        end = paragraph
        if part.weight == 0 and ". " in part.text and chance.hits(0.1):
            end += 1
        for code in part.codes:
            moment += timedelta(seconds=chance.number(25, 210))
            first = Coding(
                interview,
                code,
                paragraph,
                end,
                part.text,
                length,
                MAIN_CODER,
                moment,
                moment,
                part.weight,
                part.comment,
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
) -> list[Part]:
    """Order the topics, join some neighbours into one segment with two codes, and word them."""
    person = interview.participant
    quoted = {quotation.code: quotation for quotation in quotations}
    subs = chance.shuffled(list(dict.fromkeys(code.sub.path for code in codes)))
    used: set[str] = set()
    parts: list[Part] = []
    for path in subs:
        waiting = chance.shuffled([code for code in codes if code.sub.path == path])
        while waiting:
            code = waiting.pop()
            if quotation := quoted.get(code.name):
                parts.append(Part([code], quotation.text, QUOTABLE, quotation.comment))
                continue
            phrases = [_unused(code.sayings(person), used, chance)]
            members = [code]
            for partner in waiting:
                others = [item for item in partner.sayings(person) if not is_persian(item.text)]
                if partner is code or partner.name in quoted or not others:
                    continue
                if not is_persian(phrases[0].text) and chance.hits(0.12):
                    waiting.remove(partner)
                    members.append(partner)
                    phrases.append(_unused(others, used, chance))
                break
            parts.append(Part(members, _worded(phrases, code, person, used, chance)))
    return parts


def _unused(phrases: list[Phrase], used: set[str], chance: Chance) -> Phrase:
    """Choose a phrase, if possible one that this interview has not used yet."""
    fresh = [phrase for phrase in phrases if phrase.text not in used]
    chosen = chance.pick(fresh or phrases)
    used.add(chosen.text)
    return chosen


def _worded(
    phrases: list[Phrase], code: Code, person: Participant, used: set[str], chance: Chance
) -> str:
    """Join phrases, or one phrase with an aside, into what was said."""
    if len(phrases) == 1 and is_persian(phrases[0].text):
        return expand(phrases[0].text, chance)
    asides = [item for item in code.sub.more if item.fits(person) and item.text not in used]
    if len(phrases) == 1 and not phrases[0].is_alone and asides and chance.hits(0.6):
        phrases = [*phrases, _unused(asides, used, chance)]
    text = " ".join(expand(phrase.text, chance) for phrase in phrases)
    return opened(text, person.group, chance) if chance.hits(0.18) else text
