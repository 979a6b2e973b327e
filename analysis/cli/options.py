"""Arguments that several commands share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from analysis.settings import find_study

__all__ = ["parse_parameters", "study_folder"]


def study_folder(argument: str) -> Path:
    """Return the study's folder: the one named, or the nearest above the current one."""
    folder = Path(argument)
    return find_study(Path.cwd()) if argument == "." else folder


def parse_parameters(pairs: Iterable[str]) -> dict[str, str | int | float | bool]:
    """Read ``NAME=VALUE`` pairs; values that look like numbers or truth values become them."""
    parameters: dict[str, str | int | float | bool] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip().isidentifier():
            raise click.BadParameter(f'"{pair}" is not NAME=VALUE', param_hint="-p")
        parameters[name.strip()] = _value(text.strip())
    return parameters


def _value(text: str) -> str | int | float | bool:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
