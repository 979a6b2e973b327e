"""The ``#|`` lines at the head of a notebook cell: its label, caption and alternative text."""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml

__all__ = ["OptionsError", "is_labelled", "option_lines", "read_options"]


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


def option_lines(options: Mapping[str, str]) -> str:
    """Return options as ``#|`` lines, each value quoted so that YAML reads it as text."""
    return "".join(
        f"#| {key}: {value if key == 'label' else json.dumps(value, ensure_ascii=False)}\n"
        for key, value in options.items()
    )


def is_labelled(options: Mapping[str, object]) -> bool:
    """Whether a cell makes a table or a figure that can be referred to."""
    return str(options.get("label", "")).startswith(("tbl-", "fig-"))
