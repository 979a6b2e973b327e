"""The manuscript's text: its files read into one, with every shortcode found and marked.

Every line remembers the file and row that it comes from, so that a fault that is found
later, in the parsed document, still names the place that a person has to mend.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from qdaio.faults import FaultList

__all__ = ["MARK", "Place", "Shortcode", "Source", "read_source", "tokenise"]

# A letter that no manuscript uses: Pandoc keeps a token of letters and digits in one piece,
# in text, attributes and addresses, and takes an apostrophe after it for an apostrophe.
MARK = "\ua66e"

# Each shortcode that is known, and how many arguments it takes.
KNOWN = {"var": 1, "meta": 1, "embed": 1, "include": 1, "pagebreak": 0}
# What is printed as it stands: a shortcode in three braces, and the letter of the tokens.
_LITERAL = re.compile(r"\{\{\{(<.*?>)\}\}\}" + f"|{MARK}")
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
        ``var``, ``meta``, ``embed`` or ``pagebreak``; includes are resolved before. Or
        ``literal``: its argument is printed as it stands.
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

    def keep(shortcode: Shortcode) -> str:
        shortcodes.append(shortcode)
        return f"{MARK}{len(shortcodes) - 1}{MARK}"

    def literal(match: re.Match[str]) -> str:
        said = f"{{{{{match.group(1)}}}}}" if match.group(1) else MARK
        return keep(Shortcode("literal", (said,), place))

    def replace(match: re.Match[str]) -> str:
        name, *arguments = match.group(1).split() or [""]
        if len(arguments) == KNOWN.get(name, -1):
            return keep(Shortcode(name, tuple(arguments), place))
        faults.add(
            kind="shortcode-arguments" if name in KNOWN else "unknown-shortcode",
            file=place.file,
            row=place.row,
            found=match.group(0),
            expected="pagebreak, or one of var, meta, embed, include with one argument",
            remedy="Use one of these, or write the text itself.",
        )
        return ""

    replaced = _SHORTCODE.sub(replace, _LITERAL.sub(literal, text))
    unread = ("{{<", ">}}", f"{{{MARK}", f"\\{MARK}")
    if any(sign in replaced for sign in unread):
        faults.add(
            kind="open-shortcode",
            file=place.file,
            row=place.row,
            found=text.strip()[:60],
            expected="{{< name argument >}} on one line",
            remedy="Close the shortcode where it begins; {{{< … >}}} prints one as it stands.",
        )
        return ""
    return replaced


_ALONE = re.compile(rf"^\s{{0,3}}{MARK}(\d+){MARK}\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_source(report: Path, faults: FaultList) -> Source:
    """Read ``manuscript.qmd`` with everything that it includes.

    Parameters
    ----------
    report : Path
        Folder with ``manuscript.qmd``; included files may not lie outside it.
    faults : FaultList
        Files that are missing, include each other or lie outside, and shortcodes that
        cannot be read, are added.

    Returns
    -------
    Source
        Include paths are taken from `report`, as Quarto takes them from the folder of the
        document that is rendered, also where an included file includes another.
    """
    source = Source()
    _read(report, "manuscript.qmd", Place(f"{report.name}/manuscript.qmd"), (), source, faults)
    return source


def _read(
    report: Path,
    name: str,
    asked: Place,
    above: tuple[str, ...],
    source: Source,
    faults: FaultList,
) -> None:
    """Append a file and what it includes to `source`."""
    lines = _file_lines(report, name, asked, above, faults)
    shown = f"{report.name}/{name}"
    start = 0
    if lines and lines[0].rstrip() == "---":
        start = _front_matter(lines, shown, above, source, faults)
    for row, line in enumerate(lines[start:], start + 1):
        place = Place(shown, row)
        count = len(source.shortcodes)
        replaced = tokenise(line, place, source.shortcodes, faults)
        alone = _ALONE.match(replaced)
        shortcode = source.shortcodes[int(alone.group(1))] if alone else None
        if shortcode and shortcode.name == "include":
            source.add("", line, place)
            _read(report, shortcode.argument, place, (*above, name), source, faults)
            source.add("", "", place)
        else:
            source.add(replaced, line, place)
            for found in source.shortcodes[count:]:
                _check_position(found, bool(alone), faults)


def _check_position(shortcode: Shortcode, alone: bool, faults: FaultList) -> None:
    """Fault what stands for whole blocks and stands inside a line of text."""
    if shortcode.name in ("include", "embed", "pagebreak") and not alone:
        faults.add(
            kind=f"{shortcode.name}-inside-text",
            file=shortcode.place.file,
            row=shortcode.place.row,
            found=f"{shortcode.name} {shortcode.argument}".strip() + " among other text",
            expected=f"{shortcode.name} alone on its line",
            remedy="Put it on a line of its own, with an empty line before and after.",
        )


def _file_lines(
    report: Path, name: str, asked: Place, above: tuple[str, ...], faults: FaultList
) -> list[str]:
    """Return the lines of a file without the content of comments; none if it cannot be."""

    def refuse(kind: str, expected: str, remedy: str) -> list[str]:
        faults.add(
            kind=kind,
            file=asked.file,
            row=asked.row,
            found=name or "no file name",
            expected=expected,
            remedy=remedy,
        )
        return []

    path = (report / name).resolve()
    if not path.is_relative_to(report.resolve()):
        return refuse(
            "include-outside-report",
            f"a file inside {report.name}/",
            "Move the file there and include it from there.",
        )
    if name in above:
        return refuse(
            "include-cycle",
            "files that do not include each other",
            f"Take the include out of one of: {' > '.join((*above, name))}.",
        )
    if not name or not path.is_file():
        return refuse(
            "missing-include" if above else "missing-manuscript",
            "an existing file",
            "Make the file, or correct its name.",
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return refuse("not-utf-8", "text in UTF-8", "Save the file as UTF-8.")
    return _COMMENT.sub(lambda found: "<!--" + "\n" * found[0].count("\n") + "-->", text).split(
        "\n"
    )


def _front_matter(
    lines: list[str], shown: str, above: tuple[str, ...], source: Source, faults: FaultList
) -> int:
    """Keep the settings between ``---`` lines and return how many lines they take."""
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    problem = None
    if above:
        problem = "settings in an included file"
    elif not end:
        problem = "a first line --- without a second one"
    else:
        marked = [
            tokenise(line, Place(shown, row), source.shortcodes, faults)
            for row, line in enumerate(lines[1:end], 2)
        ]
        try:
            read = yaml.safe_load("\n".join(marked))
        except yaml.YAMLError as error:
            problem = str(error).split("\n", maxsplit=1)[0]
        else:
            if isinstance(read, dict):
                source.front = {str(key): value for key, value in read.items()}
            elif read is not None:
                problem = "something other than a list of keys"
    if problem:
        faults.add(
            kind="front-matter",
            file=shown,
            row=1,
            found=problem,
            expected="key: value lines between two lines --- at the head of manuscript.qmd",
            remedy="Correct the settings at the head of the file.",
        )
    taken = end + 1 if end else 1
    for row, line in enumerate(lines[:taken], 1):
        source.add("", line, Place(shown, row))
    return taken
