"""Shortcodes, conditional content and raw HTML of the parsed manuscript.

A hidden part is dropped before what stands in it is resolved, so that a study without, say,
participants can leave out a section with all its variables and tables.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from qdaio.faults import FaultList

from .frontmatter import Settings
from .pandoc import Element, attributes, inlines_of, plain_text, replace, string
from .source import MARK, Place, Shortcode, Source

__all__ = ["Resolver", "flattened"]

_TOKEN = re.compile(f"{MARK}(\\d+){MARK}")
_CONDITIONS = {"when-meta": True, "unless-meta": False}
_NOT_MADE = {"when-format", "unless-format", "when-profile", "unless-profile"}


def flattened(meta: Element, above: str = "") -> dict[str, Element]:
    """Return the values of nested metadata under dotted keys."""
    if meta["t"] != "MetaMap":
        return {above: meta}
    result: dict[str, Element] = {}
    for key, value in meta["c"].items():
        result.update(flattened(value, f"{above}.{key}" if above else key))
    return result


@dataclass(slots=True)
class Resolver:
    """Resolves the blocks of one manuscript in place.

    Parameters
    ----------
    source : Source
        The text, for shortcodes and places.
    settings : Settings
        For conditions.
    values : mapping
        For ``var`` and ``meta``: each shortcode's name to the values under their keys.
    embedded : mapping
        Blocks for each ``embed``, by the number of the shortcode; those that failed are absent.
    tables : mapping
        A table for each raw HTML block, by its text.
    faults : FaultList
        What cannot be resolved is added.
    """

    source: Source
    settings: Settings
    values: Mapping[str, Mapping[str, Element]]
    embedded: Mapping[int, list[Element]]
    tables: Mapping[str, list[Element]]
    faults: FaultList
    used: set[int] = field(default_factory=set)

    def resolve(self, blocks: list[Element]) -> None:
        """Resolve everything below `blocks`."""
        replace(blocks, self._change)

    def _change(self, element: Element) -> list[Element] | None:
        kind = element["t"]
        if kind in ("Div", "Span", "CodeBlock"):
            _, classes, _ = attributes(element)
            if "content-visible" in classes or "content-hidden" in classes:
                return self._conditional(element)
        if kind in ("Para", "Plain"):
            return self._embed(element["c"])
        if kind == "Str":
            return self._words(element["c"]) if MARK in element["c"] else None
        if kind in ("RawBlock", "RawInline"):
            return self._raw(element)
        self._strings(element)
        return None

    def _conditional(self, element: Element) -> list[Element]:
        """Return a conditional part's content, or nothing if it is hidden."""
        _, classes, pairs = attributes(element)
        for name in sorted(_NOT_MADE & set(pairs)):
            self._fault(
                "unknown-condition",
                self.source.find(re.escape(name)),
                found=name,
                expected="when-meta or unless-meta",
                remedy="The text is the same in all formats: ask the metadata, or nothing.",
            )
        holds = all(
            self.settings.flag(pairs[name]) is wanted
            for name, wanted in _CONDITIONS.items()
            if name in pairs
        )
        if holds is ("content-hidden" in classes):
            return []
        attribute = element["c"][0]
        attribute[1] = [c for c in classes if c not in ("content-visible", "content-hidden")]
        attribute[2] = [[k, v] for k, v in pairs.items() if k not in _CONDITIONS]
        if element["t"] == "CodeBlock":
            return [element]
        self.resolve(element["c"][1])
        return list(element["c"][1]) if element["t"] == "Div" else [element]

    def _embed(self, inlines: list[Element]) -> list[Element] | None:
        """Return the table or figure for a paragraph that is one embed."""
        tokens = [
            (number, self.source.shortcodes[number])
            for inline in inlines
            if inline["t"] == "Str"
            for number in map(int, _TOKEN.findall(inline["c"]))
        ]
        embeds = [(n, s) for n, s in tokens if s.name == "embed"]
        if not embeds:
            return None
        if len(inlines) == 1 and _TOKEN.fullmatch(inlines[0]["c"]):
            number = embeds[0][0]
            self.used.add(number)
            blocks = self.embedded.get(number, [])
            # A caption is resolved only where its table or figure is shown.
            self.resolve(blocks)
            return list(blocks)
        for _, shortcode in embeds:
            self._fault(
                "embed-inside-text",
                shortcode.place,
                found=f"embed {shortcode.argument} beside other text",
                expected="an empty line before and after",
                remedy="Put empty lines around it.",
            )
        return []

    def _words(self, text: str) -> list[Element]:
        """Return the inlines of a word with tokens in it."""
        result: list[Element] = []
        at = 0
        for match in _TOKEN.finditer(text):
            if match.start() > at:
                result.append(string(text[at : match.start()]))
            result.extend(self._value(self.source.shortcodes[int(match.group(1))]))
            at = match.end()
        if at < len(text):
            result.append(string(text[at:]))
        return result

    def _value(self, shortcode: Shortcode) -> list[Element]:
        """Return the inlines for a ``var`` or ``meta``."""
        key = shortcode.argument.strip("\"'")
        known = self.values.get(shortcode.name, {})
        if key in known:
            inlines = inlines_of(known[key])
            if inlines is not None:
                return inlines
            self._fault(
                "value-not-a-line",
                shortcode.place,
                found=key,
                expected="one line of text",
                remedy="Give one value, not a list; escape a sign that begins a list or heading.",
            )
        else:
            near = difflib.get_close_matches(key, known, n=1)
            where = "_variables.yml" if shortcode.name == "var" else "the metadata"
            self._fault(
                "unknown-variable" if shortcode.name == "var" else "unknown-metadata",
                shortcode.place,
                found=key,
                expected=f"a key of {where}",
                remedy=f"Did you mean {near[0]}?" if near else "Build the study, or name another.",
            )
        return []

    def _strings(self, element: Element) -> None:
        """Resolve tokens in an element's attributes, address and code."""

        def said(text: str) -> str:
            return _TOKEN.sub(
                lambda m: plain_text(self._value(self.source.shortcodes[int(m.group(1))])), text
            )

        kind, content = element["t"], element.get("c")
        if not isinstance(content, list):
            return
        if kind == "Header":
            if MARK in content[1][0]:
                # The automatic identifier was made of the token.
                content[1][0] = ""
            attribute = content[1]
        elif kind in ("Div", "Span", "Link", "Image", "Code", "CodeBlock"):
            attribute = content[0]
        else:
            attribute = None
        if attribute:
            attribute[0] = said(attribute[0])
            attribute[2] = [[key, said(value)] for key, value in attribute[2]]
        if kind in ("Code", "CodeBlock", "Math"):
            content[1] = said(content[1])
        if kind in ("Link", "Image"):
            content[2] = [said(text) for text in content[2]]

    def _raw(self, element: Element) -> list[Element]:
        """Return what raw HTML stands for; all else would be lost in some format."""
        form, text = element["c"]
        if form == "html" and re.fullmatch(r"\s*(<!--.*?-->\s*)*", text, re.DOTALL):
            return []
        if form == "html" and element["t"] == "RawInline" and re.fullmatch(r"<br\s*/?>", text):
            return [{"t": "LineBreak"}]
        if form == "html" and text in self.tables:
            return list(self.tables[text])
        line = next((part for part in text.split("\n") if part.strip()), "")
        self._fault(
            "raw-content",
            self.source.find(re.escape(line.strip()) if line else r"\{="),
            found=f"{form} that is no table: {line.strip()[:40]}",
            expected="Markdown, or a table in one ```{=html} block",
            remedy="Write it in Markdown: Word, PDF and JATS would lose it.",
        )
        return []

    def _fault(self, kind: str, place: Place, *, found: str, expected: str, remedy: str) -> None:
        self.faults.add(
            kind=kind,
            file=place.file,
            row=place.row,
            found=found,
            expected=expected,
            remedy=remedy,
        )
