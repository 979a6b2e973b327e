"""Reading `study.toml`: every mistake in it at once, with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from analysis.study.lines import line_of_key, line_of_text
from analysis.study.model import StudyFile
from qdaio.faults import Fault, FaultList, StudyError

__all__ = ["STUDY_FILE", "find_study", "load_study", "parse_study"]

STUDY_FILE = "study.toml"

EXPECTED = {
    "string_type": "a text in quotation marks",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list in square brackets",
    "tuple_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "missing": "a value for this key",
    "string_too_short": "a text that is not empty",
}


def find_study(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds a study file.

    Raises
    ------
    StudyError
        When there is none.
    """
    for folder in (start, *start.parents):
        if (folder / STUDY_FILE).is_file():
            return folder
    raise StudyError(
        Fault(
            kind="missing-study",
            file=STUDY_FILE,
            found=f"no {STUDY_FILE} in {start.name or start} or above it",
            remedy="Go into the folder of a study, or name it: `study build FOLDER`.",
        )
    )


def load_study(folder: Path) -> StudyFile:
    """Read and check the study file of a folder.

    Raises
    ------
    StudyError
        With one fault for each mistake.
    """
    path = folder / STUDY_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise StudyError(
            Fault(
                kind="missing-study",
                file=STUDY_FILE,
                remedy="Name the folder of a study: it holds a study.toml.",
            )
        ) from error
    except OSError as error:
        raise StudyError(
            Fault(
                kind="unreadable-file",
                file=STUDY_FILE,
                found="a folder" if path.is_dir() else error.strerror or "no way to read it",
                expected="a text file",
                remedy="Let study.toml be a text file that you may read.",
            )
        ) from error
    except UnicodeDecodeError as error:
        raise StudyError(
            Fault(
                kind="wrong-encoding",
                file=STUDY_FILE,
                expected="UTF-8",
                remedy="Save the file as UTF-8.",
            )
        ) from error
    return parse_study(text)


def parse_study(text: str) -> StudyFile:
    """Check the text of a study file; see :func:`load_study`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise StudyError(
            Fault(
                kind="bad-study-file",
                file=STUDY_FILE,
                row=int(line[1]) if line else None,
                found=str(error),
                expected="TOML",
                remedy="Mend this line; texts stand in quotation marks.",
            )
        ) from error
    try:
        study = StudyFile.model_validate(raw)
    except ValidationError as error:
        raise StudyError(_fault(item, text) for item in error.errors()) from error
    faults = FaultList()
    for name in study.input_files():
        if _leaves_the_folder(name):
            faults.add(
                kind="bad-value",
                file=STUDY_FILE,
                row=line_of_text(name, text),
                found=name,
                expected="a path below the study's folder, written with /",
                remedy="Put the file below data-raw/ and name it from there.",
            )
    faults.raise_if_any()
    return study


def _leaves_the_folder(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or bool(PureWindowsPath(name).drive) or ".." in path.parts


def _fault(item: ErrorDetails, text: str) -> Fault:
    location = item["loc"]
    key = _dotted(location)
    row = line_of_key(location, text)
    if item["type"] == "extra_forbidden":
        known = _keys_beside(location)
        near = difflib.get_close_matches(str(location[-1]), known, n=1)
        guess = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
        return Fault(
            kind="unknown-key",
            file=STUDY_FILE,
            row=row,
            column=key,
            found=_shown(item["input"]),
            remedy=f"Correct or remove the key. {guess}",
        )
    expected = EXPECTED.get(item["type"])
    if item["type"] == "literal_error":
        expected = "one of " + str(item["ctx"]["expected"]).replace("'", '"')
    elif item["type"] == "value_error":
        expected = str(item["ctx"]["error"])
    return Fault(
        kind="missing-key" if item["type"] == "missing" else "bad-value",
        file=STUDY_FILE,
        row=row,
        column=key,
        found=None if item["type"] == "missing" else _shown(item["input"]),
        expected=expected or item["msg"],
        remedy="Add the key." if item["type"] == "missing" else "Correct the value of this key.",
    )


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 80 else text[:77] + "..."


def _dotted(location: tuple[str | int, ...]) -> str:
    parts: list[str] = []
    for part in location:
        if isinstance(part, int) and parts:
            parts[-1] += f"[{part + 1}]"
        else:
            parts.append(str(part))
    return ".".join(parts)


def _keys_beside(location: tuple[str | int, ...]) -> list[str]:
    model: type[BaseModel] = StudyFile
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        if field is None:
            return []
        found = _model_in(field.annotation)
        if found is None:
            return []
        model = found
    return sorted(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if found := _model_in(inner):
            return found
    return None
