"""The supplement of a manuscript: which tables and figures stand there, and their own numbers.

A main heading with the class ``supplement`` begins a part of it, to the next main heading.
Tables and figures there are numbered S1, S2 and so on, each kind by itself, and a reference
such as ``@tbl-groups`` stays as it is wherever the table stands. What the study file moves out
of the text follows at the end, under a heading of its own; what it calls into the text stands
behind the first paragraph that refers to it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from qdaio.faults import FaultList
from qdaio.labels import did_you_mean, nearest

from .frontmatter import Kind, Settings
from .pandoc import Element, attributes, elements, replace, words
from .source import Source

__all__ = ["HEADING", "arrange"]

KINDS = {"tbl": "supptbl", "fig": "suppfig"}
HEADING = "Supplement: further tables and figures"


def arrange(blocks: list[Element], settings: Settings, source: Source, faults: FaultList) -> None:
    """Move what belongs to the supplement there, and give its tables and figures their kind.

    Parameters
    ----------
    blocks : list of dict
        The document, changed in place. Embeds are tables and figures already.
    settings : Settings
        ``supplement`` of its metadata: ``move`` (labels that leave the text), ``text`` (labels
        of the supplement that come into the text, behind the first paragraph there that refers
        to them) and ``most`` (tables and figures that may stay in the text: those that come
        last leave it, but not those that were called into it); each may be absent.
    source : Source
        For places.
    faults : FaultList
        Labels that stand nowhere, or to which the text does not refer, are added.
    """
    asked: Any = settings.metadata.get("supplement") or {}
    move = [str(label) for label in asked.get("move") or []]
    called = [str(label) for label in asked.get("text") or []]
    most = asked.get("most")
    parts = _parts(blocks)
    labels, supplementary = _labels(parts, False), _labels(parts, True)
    for column, names in (("manuscript.supplement", move), ("manuscript.in_text", called)):
        for label in names:
            if label not in labels and label not in supplementary:
                known = [*labels, *supplementary] if names is called else labels
                near = nearest(label, known)
                faults.add(
                    kind="unknown-reference",
                    file="study.toml",
                    column=column,
                    found=label,
                    expected="the label of a table or figure of this study: " + ", ".join(known),
                    remedy=did_you_mean(near, otherwise="Correct or remove it."),
                )
    # each is put right behind the paragraph, so that the first comes last
    for label in [label for label in reversed(called) if label in supplementary]:
        if not _call(parts, label):
            faults.add(
                kind="not-referred-to",
                file="study.toml",
                column="manuscript.in_text",
                found=label,
                expected=f"a paragraph of the text that refers to it, as @{label}: it stands there",
                remedy="Refer to it in the text, or leave it in the supplement.",
            )
    if called:
        labels, supplementary = _labels(parts, False), _labels(parts, True)
    gone = {label for label in labels if label in move}
    stay = [label for label in labels if label not in gone]
    if isinstance(most, int):
        leaving = [label for label in stay if label not in called]
        gone |= set(leaving[max(0, len(leaving) - max(0, len(stay) - most)) :])
    moved = _take([inside for inside, is_supplement in parts if not is_supplement], gone)
    blocks[:] = [block for inside, _ in parts for block in inside]
    if moved:
        attribute = ["sec-supplement-floats", ["supplement"], []]
        said = settings.headings.get(HEADING, HEADING)
        blocks.append({"t": "Header", "c": [1, attribute, words(said)]})
        blocks.extend(moved)
    renamed = {label: _supplementary(label) for label in (*supplementary, *gone)}
    if not renamed:
        return
    for key in KINDS.values():
        word = settings.kinds[key.removeprefix("supp")]
        settings.kinds.setdefault(key, Kind(f"{word.title} S", f"{word.prefix} S", space=False))
    _rename([blocks], renamed)


def _take(parts: list[list[Element]], labels: Collection[str]) -> list[Element]:
    """Take tables and figures out of parts of a document, and return them."""
    taken: list[Element] = []

    def take(element: Element) -> list[Element] | None:
        if _label(element) in labels:
            taken.append(element)
            return []
        return None

    for inside in parts:
        replace(inside, take)
    return taken


def _call(parts: list[tuple[list[Element], bool]], label: str) -> bool:
    """Bring a float behind the first paragraph of the text that refers to it; say whether."""
    for inside, is_supplement in parts:
        for at, block in enumerate([] if is_supplement else inside):
            if any(_refers(element, label) for element in elements([block])):
                supplement = [held for held, is_there in parts if is_there]
                inside[at + 1 : at + 1] = _take(supplement, {label})
                return True
    return False


def _refers(element: Element, label: str) -> bool:
    if element["t"] != "Cite":
        return False
    keys = [str(citation["citationId"]) for citation in element["c"][0]]
    return any(key[:1].lower() + key[1:] == label for key in keys)


def _parts(blocks: list[Element]) -> list[tuple[list[Element], bool]]:
    """Cut a document at its main headings, and say which parts are of the supplement."""
    parts: list[tuple[list[Element], bool]] = [([], False)]
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] == 1:
            parts.append(([], "supplement" in attributes(block)[1]))
        parts[-1][0].append(block)
    return parts


def _label(element: Element) -> str:
    """Return the label of a table or figure, or of the division that holds an embedded one."""
    if element["t"] == "Div" and "notebook" in attributes(element)[2]:
        inside = element["c"][1]
        return _label(inside[0]) if inside else ""
    if element["t"] not in ("Table", "Figure"):
        return ""
    identifier = attributes(element)[0]
    return identifier if identifier.split("-", maxsplit=1)[0] in KINDS else ""


def _labels(parts: list[tuple[list[Element], bool]], supplement: bool) -> list[str]:
    """Return the labels of the supplement, or of the text, in order."""
    there = [inside for inside, is_there in parts if is_there is supplement]
    return list(dict.fromkeys(label for e in elements(there) if (label := _label(e))))


def _supplementary(label: str) -> str:
    kind, rest = label.split("-", maxsplit=1)
    return f"{KINDS[kind]}-{rest}"


def _rename(blocks: object, renamed: dict[str, str]) -> None:
    for element in elements(blocks):
        if element["t"] in ("Table", "Figure"):
            attribute = element["c"][0]
            attribute[0] = renamed.get(attribute[0], attribute[0])
        elif element["t"] == "Cite":
            for citation in element["c"][0]:
                key = citation["citationId"]
                plain = key[:1].lower() + key[1:]
                citation["citationId"] = renamed.get(plain, key)
