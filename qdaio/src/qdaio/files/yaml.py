"""The part of YAML that people write at the head of a text: mappings, lists, words.

A library would read far more than is wanted of a file that a stranger wrote: types, anchors,
references that multiply. What is not understood here is None, and is told by whoever asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

__all__ = ["read_yaml"]

DEEPEST = 60
KEY = re.compile(
    r"""(?P<key>"[^"]{1,200}"|'[^']{1,200}'|[^\s\[\]{}#&*!|>'"%@`,-][^:#\n]{0,200}?|-?\d[^:]{0,200}?)\s*:(?:\s+(?P<value>\S.*))?$"""
)
COMMENT = re.compile(r"(?:^|\s)#.*$")
FOLDED = re.compile(r"[|>][-+]?")
Line = tuple[int, str]


class _UnknownError(Exception):
    """Raised for what is not of the part of YAML that is read."""


def read_yaml(lines: Sequence[str]) -> Any | None:
    """Read a fragment as dicts, lists and texts.

    Parameters
    ----------
    lines : sequence of str

    Returns
    -------
    dict, list, str or None
        Numbers and truth values stay texts. None where anything is not understood.

    Examples
    --------
    >>> read_yaml(["codes:", "  - id: care", "    children: [help, time]"])
    {'codes': [{'id': 'care', 'children': ['help', 'time']}]}
    """
    left = [
        (len(line) - len(line.lstrip(" ")), line.strip())
        for line in lines
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if any(text.startswith("\t") for _, text in left):
        return None
    left.reverse()
    try:
        found = _block(left, left[-1][0], 0) if left else None
        return None if left else found
    except (_UnknownError, IndexError):
        return None


def _block(left: list[Line], indent: int, depth: int) -> Any:
    """Read what stands at one indentation: a list, or a mapping."""
    if depth > DEEPEST:
        raise _UnknownError
    if left[-1][1] == "-" or left[-1][1].startswith("- "):
        return _list(left, indent, depth)
    found: dict[str, Any] = {}
    while left and left[-1][0] == indent:
        key = KEY.fullmatch(left[-1][1])
        if key is None or left[-1][1].startswith("- "):
            raise _UnknownError
        left.pop()
        name = key["key"].strip("\"'")
        if name in found:
            raise _UnknownError
        found[name] = _value(left, key["value"], indent, depth)
    if left and left[-1][0] > indent:
        raise _UnknownError
    return found


def _list(left: list[Line], indent: int, depth: int) -> list[Any]:
    items: list[Any] = []
    while left and left[-1][0] == indent and (left[-1][1] == "-" or left[-1][1].startswith("- ")):
        text = left.pop()[1][1:]
        if not text.strip():
            below = left and left[-1][0] > indent
            items.append(_block(left, left[-1][0], depth + 1) if below else "")
        elif KEY.fullmatch(text.strip()):
            inner = indent + 1 + len(text) - len(text.lstrip())
            left.append((inner, text.strip()))
            items.append(_block(left, inner, depth + 1))
        else:
            items.append(_scalar(text.strip()))
    return items


def _value(left: list[Line], text: str | None, indent: int, depth: int) -> Any:
    """Read what a key stands for: the rest of its line, or what is below it."""
    said = COMMENT.sub("", text).strip() if text and text[0] not in "\"'" else (text or "")
    if FOLDED.fullmatch(said):
        words = []
        while left and left[-1][0] > indent:
            words.append(left.pop()[1])
        return ("\n" if said[0] == "|" else " ").join(words)
    if said:
        words = [said]
        while left and left[-1][0] > indent and said[0] not in "[{\"'":
            words.append(left.pop()[1])  # a plain text goes on below
        return _scalar(" ".join(words))
    if left and left[-1][0] > indent:
        return _block(left, left[-1][0], depth + 1)
    if left and left[-1][0] == indent and left[-1][1].startswith("-"):
        return _list(left, indent, depth + 1)
    return ""


def _scalar(text: str) -> Any:
    if text[0] == "[" and text[-1] == "]" and not any(mark in text for mark in "{}\"'"):
        return [part for item in text[1:-1].split(",") if (part := item.strip())]
    if text[0] in "\"'":
        if len(text) < 2 or text[-1] != text[0] or text[0] in text[1:-1]:
            raise _UnknownError
        return text[1:-1]
    if text[0] in "[{&*!|>%@`":
        raise _UnknownError
    return text
