"""The copy of an executed notebook from which the manuscript takes tables and figures.

JupyterLab and nbconvert show a table's ``text/html``. In a notebook that Quarto embeds, the
same output makes the page load programs from other servers, and in Word and PDF the table
falls apart. So the manuscript embeds from a copy: only cells with a label, each table as one
raw HTML block in ``text/markdown``, each figure as PNG. The copy holds no code and nothing
of the run, so it changes only when what a reader sees changes.
"""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qdaio.faults import FaultList
from qdaio.writing import write_text

from .celloptions import OptionsError, is_labelled, option_lines, read_options
from .tablehtml import NoTableError, clean_table

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["embed_copy", "write_embed_copy"]

# Quarto takes the width of an image in a notebook for pixels at this density.
_PIXELS_AN_INCH = 96
_HEAD = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def embed_copy(executed: NotebookNode, name: str = "notebook") -> NotebookNode:
    """Return the copy of an executed notebook to embed from.

    Parameters
    ----------
    executed : NotebookNode
        A notebook with outputs. Cells whose options hold ``label: tbl-…`` or ``fig-…`` are
        taken; an output may carry ``metadata["study"]`` with ``alt`` and ``caption``, which
        are text, and ``width_in``, in inches; these go before the cell's own options. A
        labelled cell without an output is left out: its notebook had nothing to show.
    name : str
        The notebook's name for messages.

    Returns
    -------
    NotebookNode
        One cell for each table and figure, with its label for identifier, its options, and
        one output. The same content gives the same notebook.

    Raises
    ------
    StudyError
        Each labelled cell that has several outputs to show, no table, no caption, or, for a
        figure, no picture or no alternative text.
    """
    import nbformat

    faults = FaultList()
    cells = [
        cell
        for source in executed["cells"]
        if source["cell_type"] == "code" and (cell := _copied(source, name, faults))
    ]
    seen: set[str] = set()
    for cell in cells:
        if cell["id"] in seen:
            _fault(faults, name, cell["id"], "two cells with this label", "one", "Rename one.")
        seen.add(cell["id"])
    faults.raise_if_any()
    content = {"cells": cells, "metadata": _HEAD, "nbformat": 4, "nbformat_minor": 5}
    notebook: NotebookNode = nbformat.from_dict(content)
    return notebook


def write_embed_copy(executed: Path, copy: Path) -> None:
    """Write the copy to embed from of the executed notebook in a file.

    Parameters
    ----------
    executed : Path
        A notebook with outputs.
    copy : Path
        The file to write; same content, same bytes.

    Raises
    ------
    StudyError
        As for :func:`embed_copy`.
    """
    import nbformat

    read = nbformat.read(executed, as_version=4)
    notebook = embed_copy(read, executed.name)
    write_text(copy, json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _copied(cell: dict[str, Any], name: str, faults: FaultList) -> dict[str, Any] | None:
    """Return the copy of a labelled cell, or None if there is nothing to copy."""
    try:
        options = read_options(cell["source"])
    except OptionsError as error:
        _fault(faults, name, None, str(error), "lines such as #| label: tbl-groups", "Mend them.")
        return None
    if not is_labelled(options):
        return None
    label = str(options["label"])
    kind = label[:3]
    shown = [o for o in cell.get("outputs", []) if _shows(o, kind)]
    if not shown:
        return None
    what = "table" if kind == "tbl" else "figure"
    if len(shown) > 1:
        found = f"{len(shown)} outputs"
        _fault(faults, name, label, found, f"one {what}", f"Show one {what} in a cell.")
    output = shown[0]
    said = output.get("metadata", {}).get("study") or {}
    caption = options.get(f"{kind}-cap")
    if said.get("caption"):
        # An object's caption is text; an option is Markdown, as Quarto has it.
        from analysis.metrics import escape_markdown

        caption = escape_markdown(str(said["caption"]))
    kept = {"label": label, f"{kind}-cap": str(caption or "").strip()}
    if not kept[f"{kind}-cap"]:
        remedy = f'Add "#| {kind}-cap: …" to the cell.'
        _fault(faults, name, label, "no caption", "a caption", remedy)
    data: dict[str, Any]
    metadata: dict[str, Any] = {}
    if kind == "tbl":
        data = {"text/markdown": _table(output["data"], name, label, faults)}
    else:
        kept["fig-alt"] = str(said.get("alt") or options.get("fig-alt") or "").strip()
        if not kept["fig-alt"]:
            remedy = 'Add "#| fig-alt: …" to the cell: what a reader who cannot see it misses.'
            _fault(faults, name, label, "no alternative text", "a description", remedy)
        data = {"image/png": _text(output["data"]["image/png"]).strip()}
        metadata = {"image/png": _size(data["image/png"], said.get("width_in"))}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": label[:64],
        "metadata": {},
        "outputs": [{"data": data, "metadata": metadata, "output_type": "display_data"}],
        "source": f"{option_lines(kept)}# Shown by {name}",
    }


def _shows(output: dict[str, Any], kind: str) -> bool:
    """Whether an output is what a label of this kind promises."""
    if output.get("output_type") not in ("display_data", "execute_result"):
        return False
    wanted = ("text/html", "text/markdown") if kind == "tbl" else ("image/png",)
    return any(form in output.get("data", {}) for form in wanted)


def _table(data: dict[str, Any], name: str, label: str, faults: FaultList) -> str:
    """Return a table as the one raw block that every format can be made from."""
    source = _text(data.get("text/html") or data["text/markdown"])
    try:
        return f"```{{=html}}\n{clean_table(source)}\n```\n"
    except NoTableError as error:
        remedy = "Let the cell end in the table alone."
        _fault(faults, name, label, str(error), "one HTML table", remedy)
        return ""


def _size(encoded: str, width_in: float | None) -> dict[str, int]:
    """Return the size in pixels at which Quarto is to show a PNG."""
    pixels = struct.unpack(">II", base64.b64decode(encoded[:64])[16:24])
    width = round(width_in * _PIXELS_AN_INCH) if width_in else pixels[0]
    return {"width": width, "height": round(width * pixels[1] / pixels[0])}


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _fault(
    faults: FaultList, name: str, label: str | None, found: str, expected: str, remedy: str
) -> None:
    faults.add(
        kind="notebook-output",
        file=f"notebooks/{name}" if name.endswith(".ipynb") else name,
        column=label,
        found=found,
        expected=expected,
        remedy=remedy,
    )
