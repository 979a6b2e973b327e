"""The manuscript's text, with its shortcodes marked.

Every line remembers the file and row that it comes from, so that a fault that is found
later, in the parsed document, still names the place that a person has to mend.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qdaio.faults import FaultList

__all__ = ["MARK", "Place", "Shortcode", "Source", "tokenise"]

# A letter that no manuscript uses: Pandoc keeps a token of letters and digits in one piece,
# in text, attributes and addresses, and takes an apostrophe after it for an apostrophe.
MARK = "\ua66e"

KNOWN = ("var", "meta", "embed", "include")
_SHORTCODE = re.compile(r"\{\{<\s*(.*?)\s*>\}\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A file, relative to the study, and a row that counts from 1."""

    file: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Shortcode:
    """One ``{{< name argument … >}}`` and where it stands.

    Parameters
    ----------
    name : str
        ``var``, ``meta`` or ``embed``; includes are resolved before.
    arguments : tuple of str
        What follows the name.
    place : Place
        Where it was found.
    """

    name: str
    arguments: tuple[str, ...]
    place: Place

    @property
    def argument(self) -> str:
        """The first argument, or an empty string."""
        return self.arguments[0] if self.arguments else ""


@dataclass(slots=True)
class Source:
    """The manuscript as one text, and the way back to its files.

    Parameters
    ----------
    front : dict
        Settings at the head of the manuscript.
    lines : list of str
        The text; shortcodes are tokens such as ``ꙮ7ꙮ``.
    places : list of Place
        Where each line comes from; as long as `lines`.
    written : list of str
        Each line as it stands in its file; as long as `lines`.
    shortcodes : list of Shortcode
        Shortcode *n* is the one whose token holds *n*.
    """

    front: dict[str, object] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    shortcodes: list[Shortcode] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text as Pandoc reads it."""
        return "\n".join(self.lines) + "\n"

    def add(self, line: str, written: str, place: Place) -> None:
        """Add a line: as Pandoc reads it, as it is written, and where."""
        self.lines.append(line)
        self.written.append(written)
        self.places.append(place)

    def at(self, line: int) -> Place:
        """Return where line `line` of the text, counted from 1, comes from."""
        if not self.places:
            return Place("manuscript.qmd")
        return self.places[min(max(line, 1), len(self.places)) - 1]

    def find(self, pattern: str) -> Place:
        """Return the first place where a regular expression matches, else the first line."""
        expression = re.compile(pattern)
        for line, place in zip(self.written, self.places, strict=True):
            if expression.search(line):
                return place
        return Place(self.places[0].file) if self.places else Place("manuscript.qmd")


def tokenise(text: str, place: Place, shortcodes: list[Shortcode], faults: FaultList) -> str:
    """Put a token in place of each shortcode of one line, and keep the shortcodes.

    Parameters
    ----------
    text : str
        One line.
    place : Place
        Where it stands.
    shortcodes : list of Shortcode
        Found shortcodes are added at its end.
    faults : FaultList
        Shortcodes that are unknown, empty or not closed are added.

    Returns
    -------
    str
        The line with tokens.
    """

    def replace(match: re.Match[str]) -> str:
        name, *arguments = match.group(1).split() or [""]
        if name not in KNOWN or len(arguments) != 1:
            faults.add(
                kind="unknown-shortcode" if name not in KNOWN else "shortcode-arguments",
                file=place.file,
                row=place.row,
                found=match.group(0),
                expected="one of var, meta, embed, include, each with one argument",
                remedy="Use one of these, or write the text itself.",
            )
            return ""
        shortcodes.append(Shortcode(name, tuple(arguments), place))
        return f"{MARK}{len(shortcodes) - 1}{MARK}"

    replaced = _SHORTCODE.sub(replace, text)
    if "{{<" in replaced or ">}}" in replaced or "{{{" in text:
        faults.add(
            kind="open-shortcode",
            file=place.file,
            row=place.row,
            found=text.strip()[:60],
            expected="{{< name argument >}} on one line",
            remedy="Close the shortcode on the line where it begins.",
        )
        return ""
    return replaced
