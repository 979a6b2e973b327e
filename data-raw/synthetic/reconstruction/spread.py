"""Which codes come up in which interview, so that new ones grow rare and then stop."""

from __future__ import annotations

from reconstruction.chance import Chance
from reconstruction.facts import Code, Facts, Interview

__all__ = ["LAST_NEW", "spread_codes"]

LAST_NEW = 30  # the interview after which nothing new was heard


def spread_codes(facts: Facts, chance: Chance) -> dict[str, list[Code]]:
    """Give each interview its codes, quotations included, as many as it has codings.

    Parameters
    ----------
    facts : Facts
    chance : Chance

    Returns
    -------
    dict of str to list of Code
        By document. A code stands as often as it is applied there.

    """
    new = _first_mentions(facts, chance)
    quoted = _quoted(facts)
    known: list[Code] = []
    spread: dict[str, list[Code]] = {}
    for interview in sorted(facts.interviews, key=lambda item: (item.day, item.name)):
        fresh = new.pop(interview.name, [])
        known += fresh
        chosen = quoted.get(interview.name, [])
        codes = fresh + [code for code in chosen if code not in fresh]
        # a quotation says it best: its code does not come up again in other words
        codes += _repeated(interview, codes, [code for code in known if code not in chosen], chance)
        while len(codes) < interview.codings:
            codes.append(_brought_forward(interview, new, chance))
            known.append(codes[-1])
        spread[interview.name] = codes
    return spread


def _quoted(facts: Facts) -> dict[str, list[Code]]:
    by_name = {code.name: code for code in facts.codes}
    documents = {
        interview.participant.number: interview.name
        for interview in facts.interviews
        if not interview.is_follow_up
    }
    found: dict[str, list[Code]] = {}
    for quotation in facts.quotations:
        found.setdefault(documents[quotation.participant], []).append(by_name[quotation.code])
    return found


def _first_mentions(facts: Facts, chance: Chance) -> dict[str, list[Code]]:
    """Choose the interview that brings each code: common codes come early, rare ones late."""
    able = [
        interview
        for interview in facts.interviews
        if not interview.is_follow_up and interview.participant.number <= LAST_NEW
    ]
    quoted = _quoted(facts)
    first: dict[Code, Interview] = {}
    # the later the interview, the smaller the part of it that can be new
    room = {item.name: item.codings * (32 - item.participant.number) // 36 for item in able}
    for code in facts.codes:
        speakers = [item for item in able if code.sayings(item.participant)]
        chosen = _first_speaker(code, speakers, room, chance)
        earlier = [item for item in able if code in quoted.get(item.name, [])]
        first[code] = min([chosen, *earlier], key=lambda item: item.participant.number)
        room[first[code].name] -= 1
    _close_at_last(first, able[-1], quoted)
    new: dict[str, list[Code]] = {}
    for code, interview in first.items():
        new.setdefault(interview.name, []).append(code)
    return new


def _first_speaker(
    code: Code, speakers: list[Interview], room: dict[str, int], chance: Chance
) -> Interview:
    # in a small group a code has fewer occasions to come up, so it comes up sooner
    probability = (0.05 + 0.025 * code.weight) * (1 if len(speakers) > 8 else 1.8)
    while True:
        for interview in speakers:
            if room[interview.name] > 0 and chance.hits(probability):
                return interview


def _close_at_last(
    first: dict[Code, Interview], last: Interview, quoted: dict[str, list[Code]]
) -> None:
    """Make sure that the last interview with something new has something new."""
    if last in first.values():
        return
    fixed = {code for codes in quoted.values() for code in codes}
    free = [code for code in first if code not in fixed and code.sayings(last.participant)]
    first[min(free, key=lambda code: (code.weight, code.name))] = last


def _repeated(
    interview: Interview, codes: list[Code], known: list[Code], chance: Chance
) -> list[Code]:
    """Draw codes that were heard before, or once more, until the interview is full."""
    person = interview.participant
    leaning = {code.sub.path: 0.0 for code in known}
    for path in leaning:
        leaning[path] = chance.between(0.35, 2.2)
    left = {code: len(code.sayings(person)) - codes.count(code) for code in known}
    drawn: list[Code] = []
    while len(codes) + len(drawn) < interview.codings:
        pool = [code for code in known if left[code] > 0]
        if not pool:
            break
        weights = [
            code.weight
            * code.weight
            * code.sub.talk[person.group]
            * leaning[code.sub.path]
            * (0.25 if code in codes or code in drawn else 1)
            for code in pool
        ]
        code = chance.weighted(pool, weights)
        left[code] -= 1
        drawn.append(code)
    return drawn


def _brought_forward(interview: Interview, new: dict[str, list[Code]], chance: Chance) -> Code:
    """Take a code that was meant for a later interview, when an early one runs short."""
    person = interview.participant
    later = [(codes, code) for codes in new.values() for code in codes if code.sayings(person)]
    codes, code = chance.pick(later)
    codes.remove(code)
    return code
