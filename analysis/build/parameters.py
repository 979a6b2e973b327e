"""The parameters of notebooks: what they are, what they may be, and what a study gives them.

A notebook documents its parameters where they stand, in the cell tagged ``parameters``::

    top = 15  # at least 1: how many of the most frequent codes to draw
    normalise = "column"  # one of "column", "row", "none": shares within a group, …

The default gives the type. What stands before the colon gives the bounds, in words that a
person reads and this module understands: ``at least 1``, ``at most 9``, ``more than 0``,
``from 0 to 3``, ``one of "a", "b"``.
"""

from __future__ import annotations

import ast
import difflib
import io
import json
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.settings import STUDY_FILE, line_of_key
from qdaio.faults import FaultList

if TYPE_CHECKING:
    from analysis.build.notebooks import NotebookSpec

__all__ = ["Parameter", "Value", "choose_parameters", "read_parameters"]

Scalar = str | int | float | bool
Value = Scalar | list[Scalar]

NUMBER = r"(-?\d+(?:\.\d+)?)"
FORMS = (
    (re.compile(rf"at least {NUMBER}"), ("minimum",)),
    (re.compile(rf"at most {NUMBER}"), ("maximum",)),
    (re.compile(rf"more than {NUMBER}"), ("above",)),
    (re.compile(rf"from {NUMBER} to {NUMBER}"), ("minimum", "maximum")),
)
CHOICES = re.compile(r'one of ((?:"[^"]*"(?:,\s*|\s+or\s+)?)+)')
LEADS = ("at least", "at most", "more than", "from", "one of")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Attributes
    ----------
    name : str
    default : value
        Its type is that of every other value.
    about : str
        What the notebook says of it.
    minimum, maximum, above : float, optional
        Bounds of a number, or of each number in a list.
    choices : tuple of str
        Texts that it may be; empty: any.
    """

    name: str
    default: object
    about: str = ""
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """What the value may be, for people."""
        if self.choices:
            return "one of " + ", ".join(f'"{choice}"' for choice in self.choices)
        kind = _kind(self.default)
        if self.minimum is not None and self.maximum is not None:
            return f"{kind} from {self.minimum:g} to {self.maximum:g}"
        for bound, words in (
            (self.minimum, "at least"),
            (self.maximum, "at most"),
            (self.above, "more than"),
        ):
            if bound is not None:
                return f"{kind}, {words} {bound:g}"
        return kind

    def value(self, given: object, *, is_text: bool) -> Value | None:
        """Return a given value as this parameter takes it; None when it may not be that.

        Parameters
        ----------
        given : value
        is_text : bool
            Whether it was typed on a command line, where everything is text.
        """
        if isinstance(self.default, list):
            items = _items(given, is_text=is_text)
            model = self.default[0] if self.default else ""
            values = [_as(model, item, is_text=is_text) for item in items or []]
            if items is None or not all(v is not None and self._allows(v) for v in values):
                return None
            return [v for v in values if v is not None]
        found = _as(self.default, given, is_text=is_text)
        return found if found is not None and self._allows(found) else None

    def _allows(self, value: Scalar) -> bool:
        if self.choices:
            return value in self.choices
        if isinstance(value, (str, bool)):
            return True
        return (
            (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and (self.above is None or value > self.above)
        )


def _as(model: object, given: object, *, is_text: bool) -> Scalar | None:
    """Return a value in the type of `model`; None where it is of another."""
    if model is None:
        return given if isinstance(given, (str, int, float, bool)) else None
    if isinstance(model, bool):
        if is_text and isinstance(given, str):
            return {"true": True, "false": False}.get(given.casefold())
        return given if isinstance(given, bool) else None
    if isinstance(model, (int, float)):
        if isinstance(given, bool):
            return None
        if is_text and isinstance(given, str):
            try:
                given = int(given) if re.fullmatch(r"[+-]?\d{1,18}", given) else float(given)
            except ValueError:
                return None
        if not isinstance(given, (int, float)) or given != given or abs(given) == float("inf"):
            return None
        if isinstance(model, float):
            return float(given)
        return int(given) if given == int(given) else None
    return given if isinstance(given, str) else None


def _items(given: object, *, is_text: bool) -> list[object] | None:
    """Return the items of a list; on a command line it is JSON, or parted by commas."""
    if is_text and isinstance(given, str):
        if given.startswith("["):
            try:
                read = json.loads(given)
            except ValueError:
                return None
            return read if isinstance(read, list) else None
        return [part.strip() for part in given.split(",") if part.strip()]
    return list(given) if isinstance(given, (list, tuple)) else None


def _kind(default: object) -> str:
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, int):
        return "a whole number"
    if isinstance(default, float):
        return "a number"
    if isinstance(default, list):
        each = f", each {_kind(default[0])}" if default and not isinstance(default[0], str) else ""
        return f"a list{each}"
    return "a text"


def read_parameters(source: str, file: str, faults: FaultList) -> dict[str, Parameter]:
    """Read the cell of a notebook that is tagged ``parameters``.

    Parameters
    ----------
    source : str
    file : str
        How faults call the notebook.
    faults : FaultList
        Gets bounds that are no bounds, and values that are no plain values.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        faults.add(
            kind="bad-parameters",
            file=file,
            expected="lines such as: top = 15  # at least 1: codes to draw",
            remedy="Let the cell tagged `parameters` hold nothing but names and their values.",
        )
        return {}
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.AnnAssign):
            target = node.target
        if not isinstance(node, (ast.Assign, ast.AnnAssign)) or not isinstance(target, ast.Name):
            continue
        try:
            default = None if node.value is None else ast.literal_eval(node.value)
        except ValueError:
            default = None
        about = comments.get(node.end_lineno or node.lineno) or comments.get(node.lineno, "")
        bounds = _bounds(about)
        if bounds is None:
            faults.add(
                kind="bad-parameters",
                file=file,
                column=target.id,
                found=about.partition(":")[0],
                expected='at least 1, at most 9, more than 0, from 0 to 3, or one of "a", "b"',
                remedy="Write the bounds so, before the colon.",
            )
        found[target.id] = Parameter(target.id, default, about, **(bounds or {}))  # type: ignore[arg-type]
    return found


def _comments(source: str) -> dict[int, str]:
    """Return the comment of each line that has one."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _bounds(about: str) -> dict[str, object] | None:
    """Read the bounds in front of the colon; None where they begin as such and are none."""
    head, colon, _ = about.partition(":")
    head = head.strip()
    if not colon or not head.startswith(LEADS):
        return {}
    for form, names in FORMS:
        if read := form.fullmatch(head):
            return dict(zip(names, map(float, read.groups()), strict=True))
    if read := CHOICES.fullmatch(head):
        return {"choices": tuple(re.findall(r'"([^"]*)"', read[1]))}
    return None


def choose_parameters(
    specs: Iterable[NotebookSpec],
    in_file: Mapping[str, Mapping[str, object]],
    given: Mapping[str, object],
    text: str,
    faults: FaultList,
) -> dict[str, dict[str, Value]]:
    """Return the values that each notebook runs with, besides its defaults.

    Parameters
    ----------
    specs : iterable of NotebookSpec
        Every notebook of the study, also those that it leaves out.
    in_file : mapping
        ``[parameters.NOTEBOOK]`` of the study file.
    given : mapping
        From the command line, for each notebook that has a parameter of that name.
    text : str
        The study file, for its lines.
    faults : FaultList
        Gets unknown notebooks and parameters, and values that may not be.
    """
    specs = list(specs)
    by_name = {spec.name: spec for spec in specs}
    chosen: dict[str, dict[str, Value]] = {spec.name: {} for spec in specs}
    for notebook, values in in_file.items():
        spec = by_name.get(notebook)
        if spec is None:
            _unknown(
                faults,
                ("parameters", notebook),
                text,
                notebook,
                by_name,
                "unknown-notebook",
                "Name a notebook by its file name, without the number in front.",
            )
            continue
        for name, value in values.items():
            place = ("parameters", notebook, name)
            if name not in spec.parameters:
                _unknown(
                    faults, place, text, name, spec.parameters, "unknown-parameter",
                    "Name a parameter of this notebook.",
                )  # fmt: skip
                continue
            read = spec.parameters[name].value(value, is_text=False)
            if read is None:
                faults.add(
                    kind="bad-parameter",
                    file=STUDY_FILE,
                    row=line_of_key(place, text),
                    column=".".join(place),
                    found=_shown(value),
                    expected=spec.parameters[name].expected,
                    remedy=_explained(spec.parameters[name], spec),
                )
            else:
                chosen[notebook][name] = read
    _choose_given(specs, given, chosen, faults)
    return chosen


def _choose_given(
    specs: list[NotebookSpec],
    given: Mapping[str, object],
    chosen: dict[str, dict[str, Value]],
    faults: FaultList,
) -> None:
    for name, value in given.items():
        having = [spec for spec in specs if name in spec.parameters]
        if not having:
            known = sorted({known for spec in specs for known in spec.parameters})
            near = difflib.get_close_matches(name, known, n=1)
            faults.add(
                kind="unknown-parameter",
                column=name,
                expected=", ".join(known),
                remedy=(f'Did you mean "{near[0]}"? ' if near else "")
                + "Use a parameter of one of the notebooks: their cell tagged `parameters` "
                "explains each.",
            )
        for spec in having:
            read = spec.parameters[name].value(value, is_text=isinstance(value, str))
            if read is None:
                faults.add(
                    kind="bad-parameter",
                    file=f"notebooks/{spec.path.name}",
                    column=name,
                    found=_shown(value),
                    expected=spec.parameters[name].expected,
                    remedy=_explained(spec.parameters[name], spec),
                )
            else:
                chosen[spec.name][name] = read


def _unknown(
    faults: FaultList,
    place: tuple[str, ...],
    text: str,
    name: str,
    known: Iterable[str],
    kind: str,
    remedy: str,
) -> None:
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1)
    faults.add(
        kind=kind,
        file=STUDY_FILE,
        row=line_of_key(place, text),
        column=".".join(place),
        expected=", ".join(known),
        remedy=f'Did you mean "{near[0]}"? {remedy}' if near else remedy,
    )


def _explained(parameter: Parameter, spec: NotebookSpec) -> str:
    said = f": {parameter.about}" if parameter.about else ""
    return f"Give {parameter.name} of {spec.name} another value{said}."


def _shown(value: object) -> str:
    shown = f'"{value}"' if isinstance(value, str) else json.dumps(value, default=str)
    return shown if len(shown) <= 80 else shown[:77] + "..."
