"""Numbers of sections, tables and figures, references to them, and citations of works.

Tables, figures and equations that have a label are counted in the order in which they appear.
A reference is the kind's name, a space that does not break, and the number, as a link:
``@tbl-groups`` gives "Table 2"; ``-@tbl-groups`` the number alone; a prefix, as in
``[see @tbl-groups]``, stands in place of the name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.languages import Language
from qdaio.faults import FaultList

from . import pandoc
from .frontmatter import Kind, Settings, wording
from .pandoc import (
    Element,
    attributes,
    div,
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

__all__ = [
    "Numbering",
    "caption_of",
    "cite",
    "floats_at_end",
    "number_all",
    "refer_all",
    "work_types",
]

_REFERENCE = re.compile(r"[a-z]+-[\w.:-]+")


@dataclass(slots=True)
class Numbering:
    """The numbers of a manuscript.

    Parameters
    ----------
    kinds : mapping
        Kinds of numbered things by the first part of their labels.
    delimiter : str
        What stands after the number in a caption.
    sections : dict
        Number, such as ``3.1`` or ``A.1``, of each numbered heading by its identifier.
    appendices : set of str
        Identifiers of the headings that are numbered by letters.
    floats : dict
        Number of each table, figure and equation by its label, in order of appearance.
    turned : set of str
        Labels of tables and figures that stand on a page on its side.
    """

    kinds: Mapping[str, Kind]
    delimiter: str = ":"
    sections: dict[str, str] = field(default_factory=dict)
    appendices: set[str] = field(default_factory=set)
    floats: dict[str, int] = field(default_factory=dict)
    turned: set[str] = field(default_factory=set)

    def number(self, label: str) -> str | None:
        """Return the number of a label, or None if nothing bears it."""
        if label in self.sections:
            return self.sections[label]
        return str(self.floats[label]) if label in self.floats else None

    def reference(self, label: str) -> str:
        """Return what a reference to a label prints: "Table 2", "Appendix A"."""
        kind = "apx" if label in self.appendices else label.split("-", maxsplit=1)[0]
        return self.kinds[kind].named(self.number(label) or "?")

    def caption(self, label: str, *, before: bool) -> str:
        """Return what a caption begins with, with a delimiter where words come after it."""
        kind = self.kinds[label.split("-", maxsplit=1)[0]]
        number = kind.named(str(self.floats[label]), caption=True)
        return f"{number}{self.delimiter if before else ''}"

    def heading(self, label: str) -> str:
        """Return what stands before a heading: "3.1", "Appendix A", or nothing."""
        number = self.sections.get(label, "")
        if label in self.appendices and "." not in number:
            return self.kinds["apx"].named(number)
        return number


def caption_of(element: Element) -> list[Element]:
    """Return the inlines of a table's or figure's caption, to be changed in place."""
    caption = element["c"][1][1]
    if not caption:
        caption.append({"t": "Plain", "c": []})
    inlines: list[Element] = caption[0]["c"]
    return inlines


def number_all(
    blocks: list[Element], settings: Settings, source: Source, faults: FaultList
) -> Numbering:
    """Count sections, tables, figures and equations, and give each heading an identifier.

    Parameters
    ----------
    blocks : list of dict
        The document; only identifiers of headings that lack one are changed.
    settings : Settings
        For the kinds of labels, and whether headings are numbered.
    source : Source
        For places.
    faults : FaultList
        Labels that stand twice and headings that skip a level are added.

    Returns
    -------
    Numbering
    """
    numbers = Numbering(settings.kinds, settings.delimiter)
    taken = {attributes(element)[0] for element in elements(blocks)}
    counted: dict[str, int] = {}
    sections = _Sections(settings, source, faults)
    for element in elements(blocks):
        kind = element["t"]
        identifier, classes, _ = attributes(element)
        if kind == "Header":
            if not identifier:
                identifier = element["c"][1][0] = _free(plain_text(element["c"][2]), taken)
            number = sections.count(element["c"][0], classes)
            if number:
                numbers.sections[identifier] = number
                if sections.in_appendix:
                    numbers.appendices.add(identifier)
        elif kind == "Div" and "landscape" in classes:
            numbers.turned |= {attributes(inner)[0] for inner in elements(element["c"][1])} - {""}
        elif kind in ("Table", "Figure") or "equation" in classes:
            first = identifier.split("-", maxsplit=1)[0]
            if first not in settings.kinds:
                continue
            if identifier in numbers.floats:
                _fault(
                    faults,
                    "label-twice",
                    source.find(re.escape(identifier)),
                    found=f"{identifier} a second time",
                    expected="each table and figure once",
                    remedy="Refer to it by @label where it is needed again.",
                )
            counted[first] = counted.get(first, 0) + 1
            numbers.floats[identifier] = counted[first]
    return numbers


def floats_at_end(blocks: list[Element], numbers: Numbering, language: Language) -> None:
    """Move tables and figures of the text behind its references, as some journals want it.

    Each leaves a line where it stood, and stands on a page of its own, tables first. What
    stands behind the references, as in a supplement, stays there.

    Parameters
    ----------
    blocks : list of dict
        The document, changed in place; captions have their numbers.
    numbers : Numbering
    language : Language
        For the lines.
    """
    moved: dict[str, list[Element]] = {"Table": [], "Figure": []}

    def change(element: Element) -> list[Element] | None:
        inside = element["c"][1] if element["t"] == "Div" else [element]
        if element["t"] == "Div" and "landscape" in attributes(element)[1] and len(inside) == 1:
            within = inside[0]
            inside = within["c"][1] if within["t"] == "Div" else [within]
        first = inside[0] if len(inside) == 1 else None
        if first is None or first["t"] not in moved:
            return None
        label = attributes(first)[0]
        if label not in numbers.floats:
            return None
        moved[first["t"]].append(element)
        before, after = language.page["about-here"].split("{what}")
        said = [string(before + numbers.reference(label))]
        said += [space(), *words(after)] if after[:1].isspace() else [string(after)]
        return [{"t": "Para", "c": [{"t": "Emph", "c": said}]}]

    end = next(
        (
            at + 1
            for at, block in enumerate(blocks)
            if block["t"] == "Div" and attributes(block)[0] == "refs"
        ),
        len(blocks),
    )
    text = blocks[:end]
    replace(text, change)
    behind = [
        part
        for element in [*moved["Table"], *moved["Figure"]]
        for part in (div(["page-break"], []), element)
    ]
    if behind and blocks[end:]:
        behind.append(div(["page-break"], []))
    blocks[:] = [*text, *behind, *blocks[end:]]


@dataclass(slots=True)
class _Sections:
    """Counts headings; those of an appendix, and below it, by a letter."""

    settings: Settings
    source: Source
    faults: FaultList
    counts: list[int] = field(default_factory=lambda: [0] * 6)
    letters: int = 0
    in_appendix: bool = False

    def count(self, level: int, classes: list[str]) -> str:
        """Return the number of the next heading, or nothing if it has none."""
        if level == 1:
            self.in_appendix = "appendix" in classes
        elif "appendix" in classes:
            _fault(
                self.faults,
                "heading-level",
                self.source.find(r"^#{2,}.*\.appendix"),
                found=f".appendix on a heading of level {level}",
                expected="it on main headings",
                remedy="Write # with .appendix, and ## for its parts.",
            )
        if "unnumbered" in classes or not self.settings.numbered:
            return ""
        if level == 1 and self.in_appendix:
            self.letters += 1
            self.counts[1:] = [0] * 5
            return _letters(self.letters)
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (6 - level)
        above = self.counts[1:level] if self.in_appendix else self.counts[:level]
        if 0 in above:
            _fault(
                self.faults,
                "heading-level",
                self.source.find(r"^#{2,}\s"),
                found=f"a heading of level {level} without one of level {level - 1} above it",
                expected="# for main headings, ## below them, and so on",
                remedy="Change the number of # signs.",
            )
        if self.in_appendix:
            return ".".join([_letters(self.letters), *map(str, above)])
        return ".".join(map(str, above))


def _letters(number: int) -> str:
    """Return A to Z, then AA and so on."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def refer_all(
    blocks: list[Element],
    numbers: Numbering,
    keys: frozenset[str],
    source: Source,
    faults: FaultList,
) -> None:
    """Put links in place of references; leave citations of works for citeproc.

    Parameters
    ----------
    blocks : list of dict
        The document, or an abstract or caption of it, changed in place.
    numbers : Numbering
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
        works = [_is_work(citation["citationId"], numbers, keys) for citation in citations]
        if all(works):
            for citation in citations:
                if citation["citationId"] not in keys:
                    _unknown(citation["citationId"], "a key of the bibliography", source, faults)
            return None
        if any(works) or any(citation["citationSuffix"] for citation in citations):
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


def _label(key: str) -> str:
    return key[:1].lower() + key[1:]


def _is_work(key: str, numbers: Numbering, keys: frozenset[str]) -> bool:
    label = _label(key)
    first = label.split("-", maxsplit=1)[0]
    return key in keys or not _REFERENCE.fullmatch(label) or first not in numbers.kinds


def _reference(citation: Element, numbers: Numbering, source: Source, faults: FaultList) -> Element:
    """Return the link for one reference."""
    key = citation["citationId"]
    label = _label(key)
    number = numbers.number(label)
    if number is None:
        kinds = ", ".join(f"@{kind}-" for kind in numbers.kinds if kind != "apx")
        _unknown(
            key, f"the label of something that is numbered ({kinds}) in the text", source, faults
        )
        number = "?"
    if citation["citationPrefix"]:
        shown = [*citation["citationPrefix"], string(f"\u00a0{number}")]
    elif citation["citationMode"]["t"] == "SuppressAuthor":
        shown = [string(number)]
    else:
        # One word, so that no format breaks it or spaces it as it spaces words.
        shown = [string(numbers.reference(label))]
    return link(shown, f"#{label}", ["quarto-xref"])


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


def work_types(report: Path, settings: Settings, faults: FaultList) -> dict[str, str]:
    """Return the works of the bibliography: key, and type as CSL has it.

    Parameters
    ----------
    report : Path
        Folder from which the files are named.
    settings : Settings
        With ``bibliography`` and ``csl``.
    faults : FaultList
        Files that are missing or cannot be read are added.
    """
    types: dict[str, str] = {}
    style = settings.metadata.get("csl")
    for name in [*_files(settings), *([str(style)] if style else [])]:
        found = "no such file"
        if (report / name).is_file():
            if name == style:
                continue
            try:
                works = json.loads(pandoc.run([name, "-t", "csljson"], folder=report))
                types.update((str(work["id"]), str(work.get("type", ""))) for work in works)
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
    return types


def cite(tree: dict[str, Any], report: Path, settings: Settings) -> dict[str, Any]:
    """Return the tree with citations written out and the references in their place.

    References go where a division ``refs`` stands, else to the end under a heading. Where
    nothing is cited, an empty division goes, and its heading with it.
    """
    cited = any(element["t"] == "Cite" for element in elements([tree["blocks"], tree["meta"]]))
    if not cited:
        return tree | {"blocks": _without_references(tree["blocks"])}
    blocks: list[Element] = tree["blocks"]
    if not any(e["t"] == "Div" and attributes(e)[0] == "refs" for e in elements(blocks)):
        fixed = wording(str(settings.metadata.get("lang") or "en")).page["references"]
        title = str(settings.metadata.get("reference-section-title", fixed))
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


def _without_references(blocks: list[Element]) -> list[Element]:
    """Return blocks without an empty list of references, and without a heading of it alone."""
    kept: list[Element] = []
    for at, block in enumerate(blocks):
        if _is_empty_list(block):
            continue
        if block["t"] == "Header" and _is_empty_list(*blocks[at + 1 : at + 2]):
            after = blocks[at + 2 : at + 3]
            if not after or (after[0]["t"] == "Header" and after[0]["c"][0] <= block["c"][0]):
                continue
        if block["t"] == "Div":
            block["c"][1] = _without_references(block["c"][1])
        kept.append(block)
    return kept


def _is_empty_list(block: Element | None = None) -> bool:
    if block is None or block["t"] != "Div":
        return False
    return attributes(block)[0] == "refs" and not block["c"][1]


def _written_out(element: Element) -> list[Element] | None:
    return list(element["c"][1]) if element["t"] == "Cite" else None
