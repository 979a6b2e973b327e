"""Numbers of sections, tables and figures, and references to them, as Quarto prints them.

Tables and figures that have a label are counted in the order in which they appear. A
reference is the kind's name, a space that does not break, and the number, as a link:
``@tbl-groups`` gives "Table 2"; ``-@tbl-groups`` the number alone; a prefix, as in
``[see @tbl-groups]``, stands in place of the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qdaio.faults import FaultList

from .source import Place, Source
from .tree import Element, attributes, elements, link, plain_text, replace, space, string

__all__ = ["NAMES", "Numbers", "caption_of", "number_all", "refer_all"]

NAMES = {"tbl": "Table", "fig": "Figure", "sec": "Section"}
# What Quarto gives a meaning to that this engine does not make.
_OTHER_KINDS = (
    *("lst", "eq", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem"),
    *("alg", "tip", "nte", "wrn", "imp", "cau"),
)
_NOT_BREAKING = "\u00a0"
_UNMADE_CLASS = re.compile(r"callout|panel-tabset|column-|cell-output|quarto-")


@dataclass(slots=True)
class Numbers:
    """The numbers of a manuscript.

    Parameters
    ----------
    sections : dict
        Number, such as ``3.1``, of each numbered heading by its identifier.
    floats : dict
        Number of each table and figure by its label, in order of appearance.
    """

    sections: dict[str, str] = field(default_factory=dict)
    floats: dict[str, int] = field(default_factory=dict)

    def of(self, label: str) -> str | None:
        """Return the number of a label, or None if nothing bears it."""
        if label.startswith("sec-"):
            return self.sections.get(label)
        return str(self.floats[label]) if label in self.floats else None


def caption_of(element: Element) -> list[Element]:
    """Return the inlines of a table's or figure's caption, to be changed in place."""
    caption = element["c"][1][1]
    if not caption:
        caption.append({"t": "Plain", "c": []})
    inlines: list[Element] = caption[0]["c"]
    return inlines


def number_all(blocks: list[Element], source: Source, faults: FaultList) -> Numbers:
    """Count sections, tables and figures, and give each heading an identifier.

    Parameters
    ----------
    blocks : list of dict
        The document; only identifiers of headings that lack one are changed.
    source : Source
        For places.
    faults : FaultList
        Labels that stand twice, headings that skip the first level, and constructions that
        only Quarto makes, are added.

    Returns
    -------
    Numbers
    """
    numbers = Numbers()
    counts = [0] * 6
    taken = {attributes(element)[0] for element in elements(blocks)}
    counted: dict[str, int] = {}
    for element in elements(blocks):
        kind = element["t"]
        identifier, classes, pairs = attributes(element)
        if kind == "Header":
            level = element["c"][0]
            if not identifier:
                identifier = element["c"][1][0] = _free(plain_text(element["c"][2]), taken)
            if "unnumbered" in classes:
                continue
            counts[level - 1] += 1
            counts[level:] = [0] * (6 - level)
            if 0 in counts[:level]:
                _fault(
                    faults,
                    "heading-level",
                    source.find(r"^#{2,}\s"),
                    found=f"a heading of level {level} without one of level {level - 1} above it",
                    expected="# for main headings, ## below them, and so on",
                    remedy="Change the number of # signs.",
                )
            numbers.sections[identifier] = ".".join(map(str, counts[:level]))
        elif kind in ("Table", "Figure") and identifier[:4] in ("tbl-", "fig-"):
            if identifier in numbers.floats:
                _fault(
                    faults,
                    "label-twice",
                    source.find(re.escape(identifier)),
                    found=f"{identifier} a second time",
                    expected="each table and figure once",
                    remedy="Refer to it by @label where it is needed again.",
                )
            counted[identifier[:3]] = counted.get(identifier[:3], 0) + 1
            numbers.floats[identifier] = counted[identifier[:3]]
        else:
            _check_made(element, identifier, classes, pairs, source, faults)
    return numbers


def refer_all(
    blocks: list[Element],
    numbers: Numbers,
    keys: frozenset[str],
    source: Source,
    faults: FaultList,
) -> None:
    """Put links in place of references; leave citations of works for citeproc.

    Parameters
    ----------
    blocks : list of dict
        The document, or an abstract or caption of it, changed in place.
    numbers : Numbers
        From :func:`number_all`.
    keys : frozenset of str
        Keys of the works in the bibliography.
    source : Source
        For places.
    faults : FaultList
        References to nothing, to kinds that are not made, and works and references mixed in
        one bracket, are added.
    """

    def change(element: Element) -> list[Element] | None:
        if element["t"] != "Cite":
            return None
        citations = element["c"][0]
        kinds = {_kind(citation["citationId"]) for citation in citations}
        if kinds == {"work"}:
            for citation in citations:
                if citation["citationId"] not in keys:
                    _unknown(citation["citationId"], "a key of the bibliography", source, faults)
            return None
        if "work" in kinds or any(citation["citationSuffix"] for citation in citations):
            _fault(
                faults,
                "mixed-reference",
                source.find(re.escape(f"@{citations[0]['citationId']}")),
                found="tables, figures or sections beside works or words in one bracket",
                expected="references alone, such as [@tbl-one; @fig-two]",
                remedy="Write two brackets, or the words outside.",
            )
            return []
        result: list[Element] = []
        for citation in citations:
            if result:
                result.extend([string(","), space()])
            result.append(_reference(citation, numbers, source, faults))
        return result

    replace(blocks, change)


def _kind(key: str) -> str:
    prefix = key[:1].lower() + key.split("-", maxsplit=1)[0][1:]
    return prefix if "-" in key and prefix in (*NAMES, *_OTHER_KINDS) else "work"


def _reference(citation: Element, numbers: Numbers, source: Source, faults: FaultList) -> Element:
    """Return the link for one reference."""
    key = citation["citationId"]
    label = key[:1].lower() + key[1:]
    number = numbers.of(label)
    if number is None:
        made = _kind(key) in NAMES
        expected = (
            "the label of a numbered section, a table or a figure in the manuscript"
            if made
            else f"one of {', '.join(f'@{kind}-' for kind in NAMES)}"
        )
        _unknown(key, expected, source, faults)
        number = "?"
    shown: list[Element] = []
    if citation["citationPrefix"]:
        shown = [*citation["citationPrefix"], string(_NOT_BREAKING)]
    elif citation["citationMode"]["t"] != "SuppressAuthor":
        # One word, so that no format breaks it or spaces it as it spaces words.
        return link(
            [string(f"{NAMES.get(_kind(key), '')}{_NOT_BREAKING}{number}")],
            f"#{label}",
            ["quarto-xref"],
        )
    return link([*shown, string(number)], f"#{label}", ["quarto-xref"])


def _check_made(
    element: Element,
    identifier: str,
    classes: list[str],
    pairs: dict[str, str],
    source: Source,
    faults: FaultList,
) -> None:
    """Fault what Quarto gives a meaning to and this engine does not."""
    kind = element["t"]
    found = ""
    if kind == "Div" and "notebook" not in pairs:
        found = next((f".{c}" for c in classes if _UNMADE_CLASS.match(c)), "")
        found = found or next((key for key in pairs if key.startswith("layout")), "")
    if kind == "Code":
        # Pandoc takes a cell to be executed for code in a line.
        cell = re.match(r"\{\w+\}", element["c"][1])
        found = cell[0] if cell else ""
    if kind in ("Div", "Span", "Image", "CodeBlock", "Math") and not found:
        found = f"#{identifier}" if _kind(identifier) != "work" else ""
    if found:
        _fault(
            faults,
            "not-made",
            source.find(re.escape(found.strip("#."))),
            found=found,
            expected="headings, paragraphs, lists, quotations, tables and figures",
            remedy="Leave it out; a label belongs on a table's or figure's caption.",
        )


def _free(text: str, taken: set[str]) -> str:
    """Return a new identifier made of a heading's words."""
    kept = "".join(c for c in text.lower() if c.isalnum() or c in " -_.")
    base = "-".join(kept.split()).lstrip("0123456789-_.") or "section"
    name, n = base, 0
    while name in taken:
        n += 1
        name = f"{base}-{n}"
    taken.add(name)
    return name


def _unknown(key: str, expected: str, source: Source, faults: FaultList) -> None:
    _fault(
        faults,
        "unknown-reference",
        source.find(f"@{re.escape(key)}(?![\\w-])"),
        found=f"@{key}",
        expected=expected,
        remedy="Correct the label, or add what it names.",
    )


def _fault(
    faults: FaultList, kind: str, place: Place, *, found: str, expected: str, remedy: str
) -> None:
    faults.add(
        kind=kind,
        file=place.file,
        row=place.row,
        found=found,
        expected=expected,
        remedy=remedy,
    )
