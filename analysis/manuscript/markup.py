"""What Quarto adds to Markdown: shortcodes, conditional content, callouts, floats, equations.

A hidden part is dropped before what stands in it is resolved, so that a study without, say,
participants can leave out a section with all its variables and tables. What this engine does
not make in all four formats is a fault with its file and row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.languages import ENGLISH, Language
from qdaio.faults import FaultList
from qdaio.labels import did_you_mean, nearest

from .frontmatter import Kind, Settings
from .pandoc import (
    Element,
    attributes,
    div,
    inlines_of,
    plain,
    plain_text,
    replace,
    span,
    string,
    words,
)
from .source import MARK, Place, Shortcode, Source
from .traces import TRACE, traced

__all__ = ["Markup", "Resolver", "flattened"]

_TOKEN = re.compile(f"{MARK}(\\d+){MARK}")
_CONDITIONS = {"when-meta": True, "unless-meta": False}
_NOT_MADE = {"when-format", "unless-format", "when-profile", "unless-profile"}
_PAGE_BREAK = re.compile(r"\\(newpage|pagebreak|clearpage)\s*(\{\})?\s*")
CALLOUTS = ("note", "tip", "important", "warning", "caution")
# Classes and attributes that mean the same in all formats.
_CLASSES = {
    "Div": {"landscape", "to-write", "content-visible", "content-hidden"},
    "Span": {
        "mark",
        "to-write",
        "smallcaps",
        "underline",
        "ul",
        "content-visible",
        "content-hidden",
    },
    "Header": {"unnumbered", "unlisted", "appendix", "supplement"},
}
_ATTRIBUTES = {
    "Div": {"lang", "dir"},
    "Span": {"lang", "dir", TRACE},
    "Header": set[str](),
    "Table": {"tbl-colwidths", "lang", "dir"},
    "Image": {"width", "fig-alt", "alt"},
    "Figure": set[str](),
}
# What Quarto numbers and refers to, and this engine does not make.
_OTHER_KINDS = (
    *("lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg"),
    *("tip", "nte", "wrn", "imp", "cau"),
)


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
    traces : bool
        Whether each variable keeps its name, see :mod:`analysis.manuscript.traces`.
    """

    source: Source
    settings: Settings
    values: Mapping[str, Mapping[str, Element]]
    embedded: Mapping[int, list[Element]]
    tables: Mapping[str, list[Element]]
    faults: FaultList
    used: set[int] = field(default_factory=set)
    traces: bool = False

    def resolve(self, blocks: object) -> None:
        """Resolve everything below `blocks`."""
        replace(blocks, self._change)

    def _change(self, element: Element) -> list[Element] | None:
        kind = element["t"]
        if kind in ("Div", "Span", "CodeBlock"):
            _, classes, _ = attributes(element)
            if "content-visible" in classes or "content-hidden" in classes:
                return self._conditional(element)
        if kind in ("Para", "Plain"):
            return self._block_shortcode(element["c"])
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
        holds = True
        for name, wanted in _CONDITIONS.items():
            if name not in pairs:
                continue
            flag = self.settings.flag(pairs[name])
            if flag is None:
                known = self.settings.flags()
                near = nearest(pairs[name], known)
                self._fault(
                    "unknown-condition",
                    self.source.find(rf"-meta=[\"']?{re.escape(pairs[name])}(?![\w.-])"),
                    found=pairs[name],
                    expected=f"one of {', '.join(known)}",
                    remedy=did_you_mean(near, otherwise="Name one of these."),
                )
            holds = holds and (flag is True) is wanted
        if holds is ("content-hidden" in classes):
            return []
        attribute = element["c"][0]
        attribute[1] = [c for c in classes if c not in ("content-visible", "content-hidden")]
        attribute[2] = [[k, v] for k, v in pairs.items() if k not in _CONDITIONS]
        if element["t"] == "CodeBlock":
            return [element]
        self.resolve(element["c"][1])
        bare = not any(attribute)
        return list(element["c"][1]) if bare or element["t"] == "Div" else [element]

    def _block_shortcode(self, inlines: list[Element]) -> list[Element] | None:
        """Return what takes the place of a paragraph that is one embed or page break."""
        tokens = [
            (number, self.source.shortcodes[number])
            for inline in inlines
            if inline["t"] == "Str"
            for number in map(int, _TOKEN.findall(inline["c"]))
        ]
        whole = [(n, s) for n, s in tokens if s.name in ("embed", "pagebreak")]
        if not whole:
            return None
        if len(inlines) == 1 and _TOKEN.fullmatch(inlines[0]["c"]):
            number, shortcode = whole[0]
            if shortcode.name == "pagebreak":
                return [div(["page-break"], [])]
            self.used.add(number)
            blocks = self.embedded.get(number, [])
            # A caption is resolved only where its table or figure is shown.
            self.resolve(blocks)
            return list(blocks)
        for _, shortcode in whole:
            self._fault(
                f"{shortcode.name}-inside-text",
                shortcode.place,
                found=f"{shortcode.name} {shortcode.argument}".strip() + " beside other text",
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
        """Return the inlines for a ``var``, a ``meta`` or a literal."""
        if shortcode.name == "literal":
            return words(shortcode.argument)
        if shortcode.name in ("embed", "pagebreak"):
            self._fault(
                f"{shortcode.name}-inside-text",
                shortcode.place,
                found=f"{shortcode.name} {shortcode.argument}".strip() + " inside other text",
                expected="a paragraph of its own; a caption stands in the notebook's cell",
                remedy="Put empty lines around it, and take out a caption that follows it.",
            )
            return []
        key = shortcode.argument.strip("\"'")
        known = self.values.get(shortcode.name, {})
        if key in known:
            inlines = inlines_of(known[key])
            if inlines is not None:
                return traced(key, inlines) if self.traces and shortcode.name == "var" else inlines
            self._fault(
                "value-not-a-line",
                shortcode.place,
                found=key,
                expected="one line of text",
                remedy="Give one value, not a list; escape a sign that begins a list or heading.",
            )
        else:
            near = nearest(key, known)
            where = "_variables.yml" if shortcode.name == "var" else "the metadata"
            self._fault(
                "unknown-variable" if shortcode.name == "var" else "unknown-metadata",
                shortcode.place,
                found=key,
                expected=f"a key of {where}",
                remedy=did_you_mean(near, otherwise="Build the study, or name another."),
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
        """Return what raw content stands for; all else would be lost in some format."""
        form, text = element["c"]
        if form == "html" and re.fullmatch(r"\s*(<!--.*?-->\s*)*", text, re.DOTALL):
            return []
        if form == "html" and element["t"] == "RawInline" and re.fullmatch(r"<br\s*/?>", text):
            return [{"t": "LineBreak"}]
        if form == "html" and text in self.tables:
            return list(self.tables[text])
        if form == "tex" and element["t"] == "RawBlock" and _PAGE_BREAK.fullmatch(text):
            return [div(["page-break"], [])]
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


@dataclass(slots=True)
class Markup:
    """Gives Quarto's constructions one shape that every format is written from.

    ============================  =====================================================
    ``::: {.callout-note}``       ``Div .callout .callout-note`` whose first block is
                                  ``Div .callout-title``
    ``::: {#tbl-x}``, ``#fig-x``  the table or figure itself, with label and caption
    ``$$…$$ {#eq-x}``             a paragraph of one ``Span #eq-x .equation``
    ``tbl-colwidths``             widths of the table's columns
    ============================  =====================================================

    Parameters
    ----------
    source : Source
        For places.
    kinds : mapping
        Kinds of numbered things, see :class:`~analysis.manuscript.frontmatter.Settings`.
    faults : FaultList
        What is not made is added.
    language : Language
        For the titles of callouts.
    """

    source: Source
    kinds: Mapping[str, Kind]
    faults: FaultList
    language: Language = ENGLISH

    def shape(self, blocks: object) -> None:
        """Change everything below `blocks`, which are resolved."""
        replace(blocks, self._change)

    def kind(self, label: str) -> str:
        """Return the kind that a label names, or an empty string if it is a plain one."""
        first = label.split("-", maxsplit=1)[0]
        return first if "-" in label and first in (*self.kinds, *_OTHER_KINDS) else ""

    def _change(self, element: Element) -> list[Element] | None:
        kind = element["t"]
        identifier, classes, pairs = attributes(element)
        if kind == "Div":
            if "notebook" in pairs:
                self.shape(element["c"][1])
                return [element]
            if "page-break" in classes:
                return [element]
            return self._division(element, identifier, classes, pairs)
        if kind in ("Para", "Plain"):
            return self._equations(element)
        if kind == "Table":
            self._widths(element, pairs)
        elif kind == "Code" and (cell := re.match(r"\{\w+\}", element["c"][1])):
            self._not_made(cell[0])
        elif kind == "CodeBlock" and any(c.startswith("{") for c in classes):
            self._not_made(classes[0])
        elif (
            kind == "Str"
            and re.match(r"\{[#.]", element["c"])
            # in the name of a category the same signs are text, and escaped
            and self.source.find(rf"(?<!\\){re.escape(element['c'])}").row is not None
        ):
            self._not_made(element["c"])
        self._check(element, identifier, classes, pairs)
        return None

    def _division(
        self, element: Element, identifier: str, classes: list[str], pairs: dict[str, str]
    ) -> list[Element]:
        """Return a callout or a float for a division, or the division itself."""
        inside = element["c"][1]
        callout = next((c for c in classes if c.startswith("callout-")), "").removeprefix(
            "callout-"
        )
        layout = next((key for key in pairs if key.startswith("layout")), "")
        if layout or (callout and callout not in CALLOUTS):
            self._not_made(layout or f".callout-{callout}")
        elif callout:
            return [self._callout(callout, identifier, classes, pairs, inside)]
        elif self.kind(identifier) in ("tbl", "fig") or (
            self.kind(identifier) in self.kinds
            and self.kind(identifier) not in ("sec", "eq", "apx")
        ):
            return self._float(identifier, pairs, inside)
        else:
            self._check(element, identifier, classes, pairs)
        self.shape(inside)
        return [element]

    def _callout(
        self,
        name: str,
        identifier: str,
        classes: list[str],
        pairs: dict[str, str],
        inside: list[Element],
    ) -> Element:
        if identifier and self.kind(identifier):
            self._not_made(f"#{identifier}")
        for other in [c for c in classes if c != f"callout-{name}"]:
            self._not_made(f".{other}")
        # What only changes the looks of a page may be said; it says nothing.
        for key in sorted(set(pairs) - {"title", "icon", "collapse", "appearance"}):
            self._not_made(key)
        title = words(pairs["title"]) if "title" in pairs else [string(self.language.page[name])]
        if inside and inside[0]["t"] == "Header":
            title, inside = inside[0]["c"][2], inside[1:]
        heading = plain(title)
        self.shape([heading, *inside])
        head = div(["callout-title"], [heading])
        made = div(["callout", f"callout-{name}"], [head, *inside])
        made["c"][0][0] = identifier
        return made

    def _float(
        self, identifier: str, pairs: dict[str, str], inside: list[Element]
    ) -> list[Element]:
        """Return a table or figure from the division that Quarto writes around it."""
        for key in sorted(set(pairs) - {"tbl-colwidths", "fig-alt", "tbl-cap", "fig-cap"}):
            self._not_made(key)
        self.shape(inside)
        blocks = [b for b in inside if not (b["t"] == "Div" and not b["c"][1])]
        caption: list[Element] = words(pairs.get("tbl-cap", pairs.get("fig-cap", "")))
        if len(blocks) == 2 and blocks[1]["t"] in ("Para", "Plain"):
            caption = blocks.pop()["c"]
        if len(blocks) == 1 and blocks[0]["t"] == "Table" and not blocks[0]["c"][0][0]:
            table = blocks[0]
            table["c"][0][0] = identifier
            if caption:
                table["c"][1] = [None, [plain(caption)]]
            self._widths(table, pairs)
            return [table]
        figure = _only_picture(blocks)
        if figure is not None and not identifier.startswith("tbl-"):
            said = caption or (figure["c"][1] if not pairs.get("fig-alt") else [])
            if pairs.get("fig-alt"):
                figure["c"][0][2] = [*figure["c"][0][2], ["fig-alt", pairs["fig-alt"]]]
            return [
                {
                    "t": "Figure",
                    "c": [[identifier, [], []], [None, [plain(said)]], [plain([figure])]],
                }
            ]
        place = self.source.find(re.escape(identifier))
        self.faults.add(
            kind="not-made",
            file=place.file,
            row=place.row,
            found=f"#{identifier} around other than one table or picture and a caption",
            expected="one table or picture without a label of its own, then its caption",
            remedy="Give each table and picture a division, or a caption with a label, of its own.",
        )
        return []

    def _equations(self, element: Element) -> list[Element] | None:
        """Return a paragraph cut at its labelled equations, or None if it has none."""
        pieces: list[Element] = []
        rest: list[Element] = []
        inlines = element["c"]
        at = 0
        found = False
        while at < len(inlines):
            inline = inlines[at]
            label, after = _equation_label(inlines, at)
            if label:
                found = True
                if any(i["t"] not in ("Space", "SoftBreak") for i in rest):
                    pieces.append({"t": "Para", "c": rest})
                rest = []
                numbered = span(["equation"], [inline])
                numbered["c"][0][0] = label
                pieces.append({"t": "Para", "c": [numbered]})
                at = after
                continue
            rest.append(inline)
            at += 1
        if not found:
            return None
        if any(i["t"] not in ("Space", "SoftBreak") for i in rest):
            pieces.append({"t": "Para", "c": rest})
        for piece in pieces:
            self.shape([part for part in piece["c"] if part["t"] != "Span"])
        return pieces

    def _widths(self, table: Element, pairs: dict[str, str]) -> None:
        """Set the widths that ``tbl-colwidths`` asks for, in percent or in parts."""
        if "tbl-colwidths" not in pairs:
            return
        said = pairs["tbl-colwidths"]
        attribute = table["c"][0]
        attribute[2] = [pair for pair in attribute[2] if pair[0] != "tbl-colwidths"]
        if said in ("auto", "false"):
            return
        numbers = re.findall(r"[\d.]+", said)
        columns = table["c"][2]
        if len(numbers) != len(columns) or not re.fullmatch(r"\s*\[?[\d\s.,]+\]?\s*", said):
            place = self.source.find(r"tbl-colwidths")
            self.faults.add(
                kind="column-widths",
                file=place.file,
                row=place.row,
                found=f"tbl-colwidths {said} for {len(columns)} columns",
                expected='a number for each column, such as tbl-colwidths="[60,40]"',
                remedy="Give as many widths as there are columns.",
            )
            return
        whole = max(sum(map(float, numbers)), 100.0)
        for column, number in zip(columns, numbers, strict=True):
            column[1] = {"t": "ColWidth", "c": round(float(number) / whole, 4)}
            if column[0]["t"] == "AlignDefault":
                column[0] = {"t": "AlignLeft"}

    def _check(
        self, element: Element, identifier: str, classes: list[str], pairs: dict[str, str]
    ) -> None:
        """Fault what would be lost in some format, or is numbered by Quarto alone."""
        kind = element["t"]
        if kind in _CLASSES:
            for name in classes:
                if name not in _CLASSES[kind] and identifier != "refs":
                    self._not_made(f".{name}")
        if kind in _ATTRIBUTES:
            for key in pairs:
                if key not in _ATTRIBUTES[kind]:
                    self._not_made(key)
        if kind in ("Div", "Span", "CodeBlock", "Math") and self.kind(identifier):
            self._not_made(f"#{identifier}")
        if kind in ("Table", "Figure", "Image") and self.kind(identifier) in _OTHER_KINDS:
            self._not_made(f"#{identifier}")

    def _not_made(self, found: str) -> None:
        pattern = re.escape(found)
        if found[0].isalnum():
            pattern = rf"(?<![\w-]){pattern}\s*="
        elif found[0] in ".#":
            html = "class" if found[0] == "." else "id"
            pattern += rf"(?![\w-])|\b{html}=[\"'][^\"']*\b{re.escape(found[1:])}\b"
        place = self.source.find(pattern)
        if place.row is None:
            place = self.source.find(re.escape(found.strip("#.{}")))
        self.faults.add(
            kind="not-made",
            file=place.file,
            row=place.row,
            found=found,
            expected="what docs/quarto-features.md names",
            remedy="Leave it out: it would be lost in some format, or is made by Quarto alone.",
        )


def _only_picture(blocks: list[Element]) -> Element | None:
    """Return the picture of blocks that are one picture."""
    if len(blocks) != 1:
        return None
    block = blocks[0]
    if block["t"] == "Figure" and not block["c"][0][0]:
        block = block["c"][2][0]
    if block["t"] in ("Para", "Plain") and len(block["c"]) == 1 and block["c"][0]["t"] == "Image":
        image: Element = block["c"][0]
        return image if not image["c"][0][0] else None
    return None


def _equation_label(inlines: list[Element], at: int) -> tuple[str, int]:
    """Return the label of the display formula at a place, and where the text goes on."""
    if inlines[at]["t"] != "Math" or inlines[at]["c"][0]["t"] != "DisplayMath":
        return "", at
    after = at + 1
    while after < len(inlines) and inlines[after]["t"] in ("Space", "SoftBreak"):
        after += 1
    if after < len(inlines) and inlines[after]["t"] == "Str":
        match = re.fullmatch(r"\{#(eq-[\w.:-]+)\}", inlines[after]["c"])
        if match:
            return match.group(1), after + 1
    return "", at
