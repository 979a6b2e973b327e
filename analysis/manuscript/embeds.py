"""Tables and figures of notebooks: the copy that a manuscript embeds from, and reading it.

JupyterLab and nbconvert show a table's ``text/html``. In a notebook that Quarto embeds, the
same output makes the page load programs from other servers, and in Word and PDF the table
falls apart. So the manuscript embeds from a copy: only cells with a label, each table as one
raw HTML block in ``text/markdown``, each figure as PNG. The copy holds no code and nothing
of the run, so it changes only when what a reader sees changes.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.notebook import OptionsError, is_labelled, option_lines, read_options
from qdaio.faults import FaultList
from qdaio.files.writing import write_text
from qdaio.labels import did_you_mean, nearest

from .html_tables import NoTableError, clean_table

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "EmbedError",
    "Embedded",
    "Embeds",
    "embed_cells",
    "embed_copy",
    "stand_in_notebook",
    "write_embed_copy",
]


# Quarto takes the width of an image in a notebook for pixels at this density.
_PIXELS_AN_INCH = 96
# An author's figure is shown at twice the density that its size in inches is given for.
_PIXELS_INLINE = 72
_HEAD = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def embed_copy(executed: NotebookNode, name: str = "notebook", notice: str = "") -> NotebookNode:
    """Return the copy of an executed notebook to embed from.

    Parameters
    ----------
    executed : NotebookNode
        A notebook with outputs. Cells whose options hold ``label: tbl-…`` or ``fig-…`` are
        taken; an output may carry ``metadata["study"]`` with ``alt`` and ``caption``, which
        are text, and ``width_in``, in inches; these go before the cell's own options. For a
        labelled cell without an output, of which its notebook had nothing to show, a stand-in
        is kept: Quarto embeds also what a hidden part names.
    name : str
        The notebook's name for messages.
    notice : str
        What a table or figure must say that does not say it itself, such as that the data are
        synthetic: those of the package's own kinds do, an author's own do not.

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
    cells = embed_cells(executed["cells"], name, notice, faults)
    faults.raise_if_any()
    content = {"cells": cells, "metadata": _HEAD, "nbformat": 4, "nbformat_minor": 5}
    notebook: NotebookNode = nbformat.from_dict(content)
    return notebook


def embed_cells(
    executed: Iterable[dict[str, Any]], name: str, notice: str, faults: FaultList
) -> list[dict[str, Any]]:
    """Return the cells of the copy to embed from; what is wrong with them is told.

    Parameters
    ----------
    executed : iterable of dict
        Cells with their outputs.
    name, notice : str
        As for :func:`embed_copy`.
    faults : FaultList
    """
    # papermill adds a cell for the parameters, which the author does not count
    written = [c for c in executed if _ADDED not in c.get("metadata", {}).get("tags", ())]
    cells: list[dict[str, Any]] = []
    seen: set[str] = set()
    for place, source in enumerate(written, start=1):
        if source["cell_type"] != "code":
            continue
        here = _Place(name, place, faults)
        cell = _copied(source, here, notice)
        if cell is None:
            continue
        label = cell["id"]
        if label in seen:
            here.refuse(label, "two cells with this label", "one", "Rename one.")
        seen.add(label)
        cells.append(cell)
    return cells


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell of a notebook, and where its faults are collected."""

    name: str
    cell: int
    faults: FaultList

    def refuse(self, label: str | None, found: str, expected: str, remedy: str) -> None:
        """Tell what is wrong with the cell."""
        self.faults.add(
            kind="notebook-output",
            file=f"notebooks/{self.name}" if self.name.endswith(".ipynb") else self.name,
            row=self.cell,
            column=label,
            found=found,
            expected=expected,
            remedy=remedy,
        )


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


def _stand_in(label: str) -> dict[str, Any]:
    """Return a cell that stands for a table or figure which a study does not have."""
    data = {"text/markdown": f"{label} is not part of this study."}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": label[:64],
        "metadata": {"study": {"absent": True}},
        "outputs": [{"data": data, "metadata": {}, "output_type": "display_data"}],
        "source": option_lines({"label": label}),
    }


def stand_in_notebook(labels: Sequence[str], before: str | None = None) -> str:
    """Return a notebook with stand-ins for what a study does not have.

    Parameters
    ----------
    labels : sequence of str
        Of tables and figures; those that the notebook has already are not added.
    before : str, optional
        The notebook to add them to.
    """
    content: dict[str, Any] = {"cells": [], "metadata": _HEAD, "nbformat": 4, "nbformat_minor": 5}
    if before is not None:
        content = json.loads(before)
    there = {cell.get("id") for cell in content["cells"]}
    new = [label for label in dict.fromkeys(labels) if label[:64] not in there]
    content["cells"] = [*content["cells"], *map(_stand_in, new)]
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _copied(cell: dict[str, Any], place: _Place, notice: str) -> dict[str, Any] | None:
    """Return the copy of a labelled cell, or None if there is nothing to copy."""
    source = _text(cell["source"])
    try:
        options = read_options(source)
    except OptionsError as error:
        found = f"#| lines that cannot be read: {error}"
        place.refuse(None, found, "lines such as #| label: tbl-groups", "Mend them.")
        return None
    if not is_labelled(options):
        if below := _BELOW.search(source):
            found = f"#| label: {below[1]} below other lines, where it says nothing"
            remedy = "Move the lines that begin with #| to the head of the cell."
            place.refuse(below[1], found, "a cell that begins with it", remedy)
        return None
    label = str(options["label"])
    kind = label[:3]
    shown = [o for o in cell.get("outputs", []) if _shows(o, kind)]
    shown = _once(shown) if kind == "fig" else shown
    if not shown:
        return _stand_in(label)
    what = "table" if kind == "tbl" else "figure"
    for key in options:
        if key not in (*_OPTIONS, f"{kind}-cap", f"{kind}-alt", *_WITHOUT_EFFECT):
            known = ["label", f"{kind}-cap", "fig-alt" if kind == "fig" else "tbl-colwidths"]
            near = nearest(key, known)
            hint = did_you_mean(near, otherwise="Take it out.")
            place.refuse(label, f"option {key}", ", ".join(known), hint)
    if len(shown) > 1:
        found = f"{len(shown)} outputs"
        place.refuse(label, found, f"one {what}", f"Show one {what} in a cell.")
    output = shown[0]
    said = output.get("metadata", {}).get("study") or {}
    caption = options.get(f"{kind}-cap")
    if said.get("caption"):
        # An object's caption is text; an option is Markdown, as Quarto has it.
        from analysis.metrics import escape_markdown

        caption = escape_markdown(str(said["caption"]))
    caption = str(caption or "").strip()
    notice = "" if said else notice
    if caption and notice and kind == "fig":
        caption = f"{caption.rstrip('.')}. {notice}"
    if kind == "tbl":
        # Quarto puts it into an attribute, where Pandoc takes one level of escapes away.
        caption = _ENTITY.sub("&amp;", caption.replace("\\", "\\\\"))
    kept: dict[str, object] = {"label": label, f"{kind}-cap": caption}
    if kind == "tbl" and "tbl-colwidths" in options:
        kept["tbl-colwidths"] = options["tbl-colwidths"]
    if not kept[f"{kind}-cap"]:
        remedy = f'Add "#| {kind}-cap: …" to the cell.'
        place.refuse(label, "no caption", "a caption", remedy)
    data: dict[str, Any]
    metadata: dict[str, Any] = {}
    if kind == "tbl":
        data = {"text/markdown": _table(output["data"], notice, place, label)}
    else:
        alt = str(said.get("alt") or options.get("fig-alt") or "").strip()
        # Pandoc reads entities in an attribute; a description is text.
        kept["fig-alt"] = _ENTITY.sub("&amp;", alt)
        if not kept["fig-alt"]:
            remedy = 'Add "#| fig-alt: …" to the cell: what a reader who cannot see it misses.'
            place.refuse(label, "no alternative text", "a description", remedy)
        data = {"image/png": _text(output["data"]["image/png"]).strip()}
        shown_as = output.get("metadata", {}).get("image/png", {}).get("width")
        width = said.get("width_in") or (shown_as and float(shown_as) / _PIXELS_INLINE)
        metadata = {"image/png": _size(data["image/png"], width)}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": label[:64],
        "metadata": {},
        "outputs": [{"data": data, "metadata": metadata, "output_type": "display_data"}],
        "source": f"{option_lines(kept)}# Shown by {place.name}",
    }


_ENTITY = re.compile(r"&(?=#?\w+;)")
_ADDED = "injected-parameters"
_BELOW = re.compile(r"^#\|\s*label:\s*((?:tbl|fig)-[\w-]+)", re.MULTILINE)
_OPTIONS = ("label", "tbl-colwidths")
# options of cells that say how a page of their own would show its code
_WITHOUT_EFFECT = (
    *("echo", "eval", "error", "warning", "message", "include", "output", "id", "tags"),
    *("code-fold", "code-summary", "code-line-numbers", "code-overflow"),
)


def _shows(output: dict[str, Any], kind: str) -> bool:
    """Whether an output is what a label of this kind promises."""
    if output.get("output_type") not in ("display_data", "execute_result"):
        return False
    wanted = ("text/html", "text/markdown") if kind == "tbl" else ("image/png",)
    return any(form in output.get("data", {}) for form in wanted)


def _once(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return figures without repeats: JupyterLab shows one that ends a cell twice."""
    found: dict[str, dict[str, Any]] = {}
    for output in outputs:
        found.setdefault(_text(output["data"]["image/png"]), output)
    return list(found.values())


def _table(data: dict[str, Any], notice: str, place: _Place, label: str) -> str:
    """Return a table as the one raw block that every format can be made from."""
    source = _text(data.get("text/html") or _of_markdown(_text(data["text/markdown"])))
    try:
        return f"```{{=html}}\n{clean_table(source, notice=notice)}\n```\n"
    except NoTableError as error:
        remedy = "Let the cell end in the table alone."
        place.refuse(label, str(error), "one table", remedy)
        return ""


def _of_markdown(text: str) -> str:
    """Return a table that is written as Markdown in HTML; one in HTML stays as it is."""
    if "<table" in text:
        return text
    from . import pandoc

    return pandoc.run(["-f", "markdown-raw_html", "-t", "html"], text.encode("utf-8")).decode(
        "utf-8"
    )


def _size(encoded: str, width_in: float | None) -> dict[str, int]:
    """Return the size in pixels at which Quarto is to show a PNG."""
    pixels = struct.unpack(">II", base64.b64decode(encoded[:64])[16:24])
    width = round(width_in * _PIXELS_AN_INCH) if width_in else pixels[0]
    return {"width": width, "height": round(width * pixels[1] / pixels[0])}


def _text(value: object) -> str:
    """Return the text of an output, which notebooks keep whole or in lines."""
    return "".join(value) if isinstance(value, list) else str(value)


_RAW_BLOCK = re.compile(r"\A\s*```\{=html\}\n(.*)\n```\s*\Z", re.DOTALL)


class EmbedError(ValueError):
    """An embed cannot be resolved.

    Parameters
    ----------
    found, expected, remedy : str
        As in a fault.
    """

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.expected, self.remedy = found, expected, remedy


@dataclass(frozen=True, slots=True)
class Embedded:
    """A table or a figure of a notebook.

    Parameters
    ----------
    label : str
        ``tbl-…`` or ``fig-…``.
    caption : str
        Its caption in Markdown, without the number.
    notebook : str
        The file that it was embedded from, relative to the report.
    table : str or None
        HTML of a table.
    image : bytes or None
        PNG of a figure.
    alt : str
        Alternative text of a figure.
    width_in : float or None
        Width at which a figure is to be shown, in inches.
    widths : str
        Widths of a table's columns, as ``tbl-colwidths`` has them.
    """

    label: str
    caption: str
    notebook: str
    table: str | None = None
    image: bytes | None = None
    alt: str = ""
    width_in: float | None = None
    widths: str = ""


class Embeds:
    """Reads embedded cells; each notebook is read once.

    Parameters
    ----------
    report : Path
        Folder from which notebooks are named.
    """

    def __init__(self, report: Path) -> None:
        self._report = report
        self._notebooks: dict[str, dict[str, Embedded]] = {}
        self._absent: dict[str, set[str]] = {}

    def get(self, address: str) -> Embedded:
        """Return what stands at ``notebook.ipynb#label``.

        Raises
        ------
        EmbedError
            If there is no such notebook or cell, or the cell is not as the copy for
            embedding has it.
        """
        name, _, label = address.partition("#")
        if not name.endswith(".ipynb") or not label:
            raise EmbedError(address, "notebook.ipynb#label", "Name a notebook and a label in it.")
        if name not in self._notebooks:
            self._notebooks[name] = self._read(name)
        cells = self._notebooks[name]
        if label in self._absent[name]:
            what = "table" if label.startswith("tbl-") else "figure"
            remedy = f"Let the cell end in the {what}, without a semicolon."
            raise EmbedError(f"{label}, whose cell showed no {what}", f"a {what}", remedy)
        if label not in cells:
            near = nearest(label, cells)
            hint = did_you_mean(near, otherwise="Run the notebook, or name another.")
            raise EmbedError(label, f"one of {', '.join(cells) or 'no label at all'}", hint)
        return cells[label]

    def _read(self, name: str) -> dict[str, Embedded]:
        path = (self._report / name).resolve()
        if not path.is_relative_to(self._report.resolve()) or not path.is_file():
            raise EmbedError(name, "a notebook inside the report", "Build the study, or rename it.")
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            self._absent[name] = {
                str(read_options(_text(cell["source"])).get("label"))
                for cell in cells
                if cell["metadata"].get("study", {}).get("absent")
            }
            return {
                embedded.label: embedded
                for cell in cells
                if cell["cell_type"] == "code" and (embedded := _embedded(cell, name))
            }
        except (ValueError, KeyError, TypeError) as error:
            if isinstance(error, EmbedError):
                raise
            raise EmbedError(name, "a notebook (JSON)", "Build the study again.") from error


def _embedded(cell: dict[str, object], name: str) -> Embedded | None:
    """Return what a cell shows, or None if it has no label, or only stands for something."""
    if cell.get("metadata", {}).get("study", {}).get("absent"):  # type: ignore[attr-defined]
        return None
    source = cell["source"]
    try:
        options = read_options(source if isinstance(source, str) else "".join(source))  # type: ignore[arg-type]
    except OptionsError as error:
        raise EmbedError(str(error), "readable #| lines", "Build the study again.") from error
    if not is_labelled(options):
        return None
    label = str(options["label"])
    kind = label[:3]
    unknown = sorted(set(options) - {"label", f"{kind}-cap", "fig-alt", "tbl-colwidths"})
    if unknown:
        raise EmbedError(
            f"option {unknown[0]} of {label}", f"label, {kind}-cap, fig-alt", "Take it out."
        )
    caption = str(options.get(f"{kind}-cap", ""))
    if kind == "tbl":
        caption = caption.replace("&amp;", "&").replace("\\\\", "\\")
    for output in cell.get("outputs", []):  # type: ignore[attr-defined]
        data = {form: _text(value) for form, value in output["data"].items()}
        if kind == "tbl" and (raw := _RAW_BLOCK.match(data.get("text/markdown", ""))):
            widths = str(options.get("tbl-colwidths", ""))
            return Embedded(label, caption, name, table=raw.group(1), widths=widths)
        if kind == "fig" and "image/png" in data:
            width = output.get("metadata", {}).get("image/png", {}).get("width")
            return Embedded(
                label,
                caption,
                name,
                image=base64.b64decode(data["image/png"]),
                alt=str(options.get("fig-alt", "")).replace("&amp;", "&"),
                width_in=width / 96 if width else None,
            )
    expected = "one raw HTML block" if kind == "tbl" else "a PNG"
    raise EmbedError(f"{label} without it", expected, "Embed from the copy made for embedding.")
