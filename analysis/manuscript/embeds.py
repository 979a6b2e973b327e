"""What the manuscript embeds: one table or figure of the copy of a notebook."""

from __future__ import annotations

import base64
import difflib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from .celloptions import OptionsError, is_labelled, read_options

__all__ = ["EmbedError", "Embedded", "Embeds"]

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
    """

    label: str
    caption: str
    notebook: str
    table: str | None = None
    image: bytes | None = None
    alt: str = ""
    width_in: float | None = None


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
        if label not in cells:
            near = difflib.get_close_matches(label, cells, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Run the notebook, or name another."
            raise EmbedError(label, f"one of {', '.join(cells) or 'no label at all'}", hint)
        return cells[label]

    def _read(self, name: str) -> dict[str, Embedded]:
        path = (self._report / name).resolve()
        if not path.is_relative_to(self._report.resolve()) or not path.is_file():
            raise EmbedError(name, "a notebook inside the report", "Build the study, or rename it.")
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
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
    """Return what a cell shows, or None if it has no label for it."""
    source = cell["source"]
    try:
        options = read_options(source if isinstance(source, str) else "".join(source))  # type: ignore[arg-type]
    except OptionsError as error:
        raise EmbedError(str(error), "readable #| lines", "Build the study again.") from error
    if not is_labelled(options):
        return None
    label = str(options["label"])
    kind = label[:3]
    unknown = sorted(set(options) - {"label", f"{kind}-cap", "fig-alt"})
    if unknown:
        raise EmbedError(
            f"option {unknown[0]} of {label}", f"label, {kind}-cap, fig-alt", "Take it out."
        )
    caption = str(options.get(f"{kind}-cap", ""))
    for output in cell.get("outputs", []):  # type: ignore[attr-defined]
        data = {form: _joined(value) for form, value in output["data"].items()}
        if kind == "tbl" and (raw := _RAW_BLOCK.match(data.get("text/markdown", ""))):
            return Embedded(label, caption, name, table=raw.group(1))
        if kind == "fig" and "image/png" in data:
            width = output.get("metadata", {}).get("image/png", {}).get("width")
            return Embedded(
                label,
                caption,
                name,
                image=base64.b64decode(data["image/png"]),
                alt=str(options.get("fig-alt", "")),
                width_in=width / 96 if width else None,
            )
    expected = "one raw HTML block" if kind == "tbl" else "a PNG"
    raise EmbedError(f"{label} without it", expected, "Embed from the copy made for embedding.")


def _joined(value: object) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
