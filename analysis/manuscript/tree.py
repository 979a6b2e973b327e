"""Pandoc's document tree in its JSON form: building it and walking through it.

An element is ``{"t": type, "c": content}``; attributes are ``[id, classes, pairs]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

__all__ = [
    "Element",
    "attributes",
    "div",
    "elements",
    "inlines_of",
    "link",
    "plain",
    "plain_text",
    "replace",
    "space",
    "span",
    "string",
    "to_meta",
    "words",
]

Element = dict[str, Any]

_ATTRIBUTES_AT = {"Header": 1, "Image": 0, "Link": 0, "CodeBlock": 0, "Code": 0}
_ATTRIBUTES_AT |= {"Div": 0, "Span": 0, "Figure": 0, "Table": 0}


def string(text: str) -> Element:
    """Return a word."""
    return {"t": "Str", "c": text}


def space() -> Element:
    """Return a space between words."""
    return {"t": "Space"}


def words(text: str) -> list[Element]:
    """Return text as words and spaces."""
    result: list[Element] = []
    for word in text.split():
        result.extend([space(), string(word)] if result else [string(word)])
    return result


def plain(inlines: list[Element]) -> Element:
    """Return inlines as a block that is no paragraph."""
    return {"t": "Plain", "c": inlines}


def div(classes: list[str], blocks: list[Element], **pairs: str) -> Element:
    """Return blocks in a division."""
    return {"t": "Div", "c": [["", classes, [[k, v] for k, v in pairs.items()]], blocks]}


def span(classes: list[str], inlines: list[Element]) -> Element:
    """Return inlines in a span."""
    return {"t": "Span", "c": [["", classes, []], inlines]}


def link(inlines: list[Element], target: str, classes: list[str]) -> Element:
    """Return a link to `target`."""
    return {"t": "Link", "c": [["", classes, []], inlines, [target, ""]]}


def attributes(element: Element) -> tuple[str, list[str], dict[str, str]]:
    """Return an element's identifier, classes and pairs; all empty if it has none."""
    at = _ATTRIBUTES_AT.get(element["t"])
    if at is None:
        return "", [], {}
    identifier, classes, pairs = element["c"][at]
    return identifier, classes, dict(pairs)


def replace(node: Any, change: Callable[[Element], list[Element] | None]) -> None:
    """Change a tree in place, from the top down.

    Parameters
    ----------
    node : list or dict
        A list of elements, or anything that holds such lists.
    change : callable
        Given an element, returns what takes its place, or None to keep it and to go on
        inside it. What takes its place is not looked into again.
    """
    if isinstance(node, dict):
        for value in node.values():
            replace(value, change)
    elif isinstance(node, list):
        changed: list[Any] = []
        for item in node:
            new = change(item) if isinstance(item, dict) and "t" in item else None
            if new is None:
                replace(item, change)
                changed.append(item)
            else:
                changed.extend(new)
        if len(changed) != len(node) or any(a is not b for a, b in zip(changed, node, strict=True)):
            node[:] = changed


def elements(node: Any) -> Iterator[Element]:
    """Yield every element below `node` in reading order."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "t" in item:
                yield item
            waiting.extend(reversed(item.values()))
        elif isinstance(item, list):
            waiting.extend(reversed(item))


def inlines_of(meta: Element) -> list[Element] | None:
    """Return the inlines of a metadata value, or None where it holds more than a line."""
    kind, content = meta["t"], meta.get("c") or []
    if kind == "MetaInlines":
        return list(content)
    if kind == "MetaString":
        return words(str(content))
    if kind == "MetaBool":
        return [string(str(content).lower())]
    if kind == "MetaBlocks" and len(content) == 1 and content[0]["t"] in ("Para", "Plain"):
        return list(content[0]["c"])
    return None


def plain_text(node: Any) -> str:
    """Return the words of a tree without their form."""
    parts: list[str] = []
    for element in elements(node):
        kind = element["t"]
        if kind == "Str":
            parts.append(element["c"])
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif kind in ("Code", "Math"):
            parts.append(element["c"][1])
        elif kind == "Quoted":
            # The marks stand around what follows; a plain reading can do without them.
            continue
    return "".join(parts)


def to_meta(value: object) -> Element:
    """Return a plain value as metadata; text is taken as it is, not as Markdown."""
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {str(k): to_meta(v) for k, v in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"t": "MetaList", "c": [to_meta(item) for item in value]}
    return {"t": "MetaInlines", "c": words(str(value))}
