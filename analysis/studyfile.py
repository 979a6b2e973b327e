"""The study file `study.toml`, read: every mistake in it at once, each with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from analysis.phrases import listing, quoted
from analysis.settings import Manuscript, StudyFile
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.labels import did_you_mean, nearest

__all__ = [
    "CHOSEN_STYLE",
    "STUDY_FILE",
    "STYLES",
    "citation_styles",
    "find_study",
    "line_of_key",
    "line_of_text",
    "load_study",
    "parse_study",
]

STUDY_FILE = "study.toml"
STYLES = Path(__file__).parent / "manuscript" / "styles"
CHOSEN_STYLE = "_citation-style.csl"  # its copy in the report
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # no names of folders on Windows

SEVERAL = ("participants.variables", "participants.criteria")  # tables that stand several times
KEY = r"\s*[\w.-]+\s*"
# what people type that is no TOML, and how it is written
MISTYPED = (
    (r"\s*(//|;|--|/\*)", "a note that begins otherwise", "Begin notes with #."),
    (KEY + r"=\s*-?\d+,\d", "a decimal comma", "Write the number with a point."),
    (
        KEY + r"=\s*(True|False|TRUE|FALSE|yes|no|Yes|No|on|off)\b",
        "a word for yes or no",
        "Write true or false, in small letters.",
    ),
    (
        KEY + r"(:|\s[^=\s])",
        "a key that no = follows",
        'Write the key, = and its value: title = "A title".',
    ),
    (KEY + r"=\s*[^\W\d]", "a text without quotation marks", 'Write it in quotation marks: "…".'),
    (KEY + r"=\s*(#|$)", "a key without a value", "Write its value behind =, or take it away."),
)
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
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(
            Fault(
                kind="missing-study",
                file=STUDY_FILE,
                found=_near_study_file(folder),
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
                row=path.read_bytes().count(b"\n", 0, error.start) + 1,
                expected="UTF-8",
                remedy="Save the file as UTF-8.",
            )
        ) from error
    return parse_study(text)


def _near_study_file(folder: Path) -> str | None:
    """Name what may be the study file under another name, or in a folder below."""
    near = [*folder.glob(f"{STUDY_FILE}.*"), *folder.glob(f"*/{STUDY_FILE}")]
    if not near:
        return None
    return listing(quoted(sorted(path.relative_to(folder).as_posix() for path in near)[:3]))


def parse_study(text: str) -> StudyFile:
    """Check the text of a study file; see :func:`load_study`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(_not_toml(error, text)) from error
    try:
        study = StudyFile.model_validate(raw)
    except ValidationError as error:
        raise StudyError(_faults(error.errors(), text)) from error
    faults = FaultList()
    for name in study.data.coders:
        # an export, or a file of a folder that is one
        if not any(name == whole or name.startswith(f"{whole}/") for whole in study.data.exports):
            near = nearest(name, study.data.exports)
            faults.add(
                kind="unknown-export",
                file=STUDY_FILE,
                row=line_of_key(("data", "coders", name), text) or line_of_text(name, text),
                column="data.coders",
                found=f'"{name}"',
                expected="one of `exports`",
                remedy=did_you_mean(near, "Write the path as under `exports`."),
            )
    for name in study.variants:
        if RESERVED.fullmatch(name):
            faults.add(
                kind="bad-value",
                file=STUDY_FILE,
                row=line_of_key(("variants", name), text),
                found=name,
                expected="a name that Windows takes for a folder",
                remedy="Call the variant something else.",
            )
    for name in study.input_files():
        if "\\" in name:
            faults.add(
                kind="bad-value",
                file=STUDY_FILE,
                row=line_of_text(name, text),
                found=name,
                expected="a path with /",
                remedy=f"Write {name.replace(chr(92), '/')}: so every system finds the file.",
            )
        elif _leaves_the_folder(name):
            faults.add(
                kind="bad-value",
                file=STUDY_FILE,
                row=line_of_text(name, text),
                found=name,
                expected="a path below the study's folder, written with /",
                remedy="Put the file below data-raw/ and name it from there.",
            )
    _check_journal(study.manuscript, text, faults)
    people = study.participants
    shown = [item.name for item in people.variables if item.kind == "category"] if people else []
    shown += [people.role] if people and people.role else []
    for name in study.explore.attributes:
        if name not in shown:
            faults.add(
                kind="unknown-variable",
                file=STUDY_FILE,
                row=line_of_key(("explore", "attributes"), text),
                column="explore.attributes",
                found=f'"{name}"',
                expected=", ".join(shown) or "nothing: no category of participants is declared",
                remedy="Name categories under [[participants.variables]]; the group is always "
                "shown, and numbers such as an age never are.",
            )
    faults.raise_if_any()
    return study


def _check_journal(chosen: Manuscript, text: str, faults: FaultList) -> None:
    """Find a citation style that does not ship, and files that Quarto could not reach."""
    style, styles = chosen.citation_style, citation_styles()
    if style is not None and not style.endswith(".csl") and style not in styles:
        near = nearest_style(style, styles)
        faults.add(
            kind="bad-value",
            file=STUDY_FILE,
            row=line_of_key(("manuscript", "citation_style"), text),
            column="manuscript.citation_style",
            found=f'"{style}"',
            expected=f"one of {', '.join(styles)}; or a CSL file such as report/my-journal.csl",
            remedy=did_you_mean(
                near,
                otherwise="Take the style's file from https://www.zotero.org/styles, put it into "
                "report/ and name it.",
            ),
        )
    kinds = {"citation_style": ".csl", "reference_doc": ".docx"}
    for key, ending in kinds.items():
        name = getattr(chosen, key)
        if name is None or (key == "citation_style" and not name.endswith(".csl")):
            continue
        path = PurePosixPath(name)
        if path.parts[:1] != ("report",) or len(path.parts) < 2 or path.suffix != ending:
            faults.add(
                kind="bad-value",
                file=STUDY_FILE,
                row=line_of_key(("manuscript", key), text),
                column=f"manuscript.{key}",
                found=f'"{name}"',
                expected=f"a file such as report/my-journal{ending}",
                remedy="Put the file into the folder report/ and name it from the study's folder.",
            )


def citation_styles() -> list[str]:
    """Return the names of the citation styles that ship."""
    return sorted(path.stem for path in STYLES.glob("*.csl"))


def nearest_style(name: str, known: Sequence[str]) -> str | None:
    """Return the style that a name may mean: one that holds it, or is written like it."""
    said = re.sub(r"[^a-z]+", "-", name.casefold()).strip("-")
    short = {"ama": "american-medical-association", "nlm": "nlm-citation-sequence"}
    holding = [style for style in known if said and (said in style or style in said)]
    close = difflib.get_close_matches(said, known, n=1)
    return short.get(said) or next(iter([*holding, *close]), None)


def _not_toml(error: tomllib.TOMLDecodeError, text: str) -> Fault:
    """Return what is wrong with a line that is no TOML, by what people most often type."""
    at = re.search(r"line (\d+)", str(error))
    row = int(at[1]) if at else len(text.splitlines()) or None
    line = text.splitlines()[row - 1] if row and row <= len(text.splitlines()) else ""
    curly = sorted(set(line) & set("\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"))
    if curly:
        found = f"curly quotation marks: {' '.join(curly)}"
        remedy = 'Write straight quotation marks: "…". Word processors turn them into curly ones.'
    elif "\\" in line:
        found = "a backslash"
        remedy = "Write paths with /, or the text in single quotation marks: '…'."
    elif re.match(r"Cannot (overwrite|declare|mutate)", str(error)):
        name = line.strip() if line.lstrip().startswith("[") else line.partition("=")[0].strip()
        found = f"{name} a second time"
        remedy = "Keep one of the two, and put what stands below the other under it."
        if name.strip("[]") in SEVERAL:
            found = f"{name} and a table of this name in other brackets"
            remedy = f"Write [[{name.strip('[]')}]], with two brackets, at each of them."
    elif line.count('"') % 2 or line.count("'") % 2:
        found = "a quotation mark without its partner"
        remedy = "Put a quotation mark at each end of the text."
    else:
        found, remedy = next(
            ((what, how) for form, what, how in MISTYPED if re.match(form, line)),
            (str(error), "Mend this line; texts stand in quotation marks."),
        )
        opened = _open_list(text, row)
        if "Unclosed array" in str(error) and opened:
            row, found = opened, "a list that does not end as it should"
            remedy = "Part its values by commas, and close it by ]."
    return Fault(
        kind="bad-study-file",
        file=STUDY_FILE,
        row=row,
        found=found,
        expected="TOML",
        remedy=remedy,
    )


def _open_list(text: str, row: int | None) -> int | None:
    """Return the row in which the list begins that a parser found not to end."""
    lines = text.splitlines()[:row]
    rows = [at for at, line in enumerate(lines, start=1) if re.match(r"\s*[\w.-]+\s*=\s*\[", line)]
    return rows[-1] if rows else None


def _leaves_the_folder(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or bool(PureWindowsPath(name).drive) or ".." in path.parts


def _faults(items: list[ErrorDetails], text: str) -> list[Fault]:
    """Return the mistakes of a study file; a key that is misspelt is not missing as well."""
    misspelt = set()
    for item in items:
        if item["type"] == "extra_forbidden":
            *section, name = item["loc"]
            misspelt.add((*section, nearest(str(name), _keys_beside(item["loc"]))))
    kept = [item for item in items if item["type"] != "missing" or item["loc"] not in misspelt]
    return [_fault(item, text) for item in kept]


def _fault(item: ErrorDetails, text: str) -> Fault:
    location = item["loc"]
    key = _dotted(location)
    row = line_of_key(location, text)
    if item["type"] == "extra_forbidden":
        known = _keys_beside(location)
        near = nearest(str(location[-1]), known)
        guess = did_you_mean(near, otherwise=f"Known here: {', '.join(known)}.")
        elsewhere = _tables_with(str(location[-1]))
        if not near and elsewhere:
            guess = f"It belongs under [{elsewhere[0]}]."
        return Fault(
            kind="unknown-key",
            file=STUDY_FILE,
            row=row,
            column=key,
            found=_shown(item["input"]),
            remedy=f"Correct or remove the key. {guess}",
        )
    expected = EXPECTED.get(item["type"])
    found = None if item["type"] == "missing" else _shown(item["input"])
    if location[:2] == ("study", "authors") and item["type"] == "model_type":
        expected = 'a table such as { name = "Your Name" }'
    if item["type"] == "literal_error":
        expected = "one of " + str(item["ctx"]["expected"]).replace("'", '"')
    elif item["type"] == "string_pattern_mismatch" and location[0] == "variants":
        expected = "a name of small letters, digits and hyphens"
    elif item["type"] == "value_error":
        expected = str(item["ctx"]["error"])
        if ": expected " in expected:  # a message that says by itself what was found
            expected = expected.partition(": expected ")[2]
        found = None if isinstance(item["input"], dict) else found
    return Fault(
        kind="missing-key" if item["type"] == "missing" else "bad-value",
        file=STUDY_FILE,
        row=row,
        column=key,
        found=found,
        expected=expected or item["msg"],
        remedy="Add the key." if item["type"] == "missing" else "Correct the value of this key.",
    )


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
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


def _tables_with(key: str) -> list[str]:
    """Return the tables of a study file that know a key."""
    found = {name: _model_in(field.annotation) for name, field in StudyFile.model_fields.items()}
    return [name for name, model in found.items() if model and key in model.model_fields]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if found := _model_in(inner):
            return found
    return None


def line_of_key(location: tuple[str | int, ...], text: str) -> int | None:
    """Return the line, from 1, on which a key of a TOML text stands.

    The headers are walked and the tables of an array counted. When the key itself does
    not stand in the file, the line of its table's header is given.

    Parameters
    ----------
    location : tuple of str or int
        Keys from the root down; a number is a position in an array, from 0.
    text : str
    """
    names = [part for part in location if isinstance(part, str)]
    wanted = next((part for part in location if isinstance(part, int)), 0)
    section: list[str] = []
    is_ours = True  # whether the table, where it is one of an array, is the one we look for
    seen: dict[str, int] = {}
    header_line = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[(\[?)([^\[\]]+)\]", line):
            section = [part.strip().strip("\"'") for part in header[2].split(".")]
            name = ".".join(section)
            seen[name] = seen.get(name, -1) + 1
            is_ours = not header[1] or seen[name] == wanted
            if is_ours and names[: len(section)] == section:
                header_line = number
            elif header_line is None and section[: len(names)] == names:
                header_line = number  # the first of the tables inside it
            continue
        key = re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)
        if key and is_ours and names[: len(section) + 1] == [*section, key[1]]:
            return number
    return header_line


def line_of_text(value: str, text: str) -> int | None:
    """Return the first line, from 1, that holds `value`."""
    written = value.replace("\\", "\\\\")  # as a quoted text of TOML writes it
    for number, line in enumerate(text.splitlines(), start=1):
        if value in line or written in line:
            return number
    return None
