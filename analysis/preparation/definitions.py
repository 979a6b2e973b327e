"""What each code means: from the export's memos, and from a codebook that a person keeps.

A memo or description may name its parts, as codebooks do: "Include: …", "Exclude: …",
"Example: …", each at the head of a line. What stands before the first of them is the
definition. A file of definitions, where the study has one, goes before the export.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from analysis.forms import read_form
from qdaio.faults import FaultList
from qdaio.labels import nearest

__all__ = ["PARTS", "code_definitions", "parts_of"]

PARTS = ("definition", "inclusion", "exclusion", "example")
# how codebooks head the parts of a definition, in some languages
HEADS = {
    "definition": r"definition|meaning|definición|definição|تعریف",
    "inclusion": r"inclu(?:de|des|sion)(?: criteria)?|use when|when to use|"
    r"einschluss(?:kriterien)?|kodierregel|incluir|inclusión",
    "exclusion": r"exclu(?:de|des|sion)(?: criteria)?|do not use(?: when)?|when not to use|"
    r"ausschluss(?:kriterien)?|excluir|exclusión",
    "example": r"examples?|anchor examples?|ankerbeispiele?|beispiele?|ejemplos?|exemplos?|مثال",
}
HEAD = re.compile(
    r"(?im)^[\s\-*•]*(?:"
    + "|".join(f"(?P<{part}>{words})" for part, words in HEADS.items())
    + r")\s*[:：]\s*"
)


def parts_of(text: str) -> dict[str, str]:
    r"""Cut a description into the parts of a definition.

    Parameters
    ----------
    text : str
        As the export holds it.

    Returns
    -------
    dict
        Of :data:`PARTS`, those that it has.

    Examples
    --------
    >>> parts_of("What it costs.\nInclude: fares\nExclude: time")
    {'definition': 'What it costs.', 'inclusion': 'fares', 'exclusion': 'time'}
    """
    found: dict[str, list[str]] = {}
    part, start = "definition", 0
    for head in HEAD.finditer(text):
        found.setdefault(part, []).append(text[start : head.start()])
        part, start = str(head.lastgroup), head.end()
    found.setdefault(part, []).append(text[start:])
    plain = {name: " ".join(" ".join(pieces).split()) for name, pieces in found.items()}
    return {name: plain[name] for name in PARTS if plain.get(name)}


def code_definitions(
    codes: pd.DataFrame, folder: Path, name: str | None, faults: FaultList
) -> pd.DataFrame:
    """Return what each code means.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``path`` (tuple), ``description``.
    folder : Path
        The study's.
    name : str or None
        A table ``code`` (the whole path, "A > B"), ``definition``, ``inclusion``,
        ``exclusion``, ``example``; all but the first may be missing.
    faults : FaultList
        Gets codes that stand twice or are not in the code system.

    Returns
    -------
    DataFrame
        ``code_id`` and :data:`PARTS`, one row a code, in the order of the code system;
        missing where nothing is said.
    """
    said = {
        str(key): parts_of(str(text)) if isinstance(text, str) else {}
        for key, text in zip(codes["code_id"], codes["description"], strict=True)
    }
    if name is not None:
        by_path = {
            " > ".join(path): str(key)
            for key, path in zip(codes["code_id"], codes["path"], strict=True)
        }
        form = read_form(
            folder / name, name, ["code"], faults, optional=list(PARTS), filled=["code"]
        )
        seen: set[str] = set()
        for row, label in zip(form["row"], form["code"], strict=True):
            if label in seen or label not in by_path:
                near = nearest(str(label), list(by_path))
                faults.add(
                    kind="duplicate-code" if label in seen else "unknown-code",
                    file=name,
                    row=int(row),
                    column="code",
                    found=f'"{label}"' + (" a second time" if label in seen else ""),
                    expected="one row for a code of the code system, as its whole path",
                    remedy="Keep one of the rows."
                    if label in seen
                    else (f'Did you mean "{near}"? ' if near else "") + "Correct the code.",
                )
            seen.add(label)
        for part in PARTS:
            if part not in form:
                continue
            for label, text in zip(form["code"], form[part], strict=True):
                if label in by_path and isinstance(text, str) and text.strip():
                    said[by_path[label]][part] = " ".join(text.split())
    table = pd.DataFrame({"code_id": list(said)})
    for part in PARTS:
        table[part] = pd.Series([said[key].get(part) for key in said], dtype="str")
    return table
