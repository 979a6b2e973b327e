"""Running the Pandoc that comes with ``pypandoc-binary``, and its document tree in JSON.

An element is ``{"t": type, "c": content}``; attributes are ``[id, classes, pairs]``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analysis.direction import language, runs
from qdaio.faults import Fault, StudyError

__all__ = [
    "Element",
    "PandocError",
    "attributes",
    "directed",
    "div",
    "elements",
    "inlines_of",
    "link",
    "plain",
    "plain_text",
    "program",
    "replace",
    "run",
    "space",
    "span",
    "string",
    "to_meta",
    "warnings",
    "words",
]

# Pandoc writes this moment into Word files in place of the clock's.
EPOCH = 0


class PandocError(RuntimeError):
    """Pandoc refused its input: a fault of this program rather than of the study."""


@cache
def program() -> str:
    """Return the path of Pandoc: the packaged one, else the one on the search path.

    Raises
    ------
    StudyError
        If there is none.
    """
    package = find_spec("pypandoc")
    if package is not None and package.origin:
        packaged = Path(package.origin).parent / "files"
        for name in ("pandoc", "pandoc.exe"):
            if (packaged / name).is_file():
                return str(packaged / name)
    found = shutil.which("pandoc")
    if found is None:
        raise StudyError(
            Fault(
                kind="missing-pandoc",
                found="no Pandoc",
                expected="the one that pypandoc-binary brings",
                remedy="Install it (pip install pypandoc-binary).",
            )
        )
    return found


def run(
    arguments: Sequence[str],
    content: bytes = b"",
    *,
    folder: Path | None = None,
    log: list[dict[str, object]] | None = None,
) -> bytes:
    """Run Pandoc once.

    Parameters
    ----------
    arguments : sequence of str
        Options; paths in them are taken from `folder`.
    content : bytes
        What it reads.
    folder : Path, optional
        Where it runs.
    log : list, optional
        Pandoc's messages are added, each with its ``type``.

    Returns
    -------
    bytes
        What it writes.

    Raises
    ------
    PandocError
        If it ends with an error.
    """
    with tempfile.TemporaryDirectory() as scratch:
        # Its own log tells the kind and the line of a warning; its stderr is prose.
        messages = Path(scratch) / "log.json"
        # Nobody's own templates and styles come in: they would change what is made.
        done = subprocess.run(
            [program(), f"--data-dir={scratch}", f"--log={messages}", "--quiet", *arguments],
            input=content,
            capture_output=True,
            cwd=folder,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)},
            check=False,
        )
        if done.returncode:
            raise PandocError(done.stderr.decode("utf-8", "replace").strip())
        if log is not None and messages.is_file():
            log.extend(json.loads(messages.read_text(encoding="utf-8") or "[]"))
    return done.stdout


def warnings(log: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Return the messages that say that something is not as it was meant."""
    return [message for message in log if message.get("verbosity") in ("WARNING", "ERROR")]


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
            if isinstance(value, (dict, list)):
                replace(value, change)
        return
    changed: list[Any] = []
    is_changed = False
    for item in node:
        kind = item.get("t") if isinstance(item, dict) else None
        new = None if kind is None else change(item)
        if new is not None:
            is_changed = True
            changed.extend(new)
            continue
        # a word or a space holds nothing, and most elements are such
        if kind not in _LEAVES and isinstance(item, (dict, list)):
            replace(item, change)
        changed.append(item)
    if is_changed:
        node[:] = changed


_LEAVES = frozenset({"Str", "Space", "SoftBreak"})


def elements(node: Any) -> Iterator[Element]:
    """Yield every element below `node` in reading order."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            kind = item.get("t")
            if kind is not None:
                yield item
            if kind not in _LEAVES:
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


def directed(text: str) -> list[Element]:
    """Return a text as words, its right-to-left runs marked.

    A mark of direction follows each such run: without it, a raised number that comes next
    would be drawn into the run and printed on its wrong side.
    """
    result: list[Element] = []
    for run in runs(text):
        inlines = words(run.text)
        if run.is_rtl:
            pairs = [["lang", language(run.text)], ["dir", "rtl"]]
            result += [{"t": "Span", "c": [["", [], pairs], inlines]}, string("\u200e")]
        else:
            lead = [space()] if run.text[:1].isspace() and inlines else []
            trail = [space()] if run.text[-1:].isspace() else []
            result += [*lead, *inlines, *trail]
    return result
