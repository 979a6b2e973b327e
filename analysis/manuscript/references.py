"""Numbers of sections, tables and figures, references to them, and citations of works.

Tables and figures that have a label are counted in the order in which they appear. A
reference is the kind's name, a space that does not break, and the number, as a link:
``@tbl-groups`` gives "Table 2"; ``-@tbl-groups`` the number alone; a prefix, as in
``[see @tbl-groups]``, stands in place of the name.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qdaio.faults import FaultList

from . import pandoc
from .frontmatter import Settings
from .pandoc import (
    Element,
    attributes,
    elements,
    link,
    plain_text,
    replace,
    space,
    string,
    to_meta,
    words,
)
from .source import Place, Source

__all__ = ["NAMES", "Numbers", "caption_of", "cite", "number_all", "refer_all", "work_keys"]

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


def _files(settings: Settings) -> list[str]:
    value = settings.metadata.get("bibliography")
    return [str(name) for name in (value if isinstance(value, list) else [value] if value else [])]


def work_keys(report: Path, settings: Settings, faults: FaultList) -> frozenset[str]:
    """Return the keys of the works in the bibliography.

    Parameters
    ----------
    report : Path
        Folder from which the files are named.
    settings : Settings
        With ``bibliography`` and ``csl``.
    faults : FaultList
        Files that are missing or cannot be read are added.
    """
    keys: set[str] = set()
    style = settings.metadata.get("csl")
    for name in [*_files(settings), *([str(style)] if style else [])]:
        found = "no such file"
        if (report / name).is_file():
            if name == style:
                continue
            try:
                works = json.loads(pandoc.run([name, "-t", "csljson"], folder=report))
                keys.update(str(work["id"]) for work in works)
                continue
            except pandoc.PandocError as error:
                found = str(error).split("\n", maxsplit=1)[0]
        faults.add(
            kind="bibliography",
            file=f"{report.name}/{name}",
            found=found,
            expected="a file of references, and a citation style, that Pandoc reads",
            remedy="Add or correct the file, or its name in _quarto.yml.",
        )
    return frozenset(keys)


def cite(tree: dict[str, Any], report: Path, settings: Settings) -> dict[str, Any]:
    """Return the tree with citations written out and the references in their place.

    References go where a division ``refs`` stands, else to the end under a heading.
    """
    cited = any(element["t"] == "Cite" for element in elements([tree["blocks"], tree["meta"]]))
    if not cited:
        return tree
    blocks: list[Element] = tree["blocks"]
    if not any(e["t"] == "Div" and attributes(e)[0] == "refs" for e in elements(blocks)):
        title = str(settings.metadata.get("reference-section-title", "References"))
        blocks.append({"t": "Header", "c": [1, ["references", ["unnumbered"], []], words(title)]})
        blocks.append({"t": "Div", "c": [["refs", [], []], []]})
    asked: dict[str, object] = {"bibliography": _files(settings), "link-citations": True}
    if settings.metadata.get("csl"):
        asked["csl"] = str(settings.metadata["csl"])
    # Citeproc would join the paragraphs of an abstract that stands in the metadata.
    abstract = tree["meta"].get("abstract", {"c": []})
    first: Element = {"t": "Div", "c": [["", [], []], abstract["c"]]}
    asked["lang"] = plain_text(tree["meta"].get("lang", {}))
    content = {
        "pandoc-api-version": tree["pandoc-api-version"],
        "meta": {key: to_meta(value) for key, value in asked.items() if value},
        "blocks": [first, *blocks],
    }
    done = json.loads(
        pandoc.run(
            ["-f", "json", "-t", "json", "--citeproc"],
            json.dumps(content, ensure_ascii=False).encode("utf-8"),
            folder=report,
        )
    )
    # What is left of a citation is its text with links; some writers would cite again.
    replace(done["blocks"], _written_out)
    abstract["c"] = done["blocks"][0]["c"][1]
    return tree | {"blocks": done["blocks"][1:]}


def _written_out(element: Element) -> list[Element] | None:
    return list(element["c"][1]) if element["t"] == "Cite" else None
