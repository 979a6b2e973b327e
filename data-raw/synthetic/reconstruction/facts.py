"""What is set by hand: people, interviews, quotations, and the code system with its phrases."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

__all__ = [
    "Code",
    "Facts",
    "Interview",
    "Participant",
    "Phrase",
    "Quotation",
    "Subcategory",
    "read_facts",
]

# the capitals before a phrase say which groups may speak it
GROUPS = {"P": "Patients", "C": "Caregivers", "H": "Healthcare providers", "M": "Policymakers"}
# a small letter behind them narrows it to a gender, a relation or a role
GENDERS = {"m": "Male", "w": "Female"}
RELATIONS = {"a": "Mother", "s": "Wife"}
ROLES = {
    "d": "Psychiatrist",
    "h": "Home care manager",
    "n": "Head nurse",
    "o": "Occupational therapist",
    "p": "Psychologist",
    "s": "Social worker",
}
VOICE = re.compile("[A-Z][a-z]?")


@dataclass(frozen=True)
class Participant:
    """A participant with the attributes of the document variables."""

    number: int
    group: str
    gender: str
    age: int
    education: str
    role: str
    position: str
    setting: str

    @property
    def voices(self) -> set[str]:
        """Letters of all phrases that this person may speak."""
        group = next(letter for letter, name in GROUPS.items() if name == self.group)
        narrower = {letter for letter, name in GENDERS.items() if name == self.gender}
        narrower |= {letter for letter, name in ROLES.items() if name == self.role}
        narrower |= {letter for letter, name in RELATIONS.items() if name in self.position}
        return {group, *(group + letter for letter in narrower)}


@dataclass(frozen=True)
class Phrase:
    """Something that certain people say; ``{a|b}`` are words to choose from."""

    voices: frozenset[str]
    text: str
    is_alone: bool = False  # no aside goes with it

    def fits(self, person: Participant) -> bool:
        """Say whether a person may speak it."""
        return not self.voices.isdisjoint(person.voices)


@dataclass(frozen=True, eq=False)
class Subcategory:
    """A category of the third level: how much each group talks about it, and asides."""

    path: tuple[str, str, str]
    talk: dict[str, int]
    more: tuple[Phrase, ...]


@dataclass(frozen=True, eq=False)
class Code:
    """A primary code: how common it is, and what people say to it."""

    name: str
    sub: Subcategory
    weight: int
    phrases: tuple[Phrase, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """Names from the first level down."""
        return (*self.sub.path, self.name)

    def sayings(self, person: Participant) -> list[Phrase]:
        """Return what a person may say to it."""
        if not self.sub.talk[person.group]:
            return []
        return [phrase for phrase in self.phrases if phrase.fits(person)]


@dataclass(frozen=True)
class Interview:
    """One document."""

    name: str
    participant: Participant
    day: date
    minutes: int
    is_follow_up: bool
    codings: int


@dataclass(frozen=True)
class Quotation:
    """A segment that the publication quotes, in other words."""

    participant: int
    code: str
    text: str
    comment: str


@dataclass(frozen=True)
class Facts:
    """All of it."""

    interviews: tuple[Interview, ...]
    codes: tuple[Code, ...]
    quotations: tuple[Quotation, ...]


def read_facts(folder: Path) -> Facts:
    """Read the lists beside the script.

    Parameters
    ----------
    folder : Path
        Holds ``participants.csv``, ``interviews.csv``, ``quotations.csv`` and ``codes/``.
    """
    people = {
        row["participant"]: Participant(
            number=int(row["participant"]),
            group=row["group"],
            gender=row["gender"],
            age=int(row["age"]),
            education=row["education"],
            role=row["role"],
            position=row["position"],
            setting=row["setting"],
        )
        for row in _rows(folder / "participants.csv")
    }
    interviews = tuple(
        Interview(
            name=row["document"],
            participant=people[row["participant"]],
            day=date.fromisoformat(row["date"]),
            minutes=int(row["minutes"]),
            is_follow_up=row["follow_up"] == "yes",
            codings=int(row["codings"]),
        )
        for row in _rows(folder / "interviews.csv")
    )
    quotations = tuple(
        Quotation(int(row["participant"]), row["code"], row["text"], row["comment"])
        for row in _rows(folder / "quotations.csv")
    )
    files = sorted((folder / "codes").glob("*.toml"))
    codes = tuple(code for file in files for code in _codes(file))
    return Facts(interviews, codes, quotations)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _codes(path: Path) -> Iterator[Code]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for entry in table["sub"]:
        sub = Subcategory(
            path=(table["generic"], entry["main"], entry.get("short", entry["name"])),
            talk=dict(zip(GROUPS.values(), entry["talk"], strict=True)),
            more=tuple(_phrase(text) for text in entry["more"]),
        )
        for name, (weight, *texts) in entry["codes"].items():
            yield Code(name, sub, weight, tuple(_phrase(text) for text in texts))


def _phrase(text: str) -> Phrase:
    letters, _, words = text.partition(": ")
    return Phrase(frozenset(VOICE.findall(letters)), words, is_alone=letters.endswith("!"))
