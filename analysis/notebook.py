"""Cells of a notebook: their label and caption, and what stands in the one that is running."""

from __future__ import annotations

import json
import linecache
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import FrameType

import yaml

from qdaio.faults import Fault, StudyError

__all__ = [
    "Cell",
    "OptionsError",
    "described",
    "is_labelled",
    "option_lines",
    "read_options",
    "this_cell",
]


@dataclass(frozen=True)
class Cell:
    """What the ``#|`` lines of a cell say of its table or figure."""

    label: str
    caption: str


def this_cell(frame: FrameType) -> Cell:
    """Return the label and caption of the cell that a frame runs.

    A caption may name variables of the notebook in braces: ``Codings{by}``.

    Parameters
    ----------
    frame : frame
        Of the code in the cell itself.

    Raises
    ------
    StudyError
        When the cell does not begin with a label and a caption, or the caption names a
        variable that the notebook does not have.
    """
    source = "".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals))
    cell = described(source, {**frame.f_globals, **frame.f_locals})
    try:
        return replace(cell, caption=cell.caption.format_map({**frame.f_globals, **frame.f_locals}))
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise _no_label(f"{cell.label} whose caption names {error}") from error


def described(source: str, names: Mapping[str, object]) -> Cell:
    """Return the label and caption of a cell that shows a table or figure of this package.

    Parameters
    ----------
    source : str
        The cell's code.
    names : mapping
        What the notebook has, for the names in braces of the caption.

    Returns
    -------
    Cell
        With the caption as it stands in the cell.

    Raises
    ------
    StudyError
        As for :func:`this_cell`.
    """
    try:
        options = read_options(source)
    except OptionsError as error:
        raise _no_label(str(error)) from error
    if not is_labelled(options):
        raise _no_label("a cell that makes a table or figure without a label")
    label = str(options["label"])
    caption = options.get(f"{label[:3]}-cap")
    if not isinstance(caption, str):
        raise _no_label(f"{label} without a caption")
    try:
        fields = [
            field for _, field, _, _ in string.Formatter().parse(caption) if field is not None
        ]
    except ValueError as error:
        raise _no_label(f"{label} whose caption has a brace that stands alone") from error
    for field in fields:
        if re.split(r"[.\[]", field)[0] not in names:
            raise _no_label(f"{label} whose caption names {field!r}")
    return Cell(label, caption)


def _no_label(found: str) -> StudyError:
    return StudyError(
        Fault(
            kind="cell-without-label",
            found=found,
            expected='first lines such as `#| label: tbl-name` and `#| tbl-cap: "A caption"`',
            remedy="Let the cell begin with its label and caption; names in braces are "
            "variables of the notebook.",
        )
    )


class OptionsError(ValueError):
    """The ``#|`` lines of a cell are not keys and values."""


def read_options(source: str) -> dict[str, object]:
    """Return the options of a code cell.

    Parameters
    ----------
    source : str
        The cell's code.

    Returns
    -------
    dict
        Empty where the cell begins with something else.

    Raises
    ------
    OptionsError
        If the lines are not YAML keys and values.
    """
    lines: list[str] = []
    for line in source.lstrip("\n").split("\n"):
        if not line.startswith("#|"):
            break
        lines.append(line[2:].removeprefix(" "))
    if not lines:
        return {}
    try:
        options = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        raise OptionsError(str(error).split("\n", maxsplit=1)[0]) from error
    if not isinstance(options, dict):
        raise OptionsError("no key: value lines")
    return {str(key): value for key, value in options.items()}


def option_lines(options: Mapping[str, object]) -> str:
    """Return options as ``#|`` lines, each value quoted so that YAML reads it as text."""
    return "".join(
        f"#| {key}: {value if key == 'label' else json.dumps(value, ensure_ascii=False)}\n"
        for key, value in options.items()
    )


def is_labelled(options: Mapping[str, object]) -> bool:
    """Whether a cell makes a table or a figure that can be referred to."""
    return str(options.get("label", "")).startswith(("tbl-", "fig-"))
