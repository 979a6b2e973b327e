"""The parameters of notebooks: what they are, what they may be, and what a study gives them.

A study gives a parameter to every notebook that has it, ``[parameters]``, or to one,
``[parameters.NOTEBOOK]``; a variant of the study gives its own, ``[variants.NAME]``. Levels of the
code system and variables are named as the study file names them, whatever their case.

A notebook documents its parameters where they stand, in the cell tagged ``parameters``::

    top = 15  # at least 1: how many of the most frequent codes to draw
    normalise = "column"  # one of "column", "row", "none": shares within a group, …

The default gives the type. What stands before the colon gives the bounds, in words that a
person reads and this module understands: ``at least 1``, ``at most 9``, ``more than 0``,
``from 0 to 3``, ``one of "a", "b"``.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.phrases import level_words
from analysis.settings import StudyFile
from analysis.studyfile import STUDY_FILE, line_of_key, parse_study
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.writing import write_text
from qdaio.labels import did_you_mean, nearest, plain

if TYPE_CHECKING:
    from analysis.build.notebooks import NotebookSpec

__all__ = [
    "Parameter",
    "Value",
    "choose_parameters",
    "given_values",
    "read_parameters",
    "save_parameters",
    "study_words",
    "variant_parameters",
]

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
FOUND_BY_ITSELF = "study_dir"  # every notebook has it, and nobody gives it
LARGEST = 2**53  # up to which a number with a fraction is a whole number without doubt
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
        return int(given) if given == int(given) and abs(given) <= LARGEST else None
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


Words = Mapping[str, Mapping[str, Value]]


def study_words(study: StudyFile) -> dict[str, dict[str, Value]]:
    """Return what people may write for a level or a variable, in plain form, and what it means.

    Returns
    -------
    dict
        For ``level`` the names of the levels and their plurals; for ``group_by`` the
        categories of the participants, by column and by label, and "group".
    """
    words: dict[str, dict[str, Value]] = {"level": {}, "group_by": {"group": "group"}}
    hierarchy = study.hierarchy
    for at, names in enumerate(
        level_words(hierarchy.levels, hierarchy.plurals, len(hierarchy.levels)), start=1
    ):
        words["level"] |= {plain(name): at for name in names}
    people = study.participants
    if people is not None:
        named = {item.name for item in people.variables}
        inner = [item.within for item in people.variables]
        categories = [(v.name, v.title) for v in people.variables if v.kind == "category"]
        categories += [(n, n) for n in (*inner, people.role) if n and n not in named]
        by_word = {plain(word): name for name, label in categories for word in (label, name)}
        if people.group or people.group_order:
            by_word |= {plain(people.group_label): "group"}
        words["group_by"] |= by_word
    return words


def choose_parameters(
    specs: Iterable[NotebookSpec],
    in_file: Mapping[str, object],
    given: Mapping[str, object],
    text: str,
    faults: FaultList,
    *,
    words: Words | None = None,
    variant: str = "",
) -> dict[str, dict[str, Value]]:
    """Return the values that each notebook runs with, besides its defaults.

    Parameters
    ----------
    specs : iterable of NotebookSpec
        Every notebook of the study, also those that it leaves out.
    in_file : mapping
        ``[parameters]`` of the study file: values for every notebook that has the
        parameter, and tables for single notebooks, which go before.
    given : mapping
        From the command line, for each notebook that has a parameter of that name.
    text : str
        The study file, for its lines.
    faults : FaultList
        Gets unknown notebooks and parameters, and values that may not be.
    words : mapping, optional
        As of :func:`study_words`; a parameter that stands there takes nothing else in words.
    variant : str
        Name of the variant whose ``[variants.NAME]`` `in_file` is.
    """
    specs, words = list(specs), words or {}
    section = ("variants", variant) if variant else ("parameters",)
    by_name = {spec.name: spec for spec in specs}
    chosen: dict[str, dict[str, Value]] = {spec.name: {} for spec in specs}
    for name, value in in_file.items():
        if not isinstance(value, Mapping):
            _choose(specs, name, value, chosen, faults, words, place=(*section, name), text=text)
    for notebook, values in in_file.items():
        if not isinstance(values, Mapping):
            continue
        spec = by_name.get(notebook)
        if spec is None:
            _unknown(
                faults,
                (*section, notebook),
                text,
                notebook,
                by_name,
                "unknown-notebook",
                "Name a notebook by its file name, without the number in front.",
            )
            continue
        for name, value in values.items():
            place = (*section, notebook, name)
            _choose([spec], name, value, chosen, faults, words, place=place, text=text)
    for name, value in given.items():
        _choose(specs, name, value, chosen, faults, words)
    return chosen


def variant_parameters(
    specs: Iterable[NotebookSpec],
    study: StudyFile,
    chosen: Mapping[str, Mapping[str, Value]],
    text: str,
    faults: FaultList,
) -> dict[str, dict[str, dict[str, Value]]]:
    """Return the values that the notebooks of each variant run with.

    Parameters
    ----------
    specs, text, faults
        As in :func:`choose_parameters`.
    study : StudyFile
    chosen : mapping
        Of the study itself; what a variant does not say is as there.
    """
    specs, words = list(specs), study_words(study)
    found: dict[str, dict[str, dict[str, Value]]] = {}
    for name, values in study.variants.items():
        own = choose_parameters(specs, values, {}, text, faults, words=words, variant=name)
        found[name] = {spec.name: {**chosen[spec.name], **own[spec.name]} for spec in specs}
    return found


def given_values(
    given: Mapping[str, object], chosen: Mapping[str, Mapping[str, Value]]
) -> dict[str, Value]:
    """Return the values of the command line as the notebooks take them."""
    found = {name: value for values in chosen.values() for name, value in values.items()}
    return {name: found[name] for name in given}


def _choose(
    specs: list[NotebookSpec],
    name: str,
    value: object,
    chosen: dict[str, dict[str, Value]],
    faults: FaultList,
    words: Words,
    *,
    place: tuple[str, ...] = (),
    text: str = "",
) -> None:
    """Give a value to each notebook that has the parameter, or say why it cannot be.

    Parameters
    ----------
    place : tuple of str
        Where it stands in the study file; empty for the command line.
    """
    having = [spec for spec in specs if name in spec.parameters and name != FOUND_BY_ITSELF]
    where = {"file": STUDY_FILE, "column": ".".join(place)} if place else {"column": name}
    row = line_of_key(place, text) if place else None
    if not having:
        known = sorted({known for spec in specs for known in spec.parameters} - {FOUND_BY_ITSELF})
        near = nearest(name, known)
        faults.add(
            **where,
            row=row,
            kind="unknown-parameter",
            expected=", ".join(known),
            remedy=did_you_mean(
                near,
                "Name a parameter of this notebook."
                if len(specs) == 1 and place
                else "Use a parameter of one of the notebooks: their cell tagged `parameters` "
                "explains each.",
            ),
        )
        return
    meant = _meant(name, value, words)
    if meant is None:
        near = nearest(plain(str(value)), words[name])
        faults.add(
            **where,
            row=row,
            kind="bad-parameter",
            found=_shown(value),
            expected=", ".join(f'"{word}"' for word in _said(words[name])),
            remedy=did_you_mean(
                near,
                "Name one of these, as study.toml has them. A number is no group; one with "
                "`bands` can head columns as `first` of the notebook crosstabs."
                if name == "group_by"
                else "Name one of these, as study.toml has them.",
            ),
        )
        return
    for spec in having:
        read = spec.parameters[name].value(meant, is_text=not place and isinstance(meant, str))
        if read is None:
            faults.add(
                **({"file": spec.file, "column": name} if not place else where),
                row=row,
                kind="bad-parameter",
                found=_shown(value),
                expected=spec.parameters[name].expected,
                remedy=_explained(spec.parameters[name], spec),
            )
        else:
            chosen[spec.name][name] = read


def _meant(name: str, value: object, words: Words) -> object | None:
    """Return what a word of the study means; None where it is none of those it may be."""
    known = words.get(name)
    if known is None or not isinstance(value, str) or re.fullmatch(r"[+-]?\d+", value):
        return value
    return known.get(plain(value))


def _said(words: Mapping[str, Value]) -> list[str]:
    """Return one word for each meaning: the name itself where it is a text."""
    first: dict[Value, str] = {}
    for word, meaning in words.items():
        first.setdefault(meaning if not isinstance(meaning, list) else str(meaning), word)
    return [meaning if isinstance(meaning, str) else word for meaning, word in first.items()]


def save_parameters(folder: Path, values: Mapping[str, Value]) -> None:
    """Write parameters into ``[parameters]`` of a study file; all else in it stays as it is.

    A value that the file gives to a single notebook is replaced there.

    Parameters
    ----------
    folder : Path
    values : mapping
        Such as :func:`choose_parameters` returns for the notebooks that have them.

    Raises
    ------
    StudyError
        When the file is written in a form that cannot be changed line by line; it stays as
        it was.
    """
    path = folder / STUDY_FILE
    text = before = path.read_text(encoding="utf-8-sig")
    parameters = parse_study(text).parameters
    for name, value in values.items():
        places: list[tuple[str, ...]] = [("parameters", name)] if name in parameters else []
        places += [
            ("parameters", notebook, name)
            for notebook, own in parameters.items()
            if isinstance(own, Mapping) and name in own
        ]
        for place in places:
            text = _replaced(text, line_of_key(place, text), name, value)
        if name not in parameters:
            text = _added(text, name, value)
    try:
        saved = parse_study(text)
        done = all(saved.parameters.get(name) == value for name, value in values.items())
        same = saved.model_copy(update={"parameters": {}}) == parse_study(before).model_copy(
            update={"parameters": {}}
        )
    except StudyError:
        done = same = False
    if not (done and same):
        lines = "; ".join(f"{name} = {_toml(value)}" for name, value in values.items())
        raise StudyError(
            Fault(
                kind="not-saved",
                file=STUDY_FILE,
                column="parameters",
                expected="a table [parameters] with one line for each value",
                remedy=f"Write it by hand below [parameters]: {lines}",
            )
        )
    write_text(path, text)


def _replaced(text: str, row: int | None, name: str, value: Value) -> str:
    """Put a value into its line, and leave a note behind it."""
    if row is None:
        return text
    lines = text.splitlines(keepends=True)
    form = re.compile(
        rf"""^(\s*["']?{re.escape(name)}["']?\s*=\s*)("[^"]*"|'[^']*'|\[[^\[\]#]*\]|[^\s#\["']+)"""
    )
    lines[row - 1] = form.sub(lambda found: found[1] + _toml(value), lines[row - 1])
    return "".join(lines)


def _added(text: str, name: str, value: Value) -> str:
    """Put a line below the header [parameters], which is made where there is none."""
    line = f"{name} = {_toml(value)}\n"
    header = re.search(r"(?m)^[ \t]*\[parameters\][^\n]*(\n|$)", text)
    if header is None:
        return f"{text.rstrip()}\n\n[parameters]\n{line}"
    end = header.end()
    gap = "" if text[:end].endswith("\n") else "\n"
    return text[:end] + gap + line + text[end:]


def _toml(value: Value) -> str:
    """Write a value as TOML."""
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return str(value).lower() if isinstance(value, bool) else repr(value)


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
    faults.add(
        kind=kind,
        file=STUDY_FILE,
        row=line_of_key(place, text),
        column=".".join(place),
        expected=", ".join(known),
        remedy=did_you_mean(nearest(name, known), remedy),
    )


def _explained(parameter: Parameter, spec: NotebookSpec) -> str:
    said = f": {parameter.about}" if parameter.about else ""
    return f"Give {parameter.name} of {spec.name} another value{said}."


def _shown(value: object) -> str:
    shown = f'"{value}"' if isinstance(value, str) else json.dumps(value, default=str)
    return shown if len(shown) <= 80 else shown[:77] + "..."
