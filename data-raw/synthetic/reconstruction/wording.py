"""What people say: phrases with words to choose from, opened and rounded off in their way."""

from __future__ import annotations

import re

from reconstruction.chance import Chance

__all__ = ["expand", "is_persian", "opened"]

CHOICE = re.compile(r"\{([^{}]*)\}")
OPENERS = {
    "Patients": ("Look, ", "You know, ", "Well, ", "Believe me, "),
    "Caregivers": ("You know, ", "Look, ", "Believe me, ", "By God, ", "What shall I say, "),
    "Healthcare providers": ("To be honest, ", "You see, ", "As I said, ", "Well, ", "Look, "),
    "Policymakers": ("Frankly, ", "As I said, ", "You see, ", "Let me say it openly: "),
}
# words that do not keep their capital behind an opener
PLAIN_WORDS = (
    "A After An As At Before By Every From Half He Here How If In It My No Nobody Not On Once "
    "One Our Sedation She Some Somebody Such That The Their There They This Those Two Until We "
    "What When Who Whoever With Without You"
)
PLAIN = frozenset(PLAIN_WORDS.split())


def expand(text: str, chance: Chance) -> str:
    """Choose one of the words in each pair of braces."""
    return CHOICE.sub(lambda match: chance.pick(match.group(1).split("|")), text)


def is_persian(text: str) -> bool:
    """Say whether a text is in the Arabic script."""
    return any("\u0600" <= character <= "\u06ff" for character in text)


def opened(text: str, group: str, chance: Chance) -> str:
    """Put the group's opening words before a text, where its first word allows that."""
    word = text.split(maxsplit=1)[0]
    opener = chance.pick(OPENERS[group])
    if word == "I" or word.startswith("I'"):
        return opener + text
    if word not in PLAIN:
        return text
    return opener + text[0].lower() + text[1:]
