"""Citations and the list of references, made once for all formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qdaio.faults import FaultList

from . import pandoc
from .settings import Settings
from .tree import Element, attributes, elements, plain_text, replace, to_meta, words

__all__ = ["cite", "work_keys"]


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
