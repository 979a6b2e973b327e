"""Fixed words in the language of the manuscript, one plain file for each language.

What the program prints in every study stands in the code in English: heads of columns,
captions, notes, words in figures, headings of the skeleton. A file `TAG.toml` in this folder
says the same in another language; ``{name}`` in it stands for what differs from study to
study and is put back as it was, or in that language where it is a fixed word itself. What no
file knows stays as it is, as does everything that a study's author wrote. `[numbers]` in a
file has the signs of its decimals and thousands.

Sentences of the results are computed in English only, and marked as such.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

__all__ = [
    "ENGLISH",
    "MONTHS",
    "PERSIAN_MONTHS",
    "Language",
    "LanguageError",
    "Phrases",
    "find_language",
    "known_languages",
    "on_page",
    "printed",
    "speaking",
    "spoken",
]

FOLDER = Path(__file__).parent
TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
PLACE = re.compile(r"\{(\w+)\}")
TABLES = ("headings", "words", "cells", "pages")
RIGHT_TO_LEFT = ("ar", "fa", "he", "ps", "ur")
# a cell or place that holds nothing but numbers, and one number in it as English writes it
NUMERIC = re.compile(r"(?=.*\d)[\d\s.,;:()\[\]±–−+=<>≥≤%n]+")
NUMBER = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d.,]*\d)")


# days as the program prints them in English
DAY = re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+) (?P<year>\d{4})")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PERSIAN_MONTHS = (
    *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
    *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
)


class LanguageError(ValueError):
    """A language tag that is none; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """English phrases, and what is printed for them.

    Parameters
    ----------
    exact : dict
        Those without a place for anything.
    patterns : tuple
        Those with places: the English phrase as a pattern, and what is printed.
    signs : tuple of str
        Before decimals, and between thousands.
    """

    exact: dict[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    signs: tuple[str, str] = (".", ",")

    def __bool__(self) -> bool:
        return bool(self.exact or self.patterns)

    def said(self, text: str, but: Collection[str] = ()) -> str:
        """Return what is printed for a text: itself, where it is no phrase or one of `but`."""
        if text in but or not self:
            return text
        if text in self.exact:
            return self.exact[text]
        for pattern, printed in self.patterns:
            found = pattern.fullmatch(text)
            if found:
                inside = {
                    key: self.joined(value)
                    if key == "groups"
                    else self.number(self.said(value, but))
                    for key, value in found.groupdict().items()
                }
                return "".join(
                    inside.get(part, "") if at % 2 else part
                    for at, part in enumerate(PLACE.split(printed))
                )
        return text

    def joined(self, listing: str) -> str:
        """Return a list of names as a sentence has it, with the word for "and".

        Examples
        --------
        >>> find_language("de").words.joined("patients, caregivers and nurses")
        'patients, caregivers und nurses'
        """
        before, link, last = listing.rpartition(" and ")
        return f"{before} {self.exact.get('and', 'and')} {last}" if link else listing

    def number(self, text: str) -> str:
        """Return a text that holds nothing but numbers with the signs of the language.

        Examples
        --------
        >>> Phrases(signs=(",", ".")).number("1,204 (36.5)")
        '1.204 (36,5)'
        """
        if self.signs == (".", ",") or not NUMERIC.fullmatch(text):
            return text
        signs = dict(zip(".,", self.signs, strict=True))
        return NUMBER.sub(lambda found: re.sub("[.,]", lambda s: signs[s[0]], found[0]), text)


@dataclass(frozen=True, slots=True)
class Language:
    """The fixed words of one language.

    Parameters
    ----------
    tag : str
        As the study file has it, such as ``pt-BR``.
    name : str
        What English calls it; empty where there is no file for it.
    page : dict
        Words of the page by their key: ``table``, ``figure``, ``abstract`` …
    headings : dict
        Headings of the skeleton in English, and what is printed for them.
    words : Phrases
        Captions, heads of columns, notes, words in figures.
    cells : Phrases
        What stands inside tables.
    days : tuple
        How a day is written, with places for day, month and year, and English months with
        their names.
    pages : dict
        Texts of the page to explore a study and of the one behind its numbers.
    """

    tag: str
    name: str
    page: dict[str, str]
    headings: dict[str, str] = field(default_factory=dict)
    words: Phrases = Phrases()
    cells: Phrases = Phrases()
    days: tuple[str, dict[str, str]] = ("", {})
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether everything is printed as the code has it: in English, spelt as in Britain."""
        return not (self.headings or self.words or self.cells)

    @property
    def is_english(self) -> bool:
        """Whether it is English, however spelt."""
        return self.tag.split("-")[0].lower() == "en"

    @property
    def is_right_to_left(self) -> bool:
        """Whether the text runs from right to left."""
        return self.tag.split("-")[0].lower() in RIGHT_TO_LEFT

    @property
    def notes(self) -> list[str]:
        """What is not printed in this language, for those who write in it."""
        if self.is_english:
            return []
        if not self.words:
            return [
                "language: captions, notes and headings are not known in "
                f'"{self.tag}"; they are English.'
            ]
        return [
            "language: sentences of the results are computed in English only, and so are "
            "descriptions of figures; they are marked as English. Captions, heads of columns, "
            f"notes and headings are printed in {self.name}."
        ]

    def said(self, text: str, but: Collection[str] = ()) -> str:
        """Return a fixed phrase in this language, and any other text as it is.

        Parameters
        ----------
        text : str
            As the program has it in English.
        but : collection of str
            Names of the study, which stay as they are though they may read like fixed words.
        """
        return self.words.said(text, but)

    def number(self, text: str) -> str:
        """Return a text of numbers alone as this language writes them; see `Phrases.number`."""
        return self.words.number(text)

    def value(self, text: str) -> str:
        """Return a number or a day as this language writes it, and any other text as it is.

        Examples
        --------
        >>> find_language("de").value("7 March 2023")
        '7. März 2023'
        """
        day = DAY.fullmatch(text)
        pattern, months = self.days
        if day and day["month"] in months:
            return pattern.format(**(day.groupdict() | {"month": months[day["month"]]}))
        return self.number(text)

    def quoted(self, text: str) -> str:
        """Put a text between the quotation marks of this language."""
        return self.page["quotation"].replace("{what}", text)

    @property
    def of_pages(self) -> str:
        """Tag of the language in which pages are written: English where their words lack."""
        return self.tag if self.pages or self.is_english else "en"

    def explained(self, text: str) -> str:
        """Return a text of a page with its places filled, and what fills them, in this language."""
        return _phrases(self.pages, self.words.signs).said(text) if self.pages else text


def known_languages() -> dict[str, str]:
    """Return the tags of the languages that have a file, and what English calls them."""
    return {path.stem: str(_read(path.stem)["name"]) for path in sorted(FOLDER.glob("*.toml"))}


def find_language(tag: str) -> Language:
    """Return a language by its tag.

    Parameters
    ----------
    tag : str
        ``de``, ``de-AT``; ``en`` and ``en-GB`` are spelt as in Britain, ``en-US`` as in
        America. A language without a file prints English words, and has no name.

    Raises
    ------
    LanguageError
        If this is no tag.

    Examples
    --------
    >>> find_language("de-AT").said("Category")
    'Kategorie'
    """
    known = known_languages()
    if not TAG.fullmatch(tag):
        names = {name.casefold(): key for key, name in known.items()}
        near = difflib.get_close_matches(tag.casefold(), names, n=1, cutoff=0.6)
        hint = f'; did you mean "{names[near[0]]}"?' if near else ""
        listed = ", ".join(f'"{key}" ({name})' for key, name in known.items())
        raise LanguageError(f"a language tag, such as one of {listed}{hint}")
    return _language(tag)


@cache
def _language(tag: str) -> Language:
    found = next((t for t in known_languages() if t.casefold() == tag.casefold()), None)
    found = found or next((t for t in known_languages() if t == tag.split("-")[0].lower()), None)
    page = dict(_read("en")["page"])
    if found is None:
        return Language(tag, "", page)
    file = _read(found)
    page |= file.get("page", {})
    spelling = file.get("spelling", {})
    tables = {key: dict(file.get(key, {})) for key in TABLES}
    marks = file.get("numbers", {})
    signs = (marks.get("decimal", "."), marks.get("thousands", ","))
    if spelling:
        for key, english in _inventory().items():
            respelt = {text: _respelt(text, spelling) for text in english} | tables[key]
            tables[key] = {text: new for text, new in respelt.items() if text != new}
    return Language(
        tag,
        str(file["name"]),
        page,
        tables["headings"],
        _phrases(tables["words"], signs),
        _phrases(tables["cells"], signs),
        _days(file.get("dates", {})),
        tables["pages"],
    )


def _days(said: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Return how a day is written, and what its month is called."""
    months = dict(zip(MONTHS, said.get("months", ()), strict=False))
    months |= dict(zip(PERSIAN_MONTHS, said.get("persian-months", ()), strict=False))
    return str(said.get("day", "")), months


def _phrases(table: dict[str, str], signs: tuple[str, str]) -> Phrases:
    return Phrases(
        {text: new for text, new in table.items() if not PLACE.search(text)},
        tuple((_pattern(text), new) for text, new in table.items() if PLACE.search(text)),
        signs,
    )


@cache
def _inventory() -> dict[str, list[str]]:
    """Return every English heading and phrase that some file says in another language."""
    files = [_read(path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    return {
        key: list(dict.fromkeys(text for file in files for text in file.get(key, {})))
        for key in TABLES
    }


def _respelt(text: str, spelling: dict[str, str]) -> str:
    """Spell the words of a phrase in another way, with their capitals."""

    def change(found: re.Match[str]) -> str:
        new = spelling.get(found[0].lower(), found[0])
        return new[:1].upper() + new[1:] if found[0][:1].isupper() else new

    return re.sub(r"[A-Za-z]+", change, text)


def _pattern(text: str) -> re.Pattern[str]:
    """Return an English phrase as a pattern, its places as named groups."""
    parts = PLACE.split(text)
    seen: set[str] = set()
    pattern = ""
    for at, part in enumerate(parts):
        if at % 2 == 0:
            pattern += re.escape(part)
        elif part in seen:
            pattern += f"(?P={part})"
        else:
            seen.add(part)
            pattern += f"(?P<{part}>.+?)"
    return re.compile(pattern, re.DOTALL)


@cache
def _read(tag: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{tag}.toml").read_text(encoding="utf-8"))


ENGLISH = _language("en")
_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def spoken() -> Language:
    """Return the language that is spoken at the moment."""
    return _spoken.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let figures and texts that are made inside print their fixed words in a language."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def printed(text: str) -> str:
    """Return a fixed phrase in the language that is spoken at the moment."""
    return _spoken.get().said(text)


def on_page(text: str, **places: object) -> str:
    """Return a text of a page in the language that is spoken, with what fills its places."""
    language = _spoken.get()
    said = language.pages.get(text) or language.said(text)
    return PLACE.sub(lambda found: str(places.get(found[1], found[0])), said)
